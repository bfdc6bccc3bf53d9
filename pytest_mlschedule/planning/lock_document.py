"""A lock as the text of a YAML file, and back. Sorted and without times of writing: what changes is what a schedule does.

The document::

    version: 1
    tzdata: 2026a
    window: {start: '2026-01-01T00:00:00Z', end: '2027-01-01T00:00:00Z'}
    schedules:
      nightly:
        time_zone: Pacific Standard Time
        runs:
          2026-01: 31
        next: ['2026-01-01T11:00:00Z']
        times: 9f2c44d0a1b2c3d4
        job:
          compute: cpu-cluster
          experiment_name: Default
          inputs: 44d0a1b2c3d49f2c
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError

from pytest_mlschedule.diagnostics import error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.planning.document import read_instant, write_instant
from pytest_mlschedule.planning.lock import Lock, LockEntry
from pytest_mlschedule.schedules.problems import problems_of, refuse
from pytest_mlschedule.schedules.source import Source, read_document
from pytest_mlschedule.triggers.window import Window

VERSION = 1
HEAD = """\
# What the schedules of this repository do. Written by `mlschedule lock`; review it as code, do not edit it.
# `mlschedule lock --check` fails when they would do something else.
"""


def write_lock(lock: Lock) -> str:
    """The text of the file."""
    data: dict[str, Any] = {
        "version": VERSION,
        "tzdata": lock.tzdata_version,
        "window": {"start": write_instant(lock.window.start), "end": write_instant(lock.window.end)},
        "schedules": {name: _write_entry(lock.schedules[name]) for name in sorted(lock.schedules)},
    }
    return HEAD + yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120)


def _write_entry(entry: LockEntry) -> dict[str, Any]:
    written: dict[str, Any] = {} if entry.enabled else {"enabled": False}
    written |= {"time_zone": entry.time_zone, "runs": dict(entry.runs), "next": list(entry.next), "times": entry.times}
    return {**written, "job": dict(entry.job)}


def _check_version(value: Any) -> int:
    if value != VERSION or isinstance(value, bool):
        text = f"is a lock of version {value!r}; this release reads version {VERSION}"
        raise refuse(error("MLS009", text, "write it again: mlschedule lock"))
    return VERSION


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class _Window(_Record):
    # Any, not datetime: pydantic cannot define a model with datetime while a test has frozen the clock.
    start: Annotated[Any, PlainValidator(read_instant)]
    end: Annotated[Any, PlainValidator(read_instant)]


class _Entry(_Record):
    enabled: bool = True
    time_zone: str
    runs: dict[str, int]
    next: list[str]
    times: str
    job: dict[str, str]


class _Document(_Record):
    version: Annotated[int, PlainValidator(_check_version)]
    tzdata: str
    window: _Window
    schedules: dict[str, _Entry]


def read_lock(source: Source) -> Lock:
    """The lock of a file. Raises DefinitionError with every problem and its place when it holds none."""
    document = read_document(source)
    try:
        read = _Document.model_validate(document.data)
    except ValidationError as failure:
        found = problems_of(failure, _Document.model_fields)
        raise DefinitionError([document.locate(item) for item in found]) from None
    start, end = read.window.start, read.window.end
    if end <= start:
        text = f"the window ends at {write_instant(end)}, not after it starts at {write_instant(start)}"
        raise DefinitionError([document.locate(error("MLS009", text, "", ("window", "end")))])
    entries = {name: _read_entry(entry) for name, entry in read.schedules.items()}
    places = {name: document.locate(error("MLS006", "", "", ("schedules", name))).location for name in entries}
    return Lock(
        Window(start, end), read.tzdata, entries, {name: place for name, place in places.items() if place is not None}
    )


def _read_entry(entry: _Entry) -> LockEntry:
    return LockEntry(entry.time_zone, entry.enabled, entry.runs, tuple(entry.next), entry.times, entry.job)


def default_window(now: datetime) -> Window:
    """The window of a new lock: twelve months from the first day of this month on (UTC)."""
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return Window(first, first.replace(year=first.year + 1))
