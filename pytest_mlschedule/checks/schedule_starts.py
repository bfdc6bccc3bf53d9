"""A schedule of a situation as budgets see it: its runs, computes and tags, and where a finding about them stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_mlschedule.checks.excess import Excess
from pytest_mlschedule.diagnostics import Diagnostic, PathPart
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule, PipelineJob

if TYPE_CHECKING:
    from pytest_mlschedule.checks.rule import Situation
    from pytest_mlschedule.costs.footprints import CostedSchedule


class UsedCompute(NamedTuple):
    """A compute that runs use, as written, and the field of the job that says so; ``own``: the schedule's override says so."""

    text: str
    field: tuple[PathPart, ...]
    own: bool = False


def find_computes(job: JobDefinition | None) -> list[UsedCompute]:
    """The computes of a job: its own, the default of its settings, those of its steps. Expressions are left out."""
    if job is None:
        return []
    overrides: Mapping[str, Any] = job.overrides
    settings = overrides.get("settings") or {}
    found = [
        (job.compute, ("compute",), "compute" in overrides),
        (job.settings.get("default_compute"), ("settings", "default_compute"), "default_compute" in settings),
    ]
    if isinstance(job, PipelineJob):
        found += [(step.compute, ("jobs", name, "compute"), False) for name, step in job.jobs.items()]
    return [UsedCompute(text, field, own) for text, field, own in found if isinstance(text, str) and "${{" not in text]


class ScheduleStarts:
    """A schedule of a situation as budgets see it. A disabled one does not run; its computes and tags count still."""

    __slots__ = ("_job", "_schedule", "_situation")

    def __init__(self, schedule: JobSchedule, situation: Situation) -> None:
        self._schedule = schedule
        self._situation = situation
        self._job = situation.job(schedule)

    @property
    def schedule(self) -> str:
        """See Starts."""
        return self._schedule.name

    @property
    def computes(self) -> Sequence[str]:
        """See Starts."""
        return [used.text for used in find_computes(self._job)]

    @property
    def tags(self) -> Mapping[str, Any]:
        """See Starts; the schedule's own value of a tag wins."""
        return {**(self._job.tags if self._job else {}), **self._schedule.tags}

    @property
    def costed(self) -> CostedSchedule:
        """See Starts."""
        from pytest_mlschedule.costs.footprints import describe_schedule  # costs time that few need

        return describe_schedule(self._schedule, self._job, self)

    def epochs_between(self, start: int, end: int) -> Sequence[int]:
        """See Starts."""
        timetable = self._situation.timetable(self._schedule)
        return timetable.epochs_between(start, end) if self._schedule.is_enabled else ()

    def count_between(self, start: int, end: int) -> int:
        """See Starts."""
        timetable = self._situation.timetable(self._schedule)
        return timetable.count_between(start, end) if self._schedule.is_enabled else 0

    def place(self, excess: Excess) -> Diagnostic:
        """The finding, at the value that has to change."""
        found = excess.finding
        if excess.limit == "allowed_computes":
            return self._place_compute(found, excess.subject)
        if excess.limit == "required_tags":
            return self._place_tag(found, excess.subject)
        return self._schedule.locate(found.under("trigger"))

    def _place_compute(self, found: Diagnostic, compute: str) -> Diagnostic:
        used = next(used for used in find_computes(self._job) if used.text == compute)
        if used.own:
            return self._schedule.locate(found.under("create_job", *used.field))
        return self._situation.locate_in_job(self._schedule, found.under(*used.field))

    def _place_tag(self, found: Diagnostic, tag: str) -> Diagnostic:
        if tag in self._schedule.tags:
            return self._schedule.locate(found.under("tags", tag))
        if self._job is not None and tag in self._job.tags:
            return self._situation.locate_in_job(self._schedule, found.under("tags", tag))
        return self._schedule.locate(found.under("tags" if self._schedule.tags else "name"))
