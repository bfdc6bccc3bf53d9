"""From a configuration to how schedules are checked: the same for the command line and for pytest."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from pytest_mlschedule.checks.baseline import Baseline, read_baseline
from pytest_mlschedule.checks.check import CheckSettings
from pytest_mlschedule.checks.limits import need_rates
from pytest_mlschedule.config.config import Config
from pytest_mlschedule.diagnostics import Location, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.models import JobDefinition
from pytest_mlschedule.schedules.reader import Reader
from pytest_mlschedule.triggers.window import Window

if TYPE_CHECKING:
    from pytest_mlschedule.costs.rates import Rates


def make_settings(config: Config, *, now: datetime, jobs: Mapping[str, JobDefinition], reader: Reader) -> CheckSettings:
    """How to check files that ``reader`` read, at a time (aware), without a baseline."""
    return CheckSettings(
        now=now,
        window=Window(now, now + config.window) if config.window else None,
        jobs=jobs,
        profile=config.profile,
        thresholds=config.thresholds,
        budgets=config.budgets,
        selection=config.rules,
        reader=reader,
    )


def load_rates(config: Config) -> Rates | None:
    """What budgets of money and nodes are counted with, from the files that a configuration names; None where there is no such
    budget. Raises DefinitionError for files of prices and of history that cannot be used."""
    if not need_rates(config.budgets):
        return None
    from pytest_mlschedule.costs.prices.price_files import read_prices  # costs time that few need
    from pytest_mlschedule.history.reading import read_history
    from pytest_mlschedule.planning.estimates import make_rates

    prices = read_prices(config.prices, currency=config.costs.currency) if config.prices else None
    history = read_history(config.history) if config.history else None
    return make_rates(config.costs, prices, history)


def load_baseline(path: str | None) -> Baseline | None:
    """The baseline of a path; None for none. Raises DefinitionError for one that is missing (MLS001) or wrong."""
    if path is None:
        return None
    if not os.path.exists(path):
        hint = "mlschedule check --update-baseline writes it"
        raise DefinitionError([error("MLS001", "there is no such baseline", hint).at(Location(path))])
    return read_baseline(path)
