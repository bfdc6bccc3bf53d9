"""How a job or step runs (limits, distribution, services ...) between the REST API and ours, which is as YAML writes it.

The keys of the wire are in camel case in a job and in snake case in a step. What does not have the expected shape stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from pytest_mlschedule.schedules.rest_fields import fold
from pytest_mlschedule.schedules.rest_words import (
    DISTRIBUTION,
    IDENTITY,
    POLICY,
    PRIORITY,
    SERVICE,
    TIER,
    duration_text,
    read_duration,
)

Translation = Callable[[Any], Any]
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SIZE = re.compile(r"(\d{1,18})(?:([kmg])b)?", re.IGNORECASE)
_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30}
# Objects whose keys the wire spells in camel case in a job.
_SECTIONS = ("distribution", "early_termination", "entry", "limits", "queue_settings", "resources")
_TIMES = ("timeout", "trial_timeout")
_SERVICE_PROPERTIES = {"log_dir": "logDir", "ssh_public_keys": "sshPublicKeys"}
_JOB_NAMES = {
    "code": "codeId",
    "environment": "environmentId",
    "environment_variables": "environmentVariables",
    "py_files": "pyFiles",
    "queue_settings": "queueSettings",
}
_OUR_NAMES = {fold(theirs): ours for ours, theirs in _JOB_NAMES.items()}
_IDS = ("code", "environment")


def job_settings_to_rest(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """What a command or spark job holds, as the client sends it."""
    answer: dict[str, Any] = {}
    for key, value in settings_to_rest(kind, content).items():
        shown = value
        if key in _IDS and isinstance(value, str):
            shown = value.removeprefix("azureml:") if value.startswith("azureml:/subscriptions/") else value
        elif key in _SECTIONS and isinstance(value, Mapping):
            shown = {_camel(name): item for name, item in value.items()}
        elif key == "conf" and isinstance(value, Mapping):
            shown = {name: str(item) for name, item in value.items()}
        answer[_JOB_NAMES.get(key, key)] = shown
    return answer


def job_settings_from_rest(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse."""
    named = {_OUR_NAMES.get(fold(key), key): value for key, value in content.items()}
    for key in _IDS:
        if isinstance(named.get(key), str) and named[key].startswith("/subscriptions/"):
            named[key] = f"azureml:{named[key]}"
    return settings_from_rest(kind, named)


