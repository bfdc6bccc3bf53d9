"""Prices and history on the command line: options of commands that count money. What they mean is read where it is needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from pytest_mlschedule.checks.limits import need_rates

if TYPE_CHECKING:
    from pytest_mlschedule.cli.desk import Desk
    from pytest_mlschedule.costs.rates import Rates

_OPTIONS = (
    click.option(
        "--prices",
        multiple=True,
        metavar="FILE",
        help="Pages of the Azure Retail Prices API, saved as JSON: a file or folder; repeatable.",
    ),
    click.option(
        "--history",
        multiple=True,
        metavar="FILE",
        help="What ran, to learn durations from: the JSON of az ml job list -o json; repeatable.",
    ),
    click.option("--currency", metavar="CODE", help="The currency to count in, where price files have several."),
)


def costing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of CostOptions; stands above ``desk_command``."""
    for decorate in reversed(_OPTIONS):
        command = decorate(command)
    return command


@dataclass(frozen=True, slots=True)
class CostOptions:
    """What a command line says about money; what it leaves out the configuration says."""

    prices: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    currency: str | None = None

    @property
    def given(self) -> bool:
        """Whether it says anything."""
        return bool(self.prices or self.history or self.currency)


NO_OPTIONS = CostOptions()


def load_rates(desk: Desk, options: CostOptions = NO_OPTIONS, *, always: bool = False) -> Rates | None:
    """What is counted with; None where no option is given and no budget counts money or nodes, unless it is ``always`` wanted.

    Ends the command with 2 for files that cannot be read, or are something else.
    """
    if not (always or options.given or need_rates(desk.config.budgets)):
        return None
    from pytest_mlschedule.cli import costing  # costs time that few need

    return costing.load_rates(desk, options.prices, options.history, options.currency)
