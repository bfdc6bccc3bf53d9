"""What our deploy script does to a workspace, and when what it deployed runs."""

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def deploy(ml_az, ml_workspace, monkeypatch):
    """Run the script as CI runs it, in the root of the repository."""
    monkeypatch.setenv("AML_GROUP", ml_workspace.resource_group)
    monkeypatch.setenv("AML_WORKSPACE", ml_workspace.name)

    def run(folder="schedules"):
        return subprocess.run(["bash", "deploy.sh", str(folder)], cwd=ROOT, capture_output=True, text=True)

    return run


@pytest.fixture(params=["documented", "2.44", "2.45"])
def release(request, ml_az):
    """The script has to work with the CLI as it is documented, and with those that our machines have."""
    ml_az.release = request.param


def test_everything_runs_on_time(deploy, ml_scheduler, ml_az):
    assert deploy().returncode == 0
    ml_scheduler.advance(timedelta(days=2))
    assert ml_az("ml job list --query [].display_name").json() == [
        "nightly-scoring-20260602T093000Z",
        "nightly-scoring-20260601T093000Z",
        "weekly-report-20260601T070000Z",
    ]


def test_what_is_gone_is_removed(deploy, release, ml_workspace, tmp_path):
    deploy()
    ml_workspace.schedules.begin_disable("weekly-report").result()
    shutil.copytree(ROOT / "pipelines", tmp_path / "pipelines")
    (tmp_path / "schedules").mkdir()
    shutil.copy(ROOT / "schedules" / "nightly-scoring.yml", tmp_path / "schedules")
    assert deploy(tmp_path / "schedules").returncode == 0
    assert [schedule.name for schedule in ml_workspace.schedules.list(list_view_type="ALL")] == ["nightly-scoring"]


def test_deploying_twice_changes_nothing(deploy, release, ml_workspace):
    deploy()
    before = ml_workspace.schedules.list()
    deploy()
    after = ml_workspace.schedules.list()
    assert [(one.name, one.trigger, one.create_job) for one in after] == [
        (one.name, one.trigger, one.create_job) for one in before
    ]


@pytest.mark.mlschedule(role="Reader")
def test_who_may_only_read_deploys_nothing(deploy, ml_workspace):
    done = deploy()
    assert done.returncode == 1
    assert "AuthorizationFailed" in done.stderr
    assert ml_workspace.schedules.list(list_view_type="ALL") == []


def test_a_mistake_in_a_file_stops_the_script(deploy, ml_workspace, tmp_path):
    (tmp_path / "broken.yml").write_text("name: broken\ntrigger: {type: cron, expression: '@daily'}\ncreate_job: azureml:x\n")
    done = deploy(tmp_path)
    assert done.returncode == 1
    assert "MLS101" in done.stderr
