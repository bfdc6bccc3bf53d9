"""What a change costs: the estimates of two plans of one window, side by side. What is not known is None, never 0."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from pytest_mlschedule.costs.charges import HOUR
from pytest_mlschedule.costs.estimate import Estimate, ScheduleEstimate, add_all
from pytest_mlschedule.costs.estimating import make_estimate
from pytest_mlschedule.costs.money import EXACT, show_money
from pytest_mlschedule.costs.rates import Rates
from pytest_mlschedule.planning.estimates import describe_part
from pytest_mlschedule.planning.plan import Plan


class Cost(NamedTuple):
    """An amount of money, and node-seconds; None is unknown: ``reason`` says why. ``least``: what is known of the amount."""

    amount: Decimal | None = Decimal(0)
    node_seconds: int | None = 0
    reason: str = ""
    least: Decimal = Decimal(0)


_LONG = 20
NOTHING = Cost()
"""What a schedule costs on a side that does not have it."""


@dataclass(frozen=True, slots=True)
class CostChange:
    """What a schedule, nodes that are always on, or everything costs on both sides."""

    name: str
    old: Cost
    new: Cost

    @property
    def difference(self) -> Decimal | None:
        """New minus old; None where one of them is not known."""
        if self.old.amount is None or self.new.amount is None:
            return None
        return EXACT.subtract(self.new.amount, self.old.amount)

    @property
    def known_difference(self) -> Decimal:
        """New minus old of what is known on both sides: all, or as much of both; 0 where one side alone is known."""
        if (self.old.amount is None) is not (self.new.amount is None):
            return Decimal(0)
        return EXACT.subtract(self.new.least, self.old.least)

    @property
    def node_seconds(self) -> int | None:
        """The difference of node-seconds; None where one side is not known."""
        if self.old.node_seconds is None or self.new.node_seconds is None:
            return None
        return self.new.node_seconds - self.old.node_seconds

    @property
    def reason(self) -> str:
        """Why an amount is not known: the new one, else the old one."""
        return self.new.reason or self.old.reason

    def to_dict(self) -> dict[str, Any]:
        """``cost`` and ``node_hours`` with old, new and difference: money as decimal text, null (and why) for what is not known."""
        cost: dict[str, Any] = {
            "old": _money(self.old.amount),
            "new": _money(self.new.amount),
            "difference": _money(self.difference),
        }
        if self.difference is None:
            cost["reason"] = self.reason
        hours = {
            "old": _hours(self.old.node_seconds),
            "new": _hours(self.new.node_seconds),
            "difference": _hours(self.node_seconds),
        }
        return {"cost": cost, "node_hours": hours}


@dataclass(frozen=True)
class CostDiff:
    """The estimates of both sides, made with the same rates. ``remark``: where those come from, taken for granted first."""

    old: Estimate = field(repr=False)
    new: Estimate = field(repr=False)
    remark: str = ""

    @property
    def currency(self) -> str | None:
        """The currency of both."""
        return self.new.currency

    @cached_property
    def schedules(self) -> Mapping[str, CostChange]:
        """By name: every schedule of either side."""
        old, new = ({one.name: _cost_of(one) for one in side.schedules} for side in (self.old, self.new))
        return {name: CostChange(name, old.get(name, NOTHING), new.get(name, NOTHING)) for name in sorted({*old, *new})}

    @cached_property
    def always_on(self) -> Mapping[str, CostChange]:
        """What nodes cost that are on and that nobody uses, by compute."""
        old, new = (dict(_waiting_of(side)) for side in (self.old, self.new))
        return {name: CostChange(name, old.get(name, NOTHING), new.get(name, NOTHING)) for name in sorted({*old, *new})}

    @cached_property
    def total(self) -> CostChange:
        """Everything together."""
        every = [*self.schedules.values(), *self.always_on.values()]
        seconds = (_add([one.old.node_seconds for one in every]), _add([one.new.node_seconds for one in every]))
        old, new = (
            Cost(side.total, own, _say_unknown(side)) for side, own in zip((self.old, self.new), seconds, strict=True)
        )
        return CostChange("total", old, new)

    @cached_property
    def known_difference(self) -> Decimal:
        """The difference of everything that is known on both sides."""
        every = (*self.schedules.values(), *self.always_on.values())
        return add_all(one.known_difference for one in every)

    @property
    def unknown(self) -> Mapping[str, str]:
        """Why something is not known on a side, by what it is."""
        return {**self.old.unknown, **self.new.unknown}

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was taken for granted: on the new side, then what is taken so on the old one alone."""
        said = {key for sentence in self.new.assumptions for key in (sentence, _cut_names(sentence))}
        own = [one for one in self.old.assumptions if one not in said and _cut_names(one) not in said]
        return (*filter(None, [self.remark]), *self.new.assumptions, *(f"old side: {sentence}" for sentence in own))

    def to_dict(self) -> dict[str, Any]:
        """What the document of a comparison has besides: totals, currency, nodes that are always on, assumptions."""
        known = {"old": self.old.known_total, "new": self.new.known_total, "difference": self.known_difference}
        return {
            "total": {**self.total.to_dict(), "known_cost": {name: _money(amount) for name, amount in known.items()}},
            "currency": self.currency,
            "always_on": [{"compute": name, **change.to_dict()} for name, change in self.always_on.items()],
            "assumptions": list(self.assumptions),
        }


def diff_costs(old: Plan, new: Plan, rates: Rates, remark: str = "") -> CostDiff:
    """What two plans of one window cost, with the same prices, durations and settings; ``remark`` says which those are."""
    before, after = (make_estimate(map(describe_part, plan.parts), plan.window, rates) for plan in (old, new))
    return CostDiff(before, after, remark)


def _cut_names(sentence: str) -> str:
    """An assumption without the names that it ends with: it is the same one, whomever it is about. Short heads are names."""
    head = sentence.rpartition(": ")[0]
    return head if len(head) >= _LONG else sentence


def _cost_of(one: ScheduleEstimate) -> Cost:
    return Cost(one.total, one.compute.node_seconds, one.reason if one.total is None else "", one.least)


def _waiting_of(estimate: Estimate) -> Iterator[tuple[str, Cost]]:
    for one in estimate.computes:
        if one.waiting or one.waiting_cost is None:
            reason = one.reason if one.waiting_cost is None else ""
            yield one.name, Cost(one.waiting_cost, one.waiting, reason, one.waiting_cost or Decimal(0))


def _say_unknown(estimate: Estimate) -> str:
    return "; ".join(f"{name}: {reason}" for name, reason in estimate.unknown.items())


def _add(seconds: list[int | None]) -> int | None:
    known = [one for one in seconds if one is not None]
    return sum(known) if len(known) == len(seconds) else None


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else show_money(amount)


def _hours(seconds: int | None) -> float | None:
    return None if seconds is None else seconds / HOUR
