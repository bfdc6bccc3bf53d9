"""A plan as JSON data, and back. Every run is written resolved, so that any tool can read it.

The document::

    {"version": 1, "tzdata_version": "2026a", "created_at": null,
     "window": {"start": "2026-03-01T00:00:00Z", "end": "2026-04-01T00:00:00Z"},
     "schedules": {"nightly": {"time_zone": "Pacific Standard Time", "iana_zone": "America/Los_Angeles", "runs": 31,
                               "anchor_assumed": false, "notes": [], "experiment_name": "Default",
                               "settings": {}, "tags": {}, "compute": null}},
     "runs": [{"schedule": "nightly", "trigger_time": "2026-03-01T11:00:00Z", "local_time": "2026-03-01T03:00:00-08:00",
               "job_name": "nightly-...", "display_name": "nightly-20260301T110000Z", "inputs": {}, "outputs": {}}]}
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainValidator, ValidationError

from pytest_mlschedule.diagnostics import Diagnostic, Location, PathPart, Severity, error
from pytest_mlschedule.errors import DefinitionError, InstantRangeError
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.recorded import RecordedRun, RecordedSource, RecordedTimes
from pytest_mlschedule.planning.run import PlannedRun, ScheduleRuns
from pytest_mlschedule.schedules.fields import read_mapping
from pytest_mlschedule.schedules.frozen import FrozenDict, thaw
from pytest_mlschedule.schedules.problems import problems_of, refuse
from pytest_mlschedule.triggers.window import Window, to_epoch
from pytest_mlschedule.triggers.zones import iana_keys

VERSION = 1


def write_plan(plan: Plan) -> dict[str, Any]:
    """The whole document as plain data."""
    return {**write_head(plan), "runs": [write_run(run) for run in plan.runs]}


def write_head(plan: Plan) -> dict[str, Any]:
    """The document without its runs."""
    counts = plan.count_by_schedule()
    return {
        "version": VERSION,
        "tzdata_version": plan.tzdata_version,
        "created_at": None if plan.created_at is None else write_instant(plan.created_at),
        "window": {"start": write_instant(plan.start), "end": write_instant(plan.end)},
        "schedules": {part.source.schedule: _write_shared(part, counts[part.source.schedule]) for part in plan.parts},
    }


def write_run(run: PlannedRun) -> dict[str, Any]:
    """One entry of ``runs``: what a run has of its own."""
    return {
        "schedule": run.schedule,
        "trigger_time": write_instant(run.trigger_time),
        "local_time": run.local_time.isoformat(),
        "job_name": run.job_name,
        "display_name": run.display_name,
        "inputs": thaw(run.inputs),
        "outputs": thaw(run.outputs),
    }


def _write_shared(part: ScheduleRuns, count: int) -> dict[str, Any]:
    source = part.source
    return {
        "time_zone": part.time_zone,
        "iana_zone": source.zone_key,
        "runs": count,
        "anchor_assumed": part.anchor_assumed,
        "notes": [_write_note(note) for note in part.notes],
        "experiment_name": source.experiment_name,
        "settings": thaw(source.settings),
        "tags": thaw(source.tags),
        "compute": source.compute,
    }


def _write_note(note: Diagnostic) -> dict[str, Any]:
    place = note.location
    return {
        "code": note.code,
        "severity": note.severity.value,
        "message": note.message,
        "hint": note.hint,
        "field": list(note.field),
        "location": place and {"path": place.path, "line": place.line, "column": place.column},
    }


def write_instant(instant: datetime) -> str:
    """An aware datetime as documents write it: ISO, UTC, with Z."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_instant(value: Any) -> datetime:
    """The instant (aware, UTC) of a text in a document. Refuses, as a pydantic validator, what is none."""
    try:
        instant = datetime.fromisoformat(value)
        to_epoch(instant)
    except InstantRangeError as reason:
        raise refuse(error("MLS009", str(reason))) from None
    except (TypeError, ValueError):
        raise refuse(error("MLS009", f"{value!r} is not an instant", "write it like 2026-03-01T11:00:00Z")) from None
    return instant.astimezone(UTC)


def _read_run_time(value: Any) -> int:
    instant = read_instant(value)
    if instant.microsecond:
        raise refuse(error("MLS009", f"{value!r} has a fraction of a second; runs have whole seconds"))
    return to_epoch(instant)


def _check_version(value: Any) -> int:
    if value != VERSION:
        text = f"is a plan of version {value!r}; this release reads version {VERSION}"
        raise refuse(error("MLS009", text, "make the plan again"))
    return VERSION


def _check_zone(key: str) -> str:
    if key not in iana_keys():
        raise refuse(error("MLS009", f"{key!r} is no time zone of the installed tzdata"))
    return key


