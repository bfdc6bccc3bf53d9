"""Trials of a whole bill: every compute with lengths drawn at random, the same trial of each together."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

from pytest_mlschedule.costs.billing import Bill
from pytest_mlschedule.costs.estimate import add_known
from pytest_mlschedule.costs.loads.simulation import simulate_load
from pytest_mlschedule.costs.outlook import Outlook, make_outlook


@dataclass(frozen=True, slots=True)
class Trials:
    """How many trials, from which seed; spread over an executor where there is one. The seed decides every result."""

    number: int
    seed: int = 0
    executor: Executor | None = None


def run_trials(bill: Bill, trials: Trials) -> Outlook | None:
    """The spreads of a bill; None where nothing is known to run."""
    loads = {name: load for name, load in bill.loads.items() if load.load is not None}
    simulations = {
        name: simulate_load(
            [part.share.demand for part in load.parts if part.share is not None],
            load.compute,
            bill.window.epochs,
            runs=trials.number,
            seed=trials.seed,
            executor=trials.executor,
        )
        for name, load in loads.items()
    }
    estimates = list(bill.schedule_estimates())
    fixed = add_known(one.logic_app.cost for one in estimates)
    known = all(one.total is not None for one in estimates) and len(loads) == len(bill.loads)
    prices = {name: bill.prices[name].price for name in loads}
    return make_outlook(simulations, prices, fixed if known else None, trials.seed)
