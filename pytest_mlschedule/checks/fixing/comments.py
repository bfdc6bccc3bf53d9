"""Fixes of comments: ignores that nothing needs (MLS901)."""

from __future__ import annotations

import re

from pytest_mlschedule.checks.fixing.edits import Edit, Fix
from pytest_mlschedule.checks.fixing.written import LINE_BREAK, WrittenDocument
from pytest_mlschedule.checks.pragmas import Named, find_pragmas
from pytest_mlschedule.diagnostics import Diagnostic

_NEXT_PRAGMA = re.compile(r"#\s*mls\s*:", re.IGNORECASE)
_SEPARATOR = re.compile(r"[\s,]+(?!\])")


def fix_ignore(item: Diagnostic, document: WrittenDocument) -> Fix | None:
    """MLS901: the comment goes, or of several names the one that is not needed. Not where it only stands on the wrong line."""
    place = item.location
    if place is None or not item.hint.startswith("remove") or not document.is_editable:
        return None
    for pragma in find_pragmas(document.text):
        if pragma.line != place.line:
            continue
        name = next((name for name in pragma.names if name.column == place.column), None)
        if name is not None and len(pragma.names) > 1:
            edit = _remove_name(document, pragma.line, name)
            return Fix(item.code, item.field, (edit,), f"{name.text} is ignored no longer")
        if name is not None or pragma.column == place.column:
            edit = _remove_comment(document, document.offset_of(pragma.line, pragma.column))
            return Fix(item.code, item.field, (edit,), "a comment that ignored nothing is gone")
    return None


def _remove_name(document: WrittenDocument, line: int, name: Named) -> Edit:
    """A name goes with what separates it from the next one, the last name with what is before it."""
    start = document.offset_of(line, name.column)
    end = start + len(name.text)
    behind = _SEPARATOR.match(document.text, end)
    if behind:
        return Edit(start, behind.end(), "")
    before = document.text[:start]
    return Edit(len(before.rstrip(" \t,")), end, "")


def _remove_comment(document: WrittenDocument, start: int) -> Edit:
    """A comment goes with the space before it, and with its line where nothing else stands there."""
    text = document.text
    found = LINE_BREAK.search(text, start)
    end = found.start() if found else len(text)
    other = _NEXT_PRAGMA.search(text, start + 1, end)
    if other:
        return Edit(start, other.start(), "")
    before = text[:start].rstrip(" \t")
    if before and not LINE_BREAK.fullmatch(before[-1]):
        return Edit(len(before), end, "")
    return Edit(len(before), found.end() if found else end, "")
