"""A plan: the runs of schedules in a window, as one value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, overload

from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.planning.run import PlannedRun, ScheduleRuns
from pytest_mlschedule.planning.sequence import PlannedRuns
from pytest_mlschedule.schedules.problems import closest
from pytest_mlschedule.triggers.window import Window

SHOWN_SCHEDULES = 5


class Plan:
    """Every run that schedules would start in a half-open window. Made by ``plan_runs``, never changed.

    A plan is a sized, indexable, iterable collection of runs in time order, ties by schedule name. Two plans are equal
    when they say the same: same window, same schedules (those without runs too), equal runs. Nothing is enumerated
    until runs are read.
    """

    __slots__ = ("_created_at", "_parts", "_runs", "_tzdata_version", "_window")

    def __init__(
        self, parts: Iterable[ScheduleRuns], window: Window, *, created_at: datetime | None, tzdata_version: str
    ) -> None:
        self._parts = {part.source.schedule: part for part in sorted(parts, key=lambda part: part.source.schedule)}
        self._window = window
        self._created_at = created_at
        self._tzdata_version = tzdata_version
        self._runs: PlannedRuns | None = None

    @property
    def window(self) -> Window:
        """The half-open window ``[start, end)``, aware datetimes."""
        return self._window

    @property
    def start(self) -> datetime:
        """The first instant of the window (aware)."""
        return self._window.start

    @property
    def end(self) -> datetime:
        """The first instant after the window (aware)."""
        return self._window.end

    @property
    def schedules(self) -> tuple[str, ...]:
        """The names of all planned schedules in alphabetical order, those without runs too."""
        return tuple(self._parts)

    @property
    def created_at(self) -> datetime | None:
        """When the schedules are created (aware): nothing runs earlier (semantics ST-4). None: not said, taken to
        be the start of the planned window."""
        return self._created_at

    @property
    def notes(self) -> tuple[Diagnostic, ...]:
        """What to know about this plan: assumptions, jobs that are not known, schedules that are disabled."""
        return tuple(note for part in self._parts.values() for note in part.notes)

    @property
    def tzdata_version(self) -> str:
        """The version of the time zone data that the plan was made with ("2026a"; semantics TZ-3)."""
        return self._tzdata_version

    @property
    def runs(self) -> PlannedRuns:
        """The runs as a lazy sequence: ``len`` is closed form, indexing enumerates only what lies around."""
        runs = self._runs
        if runs is None:
            runs = self._runs = PlannedRuns(self.parts, *self._window.epochs)
        return runs

    def count_by_schedule(self) -> dict[str, int]:
        """The number of runs of every schedule, 0 included. Closed form."""
        start, end = self._window.epochs
        return {name: part.occurrences.count_between(start, end) for name, part in self._parts.items()}

    def for_schedule(self, *names: str) -> Plan:
        """The plan of some of the schedules. Raises KeyError for a name that the plan does not have."""
        for name in names:
            if name not in self._parts:
                raise KeyError(f"the plan has no schedule {name!r}; {closest(name, self._parts)}")
        return self._like([self._parts[name] for name in dict.fromkeys(names)], self._window)

    def between(self, start: datetime, end: datetime) -> Plan:
        """The plan of a part of the window ``[start, end)``, aware datetimes.

        Raises TypeError for naive datetimes, ValueError for a window that this plan does not cover: what runs there is
        not known.
        """
        part = check_window(start, end)
        if start < self.start or end > self.end:
            raise ValueError(f"{start.isoformat()} to {end.isoformat()} is not inside the plan's window, {_span(self)}")
        return self._like(self._parts.values(), part)

    def to_dict(self) -> dict[str, Any]:
        """The plan as plain JSON data, every run resolved; ``Plan.from_dict`` reads it back."""
        from pytest_mlschedule.planning.document import write_plan

        return write_plan(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Plan:
        """The plan that ``to_dict`` wrote. Raises DefinitionError where the data are no plan of this version."""
        from pytest_mlschedule.planning.document import read_plan

        return read_plan(data)

    def __len__(self) -> int:
        return len(self.runs)

    def __iter__(self) -> Iterator[PlannedRun]:
        return iter(self.runs)

    @overload
    def __getitem__(self, index: int) -> PlannedRun: ...
    @overload
    def __getitem__(self, index: slice) -> list[PlannedRun]: ...
    def __getitem__(self, index: int | slice) -> PlannedRun | Sequence[PlannedRun]:
        return self.runs[index]

    def __contains__(self, run: object) -> bool:
        return run in self.runs

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Plan):
            return NotImplemented
        epochs = self.window.epochs
        if epochs != other.window.epochs or self.schedules != other.schedules:
            return False
        return all(mine.same_runs(theirs, *epochs) for mine, theirs in zip(self.parts, other.parts, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        counts = [f"{name} {count}" for name, count in self.count_by_schedule().items()]
        shown = ", ".join(counts[:SHOWN_SCHEDULES]) + (", ..." if len(counts) > SHOWN_SCHEDULES else "")
        return f"<Plan of {len(self)} runs from {_span(self)}: {shown or 'no schedules'}>"

    @property
    def parts(self) -> tuple[ScheduleRuns, ...]:
        """What each schedule's runs share, in the order of ``schedules``."""
        return tuple(self._parts.values())

    def _like(self, parts: Iterable[ScheduleRuns], window: Window) -> Plan:
        return Plan(parts, window, created_at=self._created_at, tzdata_version=self._tzdata_version)


def check_window(start: datetime, end: datetime) -> Window:
    """The half-open window of two aware datetimes. Raises TypeError for naive ones, ValueError when it is reversed."""
    window = Window(start, end)
    if end < start:
        raise ValueError(f"the window ends at {end.isoformat()}, before it starts at {start.isoformat()}")
    return window


def _span(plan: Plan) -> str:
    start, end = (f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for instant in (plan.start, plan.end))
    return f"{start} to {end}"
