"""An estimate in words: amounts, lengths, rows, and what stands below the table."""

from __future__ import annotations

from dataclasses import replace
from decimal import Context, Decimal, localcontext

import pytest
from estimate_values import CPU, advice, always_on, crowded, estimate, known, outlook, unknown

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.durations import Duration
from pytest_mlschedule.costs.estimate import ComputeEstimate, Estimate
from pytest_mlschedule.costs.loads.load import measure_load
from pytest_mlschedule.costs.loads.load_demand import Demand
from pytest_mlschedule.costs.overlaps import Overlap
from pytest_mlschedule.report.estimate_words import (
    describe_compute,
    make_rows,
    make_sections,
    show_amount,
    show_hours,
    show_length,
    show_total,
)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (None, "unknown"),
        ("0", "0.00"),
        ("0E-10", "0.00"),
        ("0.0000000001", "<0.01"),
        ("0.0099999999", "<0.01"),
        ("0.01", "0.01"),
        ("0.0149999999", "0.01"),
        ("0.015", "0.02"),  # half up, as on an invoice
        ("0.025", "0.03"),
        ("1234.565", "1,234.57"),
        ("999999.995", "1,000,000.00"),
        ("1E+3", "1,000.00"),
    ],
)
def test_money_in_cents(amount: str | None, shown: str) -> None:
    assert show_amount(None if amount is None else Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(None, "unknown"), (0, "0.00"), (18, "0.01"), (17, "0.00"), (3_600, "1.00"), (3_600_000, "1,000.00")],
)
def test_hours(seconds: int | None, shown: str) -> None:
    # 18 s are 0.005 h, which is a cent of an hour; 17 s are 0.0047.
    assert show_hours(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0s"),
        (59, "59s"),
        (90, "1m30s"),
        (3_600, "1h"),
        (3_601, "1h"),  # without its seconds
        (3_599, "59m59s"),
        (5_400, "1h30m"),
        (86_400, "1d"),
        (90_061, "1d1h1m"),
    ],
)
def test_lengths(seconds: int, shown: str) -> None:
    assert show_length(seconds) == shown


def test_the_context_that_a_caller_has_set_does_not_count() -> None:
    with localcontext(Context(prec=2)):
        assert show_amount(Decimal("1234.565")) == "1,234.57"
        assert show_hours(3_600_000) == "1,000.00"


def rows(found: Estimate) -> list[tuple[str, ...]]:
    return list(make_rows(found))


def test_a_row_for_each_schedule_and_the_total_last() -> None:
    # 31 x (2,700 + 600) s = 102,300 s = 28.4166... h; 12.3456 + 0.001.
    assert rows(estimate(known(), known("other", "0.004", "0"))) == [
        ("nightly", "31", "45m", "cpu", "1", "28.42", "12.35", "<0.01", "12.35"),
        ("other", "31", "45m", "cpu", "1", "28.42", "<0.01", "0.00", "<0.01"),
        # 12.3456 + 0.004 of compute, 0.001 + 0 of Logic Apps.
        ("total (USD)", "62", "", "", "", "56.83", "12.35", "<0.01", "12.35"),
    ]
    # Sums are rounded, not sums of what is shown: 2 x 0.006, and 4 x 0.006.
    (*_, total) = rows(estimate(known("a", "0.006", "0.006"), known("b", "0.006", "0.006")))
    assert total[6:] == ("0.01", "0.01", "0.02")


def test_what_is_not_known_is_said() -> None:
    assert rows(estimate(known(), unknown()))[1:] == [
        ("weekly", "4", "unknown", "unknown", "unknown", "unknown", "unknown", "unknown", "unknown"),
        ("total (USD)", "35", "", "", "", "unknown", "unknown", "unknown", "12.35 + unknown"),
    ]
    assert rows(estimate(unknown(), currency=None))[-1] == ("total", "4", "", "", "", *["unknown"] * 4)
    # Each column by itself: compute is known of both, Logic Apps of one.
    half = replace(known("half"), logic_app=unknown().logic_app)
    assert rows(estimate(known(), half))[-1] == (
        "total (USD)", "62", "", "", "", "56.83", "24.69", "unknown", "24.69 + unknown",
    )  # fmt: skip


