"""Estates in figures. ``python benchmarks/fleet.py`` prints a Markdown table; a report, not a test."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from statistics import median
from time import perf_counter

from engine_workloads import DAY, START, YEAR, make_fleet

from pytest_mlschedule import Plan
from pytest_mlschedule.planning.forecasts import forecast
from pytest_mlschedule.planning.recorded import RecordedSource
from pytest_mlschedule.planning.run import ScheduleRuns
from pytest_mlschedule.triggers.histograms import count_by_hour
from pytest_mlschedule.triggers.window import Window
from pytest_mlschedule.triggers.zones import zone

SIZE = 10_000
ROUNDS = 5
FLEET = make_fleet(SIZE)


def seconds(action: Callable[[int], object]) -> float:
    """Seconds of an action, the median of the rounds; each has a window that starts a day later (its epoch is given)."""

    def once(number: int) -> float:
        began = perf_counter()
        action(START + number * DAY)
        return perf_counter() - began

    return median(map(once, range(ROUNDS)))


def count(start: int) -> int:
    return sum(table.count_between(start, start + YEAR) for table in FLEET)


def enumerate_all(start: int) -> None:
    for table in FLEET:
        table.epochs_between(start, start + YEAR)


def draw_histogram(start: int, key: str = "UTC") -> None:
    count_by_hour(FLEET, zone(key), start, start + YEAR)


def list_and_count(start: int, size: int = SIZE // 20) -> None:
    """The histogram of a twentieth of the fleet by listing every occurrence."""
    hours: Counter[int] = Counter()
    for table in FLEET[:size]:
        hours.update(epoch // 3600 for epoch in table.epochs_between(start, start + YEAR))


def megabytes() -> float:
    """Peak memory of a histogram, the timetables themselves excepted."""
    draw_histogram(START)
    tracemalloc.start()
    draw_histogram(START + DAY)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return peak


def plan_fleet(years: int) -> Plan:
    """The fleet as a plan; what its jobs are does not matter here."""
    start = datetime.fromtimestamp(START, UTC)
    facts = {"experiment_name": "", "settings": {}, "tags": {}, "compute": None, "runs": {}}
    parts = [
        ScheduleRuns(RecordedSource(schedule=f"s{number:05d}", zone_key=table.zone.key, **facts), table, "")
        for number, table in enumerate(FLEET)
    ]
    return Plan(parts, Window(start, start + timedelta(days=365 * years)), created_at=None, tzdata_version="")


def forecast_seconds(plan: Plan, executor: Executor | None = None) -> float:
    def once(_: int) -> float:
        began = perf_counter()
        forecast(plan, executor=executor)
        return perf_counter() - began

    return median(map(once, range(3)))


def main() -> None:
    print("| what | measured | goal | gate |\n| --- | --- | --- | --- |")

    def row(what: str, measured: str, goal: str = "", gate: str = "") -> None:
        print(f"| {what} | {measured} | {goal} | {gate} |", flush=True)

    drawn = seconds(draw_histogram)
    what = f"{SIZE:,} schedules for 1 year ({count(START) / 1e6:.1f} M occurrences)"
    row(f"{what}: count", f"{seconds(count):.3f} s", "0.05 s", "0.2 s")
    row(f"{what}: hour histogram", f"{drawn:.3f} s", "0.15 s", "0.5 s")
    row(f"{what}: enumerate", f"{seconds(enumerate_all):.1f} s", "2 s", "6 s")
    listed = 20 * seconds(list_and_count)
    row("hour histogram: times faster than to list and count (a twentieth measured)", f"{listed / drawn:.0f}")
    kathmandu = seconds(lambda start: draw_histogram(start, "Asia/Kathmandu"))
    row("hour histogram, shown in Asia/Kathmandu", f"{kathmandu:.3f} s")
    row("hour histogram: peak memory", f"{megabytes():.1f} MB")
    one, ten = plan_fleet(1), plan_fleet(10)
    row("`forecast`: by schedule, hour of the week and day", f"{forecast_seconds(one):.3f} s")
    row("`forecast` of 10 years", f"{forecast_seconds(ten):.2f} s")
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        forecast(ten, executor=executor)  # both workers have started and imported
        row("`forecast` of 10 years by two processes", f"{forecast_seconds(ten, executor):.2f} s")


if __name__ == "__main__":
    main()
