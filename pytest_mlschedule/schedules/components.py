"""Components: reading a component file or an inline component, with the checks that the client makes at load (sdk.md)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.schedules.fields import DATA_TYPES, read_flag
from pytest_mlschedule.schedules.frozen import FrozenDict, freeze
from pytest_mlschedule.schedules.models import Component
from pytest_mlschedule.schedules.problems import closest, describe, found_by, key_text, unknown_key
from pytest_mlschedule.schedules.source import Document
from pytest_mlschedule.schedules.step_settings import check_component_settings, check_environment_fields

PARAMETER_TYPES = ("string", "integer", "number", "boolean")
_PORT_TYPES = (*DATA_TYPES, "path")
_PARAMETER_KEYS = ("type", "optional", "default", "description", "min", "max", "enum")
_PORT_KEYS = ("type", "optional", "description", "mode")
_OUTPUT_KEYS = ("type", "description", "mode")
_MODES = ("direct", "download", "eval_download", "eval_mount", "link", "mount", "ro_mount", "rw_mount", "upload")
_ENVIRONMENT_KEYS = (
    "build", "conda_file", "datastore", "description", "image", "inference_config", "name", "os_type", "tags", "version",
    "$schema", "auto_delete_setting", "creation_context", "id", "latest_version",
)  # fmt: skip


def read_component(data: Mapping[Any, Any], document: Document) -> tuple[Component | None, list[Diagnostic]]:
    """The component that a mapping declares; ``document`` tells where its relative paths start."""
    kind = data.get("type", "command")
    found = list(_component_problems(data, document)) if str(kind).lower() == "command" else list(_port_problems(data))
    if found:
        return None, found
    text = {key: data[key] for key in ("name", "version") if isinstance(data.get(key), str)}
    component = Component(
        type=str(kind).lower(),
        inputs=freeze(data.get("inputs", {})),
        outputs=freeze(data.get("outputs", {})),
        content=FrozenDict({key: freeze(value) for key, value in data.items() if key not in ("inputs", "outputs")}),
        **text,
    )
    return component, []


def _component_problems(data: Mapping[Any, Any], document: Document) -> Iterator[Diagnostic]:
    for key in ("command", "environment"):
        if key not in data:
            yield error("MLS007", f"the key {key!r} is missing: a command component needs it", "", (key,))
    if "command" in data and not isinstance(data["command"], str):
        yield error("MLS008", f"must be text, not {describe(data['command'])}", "quote it", ("command",))
    for key in ("display_name", "description"):
        if key in data and not isinstance(data[key], str):
            yield error("MLS008", f"must be text, not {describe(data[key])}", "quote it", (key,))
    if "is_deterministic" in data:
        yield from (problem.under("is_deterministic") for problem in found_by(read_flag, data["is_deterministic"])[1])
    yield from check_component_settings(data)
    yield from check_environment(data, document)
    yield from check_code(data, document)
    yield from _port_problems(data)


def check_environment(data: Mapping[Any, Any], document: Document) -> Iterator[Diagnostic]:
    """An environment is a reference (azureml:...) or a mapping with image, conda_file, build …"""
    if "environment" not in data:
        return
    value = data["environment"]
    if isinstance(value, str) and value.startswith("azureml:"):
        return
    if not isinstance(value, Mapping):
        hint = f"write azureml:{value}@latest" if isinstance(value, str) and value else ""
        yield error(
            "MLS009", f"must be azureml:<name>:<version> or a mapping, not {describe(value)}", hint, ("environment",)
        )
        return
    for key in value:
        if key not in _ENVIRONMENT_KEYS:
            yield unknown_key((key_text(key),), _ENVIRONMENT_KEYS).under("environment")
    yield from (problem.under("environment") for problem in check_environment_fields(value))
    conda, build = value.get("conda_file"), value.get("build")
    for key, path in (("conda_file", conda), ("build", build.get("path") if isinstance(build, Mapping) else None)):
        if isinstance(path, str) and not _exists(document, path.removeprefix("file:")):
            text = f"{path!r} does not exist"
            yield error("MLS401", text, "paths are relative to the file that names them", ("environment", key))


def check_code(data: Mapping[Any, Any], document: Document) -> Iterator[Diagnostic]:
    """``code`` is an existing file or folder, or a remote one (azureml:, git+)."""
    if "code" not in data:
        return
    code = data["code"]
    if isinstance(code, str) and (code.startswith(("azureml:", "git+")) or _exists(document, code)):
        return
    text = f"{code!r} does not exist" if isinstance(code, str) else f"must be a path, not {describe(code)}"
    yield error("MLS401", text, "paths are relative to the file that names them", ("code",))


def _exists(document: Document, path: str) -> bool:
    return document.files.exists(os.path.join(document.base, path))


def _port_problems(data: Mapping[Any, Any]) -> Iterator[Diagnostic]:
    for kind in ("inputs", "outputs"):
        if kind not in data:
            continue
        ports = data[kind]
        if not isinstance(ports, Mapping):
            yield error("MLS008", f"must be a mapping, not {describe(ports)}", "", (kind,))
            continue
        for name, port in ports.items():
            if not isinstance(name, str):
                yield error("MLS008", f"a name must be text, not {describe(name)}", "quote it", (kind, str(name)))
            elif not isinstance(port, Mapping):
                text = f"a component declares a type ({{type: integer}}), not {describe(port)}"
                yield error("MLS008", text, "values are given by the step or the job", (kind, name))
            else:
                check = _input_problems if kind == "inputs" else _output_problems
                yield from (item.under(kind, name) for item in check(port))


def _input_problems(port: Mapping[Any, Any]) -> Iterator[Diagnostic]:
    kind = port.get("type")
    types = PARAMETER_TYPES + _PORT_TYPES
    if not isinstance(kind, str) or kind not in types:
        yield _bad_type(port, types)
        return
    keys = _PARAMETER_KEYS if kind in PARAMETER_TYPES else _PORT_KEYS
    for key, value in port.items():
        if key not in keys:
            yield unknown_key((key_text(key),), keys)
        elif value is None:
            yield error("MLS009", "null is not allowed here", "leave the key out", (key,))
    given = {key: value for key, value in port.items() if value is not None}
    if kind in PARAMETER_TYPES:
        yield from _parameter_problems(kind, given)
    if "optional" in given:
        yield from (problem.under("optional") for problem in found_by(read_flag, given["optional"])[1])
    yield from _shared_problems(given)


def _parameter_problems(kind: str, port: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Default, limits and choices of a parameter."""
    if "default" in port and not fits(kind, port["default"]):
        yield error("MLS009", f"the default must be of type {kind}, not {describe(port['default'])}", "", ("default",))
    for key in ("min", "max"):
        if key in port and (kind not in ("integer", "number") or not fits(kind, port[key])):
            text = f"{key} is a limit of an integer or a number, not {describe(port[key])} of a {kind}"
            yield error("MLS009", text, "", (key,))
    choices = port.get("enum", [])
    if "enum" in port and kind != "string":
        yield error("MLS009", f"enum goes with string, not with {kind}", "", ("enum",))
    elif not isinstance(choices, list) or not all(isinstance(item, str) for item in choices):
        yield error("MLS008", f"must be a list of texts, not {describe(choices)}", "", ("enum",))


