"""The engine in figures: ratios to plain Python and to other schedulers, measured side by side.

``python benchmarks/engine.py`` prints a Markdown table. Rounds are interleaved and every round shifts the window, so no
cache of results helps; each figure is the median of the rounds' ratios. A report, not a test: this machine's noise is in it.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import accumulate, repeat
from random import Random
from statistics import median
from time import perf_counter

from engine_peers import ENUMERATORS, NEXT, ZONE
from engine_workloads import DAY, START, WORKLOADS, YEAR, Workload, make_fleet

from pytest_mlschedule.triggers.window import to_epoch

Action = Callable[[], object]


def seconds(action: Action, *, least: float = 0.004) -> float:
    """Seconds of one call, the best of three measurements of enough calls to be measurable."""
    started = perf_counter()
    action()
    once = perf_counter() - started
    calls = max(int(least / max(once, 1e-7)), 1)
    best = once if calls == 1 else float("inf")
    for _ in range(3 if once < 0.5 else 0):
        started = perf_counter()
        for _ in range(calls):
            action()
        best = min(best, (perf_counter() - started) / calls)
    return best


def ratio(ours: Callable[[int], float], other: Callable[[int], float], rounds: int = 7) -> float:
    """The median of other / ours over interleaved rounds; both get the shift of the round in seconds."""
    shifts = [number * 7 * DAY + number * 3600 for number in range(rounds)]
    return median(other(shift) / ours(shift) for shift in shifts)


def enumerate_epochs(load: Workload) -> float:
    table = load.timetable
    return 1 / ratio(
        lambda shift: seconds(lambda: table.epochs_between(START + shift, START + shift + load.seconds)),
        lambda shift: seconds(lambda: list(range(table.count_between(START + shift, START + shift + load.seconds)))),
    )


def window(load: Workload, shift: int, length: int | None = None) -> tuple[datetime, datetime]:
    start = datetime.fromtimestamp(START + shift, UTC)
    return start, start + timedelta(seconds=length or load.seconds)


def enumerate_instants(load: Workload, other: Callable[[list[int]], object]) -> float:
    """Seconds of another way from the epochs to datetimes ÷ seconds of ``between`` (which starts from nothing)."""
    table = load.timetable

    def theirs(shift: int) -> float:
        epochs = table.epochs(*window(load, shift))
        return seconds(lambda: other(epochs))

    return ratio(lambda shift: seconds(lambda: table.between(*window(load, shift))), theirs)


def accumulate_timedeltas(epochs: list[int]) -> object:
    first, step = datetime.fromtimestamp(epochs[0], UTC), timedelta(seconds=300)
    return list(accumulate(repeat(step, len(epochs) - 1), initial=first))


def one_by_one(epochs: list[int]) -> object:
    return [datetime.fromtimestamp(epoch, UTC) for epoch in epochs]


def against_peer(load: Workload, peer: str, count: int = 400) -> float:
    """How many times faster per occurrence; a slow peer is measured on the first occurrences of the window."""
    table = load.timetable
    cron = load.cron or ""

    def ours(shift: int) -> float:
        start, end = window(load, shift)
        return seconds(lambda: table.between(start, end)) / table.count(start, end)

    def theirs(shift: int) -> float:
        return seconds(lambda: ENUMERATORS[peer](cron, START + shift, count)) / count

    return ratio(ours, theirs)


def next_after(load: Workload, peer: str) -> float:
    table, ask = load.timetable, NEXT[peer](load.cron or "")
    random = Random(3)
    instants = [datetime.fromtimestamp(START + random.randrange(10 * YEAR), UTC) for _ in range(300)]
    local = [instant.astimezone(ZONE) for instant in instants]
    return ratio(
        lambda _: seconds(lambda: [table.next_after(instant) for instant in instants]),
        lambda _: seconds(lambda: [ask(instant) for instant in local]),
        rounds=5,
    )


def count_ten_years(load: Workload) -> float:
    """Microseconds of one count of ten years."""
    table = load.timetable
    shifts = [number * 11 * 3600 for number in range(200)]

    def every() -> None:
        for shift in shifts:
            table.count_between(START + shift, START + shift + 10 * YEAR)

    return median(seconds(every) for _ in range(5)) / len(shifts) * 1e6


def fleet_figures(size: int = 10_000) -> tuple[float, float, int]:
    """Seconds to count and to enumerate a year of many schedules, and how many occurrences that is."""
    fleet = make_fleet(size)
    counts, listings, total = [], [], 0
    for shift in range(3):
        start = START + shift * DAY
        began = perf_counter()
        total = sum(table.count_between(start, start + YEAR) for table in fleet)
        counts.append(perf_counter() - began)
        began = perf_counter()
        for table in fleet:
            table.epochs_between(start, start + YEAR)
        listings.append(perf_counter() - began)
    return median(counts), median(listings), total


def count_memory(load: Workload) -> int:
    """Peak bytes of a count and a next_after over the workload's window."""
    table = load.timetable
    start, end = window(load, 0)
    table.count(start, end)
    tracemalloc.start()
    table.count(start, end)
    table.next_after(start)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def main() -> None:
    w1 = WORKLOADS["W1"]
    print("| what | measured | goal | gate |\n| --- | --- | --- | --- |")

    def row(what: str, measured: str, goal: str, gate: str) -> None:
        print(f"| {what} | {measured} | {goal} | {gate} |", flush=True)

    row("enumerate W1 as epochs ÷ list(range(n))", f"{enumerate_epochs(w1):.2f}", "1.2", "1.6")
    row("enumerate W3 as epochs ÷ list(range(n))", f"{enumerate_epochs(WORKLOADS['W3']):.2f}", "2", "2.6")
    for name in ("W1", "W3"):
        found = 1 / enumerate_instants(WORKLOADS[name], accumulate_timedeltas)
        row(f"enumerate {name} as datetimes ÷ accumulate(repeat(timedelta))", f"{found:.2f}", "1.2", "2.0")
    found = enumerate_instants(w1, one_by_one)
    row("enumerate W1 as datetimes: times faster than fromtimestamp each", f"{found:.1f}", "3", "2")
    for peer, goal, gate in (
        ("croniter", 1400, 500),
        ("cronsim", 350, 120),
        ("APScheduler", 550, 200),
        ("dateutil", 9, 3),
    ):
        row(f"enumerate W1: times faster than {peer}", f"{against_peer(w1, peer):.0f}", str(goal), str(gate))
    for name, goal, gate in (("W2", 1500, 400), ("W3", 1100, 300), ("W4", 380, 100)):
        found = against_peer(WORKLOADS[name], "croniter")
        row(f"enumerate {name}: times faster than croniter", f"{found:.0f}", str(goal), str(gate))
    for name in ("W1", "W2", "W3", "W4"):
        row(f"count 10 years of {name}", f"{count_ten_years(WORKLOADS[name]):.1f} µs", "5 µs", "20 µs")
    found = against_peer(w1, "croniter") * w1.seconds / 300
    for peer, goal, gate in (("croniter", 60, 25), ("cronsim", 30, 12), ("APScheduler", 20, 8)):
        figures = " to ".join(
            f"{figure:.0f}" for figure in sorted(next_after(WORKLOADS[name], peer) for name in ("W1", "W2", "W3"))
        )
        row(f"next_after: times faster than {peer} (W1, W2, W3)", figures, str(goal), str(gate))
    counted, listed, total = fleet_figures()
    what = f"10,000 schedules for 1 year ({total / 1e6:.1f} M occurrences)"
    row(f"{what}: count", f"{counted:.3f} s", "0.05 s", "0.2 s")
    row(f"{what}: enumerate", f"{listed:.1f} s", "2 s", "6 s")
    row("peak memory of count and next_after, W1", f"{count_memory(w1) / 1024:.1f} KB", "O(1)", "-")


if __name__ == "__main__":
    assert to_epoch(datetime.fromtimestamp(START, UTC)) == START
    main()
