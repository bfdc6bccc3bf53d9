"""What the churn team relies on."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from pytest_mlschedule import load_schedule, load_schedules, plan_runs

SCHEDULES = Path(__file__).parents[1] / "schedules"
WEEK = datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 9, 8, tzinfo=UTC)
YEAR = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


def test_runs_of_a_week():
    plan = plan_runs(load_schedules(SCHEDULES), *WEEK)
    assert plan.count_by_schedule() == {"features": 20, "nightly-scoring": 7, "weekly-retraining": 1}


def test_scoring_runs_every_night_of_the_year():
    plan = plan_runs(load_schedule(SCHEDULES / "nightly-scoring.yml"), *YEAR)
    assert len(plan) == 365


def test_scoring_is_done_before_the_call_centre_opens():
    plan = plan_runs(load_schedule(SCHEDULES / "nightly-scoring.yml"), *YEAR)
    longest = timedelta(hours=3)
    assert all((run.local_time + longest).time() < time(7) for run in plan)


def test_a_run_knows_its_time_and_where_it_writes():
    run = plan_runs(load_schedule(SCHEDULES / "nightly-scoring.yml"), *WEEK)[0]
    assert run.inputs["scored_at"] == "2026-03-02T10:30:00Z"
    assert run.outputs["scores"]["path"].endswith(f"/scores/{run.job_name}/")
    assert run.experiment_name == "churn-scoring"


def test_every_schedule_says_when_it_starts(ml_schedule):
    assert ml_schedule.trigger.start_time, "without start_time the first run depends on the day of the deployment"


def test_no_schedule_has_warnings(ml_schedule):
    assert ml_schedule.diagnostics == ()


@pytest.mark.mlschedule(now="2026-03-02T08:00:00Z")
def test_scoring_can_be_switched_off_for_a_night(ml_workspace, ml_scheduler):
    ml_workspace.schedules.begin_create_or_update(load_schedule(SCHEDULES / "nightly-scoring.yml"))
    ml_scheduler.advance(timedelta(days=1))
    ml_workspace.schedules.begin_disable("nightly-scoring")
    ml_scheduler.advance(timedelta(days=1))
    ml_workspace.schedules.begin_enable("nightly-scoring")
    ml_scheduler.advance(timedelta(days=1))
    assert [job.display_name for job in ml_workspace.schedules.jobs("nightly-scoring")] == [
        "nightly-scoring-20260302T103000Z",
        "nightly-scoring-20260304T103000Z",
    ]
