"""What a rule is, and what rules look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from pytest_mlschedule.checks.excess import Excess
from pytest_mlschedule.checks.excesses import find_excesses
from pytest_mlschedule.checks.limits import Budget, need_rates
from pytest_mlschedule.checks.schedule_starts import ScheduleStarts
from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.schedules.overrides import effective_job
from pytest_mlschedule.schedules.reader import Reader
from pytest_mlschedule.triggers.timetable import Timetable
from pytest_mlschedule.triggers.window import Window

if TYPE_CHECKING:
    from pytest_mlschedule.checks.spending import Spending
    from pytest_mlschedule.costs.rates import Rates


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What counts as too much, where Azure ML has no limit of its own."""

    shortest_period: timedelta = timedelta(minutes=5)
    """MLS603: schedules that run more often than this."""
    most_starts_per_minute: int = 10
    """MLS602: starts in one minute on one compute; more are a pile-up."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What rules look at: the schedules, the time, and what is known besides.

    ``window`` is what rules about runs look at (half-open, aware); ``jobs`` are what references to jobs in the workspace mean,
    by name. ``reader`` reads the files that schedules refer to, for the places of findings in them. ``rates``: what budgets of
    money and nodes are counted with; None: nothing is known.
    """

    schedules: tuple[JobSchedule, ...]
    now: datetime
    window: Window
    jobs: Mapping[str, JobDefinition] = field(default_factory=dict)
    profile: ServiceProfile = DEFAULT_PROFILE
    thresholds: Thresholds = field(default_factory=Thresholds)
    budgets: tuple[Budget, ...] = ()
    reader: Reader = field(default_factory=Reader)
    rates: Rates | None = None

    @cached_property
    def _timetables(self) -> dict[int, Timetable]:
        return {}

    def timetable(self, schedule: JobSchedule) -> Timetable:
        """When a schedule fires that is created now."""
        key = id(schedule)
        if key not in self._timetables:
            self._timetables[key] = schedule.trigger.timetable(created_at=self.now, profile=self.profile)
        return self._timetables[key]

    @cached_property
    def starts(self) -> tuple[ScheduleStarts, ...]:
        """The schedules as budgets see them."""
        return tuple(ScheduleStarts(schedule, self) for schedule in self.schedules)

    @cached_property
    def excesses(self) -> tuple[Excess, ...]:
        """The limits of budgets that are not kept, and those of which nobody knows."""
        return tuple(find_excesses(self.budgets, self.starts, self.window, self._spending)) if self.budgets else ()

    @cached_property
    def _spending(self) -> Spending | None:
        """What the schedules cost; None where no budget asks."""
        if not need_rates(self.budgets):
            return None
        from pytest_mlschedule.checks.spending import Spending  # costs time that few need
        from pytest_mlschedule.costs.rates import Rates

        return Spending((one.costed for one in self.starts), self.rates or Rates())

    def job(self, schedule: JobSchedule) -> JobDefinition | None:
        """The job that a schedule runs, overrides applied; None where it is in a workspace and not known, or there is none."""
        return effective_job(schedule, self.jobs.get)

    def locate_in_job(self, schedule: JobSchedule, diagnostic: Diagnostic) -> Diagnostic:
        """The diagnostic (its field seen from the job) in the file of the job; at ``create_job`` where there is no file."""
        job = schedule.create_job
        if isinstance(job, JobDefinition) and job.path is not None:
            try:
                return self.reader.document(job.path, str(job.path)).locate(diagnostic)
            except DefinitionError:  # it was read when the schedule was loaded, and changed since
                pass
        return schedule.locate(diagnostic.under("create_job"))


CheckSchedule = Callable[[JobSchedule, Situation], Iterable[Diagnostic]]
CheckAll = Callable[[Situation], Iterable[Diagnostic]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the catalogue: a code that never changes its meaning, a name to say it, and how bad a finding is.

    ``check`` looks at one schedule, ``check_all`` at all of them; with neither, what the rule is about is found on loading. What
    they give has a field from the root of the schedule's own document, and is placed there unless it has a place.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    check: CheckSchedule | None = None
    check_all: CheckAll | None = None
