"""Everything that a workspace holds; the views of all roles, and the scheduler, work on one of these."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pytest_mlschedule.clock import SimulatedClock
from pytest_mlschedule.errors import AuthorizationError, ResourceNotFoundError
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.schedules.template import RunTemplate, compile_run
from pytest_mlschedule.triggers.wording import list_names
from pytest_mlschedule.workspace.activity import ActivityEntry, ActivityStatus
from pytest_mlschedule.workspace.address import WorkspaceAddress
from pytest_mlschedule.workspace.asset_store import AssetStore
from pytest_mlschedule.workspace.job import Job, JobStatus
from pytest_mlschedule.workspace.job_store import JobStore
from pytest_mlschedule.workspace.records import ScheduleRecord, Stamp
from pytest_mlschedule.workspace.roles import OWNER, RoleDefinition


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who calls: the name in the activity log, and what they may do; ``role`` None: what they are assigned."""

    principal: str
    role: RoleDefinition | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """A call: its verb ("schedules.get"), the action a role must allow for it, and on what ("schedules/nightly")."""

    verb: str
    action: str
    resource: str


class WorkspaceState:
    """The state of one workspace. ``changed`` gathers names of schedules until the scheduler, while it runs, takes
    them."""

    def __init__(self, clock: SimulatedClock, profile: ServiceProfile, address: WorkspaceAddress) -> None:
        self.clock = clock
        self.profile = profile
        self.address = address
        self.assignments: dict[str, tuple[RoleDefinition, ...]] = {OWNER.name: (OWNER,)}
        self.records: dict[str, ScheduleRecord] = {}
        self.jobs = JobStore()
        self.assets = AssetStore()
        self.computes: tuple[str, ...] | None = None
        """The computes there are; None: one of any name."""
        self.log: list[ActivityEntry] = []
        self.changed: set[str] = set()
        self.fired: dict[str, int] = {}
        """The last instant that the scheduler fired a schedule for: a name fires once at one instant, whatever
        happens to it."""
        self.scheduler_runs = False
        self._by_hand: dict[tuple[str, int], int] = {}
        self._templates: dict[str, tuple[ScheduleRecord, int, RunTemplate]] = {}

    def authorize(self, caller: Caller, operation: Operation) -> None:
        """Raises AuthorizationError, and logs it, where the caller's role does not allow the operation (WS-6)."""
        roles = self.roles_of(caller)
        if any(role.allows(operation.action) for role in roles):
            return
        scope = "/".join(filter(None, (self.address.id, operation.resource)))
        text = (
            f"The client '{caller.principal}' with {_name_roles(roles)} does not have authorization to perform "
            f"action '{operation.action}' over scope '{scope}'"
        )
        self._write_log(caller, operation, "Denied", text)
        raise AuthorizationError(text)

    def roles_of(self, caller: Caller) -> tuple[RoleDefinition, ...]:
        """What the caller may do now: one of these roles must allow it."""
        return self.assignments.get(caller.principal, ()) if caller.role is None else (caller.role,)

    @contextmanager
    def change(self, caller: Caller, operation: Operation) -> Iterator[list[str]]:
        """Authorize and log an operation that changes something. What is put into the list becomes the entry's
        message."""
        self.authorize(caller, operation)
        remarks: list[str] = []
        try:
            yield remarks
        except Exception as failure:
            self._write_log(caller, operation, "Failed", str(failure))
            raise
        self._write_log(caller, operation, "Succeeded", "; ".join(remarks))

    def _write_log(self, caller: Caller, operation: Operation, status: ActivityStatus, message: str) -> None:
        fields = (caller.principal, operation.verb, operation.action, operation.resource)
        self.log.append(ActivityEntry(*fields, self.clock.now(), status, message))

    def stamp(self, caller: Caller) -> Stamp:
        """Who and when, for a change made now."""
        return Stamp(caller.principal, self.clock.now(), self.profile)

    def record(self, name: str) -> ScheduleRecord:
        """The record of a schedule. Raises ResourceNotFoundError in the service's words (WS-3)."""
        if name not in self.records:
            raise ResourceNotFoundError(f"Resource Trigger {name} not found")
        return self.records[name]

    def put(self, record: ScheduleRecord) -> None:
        """Create or replace a schedule."""
        self.records[record.schedule.name] = record
        self.changed.add(record.schedule.name)

    def remove(self, name: str) -> None:
        """Delete a schedule; its jobs stay."""
        del self.records[name]

    def template(self, record: ScheduleRecord) -> RunTemplate:
        """What the runs of a schedule share, references looked up among the jobs of now."""
        name, revision = record.schedule.name, self.jobs.revision
        kept = self._templates.get(name)
        if kept is not None and kept[0] is record and kept[1] == revision:
            return kept[2]
        template = compile_run(record.schedule, self.jobs.find, self.profile)
        self._templates[name] = (record, revision, template)
        return template

    def trigger_by_hand(self, record: ScheduleRecord, epoch: int, status: JobStatus = "Completed") -> Job:
        """Add a job that is not the scheduled one of its instant: ordinals from 1 (JB-2)."""
        key = (record.schedule.name, epoch)
        ordinal = self._by_hand[key] = self._by_hand.get(key, 0) + 1
        job = Job(self.template(record), epoch, ordinal, status)
        self.jobs.extend([job])
        return job


def _name_roles(roles: tuple[RoleDefinition, ...]) -> str:
    if not roles:
        return "no role assignment"
    names = list_names(f"'{role.name}'" for role in roles)
    return f"role{'s' if len(roles) > 1 else ''} {names}"
