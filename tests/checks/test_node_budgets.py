"""MLS708: nodes asked for at a time. The oracle counts them second by second; of words and advice it is arithmetic."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from costed_starts import CPU, DAY, GPU, HOUR, Runs, epoch, every, excesses, nodes, rates, said, window
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.checks.budgets import find_excesses
from pytest_mlschedule.checks.spending import Spending
from pytest_mlschedule.costs import compute_load
from pytest_mlschedule.costs.footprints import Clock, CostedSchedule
from pytest_mlschedule.diagnostics import Location

START = epoch("2026-03-02")
TODAY = window("2026-03-02")
WEEK = window("2026-03-02", 7)


class Local(Runs):
    """Runs whose times are read on a clock of the West Coast."""

    @property
    def costed(self) -> CostedSchedule:
        return replace(super().costed, clock=Clock("Pacific Standard Time", "America/Los_Angeles"))


OWNERS = st.lists(
    st.tuples(st.lists(st.integers(0, 40), max_size=8, unique=True).map(sorted), st.integers(1, 15), st.sampled_from(["cpu", "gpu"])),
    min_size=1,
    max_size=4,
)  # fmt: skip


def count_nodes(owners: Any, compute: str, per_run: int) -> dict[int, int]:
    """Nodes of a compute by second: of runs ``[start, start + length)``."""
    asked: Counter[int] = Counter()
    for starts, length, on in owners:
        for start in starts if on == compute else ():
            for second in range(start, start + length):
                asked[second] += per_run
    return dict(asked)


@settings(max_examples=150, deadline=None)
@given(owners=OWNERS, per_run=st.integers(1, 3), limit=st.integers(1, 6))
def test_the_most_nodes_are_found_second_by_second(owners: Any, per_run: int, limit: int) -> None:
    starts = [
        Runs(f"s{index}", [START + at for at in times], compute=on) for index, (times, _, on) in enumerate(owners)
    ]
    made_with = rates(
        {f"s{index}": f"{length}s" for index, (_, length, _) in enumerate(owners)},
        [replace(one, nodes_per_run=per_run) for one in (CPU, GPU)],
    )
    expected = []
    for compute in ("cpu", "gpu"):
        asked = count_nodes(owners, compute, per_run)
        most = max(asked.values(), default=0)
        if most > limit:
            first = min(second for second, count in asked.items() if count == most)
            times = sum(count > limit and asked.get(second - 1, 0) <= limit for second, count in asked.items())
            running = sum(any(at <= first < at + length for at in at_) for at_, length, on in owners if on == compute)
            expected.append((compute, most, times, running, f"2026-03-02 00:0{first // 60} (UTC)"))
    found = excesses(nodes(limit), *starts, during=TODAY, made_with=made_with)
    assert [(one.subject, one.count, one.periods, len(one.schedules), one.period) for one in found] == expected
    assert all(sum(count for _, count in one.schedules) == one.count for one in found)


def test_the_words_of_all_schedules_and_of_a_tag() -> None:
    starts = [
        every(DAY, "a", tags={"team": "ml"}),
        every(DAY, "b", tags={"team": "ml"}),
        every(DAY, "c"),
        every(DAY, "d"),
        every(DAY, "e", compute="gpu"),
    ]
    place = Location("mlschedule.toml", 4, 1)
    budget = nodes(
        2, zone_key="America/Los_Angeles", zone_name="Pacific Standard Time", places={"max_concurrent_nodes": place}
    )
    (found,) = excesses(budget, *starts, during=WEEK)
    assert found.message == (
        "all schedules ask for 4 nodes of cpu at 2026-03-01 16:00 (Pacific Standard Time): a 1, b 1, c 1 and 1 more; "
        "budgets (mlschedule.toml:4) allows 2 at a time; 6 more times there are too many as well"
    )
    assert (found.code, found.largest, found.allowed, found.shown, found.count) == (
        "MLS708",
        starts[0],
        2,
        "4 nodes",
        4,
    )
    assert said(nodes(1, "tag", "team"), *starts, during=TODAY) == [
        "MLS708 schedules tagged team ask for 2 nodes of cpu at 2026-03-02 00:00 (UTC): a 1, b 1; "
        'budgets.tags."team" allows 1 at a time'
    ]
    assert said(nodes(1, "tag", "team"), *starts, during=window("2026-03-02", 2))[0].endswith(
        "; 1 more time there are too many as well"
    )
    assert excesses(nodes(4), *starts, during=WEEK) == []


def test_runs_of_one_schedule_that_overlap_themselves() -> None:
    # Every 20 minutes, an hour each: three at a time, from the third on; they never go below again.
    often = every(1200, "often")
    assert said(nodes(2, "schedule", "*"), often, every(DAY, "seldom"), during=TODAY) == [
        "MLS708 often asks for 3 nodes of cpu at 2026-03-02 00:40 (UTC): often 3 (3 runs); "
        'budgets.schedules."*" allows 2 at a time'
    ]
    (found,) = excesses(nodes(2, "schedule", "*"), often, during=TODAY)
    assert found.hint == "let runs start at other times, or end earlier; or raise max_concurrent_nodes"


def test_a_run_that_takes_too_many_by_itself() -> None:
    wide = rates(computes=[replace(CPU, nodes_per_run=5, max_nodes=3)])
    (found,) = excesses(nodes(4), every(DAY, "a"), during=TODAY, made_with=wide)
    assert found.message == (
        "all schedules ask for 5 nodes of cpu at 2026-03-02 00:00 (UTC): a 5; budgets allows 4 at a time"
    )
    assert (
        found.hint == "let a run of a take fewer nodes (nodes_per_run, instance_count), or raise max_concurrent_nodes"
    )
    assert excesses(nodes(5), every(DAY, "a"), during=TODAY, made_with=wide) == []


def test_the_best_move_is_in_the_hint() -> None:
    # Two runs of an hour at 03:00: either goes an hour later.
    both = [Runs(name, range(epoch("2026-03-02T03:00"), epoch("2026-03-09"), DAY)) for name in "ab"]
    (found,) = excesses(nodes(1), *both, during=WEEK)
    assert found.hint == "move a from 03:00 to 04:00 (UTC): peak 2 → 1 nodes; or raise max_concurrent_nodes"
    spending = Spending((one.costed for one in both), rates(), advise=False)
    (unadvised,) = find_excesses([nodes(1)], both, WEEK, spending)
    assert unadvised.hint == "let runs start at other times, or end earlier; or raise max_concurrent_nodes"


def test_a_move_of_a_weekly_schedule_names_the_day() -> None:
    both = [Runs("a", [epoch("2026-03-04T23:00")]), every(HOUR, "b", end="2026-03-04T23:00:01")]
    (found,) = excesses(nodes(1), *both, during=WEEK)
    assert found.hint == "move a from Wed 23:00 to Thu 00:00 (UTC): peak 2 → 1 nodes; or raise max_concurrent_nodes"


def test_a_move_is_told_on_the_clock_of_its_schedule() -> None:
    both = [Local(name, range(epoch("2026-03-02T11:00"), epoch("2026-03-09"), DAY)) for name in "ab"]
    (found,) = excesses(nodes(1), *both, during=WEEK)
    assert found.hint.startswith("move a from 03:00 to 04:00 (Pacific): peak 2 → 1 nodes; ")


def test_no_move_helps_where_everybody_is_always_there() -> None:
    (found,) = excesses(nodes(1), every(HOUR, "a"), every(HOUR, "b"), during=WEEK)
    assert found.hint == "let runs start at other times, or end earlier; or raise max_concurrent_nodes"
    long = rates({"*": "24h"})
    daily = [every(DAY, name) for name in "ab"]
    assert excesses(nodes(1), *daily, during=WEEK, made_with=long)[0].hint == found.hint


def test_runs_that_the_compute_cannot_start_are_asked_for_all_the_same() -> None:
    small = rates(computes=[replace(CPU, nodes_per_run=2, max_nodes=1)])
    both = [Runs(name, range(epoch("2026-03-02T03:00"), epoch("2026-03-09"), DAY)) for name in "ab"]
    (found,) = excesses(nodes(3), *both, during=WEEK, made_with=small)
    assert found.count == 4
    assert found.hint.startswith("move a from 03:00 to 04:00 (UTC): peak 4 → 2 nodes")


def test_each_compute_is_counted_for_itself() -> None:
    starts = [every(DAY, name, compute=on) for name, on in (("a", "gpu"), ("b", "gpu"), ("c", "cpu"), ("d", "cpu"))]
    found = excesses(nodes(1), *starts, during=TODAY)
    assert [(one.subject, one.schedules) for one in found] == [
        ("cpu", (("c", 1), ("d", 1))),
        ("gpu", (("a", 1), ("b", 1))),
    ]
    assert len({one.key for one in found}) == 2


def test_no_prices_are_needed_and_no_description_of_the_compute() -> None:
    bare = rates(computes=(), prices=None)
    assert [
        one.count for one in excesses(nodes(1), every(DAY, "a"), every(DAY, "b"), during=TODAY, made_with=bare)
    ] == [2]


def test_who_is_not_known_may_ask_for_more() -> None:
    starts = [every(DAY, "a"), every(DAY, "b"), every(DAY, "c")]
    some = rates({"a": "1h", "b": "1h"})
    found = said(nodes(1), *starts, during=TODAY, made_with=some)
    assert [text.partition(" of ")[0] for text in found] == ["MLS708 all schedules ask for at least 2 nodes"]
    # The compute of d is not known, so it may be this one too; that of e is another one, and nobody knows of that.
    unknown = [every(DAY, "d", compute=None), every(DAY, "e", compute="gpu")]
    texts = said(nodes(1), *starts[:2], *unknown, during=TODAY, made_with=some)
    assert [text.split(" at ")[0] for text in texts][:1] == ["MLS708 all schedules ask for"]
    assert texts[1].startswith(
        "MLS709 nobody knows whether all schedules together keep max_concurrent_nodes of budgets: e: "
    )
    texts = said(nodes(1), *starts[:2], unknown[1], during=TODAY, made_with=some)
    assert texts[0].startswith("MLS708 all schedules ask for 2 nodes of cpu")


def test_of_two_schedules_of_one_name_the_first_counts() -> None:
    twice = [every(1200), replace(every(1200), compute="gpu")]
    for scope, name in (("total", ""), ("schedule", "a")):
        found = excesses(nodes(2, scope, name), *twice, during=TODAY)
        assert [(one.subject, one.count, one.largest) for one in found] == [("cpu", 3, twice[0])]


def test_an_empty_window_and_schedules_without_runs() -> None:
    assert excesses(nodes(1), every(60), during=window("2026-03-02", 0)) == []
    assert excesses(nodes(1), Runs("a", []), Runs("b", [], compute=None), during=TODAY) == []


def test_too_many_runs_to_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MOST_RUNS", "MOST_FREE_RUNS"):
        monkeypatch.setattr(compute_load, name, 100)
    starts = [every(600, "often"), every(DAY, "a", compute="gpu"), every(DAY, "b", compute="gpu")]
    texts = said(nodes(1), *starts, during=TODAY)
    assert texts[0].startswith("MLS708 all schedules ask for 2 nodes of gpu")
    assert texts[1] == (
        "MLS709 nobody knows whether all schedules together keep max_concurrent_nodes of budgets: "
        "often: 144 runs on 'cpu' are too many to follow each (at most 100): take a shorter window"
    )
