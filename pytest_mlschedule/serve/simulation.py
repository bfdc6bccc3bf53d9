"""A workspace and its time, as a server holds them: what runs next, and the clock that is moved."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from pytest_mlschedule.errors import MLScheduleError
from pytest_mlschedule.scheduler import Scheduler
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.triggers.window import from_epoch, to_epoch
from pytest_mlschedule.workspace.job import Job
from pytest_mlschedule.workspace.records import ScheduleRecord
from pytest_mlschedule.workspace.workspace import FakeWorkspace, state_of

MOST_JOBS = 500_000
"""So many jobs one move of the clock may make: what they take stays in memory."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run to come: ``at`` (aware, UTC), the same on the clocks of its schedule, the display name of its job."""

    schedule: str
    at: datetime
    local: datetime
    display_name: str


class Simulation:
    """The workspace, seen by its owner, and the scheduler that lets its time pass."""

    def __init__(self, workspace: FakeWorkspace) -> None:
        self.workspace = workspace
        self._scheduler = Scheduler(workspace)
        self._state = state_of(workspace)
        self._counts: Counter[str | None] = Counter()

    @property
    def now(self) -> datetime:
        """Where the clock stands (aware, UTC)."""
        return self.workspace.clock.now()

    def run_until(self, instant: datetime) -> list[Job]:
        """Fire what is due before an instant and leave the clock there. Gives the jobs.

        Raises ValueError for an instant that is past or not supported, MLScheduleError for one so far ahead that there
        would be more than MOST_JOBS.
        """
        end = to_epoch(instant)
        number = sum(
            record.timetable.count_between(max(first, record.since), end)
            for first, record in self._enabled()
            if max(first, record.since) < end
        )
        if number > MOST_JOBS:
            raise MLScheduleError(
                f"{number:,} jobs would run until then, and one move makes at most {MOST_JOBS:,}: move in smaller steps"
            )
        return self._scheduler.run_until(instant)

    def schedules(self) -> list[JobSchedule]:
        """All schedules by name, disabled ones too."""
        return self.workspace.schedules.list(list_view_type="ALL")

    def last_jobs(self, number: int) -> list[Job]:
        """So many jobs, the one that was made last first."""
        jobs = self._state.jobs
        return [jobs[position] for position in reversed(range(max(0, len(jobs) - number), len(jobs)))]

    def count_jobs(self) -> Counter[str | None]:
        """How many jobs each schedule made; those of None were put there."""
        jobs, counts = self._state.jobs, self._counts
        counts.update(jobs[position].schedule for position in range(counts.total(), len(jobs)))
        return counts

    def next_runs(self, number: int) -> list[Run]:
        """So many runs, from now on, as the scheduler would fire them."""
        return list(islice(self._runs(), number))

    def first_runs(self) -> dict[str, Run]:
        """The next run of each schedule that has one."""
        found = {}
        for first, record in self._enabled():
            epoch = record.next_run(first)
            if epoch is not None:
                found[record.schedule.name] = self._run(epoch, record)
        return found

    def _enabled(self) -> Iterator[tuple[int, ScheduleRecord]]:
        """The enabled schedules, each with the epoch of the first instant at which it may fire."""
        state, now = self._state, self.now
        for name, record in state.records.items():
            if record.schedule.is_enabled:
                yield max(record.due_from(now), state.fired.get(name, -1) + 1), record

    def _runs(self) -> Iterator[Run]:
        heap = [
            (epoch, record.schedule.name, record)
            for first, record in self._enabled()
            if (epoch := record.next_run(first)) is not None
        ]
        heapq.heapify(heap)
        while heap:
            epoch, name, record = heap[0]
            yield self._run(epoch, record)
            following = record.next_run(epoch + 1)
            if following is None:
                heapq.heappop(heap)
            else:
                heapq.heapreplace(heap, (following, name, record))

    def _run(self, epoch: int, record: ScheduleRecord) -> Run:
        at, zone = from_epoch(epoch), record.schedule.trigger.zone
        name = record.schedule.name
        return Run(name, at, at.astimezone(zone.tzinfo), self._state.template(record).display_name(epoch))
