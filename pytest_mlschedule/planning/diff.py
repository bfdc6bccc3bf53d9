"""What changes between two plans of one window: which schedules, which runs, which values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, get_args

from pytest_mlschedule.planning.compare import ABSENT
from pytest_mlschedule.planning.diff_fields import FieldChange
from pytest_mlschedule.planning.run import ScheduleRuns
from pytest_mlschedule.schedules.frozen import thaw
from pytest_mlschedule.triggers.months import months_of
from pytest_mlschedule.triggers.window import Window, from_epoch

Change = Literal["added", "removed", "changed", "cosmetic", "unchanged", "disabled"]
CHANGES: tuple[Change, ...] = get_args(Change)
BEHAVIOUR: tuple[Change, ...] = ("added", "removed", "changed", "disabled")
"""The changes that make a difference to runs. The others are proved, or looked for in the window, not to."""
_COUNTS = ("gained", "lost", "moved", "moved_by_dst")


class RunCounts(NamedTuple):
    """Numbers of runs on both sides."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class TimeChange:
    """A run that is lost (``new`` is None), gained (``old`` is None) or moved. Aware, UTC."""

    old: datetime | None
    new: datetime | None


@dataclass(frozen=True, slots=True)
class Move:
    """``runs`` runs moved by as many ``seconds`` (negative: earlier); ``by_dst``: daylight saving time alone moves them."""

    seconds: int
    runs: int
    by_dst: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDiff:
    """What changes about one schedule. Every run of the window is kept, or in one of lost, gained, moved, moved_by_dst.

    ``fields``: values that differ, texts of people last. ``first``: the first times that change, DST alone excepted;
    ``first_by_dst``: the first that DST alone moves. ``moves``: how far, the most frequent first. ``proof`` of cosmetic and
    unchanged schedules: whether they were shown to do the same for all time (up to 2200) or in the window.
    ``outside``: the first time outside the window at which one side runs alone, where no time in it changes.
    """

    name: str
    change: Change
    runs: RunCounts
    gained: int = 0
    lost: int = 0
    moved: int = 0
    moved_by_dst: int = 0
    fields: tuple[FieldChange, ...] = ()
    first: tuple[TimeChange, ...] = ()
    first_by_dst: TimeChange | None = None
    moves: tuple[Move, ...] = ()
    proof: Literal["all time", "window"] | None = None
    outside: datetime | None = None
    window: Window
    old: ScheduleRuns | None = field(repr=False, compare=False)
    """The schedule's runs on the old side; None where it has none."""
    new: ScheduleRuns | None = field(repr=False, compare=False)

    @property
    def months(self) -> Mapping[str, RunCounts]:
        """Runs by month of UTC ("2026-03"), months of the window without any too."""
        return {month: RunCounts(*counts) for month, *counts in self._months()}

    def _months(self) -> Iterator[tuple[str, int, int]]:
        start, end = self.window.epochs
        for month, first, stop in months_of(self.window):
            span = max(first, start), min(stop, end)
            old, new = (0 if side is None else side.occurrences.count_between(*span) for side in (self.old, self.new))
            yield month, old, new

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data; times as ``YYYY-MM-DDThh:mm:ssZ``, null for what a side does not have."""
        return {
            "name": self.name,
            "change": self.change,
            "runs": self.runs._asdict(),
            **{name: getattr(self, name) for name in _COUNTS},
            "fields": [{"name": item.name, "old": _plain(item.old), "new": _plain(item.new)} for item in self.fields],
            "months": {month: counts._asdict() for month, counts in self.months.items()},
            "first": [_write_times(item) for item in self.first],
            "first_by_dst": self.first_by_dst and _write_times(self.first_by_dst),
            "moved_by": [{"seconds": move.seconds, "runs": move.runs, "dst": move.by_dst} for move in self.moves],
            "proof": self.proof,
            "outside": _write_instant(self.outside),
            "time_zone": {"old": self.old and self.old.time_zone, "new": self.new and self.new.time_zone},
        }


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """What changes between two plans of one window. True where the behaviour of some schedule does.

    ``schedules``: every schedule of either plan, by name.
    """

    window: Window
    schedules: tuple[ScheduleDiff, ...]

    def __bool__(self) -> bool:
        return any(schedule.change in BEHAVIOUR for schedule in self.schedules)

    @property
    def total(self) -> Mapping[str, Any]:
        """``runs`` on both sides, the sums of gained, lost, moved and moved_by_dst, and how many schedules have each change."""
        runs = RunCounts(*(sum(schedule.runs[side] for schedule in self.schedules) for side in (0, 1)))
        changes = Counter(schedule.change for schedule in self.schedules)
        counts = {name: sum(getattr(schedule, name) for schedule in self.schedules) for name in _COUNTS}
        return {"runs": runs, **counts, **{change: changes[change] for change in CHANGES}}

    def to_dict(self) -> dict[str, Any]:
        """The document of ``mlschedule diff -o json``."""
        total = dict(self.total)
        return {
            "window": {"start": _write_instant(self.window.start), "end": _write_instant(self.window.end)},
            "schedules": [schedule.to_dict() for schedule in self.schedules],
            "total": {**total, "runs": total["runs"]._asdict()},
        }


def time_change(old: int | None, new: int | None) -> TimeChange:
    """A change of epochs."""
    return TimeChange(None if old is None else from_epoch(old), None if new is None else from_epoch(new))


def _plain(value: Any) -> Any:
    return None if value is ABSENT else thaw(value)


def _write_instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _write_times(change: TimeChange) -> dict[str, str | None]:
    return {"old": _write_instant(change.old), "new": _write_instant(change.new)}
