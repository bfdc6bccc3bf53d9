"""Clock changes (DST-1 to DST-5) on the published simulation and on the corners it leaves open."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.dst_surprises import DstSurprise
from pytest_mlschedule.triggers.recurrence import RecurrencePattern, RecurrenceTrigger

PUBLISHED = json.loads((Path(__file__).parents[2] / "fixtures/occurrences/dst_us_central_2019.json").read_text("utf-8"))
CENTRAL = PUBLISHED["time_zone"]
CREATED = datetime(2019, 1, 1, tzinfo=UTC)
SPRING = datetime(2019, 3, 10, 6, tzinfo=UTC), datetime(2019, 3, 11, 5, tzinfo=UTC)
AUTUMN = datetime(2019, 11, 3, 5, tzinfo=UTC), datetime(2019, 11, 4, 6, tzinfo=UTC)
"""The local days of the two changes, in UTC: 23 and 25 hours."""


def times(trigger, window, **profile) -> list[str]:
    table = trigger.timetable(created_at=CREATED, profile=ServiceProfile(**profile))
    found = table.between(*window)
    assert table.count(*window) == len(found)
    assert table.epochs(*window) == [int(at.timestamp()) for at in found]
    return [f"{at:%H:%M}" for at in found]


@pytest.mark.parametrize(("wall", "day", "instant"), PUBLISHED["daily"])
@pytest.mark.parametrize("kind", ["cron", "pattern", "start"])
def test_dst_1_the_published_simulation(kind, wall, day, instant):
    hour, minute = map(int, wall.split(":"))
    trigger = {
        "cron": lambda: CronTrigger(f"{minute} {hour} * * *", time_zone=CENTRAL),
        "pattern": lambda: RecurrenceTrigger("day", 1, RecurrencePattern(hour, minute), time_zone=CENTRAL),
        "start": lambda: RecurrenceTrigger("day", 1, None, f"2019-01-05T{wall}:00", time_zone=CENTRAL),
    }[kind]()
    table = trigger.timetable(created_at=CREATED)
    midnight = table.zone.to_epoch(int(datetime.fromisoformat(f"{day}T00:00+00:00").timestamp()))
    following = datetime.fromisoformat(f"{day}T00:00+00:00") + timedelta(days=1)
    end = table.zone.to_epoch(int(following.timestamp()))
    expected = int(datetime.fromisoformat(instant).timestamp())
    assert table.epochs_between(midnight, end) == [expected]
    assert table.next_epoch(expected - 1) == expected
    assert table.previous_epoch(expected + 1) == expected
    assert table.select(midnight, 0) == expected


def test_dst_2_a_time_in_the_gap_moves_forward_and_nothing_is_skipped():
    assert times(CronTrigger("0,30 1-3 * * *", time_zone=CENTRAL), SPRING) == ["07:00", "07:30", "08:00", "08:30"]
    assert times(CronTrigger("30 2 * * *", time_zone=CENTRAL), SPRING) == ["08:30"]


def test_dst_2_a_moved_time_that_meets_another_fires_once():
    assert times(CronTrigger("30 2,3 * * *", time_zone=CENTRAL), SPRING) == ["08:30"]
    assert len(times(CronTrigger("*/5 * * * *", time_zone=CENTRAL), SPRING)) == 23 * 12


def test_dst_2_moved_times_come_in_order():
    # 02:45 becomes 03:45 and 03:15 stays: later and earlier change places
    assert times(CronTrigger("15 3 * * *", time_zone=CENTRAL), SPRING) == ["08:15"]
    pattern = RecurrencePattern([2, 3], [15, 45])
    assert times(RecurrenceTrigger("day", 1, pattern, time_zone=CENTRAL), SPRING) == ["08:15", "08:45"]
    assert times(CronTrigger("10,50 2,3 * * *", time_zone=CENTRAL), SPRING) == ["08:10", "08:50"]


def test_dst_3_a_time_that_comes_twice_fires_at_its_first():
    assert times(CronTrigger("30 1 * * *", time_zone=CENTRAL), AUTUMN) == ["06:30"]
    # A day with a repeated hour has 24 hours' worth of occurrences: 01:00 to 02:00 the second time is silent.
    found = times(CronTrigger("*/5 * * * *", time_zone=CENTRAL), AUTUMN)
    assert len(found) == 24 * 12
    assert not any(at.startswith("07:") for at in found)


def test_dst_4_elapsed_time_knows_no_clock_changes():
    trigger = RecurrenceTrigger("hour", 1, None, "2019-01-01T00:30:00", time_zone=CENTRAL)
    assert len(times(trigger, SPRING)) == 23
    assert len(times(trigger, AUTUMN)) == 25
    minutes = RecurrenceTrigger("minute", 90, None, "2019-03-10T00:00:00", time_zone=CENTRAL)
    assert times(minutes, SPRING)[:3] == ["06:00", "07:30", "09:00"]
    assert minutes.timetable(created_at=CREATED).dst_surprises(CREATED, CREATED + timedelta(days=365)) == []


def test_dst_5_gap_and_fold_policies():
    night = CronTrigger("30 2 * * *", time_zone=CENTRAL)
    assert times(night, SPRING, gap="skip") == []
    assert times(CronTrigger("30 2,3 * * *", time_zone=CENTRAL), SPRING, gap="skip") == ["08:30"]
    early = CronTrigger("30 1 * * *", time_zone=CENTRAL)
    assert times(early, AUTUMN, fold="second") == ["07:30"]
    assert times(early, AUTUMN, fold="both") == ["06:30", "07:30"]
    assert len(times(CronTrigger("*/5 * * * *", time_zone=CENTRAL), AUTUMN, fold="both")) == 25 * 12


EUROPE = "W. Europe Standard Time"  # 2026-10-25: 02:30 is 00:30Z and 01:30Z


@pytest.mark.parametrize(
    ("start", "created", "fold", "expected"),
    [
        (None, "00:30", "first", ["25 00:30", "26 01:30"]),
        (None, "00:30", "second", ["25 00:30", "26 01:30"]),
        (None, "00:30", "both", ["25 00:30", "25 01:30", "26 01:30"]),
        (None, "01:30", "first", ["25 01:30", "26 01:30"]),
        (None, "01:30", "second", ["25 01:30", "26 01:30"]),
        (None, "01:30", "both", ["25 01:30", "26 01:30"]),
        ("2026-10-25T02:30:00+02:00", "00:00", "second", ["25 00:30", "26 01:30"]),
        ("2026-10-25T02:30:00+02:00", "00:45", "second", ["26 01:30"]),
        ("2026-10-25T02:30:00+01:00", "00:00", "first", ["25 01:30", "26 01:30"]),
        ("2026-10-25T02:30:00+01:00", "00:00", "second", ["25 01:30", "26 01:30"]),
        ("2026-10-25T02:30:00", "00:00", "first", ["25 00:30", "26 01:30"]),
        ("2026-10-25T02:30:00", "00:00", "second", ["25 01:30", "26 01:30"]),
    ],
)
def test_st_3_and_st_5_a_start_in_a_fold_fires_once_at_its_instant(start, created, fold, expected):
    """Whatever pass the profile prefers: the start of a recurrence without a pattern is its first occurrence."""
    at = datetime.fromisoformat(f"2026-10-25T{created}:00+00:00")
    trigger = RecurrenceTrigger("day", 1, None, start, time_zone=EUROPE)
    table = trigger.timetable(created_at=at, profile=ServiceProfile(fold=fold))
    window = datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 10, 27, tzinfo=UTC)
    found = table.between(*window)
    assert [f"{moment:%d %H:%M}" for moment in found] == expected
    assert table.count(*window) == len(expected)


def test_st_3_a_dropped_offset_makes_a_start_in_a_fold_a_wall_clock():
    trigger = RecurrenceTrigger("day", 1, None, "2026-10-25T02:30:00+02:00", time_zone=EUROPE)
    profile = ServiceProfile(fold="second", start_time_offset="dropped")
    table = trigger.timetable(created_at=datetime(2026, 10, 25, tzinfo=UTC), profile=profile)
    assert table.next_epoch(0) == int(datetime(2026, 10, 25, 1, 30, tzinfo=UTC).timestamp())


@pytest.mark.parametrize("hour", [0, 1])
@pytest.mark.parametrize("fold", ["first", "second", "both"])
def test_dst_4_elapsed_time_from_a_start_in_a_fold(fold, hour):
    created = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    trigger = RecurrenceTrigger("hour", 1, time_zone=EUROPE)
    table = trigger.timetable(created_at=created, profile=ServiceProfile(fold=fold))
    expected = [created + timedelta(hours=count) for count in range(4)]
    assert table.between(created - timedelta(hours=3), created + timedelta(hours=4)) == expected


def surprises(trigger, **profile) -> list[DstSurprise]:
    table = trigger.timetable(created_at=CREATED, profile=ServiceProfile(**profile))
    return table.dst_surprises(CREATED, CREATED + timedelta(days=365))


def test_dst_5_surprises_name_what_a_gap_moves():
    (found,) = surprises(CronTrigger("30 2 * * *", time_zone=CENTRAL))
    change = datetime(2019, 3, 10, 8, tzinfo=UTC)
    assert found == DstSurprise(
        "gap",
        datetime(2019, 3, 10, 2, 30),
        change + timedelta(minutes=30),
        change,
        1,
        (datetime(2019, 3, 10, 2, 30),),
        0,
        timedelta(hours=1),
    )
    (skipped,) = surprises(CronTrigger("30 2 * * *", time_zone=CENTRAL), gap="skip")
    assert (skipped.kind, skipped.instant) == ("gap", None)


def test_dst_5_surprises_name_what_a_fold_repeats():
    (found,) = surprises(CronTrigger("30 1 * * *", time_zone=CENTRAL))
    assert (found.kind, found.wall) == ("fold", datetime(2019, 11, 3, 1, 30))
    assert found.instant == datetime(2019, 11, 3, 6, 30, tzinfo=UTC)
    (later,) = surprises(CronTrigger("30 1 * * *", time_zone=CENTRAL), fold="second")
    assert later.instant == datetime(2019, 11, 3, 7, 30, tzinfo=UTC)


def test_dst_5_surprises_of_dense_patterns_are_one_a_change():
    found = surprises(CronTrigger("*/5 * * * *", time_zone=CENTRAL))
    assert [(one.kind, one.wall_times) for one in found] == [("gap", 12), ("fold", 12)]
    table = CronTrigger("* * * * *", time_zone=CENTRAL).timetable(created_at=CREATED)
    assert len(table.dst_surprises(CREATED, datetime(2200, 1, 1, tzinfo=UTC))) == 2 * 181


def test_dst_5_surprises_keep_to_the_limits_of_the_trigger():
    assert surprises(CronTrigger("30 2 * * *", "2019-04-01T00:00:00", time_zone=CENTRAL)) == []
    assert surprises(CronTrigger("30 1 * * *", None, "2019-10-01T00:00:00", time_zone=CENTRAL)) == []
    assert surprises(CronTrigger("30 1 * * *", "2019-11-03T01:30:00", time_zone=CENTRAL))[0].wall_times == 1
    assert surprises(CronTrigger("30 12 * * *", time_zone=CENTRAL)) == []


def test_a_gap_of_a_whole_day():
    """Samoa left out 30 December 2011: the times of that day fire on the next, once each."""
    samoa = CronTrigger("0 6,12 * * *", time_zone="Samoa Standard Time").timetable(
        created_at=datetime(2011, 12, 28, tzinfo=UTC)
    )
    window = datetime(2011, 12, 29, 10, tzinfo=UTC), datetime(2011, 12, 31, 10, tzinfo=UTC)
    found = samoa.between(*window)
    assert [f"{at:%d %H:%M}" for at in found] == ["29 16:00", "29 22:00", "30 16:00", "30 22:00"]
    assert samoa.count(*window) == 4
