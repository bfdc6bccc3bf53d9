"""Comments of schedule files that speak to us: ``# mls: ignore[MLS103] reason``."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from pytest_mlschedule.triggers.wording import nearest

Verb = Literal["ignore", "ignore-file"]
_VERBS: tuple[Verb, ...] = ("ignore", "ignore-file")
_HINTED = re.compile(r"#\s*mls\s*:", re.IGNORECASE)
_PRAGMA = re.compile(r"#\s*mls\s*:\s*(?P<verb>[\w-]+)(?P<rest>[^#]*)", re.IGNORECASE)
_BRACKET = re.compile(r"\s*\[([^\]]*)(\]?)")
_BARE_CODE = re.compile(r"[\s:=(]*MLS\d", re.IGNORECASE)
_NAME = re.compile(r"[^,\s]+")
_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")  # what ends a line in YAML 1.1
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Named:
    """A code or name of a rule as a comment says it, and its column, from 1."""

    text: str
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pragma:
    """One such comment. ``line`` and ``column`` (from 1): where its ``#`` stands; ``target``: the line that it is about.

    ``names``: the rules; none where it means every rule. ``problem`` says why it cannot be used, and is empty where it can.
    """

    line: int
    column: int
    verb: Verb
    target: int
    names: tuple[Named, ...] = ()
    problem: str = ""


def find_pragmas(text: str) -> list[Pragma]:
    """The comments of a YAML text that speak to us, in order. None in a text that is not YAML."""
    if not _HINTED.search(text):
        return []
    lines = _BREAK.split(text)
    found = [(number, match) for number, line in enumerate(lines) for match in _PRAGMA.finditer(line)]
    try:
        values = _Values(text)
    except (yaml.YAMLError, ValueError):  # libyaml stumbles over halves of characters
        return []
    return [
        pragma
        for number, match in found
        if not values.cover(number, match.start()) and (pragma := _read(match, number, lines))
    ]


class _Values:
    """The parts of a YAML text that are no comments."""

    def __init__(self, text: str) -> None:
        self._spans = list(_spans(text))

    def cover(self, line: int, column: int) -> bool:
        """Whether a character is part of a value, a key or another token (line and column from 0)."""
        index = bisect_right(self._spans, ((line, column), (line + 1, 0)))
        return index > 0 and (line, column) < self._spans[index - 1][1]


def _spans(text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    for token in yaml.scan(text, Loader=_LOADER):
        start, end = token.start_mark, token.end_mark
        first = (start.line, start.column)
        if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            first = (start.line + 1, 0)  # behind the | there may be a comment
        if first < (end.line, end.column):
            yield first, (end.line, end.column)


def _read(match: re.Match[str], number: int, lines: list[str]) -> Pragma | None:
    """The pragma of a comment; None for a comment that only looks like one."""
    written, rest = match["verb"].lower(), match["rest"]
    bracket = _BRACKET.match(rest)
    verb = next((known for known in _VERBS if known == written), None)
    problem = ""
    if verb is None:
        close = nearest(written, _VERBS)
        if not close and bracket is None:
            return None
        verb, problem = "ignore", f"{match['verb']!r} is neither ignore nor ignore-file"
    elif bracket is None and _BARE_CODE.match(rest):
        problem = "codes stand in brackets"
    elif bracket is not None and not bracket[2]:
        problem = "the bracket is not closed"
    elif bracket is not None and not bracket[1].strip(" \t,"):
        problem = "the brackets name no rule"
    first = match.start("rest") + (bracket.start(1) if bracket else 0)
    names = _NAME.finditer(bracket[1]) if bracket and not problem else ()
    return Pragma(
        line=number + 1,
        column=match.start() + 1,
        verb=verb,
        target=_target(number, lines) + 1,
        names=tuple(Named(name[0], first + name.start() + 1) for name in names),
        problem=problem,
    )


def _target(number: int, lines: list[str]) -> int:
    """The line that a comment on a line is about: its own, or the next one where there are only comments."""
    if not _is_comment(lines[number]):
        return number
    behind = range(number + 1, len(lines))
    return next((index for index in behind if not _is_comment(lines[index])), number)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")
