"""MLS5xx: names, descriptions, and schedules as a whole."""

from __future__ import annotations

from pytest_mlschedule.checks.rule import Rule

RULES: tuple[Rule, ...] = ()
