"""A schedule file as ``az ml schedule create --file`` takes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, Severity, error, warning
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.schedules.actions import read_import, read_monitor
from pytest_mlschedule.schedules.create_job import read_create_job
from pytest_mlschedule.schedules.fields import AnyMap, Text, TextMap
from pytest_mlschedule.schedules.frozen import EMPTY
from pytest_mlschedule.schedules.macros import find_macro_problems
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule, Model
from pytest_mlschedule.schedules.problems import validate
from pytest_mlschedule.schedules.reader import Reader, has_errors, in_file_order, locate_all
from pytest_mlschedule.schedules.source import Document
from pytest_mlschedule.triggers.reading import read_trigger

_ACTIONS = ("create_job", "create_monitor", "import_data")
_HEADER_KEYS = ("name", "display_name", "description", "tags", "properties", "id")
_IGNORED = ("$schema", "is_enabled", "provisioning_state", "creation_context")
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}")
_STAMP_LENGTH = len("-YYYYMMDDThhmmssZ")
_DISPLAY_NAME_LIMIT = 256


class _Header(Model):
    """What a schedule file says besides its trigger and its action."""

    name: Text
    display_name: Text = None
    description: Text = None
    tags: AnyMap = EMPTY
    properties: TextMap = EMPTY
    id: Text = None


def read_schedule_file(
    document: Document, reader: Reader, profile: ServiceProfile
) -> tuple[JobSchedule | None, list[Diagnostic]]:
    """The schedule of a YAML (or JSON) file, and all its problems with their places, in file order."""
    data = document.data
    wrong_kind = _not_a_schedule(data)
    if wrong_kind:
        return None, locate_all(document, [wrong_kind])
    header, found = _read_header(data)
    trigger, problems = _read_trigger(data, profile)
    found += problems
    action, problems = _read_action(data, document, reader)
    located = in_file_order([*document.warnings, *locate_all(document, found), *problems])
    if header is None or trigger is None or action is None or has_errors(located):
        return None, located
    warnings = tuple(item for item in located if item.severity is not Severity.ERROR)
    schedule = JobSchedule.model_construct(
        **{key: getattr(header, key) for key in header.model_fields_set if key != "id"},
        trigger=trigger,
        **action,
        source=document.name,
        diagnostics=warnings,
    )
    return schedule, located


def _not_a_schedule(data: Mapping[Any, Any]) -> Diagnostic | None:
    """A job file where a schedule is expected: the documentation's own ``create --file simple-pipeline-job.yml`` (JB-8)."""
    if "trigger" in data or any(key in data for key in _ACTIONS):
        return None
    schema = str(data.get("$schema", ""))
    is_job = isinstance(data.get("jobs"), Mapping) or data.get("type") in ("pipeline", "command", "spark", "sweep")
    if is_job or "Job.schema.json" in schema:
        hint = "pass the schedule file whose create_job names this job"
        return error("MLS010", "this is a job, not a schedule: it has no trigger and no create_job", hint)
    return None


def _read_header(data: Mapping[Any, Any]) -> tuple[_Header | None, list[Diagnostic]]:
    given = {
        key: value
        for key, value in data.items()
        if key not in ("trigger", *_ACTIONS) and (key not in _IGNORED or value is None)
    }
    nulls = [key for key in _IGNORED if key in given]
    known = {key: value for key, value in given.items() if key not in nulls}
    header, found = validate(_Header, known, _HEADER_KEYS)
    found = [_name_the_key(item, data) for item in found]
    found += [error("MLS009", "null is not allowed here", "leave the key out", (key,)) for key in nulls]
    if isinstance(data.get("name"), str):
        found += _name_problems(data["name"])
    if "import_data" in data and header is not None:
        bad = [key for key, value in header.tags.items() if not isinstance(value, str | None)]
        found += [
            error("MLS008", "must be text for a schedule of import_data", "quote it", ("tags", key)) for key in bad
        ]
    return header, found


def _name_the_key(found: Diagnostic, data: Mapping[Any, Any]) -> Diagnostic:
    if found.code == "MLS006" and found.field[-1] in (
        "timezone",
        "time_zone",
        "start_time",
        "end_time",
        "frequency",
        "expression",
        "interval",
    ):
        return error(found.code, found.message, "it belongs under trigger:", found.field)
    if found.code == "MLS006" and found.field[-1] in ("inputs", "outputs", "settings", "experiment_name", "job"):
        return error(found.code, found.message, "it belongs under create_job:", found.field)
    return found


def _name_problems(name: str) -> list[Diagnostic]:
    if not _NAME.fullmatch(name):
        rule = "1 to 255 letters, digits, - and _, starting with a letter or digit (JB-11)"
        text = f"{name[:60]!r} is not a name of a schedule: {rule}"
        fixed = re.sub(r"[^a-zA-Z0-9_-]+", "-", name).strip("-_")[:200]
        return [error("MLS501", text, f"for example {fixed}" if fixed else "", ("name",))]
    if len(name) + _STAMP_LENGTH > _DISPLAY_NAME_LIMIT:
        text = f"with {len(name)} characters the display name of its jobs is over {_DISPLAY_NAME_LIMIT} (JB-11)"
        return [warning("MLS502", text, f"keep it within {_DISPLAY_NAME_LIMIT - _STAMP_LENGTH} characters", ("name",))]
    return []


def _read_trigger(data: Mapping[Any, Any], profile: ServiceProfile) -> tuple[Any, list[Diagnostic]]:
    if "trigger" not in data:
        return None, [
            error("MLS007", "the key 'trigger' is missing", "add trigger: with type cron or recurrence", ("trigger",))
        ]
    trigger, found = read_trigger(data["trigger"], profile=profile)
    return trigger, [item.under("trigger") for item in found]


def _read_action(
    data: Mapping[Any, Any], document: Document, reader: Reader
) -> tuple[dict[str, Any] | None, list[Diagnostic]]:
    given = [key for key in _ACTIONS if key in data]
    if not given:
        text = "the key 'create_job' is missing"
        return None, locate_all(
            document, [error("MLS007", text, "add create_job: ./pipeline.yml or azureml:<job name>", ("create_job",))]
        )
    if len(given) > 1:
        text = f"{' and '.join(given)} exclude one another: a schedule has one action"
        return None, locate_all(document, [error("MLS009", text, "keep one of them", (given[1],))])
    key = given[0]
    if key == "create_job":
        job, found = read_create_job(data[key], document, reader)
        located = locate_all(document, found, "create_job")
        if isinstance(job, JobDefinition):
            located += _macro_warnings(job, document, reader)
        return (None if job is None else {key: job}), located
    read = read_monitor if key == "create_monitor" else read_import
    value, found = read(data[key], document, reader)
    return (None if value is None else {key: value}), locate_all(document, found, key)


def _macro_warnings(job: JobDefinition, document: Document, reader: Reader) -> list[Diagnostic]:
    """Placed in the schedule where an override says it, else in the job's own file."""
    located = []
    for item in find_macro_problems(job):
        inner = item.under("create_job")
        if document.has(inner.field) or job.path is None:
            located.append(document.locate(inner))
        else:
            located.append(reader.document(job.path, str(job.path)).locate(item))
    return located
