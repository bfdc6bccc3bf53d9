"""Files, plans and the emulator in figures. ``python benchmarks/emulator.py`` prints a Markdown table; a report, not a test."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from croniter import croniter
from freezegun import freeze_time

from pytest_mlschedule import (
    CronTrigger,
    FakeWorkspace,
    JobSchedule,
    PipelineJob,
    Scheduler,
    SimulatedClock,
    load_schedules,
)
from pytest_mlschedule.plugin.freezing import _freeze as frozen_machine_clock  # what the fixture ml_clock does

START = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
HOURLY = [f"{minute} * * * *" for minute in range(20)]


def timed(action: Callable[[], object]) -> float:
    """Seconds of one call."""
    started = perf_counter()
    action()
    return perf_counter() - started


def busy_workspace() -> FakeWorkspace:
    """Twenty hourly schedules whose jobs have a macro and an override: 175,200 jobs a year."""
    workspace = FakeWorkspace(clock=SimulatedClock(START))
    job = PipelineJob(
        compute="cpu", inputs={"at": "${{creation_context.trigger_time}}", "name": "${{name}}", "rate": 0.1}
    )
    for number, expression in enumerate(HOURLY):
        schedule = JobSchedule(
            name=f"s{number:02d}", trigger=CronTrigger(expression, start_time="2026-01-01T00:00:00"), create_job=job
        )
        workspace.schedules.begin_create_or_update(schedule).result()
    return workspace


def year_of_jobs() -> tuple[float, int]:
    """Seconds to fire a year and to read every name and input, and the number of jobs."""
    workspace = busy_workspace()
    started = perf_counter()
    jobs = Scheduler(workspace).run_until(START + YEAR)
    for job in jobs:
        assert job.name
        assert job.inputs
    return perf_counter() - started, len(jobs)


def minute_by_minute(days: int) -> float:
    """Seconds of what people write today: a frozen clock, a step a minute, croniter.match for each schedule."""
    started = perf_counter()
    with freeze_time("2026-01-01") as frozen:
        for _ in range(days * 1440):
            now = datetime.now(UTC)
            for expression in HOURLY:
                croniter.match(expression, now)
            frozen.tick(timedelta(minutes=1))
    return perf_counter() - started


def callback_cost() -> float:
    """Microseconds that one on_run callback costs with the machine's clock frozen at the instant."""
    plain, called = busy_workspace(), busy_workspace()
    end = START + timedelta(days=20)
    without = timed(lambda: Scheduler(plain).run_until(end))
    scheduler = Scheduler(called)
    seen: list[datetime] = []
    scheduler.on_run(lambda job: seen.append(datetime.now(UTC)))
    with frozen_machine_clock(called.clock):
        took = timed(lambda: scheduler.run_until(end))
    return (took - without) / len(seen) * 1e6


def thousand_files() -> tuple[float, float, float]:
    """Seconds to load 1,000 schedule files that override inputs of one pipeline; to check them and to compare them with a
    commit in which a tenth of them was otherwise, each by a cold command."""
    job = (
        "type: pipeline\ncompute: azureml:cpu\ninputs: {rate: 0.1}\njobs:\n"
        "  fit:\n    command: echo\n    environment: azureml:e@latest\n"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "job.yml").write_text(job)
        for number in range(1000):
            (folder / f"s{number}.yml").write_text(
                f"name: s{number}\ntrigger:\n  type: cron\n  expression: '{number % 60} {number % 24} * * *'\n"
                "  start_time: '2026-01-01T00:00:00'\n  time_zone: Pacific Standard Time\n"
                f"create_job:\n  type: pipeline\n  job: ./job.yml\n  inputs: {{rate: {number}}}\n"
            )
        load = timed(lambda: load_schedules(folder))
        check = timed(lambda: command(folder, "check", ".", "--now", "2026-03-01"))
        author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        for words in (("init", "-q", "-b", "main"), ("add", "."), (*author, "commit", "-q", "-m", "all")):
            subprocess.run(["git", *words], cwd=folder, check=True)
        for path in folder.glob("s*5.yml"):
            path.write_text(path.read_text().replace("Pacific", "Mountain"))
        diff = timed(lambda: command(folder, "diff", "--base", "main", ".", "--from", "2026-03-01", "--for", "30d"))
        return load, check, diff


def command(folder: Path, *words: str) -> None:
    """Run a command of ours in a process of its own."""
    subprocess.run(
        [sys.executable, "-m", "pytest_mlschedule.cli", *words], cwd=folder, capture_output=True, check=False
    )


def main() -> None:
    took, jobs = median([year_of_jobs() for _ in range(3)])
    days = 2
    slow = minute_by_minute(days) / days * 365
    workspace = busy_workspace()
    fired = timed(lambda: Scheduler(workspace).run_until(START + YEAR))
    load, check, diff = thousand_files()
    rows = [
        (f"`run_until` a year, 20 schedules, {jobs:,} jobs, every name and input read", f"{took:.2f} s", "≤ 1.5 s"),
        ("the same year fired, nothing read", f"{fired:.2f} s", ""),
        (f"which jobs when, by a minute loop of croniter.match under freezegun ({days} days measured, scaled to 365)",
         f"{slow / fired:,.0f} times slower", "≥ 1,000 times"),
        ("one `on_run` callback with the clock frozen, on top of the callback", f"{callback_cost():.0f} µs", "≤ 50 µs"),
        ("load 1,000 schedule files", f"{load:.2f} s", "≤ 2 s"),
        ("`mlschedule check` of 1,000 files, cold", f"{check:.2f} s", "≤ 3 s"),
        ("`mlschedule diff --base` of 1,000 files, 100 changed, cold", f"{diff:.2f} s", "≤ 5 s"),
    ]  # fmt: skip
    print("| what | measured | goal |\n| --- | --- | --- |")
    for what, figure, goal in rows:
        print(f"| {what} | {figure} | {goal} |")


if __name__ == "__main__":
    main()
