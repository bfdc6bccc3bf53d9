"""``workspace.schedules``: the verbs of azure.ai.ml's ScheduleOperations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from pytest_mlschedule.errors import WorkspaceError
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.schedules.overrides import reference_name
from pytest_mlschedule.schedules.sdk import adopt_schedule
from pytest_mlschedule.schedules.template import compile_run
from pytest_mlschedule.triggers.window import to_epoch_floor
from pytest_mlschedule.triggers.wording import quote
from pytest_mlschedule.workspace.admission import PutTime, admit_schedule
from pytest_mlschedule.workspace.job import Job
from pytest_mlschedule.workspace.pollers import Poller
from pytest_mlschedule.workspace.records import ScheduleRecord, make_record
from pytest_mlschedule.workspace.roles import DELETE_SCHEDULES, READ_JOBS, READ_SCHEDULES, WRITE_SCHEDULES
from pytest_mlschedule.workspace.state import Caller, Operation, WorkspaceState

Schedules = list[JobSchedule]
Jobs = list[Job]

_VIEWS = ("enabledonly", "disabledonly", "all")


@dataclass(frozen=True, slots=True)
class ScheduleTriggerResult:
    """What ``trigger`` gives back: the name of the job and the kind of action, "CreateJob" for jobs."""

    job_name: str
    schedule_action_type: str


class ScheduleOperations:
    """The schedules of a workspace, as one caller sees them.

    Every verb raises AuthorizationError where the caller's role does not allow it, before anything else is looked
    at, and ResourceNotFoundError for a schedule that the workspace does not have.
    """

    def __init__(self, state: WorkspaceState, caller: Caller) -> None:
        self._state = state
        self._caller = caller

    def begin_create_or_update(self, schedule: JobSchedule) -> Poller[JobSchedule]:
        """Put a schedule (semantics WS-1): all of it is replaced, and without ``start_time`` a new anchor begins
        (ST-3).

        Takes a JobSchedule of ours or of azure-ai-ml. A job that it refers to need not be in the workspace: its runs
        then carry the schedule's overrides alone, as in a plan. Raises WorkspaceError for an end in the past (ST-6),
        a start more than 49 years ahead (ST-8), a pipeline without compute (JB-12), a name that is not allowed
        (JB-11).
        """
        given = adopt_schedule(schedule)
        state = self._state
        operation = Operation("schedules.begin_create_or_update", WRITE_SCHEDULES, f"schedules/{given.name}")
        with state.change(self._caller, operation) as remarks:
            old = state.records.get(given.name)
            job = compile_run(given, state.jobs.find, state.profile).job
            admit_schedule(given, job, old, PutTime(state.clock.now(), state.profile))
            record = make_record(given, old, state.stamp(self._caller), f"{state.address.id}/schedules/{given.name}")
            state.put(record)
            remarks.extend(_unknown_reference(given, state))
        return self._poller(record)

    def begin_enable(self, name: str) -> Poller[JobSchedule]:
        """Enable a schedule. What it missed is not caught up (WS-4); its phase stays."""
        return self._switch(name, Operation("schedules.begin_enable", WRITE_SCHEDULES, f"schedules/{name}"))

    def begin_disable(self, name: str) -> Poller[JobSchedule]:
        """Disable a schedule: it does not fire from now on (WS-4)."""
        return self._switch(name, Operation("schedules.begin_disable", WRITE_SCHEDULES, f"schedules/{name}"))

    def _switch(self, name: str, operation: Operation) -> Poller[JobSchedule]:
        state = self._state
        with state.change(self._caller, operation):
            on = operation.verb == "schedules.begin_enable"
            record = state.record(name).switched(on, state.stamp(self._caller))
            state.put(record)
        return self._poller(record)

    def begin_delete(self, name: str) -> Poller[None]:
        """Delete a schedule for good; its jobs stay. Deleting one that is not there succeeds, as in ARM.

        An enabled schedule survives: the *poller* then fails with "Cannot delete an active trigger ..." (semantics
        WS-3).
        """
        state = self._state
        operation = Operation("schedules.begin_delete", DELETE_SCHEDULES, f"schedules/{name}")
        failure = ""
        try:
            with state.change(self._caller, operation) as remarks:
                record = state.records.get(name)
                if record is None:
                    remarks.append("there was nothing to delete")
                elif record.schedule.is_enabled:
                    raise _ActiveTriggerError(f"Cannot delete an active trigger {name}")
                else:
                    state.remove(name)
        except _ActiveTriggerError as refused:
            failure = str(refused)
        return Poller(lambda: None, state.clock, ends_at=state.clock.now(), failure=failure)

    def get(self, name: str) -> JobSchedule:
        """The schedule as it is now: with ``id``, ``creation_context``, ``provisioning_state``, its start filled in."""
        self._state.authorize(self._caller, Operation("schedules.get", READ_SCHEDULES, f"schedules/{name}"))
        return self._state.record(name).entity(self._state.clock.now())

    def list(self, *, list_view_type: str | Enum = "ENABLED_ONLY") -> Schedules:
        """The schedules by name: enabled ones alone, or ``DISABLED_ONLY``, or ``ALL`` (semantics WS-2).

        ``list_view_type`` is one of these texts or of those on the wire ("EnabledOnly"), or the SDK's
        ScheduleListViewType.
        """
        view = _read_view(list_view_type)
        self._state.authorize(self._caller, Operation("schedules.list", READ_SCHEDULES, "schedules"))
        now = self._state.clock.now()
        return [record.entity(now) for record in select_records(self._state, view)]

    def trigger(self, name: str, *, schedule_time: str | datetime | None = None) -> ScheduleTriggerResult:
        """Run an enabled schedule once, now or for a given time, whatever its trigger says (semantics WS-5).

        ``schedule_time``: an ISO text (without an offset: UTC) or an aware datetime; a fraction of a second is cut.
        Raises WorkspaceError for a disabled schedule (knob ``trigger_when_disabled``) and for a text that is no
        time, TypeError for anything else and for a naive datetime.
        """
        state = self._state
        operation = Operation("schedules.trigger", state.profile.trigger_action, f"schedules/{name}")
        with state.change(self._caller, operation) as remarks:
            record = state.record(name)
            if not record.schedule.is_enabled and state.profile.trigger_when_disabled == "reject":
                raise WorkspaceError(f"Cannot trigger {name}: the schedule is disabled; enable it first")
            instant = state.clock.now() if schedule_time is None else _read_time(schedule_time)
            job = state.trigger_by_hand(record, to_epoch_floor(instant))
            remarks.append(f"created job {job.name}")
        return ScheduleTriggerResult(job.name, _action_type(record.schedule))

    def jobs(self, name: str) -> Jobs:
        """The job history of a schedule in the order the jobs were made; it outlives the schedule (semantics WS-7).

        Raises ResourceNotFoundError when there are neither jobs nor a schedule of that name.
        """
        self._state.authorize(self._caller, Operation("schedules.jobs", READ_JOBS, f"schedules/{name}"))
        found = [job for job in self._state.jobs if job.schedule == name]
        if not found:
            self._state.record(name)
        return found

    def _poller(self, record: ScheduleRecord) -> Poller[JobSchedule]:
        clock = self._state.clock
        return Poller(lambda: record.entity(clock.now()), clock, ends_at=record.ready_at, busy=record.busy)


class _ActiveTriggerError(WorkspaceError):
    """Deleting an enabled schedule: logged as failed, and told by the poller alone."""


def _unknown_reference(given: JobSchedule, state: WorkspaceState) -> Iterator[str]:
    job = given.create_job
    reference = job if isinstance(job, str) else job.id if job is not None else None
    if reference is not None and state.jobs.find(reference_name(reference)) is None:
        yield f"job {reference_name(reference)} is not in the workspace: runs carry the overrides alone"


def _read_view(view: str | Enum) -> str:
    text = str(view.value if isinstance(view, Enum) else view)
    plain = text.replace("_", "").lower()
    if plain not in _VIEWS:
        raise ValueError(f"list_view_type is ENABLED_ONLY, DISABLED_ONLY or ALL, not {quote(text)}")
    return plain


def select_records(state: WorkspaceState, list_view_type: str) -> list[ScheduleRecord]:
    """The schedules that a view shows, by name. Raises ValueError for a view that there is not."""
    view = _read_view(list_view_type)
    records = [record for _, record in sorted(state.records.items())]
    return [record for record in records if view in ("all", _view_of(record))]


def _view_of(record: ScheduleRecord) -> str:
    return "enabledonly" if record.schedule.is_enabled else "disabledonly"


def _read_time(given: str | datetime) -> datetime:
    if isinstance(given, datetime):
        return given
    if not isinstance(given, str):
        raise TypeError(f"schedule_time is an ISO text or an aware datetime, not {type(given).__name__}")
    try:
        instant = datetime.fromisoformat(given.strip())
    except ValueError:
        raise WorkspaceError(
            f"schedule_time {quote(given)} is not a time: write 2026-03-08T02:30:00Z, or without an offset for UTC"
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _action_type(schedule: JobSchedule) -> str:
    if schedule.action is not None:
        return str(schedule.action.get("actionType") or schedule.action.get("action_type") or "CreateJob")
    if schedule.create_monitor is not None:
        return "CreateMonitor"
    return "ImportData" if schedule.import_data is not None else "CreateJob"
