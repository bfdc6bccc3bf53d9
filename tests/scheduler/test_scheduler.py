"""Letting time pass (semantics WS-1, WS-4, WS-5, WS-9, ST-3, ST-4), without anybody looking and with callbacks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pytest_mlschedule import (
    FakeWorkspace,
    InstantRangeError,
    Job,
    MLScheduleError,
    Scheduler,
    ServiceProfile,
    SimulatedClock,
    plan_runs,
)
from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob, Trigger
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger

DAY = timedelta(days=1)
HALF = timedelta(microseconds=500_000)


def at(hour: int = 0, minute: int = 0, second: int = 0, *, day: int = 1) -> datetime:
    return datetime(2026, 1, day, hour, minute, second, tzinfo=UTC)


def put(workspace: FakeWorkspace, name: str, trigger: Trigger | str, **fields: object) -> JobSchedule:
    when = CronTrigger(trigger) if isinstance(trigger, str) else trigger
    given = JobSchedule(name=name, trigger=when, **{"create_job": PipelineJob(), **fields})
    return workspace.schedules.begin_create_or_update(given).result()


def look(job: Job) -> None:
    """A callback that does nothing: time then passes run by run."""


@pytest.fixture(params=["at once", "step by step"])
def scheduler(request: pytest.FixtureRequest) -> Scheduler:
    scheduler = Scheduler(FakeWorkspace())
    if request.param == "step by step":
        scheduler.on_run(look)
    return scheduler


def fired(jobs: list[Job]) -> list[tuple[str | None, datetime | None]]:
    return [(job.schedule, job.trigger_time) for job in jobs]


def times(jobs: list[Job]) -> list[datetime | None]:
    return [job.trigger_time for job in jobs]


def test_ws_9_runs_come_in_time_order_and_ties_by_schedule_name(scheduler: Scheduler) -> None:
    put(scheduler.workspace, "b", "0 3,5 * * *")
    put(scheduler.workspace, "a", "0 4,5 * * *")
    put(scheduler.workspace, "B", "0 5 * * *")
    jobs = scheduler.run_until(at(6))
    assert fired(jobs) == [("b", at(3)), ("a", at(4)), ("B", at(5)), ("a", at(5)), ("b", at(5))]
    assert scheduler.clock.now() == at(6)
    assert jobs == scheduler.workspace.jobs.list()
    assert {job.status for job in jobs} == {"Completed"}


def test_ws_9_the_window_is_half_open(scheduler: Scheduler) -> None:
    put(scheduler.workspace, "a", "0 * * * *")
    assert times(scheduler.run_until(at(2))) == [at(0), at(1)]
    assert times(scheduler.run_until(at(2))) == []
    assert times(scheduler.run_until(at(2, 0, 1))) == [at(2)]
    assert times(scheduler.advance(timedelta(minutes=59, seconds=59))) == []
    assert times(scheduler.advance(timedelta(microseconds=1))) == [at(3)]
    assert scheduler.clock.now() == at(3) + timedelta(microseconds=1)
    assert times(scheduler.run_until(at(4))) == []


def test_ws_9_a_disable_at_the_end_of_a_window_comes_before_the_run_there(scheduler: Scheduler) -> None:
    put(scheduler.workspace, "a", "0 * * * *")
    scheduler.run_until(at(2))
    scheduler.workspace.schedules.begin_disable("a")
    assert scheduler.run_until(at(4)) == []


def test_ws_9_moving_the_clock_by_hand_fires_nothing_and_nothing_is_caught_up(scheduler: Scheduler) -> None:
    put(scheduler.workspace, "a", "0 * * * *")
    scheduler.clock.tick(timedelta(hours=5))
    assert scheduler.workspace.jobs.list() == []
    assert times(scheduler.run_until(at(7))) == [at(5), at(6)]


def test_ws_4_enabling_does_not_catch_up(scheduler: Scheduler) -> None:
    put(scheduler.workspace, "a", "0 * * * *")
    scheduler.run_until(at(2))
    scheduler.workspace.schedules.begin_disable("a")
    assert scheduler.run_until(at(5)) == []
    scheduler.workspace.schedules.begin_enable("a")
    assert times(scheduler.run_until(at(7))) == [at(5), at(6)]


def test_ws_4_enabling_makes_no_job_for_what_was_missed(scheduler: Scheduler) -> None:
    schedules = scheduler.workspace.schedules
    put(scheduler.workspace, "a", "0 * * * *")
    schedules.begin_disable("a")
    scheduler.run_until(at(1) + HALF)
    schedules.begin_enable("a")
    assert schedules.jobs("a") == []
    assert times(scheduler.run_until(at(1, 59))) == []
    assert times(scheduler.run_until(at(2, 30))) == times(schedules.jobs("a")) == [at(2)]


def test_ws_4_enabling_keeps_the_phase(scheduler: Scheduler) -> None:
    put(scheduler.workspace, "a", RecurrenceTrigger("hour", 5))
    scheduler.workspace.schedules.begin_disable("a")
    scheduler.run_until(at(7))
    scheduler.workspace.schedules.begin_enable("a")
    assert times(scheduler.run_until(at(21))) == [at(10), at(15), at(20)]


def test_st_3_an_update_from_a_file_without_start_begins_anew_and_get_put_does_not(scheduler: Scheduler) -> None:
    every_five_hours = RecurrenceTrigger("hour", 5)
    put(scheduler.workspace, "a", every_five_hours)
    assert times(scheduler.run_until(at(7))) == [at(0), at(5)]
    stored = scheduler.workspace.schedules.get("a")
    scheduler.workspace.schedules.begin_create_or_update(stored.replace(description="kept"))
    assert times(scheduler.run_until(at(12))) == [at(10)]
    put(scheduler.workspace, "a", every_five_hours)
    assert times(scheduler.run_until(at(23))) == [at(12), at(17), at(22)]


def test_st_3_a_run_at_creation_within_a_second_fires_in_that_second(scheduler: Scheduler) -> None:
    """Its time is the second's start; it comes once, and the clock does not go back for it."""
    scheduler.clock.tick(HALF)
    seen: list[datetime] = []
    scheduler.clock.subscribe(seen.append)
    put(scheduler.workspace, "a", RecurrenceTrigger("hour", 1))
    put(scheduler.workspace, "b", "* * * * *")
    put(scheduler.workspace, "c", RecurrenceTrigger("hour", 1, start_time="2026-01-01T00:00:00"))
    assert fired(scheduler.run_until(at() + HALF)) == [("a", at(0))]
    assert fired(scheduler.advance(HALF / 2)) == []
    assert fired(scheduler.run_until(at(1, 0, 1)))[-2:] == [("b", at(1)), ("c", at(1))]
    assert seen == sorted(seen)
    assert seen[0] == at() + HALF
    assert times(scheduler.workspace.schedules.jobs("a")) == [at(0), at(1)]


