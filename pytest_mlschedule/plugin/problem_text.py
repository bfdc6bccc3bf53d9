"""A problem as the failure of an item shows it: where, what, the line of the source, the way out."""

from __future__ import annotations

import os
from pathlib import Path

from pytest_mlschedule.diagnostics import Diagnostic, Location
from pytest_mlschedule.report.excerpt import cut_excerpt
from pytest_mlschedule.schedules.reader import Reader


def show_problem(item: Diagnostic, reader: Reader, folder: Path) -> str:
    """The text of a problem, its path as seen from a folder."""
    place = item.location
    if place is None:
        return str(item)
    text = reader.text(place.path) or _read(place.path)
    part = None if text is None else cut_excerpt(text, item)
    shown = item.at(Location(_seen_from(place.path, folder), place.line, place.column))
    head, _, hint = str(shown).partition("\n  hint: ")
    lines = [head]
    if part is not None:
        gutter = " " * len(str(part.line))
        lines += [f"{part.line} | {part.text}", f"{gutter} | {' ' * part.start}{'^' * part.length} {item.severity}"]
    return "\n".join([*lines, *([f"  hint: {hint}"] if hint else [])])


def _read(path: str) -> str | None:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


def _seen_from(path: str, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive of Windows
        return path
