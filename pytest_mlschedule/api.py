"""The public names, all of them. Import them from the package root: ``from pytest_mlschedule import load_schedule``."""

from pytest_mlschedule.checks.check import check_schedules
from pytest_mlschedule.clock import SimulatedClock
from pytest_mlschedule.config.config import Config
from pytest_mlschedule.config.reading import load_config
from pytest_mlschedule.costs.billing_trials import Trials
from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.estimate import Estimate
from pytest_mlschedule.costs.prices.price_files import read_prices
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.costs.settings import CostSettings
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
from pytest_mlschedule.history.history import History
from pytest_mlschedule.history.reading import read_history
from pytest_mlschedule.planning.audit import audit_runs
from pytest_mlschedule.planning.audit_plan import plan_history
from pytest_mlschedule.planning.audit_result import Audit
from pytest_mlschedule.planning.calibration import calibrate_profile
from pytest_mlschedule.planning.calibration_result import Calibration
from pytest_mlschedule.planning.diff import PlanDiff, ScheduleDiff
from pytest_mlschedule.planning.differ import diff_plans
from pytest_mlschedule.planning.estimates import estimate_runs
from pytest_mlschedule.planning.forecasts import Forecast, forecast
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.planner import plan_runs
from pytest_mlschedule.planning.run import PlannedRun
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.scheduler import Scheduler
from pytest_mlschedule.schedules.loader import load_job, load_schedule, load_schedules
from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger
from pytest_mlschedule.triggers.recurrence_pattern import RecurrencePattern
from pytest_mlschedule.triggers.timetable import Timetable
from pytest_mlschedule.workspace.job import Job
from pytest_mlschedule.workspace.roles import RoleDefinition
from pytest_mlschedule.workspace.workspace import FakeWorkspace

__all__ = [
    "Audit",
    "AuthorizationError",
    "Calibration",
    "Compute",
    "Config",
    "CostSettings",
    "CronTrigger",
    "DefinitionError",
    "Diagnostic",
    "Estimate",
    "FakeWorkspace",
    "Forecast",
    "History",
    "InstantRangeError",
    "Job",
    "JobSchedule",
    "Location",
    "MLScheduleError",
    "MacroError",
    "PipelineJob",
    "Plan",
    "PlanDiff",
    "PlannedRun",
    "PriceList",
    "RecurrencePattern",
    "RecurrenceTrigger",
    "ResourceExistsError",
    "ResourceNotFoundError",
    "RoleDefinition",
    "ScheduleDiff",
    "Scheduler",
    "ServiceProfile",
    "Severity",
    "SimulatedClock",
    "Timetable",
    "Trials",
    "WorkspaceError",
    "audit_runs",
    "calibrate_profile",
    "check_schedules",
    "diff_plans",
    "estimate_runs",
    "forecast",
    "load_config",
    "load_job",
    "load_schedule",
    "load_schedules",
    "plan_history",
    "plan_runs",
    "read_history",
    "read_prices",
]
