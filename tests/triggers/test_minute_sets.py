"""Sets of minutes and shortest distances against the occurrences themselves, one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule import CronTrigger, RecurrencePattern, RecurrenceTrigger, ServiceProfile
from pytest_mlschedule.triggers.timetable import Timetable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CREATED = datetime(2026, 2, 1, 10, 20, 30, tzinfo=UTC)
PROFILES = (
    ServiceProfile(),
    ServiceProfile(gap="skip", fold="both"),
    ServiceProfile(fold="second", first_run="instant"),
)
ZONES = ("UTC", "Pacific Standard Time", "Lord Howe Standard Time", "Nepal Standard Time")
TRIGGERS = (
    CronTrigger("* * * * *"),
    CronTrigger("*/7 1-3 * * *"),
    CronTrigger("30 2 * * 0,3"),
    CronTrigger("0,59 0,23 * * *"),
    RecurrenceTrigger("minute", 7, start_time="2026-01-01T00:00:13"),
    RecurrenceTrigger("hour", 5),
    RecurrenceTrigger("day", 3, start_time="2026-01-01T02:30:45"),
    RecurrenceTrigger("day", 1),
    RecurrenceTrigger("week", 2, RecurrencePattern(hours=[1, 2], minutes=[15, 45], week_days=["sunday", "monday"])),
    RecurrenceTrigger("month", 1, RecurrencePattern(hours=0, minutes=[0, 1], month_days=[1, 15, 31])),
    RecurrenceTrigger("day", 1, end_time="2026-02-03T00:00:00"),
)


def in_zone(trigger: CronTrigger | RecurrenceTrigger, zone: str) -> CronTrigger | RecurrenceTrigger:
    limits = {"start_time": trigger.start_time, "end_time": trigger.end_time, "time_zone": zone}
    if isinstance(trigger, CronTrigger):
        return CronTrigger(trigger.expression, **limits)
    return RecurrenceTrigger(trigger.frequency, trigger.interval, trigger.schedule, **limits)


def bits(timetable: Timetable, start: int, end: int) -> int:
    """One bit for each occurrence, the slow way."""
    found = bytearray((end - start) // 480 + 2)
    for epoch in timetable.epochs_between(start, end):
        minute = epoch // 60 - start // 60
        found[minute // 8] |= 1 << minute % 8
    return int.from_bytes(found, "little")


@pytest.mark.parametrize("profile", PROFILES, ids=["default", "skip", "second"])
@pytest.mark.parametrize("trigger", TRIGGERS, ids=str)
def test_dst_5_a_set_has_the_minutes_of_the_occurrences_over_every_clock_change(
    trigger: CronTrigger | RecurrenceTrigger, profile: ServiceProfile
) -> None:
    start = int((datetime(2026, 1, 31, 23, 0, 7, tzinfo=UTC) - EPOCH).total_seconds())
    for zone in ZONES:
        timetable = in_zone(trigger, zone).timetable(created_at=CREATED, profile=profile)
        for days in (0, 1, 75, 300):
            end = start + days * 86_400 + 11
            assert timetable.minutes_between(start, end) == bits(timetable, start, end), (zone, days)


@settings(max_examples=60, deadline=None)
@given(
    minutes=st.lists(st.integers(0, 59), min_size=1, max_size=5, unique=True),
    hours=st.lists(st.integers(0, 23), min_size=1, max_size=5, unique=True),
    days=st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True),
    first=st.integers(0, 300 * 86_400),
    length=st.integers(0, 40 * 86_400),
    zone=st.sampled_from(ZONES),
)
def test_dst_5_any_window_of_any_pattern(
    minutes: list[int], hours: list[int], days: list[int], first: int, length: int, zone: str
) -> None:
    fields = (",".join(map(str, values)) for values in (minutes, hours, days))
    expression = "{} {} * * {}".format(*fields)
    timetable = CronTrigger(expression, time_zone=zone).timetable(created_at=CREATED)
    start = int((CREATED - EPOCH).total_seconds()) + first
    assert timetable.minutes_between(start, start + length) == bits(timetable, start, start + length)


@pytest.mark.parametrize("trigger", TRIGGERS, ids=str)
def test_rc_3_the_shortest_distance_is_that_of_the_occurrences(trigger: CronTrigger | RecurrenceTrigger) -> None:
    """In UTC, where no clock change pushes two together."""
    start, end = CREATED, CREATED + timedelta(days=90)
    timetable = trigger.timetable(created_at=CREATED)
    epochs = timetable.epochs(start, end)
    expected = min(after - before for before, after in pairwise(epochs))
    first, stop = (int((at - EPOCH).total_seconds()) for at in (start, end))
    assert timetable.shortest_distance(first, stop) == expected


def test_rc_3_no_distance_without_two_occurrences() -> None:
    timetable = CronTrigger("0 0 * * *", end_time="2026-02-02T00:00:00").timetable(created_at=CREATED)
    assert timetable.shortest_distance(int((CREATED - EPOCH).total_seconds()), 2_000_000_000) is None
