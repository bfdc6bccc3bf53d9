"""What an audit found, as values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal, NamedTuple

from pytest_mlschedule.history.job import HistoricJob
from pytest_mlschedule.triggers.instant_words import show_utc
from pytest_mlschedule.triggers.window import Window, from_epoch

Kind = Literal["on_time", "late", "missing", "extra", "manual"]
KINDS: tuple[Kind, ...] = ("on_time", "late", "missing", "extra", "manual")
DEVIATIONS: tuple[Kind, ...] = ("late", "missing", "extra")
"""What is not as it should be. What people submit themselves is theirs."""


class Lateness(NamedTuple):
    """How long after their trigger times jobs were created: nearest-rank percentiles and the longest, in seconds."""

    p50: int
    p95: int
    max: int


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One occurrence of a schedule or one job of it. ``epoch``: the trigger time; ``job``: None where it is missing."""

    schedule: str
    epoch: int
    kind: Kind
    job: HistoricJob | None = None

    @property
    def instant(self) -> datetime:
        """The trigger time (aware, UTC)."""
        return from_epoch(self.epoch)

    @property
    def late_by(self) -> int | None:
        """The seconds from the trigger time to the job's creation, else to its start; None where neither is known."""
        if self.job is None:
            return None
        made = self.job.started if self.job.created is None else self.job.created
        return None if made is None else made - self.epoch

    @property
    def order(self) -> tuple[int, int]:
        """To sort by: time, and at one time the kinds in their order."""
        return self.epoch, KINDS.index(self.kind)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        job = self.job
        return {
            "trigger_time": show_utc(self.instant),
            "kind": self.kind,
            "late_by": self.late_by,
            "job": job and {"name": job.name, "display_name": job.display_name, "status": job.status},
        }


@dataclass(frozen=True)
class ScheduleAudit:
    """One schedule. ``entries`` in time order; ``pending``: occurrences at the very end that may still run.

    ``unplaced``: jobs of the schedule without a trigger time in their display name, so that nobody knows which occurrence they
    are of; ``zone_key``: the IANA zone whose clock the schedule follows. ``existed``: it was there before its first job here, as
    jobs before the window or its own note of its creation tell.
    """

    name: str
    zone_key: str
    entries: tuple[AuditEntry, ...] = ()
    pending: int = 0
    unplaced: int = 0
    existed: bool = False

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """The number of entries of each kind."""
        found = Counter(entry.kind for entry in self.entries)
        return {kind: found[kind] for kind in KINDS}

    @property
    def due(self) -> int:
        """How many occurrences there were to be, pending ones left out."""
        return self.counts["on_time"] + self.counts["late"] + self.counts["missing"]

    @cached_property
    def lateness(self) -> Lateness | None:
        """How late the jobs of occurrences were, early ones counted as 0; None where nobody knows."""
        return measure_lateness(self.lengths)

    @property
    def lengths(self) -> list[int]:
        """The seconds from trigger time to creation of each job of an occurrence, as far as they are known."""
        matched = (entry.late_by for entry in self.entries if entry.kind in ("on_time", "late"))
        return [length for length in matched if length is not None]

    @property
    def missing_first(self) -> int:
        """How many occurrences are missing before the first job of the schedule, where it may not have existed yet."""
        if self.existed:
            return 0
        return next((place for place, entry in enumerate(self.entries) if entry.job is not None), 0)

    @property
    def never_ran(self) -> bool:
        """Whether something was due and there is no job at all."""
        return self.counts["missing"] == len(self.entries) > 0

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to tell: every occurrence has its job in time, every job its occurrence."""
        return self.counts["on_time"] == len(self.entries) and not self.unplaced

    @property
    def deviates(self) -> bool:
        """Whether something is late, missing or extra."""
        return any(self.counts[kind] for kind in DEVIATIONS)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        lateness = self.lateness
        return {
            "name": self.name,
            "due": self.due,
            **dict(self.counts),
            "pending": self.pending,
            "unplaced": self.unplaced,
            "missing_before_first_job": self.missing_first,
            "lateness": None if lateness is None else lateness._asdict(),
            "entries": [entry.to_dict() for entry in self.entries],
        }


@dataclass(frozen=True)
class Audit:
    """What ``audit_runs`` found, by schedule. True when everything is as it should be: nothing late, missing or extra.

    ``window``: what was looked at; ``unknown``: jobs by the name of their schedule, where the plan has none of that name;
    ``unplaced``: how many jobs a schedule made of which nothing tells which one; ``others``: how many no schedule made.
    """

    window: Window
    late_after: timedelta
    schedules: tuple[ScheduleAudit, ...] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)
    unplaced: int = 0
    others: int = 0

    def __bool__(self) -> bool:
        return not any(schedule.deviates for schedule in self.schedules)

    def __iter__(self) -> Iterator[ScheduleAudit]:
        return iter(self.schedules)

    def __getitem__(self, name: str) -> ScheduleAudit:
        """The schedule of a name. Raises KeyError."""
        for schedule in self.schedules:
            if schedule.name == name:
                return schedule
        raise KeyError(name)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """The number of entries of each kind, all schedules together."""
        return {kind: sum(schedule.counts[kind] for schedule in self.schedules) for kind in KINDS}

    @property
    def deviations(self) -> list[AuditEntry]:
        """Every entry that is not as it should be, in time order, at one time by schedule."""
        found = [entry for schedule in self.schedules for entry in schedule.entries if entry.kind in DEVIATIONS]
        return sorted(found, key=lambda entry: (entry.epoch, entry.schedule))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data; instants as ``YYYY-MM-DDThh:mm:ssZ``, lengths in seconds."""
        return {
            "window": {"start": show_utc(self.window.start), "end": show_utc(self.window.end)},
            "late_after": int(self.late_after.total_seconds()),
            "as_planned": bool(self),
            **dict(self.counts),
            "schedules": [schedule.to_dict() for schedule in self.schedules],
            "unknown_schedules": dict(self.unknown),
            "unplaced": self.unplaced,
            "other_jobs": self.others,
        }


def measure_lateness(lengths: Iterable[int]) -> Lateness | None:
    """Percentiles of lengths in seconds, negative ones counted as 0; None without any."""
    ascending = sorted(max(0, length) for length in lengths)
    if not ascending:
        return None
    p50, p95 = (ascending[-(-len(ascending) * percent // 100) - 1] for percent in (50, 95))
    return Lateness(p50, p95, ascending[-1])
