"""``--set`` of ``az ml schedule create`` and ``az ml job create``: laid over the file before it is read; every value is text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from pytest_mlschedule.az.errors import AzError
from pytest_mlschedule.az.paths import split_path


def lay_overrides(data: dict[str, Any], overrides: Sequence[tuple[str, str]]) -> None:
    """Change the data of a file in place. Raises AzError where a path leads into a text, such as a reference to another file."""
    for path, value in overrides:
        _refuse_reference(data, path)
        _put(data, split_path(path) or [path], value)


def _refuse_reference(data: Any, path: str) -> None:
    for part in path.split("."):
        if isinstance(data, str):
            raise AzError(f"Cannot use '--set' on properties defined by reference strings: --set {path}")
        data = data.get(part) if isinstance(data, Mapping) else None


def _put(data: Any, parts: Sequence[str], value: str) -> None:
    """Lists and mappings that are missing on the way are made."""
    for part, following in pairwise(parts):
        found = _get(data, part)
        if not isinstance(found, dict | list):
            found = [] if _index(following) is not None else {}
            _store(data, part, found)
        data = found
    _store(data, parts[-1], value)


def _get(data: Any, part: str) -> Any:
    index = _index(part)
    if isinstance(data, list):
        return data[index] if index is not None and index < len(data) else None
    return data.get(part)


def _store(data: Any, part: str, value: Any) -> None:
    if isinstance(data, list):
        index = _index(part)
        if index is None:
            raise AzError(f"--set: {part} is not an index of a list; write [0]")
        data.extend([None] * (index + 1 - len(data)))
        data[index] = value
    else:
        data[part] = value


def _index(part: str) -> int | None:
    inside = part[1:-1] if part.startswith("[") else ""
    return int(inside) if inside.isascii() and inside.isdigit() else None
