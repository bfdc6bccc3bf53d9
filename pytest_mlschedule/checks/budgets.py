"""MLS7xx: what a team allows itself, as its configuration says."""

from __future__ import annotations

from pytest_mlschedule.checks.limits import Budget, QuietHours, Starts
from pytest_mlschedule.checks.rule import Rule

RULES: tuple[Rule, ...] = ()

__all__ = ["RULES", "Budget", "QuietHours", "Starts"]
