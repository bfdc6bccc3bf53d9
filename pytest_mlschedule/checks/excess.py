"""A limit that is not kept, and the case in which it is looked for: one limit of one budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pytest_mlschedule.checks.limits import Budget, Starts
from pytest_mlschedule.diagnostics import Diagnostic, error, warning
from pytest_mlschedule.triggers.zones import zone

if TYPE_CHECKING:
    from pytest_mlschedule.checks.spending import Spending

Amount = int | Decimal
"""Runs and nodes, or money."""
CODES: Mapping[str, str] = {
    "max_runs_per_day": "MLS701",
    "max_runs_per_month": "MLS702",
    "quiet_hours": "MLS703",
    "allowed_computes": "MLS704",
    "required_tags": "MLS705",
    "max_starts_per_minute": "MLS706",
    "max_cost_per_month": "MLS707",
    "max_concurrent_nodes": "MLS708",
}
UNDECIDED = "MLS709"
TOGETHER = (
    "max_runs_per_day",
    "max_runs_per_month",
    "max_starts_per_minute",
    "max_cost_per_month",
    "max_concurrent_nodes",
)
"""The limits that schedules of a tag, and all schedules, have together."""
SHOWN = 3
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """A limit of a budget that is not kept, or of which nobody knows whether it is (``undecided``).

    ``limit`` is its name ("max_runs_per_day"), ``code`` the rule. ``schedules``: those that are to blame, the largest part
    first, each with its runs (nodes, cost) in the worst ``period`` ("2026-03-02"; empty where no period is meant). ``count`` is
    what was found there against ``allowed``, ``shown`` the same in words, and ``periods`` how many periods have too much.
    ``subject`` is the compute or the tag that is wrong, ``largest`` the first of the schedules as it was given.
    """

    budget: Budget
    largest: Starts = field(repr=False, compare=False)
    limit: str
    schedules: tuple[tuple[str, Amount], ...]
    message: str
    hint: str
    period: str = ""
    count: Amount = 0
    allowed: Amount = 0
    periods: int = 0
    subject: str = ""
    shown: str = ""
    undecided: bool = False

    @property
    def code(self) -> str:
        """The code of the rule."""
        return UNDECIDED if self.undecided else CODES[self.limit]

    @property
    def schedule(self) -> str:
        """The schedule with the largest part."""
        return self.largest.schedule

    @property
    def key(self) -> tuple[str, ...]:
        """What is exceeded, however much: the same before and after a change that does not matter to it."""
        whose = self.schedule
        if self.undecided or (self.limit in TOGETHER and self.budget.scope != "schedule"):
            whose = ""
        return (self.code, self.limit, self.budget.scope, self.budget.name, whose, self.subject)

    @property
    def finding(self) -> Diagnostic:
        """What a check says of it, without a place."""
        make = warning if self.undecided else error
        return make(self.code, self.message, self.hint)

    @property
    def in_words(self) -> str:
        """What was found."""
        return self.shown or f"{self.count:,}"

    @property
    def measure(self) -> Amount:
        """What was found, to be compared: money in cents."""
        return self.count.quantize(_CENT) if isinstance(self.count, Decimal) else self.count

    def is_more_than(self, other: Excess) -> bool:
        """Whether more was found than in another excess of the same key, or too much more often."""
        return self.measure > other.measure or self.periods > other.periods


@dataclass(frozen=True, slots=True)
class Case:
    """One limit of one budget, with the schedules that it is for and the window in epochs; ``rated``: what all schedules cost."""

    budget: Budget
    limit: str
    value: Any
    starts: Sequence[Starts]
    span: tuple[int, int]
    rated: Spending | None = None

    @property
    def spending(self) -> Spending:
        """What schedules cost: for a budget that needs rates it was given."""
        assert self.rated is not None
        return self.rated

    @property
    def origin(self) -> str:
        """Where the limit is written: ``budgets (mlschedule.toml:12)``."""
        place = self.budget.places.get(self.limit, self.budget.location)
        return self.budget.title + (f" ({place.path}:{place.line})" if place else "")

    @property
    def groups(self) -> Iterable[Sequence[Starts]]:
        """Who shares the limit: each schedule has its own, or all have one together."""
        return [[one] for one in self.starts] if self.budget.scope == "schedule" else [self.starts]

    @property
    def named_groups(self) -> Iterable[Sequence[Starts]]:
        """The groups, with the first of the schedules that share a name alone: what they take is known by name."""
        first = {one.schedule: one for one in reversed(self.starts)}
        return (
            group for group in self.groups if self.budget.scope != "schedule" or group[0] is first[group[0].schedule]
        )

    def who(self, group: Sequence[Starts], verb: str = "start") -> str:
        """The subject and the verb of a sentence about a group: ``all schedules start``."""
        if self.budget.scope == "schedule":
            return f"{group[0].schedule} {verb}s"
        return (
            f"all schedules {verb}" if self.budget.scope == "total" else f"schedules tagged {self.budget.name} {verb}"
        )

    def excess(self, shares: Sequence[tuple[Starts, Amount]], message: str, hint: str, **more: Any) -> Excess:
        """An excess of this limit; ``shares``: who is to blame, the largest part first."""
        schedules = tuple((one.schedule, count) for one, count in shares)
        return Excess(
            budget=self.budget,
            limit=self.limit,
            largest=shares[0][0],
            schedules=schedules,
            message=message,
            hint=hint,
            **more,
        )


def show_wall(epoch: int, zone_key: str) -> str:
    """An instant as clocks of a zone show it: ``2026-03-02 02:00``."""
    return f"{datetime.fromtimestamp(epoch, UTC).astimezone(zone(zone_key).tzinfo):%Y-%m-%d %H:%M}"


def list_shares(shares: Iterable[tuple[str, str]]) -> str:
    """The largest parts of something, as names and figures: ``a 24, b 1 and 2 more``."""
    texts = [f"{name} {figure}" for name, figure in shares]
    rest = len(texts) - SHOWN
    return ", ".join(texts[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")
