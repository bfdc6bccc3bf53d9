"""Which value reaches which typed input of a component, and whether the type can take it (JB-4, JB-6)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_mlschedule.diagnostics import PathPart
from pytest_mlschedule.schedules.components import PARAMETER_TYPES, fits
from pytest_mlschedule.schedules.fields import DATA_TYPES
from pytest_mlschedule.schedules.macros import split_macros
from pytest_mlschedule.schedules.models import Component, JobDefinition, PipelineJob, Step
from pytest_mlschedule.triggers.wording import list_names, quote

_PARENT_INPUT = re.compile(r"\$\{\{\s*parent\.inputs\.([^\s{}]+)\s*\}\}")
_LIMITS = (("min", "at least"), ("max", "at most"))
_NUMBERS = ("integer", "number")
_NAMES = {"integer": "an integer", "number": "a number", "boolean": "true or false", "string": "text"}


@dataclass(frozen=True, slots=True)
class Feed:
    """A value on its way to an input that a component declares.

    ``source``: the input of the pipeline that it comes from, None where the step itself says it; ``step``: None where the job
    itself is made of one component; ``field``: where the value stands, seen from the job.
    """

    step: str | None
    name: str
    declared: Mapping[str, Any]
    value: Any
    source: str | None
    field: tuple[PathPart, ...]

    @property
    def target(self) -> str:
        """The input as messages call it: ``input 'days' of step 'score'``."""
        return f"input {quote(self.name)} of " + (
            "the pipeline component" if self.step is None else f"step {quote(self.step)}"
        )

    @property
    def is_without_data(self) -> bool:
        """Whether it is a data input that names no data."""
        return isinstance(self.value, Mapping) and not self.value.get("path")


def bound_input(value: object) -> str | None:
    """The pipeline input that a value of a step is bound to (``${{parent.inputs.days}}``), or None."""
    text = value.get("path") if isinstance(value, Mapping) else value
    match = _PARENT_INPUT.fullmatch(text) if isinstance(text, str) else None
    return match[1] if match else None


def find_feeds(job: JobDefinition) -> Iterator[Feed]:
    """Every value that reaches a component of the job whose declarations are known."""
    if not isinstance(job, PipelineJob):
        return
    if isinstance(job.component, Component):
        for name, declared in job.component.inputs.items():
            if name in job.inputs and isinstance(declared, Mapping):
                yield Feed(None, name, declared, job.inputs[name], name, ("inputs", name))
    for step_name, step in job.jobs.items():
        if isinstance(step.component, Component):
            yield from _step_feeds(step_name, step, step.component, job.inputs)


def _step_feeds(step_name: str, step: Step, component: Component, inputs: Mapping[str, Any]) -> Iterator[Feed]:
    for name, declared in component.inputs.items():
        value = step.inputs.get(name)
        if value is None or not isinstance(declared, Mapping):
            continue
        source = bound_input(value)
        if source is not None and source in inputs:
            yield Feed(step_name, name, declared, inputs[source], source, ("inputs", source))
        elif source is None:
            yield Feed(step_name, name, declared, value, None, ("jobs", step_name, "inputs", name))


def find_mismatch(feed: Feed) -> str | None:
    """Why the declared type cannot take the value, as the start of a sentence about it; None where it can.

    On the wire every literal is text (JB-4), so that is what is tried: 2.5 and true are no integers. What is bound to something
    that is not known here passes, and so does the type of data: only that it is data is looked at.
    """
    kind, value = feed.declared.get("type"), feed.value
    if kind in DATA_TYPES:
        # The client makes a path of text that a step gives to a data input; a pipeline's input stays text.
        is_path = isinstance(value, Mapping) or (isinstance(value, str) and feed.source is None)
        return None if is_path else f"{quote(value)} is a literal, not data"
    if kind not in PARAMETER_TYPES:
        return None
    if isinstance(value, Mapping):
        return f"data ({value.get('type', 'uri_folder')}) is not a literal"
    return _literal_mismatch(feed.declared, str(value), quote(value))


def _literal_mismatch(declared: Mapping[str, Any], text: str, shown: str) -> str | None:
    kind = declared["type"]
    choices = _choices(declared)
    if "${{" in text:
        is_text = split_macros(text) is None or (kind == "string" and not choices)
        return None if is_text else f"{shown} is text in every run (JB-4)"
    if choices:
        return None if text in choices else f"{shown} is none of its values"
    if not fits(kind, text):
        return f"{shown} is not {_NAMES[kind]}"
    limits, number = _limits(declared), float(text) if kind in _NUMBERS else 0.0
    if number < limits.get("min", number) or number > limits.get("max", number):
        return f"{shown} is beyond its limit"
    return None


def _choices(declared: Mapping[str, Any]) -> tuple[str, ...]:
    found = declared.get("enum")
    return tuple(map(str, found)) if isinstance(found, list | tuple) else ()


def _limits(declared: Mapping[str, Any]) -> dict[str, float]:
    """The limits that can be compared: components that a service gave are not checked."""
    if declared.get("type") not in _NUMBERS:
        return {}
    return {key: float(declared[key]) for key, _ in _LIMITS if fits("number", declared.get(key))}


def describe_declared(declared: Mapping[str, Any]) -> str:
    """What an input takes: ``an integer, at least 1``, ``data (uri_folder)``, ``'a' or 'b'``."""
    kind = str(declared.get("type"))
    if kind in DATA_TYPES:
        return f"data ({kind})"
    choices = _choices(declared)
    if choices:
        return list_names(map(quote, choices), "or")
    limits = _limits(declared)
    return ", ".join([_NAMES[kind], *(f"{words} {declared[key]}" for key, words in _LIMITS if key in limits)])
