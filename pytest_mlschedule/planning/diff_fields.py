"""What tells two definitions apart: values of jobs and fields of triggers, by name, macros unresolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_mlschedule.planning.compare import ABSENT
from pytest_mlschedule.planning.equality import same_value
from pytest_mlschedule.schedules.macros import split_macros
from pytest_mlschedule.schedules.models import Component, JobDefinition, JobSchedule, Step, Trigger
from pytest_mlschedule.schedules.overrides import reference_name

Values = dict[str, Any]
"""Values by dotted name, in the order to show them."""

_TRIGGER_FIELDS = ("type", "expression", "frequency", "interval", "start_time", "end_time", "time_zone")
_PATTERN_FIELDS = ("hours", "minutes", "week_days", "month_days")
_ACTIONS = ("create_monitor", "import_data", "action")
_TEXTS = ("display_name", "description")
# Of the job, besides what every run says. Its name is not the run's (semantics JB-2), nor is its display name (JB-1).
_JOB_FIELDS = ("identity", "properties", "services")
# What a step or a component says to people.
_WORDS = ("display_name", "description", "$schema")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A value that differs, such as ``inputs.date`` or ``trigger.time_zone``; ABSENT where a side lacks it."""

    name: str
    old: Any
    new: Any


def changes_of(old: Values, new: Values) -> Iterator[FieldChange]:
    """The values that differ, in the order of the old side, then what the new one adds."""
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name, ABSENT), new.get(name, ABSENT)
        if not same_value(_plain_macros(before), _plain_macros(after)):
            yield from _inner_changes(FieldChange(name, before, after))


def says_the_same(change: FieldChange) -> bool:
    """Whether both sides of a field are one thing to the service: a literal input is text on the wire (semantics JB-4), and the
    ARM id of a job ends in the name that the other side gives."""
    texts = [str(side) for side in (change.old, change.new) if isinstance(side, str | int | float)]
    if len(texts) < 2:
        return False
    if change.name == "create_job":
        return reference_name(texts[0]) == reference_name(texts[1]) and not all("/" in text for text in texts)
    return change.name.startswith("inputs.") and texts[0] == texts[1]


def _inner_changes(change: FieldChange) -> Iterator[FieldChange]:
    """Of two mappings the entries that differ."""
    old, new = change.old, change.new
    if isinstance(old, Mapping) and isinstance(new, Mapping) and old and new:
        inner = changes_of(*({f"{change.name}.{key}": value for key, value in side.items()} for side in (old, new)))
        yield from inner
    else:
        yield change


def _plain_macros(value: Any) -> Any:
    """A value whose macros are spelt in one way: white space inside the braces says nothing (semantics JB-4)."""
    parts = split_macros(value)
    return value if parts is None else ("macros", *parts)


def trigger_values(trigger: Trigger) -> Values:
    """The fields of a trigger as written."""
    pattern = getattr(trigger, "schedule", None)
    values = {f"trigger.{name}": getattr(trigger, name, None) for name in _TRIGGER_FIELDS}
    return _given(values | {f"trigger.schedule.{name}": getattr(pattern, name, None) for name in _PATTERN_FIELDS})


def word_values(schedule: JobSchedule) -> Values:
    """What a schedule says to people, which no run shows."""
    values = {f"schedule.{name}": getattr(schedule, name) for name in (*_TEXTS, "tags", "properties")}
    job = schedule.create_job
    if isinstance(job, JobDefinition):
        values |= {f"create_job.{name}": getattr(job, name) for name in ("name", *_TEXTS)}
        for name, content in _contents(job):
            values |= {f"{name}.{key}": content.get(key) for key in _WORDS}
    return _given(values)


def action_values(schedule: JobSchedule, job: JobDefinition | None) -> Values:
    """What a schedule starts, besides what every run says: the reference, the steps, other actions.

    ``job``: the job with overrides, references resolved where they are known.
    """
    own = schedule.create_job
    values: Values = {"create_job": own if isinstance(own, str) else getattr(own, "id", None)}
    if job is not None:
        values["job.type"] = job.type
        values |= {name: getattr(job, name, None) for name in _JOB_FIELDS} | dict(getattr(job, "content", {}))
        values["component"] = _behaviour(getattr(job, "component", None))
        values |= {f"jobs.{name}": _step_values(step) for name, step in getattr(job, "jobs", {}).items()}
    return _given(values | {name: getattr(schedule, name) for name in _ACTIONS})


def _step_values(step: Step) -> Mapping[str, Any]:
    found = {name: getattr(step, name) for name in ("type", "compute", "inputs", "outputs")}
    return _given({**found, "component": _behaviour(step.component), **_without_words(step.content)})


def _behaviour(value: Any) -> Any:
    """A component as data, without what it says to people; anything else as it is."""
    if not isinstance(value, Component):
        return value
    ports = {
        kind: {name: _without_words(port) for name, port in getattr(value, kind).items()}
        for kind in ("inputs", "outputs")
    }
    return _given({"type": value.type, **_without_words(value.content), **ports})


def _without_words(value: Any) -> Any:
    return {name: item for name, item in value.items() if name not in _WORDS} if isinstance(value, Mapping) else value


def _contents(job: JobDefinition) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, step in getattr(job, "jobs", {}).items():
        yield f"jobs.{name}", step.content
        if isinstance(step.component, Component):
            yield f"jobs.{name}.component", step.component.content


def _given(values: Values) -> Values:
    return {name: value for name, value in values.items() if value is not None and value != {} and value != ()}
