"""Templated schedules: placeholders in the text of a file, filled before it is read.

The forms that deploy pipelines use: ``{{ name }}``, ``${name}``, ``$(name)``, ``#{name}#``. ``${{...}}`` is Azure ML's own and is
left alone, and so is every name that no value was given for: shells and pipelines have theirs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from pytest_mlschedule.diagnostics import Diagnostic, Location

_MACRO_NAMES = "creation_context."
NAME = r"[A-Za-z_][\w.-]*"
LINE_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")  # what ends a line in YAML 1.1
_PLACEHOLDER = re.compile(
    rf"(?<![$\{{])\{{\{{[ \t]*({NAME})[ \t]*\}}\}}|\$\{{({NAME})\}}|\$\(({NAME})\)|#\{{[ \t]*({NAME})[ \t]*\}}#",
    re.ASCII,
)


class Placeholder(NamedTuple):
    """A placeholder as it stands in a text: as written, its name, and where it starts (line and column from 1)."""

    written: str
    name: str
    line: int
    column: int


class Fill(NamedTuple):
    """A placeholder that was filled, and the columns (from 1) that its value has in the filled text."""

    placeholder: Placeholder
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FilledText:
    """A text with its placeholders filled, and the way back: ``written`` is what the file holds."""

    text: str
    written: str
    fills: tuple[Fill, ...] = ()

    def locate(self, diagnostic: Diagnostic) -> Diagnostic:
        """A diagnostic that is placed in the filled text, placed in the file: lines are the same, columns need not be."""
        place = diagnostic.location
        fills = [fill for fill in self.fills if place and fill.placeholder.line == place.line]
        if place is None or not fills:
            return diagnostic
        return diagnostic.at(Location(place.path, place.line, _column_in_file(place.column, fills)))


@dataclass(frozen=True, slots=True)
class Placeholders:
    """Values of placeholders by name; each is one line of text."""

    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def fill(self, text: str) -> FilledText:
        """The text with every placeholder filled that there is a value for. Values are put in as they are and not looked at
        again; lines stay where they are."""
        known = [item for item in find_placeholders(text) if item.name in self.values] if self.values else []
        if not known:
            return FilledText(text, text)
        lines = _line_starts(text)
        pieces, fills, done, shift, row = [], [], 0, 0, 0
        for item in known:
            value = self.values[item.name]
            begin = lines[item.line - 1] + item.column - 1
            pieces += [text[done:begin], value]
            done = begin + len(item.written)
            shift = shift if item.line == row else 0
            row = item.line
            start = item.column + shift
            fills.append(Fill(item, start, start + len(value)))
            shift += len(value) - len(item.written)
        return FilledText("".join([*pieces, text[done:]]), text, tuple(fills))


NO_VALUES = Placeholders()


def find_placeholders(text: str) -> Iterator[Placeholder]:
    """The placeholders of a text in order."""
    lines: list[int] = []
    for match in _PLACEHOLDER.finditer(text):
        lines = lines or _line_starts(text)
        line = bisect_right(lines, match.start())
        name = next(group for group in match.groups() if group is not None)
        if name.startswith(_MACRO_NAMES):  # a macro of the service with a brace or a dollar too few (MLS503)
            continue
        yield Placeholder(match[0], name, line, match.start() - lines[line - 1] + 1)


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in LINE_BREAK.finditer(text))]


def _column_in_file(column: int, fills: list[Fill]) -> int:
    """The column in the file of a column in the filled text; inside a value: where its placeholder starts."""
    for fill in reversed(fills):
        if column >= fill.end:
            return column - fill.end + fill.placeholder.column + len(fill.placeholder.written)
        if column >= fill.start:
            return fill.placeholder.column
    return column
