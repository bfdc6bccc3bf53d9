"""Small plans for the tests of differences: 30 days from Sunday 2026-03-01, schedules by expression and job."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from pytest_mlschedule import CronTrigger, JobSchedule, PipelineJob, Plan, ScheduleDiff, diff_plans, plan_runs
from pytest_mlschedule.schedules.models import Trigger

START = datetime(2026, 3, 1, tzinfo=UTC)
MONTH = timedelta(days=30)
DATE = "${{creation_context.trigger_time}}"


def cron(expression: str, time_zone: str = "UTC", end: str | None = None) -> CronTrigger:
    return CronTrigger(expression, "2026-01-01T00:00:00", end, time_zone)


def schedule(trigger: str | Trigger, name: str = "a", time_zone: str = "UTC", **job: object) -> JobSchedule:
    when = cron(trigger, time_zone) if isinstance(trigger, str) else trigger
    return JobSchedule(name=name, trigger=when, create_job=PipelineJob(**job))


def plan(*schedules: JobSchedule, start: datetime = START, length: timedelta = MONTH, **settings: object) -> Plan:
    return plan_runs(schedules, start, start + length, **settings)  # type: ignore[arg-type]


def recorded(given: Plan) -> Plan:
    """The plan as somebody saved it and read it back."""
    return Plan.from_dict(json.loads(json.dumps(given.to_dict())))


def diff(old: JobSchedule | Plan, new: JobSchedule | Plan, **window: object) -> ScheduleDiff:
    """The one difference between one schedule and another of the same name."""
    plans = [side if isinstance(side, Plan) else plan(side, **window) for side in (old, new)]  # type: ignore[arg-type]
    (found,) = diff_plans(*plans).schedules
    return found


def counts(found: ScheduleDiff) -> dict[str, int]:
    """What is not 0 of the four classes."""
    names = ("lost", "gained", "moved", "moved_by_dst")
    return {name: number for name in names if (number := getattr(found, name))}


def fields(found: ScheduleDiff) -> dict[str, tuple[object, object]]:
    """Old and new by name; None where a side has none."""
    data = found.to_dict()["fields"]
    return {item["name"]: (item["old"], item["new"]) for item in data}
