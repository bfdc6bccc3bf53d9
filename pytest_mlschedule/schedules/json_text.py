"""JSON text to data; JSON that does not parse is left to the YAML reader, whose superset it is."""

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
    """The document, or None where it is not JSON (then YAML says what is wrong, and where)."""
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


def _refuse_constant(text: str) -> Any:
    raise ValueError(text)


def _duplicate(key: str) -> Diagnostic:
    return warning(
        "MLS005", f"the key {key!r} is given twice; the last one counts (JB-10)", "remove the one that is not meant"
    )
