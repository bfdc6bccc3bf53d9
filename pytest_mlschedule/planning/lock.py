"""What schedules do, small enough to commit: counts, next runs, digests of every occurrence and of the job.

A lock is made of a plan. Two locks of one window tell whether behaviour changed, and what of it. Months are of UTC.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, Location, error
from pytest_mlschedule.planning.diff_fields import action_values
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.run import ScheduleRuns
from pytest_mlschedule.schedules.frozen import thaw
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.triggers.months import months_of
from pytest_mlschedule.triggers.window import Window, from_epoch

SHOWN_RUNS = 3
DIGEST_LENGTH = 16
_ACTIONS = ("create_monitor", "import_data", "action")
_OTHERWISE_SAID = ("create_job", *_ACTIONS)
_SHARED = ("inputs", "outputs", "settings", "tags")
_SHOWN_MONTHS = 4
_EDITED = "the runs that the lock file shows are not those that it was made of: it was edited"
_SAMPLE = 946_684_800  # 2000-01-01T00:00:00Z


@dataclass(frozen=True, slots=True)
class LockEntry:
    """One schedule: runs a month ("2026-03"), the first instants, a digest of all of them, and what its jobs are.

    ``job``: texts (compute, experiment_name, job: a reference to the workspace) and digests (inputs, outputs, steps …) by name.
    """

    time_zone: str
    enabled: bool
    runs: Mapping[str, int]
    next: tuple[str, ...]
    times: str
    job: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Lock:
    """The schedules of a plan by name, its window, and the version of the zone data it was made with (semantics TZ-3)."""

    window: Window
    tzdata_version: str
    schedules: Mapping[str, LockEntry]
    places: Mapping[str, Location] = field(default_factory=dict, compare=False)
    """Where a schedule stands in the file that the lock was read from."""


def make_lock(plan: Plan) -> Lock:
    """The lock of a plan that ``plan_runs`` made."""
    entries = {part.source.schedule: _make_entry(part, plan.window) for part in plan.parts}
    return Lock(plan.window, plan.tzdata_version, entries)


def _make_entry(part: ScheduleRuns, window: Window) -> LockEntry:
    start, end = window.epochs
    epochs = part.occurrences.epochs_between(start, end)
    text = ",".join(map(str, epochs))
    schedule = part.definition
    assert schedule is not None, "a lock is made of what plan_runs planned"
    return LockEntry(
        time_zone=part.time_zone,
        enabled=schedule.is_enabled,
        runs={
            month: part.occurrences.count_between(max(first, start), min(last, end))
            for month, first, last in months_of(window)
        },
        next=tuple(f"{from_epoch(epoch):%Y-%m-%dT%H:%M:%SZ}" for epoch in epochs[:SHOWN_RUNS]),
        times=_digest(text),
        job=_describe_job(part, schedule),
    )


def _describe_job(part: ScheduleRuns, schedule: JobSchedule) -> dict[str, str]:
    """What a job would be made of. Macros are hashed as they read at one instant, which no trigger can change."""
    source = part.source
    described = {"experiment_name": source.experiment_name}
    if source.compute is not None:
        described["compute"] = source.compute
    values = _as_texts(source.inputs(_SAMPLE)), source.outputs(_SAMPLE), source.settings, source.tags
    described |= {name: _digest(_canonical(value)) for name, value in zip(_SHARED, values, strict=True) if value}
    described.update(_describe_rest(schedule, getattr(source, "job", None)))
    return dict(sorted(described.items()))


def _describe_rest(schedule: JobSchedule, job: JobDefinition | None) -> Iterator[tuple[str, str]]:
    """What is not said by every run: the reference, the steps, other actions."""
    if isinstance(schedule.create_job, str):
        yield "job", schedule.create_job
    elif schedule.create_job is not None and schedule.create_job.id is not None:
        yield "job", schedule.create_job.id
    if job is not None:
        rest = {name: value for name, value in action_values(schedule, job).items() if name not in _OTHERWISE_SAID}
        yield "content", _digest(_canonical(rest))
    for name in _ACTIONS:
        value = getattr(schedule, name)
        if value is not None:
            yield name, _digest(_canonical(value))


def _as_texts(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Literals as the texts that they are on the wire (semantics JB-4)."""
    return {name: str(value) if isinstance(value, int | float) else value for name, value in inputs.items()}


def _canonical(value: Any) -> str:
    return json.dumps(thaw(value), sort_keys=True, default=str, ensure_ascii=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def compare_locks(locked: Lock, actual: Lock) -> Iterator[tuple[str, Diagnostic]]:
    """What ``actual`` does otherwise than ``locked`` says: schedule and problem (MLS801 to MLS803), sorted by schedule."""
    for name in sorted({*locked.schedules, *actual.schedules}):
        before, after = locked.schedules.get(name), actual.schedules.get(name)
        if before is None:
            hint = "if that is meant: mlschedule lock, and commit the file"
            yield name, error("MLS802", f"{name} is not in the lock file", hint, ("name",))
        elif after is None:
            hint = "if it is gone for good: mlschedule lock, and commit the file"
            yield name, error("MLS803", f"{name} is locked, and no file has it", hint).at(locked.places.get(name))
        elif replace(before, time_zone=after.time_zone) != after:  # a zone whose clock shows the same changes nothing
            changes = "; ".join(_tell_changes(before, after)) or _EDITED
            zone = _tell_zone_data(locked, actual)
            hint = "if that is meant: mlschedule lock, and commit the file; mlschedule diff shows it in full"
            about = "trigger" if before.times != after.times or before.enabled != after.enabled else "create_job"
            yield name, error("MLS801", f"{name} behaves otherwise than locked: {changes}{zone}", hint, (about,))


def _tell_zone_data(locked: Lock, actual: Lock) -> str:
    if locked.tzdata_version == actual.tzdata_version:
        return ""
    return f" (locked with tzdata {locked.tzdata_version}, this is {actual.tzdata_version})"


def _tell_changes(before: LockEntry, after: LockEntry) -> Iterator[str]:
    if before.enabled != after.enabled:
        yield "enabled" if after.enabled else "disabled"
    if before.time_zone != after.time_zone:
        yield f"time_zone {before.time_zone} → {after.time_zone}"
    if before.times != after.times:
        yield _tell_runs(before, after)
    for name in sorted({*before.job, *after.job}):
        old, new = before.job.get(name), after.job.get(name)
        if old == new:
            continue
        if name in ("compute", "experiment_name", "job"):
            yield f"{name} {old or '(none)'} → {new or '(none)'}"
        else:
            yield f"{name} changed"


def _tell_runs(before: LockEntry, after: LockEntry) -> str:
    months = [
        f"{month} {before.runs.get(month, 0)} → {after.runs.get(month, 0)}"
        for month in sorted({*before.runs, *after.runs})
        if before.runs.get(month, 0) != after.runs.get(month, 0)
    ]
    if months:
        old, new = sum(before.runs.values()), sum(after.runs.values())
        more = f", and {len(months) - _SHOWN_MONTHS} more months" if len(months) > _SHOWN_MONTHS else ""
        return f"runs {old} → {new} ({', '.join(months[:_SHOWN_MONTHS])}{more})"
    pairs = [f"{old} → {new}" for old, new in zip(before.next, after.next, strict=False) if old != new]
    return f"as many runs at other times ({pairs[0]})" if pairs else "as many runs, some at other times"
