"""Telling the forms of schedules apart: a schedule file, JSON of the REST API, exports of the CLI, ARM templates."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, PathPart, error
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.schedules.files import Files
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.schedules.places import Places
from pytest_mlschedule.schedules.problems import describe
from pytest_mlschedule.schedules.reader import Reader, has_errors, locate_all
from pytest_mlschedule.schedules.schedule_file import read_schedule_file
from pytest_mlschedule.schedules.source import Document

ACTIONS = ("create_job", "create_monitor", "import_data")


_TRIGGER_KEYS = {"cron": "expression", "recurrence": "frequency"}
# Of a text that cannot be read: a name, and the block of a trigger that says its kind. Go templates (Helm) are others'.
_NAME_LINE = re.compile(rb"^name[ \t]*:", re.MULTILINE)
_TRIGGER_BLOCK = re.compile(
    rb"""^trigger[ \t]*:(?:[ \t]*\{|[ \t]*(?:\#[^\n]*)?\n(?:[ \t]+[^\n]*\n)*?[ \t]+)"""
    rb"""(?:type[ \t]*:[ \t]*["']?(?:cron|recurrence)\b|(?:expression|frequency)[ \t]*:)""",
    re.IGNORECASE | re.MULTILINE,
)
_GO_TEMPLATE = re.compile(rb"\{\{-|\{\{ *(?:\.|include|if|range|end)\b")


def is_schedule(data: Any) -> bool:
    """Whether a document found in a directory is meant as a schedule (or several): complete, or short of one of its parts."""
    if isinstance(data, list):
        return bool(data) and all(_is_export(item) for item in data)
    if not isinstance(data, Mapping):
        return False
    schema = data.get("$schema")
    if isinstance(schema, str) and "schedule.schema.json" in schema.lower():
        return True
    if "trigger" in data and any(key in data for key in ACTIONS):
        return True
    if "name" in data and any(_means_trigger(key, value) for key, value in data.items()):
        return True
    if _names_job(data.get("create_job")):
        return True
    return _is_export(data) or _is_listing(data) or (_is_template(data) and any(_find_resources(data)))


def _means_trigger(key: object, value: Any) -> bool:
    """Not every ``trigger`` is one of a schedule: others have theirs, without these two keys. ``triggers`` is a slip."""
    if not isinstance(value, Mapping) or not difflib.get_close_matches(str(key).lower(), ["trigger"], 1, 0.8):
        return False
    needed = _TRIGGER_KEYS.get(str(value.get("type")).lower())
    return needed is not None and needed in value


def _names_job(value: Any) -> bool:
    text = value.get("job") if isinstance(value, Mapping) else value
    return isinstance(text, str) and (text.startswith("azureml:") or text.endswith((".yml", ".yaml")))


def looks_like_schedule(path: Path, files: Files) -> bool:
    """Whether a file that cannot be read is worth a complaint when nobody named it: its first bytes speak of a trigger and of
    its kind or of an action, or nobody may look at them."""
    try:
        head = files.read(os.fspath(path), 1 << 16)
    except PermissionError:
        return True
    except OSError:
        return False
    if any(action.encode() in head for action in ACTIONS):
        return b"trigger" in head
    head = head.replace(b"\r\n", b"\n")
    return bool(_NAME_LINE.search(head) and _TRIGGER_BLOCK.search(head) and not _GO_TEMPLATE.search(head))


def read_schedules(
    document: Document, reader: Reader, profile: ServiceProfile
) -> tuple[list[JobSchedule], list[Diagnostic]]:
    """The schedules of a document, and all problems with their places."""
    data = document.data
    if document.format != "yaml":
        parts = _parts(data)
        if parts is not None:
            return _read_parts(document, parts, profile)
        if isinstance(data, Mapping) and _is_template(data):
            resources, found = _find_resources(data)
            return _read_parts(document, resources, profile, found)
    if not isinstance(data, Mapping):
        what = "the document is empty" if data is None else f"a schedule is a mapping, not {describe(data)}"
        hint = "a schedule has name, trigger and create_job"
        return [], locate_all(document, [error("MLS008", what, hint)])
    schedule, found = read_schedule_file(document, reader, profile)
    return ([] if schedule is None else [schedule]), found


Part = tuple[tuple[PathPart, ...], Mapping[str, Any]]


def _parts(data: Any) -> list[Part] | None:
    if isinstance(data, list) and data and all(isinstance(item, Mapping) for item in data):
        return [((index,), item) for index, item in enumerate(data)]
    if isinstance(data, Mapping) and _is_listing(data):
        return [(("value", index), item) for index, item in enumerate(data["value"])]
    if _is_export(data):
        return [((), data)]
    return None


def _read_parts(
    document: Document, parts: list[Part], profile: ServiceProfile, said: Iterable[Diagnostic] = ()
) -> tuple[list[JobSchedule], list[Diagnostic]]:
    """``said``: what is known about the parts before they are read."""
    schedules: list[JobSchedule] = []
    before = locate_all(document, said)
    found: list[Diagnostic] = [*document.warnings, *before]
    for path, part in parts:
        schedule, problems = _read_part(part, profile)
        located = locate_all(document, problems, *path)
        found += located
        located = [item for item in before if item.field[: len(path)] == path] + located
        if schedule is not None and not has_errors(located):
            origin = {"source": document.name, "places": Places(document, path)}
            schedules.append(schedule.replace(diagnostics=(*document.warnings, *located), **origin))
    return schedules, found


# The readers of JSON are imported when there is JSON: most loads are of YAML, and imports are half of a cold start.


def _read_part(part: Mapping[str, Any], profile: ServiceProfile) -> tuple[JobSchedule | None, list[Diagnostic]]:
    if "properties" in part and "trigger" not in part:
        from pytest_mlschedule.schedules.rest import schedule_from_rest

        return schedule_from_rest(part, profile)
    from pytest_mlschedule.schedules.entity import schedule_from_entity

    return schedule_from_entity(part, profile)


def _find_resources(template: Mapping[str, Any]) -> tuple[list[Part], list[Diagnostic]]:
    from pytest_mlschedule.schedules.arm_template import find_schedule_resources

    return find_schedule_resources(template)


def _is_export(data: Any) -> bool:
    """A schedule as the REST API or ``az ml schedule show -o json`` gives it."""
    if not isinstance(data, Mapping):
        return False
    properties = data.get("properties")
    if isinstance(properties, Mapping) and isinstance(properties.get("trigger"), Mapping) and "trigger" not in data:
        return True
    return isinstance(data.get("trigger"), Mapping) and ("provisioning_state" in data or "creation_context" in data)


def _is_listing(data: Mapping[str, Any]) -> bool:
    items = data.get("value")
    return isinstance(items, list) and bool(items) and all(_is_export(item) for item in items)


def _is_template(data: Mapping[str, Any]) -> bool:
    return isinstance(data.get("resources"), list | Mapping) and "trigger" not in data
