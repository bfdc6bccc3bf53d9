"""FakeWorkspace: an Azure ML workspace in memory."""

from __future__ import annotations

from datetime import UTC, datetime

from pytest_mlschedule.clock import SimulatedClock
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.workspace.activity import ActivityEntry
from pytest_mlschedule.workspace.job_operations import JobOperations
from pytest_mlschedule.workspace.roles import OWNER, RoleDefinition, find_role
from pytest_mlschedule.workspace.schedule_operations import ScheduleOperations
from pytest_mlschedule.workspace.state import WORKSPACE_ID, WORKSPACE_NAME, Caller, WorkspaceState

FIRST_INSTANT = datetime(2026, 1, 1, tzinfo=UTC)


class FakeWorkspace:
    """A workspace that holds schedules and jobs, with the verbs of azure.ai.ml's operations on ``schedules`` and
    ``jobs``.

    ``clock``: the simulated clock it reads, a new one at 2026-01-01T00:00Z by default; a Scheduler makes time pass.
    ``profile``: how the service behaves where nobody documents it. Whoever holds the workspace is an Owner;
    ``as_role`` gives the view of somebody else. Raises TypeError for another clock or profile: a datetime is no clock.
    """

    def __init__(self, *, clock: SimulatedClock | None = None, profile: ServiceProfile = DEFAULT_PROFILE) -> None:
        if not isinstance(clock, SimulatedClock | None):
            raise TypeError(f"clock is a SimulatedClock, such as SimulatedClock(now), not {type(clock).__name__}")
        if not isinstance(profile, ServiceProfile):
            raise TypeError(
                f"profile is a ServiceProfile, such as ServiceProfile(gap='skip'), not {type(profile).__name__}"
            )
        state = WorkspaceState(SimulatedClock(FIRST_INSTANT) if clock is None else clock, profile)
        self._open(state, Caller(OWNER.name, OWNER))

    def _open(self, state: WorkspaceState, caller: Caller) -> None:
        self._state = state
        self._caller = caller
        self.schedules = ScheduleOperations(state, caller)
        self.jobs = JobOperations(state, caller)

    def __repr__(self) -> str:
        counts = f"{len(self._state.records)} schedules, {len(self._state.jobs)} jobs"
        return f"<FakeWorkspace at {self.clock.now().isoformat()}: {counts}, seen by {self.principal}>"

    @property
    def name(self) -> str:
        """The name of the workspace; always the same."""
        return WORKSPACE_NAME

    @property
    def id(self) -> str:
        """The ARM id of the workspace; always the same."""
        return WORKSPACE_ID

    @property
    def clock(self) -> SimulatedClock:
        """The clock of the workspace."""
        return self._state.clock

    @property
    def profile(self) -> ServiceProfile:
        """How the service behaves where nobody documents it."""
        return self._state.profile

    @property
    def principal(self) -> str:
        """Who calls, in the activity log and in errors."""
        return self._caller.principal

    @property
    def role(self) -> RoleDefinition:
        """What the caller may do."""
        return self._caller.role

    @property
    def activity(self) -> tuple[ActivityEntry, ...]:
        """Who did what, oldest first: every change, failed and denied ones included, and reads that were denied.

        Jobs that the scheduler creates are not in it: ``schedules.jobs(name)`` is their log.
        """
        return tuple(self._state.log)

    def as_role(self, role: str | RoleDefinition, *, principal: str | None = None) -> FakeWorkspace:
        """The same workspace, for a principal with a role: the name of a built-in one ("Reader") or a RoleDefinition.

        ``principal``: the name in the activity log, by default the role's. Raises WorkspaceError for an unknown name.
        """
        definition = find_role(role)
        view = object.__new__(FakeWorkspace)
        view._open(self._state, Caller(principal or definition.name, definition))
        return view


def state_of(workspace: FakeWorkspace) -> WorkspaceState:
    """The state behind a workspace, for the scheduler and the REST face."""
    return workspace._state
