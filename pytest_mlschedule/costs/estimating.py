"""The estimate of schedules in a window: every part of their bill, and what was taken for granted."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_mlschedule.costs.assumptions import list_assumptions
from pytest_mlschedule.costs.billing import Bill
from pytest_mlschedule.costs.billing_trials import Trials, run_trials
from pytest_mlschedule.costs.estimate import Estimate
from pytest_mlschedule.costs.footprints import CostedSchedule
from pytest_mlschedule.costs.rates import Rates
from pytest_mlschedule.triggers.window import Window


def make_estimate(
    schedules: Iterable[CostedSchedule],
    window: Window,
    rates: Rates,
    trials: Trials | None = None,
    *,
    advise: bool = False,
) -> Estimate:
    """What schedules cost in a half-open window.

    ``trials``: for the spread of what differs from run to run. ``advise``: look for moves that would make computes less full.
    """
    bill = Bill(tuple(schedules), window, rates)
    return Estimate(
        window=window,
        currency=rates.currency,
        schedules=tuple(bill.schedule_estimates()),
        computes=tuple(bill.compute_estimates(advise=advise)),
        assumptions=tuple(list_assumptions(bill)),
        prices=bill.prices_seen,
        outlook=None if trials is None else run_trials(bill, trials),
    )
