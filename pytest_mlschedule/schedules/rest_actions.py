"""The action of a schedule between the REST API and ours (WS-10: what is no job is carried as data)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.schedules.frozen import freeze, thaw
from pytest_mlschedule.schedules.macros import find_macro_problems
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.schedules.problems import closest
from pytest_mlschedule.schedules.rest_fields import RestObject
from pytest_mlschedule.schedules.rest_jobs import job_from_rest, job_to_rest
from pytest_mlschedule.schedules.rest_monitors import (
    import_to_rest,
    monitor_to_rest,
    read_import_definition,
    read_monitor_definition,
)
from pytest_mlschedule.schedules.rest_spelling import camel

_JOB_ACTION = "createjob"
# actionType: its spelling, the key of its definition, the field of JobSchedule, how it is read
_OTHERS = {
    "createmonitor": ("CreateMonitor", "monitorDefinition", "create_monitor", read_monitor_definition),
    "importdata": ("ImportData", "dataImportDefinition", "import_data", read_import_definition),
}
_KNOWN = {"invokebatchendpoint": "InvokeBatchEndpoint"}


def read_rest_action(parent: RestObject) -> dict[str, Any] | None:
    """The action of a schedule's properties as the field of JobSchedule that holds it; None where it is wrong."""
    if parent.value("action") is None:
        hint = "a schedule has properties.action with actionType CreateJob and jobDefinition"
        parent.report(error("MLS007", "the action is missing", hint), "action")
        return None
    given = parent.inner("action")
    kind = given.text("actionType")
    if kind is None:
        if given.value("actionType") is None and isinstance(parent.value("action"), Mapping):
            given.report(
                error("MLS007", "an action needs actionType", "it is CreateJob, or another action"), "actionType"
            )
        return None
    if kind.lower() == _JOB_ACTION:
        return _read_job(given)
    if kind.lower() in _OTHERS:
        _, key, field, read = _OTHERS[kind.lower()]
        return {field: freeze(read(_definition(given, kind, key)))}
    hint = closest(kind, ("CreateJob", *(spelling for spelling, *_ in _OTHERS.values()), *_KNOWN.values()))
    if kind.lower() not in _KNOWN and hint.startswith("did you mean"):
        given.report(error("MLS009", f"{kind!r} is not an action of schedules", hint), "actionType")
        return None
    return {"action": freeze({**given.data, given.key("actionType"): _KNOWN.get(kind.lower(), kind)})}


def _definition(given: RestObject, kind: str, key: str) -> Mapping[str, Any]:
    definition = given.mapping(key)
    if given.value(key) is None:
        given.report(error("MLS007", f"the action {kind} needs {key}"), key)
    return definition


def _read_job(given: RestObject) -> dict[str, Any] | None:
    definition = _definition(given, "CreateJob", "jobDefinition")
    if not isinstance(given.value("jobDefinition"), Mapping):
        return None
    job, found = job_from_rest(definition)
    if isinstance(job, JobDefinition):
        found += [_respell_field(item) for item in find_macro_problems(job)]
    for item in found:
        given.report(item.under(given.key("jobDefinition")))
    return None if job is None else {"create_job": job}


def _respell_field(found: Diagnostic) -> Diagnostic:
    """A problem of a field of ours, at the key of the definition that holds it."""
    names = {"compute": "computeId"} if len(found.field) == 1 else {"path": "uri"}
    head, *rest = found.field
    return replace(
        found, field=(names.get(str(head), camel(str(head))), *(names.get(str(part), part) for part in rest))
    )


def action_to_rest(schedule: JobSchedule) -> dict[str, Any]:
    """The action as the service answers it."""
    if schedule.create_job is not None:
        return {"actionType": "CreateJob", "jobDefinition": job_to_rest(schedule.create_job)}
    if schedule.create_monitor is not None:
        definition = monitor_to_rest(schedule.create_monitor, schedule.trigger)
        return {"actionType": "CreateMonitor", "monitorDefinition": definition}
    if schedule.import_data is not None:
        return {"actionType": "ImportData", "dataImportDefinition": import_to_rest(schedule.import_data)}
    action: dict[str, Any] = thaw(schedule.action or {})
    return action
