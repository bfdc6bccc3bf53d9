"""From options and the configuration to what money is counted with. The options themselves: see cost_options."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

from pytest_mlschedule.cli.desk import Desk
from pytest_mlschedule.cli.loading import USAGE, check_exist, fail, show
from pytest_mlschedule.costs.prices.price_files import read_prices
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.costs.rates import Rates
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.history.history import History
from pytest_mlschedule.history.reading import read_history
from pytest_mlschedule.planning.estimates import make_rates


def load_rates(
    desk: Desk, prices: Sequence[str] = (), history: Sequence[str] = (), currency: str | None = None
) -> Rates:
    """What bills are made with. Ends the command with 2 for files that cannot be read, or are something else."""
    settings = desk.config.costs
    if currency is not None:
        settings = replace(settings, currency=currency.strip().upper())
    priced = _load_prices(desk, prices or desk.config.prices, settings.currency)
    found = load_history(desk, history or desk.config.history)
    return make_rates(settings, priced, found)


def load_history(desk: Desk, paths: Sequence[str]) -> History | None:
    """The jobs of files; None where no file is given. Ends the command with 2 for what cannot be read."""
    if not paths:
        return None
    check_exist(paths, desk.reader)
    try:
        found = read_history(paths)
    except DefinitionError as failure:
        show(failure.diagnostics)
        sys.exit(USAGE)
    show(found.notes)
    return found


def _load_prices(desk: Desk, paths: Sequence[str], currency: str | None) -> PriceList | None:
    if not paths:
        return None
    for path in paths:
        if path.startswith(("https://", "http://")):
            fail(f"{path}: nothing here goes to the network: save what the address returns, and give the file")
    check_exist(paths, desk.reader)
    try:
        return read_prices(paths, currency=currency)
    except DefinitionError as failure:
        show(failure.diagnostics)
        sys.exit(USAGE)
