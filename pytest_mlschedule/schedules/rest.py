"""Schedules between the REST API (``az rest``, ARM and Bicep templates, the client's wire) and ours: one place, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, Severity, error
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.schedules.frozen import thaw
from pytest_mlschedule.schedules.models import CreationContext, JobSchedule
from pytest_mlschedule.schedules.names import find_name_problems
from pytest_mlschedule.schedules.reader import has_errors
from pytest_mlschedule.schedules.rest_actions import action_to_rest, read_rest_action
from pytest_mlschedule.schedules.rest_fields import RestObject, check_depth, last_part
from pytest_mlschedule.schedules.rest_jobs import job_from_rest, job_to_rest
from pytest_mlschedule.schedules.rest_triggers import read_rest_trigger, trigger_to_rest

RESOURCE_TYPE = "Microsoft.MachineLearningServices/workspaces/schedules"


def schedule_from_rest(
    resource: Mapping[str, Any], profile: ServiceProfile = DEFAULT_PROFILE
) -> tuple[JobSchedule | None, list[Diagnostic]]:
    """The schedule of a resource as the REST API takes and answers it, and every problem; None when one is an error.

    Fields of the diagnostics count from the resource: ``("properties", "trigger", "expression")``. The name may be that of
    an ARM child resource (``workspace/name``) or stand in ``id`` alone. Keys and words are taken in any case, null is the
    same as absent, keys that nobody knows are ignored: services add keys. ``isEnabled`` means what it says.
    """
    found = check_depth(resource)
    if found:
        return None, found
    outer = RestObject(resource, found)
    name = _read_name(outer)
    given = outer.inner("properties")
    if outer.value("properties") is None:
        outer.report(
            error("MLS007", "the key 'properties' is missing", "a schedule has properties.trigger and .action"),
            "properties",
        )
        return None, found
    trigger = read_rest_trigger(given, profile)
    action = read_rest_action(given)
    fields = {
        "display_name": given.text("displayName"),
        "description": given.text("description"),
        "tags": given.data_map("tags") or None,
        "properties": given.text_map("properties") or None,
        "is_enabled": given.flag("isEnabled"),
        "provisioning_state": given.text("provisioningState"),
        "creation_context": None if outer.value("systemData") is None else read_context(outer.inner("systemData")),
        "id": outer.text("id"),
    }
    if name is None or trigger is None or action is None or has_errors(found):
        return None, found
    known: dict[str, Any] = {key: value for key, value in fields.items() if value is not None}
    warnings = tuple(item for item in found if item.severity is not Severity.ERROR)
    return JobSchedule.model_construct(name=name, trigger=trigger, **action, **known, diagnostics=warnings), found


def _read_name(outer: RestObject) -> str | None:
    source = "name" if outer.value("name") is not None else "id"
    text = outer.text(source)
    if text is None:
        if outer.value(source) is None:
            outer.report(error("MLS007", "the key 'name' is missing", "a schedule needs a name"), "name")
        return None
    name = last_part(text)
    for problem in find_name_problems(name):
        outer.report(problem, source)
    return name


def read_context(given: RestObject) -> CreationContext:
    """Who created a resource, and when: ``systemData``, or the same in snake case."""
    return CreationContext.model_construct(
        created_at=given.instant("createdAt"),
        created_by=given.text("createdBy"),
        created_by_type=given.text("createdByType"),
        last_modified_at=given.instant("lastModifiedAt"),
        last_modified_by=given.text("lastModifiedBy"),
        last_modified_by_type=given.text("lastModifiedByType"),
    )


def schedule_to_rest(schedule: JobSchedule) -> dict[str, Any]:
    """The whole resource as the service answers it, filled up with null (recorded).

    Literal inputs are text; times stand as they were given; a trigger without a pattern has ``schedule`` null.
    """
    return {
        "id": schedule.id,
        "name": schedule.name,
        "type": RESOURCE_TYPE,
        "properties": {
            "description": schedule.description,
            "properties": thaw(schedule.properties),
            "tags": thaw(schedule.tags),
            "displayName": schedule.display_name,
            "isEnabled": schedule.is_enabled,
            "provisioningState": schedule.provisioning_state,
            "trigger": trigger_to_rest(schedule.trigger),
            "action": action_to_rest(schedule),
        },
        "systemData": _context_to_rest(schedule.creation_context),
    }


def _context_to_rest(context: CreationContext | None) -> dict[str, Any] | None:
    if context is None:
        return None
    return {
        "createdAt": _instant_text(context.created_at),
        "createdBy": context.created_by,
        "createdByType": context.created_by_type,
        "lastModifiedAt": _instant_text(context.last_modified_at),
        "lastModifiedBy": context.last_modified_by,
        "lastModifiedByType": context.last_modified_by_type,
    }


def _instant_text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


__all__ = ["RESOURCE_TYPE", "job_from_rest", "job_to_rest", "read_context", "schedule_from_rest", "schedule_to_rest"]
