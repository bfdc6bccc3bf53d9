"""The section "manage schedules" of the page that this project began with, as a shell script."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from pytest_mlschedule import FakeWorkspace, Scheduler
from pytest_mlschedule.az.az import Az

# Its commands in its order, but for the file: the page creates a schedule from simple-pipeline-job.yml, which is a job.
SCRIPT = """\
set -x
az ml schedule create --file cron.yml --no-wait
az ml schedule list
az ml schedule show -n simple_cron_job_schedule
az ml schedule update -n simple_cron_job_schedule  --set description="new description" --no-wait
az ml schedule disable -n simple_cron_job_schedule --no-wait
az ml schedule enable -n simple_cron_job_schedule --no-wait
"""
QUERY = "az ml job list --query \"[?contains(display_name,'simple_cron_schedule')]\""
DELETE = "az ml schedule delete -n simple_cron_job_schedule"


def run(script: str) -> subprocess.CompletedProcess[str]:
    bash = shutil.which("bash") or "/bin/bash"
    return subprocess.run([bash, "-e", "-c", script], capture_output=True, text=True, check=False, timeout=120)


def test_manage_schedules(az_on_path: Az, workspace: FakeWorkspace) -> None:
    done = run(SCRIPT)
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if not line.startswith("+ ")] == []
    schedule = workspace.schedules.get("simple_cron_job_schedule")
    assert (schedule.description, schedule.is_enabled) == ("new description", True)
    Scheduler(workspace).run_until(datetime(2026, 1, 1, 3, tzinfo=UTC))
    assert run(QUERY).stdout == "[]\n"
    asked = run(QUERY.replace("simple_cron_schedule')]", "simple_cron_job_schedule')].display_name") + " -o tsv")
    assert asked.stdout.split() == [f"simple_cron_job_schedule-20260101T0{hour}0000Z" for hour in (2, 1, 0)]
    refused = run(DELETE)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Cannot delete an active trigger simple_cron_job_schedule" in refused.stderr
    assert run(f"az ml schedule disable -n simple_cron_job_schedule -o none\n{DELETE}").returncode == 0
    assert workspace.schedules.list(list_view_type="ALL") == []


def test_the_page_creates_a_schedule_from_a_job(az_on_path: Az, folder: Path) -> None:
    done = run("az ml schedule create --file simple-pipeline-job.yml --no-wait")
    assert (done.returncode, done.stdout) == (1, "")
    assert "MLS010 this is a job, not a schedule" in done.stderr
