"""Edits of a text by position, and fixes made of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pytest_mlschedule.diagnostics import PathPart


class Edit(NamedTuple):
    """``text`` in the place of the characters from ``start`` to ``end`` (counted from the start of the text, half-open)."""

    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """What mends one finding. ``field`` is where the finding is, ``becomes`` what that field is called after the fix.

    ``what`` says it in words ("weekdays is now week_days").
    """

    code: str
    field: tuple[PathPart, ...]
    edits: tuple[Edit, ...]
    what: str
    becomes: tuple[PathPart, ...] = ()

    @property
    def start(self) -> int:
        """Where its first edit starts."""
        return self.edits[0].start


def apply_fixes(text: str, fixes: Iterable[Fix]) -> tuple[str, list[Fix]]:
    """The text with fixes, and those of them that were made, in the order of the text.

    A fix is made with all its edits or not at all; of fixes whose edits overlap (also two insertions at one place) the first
    in the order of the text is made. Fixes with the same edits are made once and count each.
    """
    taken: dict[Edit, None] = {}
    made: list[Fix] = []
    for fix in sorted(fixes, key=lambda fix: fix.edits):
        fresh = [edit for edit in fix.edits if edit not in taken]
        if not any(_overlap(edit, other) for edit in fresh for other in taken):
            taken.update(dict.fromkeys(fresh))
            made.append(fix)
    for edit in sorted(taken, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text, made


def _overlap(one: Edit, other: Edit) -> bool:
    return one.start < other.end and other.start < one.end if one.start != other.start else True
