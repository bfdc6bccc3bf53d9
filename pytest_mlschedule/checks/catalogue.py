"""Every rule there is, by code."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from types import MappingProxyType

from pytest_mlschedule.checks import budgets as budget_rules
from pytest_mlschedule.checks import cron, estate, jobs, loading, names, promises, recurrence, suppressions, times
from pytest_mlschedule.checks.rule import Rule

_FAMILIES = (loading, cron, recurrence, times, jobs, names, estate, budget_rules, promises, suppressions)

CATALOGUE: Mapping[str, Rule] = MappingProxyType(
    {
        rule.code: rule
        for rule in sorted(chain.from_iterable(family.RULES for family in _FAMILIES), key=lambda rule: rule.code)
    }
)
