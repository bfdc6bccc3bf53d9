"""What really ran: the jobs of a workspace, by the schedules that made them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.history.job import HistoricJob
from pytest_mlschedule.history.listing import read_listing
from pytest_mlschedule.schedules.reader import has_errors
from pytest_mlschedule.triggers.window import END_EPOCH, Window, from_epoch, to_epoch


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How the jobs of one schedule ended, and how long they took: whole seconds, ascending.

    ``running``: jobs that had not ended; ``untimed``: those of which nobody knows how long they took or how they ended.
    """

    completed: tuple[int, ...] = ()
    failed: tuple[int, ...] = ()
    canceled: tuple[int, ...] = ()
    running: int = 0
    untimed: int = 0

    def __len__(self) -> int:
        return len(self.completed) + len(self.failed) + len(self.canceled) + self.running + self.untimed


@dataclass(frozen=True)
class History:
    """The jobs of a workspace. Made by ``read_history``, or by ``from_data`` of parsed JSON; never changed.

    ``notes``: what could not be read of them. ``stated``: the window that somebody vouches for (see ``between``), else None.
    ``earlier``: schedules that had made jobs before it.
    """

    jobs: tuple[HistoricJob, ...] = ()
    notes: tuple[Diagnostic, ...] = ()
    stated: Window | None = None
    earlier: frozenset[str] = frozenset()

    @classmethod
    def from_data(cls, data: Any) -> History:
        """The history of parsed JSON: a list of jobs, one job, or ``{"value": [...]}``. Raises DefinitionError for other data."""
        jobs, found = read_listing(data, "<data>")
        if has_errors(found):
            raise DefinitionError(found)
        return cls(keep_last(jobs), tuple(found))

    def __len__(self) -> int:
        return len(self.jobs)

    def __repr__(self) -> str:
        return f"<History of {len(self.jobs)} jobs of {len(self.schedules)} schedules>"

    @property
    def schedules(self) -> tuple[str, ...]:
        """The names of the schedules that made jobs, in alphabetical order."""
        return tuple(sorted(name for name, jobs in self._by_schedule.items() if any(map(_is_made, jobs))))

    def of(self, schedule: str) -> tuple[HistoricJob, ...]:
        """The jobs of a schedule in time order, those that somebody submitted under its name too."""
        return self._by_schedule.get(schedule, ())

    @property
    def window(self) -> Window | None:
        """From the first to the last job, that one included; what ``between`` was given where it was. None without jobs."""
        if self.stated is not None:
            return self.stated
        instants = [job.instant for job in self.jobs if job.instant is not None]
        if not instants:
            return None
        last = max(instants + [job.created for job in self.jobs if job.created is not None])
        return Window(from_epoch(min(instants)), from_epoch(min(last + 1, END_EPOCH)))

    def between(self, start: datetime, end: datetime) -> History:
        """The jobs of a half-open window of aware datetimes, in which no job is missing from the history.

        Raises TypeError for naive datetimes.
        """
        window = Window(start, end)
        first, stop = to_epoch(start), to_epoch(end)
        kept = tuple(job for job in self.jobs if job.instant is not None and first <= job.instant < stop)
        made = {job.schedule for job in self.jobs if job.instant is not None and job.instant < first and _is_made(job)}
        earlier = self.earlier | {name for name in made if name is not None}
        return replace(self, jobs=kept, stated=window, earlier=earlier)

    def durations(self, by: Literal["schedule", "experiment"] = "schedule") -> Mapping[str, Outcomes]:
        """How jobs ended, by schedule (what somebody submitted by hand left out) or by experiment (all jobs)."""
        grouped: dict[str, list[HistoricJob]] = defaultdict(list)
        for job in self.jobs:
            key = job.experiment if by == "experiment" else job.schedule if _is_made(job) else None
            if key is not None:
                grouped[key].append(job)
        return {name: _count_outcomes(grouped[name]) for name in sorted(grouped)}

    @cached_property
    def _by_schedule(self) -> Mapping[str, tuple[HistoricJob, ...]]:
        grouped: dict[str, list[HistoricJob]] = defaultdict(list)
        for job in self.jobs:
            if job.schedule is not None:
                grouped[job.schedule].append(job)
        return {name: tuple(sorted(jobs, key=_order)) for name, jobs in grouped.items()}


def keep_last(jobs: Iterable[HistoricJob]) -> tuple[HistoricJob, ...]:
    """The jobs without repetition: of one that several exports have, the last one knows most. Names are unique in a workspace."""
    kept: dict[object, HistoricJob] = {}
    for job in jobs:
        kept[job.place if job.name is None else job.name] = job
    return tuple(kept.values())


def _is_made(job: HistoricJob) -> bool:
    """Whether a schedule made the job, as far as anybody knows."""
    return job.schedule is not None and job.source != "user"


def _order(job: HistoricJob) -> tuple[int, int]:
    instant = job.instant if job.trigger_time is None else job.trigger_time
    return instant or 0, job.created or 0


def _count_outcomes(jobs: Iterable[HistoricJob]) -> Outcomes:
    lengths: dict[str, list[int]] = {"completed": [], "failed": [], "canceled": []}
    running = untimed = 0
    for job in jobs:
        if job.outcome == "running":
            running += 1
        elif job.outcome is None or job.duration is None:
            untimed += 1
        else:
            lengths[job.outcome].append(job.duration)
    completed, failed, canceled = (tuple(sorted(found)) for found in lengths.values())
    return Outcomes(completed, failed, canceled, running, untimed)
