"""MLS210 and MLS211: days that some months lack, patterns that studio cannot edit."""

from __future__ import annotations

import calendar
import io
from datetime import UTC, datetime
from random import Random

import pytest
from dateutil.relativedelta import relativedelta

from pytest_mlschedule import check_schedules, load_schedule

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def findings(code: str, trigger: dict[str, object], *, now: datetime = NOW):
    schedule = load_schedule({"name": "n", "trigger": {"type": "recurrence", **trigger}, "create_job": "azureml:j"})
    return [item for item in check_schedules(schedule, now=now) if item.code == code]


def monthly(
    *days: int, interval: int = 1, start: str | None = "2026-01-01T00:00:00", **more: object
) -> dict[str, object]:
    pattern = {"hours": [4], "minutes": [0], "month_days": list(days)}
    given = {"frequency": "month", "interval": interval, "schedule": pattern, **more}
    return given if start is None else {**given, "start_time": start}


@pytest.mark.parametrize(
    ("trigger", "message"),
    [
        (monthly(31), "day 31 is missing in Feb, Apr, Jun, Sep and Nov 2026: no run in those months"),
        (monthly(31, start="2026-10-05T00:00:00"), "day 31 is missing in Nov 2026 and Feb, Apr, Jun and Sep 2027: no run in those months"),
        (monthly(31, start=None), "day 31 is missing in Feb, Apr, Jun, Sep and Nov 2026: no run in those months"),
        (monthly(30), "day 30 is missing in Feb 2026: no run in that month"),
        (monthly(29), "day 29 is missing in Feb 2026: no run in that month"),
        (monthly(29, start="2027-03-01T00:00:00"), "day 29 is missing in Feb 2029: no run in that month"),
        (monthly(1, 29, 30, 31), "days 29, 30 and 31 are missing in Feb 2026, day 31 is missing in Apr, Jun, Sep and Nov 2026: those runs are left out"),
        (monthly(31, interval=3), "day 31 is missing in Apr 2026: no run in that month"),
        (monthly(31, interval=5, start=None), "day 31 is missing in Jun and Nov 2026: no run in those months"),
        (monthly(31, interval=12, start="2026-02-01T00:00:00"), None),
        (monthly(31, interval=12), None),
        (monthly(29, interval=16, start="2028-02-01T00:00:00"), None),
        (monthly(28), None),
        (monthly(31, end_time="2026-02-28T23:59:59"), None),
        (monthly(31, end_time="2026-03-01T00:00:00"), "day 31 is missing in Feb 2026: no run in that month"),
        (monthly(-1), None),
        (monthly(-31, 1), "day -31 is missing in Feb, Apr, Jun, Sep and Nov 2026: those runs are left out"),
    ],
)  # fmt: skip
def test_rc_8_months_without_the_day_are_named(trigger, message):
    found = findings("MLS210", trigger)
    assert [item.message for item in found] == ([] if message is None else [message])
    assert all((str(item.severity), item.field) == ("warning", ("trigger", "schedule", "month_days")) for item in found)


@pytest.mark.parametrize(
    ("trigger", "message"),
    [
        ({"start_time": "2026-01-31T10:00:00"}, "day 31 is missing in Feb, Apr, Jun, Sep and Nov 2026: no run in those months"),
        ({"start_time": "2026-01-28T10:00:00"}, None),
        # The 30th in UTC, the 31st in Tokyo.
        ({"start_time": "2026-01-30T23:00:00Z", "time_zone": "Tokyo Standard Time"}, "day 31 is missing in Feb, Apr, Jun, Sep and Nov 2026: no run in those months"),
        ({"start_time": "2026-01-29T10:00:00", "schedule": {"hours": [4], "minutes": [0]}}, "day 29 is missing in Feb 2026: no run in that month"),
        ({"start_time": "2026-01-31T10:00:00", "schedule": {"hours": [4], "minutes": [0], "week_days": ["monday"]}}, None),
        ({"start_time": "2024-02-29T10:00:00", "interval": 12}, "day 29 is missing in Feb 2026: no run in that month"),
    ],
)  # fmt: skip
def test_rc_3_the_day_may_come_from_the_start(trigger, message):
    found = findings("MLS210", {"frequency": "month", "interval": 1, **trigger})
    assert [item.message for item in found] == ([] if message is None else [message])
    assert all(item.field == ("trigger", "start_time") for item in found)


