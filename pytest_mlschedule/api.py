"""The public names, all of them. Import them from the package root: ``from pytest_mlschedule import load_schedule``."""

from pytest_mlschedule.clock import SimulatedClock
from pytest_mlschedule.diagnostics import Diagnostic, Location, Severity
from pytest_mlschedule.errors import (
    AuthorizationError,
    DefinitionError,
    InstantRangeError,
    MacroError,
    MLScheduleError,
    ResourceExistsError,
    ResourceNotFoundError,
    WorkspaceError,
)
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.planner import plan_runs
from pytest_mlschedule.planning.run import PlannedRun
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.scheduler import Scheduler
from pytest_mlschedule.workspace.job import Job
from pytest_mlschedule.workspace.roles import RoleDefinition
from pytest_mlschedule.workspace.workspace import FakeWorkspace

__all__ = [
    "AuthorizationError",
    "DefinitionError",
    "Diagnostic",
    "FakeWorkspace",
    "InstantRangeError",
    "Job",
    "Location",
    "MLScheduleError",
    "MacroError",
    "Plan",
    "PlannedRun",
    "ResourceExistsError",
    "ResourceNotFoundError",
    "RoleDefinition",
    "Scheduler",
    "ServiceProfile",
    "Severity",
    "SimulatedClock",
    "WorkspaceError",
    "plan_runs",
]
