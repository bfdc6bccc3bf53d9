"""The deploy script, as it is, against both stages."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from deploy import deploy
from pytest_mlschedule import Scheduler
from pytest_mlschedule.azure import NetworkRefusedError

from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

SCRIPT = Path(__file__).parents[1] / "deploy.py"


def test_production_runs_every_morning(ml_azure, ml_scheduler):
    deploy("prod")
    jobs = ml_scheduler.run_until(datetime(2026, 3, 4, 12, tzinfo=UTC))
    assert [job.display_name for job in jobs] == [
        "daily-forecast-20260302T110000Z",
        "daily-forecast-20260303T110000Z",
        "daily-forecast-20260304T110000Z",
    ]


def test_the_test_stage_runs_nothing(test_stage, ml_workspace):
    deploy("test")
    assert [schedule.name for schedule in test_stage.schedules.list(list_view_type="ALL")] == ["daily-forecast"]
    assert Scheduler(test_stage).advance(timedelta(days=30)) == []
    assert ml_workspace.schedules.list() == [], "nothing went to production"


def test_a_stage_without_a_workspace_is_not_found(ml_azure):
    with pytest.raises(ResourceNotFoundError, match="forecasts-test"):
        deploy("test")


def test_the_script_in_a_process_of_its_own(ml_azure, ml_workspace, ml_scheduler):
    done = subprocess.run([sys.executable, SCRIPT, "prod"], capture_output=True, text=True, check=True)
    assert "daily-forecast is in forecasts\n" in done.stdout
    assert ml_workspace.activity[-1].caller == "Owner"
    assert len(ml_scheduler.advance(timedelta(days=7))) == 7


def test_the_pipeline_of_the_test_stage_may_not_touch_production(ml_azure, ml_workspace, test_stage, monkeypatch):
    monkeypatch.setenv("AZURE_CLIENT_ID", "test-pipeline")  # who DefaultAzureCredential logs in as
    test_stage.assign_role("AzureML Data Scientist", principal="test-pipeline")
    ml_workspace.assign_role("Reader", principal="test-pipeline")
    deploy("test")
    with pytest.raises(HttpResponseError, match="test-pipeline.* does not have authorization"):
        deploy("prod")


def test_nothing_else_is_reached(ml_azure):
    import urllib.request

    with pytest.raises(NetworkRefusedError, match="example"):
        urllib.request.urlopen("https://example.com/prices")
