"""A schedule explained: when it runs and why, what it starts, what comes next, what the clocks will do to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.planner import Jobs, plan_runs
from pytest_mlschedule.planning.run import PlannedRun
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.report.time_words import name_zone, show_utc, show_wall
from pytest_mlschedule.report.trigger_words import describe_trigger
from pytest_mlschedule.report.value_words import describe_action
from pytest_mlschedule.schedules.models import JobSchedule, Trigger
from pytest_mlschedule.triggers.clock_change_words import describe_surprise
from pytest_mlschedule.triggers.never import explain_never
from pytest_mlschedule.triggers.timestamps import Timestamp
from pytest_mlschedule.triggers.window import END_EPOCH, LAST_YEAR, from_epoch, to_epoch

YEAR = timedelta(days=365)
SHOWN_CHANGES = 4
_END = datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """From when an explanation looks ahead: ``now`` and ``created_at`` (aware; None: the schedule is created now),
    ``runs`` to show, the ``jobs`` that references mean."""

    now: datetime
    created_at: datetime | None = None
    runs: int = 5
    jobs: Jobs | None = None
    profile: ServiceProfile = DEFAULT_PROFILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What there is to say about one schedule. ``facts``: title and text, in the order to read them."""

    name: str
    source: str | None
    summary: str
    facts: tuple[tuple[str, str], ...]
    next_runs: tuple[PlannedRun, ...]
    clock_changes: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...] = field(repr=False)


def explain_schedule(schedule: JobSchedule, outlook: Outlook) -> Explanation:
    """Everything ``mlschedule explain`` shows, as texts. Reads no clock: the present is ``outlook.now``."""
    trigger, profile = schedule.trigger, outlook.profile
    ahead = _plan(schedule, outlook, _END)
    year = ahead.between(outlook.now, min(outlook.now + YEAR, _END))
    never = explain_never(trigger, created_at=outlook.created_at or outlook.now, profile=profile)
    facts = [
        ("starts", describe_action(schedule)),
        ("time zone", _zone(trigger)),
        ("from", _limit(trigger, trigger.start, profile) or "its creation on (no start_time)"),
        ("until", _until(trigger, profile)),
        ("runs", f"never: {never}" if never else f"{len(year):,} in the 365 days from {show_utc(outlook.now)}"),
    ]
    if not schedule.is_enabled:
        facts.append(("enabled", "no: it does not run until it is enabled"))
    return Explanation(
        name=schedule.name,
        source=schedule.source,
        summary=describe_trigger(trigger, profile),
        facts=tuple(facts),
        next_runs=tuple(ahead.runs[: outlook.runs]),
        clock_changes=_clock_changes(schedule, outlook),
        diagnostics=(*schedule.diagnostics, *ahead.notes),
    )


def _plan(schedule: JobSchedule, outlook: Outlook, end: datetime) -> Plan:
    return plan_runs(
        schedule, outlook.now, end, created_at=outlook.created_at, jobs=outlook.jobs, profile=outlook.profile
    )


def _zone(trigger: Trigger) -> str:
    return trigger.time_zone if trigger.time_zone == trigger.zone.key else f"{trigger.time_zone} = {trigger.zone.key}"


def _limit(trigger: Trigger, stamp: Timestamp | None, profile: ServiceProfile) -> str | None:
    """``2026-01-01 10:00 Pacific (2026-01-01T18:00:00Z)``: the wall clock that is meant, and the instant."""
    if stamp is None:
        return None
    instant = stamp.instant(trigger.zone, profile.start_time_offset)
    if instant > END_EPOCH:  # an end that far away is taken, and never comes
        return f"{stamp.text}, after the year {LAST_YEAR}"
    wall = stamp.wall if stamp.offset is None else trigger.zone.wall(instant)
    return f"{show_wall(wall)} {name_zone(trigger.time_zone)} ({show_utc(from_epoch(instant))})"


def _until(trigger: Trigger, profile: ServiceProfile) -> str:
    limit = _limit(trigger, trigger.end, profile)
    if limit is None:
        return "it is disabled (no end_time)"
    return f"{limit}, {'a run at that time included' if profile.end_time == 'inclusive' else 'no run at that time'}"


def _clock_changes(schedule: JobSchedule, outlook: Outlook) -> tuple[str, ...]:
    """The next surprises in two years after the later of now and the start, or why there are none (DST-5)."""
    trigger, profile = schedule.trigger, outlook.profile
    start = outlook.now
    if trigger.start is not None:
        start = max(start, from_epoch(trigger.start.instant(trigger.zone, profile.start_time_offset)))
    end = min(start + 2 * YEAR, _END)
    if not trigger.zone.transitions(to_epoch(start), to_epoch(end)):
        return (f"none: the clocks of {name_zone(trigger.time_zone)} do not change",)
    if getattr(trigger, "frequency", None) in ("minute", "hour"):
        return ("it counts elapsed time: after a change of the clocks its wall clock differs (DST-4)",)
    timetable = trigger.timetable(created_at=outlook.created_at or outlook.now, profile=profile)
    found = timetable.dst_surprises(start, end)
    if not found:
        return ("none in two years: no run falls into a change of the clocks; the wall clock stays (DST-1)",)
    return tuple(describe_surprise(surprise, trigger, profile) for surprise in found[:SHOWN_CHANGES])
