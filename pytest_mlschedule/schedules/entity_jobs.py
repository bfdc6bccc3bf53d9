"""``create_job`` of printed schedules: the job in the spelling of YAML, literal inputs as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.schedules.fields import read_input, read_output
from pytest_mlschedule.schedules.frozen import EMPTY, FrozenDict, freeze, thaw
from pytest_mlschedule.schedules.jobs import preview_warning
from pytest_mlschedule.schedules.macros import find_macro_problems
from pytest_mlschedule.schedules.models import Component, JobDefinition, PipelineJob, Step
from pytest_mlschedule.schedules.problems import describe, found_by, validate
from pytest_mlschedule.schedules.reader import has_errors
from pytest_mlschedule.schedules.references import add_prefix
from pytest_mlschedule.schedules.rest_fields import RestObject, last_part
from pytest_mlschedule.schedules.rest_jobs import read_job_model
from pytest_mlschedule.schedules.rest_ports import literal_text
from pytest_mlschedule.schedules.rest_steps import component_data, component_from_text, component_of, component_of_step

_FIELDS = ("description", "display_name", "experiment_name", "name")
_MAPS = ("tags", "properties")
_SKIPPED = {
    *_FIELDS,
    *_MAPS,
    "type",
    "id",
    "status",
    "creation_context",
    "services",
    "compute",
    "identity",
    "inputs",
    "outputs",
    "settings",
}
_INPUT_KEYS = ("datastore", "mode", "path", "type", "value")
_OUTPUT_KEYS = ("mode", "name", "path", "type", "version")
_IDENTITY_KEYS = ("type", "client_id", "object_id", "msi_resource_id")
_SETTINGS = ("default_datastore", "default_compute", "continue_on_step_failure", "force_rerun")
_EXPRESSION = re.compile(r"\$\{\{\s*\S+\s*\}\}")
_STEP_KEYS = ("type", "component", "compute", "inputs", "outputs")


def read_entity_job(parent: RestObject) -> JobDefinition | str | None:
    """The job under ``create_job``; a plain reference where nothing else is given. Problems go to ``parent.found``."""
    value = parent.value("create_job")
    if isinstance(value, str):
        return _reference(value, parent, "create_job")
    before = len(parent.found)
    given = parent.inner("create_job")
    if len(parent.found) > before:
        return None
    model = read_job_model(given, "type")
    name = given.text("id")
    reference = _reference(name, given, "id") if name else None
    data = _clean(given)
    graph = {} if model is not PipelineJob else _read_graph(given)
    if model is None or has_errors(parent.found[before:]):
        return None
    if model is PipelineJob and reference and not data and not graph:
        return reference
    job, problems = validate(model, data, model.model_fields)
    for item in problems:
        given.report(item)
    if job is None:
        return None
    job = job.model_copy(update=graph if model is PipelineJob else {"content": _content(given)})
    if reference and model is PipelineJob:
        job = job.model_copy(update={"id": reference, "overrides": freeze(data)})
    for item in (*preview_warning(job), *find_macro_problems(job)):
        given.report(item)
    return job


def _reference(text: str, given: RestObject, key: str) -> str | None:
    """The reference without ``azureml:``; None, and a problem, where nothing is left."""
    reference = text.removeprefix("azureml:")
    if reference.strip():
        return reference
    given.report(error("MLS401", "the reference is empty; it is the name of a job in the workspace"), key)
    return None


def _clean(given: RestObject) -> dict[str, Any]:
    """What a job file could say; what the service and the CLI add is left out."""
    data: dict[str, Any] = {key: given.text(key) or None for key in _FIELDS}
    data |= {key: given.text_map(key) or None for key in _MAPS}
    compute = given.text("compute")
    data["compute"] = last_part(compute) if compute else None
    identity = given.mapping("identity")
    data["identity"] = {key: identity[key] for key in _IDENTITY_KEYS if identity.get(key) is not None} or None
    data["inputs"] = {key: _clean_port(item, _INPUT_KEYS) for key, item in _given(given, "inputs")} or None
    data["outputs"] = {key: _clean_port(item, _OUTPUT_KEYS) for key, item in _given(given, "outputs")} or None
    data["settings"] = {key: _clean_setting(key, item) for key, item in _given(given, "settings")} or None
    return {key: value for key, value in data.items() if value is not None}


def _given(given: RestObject, key: str) -> list[tuple[str, Any]]:
    return [(name, item) for name, item in given.mapping(key).items() if item is not None]


def _clean_port(value: Any, keys: tuple[str, ...]) -> Any:
    """Without keys that YAML lacks. The client prints a literal that is an expression as ``{path: ${{name}}}``."""
    if not isinstance(value, Mapping):
        return value
    port = {key: value[key] for key in keys if value.get(key) is not None}
    path = port.get("path")
    return path if list(port) == ["path"] and isinstance(path, str) and _EXPRESSION.fullmatch(path) else port


def _clean_setting(key: str, value: Any) -> Any:
    if key in ("default_compute", "default_datastore") and isinstance(value, str):
        name = last_part(value)
        return name if name.lower() == "serverless" else f"azureml:{name}"
    return value


def _content(given: RestObject) -> FrozenDict[str, Any]:
    items = ((key, value) for key, value in given.data.items() if key not in _SKIPPED and value is not None)
    return FrozenDict({key: freeze(value) for key, value in items})


def _read_graph(given: RestObject) -> dict[str, Any]:
    graph: dict[str, Any] = {"jobs": given.items("jobs", _read_step) or None}
    if given.value("component") is not None:
        graph["component"] = _read_component(given, "component")
    return {key: value for key, value in graph.items() if value is not None}


def _read_step(given: RestObject) -> Step:
    compute = given.text("compute")
    kind = (given.text("type") or "command").lower()
    rest = {key: freeze(value) for key, value in given.data.items() if key not in _STEP_KEYS and value is not None}
    fields: dict[str, Any] = {
        "type": kind,
        "component": _read_component(given, _component_key(kind)),
        "compute": last_part(compute) if compute else None,
        "inputs": _read_ports(given, "inputs", _INPUT_KEYS, read_input),
        "outputs": _read_ports(given, "outputs", _OUTPUT_KEYS, _read_step_output),
        "content": FrozenDict(rest) or None,
    }
    return Step.model_construct(**{key: value for key, value in fields.items() if value is not None})


def _component_key(kind: str) -> str:
    return "trial" if kind == "sweep" else "component"


def _read_component(given: RestObject, key: str) -> Component | str | None:
    value = given.value(key)
    if isinstance(value, str) and value:
        return component_from_text(value)
    if isinstance(value, Mapping):
        return component_of(value)
    if value is not None:
        given.report(error("MLS407", f"must be a component or its name, not {describe(value)}"), key)
    return None


def _read_ports(
    given: RestObject, key: str, keys: tuple[str, ...], read: Callable[[Any], Any]
) -> FrozenDict[str, Any] | None:
    ports: dict[str, Any] = {}
    for name, item in _given(given, key):
        found: list[Diagnostic]
        ports[name], found = found_by(read, _clean_port(item, keys))
        for problem in found:
            given.report(problem.under(given.key(key), name))
    return FrozenDict(ports) or None


def _read_step_output(value: Any) -> Any:
    return value if isinstance(value, str) else read_output(value)


def entity_job_data(job: JobDefinition | str | None) -> dict[str, Any] | None:
    """The job as the client prints it: a reference as ``id``, literals as text."""
    if job is None:
        return None
    if isinstance(job, str):
        return entity_job_data(PipelineJob.model_construct(id=job))
    data = {
        "id": None if job.id is None else f"azureml:{job.id}",
        "name": job.name,
        "description": job.description,
        "tags": thaw(job.tags) or None,
        "properties": thaw(job.properties) or None,
        "display_name": job.display_name,
        "experiment_name": job.experiment_name or ("Default" if job.id is None else ""),
        "compute": _prefixed(job.compute),
        "identity": _identity_data(job.identity),
        "type": job.type,
        "settings": {key: _setting_data(key, job.settings[key]) for key in _SETTINGS if key in job.settings} or None,
        "inputs": {name: _port_data(value) for name, value in job.inputs.items()} or None,
        "outputs": {name: _port_data(value) for name, value in job.outputs.items()} or None,
    }
    rest = thaw(getattr(job, "content", EMPTY))
    if isinstance(job, PipelineJob):
        rest = {"jobs": {name: _step_data(step) for name, step in job.jobs.items()} or None}
        rest["component"] = _component_data(job.component)
    return {key: value for key, value in {**data, **rest}.items() if value is not None}


def _prefixed(name: str | None) -> str | None:
    return name if name is None or name.lower() == "serverless" else f"azureml:{name}"


def _identity_data(identity: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if identity is None:
        return None
    return {**identity, "type": "managed_identity"} if identity["type"].lower() == "managed" else dict(identity)


def _setting_data(key: str, value: Any) -> Any:
    return _prefixed(value) if key in ("default_datastore", "default_compute") else value


def _port_data(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {"type": "uri_folder", **value}
    text = literal_text(value)
    return {"path": text} if _EXPRESSION.fullmatch(text) else text


def _step_data(step: Step) -> dict[str, Any]:
    component, content = component_of_step(step)
    data = {
        **thaw(content),
        "inputs": {name: _port_data(value) for name, value in step.inputs.items()} or None,
        "outputs": {
            name: value if isinstance(value, str) else _port_data(value) for name, value in step.outputs.items()
        }
        or None,
        _component_key(step.type): _component_data(component),
        "type": step.type,
        "compute": _prefixed(step.compute),
    }
    return {key: value for key, value in data.items() if value is not None}


def _component_data(component: Component | str | None) -> Any:
    if isinstance(component, Component):
        return component_data(component)
    return component and add_prefix(component)