def test_nodes_that_are_always_on_have_rows_of_their_own() -> None:
    found = estimate(
        known(),
        computes=(
            always_on(),
            always_on("gpu", None),
            ComputeEstimate(name="idle", waiting=0, waiting_cost=Decimal(0)),
        ),
    )
    assert rows(found)[1:] == [
        ("(cpu always on)", "", "", "cpu", "", "100.00", "5.00", "", "5.00"),
        ("(gpu always on)", "", "", "gpu", "", "100.00", "unknown", "", "unknown"),
        # 28.41666... + 100 + 100 h; 12.3466 + 5.
        ("total (USD)", "31", "", "", "", "228.42", "unknown", "<0.01", "17.35 + unknown"),
    ]
    # What is always on is a cost of computes: 12.3456 + 5.
    (*_, total) = rows(estimate(known(), computes=(always_on(),)))
    assert total == ("total (USD)", "31", "", "", "", "128.42", "17.35", "<0.01", "17.35")


def test_nothing_at_all() -> None:
    assert rows(estimate()) == [("total (USD)", "0", "", "", "", "0.00", "0.00", "0.00", "0.00")]
    assert list(make_sections(estimate())) == []


def sections(found: Estimate) -> dict[str, tuple[str, ...]]:
    return {section.title: section.sentences for section in make_sections(found)}


def test_reasons_are_told_once_with_whom_they_concern_and_what_to_do() -> None:
    many = [unknown(f"s{number}", "nobody knows", f"ask for s{number}") for number in range(6)]
    found = estimate(
        *many,
        unknown("other", "no compute", ""),
        computes=(always_on("gpu", None, reason="no price", hint="fetch that"),),
    )
    assert sections(found) == {
        "not known:": (
            "s0, s1, s2, s3 and 3 more: no price of actions; hint: fetch it",
            "s0, s1, s2, s3 and 2 more: nobody knows; hint: ask for s0",
            "other: no compute",
            "compute gpu: no price; hint: fetch that",
        )
    }


@pytest.mark.parametrize(
    ("number", "last"), [(5, "and 1 more reason: json has them all"), (7, "and 3 more reasons: json has them all")]
)
def test_of_many_reasons_the_first_few_are_told(number: int, last: str) -> None:
    # Each schedule has a reason of its own; all have no price of actions, which comes first.
    found = sections(estimate(*(unknown(f"s{one}", f"reason {one}") for one in range(number))))["not known:"]
    assert found[0].endswith("no price of actions; hint: fetch it")
    assert found[1:5] == tuple(f"s{one}: reason {one}; hint: ask" for one in range(4))
    assert found[5:] == (last,)


def test_assumptions_come_last() -> None:
    found = estimate(unknown(), assumptions=("this", "that"), outlook=outlook())
    assert list(sections(found)) == ["not known:", "spread:", "taken for granted:"]
    assert sections(found)["taken for granted:"] == ("this", "that")


def test_how_full_a_compute_gets() -> None:
    one = ComputeEstimate(name="cpu", compute=CPU, load=crowded(), advice=advice())
    assert list(describe_compute(one)) == [
        "cpu: at most 3 nodes asked for at a time, of 2 that it has: first at 2026-03-01T00:00:30Z, by a (2) and b",
        "cpu: 1 of 3 runs wait for nodes, at most 59m30s (a, 2026-03-01T00:00:30Z)",
        "cpu: 3 runs start in one minute, once, first at 2026-03-01T00:00:00Z: a (2) and b",
        "cpu: move a from 00:00 to 01:00 (UTC): peak 3 → 2 nodes",
        "cpu: the quietest hours of the week (UTC): Mon 00:00 and Sun 23:00",
    ]
    assert sections(estimate(computes=(one,)))["computes:"] == tuple(describe_compute(one))


