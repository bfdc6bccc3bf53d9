"""Field types with the leniency of the real client: what it takes from a file, and what it makes of it (sdk.md)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainValidator, StrictStr

from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.schedules.frozen import EMPTY, FrozenDict, freeze
from pytest_mlschedule.schedules.problems import closest, describe, refuse
from pytest_mlschedule.schedules.step_settings import check_settings

LiteralValue = str | int | float | bool
InputValue = LiteralValue | FrozenDict[str, Any]

DATA_TYPES = ("uri_file", "uri_folder", "mltable", "custom_model", "mlflow_model", "triton_model")
_INPUT_MODES = ("download", "ro_mount", "direct")
_TABLE_MODES = ("eval_mount", "eval_download")
_OUTPUT_MODES = ("mount", "upload", "rw_mount", "direct")
_IDENTITIES = {
    "managed": ("type", "client_id", "object_id"),
    "managed_identity": ("type", "client_id", "object_id"),
    "aml_token": ("type",),
    "user_identity": ("type",),
}
_TRUE = {"t", "T", "true", "True", "TRUE", "on", "On", "ON", "y", "Y", "yes", "Yes", "YES", "1", 1}
_FALSE = {"f", "F", "false", "False", "FALSE", "off", "Off", "OFF", "n", "N", "no", "No", "NO", "0", 0}


def refuse_null(value: Any) -> Any:
    """The client rejects an explicit null for every key (sdk.md)."""
    if value is None:
        raise refuse(error("MLS009", "null is not allowed here", "leave the key out"))
    return value


def read_mapping(value: Any) -> FrozenDict[str, Any]:
    """A mapping with text keys and any values, frozen."""
    if not isinstance(value, Mapping):
        raise refuse(error("MLS008", f"must be a mapping, not {describe(value)}"))
    bad = [key for key in value if not isinstance(key, str)]
    if bad:
        raise refuse(
            *(error("MLS008", f"a key must be text, not {describe(key)}", "quote it", (str(key),)) for key in bad)
        )
    frozen: FrozenDict[str, Any] = freeze(value)
    return frozen


def read_texts(value: Any) -> FrozenDict[str, Any]:
    """A mapping of text to text or null: tags and properties of jobs, properties of schedules."""
    texts = read_mapping(value)
    bad = [(key, item) for key, item in texts.items() if item is not None and not isinstance(item, str)]
    if bad:
        raise refuse(*(error("MLS008", f"must be text, not {describe(item)}", "quote it", (key,)) for key, item in bad))
    return texts


def read_compute(value: Any) -> str:
    """A compute name; the client cuts the prefix ``azureml:``."""
    if not isinstance(value, str):
        raise refuse(
            error("MLS008", f"must be the name of a compute, not {describe(value)}", "write azureml:<compute name>")
        )
    return value.lower() if value.lower() == "local" else value.removeprefix("azureml:")


def read_input(value: Any) -> InputValue:
    """A literal, ``{value: literal}``, or a data input as a mapping with type, path, mode, datastore.

    For pipeline files and steps with a component, where type and mode may be bindings.
    """
    return _read_input(value, bound=True)


def read_plain_input(value: Any) -> InputValue:
    """The same for the overrides of a schedule and for steps written inline: no bindings as type or mode."""
    return _read_input(value, bound=False)


def _read_input(value: Any, *, bound: bool) -> InputValue:
    if isinstance(value, bool | int | str) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if not isinstance(value, Mapping):
        hint = "leave the key out" if value is None else "quote it if it is meant as text"
        text = f"an input is text, a number, a boolean or a data input (a mapping), not {describe(value)}"
        raise refuse(error("MLS009", text, hint))
    if set(value) == {"value"}:
        return _read_literal(value["value"])
    table = str(value.get("type", "mltable")).lower() == "mltable"
    modes = _INPUT_MODES + _TABLE_MODES if table else _INPUT_MODES
    return _read_data(value, modes, ("datastore", "mode", "path", "type"), bound=bound)


def read_output(value: Any) -> FrozenDict[str, Any]:
    """An output as a mapping with type, path, mode, name, version; null is the default folder."""
    return _read_output(value, bound=False)


def read_bound_output(value: Any) -> FrozenDict[str, Any]:
    """The same for steps with a component, where type and mode may be bindings."""
    return _read_output(value, bound=True)


def _read_output(value: Any, *, bound: bool) -> FrozenDict[str, Any]:
    if value is None:
        return EMPTY
    if not isinstance(value, Mapping):
        raise refuse(
            error("MLS008", f"an output is a mapping such as {{type: uri_folder, path: ...}}, not {describe(value)}")
        )
    if "version" in value and "name" not in value:
        raise refuse(error("MLS007", "an output with a version needs a name", "add name, or drop version"))
    version = value.get("version")
    versioned = {**value, "version": str(version)} if isinstance(version, bool | int | float) else value
    return _read_data(versioned, _OUTPUT_MODES, ("mode", "name", "path", "type", "version"), bound=bound)


def read_flag(value: Any) -> bool:
    """What the client takes for a boolean: true, "yes", 1, "off" …"""
    if isinstance(value, bool | int | float | str):
        if value in _TRUE:
            return True
        if value in _FALSE:
            return False
    raise refuse(error("MLS008", f"must be true or false, not {describe(value)}"))


def _read_literal(value: Any) -> LiteralValue:
    """``{value: ...}``: the client tries text, boolean, whole number, so 1 becomes true and 1.5 becomes 1 (measured)."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        if value in (0, 1):
            return bool(value)
        if math.isfinite(value):
            return int(value)
    text = f"the value of an input is text, a number or a boolean, not {describe(value)}"
    raise refuse(error("MLS009", text, "", ("value",)))


