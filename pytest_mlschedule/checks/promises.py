"""MLS8xx: what a repository promises about its schedules: lock files, expectations. Found by ``mlschedule lock`` and pytest."""

from __future__ import annotations

from pytest_mlschedule.checks.rule import Rule
from pytest_mlschedule.diagnostics import Severity

RULES: tuple[Rule, ...] = (
    Rule(
        code="MLS801",
        name="behaviour-not-locked",
        severity=Severity.ERROR,
        summary="the schedule behaves otherwise than locked",
    ),
    Rule(
        code="MLS802",
        name="schedule-not-locked",
        severity=Severity.ERROR,
        summary="the schedule is not in the lock file",
    ),
    Rule(
        code="MLS803",
        name="locked-schedule-gone",
        severity=Severity.ERROR,
        summary="a locked schedule is gone",
    ),
    Rule(
        code="MLS804",
        name="expectation-not-met",
        severity=Severity.ERROR,
        summary="an expectation is not met",
    ),
)
