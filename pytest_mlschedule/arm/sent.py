"""Job definitions as they were sent: an answer repeats them, in the service's own words, where nothing was changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pytest_mlschedule.schedules.frozen import freeze, thaw
from pytest_mlschedule.schedules.models import JobDefinition
from pytest_mlschedule.schedules.rest_fields import RestObject, fold

# Which field of ours a key became; other keys belong to no field, or to the content of commands.
_FIELDS = {
    "displayname": "display_name",
    "description": "description",
    "tags": "tags",
    "properties": "properties",
    "computeid": "compute",
    "componentid": "component",
    "sourcejobid": "id",
    "identity": "identity",
    "inputs": "inputs",
    "outputs": "outputs",
    "settings": "settings",
    "jobs": "jobs",
}
# Never repeated: what the service says in words of its own, as literals are text, and an experiment that it fills in.
_OURS = {
    "experimentname",
    "identitytype",
    "jobinputtype",
    "joboutputtype",
    "jobtype",
    "mode",
    "services",
    "status",
    "type",
    "value",
}
_BY_NAME = ("inputs", "outputs", "jobs")
_OBJECTS = ("settings", "identity")


@dataclass(frozen=True, slots=True)
class Sent:
    """The properties of a job as they came, and the job that they were read as."""

    properties: Mapping[str, Any]
    job: JobDefinition


def remember(job: JobDefinition, properties: Mapping[str, Any]) -> JobDefinition:
    """The job, carrying what it was read from."""
    return job.model_copy(update={"sent": Sent(freeze(properties), job)})


def repeat(answer: dict[str, Any], job: JobDefinition) -> dict[str, Any]:
    """The answer about a job with its definition as it was sent, but for what was changed since."""
    sent: Sent | None = job.sent
    if sent is None:
        return answer
    names = {fold(key): key for key in answer}
    given = RestObject(sent.properties, [])
    said: dict[str, Any] = {}
    for key, value in sent.properties.items():
        name = names.get(fold(key), key)
        # Of a key that is there twice, in two spellings, the one that was read.
        if value is not None and given.key(name) == key and _is_unchanged(name, job, sent.job):
            said[name] = _repeat_value(name, answer.get(name), thaw(value))
    return _lay(said, answer)


def _is_unchanged(key: str, job: JobDefinition, old: JobDefinition) -> bool:
    field = _FIELDS.get(fold(key), "content")
    return bool(getattr(job, field, None) == getattr(old, field, None))


def _repeat_value(key: str, ours: Any, value: Any) -> Any:
    if not (isinstance(ours, dict) and isinstance(value, dict)):
        return value
    if key in _BY_NAME:
        return {name: _lay(one, ours.get(name, {})) if isinstance(one, dict) else one for name, one in value.items()}
    return _lay(value, ours) if key in _OBJECTS else value


def _lay(sent: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    """``sent`` over ``ours``, whose keys it may spell otherwise; null leaves open."""
    said = {key: value for key, value in sent.items() if value is not None}
    own = {fold(key) for key, value in ours.items() if value is not None} & _OURS
    said = {key: value for key, value in said.items() if fold(key) not in own}
    known = {fold(key) for key in said}
    return {**{key: value for key, value in ours.items() if fold(key) not in known}, **said}
