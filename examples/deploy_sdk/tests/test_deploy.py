"""What the deploy script puts into a workspace, and what that does."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from deploy import deploy

from azure.core.exceptions import HttpResponseError

SCHEDULES = Path(__file__).parents[1] / "schedules"


def test_a_week_of_jobs(ml_client, ml_scheduler):
    deploy(ml_client, SCHEDULES)
    ml_scheduler.run_until(datetime(2026, 3, 9, 8, tzinfo=UTC))
    assert [job.display_name for job in ml_client.jobs.list()] == [
        "nightly-scoring-20260302T103000Z",
        "nightly-scoring-20260303T103000Z",
        "nightly-scoring-20260304T103000Z",
        "nightly-scoring-20260305T103000Z",
        "nightly-scoring-20260306T103000Z",
        "nightly-scoring-20260307T103000Z",
        "nightly-scoring-20260308T103000Z",  # 03:30: there is no 02:30 on this day
        "weekly-retraining-20260309T050000Z",
    ]


def test_what_a_job_is_given(ml_client, ml_scheduler):
    deploy(ml_client, SCHEDULES)
    *_, scoring, retraining = ml_scheduler.run_until(datetime(2026, 3, 9, 8, tzinfo=UTC))
    job = ml_client.jobs.get(scoring.name)
    assert (job.experiment_name, job.status) == ("churn", "Completed")
    assert json.loads(job.properties["azureml.parameters"]) == {"day": "2026-03-08T10:30:00Z"}
    job = ml_client.jobs.get(retraining.name)
    assert json.loads(job.properties["azureml.parameters"]) == {"epochs": "20", "run": job.name}


def test_what_is_gone_is_removed(ml_client, ml_scheduler, tmp_path):
    deploy(ml_client, SCHEDULES)
    smaller = shutil.copytree(SCHEDULES.parent, tmp_path / "smaller", ignore=shutil.ignore_patterns("weekly*", ".*"))
    deploy(ml_client, smaller / "schedules")
    assert [schedule.name for schedule in ml_client.schedules.list(list_view_type="All")] == ["nightly-scoring"]
    jobs = ml_scheduler.advance(timedelta(days=14))
    assert {job.schedule for job in jobs} == {"nightly-scoring"}


def test_deploying_again_changes_nothing(ml_client, ml_scheduler):
    for _ in range(2):
        deploy(ml_client, SCHEDULES)
    assert len(ml_scheduler.advance(timedelta(days=1))) == 1


def test_a_change_by_hand_lasts_until_the_next_deployment(ml_client, ml_scheduler):
    deploy(ml_client, SCHEDULES)
    schedule = ml_client.schedules.get("nightly-scoring")
    schedule.trigger.schedule.hours = [5]
    ml_client.schedules.begin_create_or_update(schedule).result()
    (job,) = ml_scheduler.advance(timedelta(days=1))
    assert job.display_name == "nightly-scoring-20260302T133000Z"
    deploy(ml_client, SCHEDULES)
    (job,) = ml_scheduler.advance(timedelta(days=1))
    assert job.display_name == "nightly-scoring-20260303T103000Z"


def test_once_by_hand(ml_client):
    deploy(ml_client, SCHEDULES)
    result = ml_client.schedules.trigger("nightly-scoring")
    assert ml_client.jobs.get(result.job_name).display_name == "nightly-scoring-20260302T080000Z"


@pytest.mark.mlschedule(role="Reader")
def test_a_reader_cannot_deploy(ml_client):
    with pytest.raises(HttpResponseError, match="'Reader' .* does not have authorization") as refused:
        deploy(ml_client, SCHEDULES)
    assert refused.value.status_code == 403