def _shared_problems(port: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """What inputs and outputs of a component have in common."""
    if not isinstance(port.get("description", ""), str):
        yield error("MLS008", f"must be text, not {describe(port['description'])}", "quote it", ("description",))
    if port.get("mode", "direct") not in _MODES:
        yield error("MLS009", f"{describe(port['mode'])} is not a mode", closest(port["mode"], _MODES), ("mode",))


def _output_problems(port: Mapping[Any, Any]) -> Iterator[Diagnostic]:
    types = PARAMETER_TYPES + _PORT_TYPES
    if port.get("type") not in types:
        yield _bad_type(port, types)
        return
    for key in port:
        if port["type"] in _PORT_TYPES and key not in _OUTPUT_KEYS:
            yield unknown_key((str(key),), _OUTPUT_KEYS)
    yield from _shared_problems(port)


def _bad_type(port: Mapping[Any, Any], types: tuple[str, ...]) -> Diagnostic:
    if "type" not in port:
        return error("MLS007", "the key 'type' is missing", f"allowed: {', '.join(types)}", ("type",))
    return error(
        "MLS009", f"{describe(port['type'])} is not a type of a component", closest(port["type"], types), ("type",)
    )


def fits(kind: str, value: Any) -> bool:
    """Whether the client takes ``value`` for a component parameter of this type."""
    if kind == "string":
        return isinstance(value, str | bool | int | float)
    if kind == "boolean":
        return isinstance(value, bool) or (isinstance(value, str) and value.lower() in ("true", "false"))
    if not isinstance(value, str | bool | int | float):
        return False
    try:
        int(value) if kind == "integer" else float(value)
    except (ValueError, OverflowError):
        return False
    return True
