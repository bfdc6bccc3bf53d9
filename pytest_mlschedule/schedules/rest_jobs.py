"""Job definitions between the REST API and ours. Literals are text on the wire, names of computes may be ARM ids there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.schedules.frozen import FrozenDict, freeze, thaw
from pytest_mlschedule.schedules.jobs import preview_warning
from pytest_mlschedule.schedules.models import CommandJob, JobDefinition, PipelineJob, SparkJob
from pytest_mlschedule.schedules.problems import describe
from pytest_mlschedule.schedules.reader import has_errors
from pytest_mlschedule.schedules.rest_fields import RestObject, check_depth, fold, last_part
from pytest_mlschedule.schedules.rest_ports import input_to_rest, output_to_rest, read_rest_input, read_rest_output
from pytest_mlschedule.schedules.rest_settings import (
    job_settings_from_rest,
    job_settings_to_rest,
    services_from_rest,
    services_to_rest,
)
from pytest_mlschedule.schedules.rest_steps import component_to_rest, read_rest_component, read_rest_step, step_to_rest

_JOB_TYPES: dict[str, type[JobDefinition]] = {"pipeline": PipelineJob, "command": CommandJob, "spark": SparkJob}
OTHER_TYPES = ("automl", "sweep", "labeling", "finetuning", "distillation")
_IDENTITIES = {"Managed": "managed", "AMLToken": "aml_token", "UserIdentity": "user_identity"}
_SETTING_NAMES = {"defaultcompute": "default_compute", "defaultdatastore": "default_datastore"}
_SETTING_FLAGS = {"continueonstepfailure": "continue_on_step_failure", "forcererun": "force_rerun"}
_FLAGS = {"true": True, "false": False}
_COMMON = {
    "jobtype", "displayname", "description", "experimentname", "tags", "properties", "services", "computeid", "identity",
    "inputs", "outputs", "settings", "sourcejobid", "isarchived", "status", "jobs", "componentid", "notificationsetting",
    "secretsconfiguration",
}  # fmt: skip


def job_from_rest(definition: Mapping[str, Any]) -> tuple[JobDefinition | str | None, list[Diagnostic]]:
    """The job of a ``jobDefinition`` (or of a job's ``properties``), or the reference where there is nothing else.

    Fields of the diagnostics count from the definition. Warnings and notes may come with a job, errors with None.
    """
    found = check_depth(definition)
    if found:
        return None, found
    given = RestObject(definition, found)
    model = read_job_model(given, "jobType")
    fields = _read_fields(given)
    reference = fields.pop("id", None)
    rest = _read_graph(given) if model is PipelineJob else {"content": _read_content(given, model)}
    if model is None or has_errors(found):
        return None, found
    if model is PipelineJob and reference is not None:
        if not fields and not rest:
            return reference, found
        fields |= {"id": reference, "overrides": FrozenDict(fields)}
    job = model.model_construct(**fields, **rest)
    return job, found + preview_warning(job)


def read_job_model(given: RestObject, key: str) -> type[JobDefinition] | None:
    """Our class for the type of a job that stands under ``key``; None, and a problem, where no schedule can run it."""
    kind = given.text(key)
    if kind is None:
        if given.value(key) is None:
            given.report(error("MLS405", f"the key {key!r} is missing", "it is Pipeline"), key)
        return None
    model = _JOB_TYPES.get(kind.lower())
    if model is None and kind.lower() in OTHER_TYPES:
        text = f"a job of type {kind} cannot be scheduled: only pipeline jobs can"
        given.report(error("MLS403", text, "make it a step of a pipeline job"), key)
    elif model is None:
        given.report(error("MLS009", f"{describe(kind)} is not a type of a job", "it is Pipeline"), key)
    return model


def _read_fields(given: RestObject) -> dict[str, Any]:
    """The fields that the definition gives; what it leaves empty is not among them."""
    compute, source = given.text("computeId"), given.text("sourceJobId")
    if source and not source.removeprefix("azureml:").strip():
        text = "the reference is empty; it is the name of a job in the workspace"
        given.report(error("MLS401", text), "sourceJobId")
    fields = {
        "display_name": given.text("displayName"),
        "description": given.text("description"),
        "experiment_name": given.text("experimentName") or None,
        "tags": given.text_map("tags") or None,
        "properties": given.text_map("properties") or None,
        "services": freeze(services_from_rest(given.mapping("services"))) or None,
        "compute": last_part(compute) if compute else None,
        "identity": _read_identity(given),
        "inputs": given.items("inputs", read_rest_input) or None,
        "outputs": given.items("outputs", read_rest_output) or None,
        "settings": _read_settings(given) or None,
        "id": source.removeprefix("azureml:") if source else None,
    }
    return {key: value for key, value in fields.items() if value is not None}


def _read_identity(given: RestObject) -> FrozenDict[str, Any] | None:
    if given.value("identity") is None:
        return None
    inner = given.inner("identity")
    if inner.value("identityType") is None:
        inner.report(
            error("MLS007", "the key 'identityType' is missing", f"it is {' or '.join(_IDENTITIES)}"), "identityType"
        )
    ids = {
        "client_id": inner.text("clientId"),
        "object_id": inner.text("objectId"),
        "msi_resource_id": inner.text("resourceId"),
    }
    identity = {"type": inner.choice("identityType", _IDENTITIES), **ids}
    return FrozenDict({key: value for key, value in identity.items() if value is not None})


def _read_settings(given: RestObject) -> FrozenDict[str, Any]:
    """Snake case as the client writes them (older answers: ``DefaultCompute``); any other key as it is."""
    inner = given.inner("settings")
    settings: dict[str, Any] = {}
    for key, value in inner.data.items():
        name, flag = _SETTING_NAMES.get(fold(key)), _SETTING_FLAGS.get(fold(key))
        if key == "_source" or value is None:
            continue
        if name is not None:
            settings[name] = last_part(inner.text(key) or "")
        elif flag is not None:
            settings[flag] = _FLAGS.get(value.lower(), value) if isinstance(value, str) else value
            if not isinstance(settings[flag], bool):
                inner.flag(key)
        else:
            settings[key] = freeze(value)
    return FrozenDict(settings)


def _read_graph(given: RestObject) -> dict[str, Any]:
    graph = {"jobs": given.items("jobs", read_rest_step) or None, "component": read_rest_component(given)}
    return {key: value for key, value in graph.items() if value is not None}


def _read_content(given: RestObject, model: type[JobDefinition] | None) -> FrozenDict[str, Any]:
    items = {key: value for key, value in given.data.items() if fold(key) not in _COMMON and value is not None}
    kind = "spark" if model is SparkJob else "command"
    content: FrozenDict[str, Any] = freeze(job_settings_from_rest(kind, items))
    return content


def job_to_rest(job: JobDefinition | str) -> dict[str, Any]:
    """The definition as the service answers it: filled up with null, literals as text.

    A job given as file without an experiment runs in ``Default`` (recorded); a reference keeps an empty one (JB-7).
    """
    if isinstance(job, str):
        return job_to_rest(PipelineJob.model_construct(id=job))
    definition: dict[str, Any] = {
        "jobType": job.type.capitalize(),
        "description": job.description,
        "displayName": job.display_name,
        "experimentName": job.experiment_name or ("Default" if job.id is None else ""),
        "isArchived": False,
        "status": "NotStarted",
        "computeId": job.compute,
        "componentId": None,
        "identity": _identity_to_rest(job.identity),
        "notificationSetting": None,
        "secretsConfiguration": None,
        "services": services_to_rest(thaw(job.services), job=True) or None,
        "tags": thaw(job.tags),
        "properties": thaw(job.properties),
        "inputs": {name: input_to_rest(value) for name, value in job.inputs.items()},
        "outputs": {name: output_to_rest(value) for name, value in job.outputs.items()},
    }
    if isinstance(job, PipelineJob):
        definition["settings"] = {**thaw(job.settings), "_source": "YAML.JOB"}
        definition["jobs"] = {name: step_to_rest(name, step) for name, step in job.jobs.items()}
        definition["componentId"] = component_to_rest(job.component)
        definition["sourceJobId"] = job.id
        return definition
    assert isinstance(job, CommandJob | SparkJob)
    return {**definition, **job_settings_to_rest(job.type, thaw(job.content))}


def _identity_to_rest(identity: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if identity is None:
        return None
    words = {fold(ours): theirs for theirs, ours in _IDENTITIES.items()} | {"managedidentity": "Managed"}
    answer: dict[str, Any] = {"identityType": words[fold(identity["type"])]}
    if answer["identityType"] == "Managed":
        ids = {"clientId": "client_id", "objectId": "object_id", "resourceId": "msi_resource_id"}
        answer |= {theirs: identity.get(ours) for theirs, ours in ids.items()}
    return answer
