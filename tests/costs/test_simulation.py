"""Simulations: the same dice for the same schedule wherever it stands, and figures that are those of each trial's load."""

from __future__ import annotations

from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from math import ceil
from multiprocessing import get_context
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.durations import Duration
from pytest_mlschedule.costs.loads.load import measure_load
from pytest_mlschedule.costs.loads.load_demand import Demand
from pytest_mlschedule.costs.loads.percentiles import Spread, find_rank, find_spread
from pytest_mlschedule.costs.loads.simulation import Simulation, Trial, simulate_load

DAY = 86_400
WINDOW = (0, 3 * DAY)
COMPUTE = Compute(name="cpu", min_nodes=1, max_nodes=4, idle_seconds=300)
SPREAD = Duration(1_800, 7_200)
DEMANDS = (
    Demand("nightly", range(3_600, 3 * DAY, DAY), 2, SPREAD),
    Demand("hourly", range(0, 3 * DAY, 3_600), 1, Duration(1_200, 3_000)),
    Demand("fixed", range(3_000, 3 * DAY, DAY), 3, Duration(900)),
    Demand("large", range(0, 3 * DAY, DAY), 5, Duration(900)),
)


def test_trials_are_loads_of_drawn_lengths() -> None:
    found = simulate_load(DEMANDS, COMPUTE, WINDOW, runs=4, seed=11)
    for number, trial in enumerate(found.trials):
        lengths = []
        for demand in DEMANDS:
            dice = Random(f"11/{number}/cpu/{demand.owner}")
            lengths.append([demand.duration.draw(dice) for _ in demand.arrivals])
        load = measure_load(DEMANDS, COMPUTE, WINDOW, lengths)
        assert trial == Trial(
            asked_runs=load.asked_runs.height,
            asked_nodes=load.asked_nodes.height,
            busy=load.busy,
            idle=load.idle,
            waiting=load.waiting,
            longest_delay=load.delays.longest,
            total_delay=load.delays.total,
        )
        assert trial.node_seconds == load.node_seconds
        assert found.runs == load.delays.runs == 3 + 72 + 3
    assert len(set(found.trials)) == 4


def test_two_demands_of_one_schedule_draw_from_the_same_dice_one_after_the_other() -> None:
    demands = [Demand("a", [0], 1, Duration(10, 10_000)), Demand("a", [50_000], 1, Duration(10, 10_000))]
    dice = Random("3/0/cpu/a")
    drawn = [demands[0].duration.draw(dice), demands[1].duration.draw(dice)]
    assert drawn[0] != drawn[1]
    assert simulate_load(demands, Compute(name="cpu"), WINDOW, runs=1, seed=3).trials[0].busy == sum(drawn)


def test_figures_of_a_seed_stay_what_they_are() -> None:
    # Lengths that were measured need no logarithm: they are the same on any machine. The first random() of each trial's dice are
    # 0.3791, 0.0069 / 0.7961, 0.1002 / 0.9790, 0.5261; times 4 samples: the 1st and 0th, the 3rd and 0th, the 3rd and 2nd.
    demand = Demand("a", [0, 100_000], 2, Duration(60, 600, (1, 60, 100, 600)))
    found = simulate_load([demand], Compute(name="cpu"), WINDOW, runs=3, seed=5)
    assert [trial.busy for trial in found.trials] == [2 * (60 + 1), 2 * (600 + 1), 2 * (600 + 100)]


@pytest.mark.parametrize("seed", [0, 1])
def test_the_order_of_demands_and_other_schedules_change_no_length(seed: int) -> None:
    endless = Compute(name="cpu", idle_seconds=300)
    one = simulate_load(DEMANDS, endless, WINDOW, runs=5, seed=seed)
    assert simulate_load(DEMANDS[::-1], endless, WINDOW, runs=5, seed=seed) == one
    assert simulate_load(DEMANDS, endless, WINDOW, runs=5, seed=seed) == one
    assert simulate_load(DEMANDS, endless, WINDOW, runs=5, seed=seed + 1) != one
    parts = [simulate_load([demand], endless, WINDOW, runs=5, seed=seed) for demand in DEMANDS]
    assert [sum(trial.busy for trial in trials) for trials in zip(*(part.trials for part in parts), strict=True)] == [
        trial.busy for trial in one.trials
    ]


