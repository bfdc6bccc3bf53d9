"""MLS3xx: starts and ends against the time of the check; MLS510: schedules that never run."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_mlschedule.checks import clock_changes
from pytest_mlschedule.checks.moments import start_of
from pytest_mlschedule.checks.rule import Rule, Situation
from pytest_mlschedule.diagnostics import Diagnostic, Severity, error, warning
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.triggers.instant_words import show_local, show_utc
from pytest_mlschedule.triggers.month_patterns import STARTS, month_of
from pytest_mlschedule.triggers.never import explain_never
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger
from pytest_mlschedule.triggers.window import FARTHEST_START, from_epoch, to_epoch, years_later
from pytest_mlschedule.triggers.wording import list_names, quote
from pytest_mlschedule.triggers.zones import Zone

_TRIGGER = ("trigger",)
_START, _END = ("trigger", "start_time"), ("trigger", "end_time")
_DAY = 86_400
_PERIODS = {"day": "24 hours", "week": "7 days", "month": "one month"}


def find_missing_start(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS308: no ``start_time`` (ST-3, ST-7): what comes from the creation instead, and that a job may run at once."""
    trigger = schedule.trigger
    if trigger.start is not None:
        return
    counted = _counted_from_creation(trigger) if isinstance(trigger, RecurrenceTrigger) else []
    text = "no start_time: "
    if counted:
        verb = "come" if len(counted) > 1 or counted[0].startswith(("the ", "its times")) else "comes"
        text += f"{list_names(counted)} {verb} from the moment of creation, so that creating it again moves its runs; "
    if not trigger.has_pattern or situation.profile.first_run == "instant":
        text += "a first job runs at creation"
    else:
        text += "some documents say that a first job runs at once, at creation (ST-7)"
    hint = 'add start_time: "YYYY-MM-DDThh:mm:ss", the wall clock in time_zone; it may lie in the past, nothing is caught up'
    yield warning("MLS308", text, hint, _TRIGGER)


def _counted_from_creation(trigger: RecurrenceTrigger) -> list[str]:
    """What a recurrence without ``start_time`` takes from its creation (RC-3, RC-5, RC-7, RC-8)."""
    frequency, pattern = trigger.frequency, trigger.schedule
    if frequency in ("minute", "hour"):
        return ["its times"]
    counted = []
    if pattern is None:
        counted.append("its time of day")
    elif not pattern.hours or not pattern.minutes:
        counted += [
            f"its {unit}" for unit, given in (("hour", pattern.hours), ("minute", pattern.minutes)) if not given
        ]
    days = pattern is not None and (pattern.week_days or pattern.month_days)
    if frequency != "day" and not days:
        counted.append("its week day" if frequency == "week" else "its day of the month")
    if trigger.interval > 1:
        counted.append(f"the {frequency}s that count")
    return counted


def find_near_start(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS309: a start ahead, by less than one period: the first run may be lost (ST-8)."""
    trigger = schedule.trigger
    if not isinstance(trigger, RecurrenceTrigger) or trigger.frequency not in _PERIODS or _exists(schedule):
        return
    now, start = to_epoch(situation.now), start_of(trigger, situation)
    if start is None or not now < start < _one_period_later(trigger.frequency, now, trigger.zone):
        return
    first = situation.timetable(schedule).next_epoch(now - 1)
    if first is None:
        return
    run = f"{show_local(from_epoch(first).astimezone(trigger.zone.tzinfo))} ({show_utc(from_epoch(first))})"
    period = _PERIODS[trigger.frequency]
    text = f"the start is {_length(start - now)} ahead, less than {period}: the first run, {run}, may be lost"
    hint = f"start at least {period} ahead, or in the past by whole intervals: nothing is caught up (ST-4)"
    yield warning("MLS309", text, hint, _START)


def _one_period_later(frequency: str, epoch: int, zone: Zone) -> int:
    if frequency != "month":
        return epoch + (_DAY if frequency == "day" else 7 * _DAY)
    wall = epoch + zone.offset(epoch)
    day, second = divmod(wall, _DAY)
    following = month_of(day) + 1
    last = STARTS[following + 1] - 1
    return zone.to_epoch(min(STARTS[following] + day - STARTS[following - 1], last) * _DAY + second)


def _length(seconds: int) -> str:
    """``3 days``, ``5 hours``, ``20 minutes``: the largest unit, cut."""
    for unit, size in (("day", _DAY), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            number = seconds // size
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return "less than a minute"


def find_far_start(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS310: a start that the service does not take (ST-8)."""
    start = start_of(schedule.trigger, situation)
    if start is not None and start > years_later(situation.now, FARTHEST_START):
        text = (
            f"{quote(schedule.trigger.start_time)} is more than {FARTHEST_START} years ahead of {show_utc(situation.now)}: "
            "the service does not take it"
        )
        yield error("MLS310", text, "check the year", _START)


def find_past_end(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS314: an end before the time of the check (ST-6). Not for what a workspace already holds: it has ended, that is all."""
    if _has_ended(schedule, situation) and not _exists(schedule):
        text = (
            f"{quote(schedule.trigger.end_time)} is in the past: it is {show_utc(situation.now)}, and Azure ML does not create a "
            "schedule that has ended"
        )
        yield error("MLS314", text, "move end_time ahead, leave it out, or remove the schedule", _END)


def find_never(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS510: a trigger that never fires, or not any more from the time of the check on (RC-8)."""
    trigger, now = schedule.trigger, to_epoch(situation.now)
    if situation.timetable(schedule).next_epoch(now - 1) is not None or _has_ended(schedule, situation):
        return
    reason = explain_never(trigger, created_at=situation.now, profile=situation.profile)
    again = ""
    if reason is None:
        again, reason = " again", f"none of its times lies between now, {show_utc(situation.now)}, and its end_time"
    text = f"{schedule.name} never runs{again}: {reason}"
    yield warning("MLS510", text, "check start_time, end_time and the pattern of the trigger", _TRIGGER)


def _has_ended(schedule: JobSchedule, situation: Situation) -> bool:
    trigger = schedule.trigger
    if trigger.end is None:
        return False
    return trigger.end.instant(trigger.zone, situation.profile.start_time_offset) < to_epoch(situation.now)


def _exists(schedule: JobSchedule) -> bool:
    """Whether a workspace holds it already: an export says when it was created."""
    return schedule.creation_context is not None and schedule.creation_context.created_at is not None


RULES: tuple[Rule, ...] = (
    Rule(
        code="MLS308",
        name="no-start-time",
        severity=Severity.WARNING,
        summary="there is no start_time",
        check=find_missing_start,
    ),
    Rule(
        code="MLS309",
        name="start-too-near",
        severity=Severity.WARNING,
        summary="the start is less than one period ahead",
        check=find_near_start,
    ),
    Rule(
        code="MLS310",
        name="start-too-far",
        severity=Severity.ERROR,
        summary="the start is too far ahead",
        check=find_far_start,
    ),
    *clock_changes.RULES,
    Rule(
        code="MLS314",
        name="end-in-the-past",
        severity=Severity.ERROR,
        summary="the end is in the past",
        check=find_past_end,
    ),
    Rule(
        code="MLS510",
        name="never-runs",
        severity=Severity.WARNING,
        summary="the schedule never runs",
        check=find_never,
    ),
)
