"""What a configuration says, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from pytest_mlschedule.checks.budgets import Budget
from pytest_mlschedule.checks.rule import Thresholds
from pytest_mlschedule.checks.selection import RuleSelection
from pytest_mlschedule.costs.settings import CostSettings
from pytest_mlschedule.diagnostics import Severity
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The configuration of a repository. Paths are absolute, or relative to the working directory.

    ``path``: the file it came from, None without one. ``paths``: schedule files and directories; ``jobs``: what
    ``azureml:`` references mean; ``window``: how far ahead to look; ``zone``: the name of the zone to read and show times in.
    ``prices`` and ``history``: files of prices, and of jobs that ran.
    """

    path: Path | None = None
    paths: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    window: timedelta | None = None
    zone: str | None = None
    profile: ServiceProfile = DEFAULT_PROFILE
    rules: RuleSelection = field(default_factory=RuleSelection)
    thresholds: Thresholds = field(default_factory=Thresholds)
    budgets: tuple[Budget, ...] = ()
    baseline: str | None = None
    lock: str | None = None
    fail_on: Severity = Severity.WARNING
    values: dict[str, str] = field(default_factory=dict)
    costs: CostSettings = field(default_factory=CostSettings)
    prices: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
