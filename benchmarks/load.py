"""Load of a compute in figures. ``python benchmarks/load.py`` prints a Markdown table; a report, not a test."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from random import Random
from time import perf_counter

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.durations import Duration
from pytest_mlschedule.costs.loads.load import measure_load
from pytest_mlschedule.costs.loads.load_demand import Demand
from pytest_mlschedule.costs.loads.load_week import measure_week
from pytest_mlschedule.costs.loads.simulation import simulate_load
from pytest_mlschedule.costs.loads.slots import find_quiet_slots

START = 1_767_225_600  # 2026-01-01T00:00Z
YEAR = 365 * 86_400
WINDOW = (START, START + YEAR)
ENDLESS = Compute(name="cpu")
WARM = Compute(name="cpu", min_nodes=2, idle_seconds=600)


def build_estate(schedules: int, runs_a_day: int) -> list[Demand]:
    """Schedules at random minutes, 5 minutes to 2 hours long, on 1 to 4 nodes."""
    dice = Random(1)
    step = 86_400 // runs_a_day
    return [
        Demand(
            f"s{number:05d}",
            range(START + dice.randrange(0, step, 60), WINDOW[1], step),
            dice.choice((1, 1, 2, 4)),
            Duration(dice.randrange(300, 7_200), 9_000),
        )
        for number in range(schedules)
    ]


SMALL, MIDDLE, LARGE = build_estate(30, 1), build_estate(20, 24), build_estate(115, 24)


def seconds(action: Callable[[], object]) -> float:
    started = perf_counter()
    action()
    return perf_counter() - started


def tight(demands: list[Demand]) -> Compute:
    """A compute on which some of the runs wait: with the nodes of nine in ten of the peak."""
    peak = measure_load(demands, ENDLESS, WINDOW).asked_nodes.height
    return Compute(name="cpu", min_nodes=2, idle_seconds=600, max_nodes=peak * 9 // 10)


def megabytes(action: Callable[[], object]) -> float:
    tracemalloc.start()
    action()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return peak


def main() -> None:
    rows = []
    for name, demands in (("175,200 runs", MIDDLE), ("1,007,400 runs", LARGE)):
        crowded, profile = tight(demands), measure_load(demands, ENDLESS, WINDOW).profile
        rows += [
            (f"{name}: peaks and pile-ups", seconds(lambda given=demands: measure_load(given, ENDLESS, WINDOW))),
            (f"{name}: idle and waiting nodes too", seconds(lambda given=demands: measure_load(given, WARM, WINDOW))),
            (
                f"{name}: and a queue",
                seconds(lambda given=demands, compute=crowded: measure_load(given, compute, WINDOW)),
            ),
            (f"{name}: hours of the week", seconds(lambda given=profile: measure_week(given, WINDOW))),
            (f"{name}: better times", seconds(lambda given=demands: find_quiet_slots(given, ENDLESS, WINDOW))),
        ]
    for name, compute in (("no limit", ENDLESS), ("idle nodes and a queue", tight(SMALL))):
        trials = seconds(lambda given=compute: simulate_load(SMALL, given, WINDOW, runs=100, seed=1))
        rows.append((f"10,950 runs, 100 trials, {name}", trials))
    print("| what | measured |\n| --- | --- |")
    for what, figure in rows:
        print(f"| {what} | {figure:.2f} s |")
    used = megabytes(lambda: measure_load(MIDDLE, WARM, WINDOW))
    print(f"| 175,200 runs: memory at most | {used:.0f} MB |")


if __name__ == "__main__":
    main()
