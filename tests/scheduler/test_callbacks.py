"""Callbacks that look, change the workspace, or fail (semantics WS-9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from pytest_mlschedule import FakeWorkspace, Job, Scheduler
from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob, Trigger
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger


def at(hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 1, 1, hour, minute, second, tzinfo=UTC)


def schedule(name: str, trigger: Trigger | str = "0 * * * *") -> JobSchedule:
    when = CronTrigger(trigger) if isinstance(trigger, str) else trigger
    return JobSchedule(name=name, trigger=when, create_job=PipelineJob())


@pytest.fixture
def scheduler() -> Scheduler:
    scheduler = Scheduler(FakeWorkspace())
    for name in ("a", "b", "c"):
        scheduler.workspace.schedules.begin_create_or_update(schedule(name))
    return scheduler


def run(scheduler: Scheduler, until: datetime, change: Callable[[Job], object]) -> list[str]:
    """The schedules fired and their hours, with ``change`` called at every run."""
    stop = scheduler.on_run(change)
    jobs = scheduler.run_until(until)
    stop()
    return [f"{job.schedule}{job.trigger_time:%H}" for job in jobs if job.trigger_time]


def test_ws_9_a_callback_gets_the_job_with_the_clock_at_its_instant(scheduler: Scheduler) -> None:
    seen = []

    def look(job: Job) -> None:
        seen.append((job.schedule, job.trigger_time, scheduler.clock.now()))
        assert scheduler.workspace.jobs.get(job.name) == job
        assert scheduler.workspace.schedules.jobs(job.schedule or "")[-1] == job

    run(scheduler, at(2), look)
    assert seen == [(name, at(hour), at(hour)) for hour in (0, 1) for name in "abc"]
    assert scheduler.clock.now() == at(2)


def test_ws_9_a_callback_may_disable_its_own_schedule(scheduler: Scheduler) -> None:
    schedules = scheduler.workspace.schedules
    found = run(scheduler, at(3), lambda job: job.schedule == "b" and schedules.begin_disable("b"))
    assert found == ["a00", "b00", "c00", "a01", "c01", "a02", "c02"]


def test_ws_9_a_callback_may_disable_another_schedule_at_the_same_instant(scheduler: Scheduler) -> None:
    schedules = scheduler.workspace.schedules
    found = run(scheduler, at(2), lambda job: job.schedule == "a" and schedules.begin_disable("b"))
    assert found == ["a00", "c00", "a01", "c01"]


def test_ws_9_disable_and_enable_at_one_instant_leave_the_run_pending(scheduler: Scheduler) -> None:
    schedules = scheduler.workspace.schedules

    def flip(job: Job) -> None:
        if job.schedule == "a":
            schedules.begin_disable("b")
            schedules.begin_enable("b")

    assert run(scheduler, at(2), flip) == ["a00", "b00", "c00", "a01", "b01", "c01"]


def test_ws_9_a_callback_may_delete_a_schedule(scheduler: Scheduler) -> None:
    schedules = scheduler.workspace.schedules

    def delete(job: Job) -> None:
        if (job.schedule, job.trigger_time) == ("a", at(0)):
            schedules.begin_disable("b")
            schedules.begin_delete("b").result()

    assert run(scheduler, at(2), delete) == ["a00", "c00", "a01", "c01"]


@pytest.mark.parametrize(("name", "expected"), [("d", ["c00", "d00"]), ("Z", ["Z00"])])
def test_ws_9_a_schedule_created_at_an_instant_fires_at_that_instant(
    scheduler: Scheduler, name: str, expected: list[str]
) -> None:
    schedules = scheduler.workspace.schedules

    def create(job: Job) -> None:
        if job.schedule == "b" and job.trigger_time == at(0):
            schedules.begin_create_or_update(schedule(name))

    found = run(scheduler, at(1), create)
    assert found[2 : 2 + len(expected)] == expected
    assert sorted(found) == sorted(["a00", "b00", "c00", f"{name}00"])


def test_ws_9_a_schedule_created_between_occurrences_waits_for_its_next(scheduler: Scheduler) -> None:
    schedules = scheduler.workspace.schedules

    def create(job: Job) -> None:
        if job.trigger_time == at(0) and job.schedule == "a":
            schedules.begin_create_or_update(schedule("d", "30 * * * *"))

    scheduler.on_run(create)
    jobs = scheduler.run_until(at(1, 1))
    assert [f"{job.schedule}{job.trigger_time:%H%M}" for job in jobs if job.trigger_time] == [
        *("a0000", "b0000", "c0000", "d0030", "a0100", "b0100", "c0100"),
    ]


def test_ws_9_an_update_replaces_the_timetable_from_its_instant_on(scheduler: Scheduler) -> None:
    schedules = scheduler.workspace.schedules

    def update(job: Job) -> None:
        if job.schedule == "a" and job.trigger_time == at(1):
            schedules.begin_create_or_update(schedule("b", "0 1,4 * * *"))
            schedules.begin_create_or_update(schedule("c", "0 3 * * *"))

    found = run(scheduler, at(6), update)
    assert found == ["a00", "b00", "c00", "a01", "b01", "a02", "a03", "c03", "a04", "b04", "a05"]


def test_ws_9_a_name_fires_once_at_one_instant_even_if_it_is_made_anew_there() -> None:
    """Without a start a recurrence fires at its creation: putting it at every run must not run for ever."""
    scheduler = Scheduler(FakeWorkspace())
    schedules = scheduler.workspace.schedules
    again = schedule("a", RecurrenceTrigger("hour", 2))
    schedules.begin_create_or_update(again)
    assert run(scheduler, at(5), lambda job: schedules.begin_create_or_update(again)) == ["a00", "a02", "a04"]

    def make_anew(job: Job) -> None:
        schedules.begin_disable("a")
        schedules.begin_delete("a")
        schedules.begin_create_or_update(again)

    assert run(scheduler, at(9), make_anew) == ["a06", "a08"]


def test_ws_9_a_callback_that_moves_the_clock_skips_what_lies_between(scheduler: Scheduler) -> None:
    def jump(job: Job) -> None:
        if (job.schedule, job.trigger_time) == ("b", at(1)):
            scheduler.clock.move_to(at(3, 30))

    assert run(scheduler, at(5), jump) == ["a00", "b00", "c00", "a01", "b01", "a04", "b04", "c04"]


def test_ws_9_a_callback_that_moves_the_clock_past_the_end(scheduler: Scheduler) -> None:
    assert run(scheduler, at(5), lambda job: scheduler.clock.move_to(at(8, 0, 1))) == ["a00"]
    assert scheduler.clock.now() == at(8, 0, 1)
    assert [job.schedule for job in scheduler.run_until(at(9, 0, 1))] == ["a", "b", "c"]


def test_listeners_of_the_clock_may_change_the_workspace_too(scheduler: Scheduler) -> None:
    schedules = scheduler.workspace.schedules
    stop = scheduler.clock.subscribe(lambda now: now == at(1) and schedules.begin_disable("a"))
    assert run(scheduler, at(3), lambda job: None) == ["a00", "b00", "c00", "b01", "c01", "b02", "c02"]
    stop()


def test_listeners_of_the_clock_may_move_the_run_that_they_are_told_of() -> None:
    scheduler = Scheduler(FakeWorkspace())
    schedules = scheduler.workspace.schedules
    schedules.begin_create_or_update(schedule("a", "0 1 * * *"))
    later = schedule("a", "0 2 * * *")
    scheduler.clock.subscribe(lambda now: now == at(1) and schedules.begin_create_or_update(later))
    assert run(scheduler, at(3), lambda job: None) == ["a02"]


def test_triggering_by_hand_in_a_callback_calls_no_callback(scheduler: Scheduler) -> None:
    schedules = scheduler.workspace.schedules
    assert run(scheduler, at(1), lambda job: schedules.trigger("a")) == ["a00", "b00", "c00"]
    assert len(schedules.jobs("a")) == 4
    assert len({job.name for job in schedules.jobs("a")}) == 4


def test_callbacks_come_in_order_and_can_be_ended(scheduler: Scheduler) -> None:
    seen: list[str] = []
    stops = [scheduler.on_run(lambda job, mark=mark: seen.append(f"{mark}{job.schedule}")) for mark in "12"]
    scheduler.run_until(at(0, 1))
    stops[0]()
    stops[0]()
    scheduler.run_until(at(1, 1))
    assert seen == ["1a", "2a", "1b", "2b", "1c", "2c", "2a", "2b", "2c"]


def test_a_callback_may_end_itself(scheduler: Scheduler) -> None:
    seen: list[str | None] = []
    stop = scheduler.on_run(lambda job: (seen.append(job.schedule), stop()))
    scheduler.run_until(at(1))
    assert seen == ["a"]


def test_what_a_callback_returns_is_how_the_job_ends(scheduler: Scheduler) -> None:
    scheduler.on_run(lambda job: {"a": "Failed", "b": None, "c": 7}[job.schedule or ""])
    assert [job.status for job in scheduler.run_until(at(1))] == ["Failed", "Completed", "Completed"]
    assert [job.status for job in scheduler.workspace.jobs.list()] == ["Failed", "Completed", "Completed"]


def test_what_a_callback_returns_beside_a_status_is_ignored(scheduler: Scheduler) -> None:
    names: list[str] = []
    scheduler.on_run(lambda job: job.name)
    scheduler.on_run(lambda job: "failed")
    scheduler.on_run(lambda job: names.append(job.name) or ["Failed"])
    jobs = scheduler.run_until(at(1))
    assert [job.status for job in jobs] == ["Completed"] * 3
    assert names == [job.name for job in jobs]


def test_the_last_word_of_callbacks_and_outcomes_counts(scheduler: Scheduler) -> None:
    seen = []
    scheduler.outcomes["a"] = lambda job: "Failed"
    scheduler.on_run(lambda job: seen.append(job.status))
    scheduler.on_run(lambda job: "Canceled" if job.schedule == "a" else None)
    assert [job.status for job in scheduler.run_until(at(1))] == ["Canceled", "Completed", "Completed"]
    assert seen == ["Failed", "Completed", "Completed"]


def test_a_running_job_may_be_canceled_by_a_later_run(scheduler: Scheduler) -> None:
    scheduler.outcomes["a"] = "Running"

    def cancel(job: Job) -> None:
        for running in scheduler.workspace.jobs.list(query="[?status=='Running']"):
            if job.schedule == "c":
                scheduler.workspace.jobs.begin_cancel(running.name)

    scheduler.on_run(cancel)
    assert [job.status for job in scheduler.run_until(at(1))] == ["Canceled", "Completed", "Completed"]


def test_an_outcome_that_is_no_status_is_an_error_with_the_place(scheduler: Scheduler) -> None:
    scheduler.outcomes["a"] = lambda job: "failed"
    with pytest.raises(ValueError, match="'failed' is not a job status") as caught:
        scheduler.run_until(at(1))
    assert "schedule 'a' ran at 2026-01-01T00:00:00Z" in caught.value.__notes__[0]


class BoomError(Exception):
    pass


@pytest.mark.parametrize("kind", [BoomError, AssertionError, KeyboardInterrupt, pytest.fail.Exception])
def test_ws_9_a_callback_that_raises_names_schedule_and_instant_and_leaves_the_rest_pending(
    scheduler: Scheduler, kind: type[BaseException]
) -> None:
    def fail(job: Job) -> None:
        if (job.schedule, job.trigger_time) == ("b", at(1)):
            raise kind("no")

    stop = scheduler.on_run(fail)
    with pytest.raises(kind) as caught:
        scheduler.run_until(at(3))
    [job] = [job for job in scheduler.workspace.schedules.jobs("b") if job.trigger_time == at(1)]
    assert caught.value.__notes__ == [f"raised while schedule 'b' ran at 2026-01-01T01:00:00Z (job {job.name})"]
    assert scheduler.clock.now() == at(1)
    done = [f"{job.schedule}{job.trigger_time:%H}" for job in scheduler.workspace.jobs.list() if job.trigger_time]
    assert done == ["a00", "b00", "c00", "a01", "b01"]
    stop()
    assert [f"{j.schedule}{j.trigger_time:%H}" for j in scheduler.run_until(at(3)) if j.trigger_time] == [
        *("c01", "a02", "b02", "c02")
    ]


def test_ws_9_the_same_after_a_failure_with_another_callback(scheduler: Scheduler) -> None:
    scheduler.outcomes["a"] = lambda job: 1 / 0  # type: ignore[assignment, return-value]
    with pytest.raises(ZeroDivisionError) as caught:
        scheduler.run_until(at(2))
    assert "schedule 'a' ran at" in caught.value.__notes__[0]
    del scheduler.outcomes["a"]
    scheduler.workspace.schedules.begin_disable("b")
    assert run(scheduler, at(2), lambda job: None) == ["c00", "a01", "c01"]


def test_ws_9_the_note_is_shown_by_pytest(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from datetime import timedelta
        from pytest_mlschedule import FakeWorkspace, Scheduler
        from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob
        from pytest_mlschedule.triggers.cron import CronTrigger

        def test_it():
            scheduler = Scheduler(FakeWorkspace())
            nightly = JobSchedule(name="nightly", trigger=CronTrigger("0 3 * * *"), create_job=PipelineJob())
            scheduler.workspace.schedules.begin_create_or_update(nightly)

            def check(job):
                assert job.status == "Failed"

            scheduler.on_run(check)
            scheduler.advance(timedelta(days=1))
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:randomly", "-p", "no:asyncio", "-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*AssertionError: assert 'Completed' == 'Failed'",
            "*raised while schedule 'nightly' ran at 2026-01-01T03:00:00Z (job nightly-*)",
        ]
    )


def test_the_interval_between_a_failure_and_the_next_call_is_not_lost(scheduler: Scheduler) -> None:
    """After a failure the clock may be moved by hand: what is skipped so stays skipped."""

    def fail(job: Job) -> None:
        raise BoomError

    stop = scheduler.on_run(fail)
    with pytest.raises(BoomError):
        scheduler.run_until(at(3))
    stop()
    scheduler.clock.tick(timedelta(seconds=1))
    assert [job.trigger_time for job in scheduler.run_until(at(1, 1))] == [at(1)] * 3