def test_a_compute_that_nothing_is_known_of_has_no_words() -> None:
    empty = measure_load([], CPU, (0, 10))
    assert list(describe_compute(ComputeEstimate(name="cpu"))) == []
    assert list(describe_compute(ComputeEstimate(name="cpu", load=empty))) == []


def test_without_a_limit_and_with_one_run_at_a_time() -> None:
    load = measure_load([Demand("a", [0, 60], 1, Duration(30))], Compute(name="cpu"), (0, 120))
    one = ComputeEstimate(name="cpu", compute=Compute(name="cpu"), load=load, advice=advice())
    # Nothing waits and nothing piles up: nobody asked for advice.
    for shown in (one, replace(one, compute=None)):
        assert list(describe_compute(shown)) == [
            "cpu: at most 1 node asked for at a time: first at 1970-01-01T00:00:00Z, by a"
        ]


def test_quiet_hours_are_told_where_something_can_be_moved() -> None:
    one = ComputeEstimate(name="cpu", compute=CPU, load=crowded(), advice=replace(advice(), moves=()))
    assert not any("quietest" in sentence or "move" in sentence for sentence in describe_compute(one))


def test_runs_that_catch_up_with_themselves() -> None:
    given = [replace(known("once"), overlap=Overlap(1, 3_000)), known("never")]
    assert sections(estimate(*given))["overlaps:"] == (
        "1 run starts while an earlier one of once still runs, first at 1970-01-01T00:50:00Z",
    )
    assert "overlaps:" not in sections(estimate(known("never")))


def test_most_overlaps_come_first_and_five_are_told() -> None:
    given = tuple(replace(known(f"s{number}"), overlap=Overlap(number, 0)) for number in range(1_001, 1_008))
    told = sections(estimate(*given))["overlaps:"]
    assert told[0] == "1,007 runs start while an earlier one of s1007 still runs, first at 1970-01-01T00:00:00Z"
    assert (len(told), told[-1]) == (6, "and 2 more schedules: json has them all")
    assert sections(estimate(*given[:6]))["overlaps:"][-1] == "and 1 more schedule: json has them all"


def test_pile_ups_that_come_again() -> None:
    demands = [Demand(name, [0, 86_400], 1, Duration(60)) for name in "abcdef"]
    load = measure_load(demands, Compute(name="cpu"), (0, 100_000))
    assert list(describe_compute(ComputeEstimate(name="cpu", load=load)))[1:] == [
        "cpu: 6 runs start in one minute, 2 times, first at 1970-01-01T00:00:00Z: a, b, c, d and 2 more"
    ]


def test_two_at_a_time_are_nothing_to_speak_of() -> None:
    load = measure_load([Demand(name, [0], 1, Duration(60)) for name in "ab"], Compute(name="cpu"), (0, 100))
    assert list(describe_compute(ComputeEstimate(name="cpu", load=load, advice=advice()))) == [
        "cpu: at most 2 nodes asked for at a time: first at 1970-01-01T00:00:00Z, by a and b"
    ]


@pytest.mark.parametrize("bill", [True, False])
def test_spreads(*, bill: bool) -> None:
    assert sections(estimate(outlook=outlook(bill=bill)))["spread:"] == (
        "50 trials with seed 7: at most the first figure in half of them, the second in 95 of 100",
        *(["bill: 10.00 / 1,234.57 USD"] if bill else []),
        "cpu: peak of 3 / 5 nodes asked for; longest wait 0s / 1h30m",
    )
    without = sections(estimate(outlook=outlook(), currency=None))["spread:"]
    assert without[1] == "bill: 10.00 / 1,234.57"


def test_the_total_of_nothing_that_is_known() -> None:
    assert show_total(estimate(unknown())) == "unknown"
    assert show_total(estimate(unknown(), known("free", "0", "0"))) == "unknown"
    assert show_total(estimate(known())) == "12.35"
