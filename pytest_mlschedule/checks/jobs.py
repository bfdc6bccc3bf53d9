"""MLS4xx: what a schedule gives to its job, against what the job takes."""

from __future__ import annotations

from pytest_mlschedule.checks.rule import Rule

RULES: tuple[Rule, ...] = ()