@pytest.mark.parametrize(("tick", "count"), [(HALF / 2, 1), (HALF, 0), (HALF * 2, 0)])
def test_st_3_a_run_at_creation_is_lost_when_the_clock_is_moved_past_its_second(
    scheduler: Scheduler, tick: timedelta, count: int
) -> None:
    scheduler.clock.tick(HALF)
    put(scheduler.workspace, "a", RecurrenceTrigger("hour", 1))
    scheduler.clock.tick(tick)
    assert times(scheduler.run_until(at(0, 59))) == [at(0)] * count


def test_st_3_disable_and_enable_within_the_second_of_creation_leave_its_run_pending(scheduler: Scheduler) -> None:
    schedules = scheduler.workspace.schedules
    scheduler.clock.tick(HALF)
    put(scheduler.workspace, "a", RecurrenceTrigger("hour", 1))
    for switch in (schedules.begin_disable, schedules.begin_enable):
        scheduler.clock.tick(HALF / 4)
        switch("a")
    assert times(scheduler.run_until(at(0, 59))) == [at(0)]
    put(scheduler.workspace, "b", RecurrenceTrigger("hour", 1))
    schedules.begin_disable("b")
    scheduler.clock.tick(timedelta(seconds=1))
    schedules.begin_enable("b")
    assert fired(scheduler.run_until(at(1, 30))) == [("a", at(1))]


def test_ws_4_an_occurrence_earlier_in_the_second_of_enabling_is_not_caught_up(scheduler: Scheduler) -> None:
    put(scheduler.workspace, "a", "0 * * * *")
    scheduler.workspace.schedules.begin_disable("a")
    scheduler.run_until(at() + HALF)
    scheduler.workspace.schedules.begin_enable("a")
    assert times(scheduler.run_until(at(1, 30))) == [at(1)]


