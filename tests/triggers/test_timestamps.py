"""start_time and end_time: forms and meaning (ST-1, ST-2), with the real client as oracle for what is accepted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import sdk_client

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.reading import read_trigger
from pytest_mlschedule.triggers.recurrence import RecurrencePattern, RecurrenceTrigger
from pytest_mlschedule.triggers.timestamps import Timestamp, check_limits, read_timestamp
from pytest_mlschedule.triggers.zones import zone

ACCEPTED = [
    ("2022-05-10T10:15:00", (2022, 5, 10, 10, 15, 0), None),
    ("2022-05-10 10:15:00", (2022, 5, 10, 10, 15, 0), None),
    ("2022-05-10T10:15", (2022, 5, 10, 10, 15, 0), None),
    ("2022-5-1T1:15", (2022, 5, 1, 1, 15, 0), None),
    ("2022-05-10T1:5:5", (2022, 5, 10, 1, 5, 5), None),
    ("2022-05-10T10:15:00Z", (2022, 5, 10, 10, 15, 0), 0),
    ("2022-05-10T10:15Z", (2022, 5, 10, 10, 15, 0), 0),
    ("2022-05-10T10:15:00+05", (2022, 5, 10, 10, 15, 0), 18_000),
    ("2022-05-10T10:15:00+0530", (2022, 5, 10, 10, 15, 0), 19_800),
    ("2022-05-10T10:15:00+05:30", (2022, 5, 10, 10, 15, 0), 19_800),
    ("2022-05-10T10:15:00-04:00", (2022, 5, 10, 10, 15, 0), -14_400),
    ("2022-05-10T10:15:00-00:00", (2022, 5, 10, 10, 15, 0), 0),
    ("2022-05-10T10:15:00+23:59", (2022, 5, 10, 10, 15, 0), 86_340),
    ("2022-05-10T10:15:00+05:60", (2022, 5, 10, 10, 15, 0), 21_600),
    ("2022-05-10T10:15:00\n", (2022, 5, 10, 10, 15, 0), None),
]
CUT = ["2022-05-10T10:15:00.5", "2022-05-10T10:15:00.123456789Z", "2022-05-10T10:15:00.1234567+01:00"]
WHOLE_FRACTION = "2022-05-10T10:15:00.000"
REJECTED = [
    "2022-05-10",
    "2022-05-10T10",
    "2022-05-10  10:15",
    "2022-05-10t10:15:00",
    "2022-05-10T10:15:00z",
    "2022-05-10T10:15:00 Z",
    "2022-05-10T10:15:00+5:30",
    "2022-05-10T10:15:00+053",
    "2022-05-10T10:15:00+25:00",
    "2022-05-10T10:15:00+24:00",
    "2022-05-10T10:15:00UTC",
    "2022-05-10T10:15:00,123",
    "2022-05-10T10:15:00.",
    "2022-05-10T24:00:00",
    "2022-05-10T10:60:00",
    "2022-05-10T10:15:60",
    "2022-02-30T10:15:00",
    " 2022-05-10T10:15:00",
    "20220510T101500",
    "2022-W10-1T10:15",
    "99999-01-01T00:00",
    "2022-05-10_10:15:00",
    "now",
    "",
    5,
    True,
    datetime(2022, 5, 10),
    date(2022, 5, 10),
]
NOT_SUPPORTED = ["0001-01-01T00:00:00", "1969-12-31T23:00:00"]


def in_document(value):
    return {"type": "cron", "expression": "0 * * * *", "start_time": value}


@pytest.mark.parametrize(("text", "parts", "offset"), ACCEPTED)
def test_st_2_accepted_forms(text, parts, offset):
    stamp, problems = read_timestamp(text, "start_time")
    assert stamp == Timestamp(datetime(*parts), offset)
    assert (stamp.text, problems) == (text, [])


@pytest.mark.parametrize("text", CUT)
def test_st_2_a_fraction_is_cut_with_a_note(text):
    stamp, (problem,) = read_timestamp(text, "end_time")
    assert stamp.wall == datetime(2022, 5, 10, 10, 15)
    assert (problem.code, str(problem.severity), problem.field) == ("MLS306", "note", ("end_time",))


def test_st_2_a_fraction_of_nothing_needs_no_note():
    assert read_timestamp(WHOLE_FRACTION, "start_time")[1] == []


@pytest.mark.parametrize("value", REJECTED, ids=str)
def test_st_2_rejected_forms(value):
    trigger, problems = read_trigger(in_document(value))
    assert trigger is None
    assert [(problem.code, problem.field) for problem in problems] == [("MLS301", ("start_time",))]
    assert problems[0].hint


@pytest.mark.parametrize("value", [text for text, *_ in ACCEPTED] + CUT + [WHOLE_FRACTION] + REJECTED, ids=str)
def test_st_2_agrees_with_the_real_client(value):
    client = sdk_client.load(in_document(value))
    ours, _ = read_trigger(in_document(value))
    assert (client is None) == (ours is None)
    if client is not None:
        theirs = client.start_time
        assert ours.start.wall == theirs.replace(tzinfo=None, microsecond=0)
        offset = theirs.utcoffset()
        assert ours.start.offset == (None if offset is None else offset.total_seconds())


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("2022-05-10", 'add the time of day: "2022-05-10T00:00:00"'),
        ("2022-05-10t10:15:00z", 'write "2022-05-10T10:15:00Z"'),
        (date(2022, 5, 10), 'quote it: "2022-05-10T00:00:00"'),
        (datetime(2022, 5, 10, 10, 15), 'quote it: "2022-05-10T10:15:00"'),
        (datetime(2022, 5, 10, 10, 15, tzinfo=UTC), 'quote it: "2022-05-10T10:15:00+00:00"'),
        ("soon", 'write a quoted "YYYY-MM-DDThh:mm:ss", the wall clock in time_zone'),
    ],
)
def test_st_2_the_hint_is_the_way_out(value, hint):
    _, (problem,) = read_trigger(in_document(value))
    assert problem.hint == hint


def test_st_2_null_is_rejected():
    _, (problem,) = read_trigger(in_document(None))
    assert (problem.code, problem.field) == ("MLS008", ("start_time",))


def test_tz_3_times_outside_the_supported_years_are_errors():
    for text in (*NOT_SUPPORTED, "2201-01-01T00:00:00"):
        _, (problem,) = read_trigger(in_document(text))
        assert problem.code == "MLS301"
        assert problem.message == f"'{text}' is outside the supported years 1970 to 2200"
    _, (problem,) = read_trigger({"type": "cron", "expression": "0 * * * *", "end_time": "1900-01-01T00:00"})
    assert problem.field == ("end_time",)


def test_an_end_beyond_2200_is_no_end():
    trigger = CronTrigger("0 0 * * *", end_time="9999-12-31T23:59:59")
    table = trigger.timetable(created_at=datetime(2199, 1, 1, tzinfo=UTC))
    assert table.previous_before(datetime(2201, 1, 1, tzinfo=UTC)) == datetime(2200, 12, 31, tzinfo=UTC)
    assert table.next_after(datetime(2200, 12, 31, tzinfo=UTC)) is None


def first_of(trigger, created=datetime(2022, 1, 1, tzinfo=UTC), **profile):
    return trigger.timetable(created_at=created, profile=ServiceProfile(**profile)).next_after(created)


def test_st_1_without_offset_it_is_wall_clock_in_the_zone():
    trigger = RecurrenceTrigger("day", 1, start_time="2022-07-10T10:00:00", time_zone="Pacific Standard Time")
    assert first_of(trigger) == datetime(2022, 7, 10, 17, tzinfo=UTC)


def test_st_1_with_an_offset_it_is_that_instant_and_its_wall_clock_is_the_anchor():
    trigger = RecurrenceTrigger("day", 1, start_time="2022-05-10T10:15:00-04:00", time_zone="Pacific Standard Time")
    table = trigger.timetable(created_at=datetime(2022, 1, 1, tzinfo=UTC))
    assert table.next_after(datetime(2022, 1, 1, tzinfo=UTC)) == datetime(2022, 5, 10, 14, 15, tzinfo=UTC)
    # 07:15 in Los Angeles; in winter that is 15:15 UTC
    assert table.next_after(datetime(2022, 12, 1, tzinfo=UTC)) == datetime(2022, 12, 1, 15, 15, tzinfo=UTC)


def test_st_1_the_offset_can_be_dropped_as_the_client_does():
    trigger = RecurrenceTrigger("day", 1, start_time="2022-05-10T10:15:00-04:00", time_zone="Pacific Standard Time")
    assert first_of(trigger, start_time_offset="dropped") == datetime(2022, 5, 10, 17, 15, tzinfo=UTC)
    ending = CronTrigger("0 * * * *", None, "2022-01-01T02:00:00Z", "Pacific Standard Time")
    table = ending.timetable(created_at=datetime(2022, 1, 1, tzinfo=UTC))
    assert table.count(datetime(2022, 1, 1, tzinfo=UTC), datetime(2022, 1, 2, tzinfo=UTC)) == 3
    table = ending.timetable(
        created_at=datetime(2022, 1, 1, tzinfo=UTC), profile=ServiceProfile(start_time_offset="dropped")
    )
    assert table.count(datetime(2022, 1, 1, tzinfo=UTC), datetime(2022, 1, 2, tzinfo=UTC)) == 11


def test_st_1_a_start_in_a_gap_keeps_its_written_wall_clock():
    trigger = RecurrenceTrigger("day", 1, start_time="2019-03-10T02:30:00", time_zone="Central Standard Time")
    table = trigger.timetable(created_at=datetime(2019, 1, 1, tzinfo=UTC))
    found = table.between(datetime(2019, 3, 1, tzinfo=UTC), datetime(2019, 3, 12, tzinfo=UTC))
    assert found == [datetime(2019, 3, 10, 8, 30, tzinfo=UTC), datetime(2019, 3, 11, 7, 30, tzinfo=UTC)]


def test_st_1_a_start_in_a_fold_is_its_first_pass():
    trigger = RecurrenceTrigger("hour", 1, start_time="2019-11-03T01:30:00", time_zone="Central Standard Time")
    assert first_of(trigger, datetime(2019, 1, 1, tzinfo=UTC)) == datetime(2019, 11, 3, 6, 30, tzinfo=UTC)


def test_st_1_a_start_in_the_second_pass_of_a_fold_fires_then():
    """Written with its offset it is that instant, and an occurrence exactly at the start fires (ST-5)."""
    start = "2019-11-03T01:30:00-06:00"
    trigger = RecurrenceTrigger("day", 1, start_time=start, time_zone="Central Standard Time")
    table = trigger.timetable(created_at=datetime(2019, 1, 1, tzinfo=UTC))
    found = table.between(datetime(2019, 11, 1, tzinfo=UTC), datetime(2019, 11, 5, tzinfo=UTC))
    assert found == [datetime(2019, 11, 3, 7, 30, tzinfo=UTC), datetime(2019, 11, 4, 7, 30, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("start", "end", "codes"),
    [
        ("2022-01-02T00:00:00", "2022-01-01T00:00:00", ["MLS305"]),
        ("2022-01-01T00:00:01", "2022-01-01T00:00:00", ["MLS305"]),
        ("2022-01-01T00:00:00", "2022-01-01T00:00:00", []),
        ("2022-01-01T10:00:00", "2022-01-01T10:00:00Z", ["MLS305"]),  # 18:00 and 10:00 UTC
        ("2022-01-01T03:00:00Z", "2022-01-01T00:00:00", []),  # 03:00 and 08:00 UTC
    ],
)
def test_st_6_an_end_before_the_start_is_an_error(start, end, codes):
    given = {"start_time": start, "end_time": end, "time_zone": "Pacific Standard Time"}
    _, problems = read_trigger({"type": "cron", "expression": "0 * * * *", **given})
    assert [problem.code for problem in problems] == codes


def test_st_6_start_and_end_are_compared_as_instants():
    start, end = Timestamp(datetime(2022, 1, 1, 10)), Timestamp(datetime(2022, 1, 1, 10), 0)
    assert [problem.code for problem in check_limits(start, end, zone("America/Los_Angeles"))] == ["MLS305"]
    assert check_limits(start, end, zone("America/Los_Angeles"), "dropped") == []
    assert check_limits(end, start, zone("America/Los_Angeles")) == []


def test_python_values_are_taken():
    naive = CronTrigger("0 * * * *", datetime(2022, 5, 10, 10, 15))
    assert (naive.start_time, naive.start.offset) == ("2022-05-10T10:15:00", None)
    aware = CronTrigger("0 * * * *", datetime(2022, 5, 10, 10, 15, tzinfo=timezone(timedelta(hours=-4))))
    assert (aware.start_time, aware.start.offset) == ("2022-05-10T10:15:00-04:00", -14_400)
    cut = CronTrigger("0 * * * *", datetime(2022, 5, 10, 10, 15, 0, 5))
    assert [problem.code for problem in cut.diagnostics] == ["MLS306"]
    assert cut == naive
    with pytest.raises(DefinitionError, match="MLS301 start_time: 2022-05-10 is a date, not a text"):
        CronTrigger("0 * * * *", date(2022, 5, 10))
    with pytest.raises(DefinitionError, match="MLS301 end_time: 5 is not a time"):
        RecurrenceTrigger("day", 1, RecurrencePattern(1, 1), end_time=5)


def test_texts_that_mean_the_same_are_equal():
    assert CronTrigger("0 * * * *", "2022-05-10 10:15") == CronTrigger("0 * * * *", "2022-05-10T10:15:00")
    assert CronTrigger("0 * * * *", "2022-05-10 10:15").start_time == "2022-05-10 10:15"
    assert CronTrigger("0 * * * *", "2022-05-10 10:15") != CronTrigger("0 * * * *", "2022-05-10 10:15Z")


def test_binary_yaml_texts_are_read_as_the_client_does():
    stamp, problems = read_timestamp(b"2022-05-10T10:15:00", "start_time")
    assert (stamp.wall, problems) == (datetime(2022, 5, 10, 10, 15), [])
