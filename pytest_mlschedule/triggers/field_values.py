"""Values of trigger fields as azure-ai-ml takes them: numbers in any dress, one or many, names in any case (sdk.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import SupportsIndex, SupportsInt

from pytest_mlschedule.diagnostics import Diagnostic, PathPart, error, note
from pytest_mlschedule.triggers.wording import quote

Path = tuple[PathPart, ...]
MOST_ITEMS = 10_000  # repeated values are taken; more than this is an attack, not a schedule


def plain(value: object) -> object:
    """The value of an enum member (the SDK's TimeZone, RecurrenceFrequency and WeekDay are texts), else the value."""
    return value.value if isinstance(value, Enum) else value


def read_name(value: object) -> str | None:
    """The text of a str or of a str enum member; else None."""
    value = plain(value)
    return value if isinstance(value, str) else None


def read_text(value: object) -> str | None:
    """Like ``read_name``, and of UTF-8 bytes (YAML ``!!binary``), which the client takes for free texts."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else read_name(value)


def read_integer(value: object) -> int | None:
    """What ``int`` makes of a number or a text, as the client does: 4.7 is 4, " 4 " is 4; true, null, nan are None."""
    value = plain(value)
    if isinstance(value, bool) or not isinstance(value, (str, bytes, SupportsInt, SupportsIndex)):
        return None
    try:
        return int(value)
    except (ValueError, OverflowError):
        return None


def is_cut(value: object, integer: int) -> bool:
    """Whether ``read_integer`` lost a fraction."""
    return not isinstance(value, (str, bytes)) and value != integer


def read_items(value: object) -> list[object] | None:
    """The items of a list, tuple, set or range; None for anything that counts as one value."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        return None
    return list(value)


def settle_items(
    value: object, path: Path, settle: Callable[[object, Path], tuple[int | None, list[Diagnostic]]]
) -> tuple[tuple[int, ...], list[Diagnostic]]:
    """One value or many, each settled to a number: ascending, without duplicates, and every problem."""
    items = read_items(value)
    if items is not None and len(items) > MOST_ITEMS:
        return (), [error("MLS204", f"{len(items):,} items are too many", "list each value once", path)]
    places: list[tuple[object, Path]] = [(value, path)]
    if items is not None:
        places = [(item, (*path, index)) for index, item in enumerate(items)]
    numbers: set[int] = set()
    problems: list[Diagnostic] = []
    for item, place in places:
        number, found = settle(item, place)
        problems += found
        if number is not None:
            numbers.add(number)
    return tuple(sorted(numbers)), problems


def wrong_type(value: object, wanted: str, path: Path) -> Diagnostic:
    """MLS008: a value that is not what the field takes; null gets its own advice."""
    if value is None:
        return error("MLS008", f"null is not {wanted}", "leave the key out or give it a value", path)
    hint = "true and false (also yes, no, on, off in YAML) are not numbers" if isinstance(value, bool) else ""
    return error("MLS008", f"{quote(value)} is not {wanted}", hint, path)


def cut_note(value: object, integer: int, path: Path) -> list[Diagnostic]:
    """MLS209 when a number lost its fraction."""
    if not is_cut(value, integer):
        return []
    return [note("MLS209", f"{quote(value)} is cut to {integer}", f"write {integer}", path)]
