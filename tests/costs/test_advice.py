"""Which schedule to move so that a compute gets less full, and which hours of the week are quiet."""

from __future__ import annotations

import pytest
from bill_data import CPU, HOUR, epoch, estimate, rates, runs, window, with_fields

from pytest_mlschedule.costs.advice import NO_ADVICE, Advice, Move, find_advice, name_hour
from pytest_mlschedule.costs.billing import Bill
from pytest_mlschedule.costs.estimate import Estimate
from pytest_mlschedule.costs.footprints import UTC_CLOCK, Clock, CostedSchedule
from pytest_mlschedule.costs.loads.load_week import HourLoad
from pytest_mlschedule.costs.loads.slots import Slot

WEEK = window("2026-03-02", "2026-03-09")  # Monday to Sunday
MONDAY = 86_400  # seconds after the first of March, a Sunday
DAILY = [MONDAY + day * 86_400 + 2 * HOUR for day in range(7)]
PACIFIC = Clock("Pacific Standard Time", "America/Los_Angeles")


def advised(*schedules: CostedSchedule, length: str = "30m") -> Advice:
    """Advice for cpu, on which every run takes as long."""
    found: Estimate = estimate(schedules, [CPU], {one.name: length for one in schedules}, during=WEEK)
    return found.computes[0].advice


def test_two_that_meet_are_moved_apart() -> None:
    found = advised(runs("a", DAILY), runs("b", DAILY))
    # Both take 30 minutes from 02:00 on: half an hour later is the nearest time at which one of them is alone.
    assert [str(move) for move in found.moves] == [
        "move a from 02:00 to 02:30 (UTC): peak 2 → 1 nodes",
        "move b from 02:00 to 02:30 (UTC): peak 2 → 1 nodes",
    ]
    assert found.moves[0].to_dict() == {
        "schedule": "a",
        "move_seconds": 1_800,
        "from": "2026-03-02T02:00:00Z",
        "to": "2026-03-02T02:30:00Z",
        "peak_nodes": {"old": 2, "new": 1},
        "text": "move a from 02:00 to 02:30 (UTC): peak 2 → 1 nodes",
    }
    # Nothing runs from 00:00 on.
    assert [name_hour(hour) for hour in found.quiet] == ["Mon 00:00", "Mon 01:00", "Mon 03:00"]


def test_at_most_three_moves_are_told() -> None:
    assert len(advised(*(runs(name, DAILY) for name in "abcde")).moves) == 3


def test_where_nothing_meets_there_is_nothing_to_move() -> None:
    found = advised(runs("a", DAILY))
    assert (found.moves, found.too_frequent) == ((), ())
    assert len(found.quiet) == 3
    # All of the time, one after the other: the quietest hours are the first ones.
    assert next(name_hour(hour) for hour in advised(runs("a", [MONDAY]), length="7d").quiet) == "Mon 00:00"


def test_what_runs_too_often_is_said_not_moved() -> None:
    often = [MONDAY + second for second in range(0, 7 * 86_400, 1_800)]
    found = advised(runs("often", often), runs("b", DAILY), length="10m")
    assert found.too_frequent == ("often",)
    assert [move.slot.owner for move in found.moves] == ["b"]


def test_nothing_is_known_of_a_compute_without_runs() -> None:
    found = estimate([], [with_fields(CPU, min_nodes=1)], during=WEEK)
    assert found.computes[0].advice == NO_ADVICE
    missing = estimate([runs("a", DAILY)], [CPU], during=WEEK)
    assert missing.computes[0].advice == NO_ADVICE


def test_advice_is_given_where_it_is_asked_for() -> None:
    bill = Bill((runs("a", DAILY), runs("b", DAILY)), WEEK, rates([CPU], {"a": "30m", "b": "30m"}))
    asked, not_asked = (next(iter(bill.compute_estimates(advise=advise))).advice for advise in (True, False))
    assert (len(asked.moves), not_asked) == (2, NO_ADVICE)
    assert find_advice(bill.loads["cpu"], {"a": UTC_CLOCK, "b": PACIFIC}, WEEK).moves[1].clock == PACIFIC


@pytest.mark.parametrize(
    ("clock", "old", "new", "text"),
    [
        (UTC_CLOCK, "2026-03-02T02:00", "2026-03-02T03:40", "from 02:00 to 03:40 (UTC)"),
        # 10:00 UTC is 02:00 in Los Angeles before the clocks change.
        (PACIFIC, "2026-03-02T10:00", "2026-03-02T11:40", "from 02:00 to 03:40 (Pacific)"),
        (PACIFIC, "2026-03-02T10:00", "2026-03-02T07:40", "from Mon 02:00 to Sun 23:40 (Pacific)"),
        (UTC_CLOCK, "2026-03-02T23:00", "2026-03-03T01:00", "from Mon 23:00 to Tue 01:00 (UTC)"),
        # The night in which 02:00 does not exist: an hour later is 03:00.
        (PACIFIC, "2026-03-08T09:00", "2026-03-08T10:00", "from 01:00 to 03:00 (Pacific)"),
    ],
)
def test_a_move_is_told_on_the_clock_of_its_schedule(clock: Clock, old: str, new: str, text: str) -> None:
    slot = Slot("nightly", epoch(new) - epoch(old), 12, 7, epoch(old), epoch(new))
    assert str(Move(slot, clock)) == f"move nightly {text}: peak 12 → 7 nodes"


@pytest.mark.parametrize(("hour", "name"), [(0, "Mon 00:00"), (23, "Mon 23:00"), (24, "Tue 00:00"), (167, "Sun 23:00")])
def test_hours_of_the_week_have_names(hour: int, name: str) -> None:
    assert name_hour(HourLoad(hour, 0, 0)) == name


@pytest.mark.parametrize(
    ("runs_a_day", "expected"),
    [
        (1.0, "move nightly from 10:00 to 10:10 (UTC): peak 12 → 7 nodes"),
        (1 / 7, "move nightly from Mon 10:00 to Mon 10:10 (UTC): peak 12 → 7 nodes"),
        (4.0, "move nightly from 10:00 to 10:10 (all its runs alike, UTC): peak 12 → 7 nodes"),
    ],
)
def test_the_day_is_told_of_what_runs_less_than_daily_and_that_all_move_of_what_runs_more_often(
    runs_a_day: float, expected: str
) -> None:
    at = 1_772_445_600  # Monday 2026-03-02 10:00 UTC
    slot = Slot("nightly", 600, 12, 7, at, at + 600)
    assert str(Move(slot, UTC_CLOCK, runs_a_day)) == expected
