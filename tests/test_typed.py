"""``py.typed`` is a promise: a user's tests type-check strictly against the package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

USER = """
from datetime import UTC, datetime

from pytest_mlschedule import (
    CronTrigger, FakeWorkspace, JobSchedule, PipelineJob, RecurrencePattern, RecurrenceTrigger, Scheduler, plan_runs,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2026, 1, 2, tzinfo=UTC)
job = PipelineJob(name="train", inputs={"rate": 1, "data": {"type": "uri_file", "path": "x"}}, tags={"team": "churn"})
nightly = JobSchedule(name="nightly", trigger=CronTrigger("0 3 * * *"), create_job=job, tags={"cost": 1})
weekly = RecurrenceTrigger("week", 1, RecurrencePattern(hours=1, minutes=[0], week_days="monday"), datetime(2026, 1, 1))
plan = plan_runs([nightly], START, END, jobs={"train": job})
times: list[datetime] = weekly.timetable(created_at=START).between(START, END)
inputs: dict[str, object] = {name: value for run in plan.runs for name, value in run.inputs.items()}
workspace = FakeWorkspace()
workspace.schedules.begin_create_or_update(nightly).result()
names: list[str] = [job.display_name for job in Scheduler(workspace).run_until(END)]
wrong: int = plan.runs[0].display_name
"""


def test_a_users_code_type_checks_strictly(tmp_path: Path) -> None:
    script = tmp_path / "user.py"
    script.write_text(USER)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(script)]
    output = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False).stdout
    assert [line.split(": error: ")[1] for line in output.splitlines() if "error" in line and "Found" not in line] == [
        'Incompatible types in assignment (expression has type "str", variable has type "int")  [assignment]'
    ], output
