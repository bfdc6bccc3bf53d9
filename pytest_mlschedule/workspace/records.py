"""What the workspace keeps of a schedule, and what a put makes of it (semantics WS-1, ST-3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.schedules.models import CreationContext, JobSchedule, Trigger
from pytest_mlschedule.triggers.timetable import Timetable
from pytest_mlschedule.triggers.window import to_epoch, to_epoch_floor


@dataclass(frozen=True, slots=True, eq=False)
class ScheduleRecord:
    """One version of a schedule: every put, enable and disable makes a new one.

    ``since``: the epoch from which it may fire. ``ready_at``: when provisioning ends; ``busy``: its state until then.
    ``opening``: the second in which it was put when that second had begun, else None. A run at creation has the time
    of that second (ST-3), so it is due until the second is over.
    """

    schedule: JobSchedule
    timetable: Timetable
    since: int
    ready_at: datetime
    busy: str
    opening: int | None = None

    def entity(self, now: datetime) -> JobSchedule:
        """The schedule as the workspace shows it."""
        state = "Succeeded" if now >= self.ready_at else self.busy
        return self.schedule.model_copy(update={"provisioning_state": state})  # nothing to validate again

    def due_from(self, now: datetime) -> int:
        """The epoch of the first instant at which it may fire when time passes from ``now`` on."""
        second = to_epoch_floor(now)
        return second if second == self.opening else to_epoch(now)

    def next_run(self, epoch: int) -> int | None:
        """The first instant from ``epoch`` on (itself included) at which it fires; None when there is none."""
        return self.timetable.next_epoch(max(epoch, self.since) - 1) if self.schedule.is_enabled else None

    def runs(self, start: int, end: int) -> list[int]:
        """Every instant in the half-open window at which it fires."""
        return self.timetable.epochs_between(max(start, self.since), end) if self.schedule.is_enabled else []

    def switched(self, is_enabled: bool, stamp: Stamp) -> ScheduleRecord:  # noqa: FBT001 - the field's own name
        """The record with the schedule enabled or disabled; its anchor and phase stay."""
        context = stamp.context(self.schedule.creation_context)
        changed = self.schedule.replace(is_enabled=is_enabled, creation_context=context)
        opening = self.opening if self.opening == stamp.opening else None
        since = stamp.since if opening is None else opening
        return replace(self, schedule=changed, since=since, ready_at=stamp.ready_at, busy="Updating", opening=opening)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who changes something, and when."""

    principal: str
    now: datetime
    profile: ServiceProfile

    @property
    def ready_at(self) -> datetime:
        return self.now + self.profile.provisioning_delay

    @property
    def since(self) -> int:
        return to_epoch(self.ready_at)

    @property
    def opening(self) -> int | None:
        """The second that has begun, when it matters: a run at creation is due in it."""
        begun = self.now.microsecond > 0 and not self.profile.provisioning_delay
        return to_epoch_floor(self.now) if begun else None

    def context(self, old: CreationContext | None) -> CreationContext:
        """The creation context after this change."""
        fresh = old is None
        return CreationContext(
            created_at=self.now if old is None else old.created_at,
            created_by=self.principal if old is None else old.created_by,
            created_by_type="User",
            last_modified_at=None if fresh else self.now,
            last_modified_by=None if fresh else self.principal,
            last_modified_by_type=None if fresh else "User",
        )


def make_record(given: JobSchedule, old: ScheduleRecord | None, stamp: Stamp, resource_id: str) -> ScheduleRecord:
    """The record of a schedule that is put; ``old`` is the one in its place. Everything is replaced (WS-1)."""
    schedule = given.replace(
        trigger=_store_start(given.trigger, stamp),
        is_enabled=_is_enabled(given, old, stamp.profile),
        provisioning_state=None,
        creation_context=stamp.context(old.schedule.creation_context if old else None),
        id=resource_id,
    )
    timetable = given.trigger.timetable(created_at=stamp.now, profile=stamp.profile)
    opening, busy = stamp.opening, "Updating" if old else "Creating"
    since = stamp.since if opening is None else opening
    return ScheduleRecord(schedule, timetable, since, stamp.ready_at, busy, opening)


def _is_enabled(given: JobSchedule, old: ScheduleRecord | None, profile: ServiceProfile) -> bool:
    said = "is_enabled" in given.model_fields_set
    if old is not None and not said and profile.put_without_is_enabled == "keep":
        return old.schedule.is_enabled
    return given.is_enabled


def _store_start(trigger: Trigger, stamp: Stamp) -> Trigger:
    """ST-3: where no start is given the creation time is stored, as wall clock in the schedule's zone without
    offset."""
    if trigger.start_time is not None:
        return trigger
    wall = trigger.zone.wall(to_epoch_floor(stamp.now))
    changes = {"start_time": wall.isoformat(), "profile": stamp.profile}
    return replace(trigger, **changes)  # type: ignore[arg-type]
