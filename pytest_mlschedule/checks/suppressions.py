"""MLS9xx: findings that are ignored on purpose, and ignores that are no longer needed."""

from __future__ import annotations

from pytest_mlschedule.checks.rule import Rule

RULES: tuple[Rule, ...] = ()
