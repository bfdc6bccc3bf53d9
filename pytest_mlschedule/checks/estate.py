"""MLS6xx: what schedules do to one another and to their computes."""

from __future__ import annotations

from pytest_mlschedule.checks.rule import Rule

RULES: tuple[Rule, ...] = ()
