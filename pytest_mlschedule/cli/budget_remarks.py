"""A word on budgets that hold nobody to anything: a name that no schedule has keeps no limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import filter as fnfilter

from pytest_mlschedule.checks.limits import Budget
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.schedules.overrides import effective_job
from pytest_mlschedule.triggers.wording import nearest


def list_idle_budgets(
    budgets: Iterable[Budget], schedules: Iterable[JobSchedule], jobs: Mapping[str, JobDefinition]
) -> Iterator[str]:
    """A sentence for each budget of schedules or tags that fits none of these schedules.

    ``jobs``: those of the workspace that are known; where one is not, nobody knows its tags, and of tags nothing is said.
    """
    given = list(schedules)
    names = sorted({one.name for one in given})
    tags = _list_tags(given, jobs)
    for budget in budgets:
        if budget.scope == "schedule" and not fnfilter(names, budget.name):
            yield _describe(budget, "name", names)
        elif budget.scope == "tag" and tags is not None and budget.name not in tags:
            yield _describe(budget, "tag", tags)


def _list_tags(schedules: Iterable[JobSchedule], jobs: Mapping[str, JobDefinition]) -> list[str] | None:
    """The tags of schedules and of their jobs, each with and without its value; None where a job is not known."""
    found: set[str] = set()
    for schedule in schedules:
        job = effective_job(schedule, jobs.get)
        if job is None and schedule.create_job is not None:
            return None
        for name, value in {**(job.tags if job else {}), **schedule.tags}.items():
            found |= {name, f"{name}={value}"}
    return sorted(found)


def _describe(budget: Budget, what: str, known: Iterable[str]) -> str:
    near = nearest(budget.name, known)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    place = f" ({budget.location.path}:{budget.location.line})" if budget.location else ""
    return f"{budget.title}{place} limits nothing: no schedule here has this {what}{meant}"
