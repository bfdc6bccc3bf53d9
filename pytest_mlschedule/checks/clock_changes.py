"""MLS311 to MLS313: times that clock changes move, swallow or double (semantics DST-5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_mlschedule.checks.moments import life_of
from pytest_mlschedule.checks.rule import Rule, Situation
from pytest_mlschedule.diagnostics import Diagnostic, PathPart, Severity, note, warning
from pytest_mlschedule.schedules.models import JobSchedule, Trigger
from pytest_mlschedule.triggers.clock_change_words import describe_surprise
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.dst_surprises import DstSurprise
from pytest_mlschedule.triggers.instant_words import show_clock
from pytest_mlschedule.triggers.window import END_EPOCH, from_epoch, to_epoch

_LOOKED_AHEAD = 2 * 365 * 86_400
_SHOWN = 4
_HOURS = 24
_Field = tuple[PathPart, ...]


def find_gaps(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS311: times that do not exist on some day (DST-2). Not where all of them move to where the next run is due anyway."""
    field, surprises = _surprises(schedule, situation)
    dense = _is_dense(schedule.trigger, surprises)
    gaps = [one for one in surprises if one.kind == "gap" and not (dense and _is_harmless(one, schedule.trigger))]
    if gaps:
        first, last = _span(gaps[0], schedule.trigger)
        hint = f"choose a time of day outside {first} to {last}, or time_zone UTC, whose clock does not change"
        yield warning("MLS311", _describe(gaps, schedule, situation), hint, field)


def find_folds(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS312: times that come twice on some day (DST-3)."""
    field, surprises = _surprises(schedule, situation)
    folds = [one for one in surprises if one.kind == "fold"]
    if folds and not _is_dense(schedule.trigger, surprises):
        first, last = _span(folds[0], schedule.trigger)
        hint = f"choose a time of day outside {first} to {last}, or time_zone UTC, whose clock does not change"
        yield warning("MLS312", _describe(folds, schedule, situation), hint, field)


def find_silent_hours(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS313: the hour that comes twice, where a trigger runs several times in it, or every hour."""
    if situation.profile.fold == "both":
        return
    field, surprises = _surprises(schedule, situation)
    folds = [one for one in surprises if one.kind == "fold"]
    if folds and _is_dense(schedule.trigger, surprises):
        text = _describe(folds, schedule, situation)
        if all(one.wall_times == 1 for one in folds):
            text += f": the {'repeated' if situation.profile.fold == 'first' else 'first'} hour is silent"
        hint = "where runs must not pause, use a recurrence without schedule (elapsed time), or time_zone UTC"
        yield note("MLS313", text, hint, field)


def _surprises(schedule: JobSchedule, situation: Situation) -> tuple[_Field, Sequence[DstSurprise]]:
    """What two years of clock changes do to the occurrences, and the field that names the time of day.

    None where the time of day comes from a creation that nobody knows yet: MLS308 says so.
    """
    trigger = schedule.trigger
    field = _time_field(trigger)
    if field is None:
        return (), ()
    start, end = life_of(trigger, situation)
    stop = min(start + _LOOKED_AHEAD, END_EPOCH if end is None else end + 1)
    if start >= stop or not trigger.zone.transitions(start, stop):
        return (), ()
    return field, situation.timetable(schedule).dst_surprises(from_epoch(start), from_epoch(stop))


def _time_field(trigger: Trigger) -> _Field | None:
    if isinstance(trigger, CronTrigger):
        return ("trigger", "expression")
    if trigger.schedule is not None and trigger.schedule.hours:
        return ("trigger", "schedule", "hours")
    return None if trigger.start is None else ("trigger", "start_time")


def _is_dense(trigger: Trigger, surprises: Sequence[DstSurprise]) -> bool:
    """Whether it runs several times in an hour that comes twice, or every hour: then a pause of an hour is all there is to it."""
    return _is_hourly(trigger) or any(one.kind == "fold" and one.wall_times > 1 for one in surprises)


def _is_hourly(trigger: Trigger) -> bool:
    if isinstance(trigger, CronTrigger):
        return len(trigger.fields.hours) == _HOURS
    return trigger.schedule is not None and len(trigger.schedule.hours) == _HOURS


def _is_harmless(gap: DstSurprise, trigger: Trigger) -> bool:
    """Whether the runs after a gap are the ones that are due then anyway."""
    return gap.joined == gap.wall_times or (gap.instant is None and _is_hourly(trigger))


def _describe(surprises: Sequence[DstSurprise], schedule: JobSchedule, situation: Situation) -> str:
    shown = [describe_surprise(one, schedule.trigger, situation.profile) for one in surprises[:_SHOWN]]
    more = len(surprises) - len(shown)
    return "; ".join(shown) + (f"; and {more} more in two years" if more else "")


def _span(surprise: DstSurprise, trigger: Trigger) -> tuple[str, str]:
    """The wall clock at which the hour begins and ends that is left out, or comes twice."""
    after = trigger.zone.wall(to_epoch(surprise.transition))
    first, last = (after - surprise.length, after) if surprise.kind == "gap" else (after, after + surprise.length)
    return show_clock(first.hour, first.minute), show_clock(last.hour, last.minute)


RULES: tuple[Rule, ...] = (
    Rule(
        code="MLS311",
        name="dst-gap",
        severity=Severity.WARNING,
        summary="a time falls into a DST gap",
        check=find_gaps,
    ),
    Rule(
        code="MLS312",
        name="dst-fold",
        severity=Severity.WARNING,
        summary="a time falls into a DST fold",
        check=find_folds,
    ),
    Rule(
        code="MLS313",
        name="silent-repeated-hour",
        severity=Severity.NOTE,
        summary="the repeated hour is silent",
        check=find_silent_hours,
    ),
)
