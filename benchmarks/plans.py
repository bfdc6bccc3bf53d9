"""Plans in figures. ``python benchmarks/plans.py`` prints a Markdown table; a report, not a test."""

from __future__ import annotations

import tracemalloc
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter

from pytest_mlschedule import CronTrigger, JobSchedule, PipelineJob, Plan, PlannedRun, plan_runs

START = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
ROUNDS = 7
JOB = PipelineJob(compute="cpu", inputs={"at": "${{creation_context.trigger_time}}", "rate": 0.1})


def build(name: str, expression: str) -> JobSchedule:
    trigger = CronTrigger(expression, start_time="2026-01-01T00:00:00", time_zone="Pacific Standard Time")
    return JobSchedule(name=name, trigger=trigger, create_job=JOB)


W1 = build("five", "*/5 * * * *")
FLEET = [build(f"s{number:05d}", f"{number % 60} {number % 24} * * *") for number in range(10_000)]


def plan_year(schedules: JobSchedule | Sequence[JobSchedule], shift: int) -> Plan:
    """A year, each round a day later: no result is kept from the round before."""
    start = START + timedelta(days=shift)
    return plan_runs(schedules, start, start + YEAR)


def per_second(action: Callable[[Plan], object]) -> float:
    """Millions of runs of W1 that an action handles a second, the median of the rounds."""

    def once(shift: int) -> float:
        plan = plan_year(W1, shift)
        started = perf_counter()
        action(plan)
        return len(plan) / (perf_counter() - started) / 1e6

    return median(map(once, range(ROUNDS)))


def index_all(plan: Plan) -> None:
    runs = plan.runs
    for index in range(len(runs)):
        runs[index]


def read_all(read: Callable[[PlannedRun], object]) -> Callable[[Plan], object]:
    return lambda plan: deque(map(read, plan.runs), maxlen=0)


def planned_memory() -> float:
    """Megabytes at most that a year of W1 takes to plan, to count, and to read one run from."""
    tracemalloc.start()
    plan = plan_year(W1, 1)
    assert plan.count_by_schedule() == {"five": len(plan)}
    unread = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return unread


def milliseconds(action: Callable[[], object]) -> float:
    started = perf_counter()
    action()
    return (perf_counter() - started) * 1000


def main() -> None:
    runs = len(plan_year(W1, 0))
    fleet = plan_year(FLEET, 0)
    rows = [
        (f"W1 ({runs:,} runs): lazily indexed one by one", f"{per_second(index_all):.2f} M/s", "≥ 1.5 M/s"),
        ("W1: as a list", f"{per_second(list):.2f} M/s", "≥ 0.7 M/s"),
        ("W1: every display name read", f"{per_second(read_all(lambda run: run.display_name)):.2f} M/s", ""),
        ("W1: every resolved input read", f"{per_second(read_all(lambda run: run.inputs)):.2f} M/s", ""),
        ("W1: memory to plan and count a year", f"{planned_memory():.2f} MB", "< 5 MB"),
        ("10,000 schedules: plan a year", f"{milliseconds(lambda: plan_year(FLEET, 1)):.0f} ms", ""),
        (
            f"10,000 schedules: count {len(fleet):,} runs",
            f"{milliseconds(lambda: fleet.count_by_schedule()):.0f} ms",
            "",
        ),
        ("10,000 schedules: the first 100 runs", f"{milliseconds(lambda: plan_year(FLEET, 2).runs[:100]):.0f} ms", ""),
    ]
    print("| what | measured | goal |\n| --- | --- | --- |")
    for what, figure, goal in rows:
        print(f"| {what} | {figure} | {goal} |")


if __name__ == "__main__":
    main()
