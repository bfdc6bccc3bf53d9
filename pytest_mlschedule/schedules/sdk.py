"""Objects of azure-ai-ml taken as ours: recognised and read without importing the SDK, offline.

Triggers are read from their attributes (the wire would drop UTC offsets: ST-1), jobs from their REST form, with literal
inputs as the Python values that the object shows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from pytest_mlschedule.diagnostics import Diagnostic, Severity, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.frozen import FrozenDict
from pytest_mlschedule.schedules.jobs import preview_warning
from pytest_mlschedule.schedules.macros import find_macro_problems
from pytest_mlschedule.schedules.models import CreationContext, Job, JobDefinition, JobSchedule, PipelineJob, Trigger
from pytest_mlschedule.schedules.rest import read_context
from pytest_mlschedule.schedules.rest_fields import RestObject
from pytest_mlschedule.schedules.rest_jobs import job_from_rest
from pytest_mlschedule.schedules.sdk_triggers import adopt_trigger, is_entity

__all__ = ["adopt_job", "adopt_schedule", "adopt_trigger", "is_entity"]

_OTHER_ACTIONS = ("create_monitor", "import_data")


def adopt_schedule(value: Any) -> JobSchedule:
    """Our schedule of an azure-ai-ml JobSchedule, MonitorSchedule or ImportDataSchedule; ours unchanged.

    Raises DefinitionError for what cannot run or cannot be translated offline, TypeError for anything else.
    """
    if isinstance(value, JobSchedule):
        return value
    if not is_entity(value) or not hasattr(value, "trigger"):
        raise TypeError(f"a schedule is needed (JobSchedule), not {_class_name(value)}")
    found: list[Diagnostic] = []
    fields: dict[str, Any] = {}
    for name, adopt in (("trigger", _adopt_own_trigger), ("action", _adopt_action)):
        try:
            fields[name] = adopt(value)
        except DefinitionError as failure:
            found += failure.diagnostics
    if found:
        raise DefinitionError(found)
    job = fields["action"].get("create_job")
    said = [item.under("trigger") for item in fields["trigger"].diagnostics]
    if isinstance(job, JobDefinition):
        said += [item.under("create_job") for item in (*preview_warning(job), *find_macro_problems(job))]
    given = {
        "name": value.name,
        "display_name": value.display_name,
        "description": value.description,
        "tags": value.tags or None,
        "properties": value.properties or None,
        "is_enabled": value.is_enabled,
        "provisioning_state": value.provisioning_state,
        "id": value.id,
        "creation_context": _adopt_context(value.creation_context),
        "trigger": fields["trigger"],
        **fields["action"],
        "diagnostics": tuple(said),
    }
    return JobSchedule(**{key: item for key, item in given.items() if item is not None})


def adopt_job(value: Any) -> Job:
    """Our job of an azure-ai-ml PipelineJob (loaded or of ``@dsl.pipeline``), CommandJob or SparkJob; ours unchanged.

    Raises DefinitionError for jobs that cannot be scheduled or translated offline, TypeError for anything else.
    """
    if isinstance(value, JobDefinition):
        return value  # type: ignore[return-value]
    if not is_entity(value) or "Job" not in _class_names(value):
        raise TypeError(f"a job is needed (PipelineJob), not {_class_name(value)}")
    own = value._to_job() if hasattr(value, "_to_job") else value
    body = _wire(own)
    definition = dict(body.get("properties") or {})
    reference = getattr(own, "id", None)
    # jobs.get() gives a job with its ARM id: in a schedule it means that job, with what the object says laid over it.
    if isinstance(reference, str):
        definition["sourceJobId"] = reference
    job, found = job_from_rest(definition)
    if job is None:
        raise DefinitionError(item for item in found if item.severity is Severity.ERROR)
    if isinstance(job, str):
        job = PipelineJob(id=job)
    inputs = FrozenDict({**job.inputs, **_python_inputs(own)})
    update: dict[str, Any] = {"inputs": inputs} if inputs else {}
    if own.name is not None:
        update["name"] = own.name
    return job.model_copy(update=update)  # type: ignore[return-value]


def _adopt_own_trigger(schedule: Any) -> Trigger:
    if schedule.trigger is None:
        raise DefinitionError([error("MLS007", "the schedule has no trigger", "give it a CronTrigger", ("trigger",))])
    try:
        return adopt_trigger(schedule.trigger)
    except DefinitionError as failure:
        raise DefinitionError(item.under("trigger") for item in failure.diagnostics) from None


def _adopt_action(schedule: Any) -> dict[str, Any]:
    if "JobSchedule" not in _class_names(schedule):
        return _adopt_other_action(schedule)
    job = schedule.create_job
    if isinstance(job, str):
        return {"create_job": job.removeprefix("azureml:")}
    try:
        return {"create_job": adopt_job(job)}
    except DefinitionError as failure:
        raise DefinitionError(item.under("create_job") for item in failure.diagnostics) from None
    except TypeError as failure:
        raise DefinitionError([error("MLS008", str(failure), "", ("create_job",))]) from None


def _adopt_other_action(schedule: Any) -> dict[str, Any]:
    """The monitor or the import as YAML writes it, carried as data (WS-10)."""
    try:
        data = schedule._to_dict()
        actions = {key: json.loads(json.dumps(data[key], default=str)) for key in _OTHER_ACTIONS if key in data}
    except Exception as failure:
        _refuse(schedule, failure)
    if not actions:
        raise DefinitionError([error("MLS007", "the schedule has no action", "give it create_job", ("create_job",))])
    return actions


def _python_inputs(job: Any) -> dict[str, Any]:
    """Literal inputs as the values that the object holds: 5, not "5"."""
    build = getattr(job, "_build_inputs", None)
    values = build() if build is not None else (job.inputs or {})
    return {name: value for name, value in values.items() if isinstance(value, str | int | float | bool)}


def _adopt_context(context: Any) -> CreationContext | None:
    if context is None:
        return None
    given = RestObject({name: _text(getattr(context, name, None)) for name in CreationContext.model_fields}, [])
    return read_context(given)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        # str() of the SDK's enum members would be their name.
        return None if value is None else str.__str__(value)
    return str(value)


def _wire(entity: Any) -> Mapping[str, Any]:
    """The JSON that the client would send, made offline. Raises DefinitionError where the client itself fails."""
    try:
        rest = entity._to_rest_object()
        data = rest.as_dict() if hasattr(rest, "_is_model") else rest.serialize()
        # Components that are not in a workspace yet become their YAML text, as in the client's own schedules.
        body: Mapping[str, Any] = json.loads(json.dumps(data, default=str))
    except Exception as failure:
        _refuse(entity, failure)
    return body


def _refuse(entity: Any, failure: Exception) -> NoReturn:
    reason = " ".join(str(failure).split())[:300] or type(failure).__name__
    text = f"azure-ai-ml cannot translate this {type(entity).__name__} without a workspace: {reason}"
    raise DefinitionError([error("MLS406", text, "load it from its YAML file")]) from failure


def _class_names(value: object) -> list[str]:
    return [kind.__name__ for kind in type(value).__mro__]


def _class_name(value: object) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"
