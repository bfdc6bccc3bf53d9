"""Budgets of the configuration on both sides of a comparison: who exceeds what, and since when."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pytest_mlschedule.checks.budgets import ScheduleStarts, find_excesses
from pytest_mlschedule.checks.excesses import Excess
from pytest_mlschedule.checks.limits import Starts
from pytest_mlschedule.checks.rule import Situation
from pytest_mlschedule.cli.desk import Desk
from pytest_mlschedule.cli.diff_sides import Side
from pytest_mlschedule.diagnostics import Diagnostic, Location, error
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.run import ScheduleRuns
from pytest_mlschedule.report.budget_changes import BudgetChange, BudgetChanges

Place = Callable[[Excess], Diagnostic]


def compare_budgets(desk: Desk, sides: tuple[Side, Side], plans: tuple[Plan, Plan]) -> BudgetChanges:
    """The limits that the new side does not keep, each with what the old side had."""
    budgets = desk.config.budgets
    if not budgets:
        return BudgetChanges()
    old, _ = _starts_of(desk, sides[0], plans[0])
    new, place = _starts_of(desk, sides[1], plans[1])
    window = plans[1].window
    before = {excess.key: excess for excess in find_excesses(budgets, old, window)}
    after = find_excesses(budgets, new, window)
    return BudgetChanges(tuple(BudgetChange(one, before.get(one.key), _shorten(place(one))) for one in after))


def _starts_of(desk: Desk, side: Side, plan: Plan) -> tuple[Sequence[Starts], Place]:
    """The schedules of a side as budgets see them, and what places a finding on it."""
    if side.saved is not None:
        return [_SavedStarts(part) for part in plan.parts], _unplaced
    situation = Situation(
        schedules=side.schedules,
        now=plan.created_at or plan.start,
        window=plan.window,
        jobs=side.jobs,
        profile=desk.profile,
        budgets=desk.config.budgets,
        reader=side.reader,
    )
    starts = [ScheduleStarts(schedule, situation) for schedule in side.schedules]
    by_identity = {id(one): one for one in starts}
    return starts, lambda excess: by_identity[id(excess.largest)].place(excess)


def _shorten(finding: Diagnostic) -> Diagnostic:
    """The finding with a path that is as short as it can be."""
    at = finding.location
    return finding if at is None else finding.at(Location(os.path.normpath(at.path), at.line, at.column))


def _unplaced(excess: Excess) -> Diagnostic:
    return error(excess.code, excess.message, excess.hint)


class _SavedStarts:
    """A schedule of a saved plan as budgets see it: it knows nothing beyond the plan's window."""

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

    def epochs_between(self, start: int, end: int) -> Sequence[int]:
        return self._part.occurrences.epochs_between(start, end)

    def count_between(self, start: int, end: int) -> int:
        return self._part.occurrences.count_between(start, end)
