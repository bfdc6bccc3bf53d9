"""Triggers in words: a table of texts, and the numbers in them against the engine and croniter."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from croniter import croniter

from pytest_mlschedule import CronTrigger, RecurrencePattern, RecurrenceTrigger, ServiceProfile
from pytest_mlschedule.report.trigger_words import describe_trigger, yearly_runs

PACIFIC = "Pacific Standard Time"
START = "2026-01-29T10:00:30"  # a Thursday

CRON = {
    "0 3 * * *": "runs every day at 03:00 Pacific",
    "0 3 1 * *": "runs every day at 03:00 Pacific (the 1 in DAYS is ignored by Azure ML: 365 runs a year, not 12)",
    "0 0 31 2 *": "runs every day at 00:00 Pacific (the 31 in DAYS and the 2 in MONTHS are ignored by Azure ML: "
    "365 runs a year, not 0)",
    "0 3,15 * 1 0": "runs every Sunday at 03:00 and 15:00 Pacific (the 1 in MONTHS is ignored by Azure ML: "
    "104 runs a year, not 8.9)",
    "15 16 * * 1": "runs every Monday at 16:15 Pacific",
    "0 4,5,9 * * 1-5": "runs Monday to Friday at 04:00, 05:00 and 09:00 Pacific",
    "0 4 * * FRI-MON": "runs Monday to Friday at 04:00 Pacific",
    "0 9 * * 1,3,5": "runs every Monday, Wednesday and Friday at 09:00 Pacific",
    "0 9 * * 0,6": "runs every Saturday and Sunday at 09:00 Pacific",
    "0 9 * * 0,1": "runs every Monday and Sunday at 09:00 Pacific",
    "0 9 * * 2-4": "runs Tuesday to Thursday at 09:00 Pacific",
    "* * * * *": "runs every minute, Pacific time",
    "*/5 * * * *": "runs every 5 minutes, Pacific time",
    "5/15 * * * *": "runs every 15 minutes from minute 5 on, Pacific time",
    "*/7 * * * *": "runs every hour at minutes 0, 7, 14, 21, 28, 35, 42, 49 and 56, Pacific time",
    "0 * * * *": "runs every hour, Pacific time",
    "15 * * * *": "runs every hour at minute 15, Pacific time",
    "0,40 * * * *": "runs every hour at minutes 0 and 40, Pacific time",
    "0 * * * 1-5": "runs every hour, Monday to Friday, Pacific time",
    "*/99 * * * *": "runs every hour, Pacific time",
    "*/15 9-17 * * 1-5": "runs every 15 minutes from 09:00 to 17:45, Monday to Friday, Pacific time",
    "* 9-17 * * *": "runs every minute from 09:00 to 17:59, every day, Pacific time",
    "*/30 9 * * *": "runs every day at 09:00 and 09:30 Pacific",
    "0 */2 * * *": "runs every 2 hours from 00:00 to 22:00, every day, Pacific time",
    "30 8-18 * * *": "runs every hour from 08:30 to 18:30, every day, Pacific time",
    "30 22-2 * * *": "runs every hour from 02:30 to 22:30, every day, Pacific time",
    "0 1,3,5 * * *": "runs every day at 01:00, 03:00 and 05:00 Pacific",
    "*/2 */3 * * 0,6": "runs every 2 minutes in hours 0, 3, 6, 9, 12, 15, 18 and 21, every Saturday and Sunday, Pacific time",
    "*/10 1,2,4 * * *": "runs every 10 minutes in hours 1, 2 and 4, every day, Pacific time",
    "0,7,50 8-12 * * *": "runs every day 15 times, at minutes 0, 7 and 50 of hours 8 to 12, Pacific",
}  # fmt: skip


@pytest.mark.parametrize(("expression", "text"), CRON.items())
def test_cron(expression: str, text: str) -> None:
    assert describe_trigger(CronTrigger(expression, time_zone=PACIFIC)) == text


def recur(frequency: str, interval: int = 1, /, start: str | None = START, **pattern) -> RecurrenceTrigger:
    schedule = RecurrencePattern(**{"hours": 4, "minutes": 0, **pattern}) if pattern else None
    return RecurrenceTrigger(frequency, interval, schedule, start_time=start)


RECURRENCE = [
    (recur("minute", 7), "runs every 7 minutes, counted from 2026-01-29 10:00:30 UTC"),
    (recur("hour", start=None), "runs every hour, counted from its creation"),
    (recur("day"), "runs every day at 10:00:30 UTC"),
    (recur("day", 3), "runs every 3 days at 10:00:30 UTC, counted from 2026-01-29"),
    (recur("day", start=None), "runs every day from its creation on, at the same time of day, UTC"),
    (recur("week"), "runs every Thursday at 10:00:30 UTC"),
    (recur("week", 2), "runs every 2 weeks on Thursday at 10:00:30 UTC, counted from the week of 2026-01-29 (weeks start on Monday)"),
    (recur("week", 2, start=None), "runs every 2 weeks from its creation on, on the same weekday at the same time, UTC"),
    (recur("month"), "runs every month on day 29 at 10:00:30 UTC; months without day 29 skip it"),
    (recur("month", 3), "runs every 3 months on day 29 at 10:00:30 UTC, counted from January 2026; months without day 29 skip it"),
    (recur("month", start="2026-01-05T10:00:00"), "runs every month on day 5 at 10:00 UTC"),
    (recur("month", start=None), "runs every month from its creation on, on the same day of the month at the same time, UTC"),
    (recur("day", hours=[4, 5], minutes=[0, 30]), "runs every day at 04:00, 04:30, 05:00 and 05:30 UTC"),
    (recur("day", hours=list(range(24)), minutes=[0, 15, 30, 45]), "runs every 15 minutes, UTC"),
    (recur("day", 2, hours=[4, 5], minutes=[]), "runs every 2 days at 04:00 and 05:00 UTC, counted from 2026-01-29"),
    (recur("day", hours=[], minutes=[5, 10]), "runs every day at 10:05 and 10:10 UTC"),
    (recur("day", start=None, hours=[4, 5], minutes=[]), "runs every day at the minute of its creation in hours 4 and 5 UTC"),
    (recur("day", 2, start=None, hours=[], minutes=[5]), "runs every 2 days at minute 5 of the hour of its creation UTC, counted from its creation"),
    (recur("week", week_days=["friday", "monday"]), "runs every Monday and Friday at 04:00 UTC"),
    (recur("week", 2, week_days=["monday", "tuesday", "wednesday"]), "runs every 2 weeks on Monday to Wednesday at 04:00 UTC, counted from the week of 2026-01-29 (weeks start on Monday)"),
    (recur("week", hours=4), "runs every Thursday at 04:00 UTC"),
    (recur("week", start=None, hours=4), "runs every week on the weekday of its creation at 04:00 UTC"),
    (recur("week", hours=[], minutes=[], week_days="sunday"), "runs every Sunday at 10:00 UTC"),
    (recur("week", start=None, hours=[], minutes=[], week_days="sunday"), "runs every Sunday at the time of its creation UTC"),
    (recur("month", month_days=[15, 1, 31]), "runs every month on days 1, 15 and 31 at 04:00 UTC; months without day 31 skip it"),
    (recur("month", month_days=[29, 30, 31]), "runs every month on days 29 to 31 at 04:00 UTC; months without day 29, 30 or 31 skip it"),
    (recur("month", month_days=[1, -1, -2, -5]), "runs every month on day 1, the last day, the last day but one and day 5 from the end at 04:00 UTC"),
    (recur("month", 2, month_days=-1), "runs every 2 months on the last day at 04:00 UTC, counted from January 2026"),
    (recur("month", 2, start=None, month_days=-1), "runs every 2 months on the last day at 04:00 UTC, counted from its creation"),
    (recur("month", week_days=["monday", "friday"]), "runs every month on every Monday and Friday at 04:00 UTC"),
    (recur("month", week_days="monday", month_days=range(1, 8)), "runs every month on days 1 to 7 that are a Monday at 04:00 UTC"),
    (recur("month", week_days="friday", month_days=13), "runs every month on day 13 that is a Friday at 04:00 UTC"),
    (recur("month", hours=4), "runs every month on day 29 at 04:00 UTC; months without day 29 skip it"),
    (recur("month", start=None, hours=4), "runs every month on the day of its creation at 04:00 UTC"),
]  # fmt: skip


@pytest.mark.parametrize(("trigger", "text"), RECURRENCE, ids=[text for _, text in RECURRENCE])
def test_recurrence(trigger: RecurrenceTrigger, text: str) -> None:
    assert describe_trigger(trigger) == text


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("UTC", "runs every day at 03:00 UTC"),
        ("UTC-11", "runs every day at 03:00 UTC-11"),
        ("GMT Standard Time", "runs every day at 03:00 London"),
        ("Pacific Standard Time (Mexico)", "runs every day at 03:00 Pacific (Mexico)"),
        ("W. Europe Standard Time", "runs every day at 03:00 W. Europe"),
    ],
)
def test_zones_have_their_everyday_names(zone: str, text: str) -> None:
    assert describe_trigger(CronTrigger("0 3 * * *", time_zone=zone)) == text


def test_dense_triggers_name_the_clock() -> None:
    assert describe_trigger(CronTrigger("*/5 * * * *")) == "runs every 5 minutes, UTC"
    assert describe_trigger(CronTrigger("*/5 * * * *", time_zone=PACIFIC)) == "runs every 5 minutes, Pacific time"


def test_st_1_the_start_is_the_wall_clock_of_the_zone() -> None:
    trigger = RecurrenceTrigger("day", 2, start_time="2026-01-29T23:30:00Z", time_zone=PACIFIC)
    assert describe_trigger(trigger) == "runs every 2 days at 15:30 Pacific, counted from 2026-01-29"
    dropped = ServiceProfile(start_time_offset="dropped")
    assert describe_trigger(trigger, dropped) == "runs every 2 days at 23:30 Pacific, counted from 2026-01-29"


def test_rc_7_the_start_of_the_week_is_named() -> None:
    text = describe_trigger(recur("week", 2), ServiceProfile(week_start="sunday"))
    assert text.endswith("(weeks start on Sunday)")


# 28 years hold every pair of date and weekday equally often, leap years included.
SPAN = (datetime(2001, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("expression", ["0 3 1 * *", "0 3,15 * 1 0", "*/30 4 1,15 * 1-5", "0 0 * 6 *", "5 4 31 * 2"])
def test_cr_4_the_numbers_of_a_year(expression: str) -> None:
    trigger = CronTrigger(expression)
    runs, looks = yearly_runs(trigger.fields)
    counted = trigger.timetable(created_at=SPAN[0]).count(*SPAN) / 28
    assert runs == pytest.approx(counted, rel=0.003)
    # Days and weekdays together, as NCrontab reads them; croniter's default is "or".
    times = croniter(expression, SPAN[0].timestamp() - 1, day_or=False)
    meant = sum(1 for _ in iter(lambda: times.get_next(float) < SPAN[1].timestamp(), False)) / 28
    assert looks == pytest.approx(meant, rel=0.02)
