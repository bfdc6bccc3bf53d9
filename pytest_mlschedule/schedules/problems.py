"""From pydantic's errors to ours: code, message, what is allowed, the way out."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from pytest_mlschedule.diagnostics import Diagnostic, PathPart, error

M = TypeVar("M", bound=BaseModel)

# How a value is called when it is not what the field takes.
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "a boolean"),
    (int, "a number"),
    (float, "a number"),
    (str, "text"),
    (Mapping, "a mapping"),
    (list, "a list"),
    (tuple, "a list"),
)


def refuse(*found: Diagnostic) -> PydanticCustomError:
    """An error to raise inside a validator: problems whose fields are relative to the validated value."""
    return PydanticCustomError("mlschedule", "refused", {"found": found})


def found_by(read: Callable[[Any], Any], value: Any) -> tuple[Any, list[Diagnostic]]:
    """The result of a validator called by hand, or the problems that it refused the value with."""
    try:
        return read(value), []
    except PydanticCustomError as refusal:
        return None, list((refusal.context or {})["found"])


def validate(model: type[M], data: Mapping[Any, Any], keys: Iterable[str]) -> tuple[M | None, list[Diagnostic]]:
    """The model of a mapping that stands in a file, or every problem of its shape with the field it is in.

    ``keys`` are those that a file may have, which need not be all fields of the model.
    """
    known = set(keys)
    found = [unknown_key((key_text(key),), known) for key in data if key not in known]
    try:
        value = model.model_validate({key: item for key, item in data.items() if key in known}, context=DOCUMENT)
    except ValidationError as failure:
        return None, found + problems_of(failure, known)
    return (None if found else value), found


DOCUMENT: Mapping[str, bool] = {"document": True}
"""Validation context of values that stand in a file, where an explicit null is rejected (sdk.md)."""


def problems_of(failure: ValidationError, keys: Iterable[str]) -> list[Diagnostic]:
    """Each error of a pydantic validation as diagnostics, without a place. ``keys``: what the mapping may hold."""
    return [item for details in failure.errors(include_url=False) for item in _diagnostics(details, keys)]


def key_text(key: object) -> str:
    """A key as it stands in YAML: ``null`` and ``true`` rather than Python's words."""
    return describe(key) if key is None else str(key).lower() if isinstance(key, bool) else str(key)


def describe(value: Any) -> str:
    """A value for a message: its kind and, where it is short, the value itself."""
    if value is None:
        return "null"
    name = next((name for kind, name in _KINDS if isinstance(value, kind)), f"a {type(value).__name__}")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, str):
        text = repr(value)
    return f"{name} ({text})" if isinstance(value, bool | int | float | str) and len(text) <= 40 else name


def closest(name: object, allowed: Iterable[str]) -> str:
    """A hint with the nearest allowed names; without a near one, all of them."""
    known = sorted(allowed)
    near = difflib.get_close_matches(str(name).lower(), known, 3, 0.6)
    if near:
        return f"did you mean {' or '.join(map(repr, near))}?"
    return f"allowed: {', '.join(known)}" if known else ""


def _diagnostics(details: ErrorDetails, keys: Iterable[str]) -> list[Diagnostic]:
    field = tuple(part for part in details["loc"] if part != "[key]")
    if details["type"] == "mlschedule":
        return [item.under(*field) for item in details["ctx"]["found"]]
    return [_of_pydantic(details, field, keys)]


def _of_pydantic(details: ErrorDetails, field: tuple[PathPart, ...], keys: Iterable[str]) -> Diagnostic:
    kind = details["type"]
    if kind == "extra_forbidden":
        return unknown_key(field, keys)
    if kind == "missing":
        return error("MLS007", f"the key {field[-1]!r} is missing", "", field)
    wanted = _WANTED.get(kind)
    if wanted is None:
        return error("MLS008", details["msg"][:1].lower() + details["msg"][1:], "", field)
    hint = "quote it" if wanted == "text" and isinstance(details["input"], bool | int | float) else ""
    return error("MLS008", f"must be {wanted}, not {describe(details['input'])}", hint, field)


_WANTED = {
    "string_type": "text",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "list_type": "a list",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}


def unknown_key(field: tuple[PathPart, ...], allowed: Iterable[str]) -> Diagnostic:
    """MLS006 for the last part of ``field``, with what may stand there."""
    return error("MLS006", f"the key {field[-1]!r} is not known here", closest(field[-1], allowed), field)
