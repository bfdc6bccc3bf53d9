"""``-o table`` and ``-o tsv``, laid out as az lays them out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Any

from pytest_mlschedule.az.errors import AzError

_SKIPPED = ("id", "type", "etag")


class Selected(dict[str, Any]):
    """A mapping that a query selects (``{name: name}``): its keys stay in that order."""


def format_table(data: Any, *, is_sorted: bool) -> str:
    """One row an item; columns are the keys of values that are not nested. ``is_sorted``: by name, where nobody chose them."""
    items = data if isinstance(data, list) else [data]
    rows = [_row(item, is_sorted=is_sorted) for item in items]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if items and not columns:
        advice = "Use the --query option to specify an appropriate query. Use --debug for more info."
        raise AzError(f"Table output unavailable. {advice}")
    cells = [[str(row.get(name, "")).splitlines() or [""] for name in columns] for row in rows]
    widths = [
        max([len(name) + 2, *(len(line) for row in cells for line in row[place])]) for place, name in enumerate(columns)
    ]
    lines = [columns, ["-" * width for width in widths]] if columns else []
    for row in cells:
        lines += [list(line) for line in zip_longest(*row, fillvalue="")]
    return "".join(f"{_line(line, widths)}\n" for line in lines) or "\n"


def _line(cells: Iterable[str], widths: Iterable[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _row(item: Any, *, is_sorted: bool) -> dict[str, Any]:
    if isinstance(item, list):
        return {f"Column{place}": "" if value is None else value for place, value in enumerate(item, 1)}
    if not isinstance(item, Mapping):
        return {"Result": "" if item is None else item}
    keys = sorted(item) if is_sorted else list(item)
    shown = (key for key in keys if key not in _SKIPPED and item[key] is not None)
    return {key[:1].upper() + key[1:]: item[key] for key in shown if not isinstance(item[key], list | dict)}


def format_tsv(data: Any) -> str:
    """One line an item, values between tabs: by key in alphabetical order, or in the order that a query selects.

    A list inside is shown by its length, a mapping as nothing; no value is ``None``.
    """
    items = data if isinstance(data, list) else [data]
    return "".join(f"{_values(item)}\n" for item in items)


def _values(item: Any) -> str:
    if isinstance(item, bool):
        return str(item).lower()
    if isinstance(item, Selected):
        return "\t".join(map(_value, item.values()))
    if isinstance(item, dict):
        return "\t".join(_value(value) for _, value in sorted(item.items()))
    return "\t".join(map(_value, item)) if isinstance(item, list) else _value(item)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ""
    return str(len(value)) if isinstance(value, list) else str(value)
