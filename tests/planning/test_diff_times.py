"""Which runs are lost, gained and moved: counted by hand, and what must hold for any two lists of times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from diff_plans_of import START, counts, diff, schedule
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule import JobSchedule, Plan, RecurrencePattern, RecurrenceTrigger, diff_plans, plan_runs
from pytest_mlschedule.planning.diff import Move
from pytest_mlschedule.planning.diff_times import TimesDiff, compare_times

DAY = 86_400
NO_ZONES = ("Etc/UTC", "Etc/UTC")

# The window has 30 days from Sunday 2026-03-01: 21 working days, Mondays on 2, 9, 16, 23, 30.
BY_HAND = [
    ("0 9 * * *", "0 10 * * 1-5", {"moved": 21, "lost": 9}),
    ("0 10 * * 1-5", "0 9 * * *", {"moved": 21, "gained": 9}),
    ("0 2 * * *", "0 3 * * 1", {"moved": 5, "lost": 25}),
    ("0 3 * * 1", "0 2 * * *", {"moved": 5, "gained": 25}),
    ("0 * * * *", "0 3 * * *", {"lost": 690}),
    ("0 * * * *", "30 3 * * *", {"moved": 30, "lost": 690}),
    ("0 3 * * *", "0 * * * *", {"gained": 690}),
    ("0 3 * * 1", "0 5 * * *", {"moved": 5, "gained": 25}),
    ("0 3 * * 1", "0 3 * * *", {"gained": 25}),
    ("0 9 * * *", "0 9 * * 1-5", {"lost": 9}),
    ("0 9 * * 1", "0 9 * * 4", {"moved": 4, "lost": 1}),  # 4 Thursdays, each with the Monday three days before
    ("0 9 * * *", "0 17 * * *", {"moved": 30}),
    ("0 9,17 * * *", "0 9 * * *", {"lost": 30}),
    ("0 9,17 * * *", "0 10,17 * * *", {"moved": 30}),
    ("*/5 * * * *", "*/10 * * * *", {"lost": 4320}),
    ("*/10 * * * *", "1-59/10 * * * *", {"moved": 4320}),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), BY_HAND)
def test_classes_by_hand(old: str, new: str, expected: dict[str, int]) -> None:
    assert counts(diff(schedule(old), schedule(new))) == expected


PACIFIC, LONDON = "Pacific Standard Time", "GMT Standard Time"


def test_a_time_zone_edit_moves_every_run() -> None:
    """16:30 in California is 00:30Z until 8 March and 23:30Z from then on: 31 runs in 30 days of UTC, one more than before."""
    found = diff(schedule("30 16 * * *"), schedule("30 16 * * *", time_zone=PACIFIC))
    assert found.runs == (30, 31)
    assert counts(found) == {"moved": 30, "gained": 1}
    assert found.first[0].new == START + timedelta(minutes=30)
    assert found.first[0].old is None
    assert found.moves == (Move(7 * 3600, 23), Move(8 * 3600, 7))
    back = diff(schedule("30 16 * * *", time_zone=PACIFIC), schedule("30 16 * * *"))
    assert counts(back) == {"moved": 30, "lost": 1}
    assert back.moves == (Move(-7 * 3600, 23), Move(-8 * 3600, 7))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (("0 9 * * *", "UTC"), ("0 9 * * *", LONDON), {"moved_by_dst": 2}),  # 29 and 30 March
        (("0 9 * * *", LONDON), ("0 9 * * *", "UTC"), {"moved_by_dst": 2}),
        (("0 10 * * *", LONDON), ("0 9 * * *", "UTC"), {"moved": 28}),  # an hour until 28 March; then the times are the same
        (("0 9 * * *", "US Mountain Standard Time"), ("0 9 * * *", "Mountain Standard Time"), {"moved_by_dst": 23}),  # 8 to 30
        (("0 9 * * *", "Eastern Standard Time"), ("0 15 * * *", "W. Europe Standard Time"), {"moved_by_dst": 21}),  # 8 to 28
        (("0 9 * * *", "UTC"), ("30 9 * * *", LONDON), {"moved": 30}),  # half an hour is no daylight saving time
        (("0 9,10 * * *", "UTC"), ("0 9,10 * * *", LONDON), {"moved": 2}),  # 8 for 10 on those days: 9 is there on both sides
        (("0 9 * * *", "UTC"), ("0 9 * * 1-6", LONDON), {"lost": 5, "moved_by_dst": 1}),
    ],
)  # fmt: skip
def test_what_daylight_saving_time_moves(old: tuple[str, str], new: tuple[str, str], expected: dict[str, int]) -> None:
    found = diff(schedule(old[0], time_zone=old[1]), schedule(new[0], time_zone=new[1]))
    assert counts(found) == expected
    if "moved_by_dst" not in expected:
        assert found.first_by_dst is None


def test_daylight_saving_time_stands_apart() -> None:
    found = diff(schedule("0 9 * * *"), schedule("0 9 * * *", time_zone=LONDON))
    assert found.first == ()
    assert found.first_by_dst is not None
    assert (found.first_by_dst.old, found.first_by_dst.new) == (
        datetime(2026, 3, 29, 9, tzinfo=UTC),
        datetime(2026, 3, 29, 8, tzinfo=UTC),
    )
    assert found.moves == (Move(-3600, 2, by_dst=True),)


def test_first_changes_are_in_the_order_of_time() -> None:
    """Sunday the 1st is lost, Monday to Thursday move."""
    found = diff(schedule("0 9 * * *"), schedule("0 10 * * 1-5"))
    hours = [(change.old and change.old.day, change.new and change.new.day) for change in found.first]
    assert hours == [(1, None), (2, 2), (3, 3), (4, 4), (5, 5)]


def test_one_run_goes_with_whatever_is_nearest() -> None:
    once = RecurrenceTrigger("month", 1, RecurrencePattern(3, 0, None, 15), "2026-01-01T00:00:00")
    found = diff(schedule("0 2 * * *"), schedule(once))
    assert counts(found) == {"moved": 1, "lost": 29}
    assert found.moves == (Move(3600, 1),)


def test_far_times_do_not_go_together() -> None:
    """Two runs an hour apart reach half an hour."""
    assert compare_times([0, 3600], [5 * DAY], NO_ZONES, 30 * DAY) == TimesDiff([0], [], [(3600, 5 * DAY)], [])
    assert compare_times([0, 3600], [5 * DAY, 5 * DAY + 10, 5 * DAY + 20], NO_ZONES, 30 * DAY) == TimesDiff(
        [0, 3600], [5 * DAY, 5 * DAY + 10, 5 * DAY + 20], [], []
    )


def test_of_two_at_the_same_distance_the_earlier_is_taken() -> None:
    assert compare_times([100, 300], [200], NO_ZONES, DAY).moved == [(100, 200)]
    assert compare_times([200], [100, 300], NO_ZONES, DAY).moved == [(200, 100)]


epochs = st.lists(
    st.integers(1_772_000_000, 1_776_000_000).map(lambda epoch: epoch // 1800 * 1800), unique=True, max_size=40
).map(sorted)
keys = st.sampled_from(["Etc/UTC", "Europe/London", "America/Los_Angeles", "Europe/Dublin"])


@given(epochs, epochs, st.tuples(keys, keys))
@settings(max_examples=300, deadline=None)
def test_every_run_is_in_one_class(old: list[int], new: list[int], zones: tuple[str, str]) -> None:
    found = compare_times(old, new, zones, 40 * DAY)
    pairs = [*found.moved, *found.moved_by_dst]
    kept = {*old} & {*new}
    assert sorted([*found.lost, *(pair[0] for pair in pairs), *kept]) == old
    assert sorted([*found.gained, *(pair[1] for pair in pairs), *kept]) == new
    assert len(found.gained) - len(found.lost) == len(new) - len(old)
    assert not (found.gained and found.lost) or len(old) != len(new)
    assert [pair[1] for pair in sorted(pairs)] == sorted(pair[1] for pair in pairs)  # nobody overtakes
    swapped = compare_times(new, old, zones[::-1], 40 * DAY)
    assert (swapped.lost, swapped.gained) == (found.gained, found.lost)
    assert [pair[::-1] for pair in swapped.moved] == found.moved
    assert [pair[::-1] for pair in swapped.moved_by_dst] == found.moved_by_dst
    assert compare_times(old, old, zones, 40 * DAY) == TimesDiff([], [], [], [])


def test_long_lists_take_no_long_time() -> None:
    """100,000 against 50,000 times: a walk over both, not over their product."""
    old, new = list(range(0, 100_000 * 300, 300)), list(range(60, 100_000 * 300, 600))
    found = compare_times(old, new, NO_ZONES, 100_000 * 300)
    assert (len(found.moved), len(found.lost), len(found.gained)) == (50_000, 50_000, 0)


def test_dst_4_against_elapsed_time_the_clock_alone_moves_runs() -> None:
    start, zone = "2026-01-01T06:00:00", "Pacific Standard Time"
    window = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)

    def plan(frequency: str, interval: int, zone: str = zone, start: str = start) -> Plan:
        trigger = RecurrenceTrigger(frequency, interval, start_time=start, time_zone=zone)
        return plan_runs(JobSchedule(name="a", trigger=trigger, create_job="azureml:j"), *window)

    (found,) = diff_plans(plan("day", 1), plan("hour", 24)).schedules
    assert (found.moved, found.moved_by_dst) == (0, 24)  # 8 to 31 March
    # A start an hour earlier for good, although the clocks of London change meanwhile.
    summer = plan("hour", 24, "UTC", "2025-07-01T06:00:00"), plan("hour", 24, LONDON, "2025-07-01T06:00:00")
    (found,) = diff_plans(*summer).schedules
    assert (found.moved, found.moved_by_dst) == (31, 0)
