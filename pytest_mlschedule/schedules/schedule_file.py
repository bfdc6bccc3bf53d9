"""A schedule file as ``az ml schedule create --file`` takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, Severity, error, warning
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.schedules.actions import read_import, read_monitor
from pytest_mlschedule.schedules.create_job import read_create_job
from pytest_mlschedule.schedules.fields import AnyMap, Text, TextMap
from pytest_mlschedule.schedules.frozen import EMPTY
from pytest_mlschedule.schedules.macros import find_macro_problems
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule, Model, Trigger
from pytest_mlschedule.schedules.names import find_name_problems
from pytest_mlschedule.schedules.places import Places
from pytest_mlschedule.schedules.problems import closest, validate
from pytest_mlschedule.schedules.reader import Reader, has_errors, in_file_order, locate_all
from pytest_mlschedule.schedules.source import Document
from pytest_mlschedule.triggers.reading import read_trigger
from pytest_mlschedule.triggers.window import END_EPOCH, FIRST_EPOCH

_ACTIONS = ("create_job", "create_monitor", "import_data")
_HEADER_KEYS = ("name", "display_name", "description", "tags", "properties", "id")
_TOP_KEYS = ("trigger", *_ACTIONS, "name")
_TRIGGER_KEYS = ("end_time", "expression", "frequency", "interval", "schedule", "start_time", "time_zone", "timezone")
_JOB_KEYS = ("compute", "experiment_name", "inputs", "job", "jobs", "outputs", "settings")
_IGNORED = ("$schema", "is_enabled", "provisioning_state", "creation_context")


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
    located = in_file_order([*document.warnings, *_without_echoes([*locate_all(document, found), *problems])])
    if header is None or trigger is None or action is None or has_errors(located):
        return None, located
    warnings = tuple(item for item in located if item.severity is not Severity.ERROR)
    schedule = JobSchedule.model_construct(
        **{key: getattr(header, key) for key in header.model_fields_set if key != "id"},
        trigger=trigger,
        **action,
        source=document.name,
        diagnostics=warnings,
        places=Places(document),
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
    found = [_explain_key(item) for item in found]
    found += [error("MLS009", "null is not allowed here", "leave the key out", (key,)) for key in nulls]
    if data.get("is_enabled") is False:
        text = "is_enabled: false is ignored by az ml and the SDK: the schedule is created enabled (JB-10)"
        found.append(warning("MLS015", text, "disable it after it is created: az ml schedule disable", ("is_enabled",)))
    if isinstance(data.get("name"), str):
        found += [item.under("name") for item in find_name_problems(data["name"])]
    return header, found


def _explain_key(found: Diagnostic) -> Diagnostic:
    """For a key that is not known at the top: where it belongs, or which one is meant."""
    if found.code != "MLS006":
        return found
    key = str(found.field[-1])
    hint = closest(key, ("trigger", *_ACTIONS, *_HEADER_KEYS[:-1]))
    if key in _TRIGGER_KEYS:
        hint = "it belongs under trigger:"
    elif key in _JOB_KEYS:
        hint = "it belongs under create_job:"
    return replace(found, hint=hint)


def _without_echoes(found: list[Diagnostic]) -> list[Diagnostic]:
    """A misspelt key is one problem: that the right one is missing goes without saying."""
    meant = {name for item in found if item.code == "MLS006" for name in _TOP_KEYS if f"mean {name!r}" in item.hint}
    return [item for item in found if not (item.code == "MLS007" and item.field and item.field[0] in meant)]


def _read_trigger(data: Mapping[Any, Any], profile: ServiceProfile) -> tuple[Any, list[Diagnostic]]:
    if "trigger" not in data:
        return None, [
            error("MLS007", "the key 'trigger' is missing", "add trigger: with type cron or recurrence", ("trigger",))
        ]
    trigger, found = read_trigger(data["trigger"], profile=profile)
    said = [] if trigger is None or profile.start_time_offset == "dropped" else _find_dropped_offsets(trigger)
    return trigger, [item.under("trigger") for item in (*found, *said)]


def _find_dropped_offsets(trigger: Trigger) -> list[Diagnostic]:
    """ST-1: a UTC offset in a file means an instant here; the SDK and the CLI drop it, which moves the time."""
    found = []
    for name, written in (("start_time", trigger.start), ("end_time", trigger.end)):
        if written is None or written.offset is None:
            continue
        meant, sent = (written.instant(trigger.zone, policy) for policy in ("documented", "dropped"))
        if meant != sent and FIRST_EPOCH <= meant < END_EPOCH:
            ours, theirs = trigger.zone.wall(meant).isoformat(), written.wall.isoformat()
            text = (
                f"{written.text} is planned as {ours} {trigger.time_zone}; "
                f"az ml and the SDK drop its offset and send {theirs} (ST-1)"
            )
            found.append(warning("MLS307", text, f'write "{ours}", the wall clock in time_zone', (name,)))
    return found


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