def test_rc_3_a_day_that_is_not_known_yet_is_no_finding():
    """Without start_time the day is that of creation; MLS308 says so, on every day of the year."""
    assert findings("MLS210", {"frequency": "month", "interval": 1}, now=datetime(2026, 1, 31, tzinfo=UTC)) == []


def test_rc_8_where_nothing_runs_at_all_that_is_said_alone():
    never = monthly(30, interval=12, start="2026-02-01T00:00:00")
    assert findings("MLS210", never) == []
    assert len(findings("MLS510", never)) == 1


@pytest.mark.parametrize(
    ("trigger", "hint"),
    [
        (monthly(31), "write 28, which every month has, or -1 for the last day (not documented for Azure ML: MLS207)"),
        (monthly(-30), "every month has the days -28 to -1, and 1 to 28; 1 is the first day"),
        (
            {"frequency": "month", "interval": 1, "start_time": "2026-01-31T10:00:00"},
            "start on day 28 or earlier, or give a schedule with month_days: -1 is the last day of a month (not documented for "
            "Azure ML: MLS207)",
        ),
    ],
)
def test_rc_8_the_way_out(trigger, hint):
    assert [item.hint for item in findings("MLS210", trigger)] == [hint]


def test_rc_8_other_frequencies_have_no_month_days():
    assert findings("MLS210", {"frequency": "day", "interval": 1, "start_time": "2026-01-31T10:00:00"}) == []


@pytest.mark.parametrize("number", range(40))
def test_rc_8_the_skipped_months_are_those_of_the_calendar(number):
    random = Random(f"months {number}")
    day, interval, first = random.choice([29, 30, 31]), random.choice([1, 2, 3, 4, 7]), random.randrange(12)
    start = datetime(2026 + random.randrange(4), first + 1, 5)
    months = [start + relativedelta(months=step) for step in range(0, 12, interval)]
    missing = [month for month in months if calendar.monthrange(month.year, month.month)[1] < day]
    found = findings("MLS210", monthly(day, interval=interval, start=start.isoformat()))
    if missing:
        names = (
            found[0]
            .message.partition(" missing in ")[2]
            .partition(":")[0]
            .replace(",", "")
            .replace(" and ", " ")
            .split()
        )
        year, told = "", []
        for word in reversed(names):
            year, told = (word, told) if word.isdecimal() else (year, [f"{word} {year}", *told])
        assert told == [f"{month:%b %Y}" for month in missing]
    else:
        late = [item.message for item in found]
        assert not any(f"{month:%b %Y}" in text for month in months for text in late)


@pytest.mark.parametrize(
    ("pattern", "times", "field"),
    [
        ({"hours": [4, 5, 10, 11, 12], "minutes": [0, 30]}, 10, "hours"),
        ({"hours": [4], "minutes": [0, 30]}, 2, "minutes"),
        ({"hours": [], "minutes": [0, 30]}, 2, "minutes"),
        ({"hours": [4], "minutes": [0]}, None, ""),
        ({"hours": [], "minutes": []}, None, ""),
    ],
)
def test_ws_10_patterns_of_several_times_cannot_be_edited_in_studio(pattern, times, field):
    found = findings("MLS211", {"frequency": "day", "interval": 1, "schedule": pattern})
    if times is None:
        assert found == []
        return
    assert [item.message for item in found] == [
        f"a pattern of {times} times a day: Azure ML studio shows it and cannot edit it"
    ]
    assert (str(found[0].severity), found[0].field) == ("note", ("trigger", "schedule", field))


def test_ws_10_cron_expressions_are_no_patterns():
    schedule = load_schedule(
        {"name": "n", "trigger": {"type": "cron", "expression": "0 4,5 * * *"}, "create_job": "azureml:j"}
    )
    assert {item.code for item in check_schedules(schedule, now=NOW)} & {"MLS210", "MLS211"} == set()


def test_findings_stand_at_the_value():
    text = (
        "name: n\ntrigger:\n  type: recurrence\n  frequency: month\n  interval: 1\n  schedule:\n"
        "    hours: [4, 5]\n    minutes: 0\n    month_days: [1, 31]\ncreate_job: azureml:j\n"
    )
    found = check_schedules(load_schedule(io.StringIO(text)), now=NOW)
    places = {item.code: (item.location.line, item.location.column) for item in found}
    assert (places["MLS210"], places["MLS211"]) == ((9, 17), (7, 12))