def test_st_4_nothing_fires_before_creation_and_a_run_at_creation_does() -> None:
    """The example of the Logic Apps documentation: start 2017-09-07 14:00Z, every 2 days, now 2017-09-08 13:00Z."""
    workspace = FakeWorkspace(clock=SimulatedClock(datetime(2017, 9, 8, 13, tzinfo=UTC)))
    put(workspace, "a", RecurrenceTrigger("day", 2, start_time="2017-09-07T14:00:00Z"))
    jobs = Scheduler(workspace).run_until(datetime(2017, 9, 14, tzinfo=UTC))
    assert times(jobs) == [datetime(2017, 9, day, 14, tzinfo=UTC) for day in (9, 11, 13)]
    put(workspace, "b", RecurrenceTrigger("day", 1, start_time="2017-09-01T00:00:00Z"))
    assert fired(Scheduler(workspace).advance(timedelta(minutes=1))) == [("b", datetime(2017, 9, 14, tzinfo=UTC))]


def test_ws_5_triggering_by_hand_moves_nothing(scheduler: Scheduler) -> None:
    put(scheduler.workspace, "a", "0 * * * *")
    scheduler.run_until(at(1, 30))
    scheduler.workspace.schedules.trigger("a")
    scheduler.workspace.schedules.trigger("a", schedule_time=at(2))
    assert times(scheduler.run_until(at(3))) == [at(2)]
    assert times(scheduler.workspace.schedules.jobs("a")) == [at(0), at(1), at(1, 30), at(2), at(2)]
    assert len({job.name for job in scheduler.workspace.jobs.list()}) == 5


@pytest.mark.parametrize("look_at_runs", [[], [look]])
def test_ws_1_nothing_fires_while_a_schedule_is_being_created_or_updated(
    look_at_runs: list[Callable[[Job], None]],
) -> None:
    workspace = FakeWorkspace(profile=ServiceProfile(provisioning_delay=timedelta(minutes=90)))
    scheduler = Scheduler(workspace)
    for callback in look_at_runs:
        scheduler.on_run(callback)
    put(workspace, "a", "0,30 * * * *")
    assert times(scheduler.run_until(at(2, 30))) == [at(1, 30), at(2)]
    put(workspace, "a", "15,30 * * * *")
    assert times(scheduler.run_until(at(4, 30))) == [at(4), at(4, 15)][1:]
    workspace.schedules.begin_enable("a")
    assert times(scheduler.run_until(at(6, 30))) == [at(6, 15)]


def test_a_schedule_ends_with_its_end_time(scheduler: Scheduler) -> None:
    put(scheduler.workspace, "a", CronTrigger("0 * * * *", end_time="2026-01-01T02:00:00"))
    assert times(scheduler.run_until(at(5))) == [at(0), at(1), at(2)]


def test_a_deleted_schedule_does_not_fire(scheduler: Scheduler) -> None:
    put(scheduler.workspace, "a", "0 * * * *")
    scheduler.workspace.schedules.begin_disable("a")
    scheduler.workspace.schedules.begin_delete("a")
    assert scheduler.run_until(at(5)) == []


def test_st_7_an_instant_first_run_is_one_run() -> None:
    workspace = FakeWorkspace(clock=SimulatedClock(at(1, 30)), profile=ServiceProfile(first_run="instant"))
    put(workspace, "a", "0 * * * *")
    scheduler = Scheduler(workspace)
    assert times(scheduler.run_until(at(3))) == [at(1, 30), at(2)]
    workspace.schedules.begin_disable("a")
    workspace.schedules.begin_enable("a")
    assert times(scheduler.run_until(at(4))) == [at(3)]


def test_instants_are_aware_and_may_be_in_any_zone(scheduler: Scheduler) -> None:
    put(scheduler.workspace, "a", "0 * * * *")
    jobs = scheduler.run_until(datetime(2025, 12, 31, 18, 30, tzinfo=timezone(timedelta(hours=-7))))
    assert times(jobs) == [at(0), at(1)]
    assert scheduler.clock.now() == at(1, 30)


@pytest.mark.parametrize(
    ("instant", "error", "text"),
    [
        (datetime(2026, 1, 2), TypeError, "naive"),
        (
            datetime(2025, 12, 31, tzinfo=UTC),
            ValueError,
            "the clock stands at 2026-01-01T00:00:00\\+00:00 and only moves forward",
        ),
        (datetime(2300, 1, 1, tzinfo=UTC), InstantRangeError, "1970 to 2200"),
        ("2026-01-02", TypeError, "aware datetime"),
    ],
)
def test_bad_instants_are_refused_before_anything_fires(instant: datetime, error: type[Exception], text: str) -> None:
    scheduler = Scheduler(FakeWorkspace())
    put(scheduler.workspace, "a", "0 * * * *")
    with pytest.raises(error, match=text):
        scheduler.run_until(instant)
    with pytest.raises(ValueError, match="only moves forward"):
        scheduler.advance(timedelta(seconds=-1))
    with pytest.raises(InstantRangeError, match="outside the supported years 1970 to 2200"):
        scheduler.advance(timedelta.max)
    assert (scheduler.workspace.jobs.list(), scheduler.clock.now()) == ([], at(0))