def _read_data(
    value: Mapping[Any, Any], modes: tuple[str, ...], keys: tuple[str, ...], *, bound: bool
) -> FrozenDict[str, Any]:
    found = [item for key in value for item in _data_problems(key, value[key], keys)]
    result = dict(value)
    for key, allowed in (("type", DATA_TYPES), ("mode", modes)):
        text = value.get(key)
        if isinstance(text, str) and not (bound and "${{" in text):
            result[key] = text.lower()
            if result[key] not in allowed:
                found.append(
                    error("MLS009", f"{text!r} is not a {key} that is allowed here", _type_hint(text, allowed), (key,))
                )
    if found:
        raise refuse(*found)
    return FrozenDict(result)


def _data_problems(key: Any, value: Any, keys: tuple[str, ...]) -> list[Diagnostic]:
    if key not in keys:
        hint = closest(key, keys)
        if key in ("default", "optional"):
            hint = "a pipeline job gives its inputs values; type, default and optional belong to the component"
        return [error("MLS006", f"the key {key!r} is not known here", hint, (str(key),))]
    if not isinstance(value, str):
        hint = "leave the key out" if value is None else "quote it"
        return [error("MLS008", f"must be text, not {describe(value)}", hint, (key,))]
    return []


def _type_hint(text: str, allowed: tuple[str, ...]) -> str:
    if text.lower() in ("integer", "number", "string", "boolean"):
        return "write the value itself (limit: 5); typed declarations belong to components"
    return closest(text, allowed)


def read_settings(value: Any) -> FrozenDict[str, Any]:
    """Settings of a pipeline: the four that the client checks, any other key as it is."""
    settings = dict(read_mapping(value))
    found: list[Diagnostic] = []
    for key in ("default_compute", "default_datastore"):
        if key in settings:
            name = _default_name(key, settings[key])
            if name is None:
                extra = "serverless or " if key == "default_compute" else ""
                text = f"must be {extra}azureml:<name>, not {describe(settings[key])}"
                found.append(error("MLS009", text, f"write {key}: azureml:<name>", (key,)))
            settings[key] = name
    for key in ("continue_on_step_failure", "force_rerun"):
        if key in settings:
            if not isinstance(settings[key], str | int | float) or settings[key] not in _TRUE | _FALSE:
                found.append(error("MLS008", f"must be true or false, not {describe(settings[key])}", "", (key,)))
            else:
                settings[key] = settings[key] in _TRUE
    if found:
        raise refuse(*found)
    return FrozenDict(settings)


def _default_name(key: str, value: Any) -> str | None:
    if isinstance(value, str):
        if key == "default_compute" and value.lower() == "serverless":
            return value.lower()
        if value.startswith("azureml:"):
            return value.removeprefix("azureml:")
    return None


def read_identity(value: Any) -> FrozenDict[str, Any]:
    """An identity: managed, aml_token or user_identity, also as UserIdentity."""
    identity = read_mapping(value)
    kind = identity.get("type")
    keys = _IDENTITIES.get(_snake_case(kind)) if isinstance(kind, str) else None
    if keys is None:
        raise refuse(
            error(
                "MLS009",
                "an identity has a type: managed, aml_token or user_identity",
                "write identity: {type: managed}",
            )
        )
    found = [
        error("MLS006", f"the key {key!r} is not known here", closest(key, keys), (key,))
        if key not in keys
        else error(
            "MLS008",
            f"must be text, not {describe(item)}",
            "quote it" if item is not None else "leave the key out",
            (key,),
        )
        for key, item in identity.items()
        if key not in keys or not isinstance(item, str)
    ]
    if found:
        raise refuse(*found)
    return identity


def _snake_case(text: str) -> str:
    apart = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", text)
    return re.sub("([a-z0-9])([A-Z])", r"\1_\2", apart).lower()


def read_services(value: Any) -> FrozenDict[str, Any]:
    """Services of a job by name."""
    found = check_settings({"services": value}, ("services",))
    if found:
        raise refuse(*(replace(problem, field=problem.field[1:]) for problem in found))
    return read_mapping(value)


Text = Annotated[StrictStr | None, BeforeValidator(refuse_null)]
if TYPE_CHECKING:
    # What type checkers see: any mapping may be given, and what comes back is read-only.
    AnyMap = Mapping[str, Any]
    TextMap = Mapping[str, Any]
    Compute = str | None
    Services = Mapping[str, Any]
    Identity = Mapping[str, Any] | None
    Settings = Mapping[str, Any]
    Inputs = Mapping[str, Any]
    Outputs = Mapping[str, Any]
else:
    AnyMap = Annotated[FrozenDict[str, Any], PlainValidator(read_mapping)]
    TextMap = Annotated[FrozenDict[str, Any], PlainValidator(read_texts)]
    Compute = Annotated[str | None, PlainValidator(read_compute)]
    Services = Annotated[FrozenDict[str, Any], PlainValidator(read_services)]
    Identity = Annotated[FrozenDict[str, Any] | None, PlainValidator(read_identity)]
    Settings = Annotated[FrozenDict[str, Any], PlainValidator(read_settings)]
    Inputs = Annotated[
        dict[StrictStr, Annotated[InputValue, PlainValidator(read_input)]],
        AfterValidator(FrozenDict),
        BeforeValidator(refuse_null),
    ]
    Outputs = Annotated[
        dict[StrictStr, Annotated[FrozenDict[str, Any], PlainValidator(read_output)]],
        AfterValidator(FrozenDict),
        BeforeValidator(refuse_null),
    ]
