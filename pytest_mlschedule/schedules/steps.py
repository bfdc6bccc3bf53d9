"""Steps of a pipeline: their forms, their components, and the bindings that the client checks at load (sdk.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.schedules.components import check_code, check_environment, read_component
from pytest_mlschedule.schedules.fields import (
    read_bound_output,
    read_compute,
    read_identity,
    read_input,
    read_output,
    read_plain_input,
)
from pytest_mlschedule.schedules.frozen import EMPTY, FrozenDict, freeze
from pytest_mlschedule.schedules.models import Component, Step
from pytest_mlschedule.schedules.other_steps import check_other_step
from pytest_mlschedule.schedules.problems import closest, describe, found_by, key_text, unknown_key
from pytest_mlschedule.schedules.reader import Reader, follow, locate_all
from pytest_mlschedule.schedules.source import Document
from pytest_mlschedule.schedules.step_settings import COMPONENT_STEP_KEYS, check_settings, is_expression

# A step of these alone is a parallel step to the client.
_BARE_KEYS = {"compute", "inputs", "name", "outputs", "properties"}
_IGNORED_KEYS = ("$schema", "creation_context", "id", "log_files", "status")
_COMPONENT_TYPES = ("command", "data_transfer", "import", "parallel", "pipeline", "spark")
STEP_TYPES = ("command", "parallel", "pipeline", "spark", "automl", "sweep", "data_transfer", "import")
_PREVIEW_TYPES = ("if_else", "do_while", "parallel_for")
_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_BINDING = re.compile(r"\$\{\{parent\.(inputs|jobs)\.(.*?)\}\}")
_OUTPUT_BINDING = re.compile(r"\$\{\{parent\.outputs\.([^\s{}]*)\}\}")
# What a step may hold that is written out without a component.
_INLINE_KEYS = (
    "code", "command", "compute", "description", "display_name", "distribution", "environment", "environment_variables",
    "experiment_name", "identity", "inputs", "limits", "name", "outputs", "parent_job_name", "properties", "queue_settings",
    "resources", "services", "tags", "type", "$schema", "creation_context", "id", "log_files", "parameters", "status",
)  # fmt: skip


@dataclass(frozen=True)
class StepReader:
    """Reads the steps of one pipeline; ``document`` is the file they stand in."""

    reader: Reader
    document: Document

    def read_steps(self, jobs: Any) -> tuple[FrozenDict[str, Step], list[Diagnostic]]:
        """Steps by name, and every problem; fields are relative to ``jobs``."""
        if not isinstance(jobs, Mapping):
            text = f"must be a mapping of steps, not {describe(jobs)}"
            return EMPTY, locate_all(self.document, [error("MLS008", text)], "jobs")
        steps: dict[str, Step] = {}
        found: list[Diagnostic] = []
        for name, data in jobs.items():
            step, problems = self._read_step(name, data)
            found += locate_all(self.document, problems, "jobs", str(name))
            if step is not None:
                steps[name] = step
        return FrozenDict(steps), found

    def _read_step(self, name: Any, data: Any) -> tuple[Step | None, list[Diagnostic]]:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            text = f"{name!r} is not a name of a step: lowercase letters, digits and underscores, not starting with a digit"
            return None, [error("MLS406", text, "rename the step")]
        if not isinstance(data, Mapping):
            return None, [error("MLS008", f"a step is a mapping, not {describe(data)}")]
        kind = data.get("type", "command")
        problem = _type_problem(kind) if "type" in data else None
        if problem:
            return None, [problem]
        kind = "sweep" if "type" not in data and "trial" in data else str(kind).lower()
        component, found = self._component(data, kind)
        if component is not None:
            found += _component_step_problems(data, component, self.document)
        elif not found:
            found += self._inline_problems(data, kind)
        values, problems = _read_values(data, inline=component is None and kind == "command")
        found += problems
        if found:
            return None, found
        rest = {
            key: freeze(value)
            for key, value in data.items()
            if key not in ("type", "component", "inputs", "outputs", "compute")
        }
        if isinstance(component, Component) and "type" not in data and kind != "sweep":
            kind = component.type
        return Step(type=kind, component=component, content=FrozenDict(rest), **values), []

    def _component(self, data: Mapping[Any, Any], kind: str) -> tuple[Component | str | None, list[Diagnostic]]:
        key = "trial" if kind == "sweep" else "component"
        if key not in data:
            return None, []
        value = data[key]
        if isinstance(value, Mapping) and value and kind != "pipeline":
            component, found = read_component(value, self.document)
            return component, [item.under(key) for item in found]
        if not isinstance(value, str) or not value:
            text = f"must be a component file, azureml:<name>:<version> or a mapping, not {describe(value)}"
            return None, [error("MLS407", text, "", (key,))]
        if value.startswith("azureml:"):
            return _reference(value, key)
        return self._component_file(key, value.removeprefix("file:"), kind)

    def _component_file(self, key: str, reference: str, kind: str) -> tuple[Component | None, list[Diagnostic]]:
        path = self.document.base / reference
        known = self.reader.recall("component", path)
        if known is not None:
            return known  # type: ignore[no-any-return]
        document, found = follow(self.reader, self.document, reference)
        if document is None:
            return None, [item.under(key) if item.location is None else item for item in found]
        with self.reader.entering(path) as fresh:
            if not fresh:
                return None, [
                    error("MLS407", f"{reference!r} refers to itself", "a component cannot contain itself", (key,))
                ]
            component, problems = self._read_file(document)
        result = (
            None if component is None else component.model_copy(update={"path": path}),
            locate_all(document, problems),
        )
        return self.reader.remember("component", path, result)  # type: ignore[no-any-return]

    def _read_file(self, document: Document) -> tuple[Component | None, list[Diagnostic]]:
        data = document.data
        if not isinstance(data, Mapping):
            return None, [error("MLS008", f"a component file holds a mapping, not {describe(data)}")]
        component, found = read_component(data, document)
        if isinstance(data.get("jobs"), Mapping) and str(data.get("type")).lower() == "pipeline":
            steps, nested = StepReader(self.reader, document).read_steps(data["jobs"])
            found += nested
            component = component and component.model_copy(update={"steps": steps})
        return (None if found else component), found

    def _inline_problems(self, data: Mapping[Any, Any], kind: str) -> list[Diagnostic]:
        if kind == "pipeline":
            return [error("MLS407", "a step of type pipeline needs a component", "write component: ./file.yml")]
        if kind != "command":
            return check_other_step(data, kind, component=False)
        if set(data) <= _BARE_KEYS:
            return []
        found = [unknown_key((key_text(key),), _INLINE_KEYS) for key in data if key not in _INLINE_KEYS]
        nulls = [key for key in _IGNORED_KEYS if data.get(key, key) is None]
        found += [error("MLS009", "null is not allowed here", "leave the key out", (key,)) for key in nulls]
        found += check_settings(data) + _identity_problems(data)
        misspelt = any(name in item.hint for item in found for name in ("'command'", "'component'"))
        if "command" not in data and not misspelt:
            hint = "write component: ./file.yml, or command and environment"
            found.append(error("MLS407", "the step has neither a component nor a command", hint))
        return found + list(check_environment(data, self.document)) + list(check_code(data, self.document))


def _type_problem(kind: Any) -> Diagnostic | None:
    if isinstance(kind, str) and kind.lower() in STEP_TYPES:
        return None
    if isinstance(kind, str) and kind.lower() in _PREVIEW_TYPES:
        return error("MLS403", f"steps of type {kind} need the client's private-preview switch", "", ("type",))
    return error("MLS009", f"{describe(kind)} is not a type of a step", closest(kind, STEP_TYPES), ("type",))


def _reference(reference: str, key: str) -> tuple[str | None, list[Diagnostic]]:
    name = reference.removeprefix("azureml:")
    if "/" in name and not name.startswith("/"):
        text = f"{reference!r} is neither azureml:<name>:<version> nor an ARM id"
        return None, [error("MLS407", text, "", (key,))]
    return reference, []


def _component_step_problems(
    data: Mapping[Any, Any], component: Component | str, document: Document
) -> list[Diagnostic]:
    """A step with a component: its type fits, and the few keys that the client looks at."""
    kind = str(data.get("type", "sweep" if "trial" in data else "")).lower()
    found = check_other_step(data, kind, component=True)
    if isinstance(component, Component):
        found += _fit_problems(kind, component)
    for key in data:
        if not isinstance(key, str) or key == "self":
            found.append(error("MLS006", f"the key {key_text(key)!r} is not known here", "", (key_text(key),)))
    if kind in ("", "command"):
        found += check_settings(data, COMPONENT_STEP_KEYS, bound=True)
        if not is_expression(data.get("environment")):
            found += check_environment(data, document)
        if not is_expression(data.get("identity")):
            found += _identity_problems(data)
    return found


def _fit_problems(kind: str, component: Component) -> list[Diagnostic]:
    runs = "command" if kind == "sweep" else kind or component.type
    if component.type == runs and runs in _COMPONENT_TYPES:
        return []
    text = f"a step of type {kind} cannot run a component of type {component.type}"
    if not kind:
        text = f"no step runs a component of type {component.type}"
    return [
        error("MLS407", text, closest(component.type, _COMPONENT_TYPES), ("trial" if kind == "sweep" else "component",))
    ]


def _identity_problems(data: Mapping[Any, Any]) -> list[Diagnostic]:
    if "identity" not in data:
        return []
    return [problem.under("identity") for problem in found_by(read_identity, data["identity"])[1]]


def _read_values(data: Mapping[Any, Any], *, inline: bool) -> tuple[dict[str, Any], list[Diagnostic]]:
    values: dict[str, Any] = {}
    found: list[Diagnostic] = []
    read_in, read_out = (read_plain_input, _read_inline_output) if inline else (read_input, _read_step_output)
    for key, read in (("inputs", read_in), ("outputs", read_out)):
        if key not in data:
            continue
        if not isinstance(data[key], Mapping):
            found.append(error("MLS008", f"must be a mapping, not {describe(data[key])}", "", (key,)))
            continue
        result: dict[str, Any] = {}
        for name, item in data[key].items():
            if isinstance(name, str):
                result[name], problems = found_by(read, item)
            else:
                problems = [error("MLS008", f"a name must be text, not {describe(name)}", "quote it")]
            found += [problem.under(key, str(name)) for problem in problems]
        values[key] = FrozenDict(result)
    if "compute" in data:
        values["compute"], problems = found_by(read_compute, data["compute"])
        found += [problem.under("compute") for problem in problems]
    return values, found


def _read_step_output(value: Any) -> Any:
    return value if is_expression(value) else read_bound_output(value)


def _read_inline_output(value: Any) -> Any:
    return value if isinstance(value, str) else read_output(value)


def check_bindings(
    steps: Mapping[str, Step], inputs: Mapping[str, Any], outputs: Mapping[str, Any]
) -> list[Diagnostic]:
    """Bindings of steps written inline: the pipeline's inputs and outputs, and other steps, must exist."""
    found: list[Diagnostic] = []
    earlier: set[str] = set()
    for name, step in steps.items():
        if step.component is None and step.type in ("command", "spark", "parallel"):
            for key, value in step.inputs.items():
                match = _BINDING.fullmatch(value) if isinstance(value, str) else None
                problem = match and _binding_problem(match, name, steps, earlier, inputs)
                if problem:
                    found.append(problem.under("jobs", name, "inputs", key))
            for key, value in step.outputs.items():
                match = _OUTPUT_BINDING.fullmatch(value) if isinstance(value, str) else None
                if match and match[1] not in outputs:
                    text = f"the pipeline has no output {match[1]!r}"
                    found.append(error("MLS408", text, closest(match[1], outputs)).under("jobs", name, "outputs", key))
        earlier.add(name)
    return found


