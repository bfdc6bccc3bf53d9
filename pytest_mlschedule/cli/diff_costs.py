"""What a change costs: the same rates for both sides of a comparison, and whether it costs more."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from pytest_mlschedule.cli import cost_options
from pytest_mlschedule.cli.cost_options import CostOptions
from pytest_mlschedule.cli.desk import Desk
from pytest_mlschedule.planning.plan import Plan

if TYPE_CHECKING:
    from pytest_mlschedule.costs.rates import Rates
    from pytest_mlschedule.planning.diff_costs import CostDiff

LEAST = Decimal("0.01")
"""What costs less more than this does not cost more: who pays for an idle node may change by seconds."""


def load_rates(desk: Desk, options: CostOptions) -> Rates | None:
    """What both sides are counted with; None where nothing is configured, given or asked for. Ends the command like load_rates."""
    config = desk.config
    configured = config.prices or config.history or config.costs.computes or config.costs.durations
    return cost_options.load_rates(desk, options, always=bool(configured))


def refuse_uncounted(rates: Rates | None) -> None:
    """A usage error where there are no prices to tell costs by."""
    if rates is None or rates.prices is None:
        text = "--fail-on cost: no prices are given: --prices FILE, or prices in the configuration"
        raise click.UsageError(text)


def compare_costs(desk: Desk, plans: tuple[Plan, Plan], rates: Rates | None) -> CostDiff | None:
    """What both plans cost; None where nothing is known to count with."""
    if rates is None or not (rates.prices or rates.settings.computes or _has_durations(rates)):
        return None
    from pytest_mlschedule.planning.diff_costs import diff_costs  # costs time that few need

    return diff_costs(*plans, rates, _say_whose(desk))


def _has_durations(rates: Rates) -> bool:
    return bool(rates.durations.configured or rates.durations.measured)


def _say_whose(desk: Desk) -> str:
    what = "prices, durations and computes"
    if desk.config.path is None:
        return f"both sides are counted with the same {what}"
    return f"both sides are counted with the {what} of {desk.config.path.as_posix()} as it is in the work tree"


def find_increase(costs: CostDiff) -> str | None:
    """Why the exit status is 1: what is known on both sides costs more than before. What is not known is told on stderr."""
    from pytest_mlschedule.report.diff_cost_words import CostWords  # costs time that few need

    words = CostWords(costs)
    for sentence in words.unknown():
        click.echo(f"mlschedule: not known, and not counted: {sentence}", err=True)
    return f"everything costs more than before: {words.total_in_money}" if costs.known_difference >= LEAST else None
