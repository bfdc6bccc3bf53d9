"""Schedules that run at given times on a compute, and what a budget says of them. Prices are those of priced_files."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from priced_files import PAGE

from pytest_mlschedule.checks.budgets import Budget, find_excesses
from pytest_mlschedule.checks.excess import Excess
from pytest_mlschedule.checks.spending import Spending
from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.footprints import CostedSchedule
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.costs.rates import Rates
from pytest_mlschedule.costs.run_durations import RunDurations, read_duration
from pytest_mlschedule.costs.settings import CostSettings
from pytest_mlschedule.triggers.window import Window

PRICES = PriceList.from_data(PAGE, source="prices.json")
CPU = Compute(name="cpu", size="Standard_A", region="eastus")
GPU = Compute(name="gpu", size="Standard_B", region="eastus")
HOUR, DAY = 3600, 86_400


@dataclass(frozen=True)
class Runs:
    """A schedule that runs at given epochs."""

    schedule: str
    epochs: Sequence[int]
    compute: str | None = "cpu"
    tags: Mapping[str, Any] = field(default_factory=dict)
    computes: Sequence[str] = ()
    job: Any = None

    @property
    def costed(self) -> CostedSchedule:
        return CostedSchedule(name=self.schedule, occurrences=self, compute=self.compute, tags=self.tags, job=self.job)

    def epochs_between(self, start: int, end: int) -> Sequence[int]:
        return self.epochs[bisect_left(self.epochs, start) : bisect_left(self.epochs, end)]

    def count_between(self, start: int, end: int) -> int:
        return len(self.epochs_between(start, end))


def epoch(text: str) -> int:
    """Of ``2026-03-01``, ``2026-03-01T02:30`` in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def every(seconds: int, name: str = "a", start: str = "2020-01-01", end: str = "2030-01-01", **more: Any) -> Runs:
    """Runs every so many seconds."""
    return Runs(name, range(epoch(start), epoch(end), seconds), **more)


def window(start: str, days: int = 1) -> Window:
    """So many days from a midnight of UTC on."""
    first = datetime.fromisoformat(start).replace(tzinfo=UTC)
    return Window(first, first + timedelta(days=days))


def rates(
    durations: Mapping[str, object] | None = None,
    computes: Sequence[Compute] = (CPU, GPU),
    prices: PriceList | None = PRICES,
    **settings: Any,
) -> Rates:
    """Every run takes an hour unless ``durations`` says otherwise."""
    known = {"*": "1h"} if durations is None else durations
    return Rates(
        prices=prices,
        durations=RunDurations(configured={key: read_duration(value) for key, value in known.items()}),
        settings=CostSettings(computes={one.name: one for one in computes}, **settings),
    )


HOURLY = rates()


def excesses(budget: Budget, *starts: Runs, during: Window, made_with: Rates = HOURLY) -> list[Excess]:
    """What a budget finds."""
    return list(find_excesses([budget], starts, during, Spending((one.costed for one in starts), made_with)))


def said(budget: Budget, *starts: Runs, during: Window, made_with: Rates = HOURLY) -> list[str]:
    """The same as people read it."""
    return [f"{one.code} {one.message}" for one in excesses(budget, *starts, during=during, made_with=made_with)]


def money(limit: str, scope: Any = "total", name: str = "") -> Budget:
    """A budget of so much a month."""
    return Budget(scope=scope, name=name, max_cost_per_month=Decimal(limit))


def nodes(limit: int, scope: Any = "total", name: str = "", **more: Any) -> Budget:
    """A budget of so many nodes at a time."""
    return Budget(scope=scope, name=name, max_concurrent_nodes=limit, **more)
