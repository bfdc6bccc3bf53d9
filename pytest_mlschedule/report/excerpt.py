"""The line of a file that a diagnostic is about, with carets below what is meant."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pytest_mlschedule.diagnostics import Diagnostic

LONGEST = 120  # columns of a source line that are shown
FARTHEST = 1000  # characters that are looked at
_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")  # what ends a line in YAML 1.1
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"")
_MACRO = re.compile(r"\$\{\{[^}]*\}\}")
_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}|\$\{[^{}]*\}|\$\([^()]*\)|#\{[^{}]*\}#")
_WORD = re.compile(r"[^\s'\",\]}]+")
_COMMENT = re.compile(r"#.*\S")
_PLAIN = re.compile(r"[^\[\]{},]+?(?=:(?:\s|$)|\s*$|\s+#|\s*[\[\]{},])")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One line of a source: its number, its text as it can be shown, and what the carets stand under (columns from 0)."""

    line: int
    text: str
    start: int
    length: int


def cut_excerpt(text: str, item: Diagnostic, width: int = LONGEST) -> Excerpt | None:
    """The line of a text where a diagnostic stands; None where the text has no such line or there is nothing in it.

    Lines that are too long are cut around what is meant.
    """
    extent = find_extent(text, item)
    if item.location is None or extent is None:
        return None
    source, start, end = extent
    shown, start, end = _cut(source.rstrip(), start, end, width)
    before, meant = shown[:start], shown[start:end]
    return Excerpt(item.location.line, _show(shown), _columns(before), max(1, _columns(meant)))


def find_extent(text: str, item: Diagnostic) -> tuple[str, int, int] | None:
    """The line of a text where a diagnostic stands and what of it is meant: its start and end, in characters from 0.

    None where the text has no such line or there is nothing in it.
    """
    place = item.location
    lines = _split(text)
    if place is None or place.line > len(lines) or not lines[place.line - 1].strip():
        return None
    source = lines[place.line - 1]
    start = min(place.column - 1, len(source.rstrip()))
    return source, start, start + _measure(source, start, exact=item.offset is not None)


@lru_cache(maxsize=4)
def _split(text: str) -> list[str]:
    """The lines of a text; a file with many findings is split once."""
    return _BREAK.split(text)


def _measure(line: str, start: int, *, exact: bool) -> int:
    """How many characters are meant: a comment, a quoted value, a key or a plain value; ``exact``: a word or macro of it."""
    line = line[: start + FARTHEST]
    plain = (_COMMENT.match, _PLACEHOLDER.match, _QUOTED.match, _PLAIN.match)
    patterns = (_PLACEHOLDER.match, _MACRO.match) if exact else plain
    found = next((match for pattern in patterns if (match := pattern(line, start))), None)
    found = found or _WORD.match(line, start)
    return len(found[0]) if found else 1


def _cut(line: str, start: int, end: int, width: int) -> tuple[str, int, int]:
    """The part of a line that fits, and where in it start and end are."""
    if len(line) <= width:
        return line, start, end
    first = max(0, min(start - width // 3, len(line) - width))
    part = line[first : first + width]
    if first:
        part = "…" + part[1:]
    if first + width < len(line):
        part = part[:-1] + "…"
    return part, start - first, min(end - first, len(part))


def _show(text: str) -> str:
    """The text without what moves the cursor, turns the direction or takes no place: one column a character or its own."""
    return "".join(character if character.isprintable() else " " if character == "\t" else "�" for character in text)


def _columns(text: str) -> int:
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
