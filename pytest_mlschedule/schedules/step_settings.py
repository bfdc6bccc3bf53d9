"""How a job or step runs (resources, limits, distribution, services …): the shapes that the client takes (sdk.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.schedules.problems import closest, describe, key_text, unknown_key
from pytest_mlschedule.triggers.field_values import read_integer

# A check yields what is wrong with a value; fields are relative to it. ``bound``: a text with ${{...}} may stand for a leaf.
Check = Callable[[Any, bool], Iterator[Diagnostic]]

_EXPRESSION = re.compile(r"\$\{\{\s*\S*?\s*\}\}")


def is_expression(value: Any) -> bool:
    """Whether a text holds ``${{...}}``, which stands for any value in a step with a component."""
    return isinstance(value, str) and _EXPRESSION.search(value) is not None


def _leaf(wanted: str, fits: Callable[[Any], bool]) -> Check:
    def check(value: Any, bound: bool) -> Iterator[Diagnostic]:  # noqa: FBT001
        if not fits(value) and not (bound and is_expression(value)):
            hint = "leave the key out" if value is None else ""
            yield error("MLS008", f"must be {wanted}, not {describe(value)}", hint)

    return check


def _mapping(values: Check | None = None, *, any_keys: bool = False) -> Check:
    def check(value: Any, bound: bool) -> Iterator[Diagnostic]:  # noqa: FBT001
        if not isinstance(value, Mapping):
            yield error(
                "MLS008", f"must be a mapping, not {describe(value)}", "leave the key out" if value is None else ""
            )
            return
        for key, item in value.items():
            if not isinstance(key, str) and not any_keys:
                yield error("MLS008", f"a key must be text, not {describe(key)}", "quote it", (key_text(key),))
            elif values is not None:
                yield from (problem.under(key) for problem in values(item, bound))

    return check


def _record(fields: Mapping[str, Check], *, others: bool = False) -> Check:
    def check(value: Any, bound: bool) -> Iterator[Diagnostic]:  # noqa: FBT001
        if not isinstance(value, Mapping):
            yield error(
                "MLS008", f"must be a mapping, not {describe(value)}", "leave the key out" if value is None else ""
            )
            return
        for key, item in value.items():
            if key in fields:
                yield from (problem.under(key) for problem in fields[key](item, bound))
            elif not others:
                yield unknown_key((key_text(key),), fields)

    return check


def _one_of(*names: str) -> Check:
    def check(value: Any, bound: bool) -> Iterator[Diagnostic]:  # noqa: FBT001
        if isinstance(value, str) and (value.lower() in names or (bound and is_expression(value))):
            return
        yield error("MLS009", f"{describe(value)} is not allowed here", closest(value, names))

    return check


def _service(value: Any, bound: bool) -> Iterator[Diagnostic]:  # noqa: FBT001
    kind = value.get("type") if isinstance(value, Mapping) else None
    fields = dict(_SERVICE)
    for key, kinds in (("log_dir", "tensor_board"), ("ssh_public_keys", "ssh")):
        if kind is None or kind == kinds:
            fields[key] = _TEXT
    yield from _record(fields)(value, bound)


def _distribution(value: Any, bound: bool) -> Iterator[Diagnostic]:  # noqa: FBT001
    kind = value.get("type") if isinstance(value, Mapping) else None
    fields = _DISTRIBUTIONS.get(kind.lower()) if isinstance(kind, str) else None
    if fields is None:
        what = describe(kind if isinstance(value, Mapping) else value)
        yield error(
            "MLS009", f"a distribution is a mapping with a type, not {what}", f"types: {', '.join(_DISTRIBUTIONS)}"
        )
    else:
        yield from _record({"type": _TEXT, **fields})(value, bound)


def _distribution_of_component(value: Any, bound: bool) -> Iterator[Diagnostic]:  # noqa: FBT001
    """Like a step's, other keys pass."""
    known = (
        value
        if not isinstance(value, Mapping)
        else {key: item for key, item in value.items() if key in _DISTRIBUTION_KEYS}
    )
    yield from _distribution(known, bound)


