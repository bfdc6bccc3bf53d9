"""MLS1xx: what cron expressions mean elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from pytest_mlschedule.checks.moments import life_of
from pytest_mlschedule.checks.rule import Rule, Situation
from pytest_mlschedule.checks.standard_cron import (
    COMPARED_DAYS,
    SHOWN,
    Comparison,
    StandardCron,
    compare,
    find_rejected,
    read_standard_cron,
    reads_alike,
    write_expression,
    write_values,
)
from pytest_mlschedule.diagnostics import Diagnostic, Severity, note
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.instant_words import SHORT_DAYS, name_zone, show_wall
from pytest_mlschedule.triggers.ncrontab import MONTHS, WEEKDAYS, recur_in
from pytest_mlschedule.triggers.wording import at_offset, quote

_FIELD = ("trigger", "expression")
_FIELD_NAMES = ("MINUTES", "HOURS", "DAYS", "MONTHS", "DAYS-OF-WEEK")


def find_standard_differences(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS107: what standard cron would do here (CR-2, CR-3, CR-4)."""
    trigger = schedule.trigger
    if not isinstance(trigger, CronTrigger) or reads_alike(trigger.expression):
        return
    standard = read_standard_cron(trigger.expression)
    if standard is None:
        yield _rejected(trigger)
        return
    start, end = life_of(trigger, situation)
    zone = trigger.zone
    found = compare(trigger.fields, standard, zone.wall(start), None if end is None else zone.wall(end))
    if found is not None:
        text = f"{_counts(found, zone.wall(start))}; {_first_times(found, trigger)}"
        yield _at_field(note("MLS107", text, _advice(standard), _FIELD), trigger, standard)


def _rejected(trigger: CronTrigger) -> Diagnostic:
    index, fields = find_rejected(trigger.expression), trigger.fields
    what = quote(trigger.expression)
    if index is not None:
        what = f"{quote(trigger.expression.split()[index])} in {_FIELD_NAMES[index]}"
    text = f"standard cron would reject {what}; Azure ML takes it"
    plain = write_expression(*map(frozenset, (fields.minutes, fields.hours, fields.weekdays)))
    found = note("MLS107", text, f'both read "{plain}" as Azure ML reads this', _FIELD)
    return found if index is None else _point(found, trigger, index)


def _counts(found: Comparison, start: datetime) -> str:
    ours, theirs = (f"{number:,} time{'' if number == 1 else 's'}" for number in (found.ours, found.theirs))
    often = f"{theirs} in the {COMPARED_DAYS} days from {start:%Y-%m-%d} on"
    if found.ours == found.theirs:
        return f"standard cron would run this at other times, {often} as Azure ML"
    return f"standard cron would run this {often}, Azure ML runs it {ours}"


def _first_times(found: Comparison, trigger: CronTrigger) -> str:
    sides = (("Azure ML alone", found.ours_alone), ("standard cron alone", found.theirs_alone))
    shown = [f"{who}: {_list(walls)}" for who, walls in sides if walls]
    return f"first differences ({name_zone(trigger.time_zone)}): {'; '.join(shown)}"


def _list(walls: tuple[datetime, ...]) -> str:
    text = ", ".join(f"{SHORT_DAYS[wall.weekday()]} {show_wall(wall)}" for wall in walls)
    return f"{text} ..." if len(walls) == SHOWN else text


def _advice(standard: StandardCron) -> str:
    """How to get from Azure ML what standard cron would do."""
    if standard.days is None and len(standard.months) == len(MONTHS):
        plain = write_expression(standard.minutes, standard.hours, standard.weekdays)
        return f'for what standard cron does write "{plain}", which both read alike'
    if standard.days is not None and standard.either_day:
        return (
            "standard cron runs on the days of DAYS and on those of DAYS-OF-WEEK: for that take two schedules, this one with * "
            "in DAYS and a recurrence trigger with month_days"
        )
    if standard.days is not None:
        days = f"month_days [{write_values(standard.days)}]"
    elif len(standard.weekdays) < len(WEEKDAYS):
        days = f"week_days [{', '.join(WEEKDAYS[day].lower() for day in sorted(standard.weekdays))}]"
    else:
        days = "month_days 1 to 31"
    times = f"hours [{write_values(standard.hours)}] and minutes [{write_values(standard.minutes)}]"
    return f"for what standard cron does use a recurrence trigger: {recur_in(standard.months)}, {days}, {times}"


def _at_field(found: Diagnostic, trigger: CronTrigger, standard: StandardCron) -> Diagnostic:
    """The finding at the first field that the two read differently."""
    fields = trigger.fields
    differs = (
        standard.minutes != frozenset(fields.minutes),
        standard.hours != frozenset(fields.hours),
        standard.days is not None,
        len(standard.months) < 12,
        True,
    )
    return _point(found, trigger, differs.index(True))


def _point(found: Diagnostic, trigger: CronTrigger, index: int) -> Diagnostic:
    starts = [match.start() for match in re.finditer("[^ ]+", trigger.expression)]
    return at_offset(found, starts[index])


RULES: tuple[Rule, ...] = (
    Rule(
        code="MLS107",
        name="standard-cron-differs",
        severity=Severity.NOTE,
        summary="standard cron would do otherwise",
        check=find_standard_differences,
    ),
)
