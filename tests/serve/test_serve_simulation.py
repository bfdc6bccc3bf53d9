"""What runs next, as plans and the scheduler say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule import CronTrigger, FakeWorkspace, JobSchedule, RecurrenceTrigger, SimulatedClock, plan_runs
from pytest_mlschedule.errors import MLScheduleError
from pytest_mlschedule.serve.simulation import Simulation

START = datetime(2026, 3, 6, 12, tzinfo=UTC)
ZONES = ("UTC", "Pacific Standard Time", "W. Europe Standard Time", "India Standard Time")


def cron(name: str, expression: str, zone: str = "UTC", **more: str) -> JobSchedule:
    return JobSchedule(name=name, trigger=CronTrigger(expression, time_zone=zone, **more), create_job="azureml:train")


def put(schedules: list[JobSchedule], now: datetime = START) -> Simulation:
    workspace = FakeWorkspace(clock=SimulatedClock(now))
    for schedule in schedules:
        workspace.schedules.begin_create_or_update(schedule)
    return Simulation(workspace)


crons = st.builds(
    lambda minute, hour, days: f"{minute} {hour} * * {days}",
    st.sampled_from(["0", "30", "*/20", "5,50"]),
    st.sampled_from(["*", "2", "1-3", "23"]),
    st.sampled_from(["*", "MON-FRI", "SUN"]),
)
estates = st.lists(st.tuples(crons, st.sampled_from(ZONES)), max_size=4).map(
    lambda found: [cron(f"s{index}", expression, zone) for index, (expression, zone) in enumerate(found)]
)


@settings(max_examples=40, deadline=None)
@given(schedules=estates, moved=st.integers(0, 100), number=st.integers(0, 30))
def test_next_runs_are_those_of_the_plan_and_of_the_scheduler(
    schedules: list[JobSchedule], moved: int, number: int
) -> None:
    simulation = put(schedules)
    simulation.run_until(START + timedelta(hours=moved))
    runs = simulation.next_runs(number)
    plan = plan_runs(schedules, simulation.now, START + timedelta(days=300), created_at=START)
    assert [(run.schedule, run.at, run.local, run.display_name) for run in runs] == [
        (run.schedule, run.trigger_time, run.local_time, run.display_name) for run in plan.runs[:number]
    ]
    first = {run.schedule: run.trigger_time for run in reversed(plan.runs)}
    assert {name: run.at for name, run in simulation.first_runs().items()} == first
    if runs:
        jobs = simulation.run_until(runs[-1].at + timedelta(seconds=1))
        assert [job.display_name for job in jobs][: len(runs)] == [run.display_name for run in runs]


def test_runs_are_on_the_clocks_of_their_schedules() -> None:
    simulation = put([cron("nightly", "30 2 * * *", "Pacific Standard Time")])
    assert [f"{run.local:%d %H:%M %z}" for run in simulation.next_runs(3)] == [
        "07 02:30 -0800",
        "08 03:30 -0700",
        "09 02:30 -0700",
    ]


def test_disabled_schedules_run_no_more() -> None:
    simulation = put([cron("a", "0 3 * * *"), cron("b", "0 4 * * *")])
    simulation.workspace.schedules.begin_disable("a")
    assert {run.schedule for run in simulation.next_runs(5)} == set(simulation.first_runs()) == {"b"}
    assert [schedule.name for schedule in simulation.schedules()] == ["a", "b"]


def test_a_schedule_that_ends_has_no_more_runs() -> None:
    simulation = put([cron("a", "0 3 * * *", end_time="2026-03-08T03:00:00"), cron("b", "0 4 * * SUN")])
    assert [run.schedule for run in simulation.next_runs(5)] == ["a", "a", "b", "b", "b"]
    simulation.run_until(START + timedelta(days=9))
    assert list(simulation.first_runs()) == ["b"]


def test_what_fired_does_not_run_again() -> None:
    now = START + timedelta(milliseconds=500)
    every = RecurrenceTrigger("hour", 1)
    simulation = put([JobSchedule(name="hourly", trigger=every, create_job="azureml:train")], now)
    assert simulation.next_runs(1)[0].at == START
    assert len(simulation.run_until(now)) == 1
    assert simulation.next_runs(1)[0].at == START + timedelta(hours=1)


def test_jobs_are_counted_by_schedule() -> None:
    simulation = put([cron("a", "0 * * * *"), cron("b", "0 4 * * *")])
    assert simulation.count_jobs() == {}
    for day in (1, 2):
        simulation.run_until(START + timedelta(days=day))
        assert simulation.count_jobs() == {"a": 24 * day, "b": day}
    simulation.workspace.schedules.trigger("b")
    assert simulation.count_jobs()["b"] == 3
    assert [job.schedule for job in simulation.last_jobs(2)] == ["b", "a"]
    assert len(simulation.last_jobs(1000)) == 51


@pytest.mark.parametrize("days", [347, 348])
def test_one_move_makes_half_a_million_jobs_at_most(days: int) -> None:
    simulation = put([cron("dense", "* * * * *")])
    end = START + timedelta(days=days)
    if days * 1440 <= 500_000:
        assert len(simulation.run_until(end)) == days * 1440
    else:
        with pytest.raises(
            MLScheduleError, match=r"^501,120 jobs would run until then, and one move makes at most 500,000"
        ):
            simulation.run_until(end)
        assert simulation.now == START
