"""MLS3xx: starts, ends, clock changes."""

from __future__ import annotations

from pytest_mlschedule.checks.rule import Rule

RULES: tuple[Rule, ...] = ()
