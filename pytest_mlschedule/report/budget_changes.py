"""What a change does to budgets: the limits that the new side does not keep, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pytest_mlschedule.checks.excess import Amount, Excess
from pytest_mlschedule.costs.money import show_money
from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.report.wrapping import wrap_line

_UNITS = {"max_cost_per_month": "cost", "max_concurrent_nodes": "nodes"}
"""What limits count that do not count runs."""


@dataclass(frozen=True, slots=True)
class BudgetChange:
    """A limit that the new side does not keep, or of which nobody knows there. ``before``: the same of the old side, None where
    it kept the limit.

    ``finding`` is what ``check`` says, at its place on the new side.
    """

    excess: Excess
    before: Excess | None
    finding: Diagnostic

    @property
    def is_caused(self) -> bool:
        """Whether the change exceeds the limit, or exceeds it further; or whether it makes less known than before."""
        return self.before is None or self.excess.is_more_than(self.before)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        excess, place = self.excess, self.finding.location
        unit = _UNITS.get(excess.limit, "runs")
        return {
            "code": excess.code,
            "budget": excess.budget.title,
            "limit": excess.limit,
            "schedules": [{"name": name, unit: self._write(part)} for name, part in excess.schedules],
            "subject": excess.subject,
            "period": excess.period,
            "allowed": None if excess.undecided else _write(excess.allowed),
            "old": None if self.before is None else self._write(self.before.count),
            "new": self._write(excess.count),
            "since": "this change" if self.is_caused else "before",
            "message": excess.message,
            "hint": excess.hint,
            "path": place and place.path,
            "line": place and place.line,
            "column": place and place.column,
        }

    def _write(self, amount: Amount) -> int | str | None:
        """An amount as JSON data; null for what nobody knows."""
        return None if self.excess.undecided else _write(amount)


def _write(amount: Amount) -> int | str:
    """Money as text, every digit of it."""
    return show_money(amount) if isinstance(amount, Decimal) else amount


@dataclass(frozen=True, slots=True)
class BudgetChanges:
    """Every limit that the new side does not keep."""

    changes: tuple[BudgetChange, ...] = ()

    @property
    def caused(self) -> list[BudgetChange]:
        """Those that the change exceeds, or exceeds further."""
        return [change for change in self.changes if change.is_caused and not change.excess.undecided]

    @property
    def undecided(self) -> list[BudgetChange]:
        """Those of which nobody knows since the change, or of which less is known."""
        return [change for change in self.changes if change.is_caused and change.excess.undecided]

    @property
    def earlier(self) -> list[BudgetChange]:
        """Those that were so before."""
        return [change for change in self.changes if not change.is_caused]

    @property
    def findings(self) -> list[Diagnostic]:
        """What to show: first what the change exceeds, then what nobody knows, then, as notes, what was so before."""
        return [_say_since(change) for change in (*self.caused, *self.undecided, *self.earlier)]


def _say_since(change: BudgetChange) -> Diagnostic:
    found, before = change.finding, change.before
    if not change.is_caused:
        return replace(found, severity=Severity.NOTE, message=f"{found.message} (as before this change)")
    return replace(found, message=f"{found.message} ({_since(change.excess, before)})")


def _since(now: Excess, before: Excess | None) -> str:
    if before is None:
        return "since this change"
    return f"{before.in_words} before this change" if now.measure > before.measure else "more often than before"


def write_budgets(changes: BudgetChanges, width: int | None = None) -> Iterator[str]:
    """The lines of a text, with their ends; what the change causes first. Nothing where every limit is kept."""
    parts = (
        ("Budgets that this change exceeds:", changes.caused),
        ("Budgets that nobody can decide:", changes.undecided),
        ("Budgets that were exceeded before:", [one for one in changes.earlier if not one.excess.undecided]),
        ("Budgets that nobody could decide before:", [one for one in changes.earlier if one.excess.undecided]),
    )
    for head, found in parts:
        yield from ["\n", f"{head}\n"] if found else []
        for change in found:
            for line in str(_say_since(change)).split("\n"):
                yield from (f"{part}\n" for part in wrap_line(f"  {line}", width))
