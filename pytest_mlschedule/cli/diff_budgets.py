"""Budgets of the configuration on both sides of a comparison: who exceeds what, and since when."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_mlschedule.checks.budgets import find_excesses
from pytest_mlschedule.checks.excess import Excess
from pytest_mlschedule.checks.limits import Starts
from pytest_mlschedule.checks.rule import Situation
from pytest_mlschedule.checks.schedule_starts import ScheduleStarts
from pytest_mlschedule.cli.desk import Desk
from pytest_mlschedule.cli.diff_sides import Side
from pytest_mlschedule.diagnostics import Diagnostic, Location
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.run import ScheduleRuns
from pytest_mlschedule.report.budget_changes import BudgetChange, BudgetChanges

if TYPE_CHECKING:
    from pytest_mlschedule.checks.spending import Spending
    from pytest_mlschedule.costs.footprints import CostedSchedule
    from pytest_mlschedule.costs.rates import Rates

Span = tuple[int, int]


def compare_budgets(
    desk: Desk, sides: tuple[Side, Side], plans: tuple[Plan, Plan], rates: Rates | None
) -> BudgetChanges:
    """The limits that the new side does not keep, each with what the old side had. ``rates``: for budgets of money and nodes.

    A saved plan knows nothing outside its window: with one on either side nothing outside counts for both.
    """
    budgets = desk.config.budgets
    if not budgets:
        return BudgetChanges()
    window = plans[1].window
    span = window.epochs if any(side.saved for side in sides) else None
    old, new = (_starts_of(desk, side, plan, span) for side, plan in zip(sides, plans, strict=True))
    before = {excess.key: excess for excess in find_excesses(budgets, old, window, _spend(old, rates, advise=False))}
    after = find_excesses(budgets, new, window, _spend(new, rates, advise=True))
    return BudgetChanges(tuple(BudgetChange(one, before.get(one.key), _place(one)) for one in after))


def _spend(starts: Sequence[Starts], rates: Rates | None, *, advise: bool) -> Spending | None:
    """What the schedules of a side cost."""
    if rates is None:
        return None
    from pytest_mlschedule.checks.spending import Spending  # costs time that few need

    return Spending((one.costed for one in starts), rates, advise=advise)


def _starts_of(desk: Desk, side: Side, plan: Plan, span: Span | None) -> Sequence[Starts]:
    """The schedules of a side as budgets see them."""
    if side.saved is not None:
        return [_SavedStarts(part) for part in plan.parts]
    situation = Situation(
        schedules=side.schedules,
        now=plan.created_at or plan.start,
        window=plan.window,
        jobs=side.jobs,
        profile=desk.profile,
        budgets=desk.config.budgets,
        reader=side.reader,
    )
    return [_FileStarts(one, span) for one in situation.starts]


def _place(excess: Excess) -> Diagnostic:
    """What ``check`` says of an excess, at its place where the schedule is in a file, with a path as short as it can be."""
    if not isinstance(excess.largest, _FileStarts):
        return excess.finding
    finding = excess.largest.starts.place(excess)
    at = finding.location
    return finding if at is None else finding.at(Location(os.path.normpath(at.path), at.line, at.column))


class _FileStarts:
    """A schedule of a file as budgets see it; with a ``span`` of epochs as if there were no time outside of it."""

    def __init__(self, starts: ScheduleStarts, span: Span | None) -> None:
        self.starts = starts
        self._span = span

    @property
    def schedule(self) -> str:
        return self.starts.schedule

    @property
    def computes(self) -> Sequence[str]:
        return self.starts.computes

    @property
    def tags(self) -> Mapping[str, Any]:
        return self.starts.tags

    @property
    def costed(self) -> CostedSchedule:
        return replace(self.starts.costed, occurrences=self)

    def epochs_between(self, start: int, end: int) -> Sequence[int]:
        return self.starts.epochs_between(*self._clip(start, end))

    def count_between(self, start: int, end: int) -> int:
        return self.starts.count_between(*self._clip(start, end))

    def _clip(self, start: int, end: int) -> Span:
        if self._span is None:
            return start, end
        return max(start, self._span[0]), min(end, self._span[1])


class _SavedStarts:
    """A schedule of a saved plan as budgets see it."""

    def __init__(self, part: ScheduleRuns) -> None:
        self._part = part

    @property
    def schedule(self) -> str:
        return self._part.source.schedule

    @property
    def computes(self) -> Sequence[str]:
        compute = self._part.source.compute
        return () if compute is None else (compute,)

    @property
    def tags(self) -> Mapping[str, Any]:
        return self._part.source.tags

    @property
    def costed(self) -> CostedSchedule:
        from pytest_mlschedule.planning.estimates import describe_part  # costs time that few need

        return describe_part(self._part)

    def epochs_between(self, start: int, end: int) -> Sequence[int]:
        return self._part.occurrences.epochs_between(start, end)

    def count_between(self, start: int, end: int) -> int:
        return self._part.occurrences.count_between(start, end)