_TEXT = _leaf("text", lambda value: isinstance(value, str))
_OPTIONAL_TEXT = _leaf("text", lambda value: value is None or isinstance(value, str))
_INTEGER = _leaf("a whole number", lambda value: read_integer(value) is not None)
_PRESENT = _leaf("a value", lambda value: value is not None)
_TEXTS = _leaf(
    "a list of texts", lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value)
)
_WORDS = _leaf(
    "text or a list of texts",
    lambda value: isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value)),
)
_TEXT_MAP = _mapping(_OPTIONAL_TEXT)
_SERVICE: dict[str, Check] = {
    "type": _TEXT,
    "port": _INTEGER,
    "nodes": _TEXT,
    "properties": _mapping(any_keys=True),
    **dict.fromkeys(("endpoint", "status", "error_message", "$schema"), _PRESENT),
}
_DISTRIBUTIONS: dict[str, dict[str, Check]] = {
    "mpi": {"process_count_per_instance": _INTEGER},
    "pytorch": {"process_count_per_instance": _INTEGER},
    "tensorflow": {"parameter_server_count": _INTEGER, "worker_count": _INTEGER},
    "ray": {
        "port": _INTEGER,
        "address": _TEXT,
        "include_dashboard": _PRESENT,
        "dashboard_port": _INTEGER,
        "head_node_additional_args": _TEXT,
        "worker_node_additional_args": _TEXT,
    },
}
_DISTRIBUTION_KEYS = {"type", *(key for fields in _DISTRIBUTIONS.values() for key in fields)}
_RESOURCES: dict[str, Check] = {
    "instance_count": _INTEGER,
    "instance_type": _TEXT,
    "properties": _mapping(),
    "locations": _TEXTS,
    "shm_size": _TEXT,
    "max_instance_count": _INTEGER,
    "docker_args": _WORDS,
}
_QUEUE: dict[str, Check] = {
    "job_tier": _one_of("spot", "basic", "standard", "premium", "null"),
    "priority": _one_of("low", "medium", "high"),
}
_CHECKS: dict[str, Check] = {
    "code": _OPTIONAL_TEXT,
    **dict.fromkeys(
        ("command", "comment", "description", "display_name", "experiment_name", "name", "parent_job_name"), _TEXT
    ),
    "distribution": _distribution,
    "environment_variables": _mapping(any_keys=True),
    "limits": _record({"timeout": _INTEGER}),
    "properties": _TEXT_MAP,
    "queue_settings": _record(_QUEUE),
    "resources": _record(_RESOURCES),
    "services": _mapping(_service),
    "tags": _TEXT_MAP,
}
INLINE_STEP_KEYS = tuple(key for key in _CHECKS if key != "code")
# What the client looks at in a step with a component; other keys of such a step pass whatever they are.
COMPONENT_STEP_KEYS = (
    "code", "command", "comment", "distribution", "environment_variables", "limits", "properties", "queue_settings", "resources",
    "services",
)  # fmt: skip
_COMPONENT_CHECKS: dict[str, Check] = {
    "resources": _record({"instance_count": _INTEGER, "instance_type": _TEXT}, others=True),
    "distribution": _distribution_of_component,
    "tags": _mapping(),
    "properties": _mapping(),
    "queue_settings": _record(_QUEUE),
    "additional_includes": _TEXTS,
    "$schema": _TEXT,
    "id": _TEXT,
    "auto_delete_setting": _mapping(),
    "environment_variables": _mapping(any_keys=True),
}
_ENVIRONMENT_CHECKS: dict[str, Check] = {
    "code": _OPTIONAL_TEXT,
    **dict.fromkeys(("image", "description", "datastore", "id"), _TEXT),
    "tags": _mapping(),
    "inference_config": _mapping(),
    "build": _record({"path": _TEXT, "dockerfile_path": _TEXT}),
    "os_type": _one_of("linux", "windows"),
    "conda_file": _leaf("a file or a mapping", lambda value: isinstance(value, str | Mapping | list)),
}


def check_settings(
    data: Mapping[Any, Any], keys: tuple[str, ...] = INLINE_STEP_KEYS, *, bound: bool = False
) -> list[Diagnostic]:
    """What is wrong with those of ``keys`` that are there; ``bound``: texts with ``${{...}}`` may stand for numbers and names."""
    return [problem.under(key) for key in keys if key in data for problem in _CHECKS[key](data[key], bound)]


def check_environment_fields(data: Mapping[Any, Any]) -> list[Diagnostic]:
    """What is wrong with the fields of an environment that is written out."""
    return [
        problem.under(key)
        for key, check in _ENVIRONMENT_CHECKS.items()
        if key in data
        for problem in check(data[key], False)
    ]


def check_component_settings(data: Mapping[Any, Any]) -> list[Diagnostic]:
    """What is wrong with how a component says it runs; other keys of a component pass."""
    return [
        problem.under(key)
        for key, check in _COMPONENT_CHECKS.items()
        if key in data
        for problem in check(data[key], False)
    ]
