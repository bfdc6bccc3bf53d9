"""JSON text to data. Other text that begins like JSON is left to the YAML reader: ``{a: 1}`` is YAML."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, warning


@dataclass(frozen=True, slots=True)
class JsonText:
    """What was read: the data, and warnings about duplicate keys."""

    data: Any
    warnings: tuple[Diagnostic, ...]


def parse(text: str) -> JsonText | None:
    """The document, or None where it is not JSON."""
    duplicates: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(items)
        if len(result) < len(items):
            seen: set[str] = set()
            duplicates.extend(key for key, _ in items if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        return result

    try:
        data = json.loads(text, object_pairs_hook=pairs, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    return JsonText(data, tuple(_duplicate(key) for key in duplicates))


def find_syntax_error(text: str) -> tuple[str, int, int]:
    """What is wrong with a text that is no JSON: the problem, line and column from 1."""
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as reason:
        return reason.msg[:1].lower() + reason.msg[1:], reason.lineno, reason.colno
    except (ValueError, RecursionError) as reason:
        what = "it nests too deep" if isinstance(reason, RecursionError) else f"{reason} is no value of JSON"
        return what, 1, 1
    return "", 1, 1


def _refuse_constant(text: str) -> Any:
    raise ValueError(text)


def _duplicate(key: str) -> Diagnostic:
    return warning(
        "MLS005", f"the key {key!r} is given twice; the last one counts (JB-10)", "remove the one that is not meant"
    )