def settings_to_rest(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """What a step of a kind holds, as the client sends it."""
    known = _TO_REST.get(kind, {})
    return {key: known[key](value) if key in known else value for key, value in content.items()}


def settings_from_rest(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse. What is empty is as if it were not there."""
    known = _FROM_REST.get(kind, {})
    found: dict[str, Any] = {}
    for name, value in content.items():
        key = _OUR_NAMES.get(fold(name), name)
        given = _snake_keys(value) if key in known and key in _SECTIONS else value
        found[key] = known[key](given) if key in known else given
    return {key: value for key, value in found.items() if key not in known or value != {}}


def services_to_rest(services: Mapping[str, Any], *, job: bool) -> dict[str, Any]:
    """Services of a job or of a step."""
    answer = _services_to_rest(services)
    return {name: _camel_keys(value) for name, value in answer.items()} if job else answer


def _services_to_rest(services: Any) -> Any:
    if not isinstance(services, Mapping):
        return services
    return {name: _service_to_rest(value) for name, value in services.items()}


def services_from_rest(services: Any) -> Any:
    """The reverse, of both."""
    if not isinstance(services, Mapping):
        return services
    return {name: _service_from_rest(value) for name, value in services.items()}


def _service_to_rest(service: Any) -> Any:
    properties = (service.get("properties") or {}) if isinstance(service, Mapping) else None
    if not isinstance(properties, Mapping):
        return service
    answer = {key: value for key, value in service.items() if key not in _SERVICE_PROPERTIES}
    moved = {theirs: service[ours] for ours, theirs in _SERVICE_PROPERTIES.items() if ours in service}
    if moved:
        answer["properties"] = {**properties, **moved}
    if answer.get("nodes") == "all":
        answer["nodes"] = {"nodes_value_type": "All"}
    return SERVICE.to_rest(answer)


def _service_from_rest(service: Any) -> Any:
    given = _without_empty(_snake_keys(service))
    properties = given.get("properties", {}) if isinstance(given, Mapping) else None
    if not isinstance(properties, Mapping):
        return service
    answer = {key: value for key, value in given.items() if key != "properties"}
    ours = {theirs: name for name, theirs in _SERVICE_PROPERTIES.items()}
    answer |= {ours[key]: value for key, value in properties.items() if key in ours}
    rest = {key: value for key, value in properties.items() if key not in ours}
    if isinstance(answer.get("nodes"), Mapping):
        answer["nodes"] = "all"
    return SERVICE.from_rest({**answer, "properties": rest} if rest else answer)


def _camel(key: Any) -> Any:
    if not isinstance(key, str):
        return key
    first, *others = key.split("_")
    return first + "".join(part.capitalize() for part in others)


def _camel_keys(value: Any) -> Any:
    return {_camel(key): item for key, item in value.items()} if isinstance(value, Mapping) else value


def _snake_keys(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {_HUMP.sub("_", key).lower() if isinstance(key, str) else key: item for key, item in value.items()}


def _limits_to_rest(limits: Any) -> Any:
    if not isinstance(limits, Mapping):
        return limits
    times = {key: duration_text(value) if key in _TIMES else value for key, value in limits.items()}
    return {**times, "job_limits_type": "Command"}


def _limits_from_rest(limits: Any) -> Any:
    if not isinstance(limits, Mapping):
        return limits
    given = {key: value for key, value in limits.items() if key != "job_limits_type" and value is not None}
    return {key: read_duration(value) if key in _TIMES else value for key, value in given.items()}


def _without_empty(value: Any) -> Any:
    """Without keys that have no value: of them YAML has none."""
    if not isinstance(value, Mapping):
        return value
    return {key: item for key, item in value.items() if item is not None and item != {}}


def _entry_to_rest(entry: Any) -> Any:
    kinds = {"file": "SparkJobPythonEntry", "class_name": "SparkJobScalaEntry"}
    known = [kinds[key] for key in kinds if isinstance(entry, Mapping) and key in entry]
    return {**entry, "spark_job_entry_type": known[0]} if known else entry


def _entry_from_rest(entry: Any) -> Any:
    if not isinstance(entry, Mapping):
        return entry
    return {key: value for key, value in entry.items() if key != "spark_job_entry_type" and value is not None}


def _queue_to_rest(settings: Any) -> Any:
    return PRIORITY.to_rest(TIER.to_rest(settings))


def _queue_from_rest(settings: Any) -> Any:
    return TIER.from_rest(PRIORITY.from_rest(_without_empty(settings)))


def _distribution_from_rest(distribution: Any) -> Any:
    return DISTRIBUTION.from_rest(_without_empty(distribution))


def _identity_from_rest(identity: Any) -> Any:
    return IDENTITY.from_rest(_without_empty(_snake_keys(identity)))


def _size_to_rest(size: Any) -> Any:
    """``10kb`` as a number of bytes, ``5`` as one of files."""
    match = _SIZE.fullmatch(size) if isinstance(size, str) else None
    return size if match is None else int(match[1]) * _UNITS[(match[2] or "").lower()]


def _size_from_rest(size: Any) -> Any:
    return str(size) if isinstance(size, int) else size


def _keys_to_rest(keys: Any) -> Any:
    return json.dumps(list(keys)) if isinstance(keys, list | tuple) else keys


def _keys_from_rest(keys: Any) -> Any:
    try:
        found = json.loads(keys) if isinstance(keys, str) else keys
    except ValueError:
        return keys
    return found if isinstance(found, list) else keys


_TO_REST: dict[str, dict[str, Translation]] = {
    "command": {
        "distribution": DISTRIBUTION.to_rest,
        "identity": IDENTITY.to_rest,
        "limits": _limits_to_rest,
        "queue_settings": _queue_to_rest,
        "services": _services_to_rest,
    },
    "spark": {"entry": _entry_to_rest, "identity": IDENTITY.to_rest},
    "sweep": {"early_termination": POLICY.to_rest, "identity": IDENTITY.to_rest},
    "parallel": {
        "identity": IDENTITY.to_rest,
        "mini_batch_size": _size_to_rest,
        "partition_keys": _keys_to_rest,
    },
}
_FROM_REST: dict[str, dict[str, Translation]] = {
    "command": {
        "distribution": _distribution_from_rest,
        "environment_variables": lambda value: value,
        "identity": _identity_from_rest,
        "limits": _limits_from_rest,
        "queue_settings": _queue_from_rest,
        "resources": _without_empty,
        "services": services_from_rest,
    },
    "spark": {"entry": _entry_from_rest, "identity": _identity_from_rest, "resources": _without_empty},
    "sweep": {
        "early_termination": POLICY.from_rest,
        "identity": _identity_from_rest,
        "resources": _without_empty,
    },
    "parallel": {
        "identity": _identity_from_rest,
        "mini_batch_size": _size_from_rest,
        "partition_keys": _keys_from_rest,
        "resources": _without_empty,
    },
}
