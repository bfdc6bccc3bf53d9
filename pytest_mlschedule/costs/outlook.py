"""How much a bill, peaks and delays may differ when nobody knows how long runs take: spreads over many trials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pytest_mlschedule.costs.charges import charge_seconds
from pytest_mlschedule.costs.loads.percentiles import Spread, find_spread
from pytest_mlschedule.costs.loads.simulation import Simulation
from pytest_mlschedule.costs.money import EXACT, drop_zeros


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeOutlook:
    """Spreads of one compute: the most runs and nodes asked for at a time, and how long runs wait for nodes, in seconds."""

    name: str
    asked_runs: Spread[int]
    asked_nodes: Spread[int]
    longest_delay: Spread[int]
    mean_delay: Spread[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What so many ``trials`` with a ``seed`` came to. ``bill``: of everything; None where a part of it is not known."""

    trials: int
    seed: int
    bill: Spread[Decimal] | None
    computes: tuple[ComputeOutlook, ...]


def make_outlook(
    simulations: Mapping[str, Simulation], prices: Mapping[str, Decimal | None], fixed: Decimal | None, seed: int
) -> Outlook | None:
    """The spreads of simulations by compute. ``fixed``: what the bill has besides nodes; None: not known.

    None without any simulation. Prices are of a node an hour.
    """
    if not simulations:
        return None
    trials = {len(one.trials) for one in simulations.values()}
    (number,) = trials
    return Outlook(
        trials=number,
        seed=seed,
        bill=_spread_bill(simulations, prices, fixed, number),
        computes=tuple(
            ComputeOutlook(
                name=name,
                asked_runs=one.asked_runs,
                asked_nodes=one.asked_nodes,
                longest_delay=one.longest_delay,
                mean_delay=one.mean_delay,
            )
            for name, one in simulations.items()
        ),
    )


def _spread_bill(
    simulations: Mapping[str, Simulation], prices: Mapping[str, Decimal | None], fixed: Decimal | None, number: int
) -> Spread[Decimal] | None:
    bills = [fixed] * number if fixed is not None else []
    for name, one in simulations.items():
        price = prices[name]
        if price is None or not bills:
            return None
        charges = [charge_seconds(seconds, price) for seconds in one.node_seconds]
        bills = list(map(EXACT.add, bills, charges))
    return Spread(*map(drop_zeros, find_spread(bills))) if bills else None
