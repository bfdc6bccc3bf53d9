"""Actions that are not jobs, between the REST API and ours: carried as data (WS-10).

Keys change their spelling (``monitoringTarget`` ↔ ``monitoring_target``) and a few their names; values stay as they are.
Below a name that somebody chose (a signal, a tag) the name stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.schedules.frozen import freeze, thaw
from pytest_mlschedule.schedules.macros import find_macro_problems
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.schedules.rest_fields import RestObject
from pytest_mlschedule.schedules.rest_jobs import job_from_rest, job_to_rest

_JOB_ACTION = "createjob"
# actionType: the key of its definition, the field of JobSchedule, names that YAML changes (outermost level only)
_DEFINITIONS: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "createmonitor": (
        "CreateMonitor",
        "monitorDefinition",
        "create_monitor",
        {
            "computeConfiguration": "compute",
            "signals": "monitoring_signals",
            "alertNotificationSettings": "alert_notification",
        },
    ),
    "importdata": (
        "ImportData",
        "dataImportDefinition",
        "import_data",
        {"assetName": "name", "dataUri": "path", "dataType": "type"},
    ),
}
_NAMED = {"signals", "monitoring_signals", "tags", "properties", "inputs"}
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
        if given.value("actionType") is None and given.data:
            given.report(
                error("MLS007", "an action needs actionType", "it is CreateJob, or another action"), "actionType"
            )
        return None
    if kind.lower() == _JOB_ACTION:
        return _read_job(given)
    if kind.lower() in _DEFINITIONS:
        _, key, field, names = _DEFINITIONS[kind.lower()]
        definition = given.mapping(key)
        if not definition:
            given.report(error("MLS007", f"the action {kind} needs {key}"), key)
        return {field: freeze(_respell(definition, _snake, names))}
    return {"action": freeze({**given.data, given.key("actionType"): _KNOWN.get(kind.lower(), kind)})}


def _read_job(given: RestObject) -> dict[str, Any] | None:
    definition = given.mapping("jobDefinition")
    if not definition:
        if given.value("jobDefinition") is None or isinstance(given.value("jobDefinition"), Mapping):
            given.report(error("MLS007", "the action CreateJob needs jobDefinition"), "jobDefinition")
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
        found, field=(names.get(str(head), _camel(str(head))), *(names.get(str(part), part) for part in rest))
    )


def action_to_rest(schedule: JobSchedule) -> dict[str, Any]:
    """The action as the service answers it."""
    if schedule.create_job is not None:
        return {"actionType": "CreateJob", "jobDefinition": job_to_rest(schedule.create_job)}
    for kind, key, field, names in _DEFINITIONS.values():
        value = getattr(schedule, field)
        if value is not None:
            return {"actionType": kind, key: _respell(value, _camel, {ours: theirs for theirs, ours in names.items()})}
    action: dict[str, Any] = thaw(schedule.action or {})
    return action


def _respell(value: Any, spell: Callable[[str], str], names: Mapping[str, str]) -> Any:
    """The same data with its keys spelt otherwise; ``names`` are exceptions on the outermost level."""
    if isinstance(value, Mapping):
        return {names.get(key, spell(key)): _below(key, item, spell) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_respell(item, spell, {}) for item in value]
    return value


def _below(key: str, value: Any, spell: Callable[[str], str]) -> Any:
    if key in _NAMED and isinstance(value, Mapping):
        return {name: _respell(item, spell, {}) for name, item in value.items()}
    return _respell(value, spell, {})


def _snake(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower()


def _camel(key: str) -> str:
    return re.sub(r"(?<=[a-zA-Z0-9])_([a-z0-9])", lambda match: match[1].upper(), key)
