"""MLS2xx: month days that some months lack, patterns that studio cannot edit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from pytest_mlschedule.checks.moments import life_of
from pytest_mlschedule.checks.rule import Rule, Situation
from pytest_mlschedule.diagnostics import Diagnostic, PathPart, Severity, note, warning
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.triggers.month_patterns import STARTS, month_of
from pytest_mlschedule.triggers.ncrontab import MONTHS
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger
from pytest_mlschedule.triggers.window import FIRST_YEAR
from pytest_mlschedule.triggers.wording import list_names

_DAY = 86_400
_SHORTEST_MONTH = 28
_YEAR = 12
_LATEST = 16 * _YEAR  # months: by then every interval has come to every month that it comes to
_Skipped = dict[int, list[int]]


def find_skipped_months(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS210: days 29 to 31 that some months lack (RC-3, RC-8)."""
    trigger = schedule.trigger
    if not isinstance(trigger, RecurrenceTrigger) or trigger.frequency != "month":
        return
    field, days = _month_days(trigger, situation)
    late = [day for day in days if abs(day) > _SHORTEST_MONTH]
    if not late:
        return
    skipped = _skipped_months(trigger, late, situation)
    if not skipped or situation.timetable(schedule).next_epoch(life_of(trigger, situation)[0] - 1) is None:
        return  # where nothing runs at all, that is what there is to say
    lost = (
        "those runs are left out"
        if len(days) > 1
        else f"no run in {'that month' if len(skipped) == 1 else 'those months'}"
    )
    message = f"{_describe(skipped)}: {lost}"
    yield warning("MLS210", message, _advice(late, has_pattern=field[-1] == "month_days"), field)


def _month_days(trigger: RecurrenceTrigger, situation: Situation) -> tuple[tuple[PathPart, ...], tuple[int, ...]]:
    """The days of the month that are said, and where; none where they come from a creation that nobody knows yet."""
    pattern = trigger.schedule
    if pattern is not None and pattern.month_days:
        return ("trigger", "schedule", "month_days"), pattern.month_days
    if trigger.start is None or (pattern is not None and pattern.week_days):
        return (), ()
    day = _anchor_day(trigger, situation)
    return ("trigger", "start_time"), (day - STARTS[month_of(day)] + 1,)


def _anchor_day(trigger: RecurrenceTrigger, situation: Situation) -> int:
    """The date that the months count from, in days from 1970-01-01."""
    if trigger.start is None:
        instant, _ = life_of(trigger, situation)
        return (instant + trigger.zone.offset(instant)) // _DAY
    return trigger.start.wall_seconds(trigger.zone, situation.profile.start_time_offset) // _DAY


def _skipped_months(trigger: RecurrenceTrigger, days: list[int], situation: Situation) -> _Skipped:
    """Which of the days are missing in which counted months of the next twelve; else the first later month that lacks one.

    Months are indices of STARTS.
    """
    start, end = life_of(trigger, situation)
    soon = month_of((start + trigger.zone.offset(start)) // _DAY)
    first = soon + (month_of(_anchor_day(trigger, situation)) - soon) % trigger.interval
    # A missing day comes after the last one of its month, so the month of the end lacks nothing.
    stop = len(STARTS) - 1 if end is None else month_of((end + trigger.zone.offset(end)) // _DAY)
    skipped: _Skipped = {}
    for month in range(first, min(first + _LATEST, stop), trigger.interval):
        if skipped and month >= soon + _YEAR:
            break
        missing = [day for day in days if abs(day) > STARTS[month + 1] - STARTS[month]]
        if missing:
            skipped[month] = missing
    return skipped


def _describe(skipped: _Skipped) -> str:
    """``day 31 is missing in Apr and Jun 2026, days 30 and 31 are missing in Feb 2027``."""
    by_days: dict[tuple[int, ...], list[int]] = {}
    for month, days in skipped.items():
        by_days.setdefault(tuple(days), []).append(month)
    parts = []
    for missing, months in by_days.items():
        verb = "days {} are" if len(missing) > 1 else "day {} is"
        parts.append(f"{verb.format(list_names(map(str, missing)))} missing in {_name_months(months)}")
    return ", ".join(parts)


def _name_months(months: list[int]) -> str:
    """``Apr, Jun, Sep and Nov 2026 and Feb 2027``."""
    years = groupby(months, key=lambda month: FIRST_YEAR - 1 + month // _YEAR)
    return " and ".join(f"{list_names(MONTHS[month % _YEAR][:3] for month in group)} {year}" for year, group in years)


def _advice(late: list[int], *, has_pattern: bool) -> str:
    if late[0] < 0:
        return "every month has the days -28 to -1, and 1 to 28; 1 is the first day"
    if has_pattern:
        return "write 28, which every month has, or -1 for the last day (not documented for Azure ML: MLS207)"
    return (
        "start on day 28 or earlier, or give a schedule with month_days: -1 is the last day of a month (not documented for Azure "
        "ML: MLS207)"
    )


def find_patterns_for_studio(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS211: several times of day in a pattern: studio shows it and cannot edit it (WS-10)."""
    del situation  # it is the same at any time
    trigger = schedule.trigger
    pattern = trigger.schedule if isinstance(trigger, RecurrenceTrigger) else None
    if pattern is None:
        return
    times = max(len(pattern.hours), 1) * max(len(pattern.minutes), 1)
    if times > 1:
        key = "hours" if len(pattern.hours) > 1 else "minutes"
        text = f"a pattern of {times} times a day: Azure ML studio shows it and cannot edit it"
        hint = "change it by file (az ml schedule create, or the SDK), or split it into schedules of one time each"
        yield note("MLS211", text, hint, ("trigger", "schedule", key))


RULES: tuple[Rule, ...] = (
    Rule(
        code="MLS210",
        name="month-days-skipped",
        severity=Severity.WARNING,
        summary="some months lack the day",
        check=find_skipped_months,
    ),
    Rule(
        code="MLS211",
        name="studio-cannot-edit",
        severity=Severity.NOTE,
        summary="studio cannot edit the pattern",
        check=find_patterns_for_studio,
    ),
)
