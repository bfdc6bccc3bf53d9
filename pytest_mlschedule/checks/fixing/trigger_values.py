"""Fixes of single values of a trigger: times, zones, frequencies, week days (MLS201, MLS204, MLS301 to MLS303)."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache

import yaml

from pytest_mlschedule.checks.fixing.edits import Edit, Fix
from pytest_mlschedule.checks.fixing.written import Path, WrittenDocument, WrittenText
from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.triggers.recurrence import FREQUENCIES
from pytest_mlschedule.triggers.recurrence_pattern import WEEK_DAYS
from pytest_mlschedule.triggers.timestamps import read_timestamp
from pytest_mlschedule.triggers.window import FIRST_YEAR, LAST_YEAR
from pytest_mlschedule.triggers.zone_names import OTHER_ZONES, SDK_ZONES
from pytest_mlschedule.triggers.zones import resolve_zone, windows_equivalent

_ADVERBS = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month"}
_SUFFIX = "standardtime"


def fix_time(item: Diagnostic, document: WrittenDocument) -> Fix | None:
    """MLS301: a time as text, ``2026-03-01T10:00:00``. Not a date alone, nor an offset that the client would drop."""
    written = document.scalar(item.field)
    if written is None:
        return None
    value = written.value if written.style else yaml.safe_load(written.raw)
    meant = _time_text(value)
    stamp = read_timestamp(meant, "")[0] if meant else None
    if stamp is None or meant == value or not FIRST_YEAR <= stamp.wall.year <= LAST_YEAR:
        return None
    if stamp.offset is not None and (stamp.offset or not _is_utc(document, item.field)):
        return None
    edit = written.quoted(meant) if isinstance(value, datetime) else written.rewrite(meant)
    return _changed(item, written, edit)


def _time_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.strip().upper() if isinstance(value, str) else ""


def _is_utc(document: WrittenDocument, field: Path) -> bool:
    name = document.data((*field[:-1], "time_zone"))
    return name is None or name.lower() == "utc"


def fix_zone(item: Diagnostic, document: WrittenDocument) -> Fix | None:
    """MLS302, MLS303: the Windows name of a zone that is written otherwise, or by its IANA name."""
    written = document.scalar(item.field)
    meant = _zone_name(written.value) if written else None
    return _changed(item, written, written.rewrite(meant)) if written and meant else None


def _zone_name(text: str) -> str | None:
    try:
        return windows_equivalent(resolve_zone(text, iana="accept").key)
    except DefinitionError:
        known = _zone_names()
        found = {known[form] for form in (_squeeze(text), _squeeze(text) + _SUFFIX) if form in known}
        return found.pop() if len(found) == 1 else None


@cache
def _zone_names() -> dict[str, str]:
    return {_squeeze(name): name for name in (*SDK_ZONES, *OTHER_ZONES)}


def _squeeze(name: str) -> str:
    """A name without what people vary. In UTC-08 the hyphen is a sign."""
    text = re.sub(r"\s+", "", name).lower()
    return text if text.startswith("utc") else re.sub(r"[-_]", "", text)


def fix_frequency(item: Diagnostic, document: WrittenDocument) -> Fix | None:
    """MLS201: ``days`` and ``daily`` are ``day``."""
    written = document.scalar(item.field)
    text = written.value.strip().lower() if written else ""
    meant = _ADVERBS.get(text, text.removesuffix("s"))
    return _changed(item, written, written.rewrite(meant)) if written and meant in FREQUENCIES else None


def fix_week_day(item: Diagnostic, document: WrittenDocument) -> Fix | None:
    """MLS204: ``mon`` and ``Mondays`` are ``monday``. Values that are out of range have no fix."""
    written = document.scalar(item.field) if "week_days" in item.field[-2:] else None
    text = written.value.strip().lower().removesuffix(".").removesuffix("s") if written else ""
    days = [day for day in WEEK_DAYS if len(text) > 1 and day.startswith(text)]
    return _changed(item, written, written.rewrite(days[0])) if written and len(days) == 1 else None


def _changed(item: Diagnostic, written: WrittenText, edit: Edit) -> Fix:
    return Fix(item.code, item.field, (edit,), f"{written.raw} is now {edit.text}")
