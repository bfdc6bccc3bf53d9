"""Reading the trigger of a document: keys, types and problems."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.reading import read_trigger
from pytest_mlschedule.triggers.recurrence import RecurrencePattern, RecurrenceTrigger

DAILY = {"type": "recurrence", "frequency": "day", "interval": 1}
CRON = {"type": "cron", "expression": "0 9 * * *"}


def found(data: object, **options) -> list[tuple[str, str]]:
    """(code, field) of every problem, in order."""
    return [(problem.code, problem.field_name) for problem in read_trigger(data, **options)[1]]


def hint_of(data: object) -> str:
    (problem,) = read_trigger(data)[1]
    return problem.hint


def test_a_cron_trigger():
    trigger, problems = read_trigger(
        {
            **CRON,
            "start_time": "2022-05-10T10:15:00",
            "end_time": "2023-05-10 10:15",
            "time_zone": "pacific standard time",
        }
    )
    assert problems == ()
    assert trigger == CronTrigger("0 9 * * *", "2022-05-10T10:15:00", "2023-05-10T10:15", "Pacific Standard Time")
    assert (trigger.type, trigger.time_zone) == ("cron", "Pacific Standard Time")


def test_a_recurrence_trigger():
    pattern = {"hours": [4, "5"], "minutes": 30, "week_days": "Monday", "month_days": [1]}
    trigger, problems = read_trigger({"type": "Recurrence", "frequency": "Month", "interval": "2", "schedule": pattern})
    assert trigger == RecurrenceTrigger("month", 2, RecurrencePattern([4, 5], 30, "monday", 1))
    assert [problem.code for problem in problems] == ["MLS208"]
    assert trigger.diagnostics == problems


@pytest.mark.parametrize("data", [None, 5, "cron", [], ["type"], True])
def test_what_is_no_mapping(data):
    trigger, (problem,) = read_trigger(data)
    assert trigger is None
    assert (problem.code, problem.field) == ("MLS008", ())


@pytest.mark.parametrize(
    ("data", "expected", "hint"),
    [
        ({"expression": "0 9 * * *"}, [("MLS007", "type")], "add type: cron"),
        ({"frequency": "day", "interval": 1}, [("MLS007", "type")], "add type: recurrence"),
        ({}, [("MLS007", "type")], "add type: cron or type: recurrence"),
        ({"type": "cron"}, [("MLS007", "expression")], 'add it, for example expression: "0 9 * * 1-5"'),
        ({"type": "recurrence", "interval": 1}, [("MLS007", "frequency")], "add it: minute, hour, day, week or month"),
        ({"type": "recurrence", "frequency": "day"}, [("MLS007", "interval")], "add it, for example interval: 1"),
        (
            {**DAILY, "schedule": {"hours": 1}},
            [("MLS007", "schedule.minutes")],
            "add minutes; an empty list takes them from start_time",
        ),
    ],
)
def test_missing_keys(data, expected, hint):
    assert found(data) == expected
    assert hint_of(data) == hint


def test_an_empty_schedule_lacks_both_keys():
    assert found({**DAILY, "schedule": {}}) == [("MLS007", "schedule.hours"), ("MLS007", "schedule.minutes")]


@pytest.mark.parametrize(
    ("data", "field", "hint"),
    [
        ({**DAILY, "timezone": "UTC"}, "timezone", "write time_zone"),
        ({**DAILY, "timeZone": "UTC"}, "timeZone", "write time_zone"),
        ({**DAILY, "startTime": "x"}, "startTime", "write start_time"),
        ({**DAILY, "start": "x"}, "start", "write start_time"),
        ({**DAILY, "pattern": {}}, "pattern", "write schedule"),
        ({**DAILY, "intervals": 1}, "intervals", "write interval"),
        ({**DAILY, "schedules": {}}, "schedules", "write schedule"),
        ({**DAILY, "expression": "x"}, "expression", "expression belongs to a cron trigger"),
        ({**DAILY, "cron": "x"}, "cron", "expression belongs to a cron trigger"),
        ({**DAILY, "hours": 1}, "hours", "hours belongs under schedule"),
        ({**DAILY, "weekdays": "monday"}, "weekdays", "week_days belongs under schedule"),
        ({**DAILY, "tiem_zone": "UTC"}, "tiem_zone", "did you mean time_zone?"),
        (
            {**CRON, "colour": 1},
            "colour",
            "the keys are type, expression, start_time, end_time and time_zone",
        ),
        ({**CRON, "frequency": "day"}, "frequency", "frequency belongs to a recurrence trigger"),
        ({**CRON, "hours": 1}, "hours", "days and times are part of expression"),
        ({**CRON, 5: 1}, "5", "the keys are type, expression, start_time, end_time and time_zone"),
        ({**CRON, "x" * 5000: 1}, "x" * 5000, "the keys are type, expression, start_time, end_time and time_zone"),
    ],
)
def test_unknown_keys_of_a_trigger(data, field, hint):
    assert found(data) == [("MLS006", field)]
    assert hint_of(data) == hint


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("weekdays", "write week_days"),
        ("weekDays", "write week_days"),
        ("monthdays", "write month_days"),
        ("month_day", "write month_days"),
        ("hour", "write hours"),
        ("minute", "write minutes"),
        ("time_zone", "time_zone belongs to the trigger, one level up"),
        ("timezone", "time_zone belongs to the trigger, one level up"),
        ("minuts", "did you mean minutes?"),
        ("colour", "the keys are hours, minutes, week_days and month_days"),
    ],
)
def test_rc_4_unknown_keys_of_a_pattern(key, hint):
    data = {"type": "recurrence", "frequency": "month", "interval": 1, "schedule": {"hours": 1, "minutes": 1, key: 1}}
    assert found(data) == [("MLS006", f"schedule.{key}")]
    assert hint_of(data) == hint


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({**CRON, "type": None}, "type"),
        ({**CRON, "expression": None}, "expression"),
        ({**CRON, "time_zone": None}, "time_zone"),
        ({**CRON, "end_time": None}, "end_time"),
        ({**DAILY, "frequency": None}, "frequency"),
        ({**DAILY, "interval": None}, "interval"),
        ({**DAILY, "schedule": None}, "schedule"),
        ({**DAILY, "schedule": {"hours": None, "minutes": 1}}, "schedule.hours"),
        ({**DAILY, "schedule": {"hours": 1, "minutes": 1, "week_days": None}}, "schedule.week_days"),
    ],
)
def test_null_is_rejected_everywhere(data, field):
    assert found(data) == [("MLS008", field)]
    assert "null" in read_trigger(data)[1][0].message


@pytest.mark.parametrize("written", ["event", "EventGrid", "blob_created", "data", "on_data_arrival"])
def test_ws_10_event_based_triggers_say_that_the_service_has_none(written):
    trigger, (problem,) = read_trigger({"type": written})
    assert trigger is None
    assert (problem.code, problem.field) == ("MLS012", ("type",))
    assert "Azure Machine Learning v2 schedules don't support event-based triggers" in problem.message


@pytest.mark.parametrize(
    ("data", "code", "hint"),
    [
        ({"type": "corn", "expression": "0 9 * * *"}, "MLS009", "write cron"),
        ({"type": "recurrent"}, "MLS009", "write recurrence"),
        ({"type": "weekly", "frequency": "week", "interval": 1}, "MLS009", "write recurrence"),
        ({"type": "x"}, "MLS009", "write cron or recurrence"),
        ({"type": 5}, "MLS008", ""),
        ({"type": ["cron"]}, "MLS008", ""),
    ],
)
def test_other_types(data, code, hint):
    trigger, (problem,) = read_trigger(data)
    assert trigger is None
    assert (problem.code, problem.field, problem.hint) == (code, ("type",), hint)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({**CRON, "expression": 5}, ("MLS008", "expression")),
        ({**CRON, "expression": True}, ("MLS008", "expression")),
        ({**CRON, "time_zone": 5}, ("MLS008", "time_zone")),
        ({**CRON, "time_zone": ["UTC"]}, ("MLS008", "time_zone")),
        ({**DAILY, "frequency": 5}, ("MLS008", "frequency")),
        ({**DAILY, "frequency": b"day"}, ("MLS008", "frequency")),
        ({**DAILY, "schedule": []}, ("MLS008", "schedule")),
        ({**DAILY, "schedule": "daily"}, ("MLS008", "schedule")),
        ({**DAILY, "schedule": SimpleNamespace(hours=1, minutes=1, week_days=1, month_days=1)}, ("MLS008", "schedule")),
        ({**DAILY, "schedule": {"hours": True, "minutes": 0}}, ("MLS008", "schedule.hours")),
        ({**DAILY, "schedule": {"hours": [1, {}], "minutes": 0}}, ("MLS008", "schedule.hours[1]")),
    ],
)
def test_wrong_types(data, expected):
    assert found(data) == [expected]


def test_every_problem_at_once_in_the_order_of_the_document():
    data = {
        "schedule": {"weekdays": ["monday"], "minutes": [0, 75], "hours": None},
        "time_zone": "America/New_York",
        "type": "recurrence",
        "interval": 0,
        "frequency": "days",
        "start_time": "soon",
        "colour": "red",
    }
    assert found(data) == [
        ("MLS006", "schedule.weekdays"),
        ("MLS204", "schedule.minutes[1]"),
        ("MLS008", "schedule.hours"),
        ("MLS303", "time_zone"),
        ("MLS202", "interval"),
        ("MLS201", "frequency"),
        ("MLS301", "start_time"),
        ("MLS006", "colour"),
    ]


def test_problems_across_fields_show_beside_others():
    data = {
        "type": "recurrence",
        "frequency": "hour",
        "interval": 1.5,
        "schedule": {"hours": 1, "minutes": 1},
        "start_time": "2022-01-02T00:00:00",
        "end_time": "2022-01-01T00:00:00",
        "colour": 1,
    }
    assert found(data) == [("MLS209", "interval"), ("MLS205", "schedule"), ("MLS305", "end_time"), ("MLS006", "colour")]
    limits = {"start_time": "2022-01-02T00:00:00", "end_time": "2022-01-01T00:00:00", "time_zone": 5}
    assert found({"type": "x", **limits}) == [("MLS009", "type"), ("MLS305", "end_time"), ("MLS008", "time_zone")]


def test_warnings_do_not_stop_a_trigger():
    trigger, problems = read_trigger({**CRON, "expression": "0 9 1 * *", "time_zone": "UTC+13"})
    assert [problem.code for problem in problems] == ["MLS103", "MLS304"]
    assert trigger.diagnostics == problems


def test_the_profile_counts():
    data = {**CRON, "time_zone": "Europe/Paris"}
    assert found(data) == [("MLS303", "time_zone")]
    trigger, problems = read_trigger(data, profile=ServiceProfile(iana_zones="accept"))
    assert (trigger.time_zone, problems) == ("Europe/Paris", ())
    late = {**CRON, "start_time": "2022-01-01T01:00:00+05:00", "end_time": "2022-01-01T00:30:00"}
    assert found(late) == []
    assert found(late, profile=ServiceProfile(start_time_offset="dropped")) == [("MLS305", "end_time")]


def test_numbers_too_long_to_print_are_reported():
    huge = 10**5000
    data = {**DAILY, "interval": huge, "schedule": {"hours": huge, "minutes": [huge]}, huge: 1, "time_zone": huge}
    assert [code for code, _ in found(data)] == ["MLS203", "MLS204", "MLS204", "MLS006", "MLS008"]


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        (
            {"type": "cron", "frequency": "day", "interval": 1},
            "the type is cron, and frequency and interval belong to a recurrence trigger",
            "write recurrence, or give the trigger the keys of cron",
        ),
        (
            {"type": "recurrence", "expression": "0 9 * * *"},
            "the type is recurrence, and expression belongs to a cron trigger",
            "write cron, or give the trigger the keys of recurrence",
        ),
    ],
)
def test_a_type_that_no_other_key_goes_with_is_one_problem(data, message, hint):
    trigger, problems = read_trigger(data)
    assert trigger is None
    assert [(item.code, item.field, item.message, item.hint) for item in problems] == [
        ("MLS009", ("type",), message, hint)
    ]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"type": "cron", "cron": "0 9 * * *"}, "cron"),
        ({"type": "recurrence", "frequency": "day", "intervals": 1}, "intervals"),
        ({**DAILY, "schedule": {"hour": 1, "minutes": 0}}, "schedule.hour"),
    ],
)
def test_a_misspelt_key_is_not_missing_as_well(data, field):
    assert found(data) == [("MLS006", field)]
