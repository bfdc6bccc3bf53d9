from datetime import UTC, datetime

from pytest_mlschedule import Plan, plan_runs
from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob
from pytest_mlschedule.triggers.cron import CronTrigger


def test_a_day_of_a_nightly_schedule() -> None:
    job = PipelineJob(inputs={"date": "${{creation_context.trigger_time}}", "rows": 5})
    trigger = CronTrigger("0 3 * * *", time_zone="Pacific Standard Time")
    plan = plan_runs(
        JobSchedule(name="nightly", trigger=trigger, create_job=job),
        datetime(2026, 3, 7, tzinfo=UTC),
        datetime(2026, 3, 10, tzinfo=UTC),
    )
    assert isinstance(plan, Plan)
    assert [run.display_name for run in plan] == [
        "nightly-20260307T110000Z",
        "nightly-20260308T100000Z",
        "nightly-20260309T100000Z",
    ]
    assert plan[0].inputs == {"date": "2026-03-07T11:00:00Z", "rows": 5}
