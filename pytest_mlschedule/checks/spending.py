"""What schedules cost month by month, and which nodes they ask for: all together, for they share nodes and free executions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from pytest_mlschedule.checks.periods import Period
from pytest_mlschedule.costs.billing import Bill
from pytest_mlschedule.costs.estimate import ComputeEstimate, Estimate, ScheduleEstimate
from pytest_mlschedule.costs.estimating import make_estimate
from pytest_mlschedule.costs.footprints import CostedSchedule
from pytest_mlschedule.costs.money import EXACT, show_money
from pytest_mlschedule.costs.rates import Rates
from pytest_mlschedule.triggers.window import Window, from_epoch
from pytest_mlschedule.triggers.wording import list_names

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why it is not known what ``name`` takes, and what to do. ``computes``: those that it uses, as far as they are known."""

    name: str
    reason: str
    hint: str = ""
    computes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Costs:
    """What some schedules cost in a month: the known ``amounts`` by name, the largest first, and what is not known."""

    amounts: Mapping[str, Decimal]
    unknown: tuple[Unknown, ...] = ()

    @property
    def known(self) -> Decimal:
        """The sum of what is known: at least so much."""
        return sum(self.amounts.values(), Decimal(0))


class Spending:
    """What schedules cost and occupy. Each month, and each window, is looked at when it is first asked for, and once.

    Of schedules that share a name the first counts: a workspace has one of them. ``advise``: look for moves too, of those that
    ask for too many nodes at a time.
    """

    def __init__(self, schedules: Iterable[CostedSchedule], rates: Rates, *, advise: bool = True) -> None:
        named: dict[str, CostedSchedule] = {}
        for one in schedules:
            named.setdefault(one.name, one)
        self.schedules: Mapping[str, CostedSchedule] = named
        self.rates = rates
        self.advise = advise
        self._estimates: dict[Period, Estimate] = {}
        self._bills: dict[tuple[int, int], Bill] = {}

    def costs(self, month: Period, names: Collection[str], *, always_on: bool) -> Costs:
        """What schedules cost in a month; ``always_on``: and what nodes cost that are on and that nobody uses."""
        estimate = self._estimate(month)
        amounts: dict[str, Decimal] = {}
        unknown: list[Unknown] = []
        for name, amount, doubt in _list_parts(estimate, names, always_on=always_on):
            if doubt is not None:
                unknown.append(doubt)
            if amount or doubt is None:
                amounts[name] = amount
        largest = sorted(amounts.items(), key=lambda item: (-item[1], item[0]))
        return Costs(dict(largest), tuple(unknown))

    @property
    def priced(self) -> str:
        """Of what day and region the prices are: ``prices as of 2026-06-18, eastus``; empty where no file says a day."""
        prices, regions = self.rates.prices, {one.region for one in self.rates.settings.computes.values() if one.region}
        if prices is None or prices.as_of is None:
            return ""
        dated = f"prices as of {prices.as_of}"
        return f"{dated}, {list_names(sorted(regions))}" if regions else dated

    def bill(self, span: tuple[int, int]) -> Bill:
        """The bill for a window of epochs, for what runs occupy."""
        if span not in self._bills:
            self._bills[span] = Bill(tuple(self.schedules.values()), _window(*span), self.rates)
        return self._bills[span]

    def _estimate(self, month: Period) -> Estimate:
        if month not in self._estimates:
            self._estimates[month] = make_estimate(self.schedules.values(), _window(month.start, month.end), self.rates)
        return self._estimates[month]


def _window(start: int, end: int) -> Window:
    return Window(from_epoch(start), from_epoch(end))


def _list_parts(
    estimate: Estimate, names: Collection[str], *, always_on: bool
) -> Iterator[tuple[str, Decimal, Unknown | None]]:
    """Who costs how much at least, and what is not known of it."""
    for one in estimate.schedules:
        if one.name in names:
            yield one.name, one.least, Unknown(one.name, one.reason, _hint_of(one)) if one.total is None else None
    for compute in estimate.computes if always_on else ():
        name, cost = _name_nodes(compute), compute.waiting_cost
        yield name, cost or Decimal(0), Unknown(name, compute.reason, compute.hint) if cost is None else None


def _hint_of(one: ScheduleEstimate) -> str:
    return one.compute.hint if one.compute.cost is None else one.logic_app.hint


def _name_nodes(compute: ComputeEstimate) -> str:
    return f"{compute.name} always on"


def show_amount(amount: Decimal, currency: str | None = None, *, beside: Decimal | None = None) -> str:
    """Money in cents: ``1,234.50 USD``, ``<0.01``; every digit where cents do not tell it from another amount ``beside`` it."""
    cents, others = (_round(one) for one in (amount, amount if beside is None else beside))
    alike = beside is not None and beside != amount and cents == others
    text = show_money(amount) if alike else "<0.01" if 0 < amount < _CENT else f"{cents:,}"
    return f"{text} {currency or ''}".rstrip()


def _round(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP, EXACT)
