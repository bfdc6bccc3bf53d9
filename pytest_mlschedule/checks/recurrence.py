"""MLS2xx: recurrence patterns that do less or more than they look."""

from __future__ import annotations

from pytest_mlschedule.checks.rule import Rule

RULES: tuple[Rule, ...] = ()
