"""Fixes inside cron expressions (MLS101, MLS102, MLS104 to MLS106)."""

from __future__ import annotations

import re

from pytest_mlschedule.checks.fixing.edits import Fix
from pytest_mlschedule.checks.fixing.written import WrittenDocument, WrittenText
from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.triggers.ncrontab import FIELDS, MONTHS, WEEKDAYS, parse_ncrontab

# Not @monthly and @yearly: Azure ML ignores DAYS and MONTHS, five fields cannot say it.
_MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
}
_TO_SEVEN = re.compile(r"(?:([^-/]+)-)?0*7")
_ITEM = re.compile(r"[^ ,]*")
_RANGE = re.compile(r"([^-/ ,]+)-([^-/ ,]+)")
_QUESTION_MARK = re.compile(r"(?<![^ ])\?(?![^ ])")
_NAME = re.compile(r"[^-/ ,]+")


def fix_shape(item: Diagnostic, document: WrittenDocument) -> Fix | None:
    """MLS101: a macro becomes five fields, tabs and the like become spaces."""
    written = document.scalar(item.field)
    if written is None:
        return None
    value = written.value
    meant = _MACROS.get(value.strip(" ").lower())
    if meant is None and re.search(r"[^\S ]", value):
        meant = " ".join(value.split())
    if meant is None or len(meant.split(" ")) != len(FIELDS):
        return None
    return Fix(item.code, item.field, (written.rewrite(meant),), f"{value!r} is now {meant!r}")


def fix_seven(item: Diagnostic, document: WrittenDocument) -> Fix | None:
    """MLS102: Sunday is 0, not 7, alone and as the end of a range."""
    written, offset = document.scalar(item.field), item.offset
    if written is None or offset is None or _field_name(written.value, offset) != "weekday":
        return None
    found = _ITEM.match(written.value, offset)
    match = _TO_SEVEN.fullmatch(found[0]) if found else None
    if match is None:
        return None
    return _replace(item, written, match[0], _without_seven(match[1]))


def _without_seven(first: str | None) -> str | None:
    """What ``first-7`` means (None: 7 alone); None where ``first`` is no weekday."""
    if first is None or re.fullmatch("0*7", first):
        return "0"
    fields, _ = parse_ncrontab(f"0 0 * * {first}")
    if fields is None or len(fields.weekdays) != 1:
        return None
    (day,) = fields.weekdays
    return {0: "0-6", 6: f"{first},0"}.get(day, f"{first}-6,0")


def fix_order(item: Diagnostic, document: WrittenDocument) -> Fix | None:
    """MLS104: the range as NCrontab reads it. The meaning stays as it is."""
    written = document.scalar(item.field)
    match = _RANGE.match(written.value, item.offset) if written and item.offset is not None else None
    return _replace(item, written, match[0], f"{match[2]}-{match[1]}") if written and match else None


def fix_prefix(item: Diagnostic, document: WrittenDocument) -> Fix | None:
    """MLS105: three letters of the name that NCrontab reads. The meaning stays as it is."""
    written, offset = document.scalar(item.field), item.offset
    match = _NAME.match(written.value, offset) if written and offset is not None else None
    if written is None or offset is None or match is None:
        return None
    names = WEEKDAYS if _field_name(written.value, offset) == "weekday" else MONTHS
    read = next((name[:3] for name in names if name.lower().startswith(match[0].lower())), "")
    name = read.upper() if match[0].isupper() else read.lower() if match[0].islower() else read
    return _replace(item, written, match[0], name or None)


def fix_question_mark(item: Diagnostic, document: WrittenDocument) -> Fix | None:
    """MLS106: a ``?`` in the place of days or weekdays, where other dialects have it, becomes ``*``."""
    written, offset = document.scalar(item.field), item.offset
    if written is None or offset is None or _field_name(written.value, offset) not in ("day", "weekday"):
        return None
    return _replace(item, written, "?", "*") if _QUESTION_MARK.match(written.value, offset) else None


def _replace(item: Diagnostic, written: WrittenText, old: str, new: str | None) -> Fix | None:
    if new is None or item.offset is None:
        return None
    return Fix(item.code, item.field, (written.replace(item.offset, len(old), new),), f"{old!r} is now {new!r}")


def _field_name(expression: str, offset: int) -> str:
    """Which of the five fields holds the character at this offset."""
    index = sum(match.start() <= offset for match in re.finditer("[^ ]+", expression)) - 1
    return FIELDS[index].name
