"""``az ml schedule``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from typing import Any

from pytest_mlschedule.az.arguments import Option
from pytest_mlschedule.az.command import Command, Context
from pytest_mlschedule.az.definitions import read_schedule
from pytest_mlschedule.az.entities import in_words_of, schedule_data, time_as_sent
from pytest_mlschedule.az.errors import ServiceError, client_error, definition_error
from pytest_mlschedule.az.paths import apply_changes
from pytest_mlschedule.az.preparation import authorize_preparation
from pytest_mlschedule.diagnostics import error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.schedules.entity import schedule_from_entity
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule, PipelineJob
from pytest_mlschedule.schedules.reader import has_errors
from pytest_mlschedule.schedules.rest_fields import fold
from pytest_mlschedule.triggers.reading import read_trigger
from pytest_mlschedule.workspace.roles import WRITE_SCHEDULES
from pytest_mlschedule.workspace.state import Operation
from pytest_mlschedule.workspace.workspace import FakeWorkspace, caller_of, state_of

GROUP = Option(("--resource-group", "-g"), required=True, default="group")
WORKSPACE = Option(("--workspace-name", "-w"), default="workspace")
NEEDED_WORKSPACE = replace(WORKSPACE, required=True)
NAME = Option(("--name", "-n"), required=True)
NO_WAIT = Option(("--no-wait",), "flag")
SET = Option(("--set",), "pairs")
MAX_RESULTS = Option(("--max-results", "-r"), "number")
# The keys that the client takes from what it changes. It drops others: what the service decides, and isEnabled or displayName.
_TAKEN = (
    *("name", "display_name", "description", "tags", "properties", "trigger"),
    *("create_job", "create_monitor", "import_data", "action"),
)
_JOB_KEYS = {fold(key): key for key in PipelineJob.model_fields}
_COLUMNS = ("name", "description", "is_enabled", "provisioning_state")


def create_schedule(context: Context) -> Any:
    """Create, or replace the schedule of that name: everything."""
    options, workspace = context.options, context.workspace()
    overrides = [*(options.set or ()), *([("name", options.name)] if options.name else ())]
    with _as_answered(workspace, options.name):
        schedule = read_schedule(context.call, options.file, overrides, workspace.profile)
    _prepare(workspace, schedule)
    return _put(context, workspace, _as_sent(context, workspace, schedule))


@contextmanager
def _as_answered(workspace: FakeWorkspace, name: str | None) -> Iterator[None]:
    """The service refuses a definition only to who may put one."""
    try:
        yield
    except ServiceError:
        put = Operation("schedules.put", WRITE_SCHEDULES, f"schedules/{name}" if name else "schedules")
        state_of(workspace).authorize(caller_of(workspace), put)
        raise


def _prepare(workspace: FakeWorkspace, schedule: JobSchedule) -> None:
    """What the client does for a job of a file; one that is in the workspace it takes as it is."""
    job = schedule.create_job
    if isinstance(job, JobDefinition) and job.id is None:
        authorize_preparation(workspace, job)


def _as_sent(context: Context, workspace: FakeWorkspace, schedule: JobSchedule) -> JobSchedule:
    """The schedule as the client sends it: times in its form, tags as text."""
    trigger = schedule.trigger
    sent: dict[str, Any] = {
        "start_time": time_as_sent(trigger.start, context.release),
        "end_time": time_as_sent(trigger.end, context.release),
        "profile": workspace.profile,
    }
    tags = {name: str(value) for name, value in schedule.tags.items()}
    return schedule.replace(trigger=replace(trigger, **sent), tags=tags or None)


def _put(context: Context, workspace: FakeWorkspace, schedule: JobSchedule) -> Any:
    workspace.schedules.begin_create_or_update(schedule)
    context.wait()
    return None if context.options.no_wait else _printed(context, workspace.schedules.get(schedule.name))


def _printed(context: Context, schedule: JobSchedule) -> dict[str, Any]:
    return in_words_of(context.release, schedule_data(schedule))


def show_schedule(context: Context) -> Any:
    """One schedule."""
    return _printed(context, context.workspace().schedules.get(context.options.name))


def list_schedules(context: Context) -> Any:
    """The enabled ones, unless others are asked for."""
    options = context.options
    workspace = context.workspace()
    if options.include_disabled and options.disabled_only:
        raise client_error("ValueError", "Cannot provide both disabled-only and include-disabled.")
    if options.max_results:
        context.notes.append(f"Displaying top {options.max_results} results from the list command.\n")
    view = "ALL" if options.include_disabled else "DISABLED_ONLY" if options.disabled_only else "ENABLED_ONLY"
    found = workspace.schedules.list(list_view_type=view)
    return [_printed(context, schedule) for schedule in found[: options.max_results or None]]


def update_schedule(context: Context) -> Any:
    """Get, change what was printed, put it all: a schedule that was disabled is enabled again, as nobody says that it is not."""
    options, workspace = context.options, context.workspace()
    data = schedule_data(workspace.schedules.get(options.name))
    steps = deepcopy(_steps(data))
    apply_changes(data, options.changes or (), as_text=options.force_string)
    if not context.release.updates_jobs and "create_job" in data:
        text = "JobSchedule.__init__() missing 1 required keyword-only argument: 'create_job'"
        raise client_error("TypeError", text)
    if not isinstance(data.get("create_job", {}), dict):
        raise client_error("AttributeError", "'str' object has no attribute 'get'")
    given = {
        key: _drop_misspelt(value) if key == "create_job" else value for key, value in data.items() if key in _TAKEN
    }
    with _as_answered(workspace, options.name):
        schedule = _read_changed(context, given, workspace.profile)
    if _steps(data) != steps:  # the others are registered since they were put
        _prepare(workspace, schedule)
    return _put(context, workspace, _as_sent(context, workspace, schedule))


def _steps(data: dict[str, Any]) -> Any:
    """The steps of printed data."""
    job = data.get("create_job")
    return job.get("jobs") if isinstance(job, dict) else None


def _drop_misspelt(job: dict[str, Any]) -> dict[str, Any]:
    """A job without keys such as ``displayName``: the client knows display_name alone."""
    return {key: value for key, value in job.items() if _JOB_KEYS.get(fold(key), key) == key}


def _read_changed(context: Context, data: dict[str, Any], profile: ServiceProfile) -> JobSchedule:
    """The schedule of printed data. Raises AzError for values that the client refuses, as where the trigger has unknown keys."""
    _, said = read_trigger(data.get("trigger", {}), profile=profile)
    schedule, found = schedule_from_entity(data, profile)
    problems = [item for item in found if item.field[:1] != ("trigger",)] + [item.under("trigger") for item in said]
    problems += [
        error("MLS009", "null is not allowed here", "", (key,)) for key, value in data.items() if value is None
    ]
    if schedule is None or has_errors(problems):
        errors = DefinitionError(item for item in problems if has_errors([item]))
        raise definition_error(errors, "JobScheduleSchema", context.call)
    return schedule


def enable_schedule(context: Context) -> Any:
    """Get and put with isEnabled."""
    return _switch(context, "begin_enable")


def disable_schedule(context: Context) -> Any:
    """Get and put without isEnabled."""
    return _switch(context, "begin_disable")


def _switch(context: Context, verb: str) -> Any:
    schedules = context.workspace().schedules
    schedules.get(context.options.name)
    poller = getattr(schedules, verb)(context.options.name)
    context.wait()
    return None if context.options.no_wait else _printed(context, poller.result())


def delete_schedule(context: Context) -> None:
    """Delete a disabled schedule; of an enabled one only who waits gets to know that it survives."""
    workspace, name = context.workspace(), context.options.name
    is_there = name in state_of(workspace).records
    poller = workspace.schedules.begin_delete(name)
    if is_there:
        context.wait()
    if not context.options.no_wait:
        poller.result()


def trigger_schedule(context: Context) -> Any:
    """Run it once, now."""
    result = context.workspace().schedules.trigger(context.options.name)
    return {"job_name": result.job_name, "schedule_action_type": result.schedule_action_type}


def _table(schedules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: schedule.get(key) for key in _COLUMNS} for schedule in schedules]


_ONE = (GROUP, NEEDED_WORKSPACE, NAME)
COMMANDS = (
    Command(
        "ml schedule create",
        create_schedule,
        (Option(("--file", "-f"), required=True), GROUP, WORKSPACE, replace(NAME, required=False), SET, NO_WAIT),
        "Create a schedule, or replace the one of that name.",
    ),
    Command(
        "ml schedule delete",
        delete_schedule,
        (*_ONE, NO_WAIT),
        "Delete a schedule that is disabled.",
        hints=(
            ("--yes", "az ml schedule delete asks nothing: leave --yes out"),
            ("-y", "az ml schedule delete asks nothing: leave -y out"),
        ),
    ),
    Command("ml schedule disable", disable_schedule, (*_ONE, NO_WAIT), "Disable a schedule."),
    Command("ml schedule enable", enable_schedule, (*_ONE, NO_WAIT), "Enable a schedule."),
    Command(
        "ml schedule list",
        list_schedules,
        (
            GROUP,
            WORKSPACE,
            MAX_RESULTS,
            Option(("--include-disabled",), "flag"),
            Option(("--disabled-only",), "flag"),
        ),
        "List the enabled schedules.",
        _table,
    ),
    Command("ml schedule show", show_schedule, (GROUP, NAME, WORKSPACE), "Show a schedule."),
    Command(
        "ml schedule trigger",
        trigger_schedule,
        _ONE,
        "Run a schedule once.",
        hints=(("--schedule-time", "az ml schedule trigger runs a schedule now; only the SDK can say another time"),),
    ),
    Command(
        "ml schedule update",
        update_schedule,
        (
            *_ONE,
            Option(("--set",), "changes"),
            Option(("--add",), "changes"),
            Option(("--remove",), "changes"),
            Option(("--force-string",), "flag"),
            NO_WAIT,
        ),
        "Change values of a schedule.",
        hints=(
            ("-f", "to replace a schedule by a file: az ml schedule create --file"),
            ("--file", "to replace a schedule by a file: az ml schedule create --file"),
            ("--enabled", "write az ml schedule enable, or disable"),
        ),
    ),
)
