"""MLS1xx: what an NCrontab expression does at Azure ML, against what people take it for."""

from __future__ import annotations

from pytest_mlschedule.checks.rule import Rule

RULES: tuple[Rule, ...] = ()
