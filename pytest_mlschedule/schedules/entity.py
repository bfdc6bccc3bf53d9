"""Schedules as ``az ml schedule show/list -o json`` prints them: snake case, jobs in the spelling of YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, Severity, error
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.schedules.entity_jobs import entity_job_data, read_entity_job
from pytest_mlschedule.schedules.frozen import freeze, thaw
from pytest_mlschedule.schedules.models import CreationContext, JobSchedule, Trigger
from pytest_mlschedule.schedules.names import find_name_problems
from pytest_mlschedule.schedules.reader import has_errors
from pytest_mlschedule.schedules.rest import read_context
from pytest_mlschedule.schedules.rest_fields import RestObject, check_depth
from pytest_mlschedule.schedules.rest_monitors import (
    import_to_rest,
    monitor_to_rest,
    read_import_definition,
    read_monitor_definition,
)
from pytest_mlschedule.schedules.rest_triggers import read_rest_trigger
from pytest_mlschedule.triggers.cron import CronTrigger

# What the client makes of imports from a source, and does not print of them.
_IMPORT_TYPES = {"database": "mltable", "file_system": "uri_folder"}
_UNPRINTED = ("is_anonymous", "is_archived")
_OTHER_ACTIONS = ("create_monitor", "import_data")
# How an enum of the SDK is printed by newer Pythons: ScheduleProvisioningStatus.SUCCEEDED
_ENUM = re.compile(r"[A-Za-z]+\.([A-Z][A-Z_]*)")


def schedule_from_entity(
    data: Mapping[str, Any], profile: ServiceProfile = DEFAULT_PROFILE
) -> tuple[JobSchedule | None, list[Diagnostic]]:
    """The schedule of one printed entity, and every problem; None when one is an error.

    Fields of the diagnostics count from the entity. ``is_enabled`` means what it says; times are wall clock in ``time_zone``,
    as the service shows them; unknown keys are ignored.
    """
    found = check_depth(data)
    if found:
        return None, found
    given = RestObject(data, found)
    name = given.text("name")
    if name is None and given.value("name") is None:
        given.report(error("MLS007", "the key 'name' is missing", "a schedule needs a name"), "name")
    for problem in find_name_problems(name) if name is not None else ():
        given.report(problem, "name")
    trigger = _read_trigger(given, profile)
    action = _read_action(given)
    fields = {
        "display_name": given.text("display_name"),
        "description": given.text("description"),
        "tags": given.data_map("tags") or None,
        "properties": given.text_map("properties") or None,
        "is_enabled": given.flag("is_enabled"),
        "provisioning_state": plain_word(given.text("provisioning_state")),
        "creation_context": _read_context(given),
        "id": given.text("id"),
    }
    if name is None or trigger is None or action is None or has_errors(found):
        return None, found
    known: dict[str, Any] = {key: value for key, value in fields.items() if value is not None}
    warnings = tuple(item for item in found if item.severity is not Severity.ERROR)
    return JobSchedule.model_construct(name=name, trigger=trigger, **action, **known, diagnostics=warnings), found


def plain_word(value: Any) -> Any:
    """The word of a printed enum member (``CreatedByType.USER`` → ``User``); anything else as it is."""
    match = _ENUM.fullmatch(value) if isinstance(value, str) else None
    return "".join(map(str.capitalize, match[1].split("_"))) if match else value


def _read_trigger(given: RestObject, profile: ServiceProfile) -> Trigger | None:
    trigger = given.value("trigger")
    if isinstance(trigger, Mapping):
        trigger = {key: plain_word(value) for key, value in trigger.items()}
    parent = RestObject({given.key("trigger"): trigger}, given.found, given.place)
    return read_rest_trigger(parent, profile, "type")


def _read_context(given: RestObject) -> CreationContext | None:
    if given.value("creation_context") is None:
        return None
    inner = given.inner("creation_context")
    words = {key: plain_word(value) for key, value in inner.data.items()}
    return read_context(RestObject(words, given.found, inner.place))


def _read_action(given: RestObject) -> dict[str, Any] | None:
    if given.value("create_job") is not None:
        job = read_entity_job(given)
        return None if job is None else {"create_job": job}
    for key in _OTHER_ACTIONS:
        if given.value(key) is not None:
            return {key: freeze(given.mapping(key))}
    hint = "a schedule has create_job, create_monitor or import_data"
    given.report(error("MLS007", "the key 'create_job' is missing", hint), "create_job")
    return None


def schedule_to_entity(schedule: JobSchedule) -> dict[str, Any]:
    """The schedule as ``az ml schedule show -o json`` prints it; what is not given is left out."""
    entity = {
        "name": schedule.name,
        "description": schedule.description,
        "tags": thaw(schedule.tags) or None,
        "display_name": schedule.display_name,
        "trigger": _trigger_data(schedule.trigger),
        "creation_context": context_data(schedule.creation_context),
        "is_enabled": schedule.is_enabled,
        "provisioning_state": schedule.provisioning_state,
        "properties": thaw(schedule.properties) or None,
        "create_job": entity_job_data(schedule.create_job),
        "create_monitor": _monitor_data(schedule),
        "import_data": _import_data(schedule),
        "action": thaw(schedule.action),
    }
    return {key: value for key, value in entity.items() if value is not None}


def _monitor_data(schedule: JobSchedule) -> dict[str, Any] | None:
    """The monitor as it comes back from the service: what the client adds to it included."""
    if schedule.create_monitor is None:
        return None
    sent = monitor_to_rest(schedule.create_monitor, schedule.trigger)
    data: dict[str, Any] = thaw(read_monitor_definition(sent))
    return data


def _import_data(schedule: JobSchedule) -> dict[str, Any] | None:
    """The import as the client reads it: of the type that fits its source, whatever the file says."""
    if schedule.import_data is None:
        return None
    data = thaw(read_import_definition(import_to_rest(schedule.import_data)))
    source = data.get("source")
    kind = source.get("type") if isinstance(source, dict) else None
    known = {"type": _IMPORT_TYPES[kind]} if isinstance(kind, str) and kind in _IMPORT_TYPES else {}
    return {key: item for key, item in (data | known).items() if key not in _UNPRINTED and item != {}}


def _trigger_data(trigger: Trigger) -> dict[str, Any]:
    data: dict[str, Any] = {
        "start_time": trigger.start_time,
        "end_time": trigger.end_time,
        "time_zone": trigger.time_zone,
    }
    if isinstance(trigger, CronTrigger):
        data |= {"type": "cron", "expression": trigger.expression}
    else:
        pattern: dict[str, Any] = {"hours": [], "minutes": []}
        if trigger.schedule is not None:
            found = {
                key: list(getattr(trigger.schedule, key)) for key in ("hours", "minutes", "week_days", "month_days")
            }
            pattern |= {key: value for key, value in found.items() if value}
        data |= {
            "type": "recurrence",
            "frequency": trigger.frequency,
            "interval": trigger.interval,
            "schedule": pattern,
        }
    return {key: value for key, value in data.items() if value is not None}


def context_data(context: CreationContext | None) -> dict[str, Any] | None:
    """Who created something and when, as it is printed."""
    if context is None:
        return None
    data = context.model_dump()
    times = {key: data[key].isoformat() for key in ("created_at", "last_modified_at") if data[key] is not None}
    return {key: value for key, value in (data | times).items() if value is not None}
