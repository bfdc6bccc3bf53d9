"""One job in any of the shapes that Azure's tools print, to a HistoricJob.

``az ml job list`` and ``show`` print entities in snake case; the REST API gives ARM resources in camel case with everything
under ``properties``; the run history service says ``runId`` and ``startTimeUtc``. Command jobs note their times in properties
(``StartTimeUtc``), pipeline jobs inside the JSON text ``azureml.pipelines.stages``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, PathPart, note
from pytest_mlschedule.errors import InstantRangeError
from pytest_mlschedule.history.job import HistoricJob, Place, Source
from pytest_mlschedule.schedules.entity import plain_word
from pytest_mlschedule.schedules.frozen import EMPTY, FrozenDict
from pytest_mlschedule.schedules.rest_fields import last_part
from pytest_mlschedule.triggers.window import to_epoch, to_epoch_floor
from pytest_mlschedule.triggers.wording import quote

# What only the inner object of an ARM resource has.
_ARM_KEYS = ("displayName", "jobType", "experimentName", "computeId")
_STAMPED = re.compile(r"([a-zA-Z0-9][a-zA-Z0-9_-]{0,254})-(\d{8}T\d{6})Z", re.ASCII)
_NAMED = re.compile(
    r"([a-zA-Z0-9][a-zA-Z0-9_-]{0,254})-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}", re.ASCII | re.IGNORECASE
)
_LENGTH = re.compile(r"(?:(\d{1,5})\.)?(\d{1,2}):(\d\d):(\d\d)(?:\.\d*)?", re.ASCII)
_STAGES = "azureml.pipelines.stages"
_START = ("starttimeutc", "starttime")
_END = ("endtimeutc", "endtime")
_NEVER = ("0001-01-01", "1970-01-01T00:00:00", "1970-01-01 00:00:00")
"""What .NET and Unix write for no date."""

Found = list[Diagnostic]


def read_job(data: Mapping[str, Any], place: Place) -> tuple[HistoricJob, Found]:
    """The job of one object, and notes about times that cannot be read; their fields count from the object."""
    body = _body(data)
    properties = _mapping(body, "properties")
    found: Found = []
    name, display_name = _text(data, "runId", "name"), _text(body, "display_name", "displayName")
    source = _read_source(properties)
    schedule, trigger_time = read_stamp(display_name)
    maker = _text(properties, "azureml.genericTriggerName")
    if maker is not None and last_part(maker) != schedule:
        schedule, trigger_time = last_part(maker), None
    elif schedule is None and source == "schedule":
        schedule = _read_maker(name)
    started, ended = _read_span(body, properties, found)
    job = HistoricJob(
        name=name,
        display_name=display_name,
        schedule=schedule,
        trigger_time=trigger_time,
        created=_read_creation(data, found),
        started=started,
        ended=ended,
        status=plain_word(_text(body, "status")),
        compute=_read_compute(body, properties),
        experiment=_text(body, "experiment_name", "experimentName"),
        inputs=_read_inputs(body, properties),
        source=source,
        place=place,
    )
    return job, found


def _body(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where the job itself is described: under ``properties`` of an ARM resource, else in the object."""
    inner = data.get("properties")
    return inner if isinstance(inner, dict) and any(key in inner for key in _ARM_KEYS) else data


