"""What a calibration looks at: each schedule with the times at which it ran, and how far these can be trusted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pytest_mlschedule.history.history import History
from pytest_mlschedule.history.job import HistoricJob
from pytest_mlschedule.planning.audit import LATE_AFTER
from pytest_mlschedule.planning.audit_plan import Creation, find_creation, forget_start
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.run import ScheduleRuns
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.schedules.models import Trigger
from pytest_mlschedule.triggers.timetable import Timetable
from pytest_mlschedule.triggers.window import to_epoch_floor

# So long after its time a run still comes to be (seconds).
_RENAMED = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One schedule that ran. ``trigger`` is as it was put, ``start_time`` left out where the service filled it in.

    ``times``: the trigger times of its jobs, ascending; ``jobs``: these jobs; ``unplaced``: when jobs with edited names came to be
    that may be its own, ascending. ``start``, ``end``: the window in epochs; what is due from ``settled`` on may still come;
    ``table``: when it runs by the assumed profile; ``part``: its runs in a plan.
    """

    name: str
    trigger: Trigger
    creation: Creation
    jobs: tuple[HistoricJob, ...]
    times: tuple[int, ...]
    unplaced: tuple[int, ...]
    start: int
    end: int
    settled: int
    table: Timetable
    part: ScheduleRuns

    @property
    def created(self) -> int:
        """The second of creation."""
        return to_epoch_floor(self.creation.instant)

    @property
    def first_regular(self) -> int | None:
        """The trigger time of its first job since its creation, that of a run at creation (ST-7) or by hand left out."""
        regular = self.table.regular
        later = self.times[bisect_left(self.times, self.created) :]
        return next((time for time in later if regular.count(time, time + 1)), None)

    def has_run(self, epoch: int) -> bool:
        """Whether there is a job for an instant."""
        place = bisect_left(self.times, epoch)
        return place < len(self.times) and self.times[place] == epoch

    def is_watched(self, epoch: int) -> bool:
        """Whether a run that is not there at an instant tells something: the schedule ran shortly before and shortly after.

        Shortly is within two of the occurrences that are to be. Where there are none on a side, because the schedule did not exist
        yet or had ended, the history must go on there. A job with an edited name that came to be then may be the run.
        """
        if not self.start <= epoch < self.settled or self._may_be_renamed(epoch):
            return False
        return self._ran_before(epoch) and self._ran_after(epoch)

    def _may_be_renamed(self, epoch: int) -> bool:
        place = bisect_left(self.unplaced, epoch)
        return place < len(self.unplaced) and self.unplaced[place] - epoch <= _RENAMED

    def _ran_before(self, epoch: int) -> bool:
        near = self.table.previous_epoch(epoch)
        if near is None or near < self.start:
            return True
        far = self.table.previous_epoch(near)
        place = bisect_left(self.times, epoch)
        return place > 0 and self.times[place - 1] >= (near if far is None else far)

    def _ran_after(self, epoch: int) -> bool:
        near = self.table.next_epoch(epoch)
        if near is None or near >= self.settled:
            return True
        far = self.table.next_epoch(near)
        place = bisect_right(self.times, epoch)
        return place < len(self.times) and self.times[place] <= (near if far is None else far)


def find_cases(plan: Plan, history: History, created_at: datetime | None, profile: ServiceProfile) -> Iterator[Case]:
    """The schedules of a plan that ran within its window."""
    start, end = plan.window.epochs
    settled = end if history.stated else end - int(LATE_AFTER.total_seconds())
    nameless = [job for job in history.jobs if job.schedule is None and job.source == "schedule"]
    for part in plan.parts:
        name, schedule = part.source.schedule, part.definition
        jobs = tuple(job for job in history.of(name) if job.source != "user")
        times = sorted(
            {job.trigger_time for job in jobs if job.trigger_time is not None and start <= job.trigger_time < end}
        )
        if schedule is None or not times:
            continue
        given = forget_start(schedule, profile)
        creation = find_creation(given, history, created_at, profile)
        assert creation is not None, "it has jobs"
        yield Case(
            name=name,
            trigger=given.trigger,
            creation=creation,
            jobs=jobs,
            times=tuple(times),
            unplaced=_find_unplaced((*jobs, *nameless)),
            start=start,
            end=end,
            settled=settled,
            table=given.trigger.timetable(created_at=creation.instant, profile=profile),
            part=part,
        )


def _find_unplaced(jobs: Iterable[HistoricJob]) -> tuple[int, ...]:
    """When jobs came to be whose trigger time nobody knows."""
    return tuple(sorted(job.instant for job in jobs if job.trigger_time is None and job.instant is not None))
