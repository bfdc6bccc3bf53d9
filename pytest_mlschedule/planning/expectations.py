"""What a team expects of a schedule, written beside its file: ``nightly.expect.yml`` for ``nightly.yml``.

The file::

    expect:
      between: ["2026-03-01", "2026-04-01"]
      count: 31
      first: "2026-03-01T11:00:00Z"
      inputs: {run_date: "${{creation_context.trigger_time}}"}

Several expectations are a list under ``expect``. Times without an offset are UTC, or wall clock of ``zone``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError

from pytest_mlschedule.diagnostics import Diagnostic, PathPart, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.planning.equality import same_value
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.run import PlannedRun
from pytest_mlschedule.schedules.frozen import thaw
from pytest_mlschedule.schedules.macros import resolve_macros
from pytest_mlschedule.schedules.problems import describe, problems_of, refuse, unknown_key
from pytest_mlschedule.schedules.source import Document, Source, read_document
from pytest_mlschedule.schedules.template import RunTemplate
from pytest_mlschedule.triggers.window import Window, parse_instant, to_epoch
from pytest_mlschedule.triggers.wording import list_names
from pytest_mlschedule.triggers.zones import resolve_zone

SUFFIXES = (".expect.yml", ".expect.yaml")
SHOWN_TIMES = 5
_CLAIMS = ("count", "first", "last", "times", "inputs")
_HINT = "if the schedule is right, correct the expectation; mlschedule plan shows every run"


def _read_text(value: Any) -> str:
    """A time as text; an unquoted one was read by YAML."""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise refuse(error("MLS301", f"{describe(value)} is not a time", 'write it like "2026-03-01T11:00:00Z"'))


def _read_between(value: Any) -> tuple[str, str]:
    if isinstance(value, Mapping) and set(value) == {"from", "to"}:
        value = [value["from"], value["to"]]
    if not isinstance(value, list) or len(value) != 2:
        text = f"must be a list of two times, or a mapping of from and to, not {describe(value)}"
        raise refuse(error("MLS008", text, 'for example between: ["2026-03-01", "2026-04-01"]'))
    return _read_text(value[0]), _read_text(value[1])


def _read_zone(value: Any) -> str:
    try:
        return resolve_zone(str(value), iana="accept").key
    except DefinitionError as failure:
        raise refuse(*(Diagnostic(i.code, i.severity, i.message, i.hint) for i in failure.diagnostics)) from None


_Time = Annotated[str, PlainValidator(_read_text)]


class _Expectation(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    between: Annotated[tuple[str, str], PlainValidator(_read_between)]
    schedule: str | None = None
    zone: Annotated[str, PlainValidator(_read_zone)] = "UTC"
    created_at: _Time | None = None
    count: Annotated[int, Field(ge=0)] | None = None
    first: _Time | None = None
    last: _Time | None = None
    times: list[_Time] | None = None
    inputs: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """What is expected of one schedule (None: the only one of its file) in a window. None: nothing is said about it.

    ``inputs`` are those of every run, macros in them resolved for each; instants are aware, UTC.
    """

    document: Document
    path: tuple[PathPart, ...]
    window: Window
    schedule: str | None = None
    created_at: datetime | None = None
    count: int | None = None
    first: datetime | None = None
    last: datetime | None = None
    times: tuple[datetime, ...] | None = None
    inputs: Mapping[str, Any] | None = None

    def locate(self, item: Diagnostic) -> Diagnostic:
        """The problem at its place in the file, its field seen from this expectation."""
        return self.document.locate(item.under(*self.path))


def read_expectations(source: Source) -> list[Expectation]:
    """The expectations of a file. Raises DefinitionError with every problem and its place."""
    document = read_document(source)
    data = document.data
    if not isinstance(data, Mapping) or "expect" not in data:
        text = (
            "the key 'expect' is missing" if isinstance(data, Mapping) else f"must be a mapping, not {describe(data)}"
        )
        hint = 'write expect: {between: ["2026-03-01", "2026-04-01"], count: 31}'
        raise DefinitionError([document.locate(error("MLS007", text, hint, ("expect",)))])
    found = [unknown_key((str(key),), ("expect",)) for key in data if key != "expect"]
    blocks = data["expect"]
    listed = blocks if isinstance(blocks, list) else [blocks]
    paths: list[tuple[PathPart, ...]] = [
        ("expect", *((index,) if listed is blocks else ())) for index in range(len(listed))
    ]
    read = []
    for path, block in zip(paths, listed, strict=True):
        expectation, problems = _read_block(document, path, block)
        read.append(expectation)
        found += [item.under(*path) for item in problems]
    if found:
        raise DefinitionError([document.locate(item) for item in found])
    return [expectation for expectation in read if expectation is not None]


def _read_block(
    document: Document, path: tuple[PathPart, ...], block: Any
) -> tuple[Expectation | None, list[Diagnostic]]:
    if not isinstance(block, Mapping):
        return None, [error("MLS008", f"must be a mapping, not {describe(block)}", "it has between, count, first …")]
    try:
        given = _Expectation.model_validate(block)
    except ValidationError as failure:
        return None, problems_of(failure, _Expectation.model_fields)
    found: list[Diagnostic] = []

    def instant(text: str | None, *field: PathPart) -> datetime | None:
        try:
            return None if text is None else parse_instant(text, given.zone)
        except ValueError as reason:
            found.append(error("MLS301", str(reason), "", field))
            return None

    start, end = (instant(text, "between", index) for index, text in enumerate(given.between))
    times = None if given.times is None else [instant(text, "times", index) for index, text in enumerate(given.times)]
    points = {name: instant(getattr(given, name), name) for name in ("created_at", "first", "last")}
    if start is not None and end is not None and end <= start:
        found.append(error("MLS009", "the window ends before it starts", "it is half-open: [from, to)", ("between",)))
    if all(getattr(given, name) is None for name in _CLAIMS):
        found.append(error("MLS007", "it expects nothing", f"add {list_names(_CLAIMS, 'or')}"))
    if found or start is None or end is None:
        return None, found
    expected = Expectation(
        document=document,
        path=path,
        window=Window(start, end),
        schedule=given.schedule,
        count=given.count,
        times=None if times is None else tuple(time for time in times if time is not None),
        inputs=given.inputs,
        **points,
    )
    return expected, []


def find_unmet(expected: Expectation, plan: Plan) -> Iterator[Diagnostic]:
    """What a plan of the schedule alone, in the window of the expectation, does otherwise (MLS804); placed."""
    found = [*_about_times(expected, plan), *_about_inputs(expected, plan)]
    for item in found:
        yield expected.locate(item)


def _about_times(expected: Expectation, plan: Plan) -> Iterator[Diagnostic]:
    if expected.count is not None and expected.count != len(plan):
        yield error("MLS804", f"expected {expected.count} runs, planned are {len(plan)}", _HINT, ("count",))
    for name, index in (("first", 0), ("last", -1)):
        wanted: datetime | None = getattr(expected, name)
        if wanted is None:
            continue
        actual = plan[index] if len(plan) else None
        if actual is None or actual.trigger_time != wanted:
            text = f"expected the {name} run at {_show(wanted)}, planned is {_show_run(actual)}"
            yield error("MLS804", text, _HINT, (name,))
    if expected.times is not None:
        actual_times = [run.trigger_time for run in plan]
        extra = [_show_run(run) for run in plan if run.trigger_time not in set(expected.times)]
        missing = [_show(time) for time in expected.times if time not in set(actual_times)]
        parts = [f"{len(missing)} not planned: {_cut(missing)}"] if missing else []
        parts += [f"{len(extra)} not expected: {_cut(extra)}"] if extra else []
        if not parts and sorted(expected.times) != actual_times:
            parts = ["a time is given twice"]
        if parts:
            yield error("MLS804", "; ".join(parts), _HINT, ("times",))


def _about_inputs(expected: Expectation, plan: Plan) -> Iterator[Diagnostic]:
    for name, wanted in (expected.inputs or {}).items():
        for run in plan:
            actual = thaw(run.inputs[name]) if name in run.inputs else None
            resolved = _resolve(wanted, run, plan)
            if not _same(actual, resolved):
                shown = (
                    f"{actual!r}"
                    if name in run.inputs
                    else f"no such input, but {', '.join(run.inputs) or 'none at all'}"
                )
                text = f"expected {resolved!r}, the run {run.display_name} has {shown}"
                yield error("MLS804", text, _HINT, ("inputs", name))
                break


def _resolve(wanted: Any, run: PlannedRun, plan: Plan) -> Any:
    """What is expected of this run: macros read as in its own inputs, the form of the trigger time too (semantics JB-3)."""
    if not isinstance(wanted, str):
        return wanted
    (template,) = (part.source for part in plan.parts if part.source.schedule == run.schedule)
    assert isinstance(template, RunTemplate), "expectations are of what plan_runs planned"
    moment = template.trigger_time(to_epoch(run.trigger_time))
    return resolve_macros(wanted, {"name": run.job_name, "creation_context.trigger_time": moment})


def _same(actual: Any, wanted: Any) -> bool:
    """Equal, or equal as the texts that literals are on the wire (semantics JB-4)."""
    if same_value(actual, wanted):
        return True
    return not isinstance(actual, dict | list) and actual is not None and str(actual) == str(wanted)


def _show(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _show_run(run: PlannedRun | None) -> str:
    return "none" if run is None else f"{_show(run.trigger_time)} ({run.local_time:%a %Y-%m-%d %H:%M %Z})"


def _cut(items: list[str]) -> str:
    more = len(items) - SHOWN_TIMES
    return ", ".join(items[:SHOWN_TIMES]) + (f" and {more} more" if more > 0 else "")