def test_more_trials_begin_with_the_same_ones() -> None:
    few, many = (simulate_load(DEMANDS, COMPUTE, WINDOW, runs=runs, seed=2).trials for runs in (3, 7))
    assert many[:3] == few


def test_computes_have_dice_of_their_own() -> None:
    one, other = (simulate_load(DEMANDS, Compute(name=name), WINDOW, runs=3, seed=2) for name in ("cpu", "gpu"))
    assert one != other


@pytest.mark.parametrize("runs", [1, 5, 40])
def test_an_executor_changes_nothing(runs: int) -> None:
    alone = simulate_load(DEMANDS, COMPUTE, WINDOW, runs=runs, seed=4)
    with ThreadPoolExecutor(3) as executor:
        assert simulate_load(DEMANDS, COMPUTE, WINDOW, runs=runs, seed=4, executor=executor) == alone


def test_processes_change_nothing() -> None:
    executor: Executor
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        found = simulate_load(DEMANDS, COMPUTE, WINDOW, runs=6, seed=4, executor=executor)
    assert found == simulate_load(DEMANDS, COMPUTE, WINDOW, runs=6, seed=4)


@pytest.mark.parametrize("demands", [(), DEMANDS[2:]], ids=["nothing", "fixed"])
def test_without_a_spread_every_trial_is_the_load(demands: tuple[Demand, ...]) -> None:
    load = measure_load(demands, COMPUTE, WINDOW)
    found = simulate_load(demands, COMPUTE, WINDOW, runs=3, seed=0)
    assert found.node_seconds == (load.node_seconds,) * 3
    assert found.paid == Spread(load.node_seconds, load.node_seconds)
    assert found.asked_nodes == Spread(load.asked_nodes.height, load.asked_nodes.height)
    assert found.asked_runs == Spread(load.asked_runs.height, load.asked_runs.height)
    assert found.longest_delay == Spread(load.delays.longest, load.delays.longest)
    assert found.mean_delay == Spread(load.delays.mean, load.delays.mean)


def test_spreads_are_nearest_ranks_of_the_trials() -> None:
    # 20 trials: the 10th and the 19th of each column.
    trials = tuple(Trial(k, 10 * k, 100 * k, k, 1, 7 * k, 2 * k) for k in range(20, 0, -1))
    found = Simulation(trials, runs=4)
    assert found.asked_runs == (10, 19)
    assert found.asked_nodes == (100, 190)
    assert found.paid == (1_000 + 10 + 1, 1_900 + 19 + 1)
    assert found.longest_delay == (70, 133)
    assert found.mean_delay == (20 / 4, 38 / 4)


@settings(max_examples=100)
@given(values=st.lists(st.integers(), min_size=1, max_size=50), percent=st.integers(1, 100))
def test_the_nearest_rank_is_the_smallest_that_so_many_do_not_exceed(values: list[int], percent: int) -> None:
    found = sorted(values)[find_rank(len(values), percent)]
    needed = ceil(len(values) * percent / 100)
    assert sum(value <= found for value in values) >= needed
    assert sum(value < found for value in values) < needed


def test_percentiles_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="percentiles need at least one value"):
        find_spread([])


def test_a_simulation_has_trials() -> None:
    with pytest.raises(ValueError, match="a simulation has at least one trial, not 0"):
        simulate_load(DEMANDS, COMPUTE, WINDOW, runs=0, seed=1)
    with pytest.raises(ValueError, match="the window ends"):
        simulate_load(DEMANDS, COMPUTE, (1, 0), runs=1, seed=1)