# Any, not datetime: pydantic cannot define a model with datetime while a test has frozen the clock.
_Instant = Annotated[Any, PlainValidator(read_instant)]
_Frozen = Annotated[FrozenDict[str, Any], PlainValidator(read_mapping)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, arbitrary_types_allowed=True)


class _Place(_Record):
    path: str
    line: int
    column: int


class _Note(_Record):
    code: str
    severity: Annotated[Severity, PlainValidator(lambda value: Severity(value))]
    message: str
    hint: str
    field: list[PathPart]
    location: _Place | None

    def restore(self) -> Diagnostic:
        found = Diagnostic(self.code, self.severity, self.message, self.hint, None, tuple(self.field))
        place = self.location
        return found if place is None else found.at(Location(place.path, place.line, place.column))


class _Shared(_Record):
    time_zone: str
    iana_zone: Annotated[str, AfterValidator(_check_zone)]
    runs: int
    anchor_assumed: bool
    notes: list[_Note]
    experiment_name: str
    settings: _Frozen
    tags: _Frozen
    compute: str | None


class _Run(_Record):
    schedule: str
    trigger_time: Annotated[int, PlainValidator(_read_run_time)]
    job_name: str
    display_name: str
    inputs: _Frozen
    outputs: _Frozen


class _Window(_Record):
    start: _Instant
    end: _Instant


class _Document(_Record):
    version: Annotated[int, PlainValidator(_check_version)]
    tzdata_version: str
    created_at: Annotated[Any, PlainValidator(lambda value: value and read_instant(value))]
    window: _Window
    schedules: dict[str, _Shared]
    runs: list[_Run]


def read_plan(data: Mapping[str, Any]) -> Plan:
    """The plan that a document holds. Raises DefinitionError with every problem when it holds none."""
    try:
        document = _Document.model_validate(data)
    except ValidationError as failure:
        raise DefinitionError(problems_of(failure, _Document.model_fields)) from None
    window = Window(document.window.start, document.window.end)
    _check_order(window)
    runs = _sort_runs(document, window)
    _check_counts(document, runs)
    parts = [_restore(name, shared, runs[name]) for name, shared in document.schedules.items()]
    return Plan(parts, window, created_at=document.created_at, tzdata_version=document.tzdata_version)


def _check_order(window: Window) -> None:
    """Raises DefinitionError for a window that ends before it starts."""
    if window.end < window.start:
        start, end = write_instant(window.start), write_instant(window.end)
        raise DefinitionError(
            [error("MLS009", f"the window ends at {end}, before it starts at {start}", "", ("window", "end"))]
        )


def _check_counts(document: _Document, runs: Mapping[str, Mapping[int, RecordedRun]]) -> None:
    """Raises DefinitionError where a schedule says another number of runs than there are."""
    found = []
    for name, shared in document.schedules.items():
        count = len(runs[name])
        if shared.runs != count:
            text = f"{name} says runs: {shared.runs}, and the document holds {count}"
            hint = "runs are missing or were added: make the plan again"
            found.append(error("MLS009", text, hint, ("schedules", name, "runs")))
    if found:
        raise DefinitionError(found)


def _sort_runs(document: _Document, window: Window) -> dict[str, dict[int, RecordedRun]]:
    """The runs of every schedule by epoch. Raises DefinitionError for runs that the document's head rules out."""
    start, end = window.epochs
    runs: dict[str, dict[int, RecordedRun]] = {name: {} for name in document.schedules}
    found = []
    for index, run in enumerate(document.runs):
        wrong = None
        if run.schedule not in runs:
            wrong = f"{run.schedule!r} is not one of the plan's schedules"
        elif not start <= run.trigger_time < end:
            wrong = "lies outside the plan's window"
        elif run.trigger_time in runs[run.schedule]:
            wrong = f"is given twice for {run.schedule}"
        if wrong:
            found.append(error("MLS009", f"the run {run.display_name!r} {wrong}", "", ("runs", index)))
        else:
            runs[run.schedule][run.trigger_time] = RecordedRun(run.job_name, run.display_name, run.inputs, run.outputs)
    if found:
        raise DefinitionError(found)
    return runs


def _restore(name: str, shared: _Shared, runs: Mapping[int, RecordedRun]) -> ScheduleRuns:
    source = RecordedSource(
        schedule=name,
        zone_key=shared.iana_zone,
        experiment_name=shared.experiment_name,
        settings=shared.settings,
        tags=shared.tags,
        compute=shared.compute,
        runs=runs,
    )
    notes = tuple(note.restore() for note in shared.notes)
    return ScheduleRuns(source, RecordedTimes(sorted(runs)), shared.time_zone, shared.anchor_assumed, notes)
