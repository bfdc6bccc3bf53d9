"""Triggers of azure-ai-ml taken as ours, and how its objects are recognised without importing it."""

from __future__ import annotations

from typing import Any

from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.field_values import plain
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger

_PACKAGE = "azure.ai.ml.entities"


def is_entity(value: object) -> bool:
    """Whether it is an object of azure-ai-ml (or of a class derived from one). Nothing is imported."""
    return any(f"{kind.__module__}.".startswith(f"{_PACKAGE}.") for kind in type(value).__mro__)


def adopt_trigger(value: Any) -> CronTrigger | RecurrenceTrigger:
    """Our trigger of an azure-ai-ml CronTrigger or RecurrenceTrigger; ours unchanged.

    A naive datetime is wall clock in ``time_zone``, an aware one that instant (ST-1). Raises DefinitionError for values that
    cannot run, TypeError for anything else.
    """
    if isinstance(value, CronTrigger | RecurrenceTrigger):
        return value
    shared = ("start_time", "end_time", "time_zone")
    if not is_entity(value) or not all(hasattr(value, name) for name in shared):
        kind = type(value)
        raise TypeError(
            f"a trigger is needed (CronTrigger, RecurrenceTrigger), not {kind.__module__}.{kind.__qualname__}"
        )
    limits = {name: plain(getattr(value, name)) for name in shared if getattr(value, name) is not None}
    if hasattr(value, "expression"):
        return CronTrigger.from_mapping({"expression": plain(value.expression), **limits})
    names = ("frequency", "interval", "schedule")
    given = {name: plain(getattr(value, name)) for name in names if getattr(value, name) is not None}
    return RecurrenceTrigger.from_mapping({**given, **limits})
