"""Where a schedule begins and ends (ST-3 to ST-9), with the published start-time facts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.reading import read_trigger
from pytest_mlschedule.triggers.recurrence import RecurrencePattern, RecurrenceTrigger

FACTS = json.loads((Path(__file__).parents[2] / "fixtures/occurrences/start_times.json").read_text("utf-8"))
INSTANT = ServiceProfile(first_run="instant")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def first(trigger, created: str, count: int = 3, profile: ServiceProfile | None = None) -> list[str]:
    """The first occurrences, as texts of minutes or seconds."""
    table = trigger.timetable(created_at=utc(created), profile=profile or ServiceProfile())
    found, epoch = [], 0
    while len(found) < count and (epoch := table.next_epoch(epoch)) is not None:
        found.append(datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%S"))
    return found


@pytest.mark.parametrize("fact", FACTS["cases"], ids=lambda fact: fact["fact"])
def test_published_start_times(fact):
    trigger, problems = read_trigger(fact["trigger"])
    assert problems == ()
    table = trigger.timetable(created_at=datetime.fromisoformat(fact["created"]))
    found, instant = [], utc("1971-01-01")
    for _ in fact["first"]:
        instant = table.next_after(instant)
        found.append(instant)
    assert found == [datetime.fromisoformat(text) for text in fact["first"]]


@pytest.mark.parametrize("frequency", ["minute", "hour", "day", "week", "month"])
def test_st_3_without_start_and_pattern_the_creation_is_the_first_occurrence(frequency):
    trigger = RecurrenceTrigger(frequency, 3, time_zone="Pacific Standard Time")
    assert first(trigger, "2022-11-07T10:52:06", 1) == ["2022-11-07T10:52:06"]
    # The creation instant is cut to the second, and still fires.
    assert first(trigger, "2022-11-07T10:52:06.999999", 1) == ["2022-11-07T10:52:06"]


def test_st_3_the_anchor_is_the_creation_as_wall_clock_in_the_zone():
    trigger = RecurrenceTrigger("day", 1, time_zone="Pacific Standard Time")
    # 02:52:06 in Los Angeles: after the change to summer time it is an hour earlier in UTC
    assert first(trigger, "2022-11-07T10:52:06", 2) == ["2022-11-07T10:52:06", "2022-11-08T10:52:06"]
    table = trigger.timetable(created_at=utc("2022-11-07T10:52:06"))
    assert table.next_after(utc("2023-06-01")) == utc("2023-06-01T09:52:06")


def test_st_3_creation_in_the_second_pass_of_a_fold_fires_at_once():
    trigger = RecurrenceTrigger("day", 1, time_zone="Central Standard Time")
    assert first(trigger, "2019-11-03T07:30:00", 2) == ["2019-11-03T07:30:00", "2019-11-04T07:30:00"]


def test_st_3_a_pattern_takes_what_it_leaves_out_from_the_creation():
    trigger = RecurrenceTrigger("month", 1, RecurrencePattern([], [], month_days=[7, 8]))
    # Pattern times have second 0, and 10:52:00 is before the anchor (RC-5, RC-10).
    assert first(trigger, "2022-11-07T10:52:06", 2) == ["2022-11-08T10:52:00", "2022-12-07T10:52:00"]


def test_st_4_nothing_fires_before_the_creation():
    trigger = CronTrigger("0 * * * *", "2020-01-01T00:00:00")
    assert first(trigger, "2022-11-07T10:00:00", 1) == ["2022-11-07T10:00:00"]
    assert first(trigger, "2022-11-07T10:00:00.000001", 1) == ["2022-11-07T11:00:00"]
    every = RecurrenceTrigger("hour", 1, start_time="2020-01-01T00:00:00")
    assert first(every, "2022-11-07T10:00:00", 1) == ["2022-11-07T10:00:00"]
    assert first(every, "2022-11-07T10:00:00.000001", 1) == ["2022-11-07T11:00:00"]


def test_st_4_a_past_start_keeps_its_phase():
    trigger = RecurrenceTrigger("day", 2, start_time="2017-09-07T14:00:00Z")
    expected = ["2017-09-09T14:00:00", "2017-09-11T14:00:00", "2017-09-13T14:00:00"]
    assert first(trigger, "2017-09-08T13:00:00") == expected


def test_st_5_the_start_itself_fires():
    trigger = CronTrigger("0 10 * * *", "2022-05-10T10:00:00")
    assert first(trigger, "2022-01-01T00:00:00", 1) == ["2022-05-10T10:00:00"]
    later = CronTrigger("0 10 * * *", "2022-05-10T10:00:01")
    assert first(later, "2022-01-01T00:00:00", 1) == ["2022-05-11T10:00:00"]


@pytest.mark.parametrize(
    ("end", "policy", "count"),
    [
        ("2022-05-12T10:00:00", "inclusive", 3),
        ("2022-05-12T10:00:00", "exclusive", 2),
        ("2022-05-12T09:59:59", "inclusive", 2),
        ("2022-05-12T10:00:01", "exclusive", 3),
        ("2022-05-10T10:00:00", "inclusive", 1),
        ("2022-05-10T10:00:00", "exclusive", 0),
    ],
)
@pytest.mark.parametrize("kind", ["cron", "day"])
def test_st_5_an_occurrence_at_the_end_fires_and_none_later(kind, end, policy, count):
    start = "2022-05-10T10:00:00"
    trigger = CronTrigger("0 10 * * *", start, end)
    if kind == "day":
        trigger = RecurrenceTrigger("day", 1, None, start, end)
    table = trigger.timetable(created_at=utc("2022-01-01"), profile=ServiceProfile(end_time=policy))
    assert table.count(utc("2022-01-01"), utc("2023-01-01")) == count
    assert len(table.between(utc("2022-01-01"), utc("2023-01-01"))) == count


def test_st_5_an_occurrence_that_a_gap_shifts_past_the_end_does_not_fire():
    central = "Central Standard Time"
    # The gap turns an end at 02:00 into 03:00 local; 02:30 becomes 03:30 and is later.
    table = CronTrigger("30 2 * * *", None, "2019-03-10T02:00:00", central).timetable(created_at=utc("2019-03-09"))
    assert table.between(utc("2019-03-09"), utc("2019-03-12")) == [utc("2019-03-09T08:30")]
    table = CronTrigger("30 2 * * *", None, "2019-03-10T02:30:00", central).timetable(created_at=utc("2019-03-09"))
    assert table.count(utc("2019-03-09"), utc("2019-03-12")) == 2


def test_st_6_an_end_before_the_creation_gives_nothing():
    table = CronTrigger("* * * * *", None, "2020-01-01T00:00:00").timetable(created_at=utc("2022-01-01"))
    assert table.count(utc("2019-01-01"), utc("2023-01-01")) == 0
    assert table.between(utc("2019-01-01"), utc("2023-01-01")) == []
    assert table.next_after(utc("2019-01-01")) is None
    assert table.previous_before(utc("2030-01-01")) is None
    assert table.select(0, 0) is None


def test_st_7_the_first_run_is_the_first_scheduled_one():
    assert first(CronTrigger("0 10 * * *"), "2022-05-10T08:15:00", 1) == ["2022-05-10T10:00:00"]


def test_st_7_an_instant_first_run_is_one_more_at_the_creation():
    trigger = CronTrigger("0 10 * * *")
    expected = ["2022-05-10T08:15:20", "2022-05-10T10:00:00", "2022-05-11T10:00:00"]
    assert first(trigger, "2022-05-10T08:15:20.5", profile=INSTANT) == expected
    table = trigger.timetable(created_at=utc("2022-05-10T08:15:20.5"), profile=INSTANT)
    day = utc("2022-05-10"), utc("2022-05-11")
    assert table.count(*day) == 2
    assert table.between(*day) == list(table.iter(*day)) == [utc("2022-05-10T08:15:20"), utc("2022-05-10T10:00:00")]
    assert table.previous_before(utc("2022-05-10T10:00")) == utc("2022-05-10T08:15:20")
    assert table.previous_before(utc("2022-05-10T10:01")) == utc("2022-05-10T10:00")
    assert table.previous_before(utc("2022-05-10T08:15:20")) is None
    start = table.epochs(*day)[0]
    assert [table.select(start, index) for index in range(2)] == table.epochs(*day)
    assert [table.select(start + 1, index) for index in range(1)] == table.epochs(*day)[1:]
    assert table.select(start - 1, 1) == table.epochs(*day)[1]
    assert table.count(utc("2022-05-10"), utc("2022-05-10T08:15:20")) == 0


def test_st_7_an_instant_first_run_is_never_a_second_one():
    trigger = CronTrigger("0 10 * * *")
    expected = ["2022-05-10T10:00:00", "2022-05-11T10:00:00"]
    assert first(trigger, "2022-05-10T10:00:00", 2, INSTANT) == expected
    started = CronTrigger("0 10 * * *", "2022-05-10T00:00:00")
    assert first(started, "2022-05-10T08:15:20", 1, INSTANT) == ["2022-05-10T10:00:00"]
    plain = RecurrenceTrigger("hour", 2)
    assert first(plain, "2022-05-10T08:15:20", 2, INSTANT) == ["2022-05-10T08:15:20", "2022-05-10T10:15:20"]
    over = CronTrigger("0 10 * * *", None, "2022-05-10T08:00:00")
    assert first(over, "2022-05-10T08:15:20", 1, INSTANT) == []


def test_st_9_windows_are_half_open():
    table = CronTrigger("0 * * * *").timetable(created_at=utc("2022-01-01"))
    assert table.between(utc("2022-01-01T01:00"), utc("2022-01-01T02:00")) == [utc("2022-01-01T01:00")]
    tick = timedelta(microseconds=1)
    assert table.between(utc("2022-01-01T01:00") + tick, utc("2022-01-01T02:00") + tick) == [utc("2022-01-01T02:00")]
    assert table.count(utc("2022-01-01T01:00"), utc("2022-01-01T01:00")) == 0
    assert table.between(utc("2022-01-01T02:00"), utc("2022-01-01T01:00")) == []
    assert list(table.iter(utc("2022-01-01T02:00"), utc("2022-01-01T01:00"))) == []
    assert table.next_after(utc("2022-01-01T01:00") - tick) == utc("2022-01-01T01:00")
    assert table.previous_before(utc("2022-01-01T01:00") + tick) == utc("2022-01-01T01:00")
    assert table.next_after(utc("2022-01-01T01:00")) == utc("2022-01-01T02:00")
    assert table.previous_before(utc("2022-01-01T01:00")) == utc("2022-01-01T00:00")
