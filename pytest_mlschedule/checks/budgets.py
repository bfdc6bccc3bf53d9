"""MLS7xx: what a team allows itself, as its configuration says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pytest_mlschedule.checks.excess import CODES, UNDECIDED, Excess
from pytest_mlschedule.checks.excesses import find_excesses
from pytest_mlschedule.checks.limits import Budget, QuietHours, Starts
from pytest_mlschedule.checks.rule import Rule, Situation
from pytest_mlschedule.checks.schedule_starts import find_computes
from pytest_mlschedule.diagnostics import Diagnostic, Severity


def _check(code: str, situation: Situation) -> Iterator[Diagnostic]:
    """What the rule of one limit finds."""
    found = [excess for excess in situation.excesses if excess.code == code]
    given = {id(one): one for one in situation.starts} if found else {}
    for excess in found:
        yield given[id(excess.largest)].place(excess)


_TABLE = (
    (CODES["max_runs_per_day"], "too-many-runs-a-day", "more runs on a day than the budget allows"),
    (CODES["max_runs_per_month"], "too-many-runs-a-month", "more runs in a month than the budget allows"),
    (CODES["quiet_hours"], "quiet-hours", "a run in quiet hours"),
    (CODES["allowed_computes"], "compute-not-allowed", "a compute that the budget does not allow"),
    (CODES["required_tags"], "tag-missing", "a tag that the budget asks for is missing"),
    (CODES["max_starts_per_minute"], "too-many-starts-a-minute", "more starts in a minute than the budget allows"),
    (CODES["max_cost_per_month"], "cost-a-month", "a month costs more than the budget allows"),
    (CODES["max_concurrent_nodes"], "concurrent-nodes", "more nodes at a time than the budget allows"),
)
RULES: tuple[Rule, ...] = (
    *(
        Rule(code=code, name=name, severity=Severity.ERROR, summary=summary, check_all=partial(_check, code))
        for code, name, summary in _TABLE
    ),
    Rule(
        code=UNDECIDED,
        name="budget-undecided",
        severity=Severity.WARNING,
        summary="nobody knows whether a budget is kept",
        check_all=partial(_check, UNDECIDED),
    ),
)

__all__ = [
    "RULES",
    "Budget",
    "Excess",
    "QuietHours",
    "Starts",
    "find_computes",
    "find_excesses",
]
