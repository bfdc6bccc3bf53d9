"""The load of a compute when nobody knows how long runs take: many trials with lengths drawn from their durations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import chain
from operator import mul, sub
from random import Random
from typing import NamedTuple

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.loads.load import check_window
from pytest_mlschedule.costs.loads.load_demand import Demand, Line, line_up
from pytest_mlschedule.costs.loads.load_idle import measure_idle, measure_waiting
from pytest_mlschedule.costs.loads.load_profile import measure_profile
from pytest_mlschedule.costs.loads.percentiles import Spread, find_spread
from pytest_mlschedule.costs.loads.queueing import keep_fitting, run_at_once, settle, wait_by_run

_PARTS = 32
"""So many pieces of work an executor gets: enough for its workers to share, few enough to send the demands each time."""


class Trial(NamedTuple):
    """What came out once: the most runs and nodes asked for at a time, node-seconds, and how long runs waited for nodes."""

    asked_runs: int
    asked_nodes: int
    busy: int
    idle: int
    waiting: int
    longest_delay: int
    total_delay: int

    @property
    def node_seconds(self) -> int:
        """All that is paid for: busy, idle and waiting."""
        return self.busy + self.idle + self.waiting


@dataclass(frozen=True, slots=True)
class Simulation:
    """Trials in their order: what trial 7 of one compute is goes with trial 7 of another. ``runs``: those of a trial that fit."""

    trials: tuple[Trial, ...]
    runs: int

    @property
    def node_seconds(self) -> tuple[int, ...]:
        """What is paid for in each trial: times a price, the bill."""
        return tuple(trial.node_seconds for trial in self.trials)

    @property
    def asked_runs(self) -> Spread[int]:
        """The peak of runs, as if there were no limit."""
        return find_spread(trial.asked_runs for trial in self.trials)

    @property
    def asked_nodes(self) -> Spread[int]:
        """The peak of nodes, as if there were no limit."""
        return find_spread(trial.asked_nodes for trial in self.trials)

    @property
    def paid(self) -> Spread[int]:
        """Node-seconds: busy, idle and waiting."""
        return find_spread(self.node_seconds)

    @property
    def longest_delay(self) -> Spread[int]:
        """The longest that a run waits for nodes, in seconds."""
        return find_spread(trial.longest_delay for trial in self.trials)

    @property
    def mean_delay(self) -> Spread[float]:
        """How long runs wait for nodes in the mean, in seconds."""
        return find_spread(trial.total_delay / max(1, self.runs) for trial in self.trials)


@dataclass(frozen=True, slots=True)
class _Task:
    """What each trial needs."""

    line: Line
    compute: Compute
    window: tuple[int, int]
    seed: int


def simulate_load(
    demands: Iterable[Demand],
    compute: Compute,
    window: tuple[int, int],
    *,
    runs: int,
    seed: int,
    executor: Executor | None = None,
) -> Simulation:
    """So many trials (``runs``) of the load of a compute in a half-open window of epochs.

    The dice of a schedule depend on the seed, the number of the trial, the compute and its own name: neither the order of demands
    nor the other schedules change its lengths. ``executor``: trials are spread over its workers, with equal results, bit by bit.
    Raises ValueError for less than one trial and for a window that ends before it starts.
    """
    if runs < 1:
        raise ValueError(f"a simulation has at least one trial, not {runs}")
    check_window(window)
    task = _Task(line_up(demands), compute, window, seed)
    if not any(demand.duration.is_spread for demand in task.line.demands):
        trials = _run_trials(task, range(1)) * runs
    elif executor is None:
        trials = _run_trials(task, range(runs))
    else:
        parts = [range(runs * part // _PARTS, runs * (part + 1) // _PARTS) for part in range(_PARTS)]
        filled = [part for part in parts if part]
        trials = list(chain(*executor.map(_run_trials, [task] * len(filled), filled)))
    return Simulation(tuple(trials), keep_fitting(task.line, compute.max_nodes).count_runs())


def _run_trials(task: _Task, numbers: Iterable[int]) -> list[Trial]:
    return [_run_trial(task, number) for number in numbers]


def _run_trial(task: _Task, number: int) -> Trial:
    lengths = _draw_lengths(task, number)
    asked = run_at_once(task.line, lengths)
    profile = measure_profile(asked)
    most_nodes = max(profile.nodes, default=0)
    course = settle(asked, lengths, task.compute.max_nodes, most_nodes)
    used = profile if course is asked or not task.compute.min_nodes else measure_profile(course)
    delays = wait_by_run(course)
    return Trial(
        asked_runs=max(profile.runs, default=0),
        asked_nodes=most_nodes,
        busy=sum(map(mul, course.line.nodes, map(sub, course.ends, course.starts))),
        idle=sum(measure_idle(course, task.compute)),
        waiting=measure_waiting(used, task.compute, task.window),
        longest_delay=max(delays, default=0),
        total_delay=sum(delays),
    )


def _draw_lengths(task: _Task, number: int) -> list[Sequence[int]]:
    dice: dict[str, Random] = {}
    lengths: list[Sequence[int]] = []
    for owner, arrivals, duration in ((one.owner, one.arrivals, one.duration) for one in task.line.demands):
        if owner not in dice:
            dice[owner] = Random(f"{task.seed}/{number}/{task.compute.name}/{owner}")
        draw = duration.draw
        lengths.append([draw(dice[owner]) for _ in arrivals])
    return lengths
