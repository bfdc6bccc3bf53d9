"""Estates of schedules to look at, and their runs counted without the page: by zoneinfo, run by run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from pytest_mlschedule import CronTrigger, JobSchedule, PipelineJob, Plan, plan_runs
from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.durations import Duration
from pytest_mlschedule.costs.estimating import make_estimate
from pytest_mlschedule.costs.rates import Rates
from pytest_mlschedule.costs.run_durations import RunDurations
from pytest_mlschedule.costs.settings import CostSettings
from pytest_mlschedule.planning.estimates import describe_part, estimate_runs
from pytest_mlschedule.planning.run import PlannedRun
from pytest_mlschedule.report.page.content import PageContent, PageFindings
from pytest_mlschedule.report.page.pieces import read_pieces

START = datetime(2026, 3, 1, tzinfo=UTC)
NOW = datetime(2026, 2, 20, 9, 30, tzinfo=UTC)
PACIFIC, BERLIN, INDIA = "Pacific Standard Time", "W. Europe Standard Time", "India Standard Time"
ZONES = (PACIFIC, BERLIN, INDIA, "UTC", "AUS Eastern Standard Time", "Newfoundland Standard Time")
COMPUTES = (Compute(name="cpu", size="Standard_DS3_v2", region="eastus", max_nodes=3), Compute(name="gpu", max_nodes=2))
Clock = Callable[[PlannedRun], tzinfo]


def build(name: str, expression: str, zone: str = "UTC", compute: str = "cpu", **more: Any) -> JobSchedule:
    trigger = CronTrigger(expression, time_zone=zone, start_time="2026-01-01T00:00:00")
    job = PipelineJob(settings={"default_compute": f"azureml:{compute}"}, experiment_name=f"{name}-runs")
    return JobSchedule(name=name, trigger=trigger, create_job=job, **more)


def some_schedules() -> list[JobSchedule]:
    """Six schedules in four zones, one disabled; both clock changes of March touch one."""
    return [
        build("nightly", "30 2 * * *", PACIFIC, display_name="Nightly scoring", tags={"team": "churn"}),
        build("hourly", "15 8-17 * * MON-FRI", BERLIN, tags={"team": "sales"}),
        build("early", "30 2 * * *", BERLIN, "gpu"),
        build("weekly", "45 23 * * SUN", INDIA, "gpu", description="learns from the last week"),
        build("dense", "*/20 * * * *", "UTC", tags={"team": "churn"}),
        build("paused", "0 0 * * *", is_enabled=False),
    ]


def make_content(schedules: list[JobSchedule], days: int = 45, start: datetime = START, **more: Any) -> PageContent:
    return PageContent(
        plan=plan_runs(schedules, start, start + timedelta(days=days)), made_at=NOW, title="Schedules", **more
    )


@cache
def some_content() -> PageContent:
    """Those schedules with durations, but for the weekly one."""
    made = make_content(some_schedules())
    durations = {"nightly": "2h", "hourly": "50m", "early": "3h", "dense": "25m", "paused": "1m"}
    estimate = estimate_runs(made.plan, durations=durations, computes=COMPUTES)
    return PageContent(
        plan=made.plan,
        made_at=NOW,
        title="Schedules",
        findings=PageFindings(),
        pieces=read_pieces(made.plan, estimate),
        computes={compute.name: compute for compute in COMPUTES},
        estimate=estimate.to_dict(),
        no_estimate="No prices were given.",
    )


@cache
def large_content(number: int = 1000, days: int = 90) -> PageContent:
    """Many schedules of all rhythms on four computes."""
    dice = Random(4)
    rhythms = (
        ["{m} {h} * * *"] * 5
        + ["{m} {h} * * MON-FRI"] * 3
        + ["{m} 6,10,14,18 * * MON-FRI", "{m} * * * *", "{m} {h} * * SUN", "*/15 8-18 * * MON-FRI"]
    )
    computes = [Compute(name=f"cpu-{index}", max_nodes=200) for index in range(4)]
    schedules = [
        build(
            f"{dice.choice(['score', 'train', 'features', 'report'])}-{index:04d}",
            dice.choice(rhythms).format(m=dice.randrange(60), h=dice.randrange(24)),
            dice.choice(ZONES),
            dice.choice(computes).name,
            tags={"team": dice.choice(["churn", "sales", "risk"])},
        )
        for index in range(number)
    ]
    made = make_content(schedules, days)
    durations = {schedule.name: Duration(60 * dice.randrange(3, 120)) for schedule in schedules}
    settings = CostSettings(computes={compute.name: compute for compute in computes})
    rates = Rates(durations=RunDurations(configured=durations), settings=settings)
    estimate = make_estimate(map(describe_part, made.plan.parts), made.plan.window, rates)
    return PageContent(
        plan=made.plan,
        made_at=NOW,
        title="A thousand schedules",
        pieces=read_pieces(made.plan, estimate),
        computes={compute.name: compute for compute in computes},
        estimate=estimate.to_dict(),
    )


def own_clock(run: PlannedRun) -> tzinfo:
    """The zone of the run's schedule."""
    found = run.local_time.tzinfo
    assert found is not None
    return found


def clock_of(key: str) -> Clock:
    return lambda _: ZoneInfo(key)


def count_days(plan: Plan, clock: Clock, *names: str) -> dict[str, int]:
    """Runs by day, on the clocks of a zone; of some schedules, or all."""
    return Counter(
        f"{run.trigger_time.astimezone(clock(run)):%Y-%m-%d}" for run in plan if not names or run.schedule in names
    )


def count_hours(plan: Plan, clock: Clock, *names: str) -> dict[int, int]:
    """Runs by hour of the week, 0 is Monday 00:00."""
    local = (run.trigger_time.astimezone(clock(run)) for run in plan if not names or run.schedule in names)
    return Counter(moment.weekday() * 24 + moment.hour for moment in local)
