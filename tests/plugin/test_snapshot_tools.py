"""syrupy and inline-snapshot take plans as they are: written once, met by another process, not met by another plan."""

from __future__ import annotations

import pytest
from small_project import Project

PLANS = """
from datetime import UTC, datetime

from pytest_mlschedule import CronTrigger, JobSchedule, PipelineJob, plan_runs

NIGHTLY = JobSchedule(
    name="nightly",
    trigger=CronTrigger("30 2 * * *", time_zone="Pacific Standard Time", start_time="2026-01-01T00:00:00"),
    create_job=PipelineJob(
        inputs={"rows": 5, "day": "${{creation_context.trigger_time}}"}, settings={"default_compute": "azureml:cpu"}
    ),
)
plan = plan_runs(NIGHTLY, datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC))
"""
SYRUPY = """
from plans import plan

def test_names(snapshot): assert [run.display_name for run in plan] == snapshot
def test_runs(snapshot): assert list(plan) == snapshot
def test_documents(snapshot): assert [run.to_dict() for run in plan] == snapshot
def test_plan(snapshot): assert plan.to_dict() == snapshot
"""
INLINE = """
from inline_snapshot import snapshot
from plans import plan

def test_names():
    assert [run.display_name for run in plan] == snapshot()

def test_documents():
    assert [run.to_dict() for run in plan] == snapshot()

def test_runs():
    assert list(plan) == snapshot()
"""
# As a user has them: of the tools, only the one that is tested.
ALONE = ("-p", "no:xdist", "-p", "no:cacheprovider")


# Both tools write nothing where they think that they are in CI; inline-snapshot also in a worker of xdist.
AUTOMATED = ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT")


@pytest.fixture
def plans(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    for name in AUTOMATED:
        monkeypatch.delenv(name, raising=False)
    project.write("plans.py", PLANS)
    return project


def change_the_plan(project: Project) -> None:
    project.write("plans.py", PLANS.replace("30 2", "30 4").replace('rows": 5', 'rows": 6'))


def test_syrupy_stores_plans_and_meets_them_again(plans: Project) -> None:
    plans.run_alone(SYRUPY, *ALONE, "--snapshot-update").assert_outcomes(passed=4)
    text = (plans.path / "__snapshots__" / "test_it.ambr").read_text(encoding="utf-8")
    assert "'nightly-20260307T103000Z'," in text
    assert "'display_name': 'nightly-20260308T103000Z'," in text
    assert "'compute': 'cpu'," in text
    run = "<PlannedRun nightly-20260307T103000Z (2026-03-07T02:30:00-08:00) inputs={'rows': 5, 'day': '2026-03-07T10:30:00Z'}>"
    assert f"    {run},\n" in text
    assert "0x" not in text
    plans.run_alone(SYRUPY, *ALONE).assert_outcomes(passed=4)


def test_syrupy_tells_another_plan(plans: Project) -> None:
    plans.run_alone(SYRUPY, *ALONE, "--snapshot-update")
    change_the_plan(plans)
    result = plans.run_alone(SYRUPY, *ALONE)
    result.assert_outcomes(failed=4)
    result.stdout.fnmatch_lines(["E*- *'nightly-20260307T103000Z',", "E*+ *'nightly-20260307T123000Z',"])


def test_inline_snapshot_writes_plans_and_meets_them_again(plans: Project) -> None:
    plans.run_alone(INLINE, *ALONE, "--inline-snapshot=create")
    text = (plans.path / "test_it.py").read_text(encoding="utf-8")
    assert '"nightly-20260307T103000Z"' in text
    assert '"compute": "cpu"' in text
    assert "snapshot()" not in text
    plans.run_alone(text, *ALONE).assert_outcomes(passed=3)
    change_the_plan(plans)
    plans.run_alone(text, *ALONE).assert_outcomes(failed=3, errors=3)  # inline-snapshot adds the errors
