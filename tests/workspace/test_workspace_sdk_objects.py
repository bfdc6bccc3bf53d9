"""Objects of azure-ai-ml are taken where ours are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pytest_mlschedule import FakeWorkspace, Scheduler

pytestmark = pytest.mark.filterwarnings("ignore")  # of libraries that the SDK imports


def test_a_schedule_and_a_job_of_the_sdk() -> None:
    from azure.ai.ml import entities

    workspace = FakeWorkspace()
    workspace.jobs.create_or_update(entities.PipelineJob(name="base", jobs={}, experiment_name="exp"))
    trigger = entities.CronTrigger(expression="0 3 * * *", time_zone="Pacific Standard Time")
    schedule = entities.JobSchedule(name="nightly", trigger=trigger, create_job="azureml:base")
    made = workspace.schedules.begin_create_or_update(schedule).result()
    assert (made.name, made.create_job, made.trigger.start_time) == ("nightly", "base", "2025-12-31T16:00:00")
    [job] = Scheduler(workspace).advance(timedelta(days=1))
    assert (job.trigger_time, job.experiment_name) == (datetime(2026, 1, 1, 11, tzinfo=UTC), "exp")