def test_the_clock_is_the_workspaces_own() -> None:
    workspace = FakeWorkspace()
    assert Scheduler(workspace, workspace.clock).clock is workspace.clock
    with pytest.raises(ValueError, match="its workspace's own clock"):
        Scheduler(workspace, SimulatedClock(at(0)))
    assert repr(Scheduler(workspace)) == f"<Scheduler of {workspace!r}>"


def test_a_scheduler_on_a_view_works_on_the_same_workspace() -> None:
    workspace = FakeWorkspace()
    put(workspace, "a", "0 * * * *")
    assert len(Scheduler(workspace.as_role("Reader")).run_until(at(2))) == 2
    assert len(workspace.jobs.list()) == 2


def test_the_clock_moves_once_when_nobody_looks_and_to_every_run_when_somebody_does() -> None:
    workspace = FakeWorkspace()
    seen: list[datetime] = []
    workspace.clock.subscribe(seen.append)
    put(workspace, "a", "0 * * * *")
    scheduler = Scheduler(workspace)
    scheduler.run_until(at(2))
    assert seen == [at(2)]
    scheduler.on_run(look)
    scheduler.run_until(at(4))
    assert seen == [at(2), at(2), at(3), at(4)]


def test_outcomes_say_how_jobs_end(scheduler: Scheduler) -> None:
    put(scheduler.workspace, "a", "0 * * * *")
    put(scheduler.workspace, "b", "0 * * * *")
    scheduler.outcomes["a"] = "Failed"
    assert [job.status for job in scheduler.run_until(at(2))] == ["Failed", "Completed", "Failed", "Completed"]
    scheduler.outcomes["b"] = lambda job: "Canceled" if job.trigger_time == at(3) else None
    assert [job.status for job in scheduler.run_until(at(4))] == ["Failed", "Completed", "Failed", "Canceled"]
    assert [job.status for job in scheduler.workspace.schedules.jobs("b")] == ["Completed"] * 3 + ["Canceled"]
    assert (set(scheduler.outcomes), len(scheduler.outcomes)) == ({"a", "b"}, 2)
    del scheduler.outcomes["a"]
    assert scheduler.run_until(at(5))[0].status == "Completed"


def test_an_outcome_is_a_status() -> None:
    scheduler = Scheduler(FakeWorkspace())
    with pytest.raises(ValueError, match="'failed' is not a job status"):
        scheduler.outcomes["a"] = "failed"
    scheduler.outcomes["a"] = "Failed"
    assert repr(scheduler.outcomes) == "Outcomes({'a': 'Failed'})"


def test_run_until_is_not_called_from_a_callback(scheduler: Scheduler) -> None:
    put(scheduler.workspace, "a", "0 * * * *")
    for call in (lambda job: scheduler.advance(DAY), lambda job: Scheduler(scheduler.workspace).run_until(at(5))):
        stop = scheduler.on_run(call)
        with pytest.raises(MLScheduleError, match="a callback sees one instant and cannot let time pass"):
            scheduler.run_until(at(5))
        stop()
    assert times(scheduler.run_until(at(3))) == [at(2)]


def test_jb_8_a_plan_takes_the_jobs_that_a_workspace_lists() -> None:
    """References mean the same in both, to registered jobs and to triggered ones."""
    workspace = FakeWorkspace()
    scheduler = Scheduler(workspace)
    workspace.jobs.create_or_update(PipelineJob(name="base", inputs={"rows": 7}))
    put(workspace, "unknown", RecurrenceTrigger("day", 30), create_job="nobody")
    put(workspace, "first", RecurrenceTrigger("day", 30), create_job="base")
    [job, _] = scheduler.run_until(at(1))
    daily = CronTrigger("0 3 * * *")
    given = [
        JobSchedule(name="a", trigger=daily, create_job="base"),
        JobSchedule(name="b", trigger=daily, create_job=job.name),
    ]
    plan = plan_runs(given, at(1), at(4), jobs=workspace.jobs.list())
    for schedule in given:
        workspace.schedules.begin_create_or_update(schedule)
    jobs = scheduler.run_until(at(4))
    assert [(run.inputs, run.experiment_name) for run in plan] == [(job.inputs, job.experiment_name) for job in jobs]
    assert [run.experiment_name for run in plan] == ["a", "first"]
