"""What the workspace refuses to create, in one list of reasons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pytest_mlschedule.errors import WorkspaceError
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.schedules.models import Job, JobDefinition, JobSchedule, Trigger
from pytest_mlschedule.schedules.overrides import missing_compute, missing_inputs
from pytest_mlschedule.triggers.window import FARTHEST_START, to_epoch, years_later
from pytest_mlschedule.triggers.wording import list_names, quote
from pytest_mlschedule.workspace.records import ScheduleRecord


def admit_schedule(given: JobSchedule, job: JobDefinition | None, old: ScheduleRecord | None, at: PutTime) -> None:
    """Raises WorkspaceError with every reason why the schedule cannot be created or updated; ``job`` is what it
    would run."""
    reasons = [*_refuse_content(given), *_refuse_times(given.trigger, old, at), *refuse_job(job)]
    if reasons:
        raise WorkspaceError(f"schedule {quote(given.name)}: {'; '.join(reasons)}")


class PutTime:
    """When a put happens, and how the profile reads the times in it. Raises InstantRangeError outside 1970 to 2200.

    Instants are epochs: an end may lie after 2200, where there are no datetimes to compare.
    """

    def __init__(self, now: datetime, profile: ServiceProfile) -> None:
        self.now = now
        self.epoch = to_epoch(now)
        self._policy = profile.start_time_offset

    def start(self, trigger: Trigger) -> int | None:
        """The epoch of ``start_time``."""
        return None if trigger.start is None else trigger.start.instant(trigger.zone, self._policy)

    def end(self, trigger: Trigger) -> int | None:
        """The epoch of ``end_time``."""
        return None if trigger.end is None else trigger.end.instant(trigger.zone, self._policy)


def refuse_job(job: JobDefinition | None) -> Iterator[str]:
    """What the client finds at create: steps without compute (JB-12), required inputs of components without a value (JB-6)."""
    if not isinstance(job, Job):
        return
    for step, name in missing_inputs(job):
        yield f"Required input {quote(name)} for component {quote(step)} not provided"
    steps = missing_compute(job)
    if steps:
        what = "step" if len(steps) == 1 else "steps"
        yield (
            f"Compute not set for {what} {list_names(map(quote, steps))}: set compute at the step or at the job, "
            "or settings.default_compute (serverless counts)"
        )


def _refuse_content(given: JobSchedule) -> Iterator[str]:
    if not any((given.create_job, given.create_monitor, given.import_data, given.action)):
        yield "it has nothing to run: give it create_job, create_monitor, import_data or action"


def _refuse_times(trigger: Trigger, old: ScheduleRecord | None, at: PutTime) -> Iterator[str]:
    start, end = at.start(trigger), at.end(trigger)
    # Enabling and disabling through a client puts the stored schedule again; that must work after its end too.
    unchanged = old is not None and at.end(old.schedule.trigger) == end
    if end is not None and end < at.epoch and not unchanged:
        yield f"end_time {trigger.end_time} is in the past: it is {at.now.isoformat()}"
    if start is not None and end is not None and end < start:
        yield f"end_time {trigger.end_time} is before start_time {trigger.start_time}: nothing would run"
    if start is not None and start > years_later(at.now, FARTHEST_START):
        yield f"start_time {trigger.start_time} is more than {FARTHEST_START} years ahead of {at.now.isoformat()}"
