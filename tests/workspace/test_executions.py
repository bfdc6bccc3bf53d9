"""What a schedule is billed for: its executions (semantics WS-8)."""

from __future__ import annotations

from datetime import timedelta

from pytest_mlschedule import CronTrigger, FakeWorkspace, JobSchedule, Scheduler, plan_runs


def test_ws_8_a_disabled_schedule_has_no_executions_and_the_others_one_for_each_job() -> None:
    workspace = FakeWorkspace()
    trigger = CronTrigger("0 3 * * *", start_time="2026-01-01T00:00:00")
    for name in ("nightly", "paused"):
        workspace.schedules.begin_create_or_update(JobSchedule(name=name, trigger=trigger, create_job="score"))
    workspace.schedules.begin_disable("paused")
    start = workspace.clock.now()
    jobs = Scheduler(workspace).advance(timedelta(days=30))
    assert [job.schedule for job in jobs] == ["nightly"] * 30
    kept = workspace.schedules.list(list_view_type="ALL")
    plan = plan_runs(kept, start, workspace.clock.now())
    assert plan.count_by_schedule() == {"nightly": 30, "paused": 0}
