"""The spread of a bill: trials of all computes together, deterministic for a seed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Context, Decimal, localcontext

import pytest
from bill_data import CPU, GPU, estimate, pipeline, rates, runs, with_fields
from bill_data import MARCH as DURING

from pytest_mlschedule.costs.billing import Bill
from pytest_mlschedule.costs.billing_trials import Trials, run_trials
from pytest_mlschedule.costs.loads.percentiles import Spread
from pytest_mlschedule.costs.loads.simulation import Simulation, Trial
from pytest_mlschedule.costs.outlook import ComputeOutlook, Outlook, make_outlook

SPREAD = {"p50": "10m", "p95": "1h"}
DAILY = range(0, 31 * 86_400, 86_400)


def trial(seconds: int, *, nodes: int = 1, delay: int = 0) -> Trial:
    """A trial in which so many node-seconds are paid."""
    return Trial(
        asked_runs=1, asked_nodes=nodes, busy=seconds, idle=0, waiting=0, longest_delay=delay, total_delay=2 * delay
    )


CPU_TRIALS = Simulation(tuple(trial(seconds, nodes=seconds // 100) for seconds in range(100, 2_100, 100)), 2)
GPU_TRIALS = Simulation(tuple(trial(2_100 - seconds, delay=seconds) for seconds in range(100, 2_100, 100)), 2)
PRICES = {"cpu": Decimal("0.36"), "gpu": Decimal("1.80")}


def test_the_bill_of_a_trial_is_that_of_all_computes_together() -> None:
    found = make_outlook({"cpu": CPU_TRIALS, "gpu": GPU_TRIALS}, PRICES, Decimal("0.5"), 7)
    # Trial k (1 to 20): k x 100 s x 0.0001 + (21 - k) x 100 s x 0.0005 + 0.5 = 1.55 - 0.04 k, from 0.75 to 1.51.
    # Ascending, the 10th of 20 is that of k = 11: 1.11; the 19th that of k = 2: 1.47.
    assert found == Outlook(
        trials=20,
        seed=7,
        bill=Spread(Decimal("1.11"), Decimal("1.47")),
        computes=(
            ComputeOutlook(
                name="cpu",
                asked_runs=Spread(1, 1),
                asked_nodes=Spread(10, 19),
                longest_delay=Spread(0, 0),
                mean_delay=Spread(0, 0),
            ),
            ComputeOutlook(
                name="gpu",
                asked_runs=Spread(1, 1),
                asked_nodes=Spread(1, 1),
                longest_delay=Spread(1_000, 1_900),
                mean_delay=Spread(1_000, 1_900),  # twice as much for two runs
            ),
        ),
    )


@pytest.mark.parametrize(
    ("prices", "fixed"),
    [({"cpu": None, "gpu": Decimal(1)}, Decimal(0)), (PRICES, None), ({"cpu": None, "gpu": None}, None)],
)
def test_without_a_price_or_with_something_unknown_there_is_no_bill(
    prices: dict[str, Decimal | None], fixed: Decimal | None
) -> None:
    found = make_outlook({"cpu": CPU_TRIALS, "gpu": GPU_TRIALS}, prices, fixed, 0)
    assert found is not None
    assert (found.bill, len(found.computes)) == (None, 2)


def test_nothing_to_try() -> None:
    assert make_outlook({}, {}, Decimal(0), 0) is None
    assert run_trials(Bill((), DURING, rates()), Trials(10)) is None


def spread_of(seed: int, **more: object) -> Outlook:
    schedules = [runs("a", DAILY), runs("b", DAILY, compute=None, job=pipeline("load cpu 1 -", "fit gpu 2 load"))]
    computes = [with_fields(CPU, max_nodes=2, idle_seconds=300, min_nodes=1), GPU]
    durations = {"a": SPREAD, "b/load": "10m", "b/fit": SPREAD}
    found = estimate(schedules, computes, durations, trials=Trials(100, seed=seed, **more))  # type: ignore[arg-type]
    assert found.outlook is not None
    return found.outlook


def test_a_seed_decides_every_result() -> None:
    assert spread_of(1) == spread_of(1)
    assert spread_of(1) != spread_of(2)
    with localcontext(Context(prec=2)):
        assert spread_of(1) == spread_of(1)
    with ThreadPoolExecutor(2) as executor:
        assert spread_of(1, executor=executor) == spread_of(1)


def test_without_a_spread_every_trial_is_the_bill() -> None:
    found = estimate([runs("a", DAILY)], [with_fields(CPU, min_nodes=1)], {"a": "45m"}, trials=Trials(20))
    assert found.outlook is not None
    assert found.outlook.bill == Spread(found.total, found.total)  # type: ignore[type-var]


def test_the_bill_of_trials_has_logic_apps_in_it() -> None:
    schedules = [runs("a", range(0, 31 * 86_400, 600))]
    found = estimate(schedules, [CPU], {"a": "1m"}, trials=Trials(3))
    # 4,464 runs: (8,928 - 4,000) x 0.000025 = 0.1232, and 4,464 x 60 s x 0.0001 = 26.784.
    assert found.outlook is not None
    assert found.outlook.bill == Spread(Decimal("26.9072"), Decimal("26.9072"))


@pytest.mark.parametrize("unknown", [runs("b", [0], compute=None), runs("b", [0], compute="gpu")])
def test_with_an_unknown_schedule_there_are_spreads_of_loads_and_none_of_the_bill(unknown: object) -> None:
    found = estimate([runs("a", DAILY), unknown], [CPU], {"a": SPREAD}, trials=Trials(20))  # type: ignore[list-item]
    assert found.outlook is not None
    assert found.outlook.bill is None
    assert found.outlook.computes[0].asked_nodes == Spread(1, 1)


def test_longer_runs_pile_up() -> None:
    # Every 20 minutes, typically 10 minutes: alone. One in twenty takes an hour or more: then several meet.
    found = estimate([runs("a", range(0, 31 * 86_400, 1_200))], [CPU], {"a": SPREAD}, trials=Trials(20, seed=5))
    assert found.computes[0].load is not None
    assert found.computes[0].load.asked_nodes.height == 1
    assert found.outlook is not None
    assert found.outlook.computes[0].asked_nodes.p50 > 2
    assert found.outlook.computes[0].longest_delay == Spread(0, 0)  # there is no limit
