"""Which runs meet on which compute, who is missing, and what is too much to follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pytest
from bill_data import CPU, GPU, MARCH, MARCH_1, estimate, pipeline, rates, runs, with_fields

from pytest_mlschedule.costs import compute_load
from pytest_mlschedule.costs.billing import Bill
from pytest_mlschedule.costs.compute_load import ComputeLoad
from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.footprints import CostedSchedule
from pytest_mlschedule.report.estimate_words import make_rows
from pytest_mlschedule.triggers.window import Window, from_epoch

BOTH = pipeline("load cpu 1 -", "fit gpu 2 load")


def loads(
    schedules: Sequence[CostedSchedule], computes: Sequence[Compute], durations: dict[str, str]
) -> dict[str, ComputeLoad]:
    return Bill(tuple(schedules), MARCH, rates(computes, durations)).loads


def test_runs_meet_on_the_computes_of_their_steps() -> None:
    found = loads(
        [runs("a", [0], compute=None, job=BOTH), runs("b", [60])],
        [CPU, GPU],
        {"a/load": "10m", "a/fit": "5m", "b": "1m"},
    )
    assert list(found) == ["cpu", "gpu"]
    assert [(part.schedule, part.part.step) for part in found["cpu"].parts] == [("a", "load"), ("b", "")]
    shares = [part.share for part in found["gpu"].parts]
    assert shares[0] is not None
    assert list(shares[0].demand.arrivals) == [MARCH_1 + 600]
    assert found["gpu"].load is not None
    assert found["gpu"].load.busy == 2 * 300
    assert [list(part.idle) for part in found["cpu"].parts] == [[0], [0]]


def test_computes_that_are_always_on_are_there_without_runs() -> None:
    found = loads([], [with_fields(CPU, min_nodes=1), GPU], {})
    assert list(found) == ["cpu"]
    assert found["cpu"].load is not None
    assert (found["cpu"].parts, found["cpu"].load.waiting) == ((), 31 * 86_400)


def test_computes_that_nobody_described_are_there_by_name() -> None:
    found = loads([runs("a", [0], compute="azureml:other")], [], {"a": "1m"})
    assert found["other"].compute == Compute(name="other")


def test_schedules_without_a_duration_are_missing_where_they_run() -> None:
    found = loads([runs("a", [0]), runs("b", [0]), runs("c", [])], [CPU], {"a": "1m"})
    assert found["cpu"].missing == ("b",)
    assert [part.schedule for part in found["cpu"].parts] == ["a"]
    alone = loads([runs("b", [0])], [], {})
    assert (alone["cpu"].missing, alone["cpu"].parts) == (("b",), ())


@pytest.mark.parametrize("size", [1, 2])
def test_a_run_that_never_fits_says_so(size: int) -> None:
    schedules = [runs("a", [0], job=pipeline(f"fit cpu {size} -")), runs("never", [], job=pipeline("fit cpu 9 -"))]
    found = loads(schedules, [with_fields(CPU, max_nodes=1)], {"a": "1m", "never": "1m"})
    told = [(part.problem, part.hint) for part in found["cpu"].parts]
    reason = "a run asks for 2 nodes of 'cpu', which has at most 1: it would never start"
    hint = "raise max_nodes, or lower nodes_per_run of [computes.cpu]"
    assert told == [(reason, hint) if size == 2 else ("", ""), ("", "")]


@dataclass(frozen=True)
class EverySecond:
    """Occurrences each second, as a rule: nothing may list them."""

    def count_between(self, start: int, end: int) -> int:
        return end - start

    def epochs_between(self, start: int, end: int) -> Sequence[int]:
        raise AssertionError("too many to list")


def test_more_runs_than_can_be_followed_are_counted_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute_load, "MOST_RUNS", 0)  # it does not matter here
    dense = CostedSchedule(name="dense", occurrences=EverySecond(), compute="cpu")
    found = estimate([dense, runs("b", [0])], [CPU], {"dense": "1s", "b": "1m"})
    # March has 2,678,400 seconds; a second of a node costs 0.0001. Executions: 2 each, those of b too.
    one = found.of("dense")
    assert (one.runs, one.compute.cost) == (2_678_400, Decimal("267.84"))
    # (2,678,401 x 2 - 4,000) x 0.000025 = 133.82005
    assert found.total == Decimal("267.84") + Decimal("0.006") + Decimal("133.82005")
    # busy: 2,678,400 x 1 s + 60 s
    (load,) = found.computes
    assert (load.busy, load.idle, load.waiting) == (2_678_460, 0, 0)
    assert (load.cost, load.waiting_cost, load.reason) == (Decimal("267.846"), 0, "")
    assert (load.load, found.unknown) == (None, {})
    said = "2,678,401 runs on 'cpu' are too many to follow each (at most 500,000): take a shorter window"
    assert f"cpu: {said}" in found.assumptions
    # What is counted has hours, of which the total row is the sum.
    assert one.compute.node_hours == Decimal(744)
    (*_, last) = make_rows(found)
    assert last == ("total (USD)", "2,678,401", "", "", "", "744.02", "267.85", "133.82", "401.67")


@pytest.mark.parametrize(
    ("fields", "followed"),
    [
        ({}, 500_000),
        ({"max_nodes": 9}, 2_000_000),
        ({"min_nodes": 1}, 2_000_000),
        ({"idle_seconds": 1}, 2_000_000),
    ],
)
def test_how_many_runs_are_followed(fields: dict[str, int], followed: int) -> None:
    compute = with_fields(CPU, **fields)
    assert (compute_load.MOST_FREE_RUNS, compute_load.MOST_RUNS) == (500_000, 2_000_000)
    dense = CostedSchedule(name="dense", occurrences=EverySecond(), compute="cpu")
    during = Window(from_epoch(MARCH_1), from_epoch(MARCH_1 + followed))
    made = rates([compute], {"dense": "1s"})
    with pytest.raises(AssertionError, match="too many to list"):
        assert Bill((dense,), during, made).loads
    longer = Window(from_epoch(MARCH_1), from_epoch(MARCH_1 + followed + 1))
    problem = Bill((dense,), longer, made).loads["cpu"].problem
    assert problem == (
        f"{followed + 1:,} runs on 'cpu' are too many to follow each (at most {followed:,}): take a shorter window"
    )


def test_a_limit_does_not_make_counted_runs_dearer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute_load, "MOST_RUNS", 10)
    schedules = [runs("a", range(11)), runs("wide", [0], job=pipeline("fit cpu 4 -")), runs("never", [])]
    found = estimate(schedules, [with_fields(CPU, max_nodes=3)], {"a": "10s", "wide": "1m", "never": "1m"})
    # 11 x 10 s x 0.0001, waiting costs nothing; four nodes are more than there are.
    assert found.of("a").total == Decimal("0.011")
    assert found.unknown == {"wide": "a run asks for 4 nodes of 'cpu', which has at most 3: it would never start"}
    assert found.hints == ("raise max_nodes, or lower nodes_per_run of [computes.cpu]",)
    (load,) = found.computes
    assert (load.busy, load.idle, load.waiting, load.cost, load.load) == (110, 0, 0, None, None)
    assert load.reason == found.unknown["wide"]


def test_schedules_without_a_duration_leave_what_is_counted_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute_load, "MOST_FREE_RUNS", 1)
    found = estimate([runs("a", [0, 1]), runs("b", [0])], [CPU], {"a": "10s"})
    (load,) = found.computes
    assert (load.busy, load.cost, load.reason) == (20, None, "no duration is known for runs of b")


@pytest.mark.parametrize("fields", [{"idle_seconds": 600}, {"min_nodes": 1}])
def test_what_hangs_on_how_they_meet_is_unknown_then(fields: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute_load, "MOST_RUNS", 10)
    found = estimate([runs("a", range(11))], [with_fields(CPU, **fields)], {"a": "1s"})
    reason = "11 runs on 'cpu' are too many to follow each (at most 10)"
    assert found.of("a").reason == reason
    assert found.hints == ("take a shorter window",)
    assert found.total is None
    always_on = {"compute cpu": f"{reason}: take a shorter window"} if "min_nodes" in fields else {}
    assert found.unknown == {"a": reason, **always_on}
    use = found.of("a").compute
    assert (use.busy, use.idle, use.node_seconds, use.node_hours) == (11, None, None, None)
    (load,) = found.computes
    waiting = None if "min_nodes" in fields else 0
    assert (load.busy, load.idle, load.waiting, load.waiting_cost, load.cost) == (None, None, waiting, waiting, None)
    # As many as can be followed.
    assert estimate([runs("a", range(10))], [with_fields(CPU, **fields)], {"a": "1s"}).total is not None


def test_what_busy_nodes_cost_is_known_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """2 runs of an hour at 0.36: 0.72 at least, whatever nodes cost that idle; a run that never starts costs nothing."""
    monkeypatch.setattr(compute_load, "MOST_RUNS", 1)
    idle = with_fields(CPU, idle_seconds=60, max_nodes=2)
    wide = runs("wide", [0], job=pipeline("fit cpu 3 -"), compute=None)
    found = estimate([runs("a", [0, 7_200]), wide], [idle], {"a": "1h", "wide": "1h"})
    assert [(one.total, one.least) for one in found.schedules] == [(None, Decimal("0.72")), (None, Decimal(0))]
    assert (found.total, found.known_total) == (None, Decimal("0.72"))
    assert found.of("a").reason == found.of("wide").reason == "3 runs on 'cpu' are too many to follow each (at most 1)"


def test_what_comes_after_a_step_that_never_starts_costs_nothing() -> None:
    steps = pipeline("big cpu 9 -", "after gpu 1 big")
    computes = [with_fields(CPU, max_nodes=4), GPU]
    found = estimate([runs("a", [0], compute=None, job=steps)], computes, {"a/big": "1h", "a/after": "1h"})
    one = found.of("a")
    assert (one.total, one.least, found.known_total) == (None, Decimal(0), Decimal(0))
    assert (one.compute.busy, one.compute.node_hours) == (None, None)