def read_stamp(display_name: str | None) -> tuple[str, int] | tuple[None, None]:
    """Schedule and trigger time of a display name ``<schedule>-YYYYMMDDThhmmssZ``; the stamp is the last of its length (JB-1)."""
    match = None if display_name is None else _STAMPED.fullmatch(display_name)
    if match is None:
        return None, None
    name, stamp = match.groups()
    numbers = stamp[:4], stamp[4:6], stamp[6:8], stamp[9:11], stamp[11:13], stamp[13:]
    try:
        year, month, day, hour, minute, second = map(int, numbers)
        return name, to_epoch(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
    except ValueError:  # InstantRangeError is one
        return None, None


def _read_maker(name: str | None) -> str | None:
    """The schedule that a triggered job is named after: ``<schedule>-<guid>`` (JB-2)."""
    match = None if name is None else _NAMED.fullmatch(name)
    return None if match is None else match[1]


def _read_source(properties: Mapping[str, Any]) -> Source | None:
    """Who submitted the job: a schedule says so in ``runSource``; everything else is somebody's."""
    source = _text(properties, "runSource")
    lineage = _text(properties, "azureml.runLineageType")
    if source is None and lineage is None:
        return None
    return "schedule" if source == "Schedule" or lineage == "genericTrigger" else "user"


def _read_creation(data: Mapping[str, Any], found: Found) -> int | None:
    for key in ("creation_context", "creationContext", "systemData", "system_data"):
        context = _mapping(data, key)
        for name in ("created_at", "createdAt"):
            if name in context:
                return _read_time(context[name], (key, name), found)
    return _read_time(data.get("createdUtc"), ("createdUtc",), found)


def _read_span(body: Mapping[str, Any], properties: Mapping[str, Any], found: Found) -> tuple[int | None, int | None]:
    """Start and end. An end that is missing follows from ``Duration`` where that is given."""
    started = ended = None
    for where in (properties, _read_stages(properties), body):
        if started is None:
            started = _read_named(where, _START, found)
        if ended is None:
            ended = _read_named(where, _END, found)
    if started is not None and ended is None:
        length = _read_length(_text(properties, "Duration"))
        ended = None if length is None else started + length
    if started is not None and ended is not None and ended < started:
        found.append(note("MLS009", "the job ended before it started: how long it took is not known"))
    return started, ended


def _read_named(where: Mapping[str, Any], names: tuple[str, ...], found: Found) -> int | None:
    """The time under a key, however the tool spells it: ``StartTimeUtc``, ``startTimeUtc``, ``start_time``."""
    for key, value in where.items():
        if key.replace("_", "").lower() in names and value:
            return _read_time(value, (key,), found)
    return None


def _read_stages(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    return _mapping(_json_object(properties.get(_STAGES)), "Execution")


def _read_length(text: str | None) -> int | None:
    """The seconds of ``00:05:37.4937`` or ``1.02:00:00``, fractions cut."""
    match = None if text is None else _LENGTH.fullmatch(text)
    if match is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _read_time(value: Any, field: tuple[PathPart, ...], found: Found) -> int | None:
    """The epoch of an ISO text, without an offset UTC; None for no time. What cannot be read is noted."""
    if value is None or value == "" or (isinstance(value, str) and value.startswith(_NEVER)):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return to_epoch_floor(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)
    except (TypeError, ValueError, OverflowError) as reason:
        years = " (the years 1970 to 2200 are supported)" if isinstance(reason, InstantRangeError) else ""
        found.append(note("MLS009", f"{quote(value)} is not a time{years}; it counts as not given", "", field))
        return None


def _read_compute(body: Mapping[str, Any], properties: Mapping[str, Any]) -> str | None:
    target = body.get("compute")
    where = target if isinstance(target, dict) else body
    text = (
        _text(where, "compute", "computeId", "target")
        or _text(_mapping(body, "settings"), "default_compute", "defaultCompute")
        or _text(properties, "azureml.defaultComputeName")
    )
    return last_part(text) if text else None


def _read_inputs(body: Mapping[str, Any], properties: Mapping[str, Any]) -> Mapping[str, str]:
    """Texts by name: what the job shows, and over it what the service resolved; a triggered job shows nothing itself."""
    shown = dict(_read_values(_mapping(body, "inputs")))
    shown.update(_read_values(_json_object(properties.get("azureml.parameters"))))
    return FrozenDict(shown) if shown else EMPTY


def _read_values(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        text = value
        if isinstance(value, dict):
            text = next((value[key] for key in ("value", "path", "uri") if value.get(key) is not None), None)
        if isinstance(text, str):
            yield clean_text(name), clean_text(text)
        elif isinstance(text, int | float):
            yield clean_text(name), str(text).lower() if isinstance(text, bool) else str(text)


def _json_object(text: Any) -> Mapping[str, Any]:
    """The object of a JSON text; empty for anything else."""
    if isinstance(text, dict):
        return text
    if not isinstance(text, str):
        return EMPTY
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return EMPTY
    return value if isinstance(value, dict) else EMPTY


def _mapping(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else EMPTY


def _text(data: Mapping[str, Any], *keys: str) -> str | None:
    """The first text that is not empty under one of the keys."""
    for key in keys:
        value = data.get(key)
        if isinstance(value, str) and value:
            return clean_text(value)
    return None


def clean_text(text: str) -> str:
    """A text that can be written: halves of characters, which JSON can escape, become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
