"""A trigger in one sentence: when it runs, in plain English, and what Azure ML makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.report.time_words import (
    DAY_NAMES,
    count_unit,
    name_clock,
    name_hours,
    name_minutes,
    name_numbers,
    name_times,
    name_weekdays,
    name_zone,
    show_clock,
    show_wall,
)
from pytest_mlschedule.schedules.models import Trigger
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.ncrontab import MONTHS, CronFields
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger
from pytest_mlschedule.triggers.recurrence_pattern import WEEK_DAYS
from pytest_mlschedule.triggers.window import NAIVE_EPOCH
from pytest_mlschedule.triggers.wording import list_names

MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
DAYS_OF_A_YEAR = 365.2425
_SAME = {
    "day": "at the same time of day",
    "week": "on the same weekday at the same time",
    "month": "on the same day of the month at the same time",
}


def describe_trigger(trigger: Trigger, profile: ServiceProfile = DEFAULT_PROFILE) -> str:
    """``runs every day at 03:00 Pacific``: one sentence without a full stop.

    What hangs on the time of creation, where there is no start_time, is said in these words (semantics ST-3).
    """
    if isinstance(trigger, CronTrigger):
        return f"runs {_cron(trigger)}"
    return f"runs {_recurrence(trigger, find_anchor(trigger, profile), profile)}"


def find_anchor(trigger: Trigger, profile: ServiceProfile = DEFAULT_PROFILE) -> datetime | None:
    """The wall clock that a trigger counts from (naive); None where that is the schedule's creation (ST-1, ST-3)."""
    if trigger.start is None:
        return None
    return NAIVE_EPOCH + timedelta(0, trigger.start.wall_seconds(trigger.zone, profile.start_time_offset))


def _cron(trigger: CronTrigger) -> str:
    fields = trigger.fields
    weekdays = sorted((day + 6) % 7 for day in fields.weekdays)
    text = _join(name_weekdays(weekdays), name_times(fields.hours, fields.minutes), trigger.time_zone)
    return text + _ignored(trigger)


def _join(days: str, times: str, time_zone: str) -> str:
    """Days and times as one phrase: ``every day at 03:00 Pacific``, ``every 5 minutes, every day, Pacific time``."""
    if days == "every day" and times.startswith("every") and ":" not in times and " in " not in times:
        return f"{times}, {name_clock(time_zone)}"
    if times.startswith("every"):
        return f"{times}, {days}, {name_clock(time_zone)}"
    return f"{days} {times} {name_zone(time_zone)}"


def _ignored(trigger: CronTrigger) -> str:
    """`` (the 1 in DAYS is ignored by Azure ML: 365 runs a year, not 12)``, or nothing (CR-4)."""
    fields = trigger.fields
    parts = trigger.expression.split()
    ignored = [
        f"the {part} in {name}"
        for name, part, values, most in (("DAYS", parts[2], fields.days, 31), ("MONTHS", parts[3], fields.months, 12))
        if len(values) < most
    ]
    if not ignored:
        return ""
    runs, looks = yearly_runs(fields)
    verb = "are" if len(ignored) > 1 else "is"
    return f" ({list_names(ignored)} {verb} ignored by Azure ML: {_number(runs)} runs a year, not {_number(looks)})"


def yearly_runs(fields: CronFields) -> tuple[float, float]:
    """Runs in an average year: as Azure ML reads the fields, and as they look."""
    share = len(fields.weekdays) / 7
    times = len(fields.hours) * len(fields.minutes)
    days = 365 if share == 1 else DAYS_OF_A_YEAR * share
    looks = sum(day <= MONTH_LENGTHS[month - 1] for month in fields.months for day in fields.days) * share
    return days * times, looks * times


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0") if value < 10 else f"{value:,.0f}"


def _recurrence(trigger: RecurrenceTrigger, anchor: datetime | None, profile: ServiceProfile) -> str:
    every = count_unit(trigger.interval, trigger.frequency)
    if trigger.frequency in ("minute", "hour"):
        start = "its creation" if anchor is None else f"{show_wall(anchor)} {name_zone(trigger.time_zone)}"
        return f"{every}, counted from {start}"
    if anchor is None and trigger.schedule is None:
        return f"{every} from its creation on, {_SAME[trigger.frequency]}, {name_clock(trigger.time_zone)}"
    days = {"day": _days, "week": _weeks, "month": _months}[trigger.frequency](trigger, anchor)
    text = _join(days, _times(trigger, anchor), trigger.time_zone)
    return text + _counted(trigger, anchor, profile)


