"""Objects of azure-ai-ml plan like ours (a module of its own: importing the SDK takes seconds)."""

import warnings
from datetime import UTC, datetime

from pytest_mlschedule import plan_runs

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the SDK's own dependencies
    from azure.ai.ml import entities

START, END = datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 3, 8, tzinfo=UTC)


def test_schedules_and_jobs_of_the_sdk() -> None:
    trigger = entities.CronTrigger(expression="0 3 * * *", time_zone="Pacific Standard Time")
    job = entities.PipelineJob(name="train", inputs={"rows": 5}, jobs={}, experiment_name="exp")
    schedule = entities.JobSchedule(name="nightly", trigger=trigger, create_job="azureml:train")
    for jobs in ([job], {"train": job}):
        (run,) = plan_runs([schedule], START, END, jobs=jobs)
        assert run.display_name == "nightly-20260307T110000Z"
        assert run.inputs == {"rows": 5}
        assert run.experiment_name == "exp"
    assert plan_runs(schedule, START, END).notes[-1].code == "MLS507"
