"""How values appear in messages: quoted, bounded in length, listed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import replace

from pytest_mlschedule.diagnostics import Diagnostic

LONGEST = 60


def quote(value: object) -> str:
    """A value as Python shows it, cut to about 60 characters: messages stay readable for hostile input."""
    if isinstance(value, (str, bytes)) and len(value) > LONGEST:
        return f"{value[:LONGEST]!r}…"
    if isinstance(value, (list, tuple, set, frozenset, dict)) and len(value) > LONGEST // 2:
        return f"a {type(value).__name__} of {len(value)} items"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**LONGEST:
        return "a huge number"
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # numbers of thousands of digits inside, nesting without end
        return f"a {type(value).__name__}"
    return text if len(text) <= LONGEST + 2 else f"{text[:LONGEST]}…"


def nearest(text: str, names: Iterable[str], *, most: int = 1, cutoff: float = 0.6) -> list[str]:
    """The names most like a text, best first; none for texts too long to be a misspelling."""
    if len(text) > LONGEST:
        return []
    return difflib.get_close_matches(text.lower(), list(names), n=most, cutoff=cutoff)


def list_names(names: Iterable[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *head, tail = names
    return f"{', '.join(head)} {last} {tail}" if head else tail


def at_offset(problem: Diagnostic, offset: int) -> Diagnostic:
    """The same problem, pointing at a character inside its text value."""
    return replace(problem, offset=offset)
