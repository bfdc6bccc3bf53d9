"""Triggers between the REST API and ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.schedules.models import Trigger
from pytest_mlschedule.schedules.rest_fields import RestObject
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.reading import TRIGGER_KEYS, read_trigger
from pytest_mlschedule.triggers.recurrence_pattern import RecurrencePattern

_KEYS = {
    "type": "triggerType",
    "expression": "expression",
    "frequency": "frequency",
    "interval": "interval",
    "schedule": "schedule",
    "start_time": "startTime",
    "end_time": "endTime",
    "time_zone": "timeZone",
}
_PATTERN_KEYS = {"hours": "hours", "minutes": "minutes", "week_days": "weekDays", "month_days": "monthDays"}


Names = dict[tuple[str, ...], tuple[str, ...]]


def read_rest_trigger(parent: RestObject, profile: ServiceProfile, kind_key: str = "triggerType") -> Trigger | None:
    """The trigger of a schedule's properties; problems go to ``parent.found``, in the spelling of the document.

    ``kind_key``: what the type of the trigger is called there.
    """
    if parent.value("trigger") is None:
        hint = f"a schedule has a trigger with {kind_key}, Cron or Recurrence"
        parent.report(error("MLS007", "the trigger is missing", hint), "trigger")
        return None
    before = len(parent.found)
    given = parent.inner("trigger")
    if len(parent.found) > before:
        return None
    if given.value(kind_key) is None:
        given.report(error("MLS007", f"a trigger needs {kind_key}", "it is Cron or Recurrence"), kind_key)
        return None
    data, names = _translate(given, _KEYS | {"type": kind_key})
    trigger, found = read_trigger(data, profile=profile)
    parent.found += [_rename(item, names).under(*given.place) for item in found]
    return trigger


def _translate(given: RestObject, spelling: Mapping[str, str]) -> tuple[dict[str, Any], Names]:
    """The trigger as YAML writes it, and what each of its keys is called in REST. Keys of the other kind are left out."""
    kind = given.value(spelling["type"])
    keys = TRIGGER_KEYS.get(kind.lower(), tuple(spelling)) if isinstance(kind, str) else tuple(spelling)
    data = {key: given.value(spelling[key]) for key in keys if given.value(spelling[key]) is not None}
    names: Names = {(ours,): (given.key(theirs),) for ours, theirs in spelling.items()}
    if isinstance(data.get("schedule"), Mapping):
        inner = RestObject(data["schedule"], [])
        data["schedule"] = _pattern(inner)
        names |= {
            ("schedule", ours): (*names["schedule",], inner.key(theirs)) for ours, theirs in _PATTERN_KEYS.items()
        }
    return data, names


def _pattern(given: RestObject) -> dict[str, Any]:
    pattern = {ours: given.value(theirs) for ours, theirs in _PATTERN_KEYS.items() if given.value(theirs) is not None}
    return {"hours": [], "minutes": [], **pattern}


def _rename(found: Diagnostic, names: Names) -> Diagnostic:
    """The same problem at the key as REST writes it."""
    head = tuple(str(part) for part in found.field[:2])
    length = 2 if head in names else 1
    return replace(found, field=(*names.get(head[:length], head[:length]), *found.field[length:]))


def trigger_to_rest(trigger: Trigger) -> dict[str, Any]:
    """The trigger as the service answers it: ``Day``, ``Monday``, times verbatim, no pattern as null."""
    limits = {"startTime": trigger.start_time, "endTime": trigger.end_time, "timeZone": trigger.time_zone}
    if isinstance(trigger, CronTrigger):
        return {"triggerType": "Cron", "expression": trigger.expression, **limits}
    return {
        "triggerType": "Recurrence",
        "frequency": trigger.frequency.capitalize(),
        "interval": trigger.interval,
        "schedule": None if trigger.schedule is None else _pattern_to_rest(trigger.schedule),
        **limits,
    }


def _pattern_to_rest(pattern: RecurrencePattern) -> dict[str, Any]:
    return {
        "hours": list(pattern.hours),
        "minutes": list(pattern.minutes),
        "weekDays": [day.capitalize() for day in pattern.week_days] or None,
        "monthDays": list(pattern.month_days) or None,
    }
