"""The values of a recurrence pattern (RC-4, RC-8)."""

from __future__ import annotations

import pytest

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.triggers.recurrence_pattern import RecurrencePattern


def test_rc_4_pattern_values_are_normalised():
    one = RecurrencePattern([5, 4, 5], "30", ["Sunday", "MONDAY", "monday"], (31, 1))
    other = RecurrencePattern({4, 5}, 30.0, {"monday", "sunday"}, [1, 31, 1])
    assert one == other
    assert hash(one) == hash(other)
    assert (one.hours, one.minutes) == ((4, 5), (30,))
    assert one.week_days == ("monday", "sunday")
    assert one.month_days == (1, 31)
    assert RecurrencePattern(range(3), 0).hours == (0, 1, 2)


@pytest.mark.parametrize(
    ("values", "code", "field", "message"),
    [
        ({"hours": 24}, "MLS204", ("hours",), "hour 24 is not in 0-23"),
        ({"hours": [1, -1]}, "MLS204", ("hours", 1), "hour -1 is not in 0-23"),
        ({"minutes": [60]}, "MLS204", ("minutes", 0), "minute 60 is not in 0-59"),
        ({"hours": True}, "MLS008", ("hours",), "True is not a number or a list of numbers from 0 to 23"),
        ({"hours": ["x"]}, "MLS008", ("hours", 0), "'x' is not a number or a list of numbers from 0 to 23"),
        ({"hours": None}, "MLS008", ("hours",), "null is not a number or a list of numbers from 0 to 23"),
        ({"minutes": {}}, "MLS008", ("minutes",), "{} is not a number or a list of numbers from 0 to 59"),
        ({"week_days": "mon"}, "MLS204", ("week_days",), "'mon' is not a week day"),
        ({"week_days": ["monday", "M"]}, "MLS204", ("week_days", 1), "'M' is not a week day"),
        ({"week_days": 1}, "MLS008", ("week_days",), "1 is not the name of a week day or a list of them"),
        ({"month_days": 0}, "MLS204", ("month_days",), "month day 0 is not in 1-31"),
        ({"month_days": [1, 32]}, "MLS204", ("month_days", 1), "month day 32 is not in 1-31"),
        ({"month_days": -32}, "MLS204", ("month_days",), "month day -32 is not in 1-31"),
        ({"month_days": "first"}, "MLS008", ("month_days",), "'first' is not a day of the month or a list of them"),
        ({"hours": [0] * 10_001}, "MLS204", ("hours",), "10,001 items are too many"),
    ],
)
def test_rc_4_values_out_of_range_are_errors(values, code, field, message):
    with pytest.raises(DefinitionError) as raised:
        RecurrencePattern(**{"hours": 1, "minutes": 1, **values})
    (problem,) = raised.value.diagnostics
    assert (problem.code, problem.field, problem.message) == (code, field, message)


@pytest.mark.parametrize(("written", "hint"), [("mon", "monday"), ("tues", "tuesday"), ("wendesday", "wednesday")])
def test_rc_4_week_days_hint_the_name(written, hint):
    with pytest.raises(DefinitionError) as raised:
        RecurrencePattern(1, 1, written)
    assert raised.value.diagnostics[0].hint == f'write "{hint}"'


def test_rc_4_every_problem_at_once():
    with pytest.raises(DefinitionError) as raised:
        RecurrencePattern([24, 4.5], 60, ["foo"], [0])
    assert [problem.field for problem in raised.value.diagnostics] == [
        ("hours", 0), ("hours", 1), ("minutes",), ("week_days", 0), ("month_days", 0)
    ]  # fmt: skip


def test_rc_8_negative_days_warn():
    pattern = RecurrencePattern(9, 0, month_days=[-1, 1])
    assert [(found.code, str(found.severity)) for found in pattern.diagnostics] == [("MLS207", "warning")]


@pytest.mark.parametrize(
    ("values", "hint"),
    [
        ({"hours": "9-12"}, "write a list: [9, 10, 11, 12]"),
        ({"hours": "9, 12"}, "write a list: [9, 12]"),
        ({"hours": "*"}, "* is for cron expressions; write a list, or use a cron trigger"),
        ({"hours": "17-9"}, ""),
        ({"hours": {}}, ""),
        ({"month_days": "1;15"}, "write a list: [1, 15]"),
        ({"week_days": 1}, "write names: monday to sunday"),
        ({"week_days": True}, "true and false (also yes, no, on, off in YAML) are not numbers"),
        ({"week_days": "weekdays"}, "write [monday, tuesday, wednesday, thursday, friday]"),
        ({"week_days": ["Weekend"]}, "write [saturday, sunday]"),
        ({"week_days": "mon, fri"}, "write [monday, friday]"),
        ({"week_days": "mon, xyz"}, "write monday, tuesday, wednesday, thursday, friday, saturday or sunday"),
    ],
)
def test_rc_4_lists_in_one_text_get_a_way_out(values, hint):
    with pytest.raises(DefinitionError) as raised:
        RecurrencePattern(**{"hours": 1, "minutes": 0, **values})
    assert [problem.hint for problem in raised.value.diagnostics] == [hint]
