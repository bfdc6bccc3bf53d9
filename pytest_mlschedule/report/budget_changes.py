"""What a change does to budgets: the limits that the new side does not keep, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pytest_mlschedule.checks.excesses import Excess
from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.report.wrapping import wrap_line


@dataclass(frozen=True, slots=True)
class BudgetChange:
    """A limit that the new side does not keep. ``before``: what the old side had, None where it kept the limit.

    ``finding`` is what ``check`` says, at its place on the new side.
    """

    excess: Excess
    before: Excess | None
    finding: Diagnostic

    @property
    def is_caused(self) -> bool:
        """Whether the change exceeds the limit, or exceeds it further."""
        now, before = self.excess, self.before
        return before is None or now.count > before.count or now.periods > before.periods

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        excess, place = self.excess, self.finding.location
        return {
            "code": excess.code,
            "budget": excess.budget.title,
            "limit": excess.limit,
            "schedules": [{"name": name, "runs": runs} for name, runs in excess.schedules],
            "subject": excess.subject,
            "period": excess.period,
            "allowed": excess.allowed,
            "old": None if self.before is None else self.before.count,
            "new": excess.count,
            "since": "this change" if self.is_caused else "before",
            "message": excess.message,
            "hint": excess.hint,
            "path": place and place.path,
            "line": place and place.line,
            "column": place and place.column,
        }


@dataclass(frozen=True, slots=True)
class BudgetChanges:
    """Every limit that the new side does not keep."""

    changes: tuple[BudgetChange, ...] = ()

    @property
    def caused(self) -> list[BudgetChange]:
        """Those that the change exceeds, or exceeds further."""
        return [change for change in self.changes if change.is_caused]

    @property
    def findings(self) -> list[Diagnostic]:
        """What to show: first what the change exceeds, then, as notes, what was so before."""
        first = [_say_since(change) for change in self.caused]
        return first + [_say_since(change) for change in self.changes if not change.is_caused]


def _say_since(change: BudgetChange) -> Diagnostic:
    found, before = change.finding, change.before
    if not change.is_caused:
        return replace(found, severity=Severity.NOTE, message=f"{found.message} (as before this change)")
    more = before is not None and change.excess.count > before.count
    since = (
        "since this change"
        if before is None
        else f"{before.count:,} before this change"
        if more
        else "more often than before"
    )
    return replace(found, message=f"{found.message} ({since})")


def write_budgets(changes: BudgetChanges, width: int | None = None) -> Iterator[str]:
    """The lines of a text, with their ends; what the change causes first. Nothing where every limit is kept."""
    heads = (("Budgets that this change exceeds:", True), ("Budgets that were exceeded before:", False))
    for head, caused in heads:
        found = [change for change in changes.changes if change.is_caused is caused]
        yield from ["\n", f"{head}\n"] if found else []
        for change in found:
            for line in str(_say_since(change)).split("\n"):
                yield from (f"{part}\n" for part in wrap_line(f"  {line}", width))
