"""The two macros of schedules, ``${{name}}`` and ``${{creation_context.trigger_time}}`` (JB-2, JB-3, JB-4)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from pytest_mlschedule.diagnostics import Diagnostic, PathPart, warning

MacroName = Literal["name", "creation_context.trigger_time"]
MACROS: tuple[MacroName, ...] = ("name", "creation_context.trigger_time")

_MACRO = re.compile(r"\$\{\{\s*(name|creation_context\.trigger_time)\s*\}\}")
_EXPRESSION = re.compile(r"\$\{\{\s*([^{}]*?)\s*\}\}")
# Whole macros are tried first, so that what remains has a brace or the dollar too few. (``${name}`` is left to shells.)
_MISBRACED = re.compile(
    r"\$\{\{\s*(?:name|creation_context\.trigger_time)\s*\}\}"
    r"|\$\{{1,2}\s*(creation_context\.trigger_time)\s*\}{1,2}"
    r"|\$?\{\{\s*(name|creation_context\.trigger_time)\s*\}{1,2}"
)
# Pipeline bindings are resolved inside the run, never by the schedule.
_BINDINGS = ("parent.", "inputs.", "outputs.", "search_space.", "jobs.")

Parts = tuple[str, ...]
"""A text cut at its macros: literal text and macro names in turn, beginning and ending with literal text."""


def split_macros(text: object) -> Parts | None:
    """The parts of a text that holds a macro; None for everything else."""
    if not isinstance(text, str) or "${{" not in text:
        return None
    parts = tuple(_MACRO.split(text))
    return parts if len(parts) > 1 else None


def join_macros(parts: Parts, values: Mapping[str, str]) -> str:
    """The text with every macro replaced. ``values``: macro name to value."""
    return "".join(part if index % 2 == 0 else values[part] for index, part in enumerate(parts))


def resolve_macros(text: str, values: Mapping[str, str]) -> str:
    """``text`` with both macros replaced; bindings and unknown expressions stay as they are."""
    parts = split_macros(text)
    return text if parts is None else join_macros(parts, values)


def find_macro_problems(job: Any) -> Iterator[Diagnostic]:
    """Warnings about macros of a job that will stay text: misspelt ones, and ones where none is resolved (JB-4)."""
    for name, value in job.inputs.items():
        if isinstance(value, Mapping):
            yield from _unresolved(value, ("inputs", name), "data inputs")
        else:
            yield from _misspelt(value, ("inputs", name))
    for name, output in job.outputs.items():
        yield from _misspelt(output.get("path"), ("outputs", name, "path"))
    for field, where in (
        ("tags", "tags"),
        ("settings", "settings"),
        ("display_name", "the display name"),
        ("experiment_name", "the experiment name"),
        ("description", "the description"),
        ("properties", "properties"),
        ("compute", "the compute"),
    ):
        yield from _unresolved(getattr(job, field), (field,), where)


def _unresolved(value: object, field: tuple[PathPart, ...], where: str) -> Iterator[Diagnostic]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _unresolved(item, (*field, key), where)
        return
    if not isinstance(value, str):
        return
    yield from _misspelt(value, field)
    for match in _MACRO.finditer(value):
        message = f"{match[0]} is not resolved in {where}: the run gets this text as it stands"
        hint = "macros work in literal inputs and in output paths"
        yield replace(warning("MLS504", message, hint, field), offset=match.start())


def _misspelt(value: object, field: tuple[PathPart, ...]) -> Iterator[Diagnostic]:
    if not isinstance(value, str):
        return
    for match in _MISBRACED.finditer(value):
        name = match[1] or match[2]
        if name is not None:
            text = f"{match[0]} is not a macro of schedules and stays as text"
            yield replace(warning("MLS503", text, f"write ${{{{{name}}}}}", field), offset=match.start())
    for match in _EXPRESSION.finditer(value):
        inner = match[1]
        if inner in MACROS or inner.startswith(_BINDINGS):
            continue
        near = difflib.get_close_matches(inner, MACROS, 1, 0.4)
        hint = (
            f"did you mean ${{{{{near[0]}}}}}?"
            if near
            else "known: " + " and ".join(f"${{{{{name}}}}}" for name in MACROS)
        )
        text = f"{match[0]} is not a macro of schedules and stays as text"
        yield replace(warning("MLS503", text, hint, field), offset=match.start())
