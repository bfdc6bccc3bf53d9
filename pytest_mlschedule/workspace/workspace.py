"""FakeWorkspace: an Azure ML workspace in memory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from pytest_mlschedule.clock import SimulatedClock
from pytest_mlschedule.errors import WorkspaceError
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.workspace.activity import ActivityEntry
from pytest_mlschedule.workspace.address import WorkspaceAddress
from pytest_mlschedule.workspace.job_operations import JobOperations
from pytest_mlschedule.workspace.roles import (
    ASSIGN_ROLES,
    OWNER,
    UNASSIGN_ROLES,
    WRITE_COMPUTES,
    RoleDefinition,
    find_role,
)
from pytest_mlschedule.workspace.schedule_operations import ScheduleOperations
from pytest_mlschedule.workspace.state import Caller, Operation, WorkspaceState

FIRST_INSTANT = datetime(2026, 1, 1, tzinfo=UTC)


class FakeWorkspace:
    """A workspace that holds schedules and jobs, with the verbs of azure.ai.ml's operations on ``schedules`` and
    ``jobs``.

    ``clock``: the simulated clock it reads, a new one at 2026-01-01T00:00Z by default; a Scheduler makes time pass.
    ``profile``: how the service behaves where nobody documents it. ``name``, ``resource_group``, ``subscription_id`` and
    ``location`` are where Azure's tools find it. Whoever holds the workspace is an Owner; ``as_role`` gives the view of
    somebody else, ``as_principal`` that of somebody with role assignments. Raises TypeError for another clock or profile:
    a datetime is no clock.
    """

    def __init__(
        self,
        *,
        clock: SimulatedClock | None = None,
        profile: ServiceProfile = DEFAULT_PROFILE,
        name: str = "fake-workspace",
        resource_group: str = "fake-resource-group",
        subscription_id: str = "00000000-0000-0000-0000-000000000000",
        location: str = "eastus",
    ) -> None:
        if not isinstance(clock, SimulatedClock | None):
            raise TypeError(f"clock is a SimulatedClock, such as SimulatedClock(now), not {type(clock).__name__}")
        if not isinstance(profile, ServiceProfile):
            raise TypeError(
                f"profile is a ServiceProfile, such as ServiceProfile(gap='skip'), not {type(profile).__name__}"
            )
        address = WorkspaceAddress(
            name=name, resource_group=resource_group, subscription_id=subscription_id, location=location
        )
        state = WorkspaceState(SimulatedClock(FIRST_INSTANT) if clock is None else clock, profile, address)
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
        """The name of the workspace."""
        return self._state.address.name

    @property
    def resource_group(self) -> str:
        """The resource group that the workspace is in."""
        return self._state.address.resource_group

    @property
    def subscription_id(self) -> str:
        """The subscription that the workspace is in."""
        return self._state.address.subscription_id

    @property
    def location(self) -> str:
        """The region of the workspace, "eastus"."""
        return self._state.address.location

    @property
    def id(self) -> str:
        """The ARM id of the workspace."""
        return self._state.address.id

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
        """What the caller may do: the first of ``roles``, one that allows nothing where there is none."""
        return next(iter(self.roles), RoleDefinition((), name="no role"))

    @property
    def roles(self) -> tuple[RoleDefinition, ...]:
        """What the caller may do now: an action is allowed when one of these roles allows it."""
        return self._state.roles_of(self._caller)

    @property
    def role_assignments(self) -> Mapping[str, tuple[RoleDefinition, ...]]:
        """The roles of each principal that has some, as ``as_principal`` and the REST face ask for them. Read-only."""
        return MappingProxyType(self._state.assignments)

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

    def define_computes(self, *names: str) -> None:
        """The computes that clients find, no others. Until this is called one of any name is found: a schedule may
        name any."""
        with self._state.change(self._caller, Operation("define_computes", WRITE_COMPUTES, "computes")):
            self._state.computes = names

    def as_principal(self, principal: str) -> FakeWorkspace:
        """The same workspace, as a principal sees it by its role assignments, those of later too; without one
        everything is denied to it, reads too."""
        view = object.__new__(FakeWorkspace)
        view._open(self._state, Caller(principal))
        return view

    def assign_role(self, role: str | RoleDefinition, *, principal: str) -> None:
        """Give a principal one more role: the name of a built-in one ("Reader") or a RoleDefinition.

        The principal is what a token of the REST face says: the object id, else the client id, else the user name.
        Raises WorkspaceError for an unknown name, AuthorizationError for a caller who may not assign roles.
        """
        definition = find_role(role)
        with self._state.change(self._caller, self._assignment("assign_role", principal)):
            held = self._state.assignments.get(principal, ())
            if definition not in held:
                self._state.assignments[principal] = (*held, definition)

    def remove_role(self, role: str | RoleDefinition, *, principal: str) -> None:
        """Take a role from a principal; it may call with its other roles from now on. Raises as ``assign_role``, and
        WorkspaceError for a role that the principal does not have."""
        definition = find_role(role)
        with self._state.change(self._caller, self._assignment("remove_role", principal)):
            held = self._state.assignments.get(principal, ())
            if definition not in held:
                raise WorkspaceError(f"{principal} does not have the role {definition.name}")
            self._state.assignments[principal] = tuple(one for one in held if one != definition)
            if not self._state.assignments[principal]:
                del self._state.assignments[principal]

    @staticmethod
    def _assignment(verb: str, principal: str) -> Operation:
        action = ASSIGN_ROLES if verb == "assign_role" else UNASSIGN_ROLES
        return Operation(verb, action, f"providers/Microsoft.Authorization/roleAssignments/{principal}")


def state_of(workspace: FakeWorkspace) -> WorkspaceState:
    """The state behind a workspace, for the scheduler and the REST face."""
    return workspace._state


def caller_of(workspace: FakeWorkspace) -> Caller:
    """Who a workspace is seen by, for the REST face."""
    return workspace._caller
