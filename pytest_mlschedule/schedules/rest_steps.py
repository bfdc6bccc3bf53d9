"""Steps of a pipeline and their components between the REST API and ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from pytest_mlschedule.schedules import yaml_text
from pytest_mlschedule.schedules.frozen import FrozenDict, freeze, thaw
from pytest_mlschedule.schedules.models import Component, Step
from pytest_mlschedule.schedules.references import add_prefix, cut_prefix
from pytest_mlschedule.schedules.rest_fields import RestObject, check_depth, fold, last_part
from pytest_mlschedule.schedules.rest_ports import input_to_rest, output_to_rest, read_rest_input, read_step_output
from pytest_mlschedule.schedules.rest_settings import settings_from_rest, settings_to_rest

# What the client makes the component of a step that is written out of: the key that tells, what moves there, what it copies.
_INLINE: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "command": ("command", ("command", "environment", "code"), ()),
    "spark": ("entry", ("code", "environment"), ("entry", "conf", "py_files", "jars", "files", "archives", "args")),
    "parallel": (
        "task",
        (),
        (
            "task", "mini_batch_size", "mini_batch_error_threshold", "error_threshold", "max_concurrency_per_instance",
            "input_data", "logging_level", "resources", "retry_settings", "partition_keys",
        ),
    ),
}  # fmt: skip
_STEP_KEYS = {"name", "type", "componentid", "computeid", "inputs", "outputs", "source"}


def read_rest_step(given: RestObject) -> Step:
    """A step, as far as REST tells: its component may be the id of one in the workspace."""
    kind = (given.text("type") or "command").lower()
    component, compute = read_rest_component(given), given.text("computeId")
    rest = {key: value for key, value in given.data.items() if fold(key) not in _STEP_KEYS and value is not None}
    if kind == "sweep" and isinstance(given.value("trial"), Mapping):
        component = read_rest_component(given.inner("trial")) or component
    if kind == "sweep" and component is not None:
        trial = component if isinstance(component, str) else component_data(component)
        rest = {**{key: value for key, value in rest.items() if fold(key) != "trial"}, "trial": trial}
    fields: dict[str, Any] = {
        "type": kind,
        "component": component,
        "compute": last_part(compute) if compute else None,
        "inputs": given.items("inputs", read_rest_input) or None,
        "outputs": given.items("outputs", read_step_output) or None,
        "content": freeze(settings_from_rest(kind, rest)) or None,
    }
    return Step.model_construct(**{key: value for key, value in fields.items() if value is not None})


def read_rest_component(given: RestObject) -> Component | str | None:
    """The component that ``componentId`` names or holds."""
    text = given.text("componentId")
    return component_from_text(text) if text else None


def component_from_text(text: str) -> Component | str:
    """A reference; or the whole component, whose YAML text the client sends before it is uploaded."""
    if "\n" in text:
        try:
            data = yaml_text.parse(cut_prefix(text)).data
        except yaml_text.TextError:
            data = None
        if isinstance(data, Mapping) and not check_depth(data):
            return component_of(data)
    return add_prefix(text)


def component_of(data: Mapping[str, Any]) -> Component:
    """The component of a mapping that a client wrote; not checked again."""
    ports = {key: freeze(data[key]) for key in ("inputs", "outputs") if isinstance(data.get(key), Mapping)}
    names: dict[str, Any] = {key: str(data[key]) for key in ("name", "version") if data.get(key) is not None}
    content = {
        key: freeze(value) for key, value in data.items() if key not in ("inputs", "outputs", "name", "version", "type")
    }
    kind = str(data.get("type", "command")).lower()
    return Component.model_construct(type=kind, content=FrozenDict(content), **names, **ports)


def component_to_rest(component: Component | str | None) -> str | None:
    """The reverse: a reference without ``azureml:``, a component as YAML text."""
    if component is None or isinstance(component, str):
        return component and cut_prefix(component)
    return yaml.safe_dump(component_data(component), sort_keys=False, allow_unicode=True)


def component_data(component: Component) -> dict[str, Any]:
    """A component as YAML writes it."""
    own = {"name": component.name, "version": component.version, "type": component.type}
    ports = {"inputs": thaw(component.inputs), "outputs": thaw(component.outputs)}
    data = {**thaw(component.content), **own, **ports}
    return {key: value for key, value in data.items() if value is not None and value != {}}


def step_to_rest(name: str, step: Step) -> dict[str, Any]:
    """A step as the client sends it."""
    inputs = {key: _port(input_to_rest(value)) for key, value in step.inputs.items()}
    outputs = {
        key: {"value": value, "type": "literal"} if isinstance(value, str) else _port(output_to_rest(value))
        for key, value in step.outputs.items()
    }
    component, content = component_of_step(step)
    named = {"componentId": component_to_rest(component)}
    answer = {
        **settings_to_rest(step.type, thaw(content)),
        "name": name,
        "type": step.type,
        **({"trial": named} if step.type == "sweep" and component is not None else named),
        "computeId": step.compute,
        "inputs": inputs,
        "outputs": outputs,
        "_source": "YAML.COMPONENT" if step.component else "YAML.JOB",
    }
    return {key: value for key, value in answer.items() if value is not None}


def component_of_step(step: Step) -> tuple[Component | str | None, Mapping[str, Any]]:
    """The component of a step and what else it holds; of a step that is written out the client makes a component.

    The component of a sweep is its trial.
    """
    if step.component is not None:
        return step.component, {key: value for key, value in step.content.items() if key != "trial"}
    tells, moved, copied = _INLINE.get(step.type, _INLINE["command"])
    if tells not in step.content:
        return None, step.content
    component = Component.model_construct(
        type=step.type,
        name="azureml_anonymous",
        version="1",
        inputs=FrozenDict({name: _declaration(value) for name, value in step.inputs.items()}),
        outputs=FrozenDict({name: _declaration(value) for name, value in step.outputs.items()}),
        content=FrozenDict({key: step.content[key] for key in (*moved, *copied) if key in step.content}),
    )
    return component, {key: value for key, value in step.content.items() if key not in moved}


def _declaration(value: Any) -> FrozenDict[str, Any]:
    """What the client declares for a value of a step: a folder for a binding."""
    if isinstance(value, Mapping):
        return FrozenDict({"type": value.get("type", "uri_folder")})
    if isinstance(value, str) and "${{parent." in value:
        return FrozenDict({"type": "uri_folder"})
    names = {bool: "boolean", int: "integer", float: "number"}
    return FrozenDict({"type": names.get(type(value), "string")})


def _port(answer: dict[str, Any]) -> dict[str, Any]:
    """Steps spell the type of a port in snake case, and leave out what is not given."""
    names = {"jobInputType": "job_input_type", "jobOutputType": "job_output_type"}
    return {names.get(key, key): value for key, value in answer.items() if value is not None}