def _days(trigger: RecurrenceTrigger, _: datetime | None) -> str:
    return count_unit(trigger.interval, "day")


def _weeks(trigger: RecurrenceTrigger, anchor: datetime | None) -> str:
    named = trigger.schedule.week_days if trigger.schedule else ()
    weekdays = [WEEK_DAYS.index(day) for day in named] or ([] if anchor is None else [anchor.weekday()])
    every = count_unit(trigger.interval, "week")
    if not weekdays:
        return f"{every} on the weekday of its creation"
    if trigger.interval == 1:
        return name_weekdays(weekdays)
    return f"{every} on {name_weekdays(weekdays).removeprefix('every ')}"


def _months(trigger: RecurrenceTrigger, anchor: datetime | None) -> str:
    pattern = trigger.schedule
    numbers = pattern.month_days if pattern else ()
    weekdays = [DAY_NAMES[WEEK_DAYS.index(day)] for day in pattern.week_days] if pattern else []
    every = count_unit(trigger.interval, "month")
    if not numbers and weekdays:
        return f"{every} on every {list_names(weekdays)}"
    if not numbers:
        return f"{every} on the day of its creation" if anchor is None else f"{every} on day {anchor.day}"
    days = _month_days(numbers)
    only = f" that {'are' if len(numbers) > 1 else 'is'} a {list_names(weekdays, 'or')}" if weekdays else ""
    return f"{every} on {days}{only}"


def _month_days(numbers: Sequence[int]) -> str:
    """``day 1``, ``days 1, 15 and 31``, ``day 1 and the last day``."""
    positive = [number for number in numbers if number > 0]
    names = [name_numbers("day", positive)] if positive else []
    names += [_from_end(-number) for number in sorted(numbers, reverse=True) if number < 0]
    return list_names(names)


def _from_end(number: int) -> str:
    return ("the last day", "the last day but one")[number - 1] if number < 3 else f"day {number} from the end"


def _times(trigger: RecurrenceTrigger, anchor: datetime | None) -> str:
    """What a pattern leaves out comes from the start: all of it without a pattern, then with seconds (RC-3, RC-5)."""
    pattern = trigger.schedule
    hours, minutes = (pattern.hours, pattern.minutes) if pattern else ((), ())
    if anchor is not None:
        if pattern is None:
            return f"at {show_clock(anchor.hour, anchor.minute, anchor.second)}"
        return name_times(hours or (anchor.hour,), minutes or (anchor.minute,))
    if hours and minutes:
        return name_times(hours, minutes)
    if hours:
        return f"at the minute of its creation in {name_hours(hours)}"
    return f"at {name_minutes(minutes)} of the hour of its creation" if minutes else "at the time of its creation"


def _counted(trigger: RecurrenceTrigger, anchor: datetime | None, profile: ServiceProfile) -> str:
    """Where intervals are counted from, and which months are left out."""
    missing = sorted(day for day in _fixed_days(trigger, anchor) if day > 28)
    skipped = f"; months without day {list_names(map(str, missing), 'or')} skip it" if missing else ""
    if trigger.interval == 1:
        return skipped
    if anchor is None:
        return f", counted from its creation{skipped}"
    if trigger.frequency == "day":
        return f", counted from {anchor:%Y-%m-%d}"
    if trigger.frequency == "week":
        first = profile.week_start.capitalize()
        return f", counted from the week of {anchor:%Y-%m-%d} (weeks start on {first})"
    return f", counted from {MONTHS[anchor.month - 1]} {anchor.year}{skipped}"


def _fixed_days(trigger: RecurrenceTrigger, anchor: datetime | None) -> list[int]:
    """The days of the month that a month may lack, from whichever end they count."""
    if trigger.frequency != "month":
        return []
    pattern = trigger.schedule
    if pattern and (pattern.month_days or pattern.week_days):
        return [day for day in pattern.month_days if day > 0]
    return [] if anchor is None else [anchor.day]
