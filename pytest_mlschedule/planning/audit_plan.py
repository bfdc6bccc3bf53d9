"""What should have run while a history was written: each schedule from its own creation on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from pytest_mlschedule.history.history import History
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.planner import Jobs, hangs_on_creation, plan_runs
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.schedules.models import JobSchedule, Trigger
from pytest_mlschedule.triggers.window import from_epoch, to_epoch_floor

Origin = Literal["schedule", "given", "first job"]
# How far the start that the service stored may lie from the creation that it noted down.
_EARLIEST, _LATEST = timedelta(seconds=-5), timedelta(minutes=1)
# How far a run at creation may: it has the time of the service's clock, not that of the note.
_BEFORE, _AFTER = 5, 120
_SKEW = 30


@dataclass(frozen=True, slots=True)
class Creation:
    """When a schedule was created (aware), and who says so."""

    instant: datetime
    origin: Origin


def find_creation(
    schedule: JobSchedule,
    history: History,
    created_at: datetime | None = None,
    profile: ServiceProfile = DEFAULT_PROFILE,
) -> Creation | None:
    """When a schedule was created: what itself says (exports do), else ``created_at``, else its first job; None without jobs.

    Where a run at creation may be (ST-7), the creation is moved to a job close to it at which nothing is due.
    """
    context = schedule.creation_context
    jobs = history.of(schedule.name)
    times = sorted({job.trigger_time for job in jobs if job.source != "user" and job.trigger_time is not None})
    if context is not None and context.created_at is not None:
        return _snap(Creation(context.created_at, "schedule"), schedule.trigger, times, profile)
    if created_at is not None:
        return _snap(Creation(created_at, "given"), schedule.trigger, times, profile)
    return Creation(from_epoch(times[0]), "first job") if times else None


def _snap(creation: Creation, trigger: Trigger, times: Sequence[int], profile: ServiceProfile) -> Creation:
    """The creation moved to the job that ran at it, where there is one."""
    if trigger.start is not None:
        return creation
    created = to_epoch_floor(creation.instant)
    near = times[bisect_left(times, created - _BEFORE) : bisect_right(times, created + _AFTER)]
    if trigger.has_pattern:
        regular = trigger.timetable(created_at=creation.instant, profile=profile).regular
        first = next((time for time in near if not regular.count(time, time + 1)), None)
    else:  # all runs are counted from the first (ST-3)
        first = next((time for time in near if time <= created + _SKEW), None)
    return creation if first is None else replace(creation, instant=from_epoch(first))


def forget_start(schedule: JobSchedule, profile: ServiceProfile = DEFAULT_PROFILE) -> JobSchedule:
    """The schedule as it was put: the service stores its creation where no ``start_time`` is given, and exports show that (ST-3).

    Its creation becomes the stored second. A schedule whose start is no such one is returned as it is.
    """
    trigger, context = schedule.trigger, schedule.creation_context
    if trigger.start is None or trigger.start.offset is not None or context is None:
        return schedule
    start = from_epoch(trigger.start.instant(trigger.zone))
    marks = [mark for mark in (context.created_at, context.last_modified_at) if mark is not None]
    if not any(_EARLIEST <= start - mark <= _LATEST for mark in marks):
        return schedule
    created = context.model_copy(update={"created_at": start})
    changes = {"start_time": None, "profile": profile}
    return schedule.replace(trigger=replace(trigger, **changes), creation_context=created)  # type: ignore[arg-type]


def plan_history(
    schedules: JobSchedule | Iterable[JobSchedule],
    history: History,
    *,
    created_at: datetime | None = None,
    jobs: Jobs | None = None,
    profile: ServiceProfile = DEFAULT_PROFILE,
) -> Plan:
    """The plan that ``audit_runs`` compares a history with: of the history's window, each schedule from its creation on.

    The creation is what an export says of the schedule, else ``created_at``. Where neither is known, the schedule was there all the
    time; what counts from its creation, counts from its first job (semantics ST-3).
    Raises ValueError for a history without jobs and without a window, and what ``plan_runs`` raises.
    """
    window = history.window
    if window is None:
        raise ValueError("the history has no jobs: History.between says which window to look at")
    base = plan_runs(schedules, window.start, window.end, created_at=created_at, jobs=jobs, profile=profile)
    parts = []
    for part in base.parts:
        schedule = part.definition
        assert schedule is not None, "plan_runs planned it"
        given = forget_start(schedule, profile)
        creation = _known_creation(given, history, created_at, profile)
        if creation is not None:
            again = plan_runs(given, window.start, window.end, created_at=creation, jobs=jobs, profile=profile)
            part = again.parts[0]
        parts.append(part)
    return Plan(parts, window, created_at=created_at, tzdata_version=base.tzdata_version)


def _known_creation(
    schedule: JobSchedule, history: History, created_at: datetime | None, profile: ServiceProfile
) -> datetime | None:
    """The creation of a schedule where it is not the one that all are planned with."""
    creation = find_creation(schedule, history, created_at, profile)
    if creation is None or creation.instant == created_at:
        return None
    if creation.origin == "first job" and not hangs_on_creation(schedule, profile):
        return None
    return creation.instant