def _binding_problem(
    match: re.Match[str], own: str, steps: Mapping[str, Step], earlier: set[str], inputs: Mapping[str, Any]
) -> Diagnostic | None:
    path = match[2].split(".")
    if match[1] == "inputs":
        if len(path) == 1 and path[0] in inputs:
            return None
        return error("MLS408", f"the pipeline has no input {match[2]!r}", closest(match[2], inputs))
    if len(path) != 3 or path[1] not in ("inputs", "outputs") or path[0] != path[0].strip():
        return error("MLS408", f"{match[0]!r} is not a binding", "write ${{parent.jobs.<step>.outputs.<name>}}")
    step = steps.get(path[0])
    if step is None:
        return error("MLS408", f"the pipeline has no step {path[0]!r}", closest(path[0], steps))
    if _may_declare(step, path, own, earlier):
        return None
    return error(
        "MLS408", f"the step {path[0]!r} has no {path[1][:-1]} {path[2]!r}", closest(path[2], getattr(step, path[1]))
    )


def _may_declare(step: Step, path: list[str], own: str, earlier: set[str]) -> bool:
    side = path[1]
    if isinstance(step.component, Component):
        return path[2] in getattr(step.component, side)
    if step.component is None and path[0] not in earlier:
        return path[0] != own or side == "outputs"
    return path[2] in getattr(step, side)
