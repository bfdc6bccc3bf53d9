"""Checking schedules: every rule over every schedule, what loading found included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pytest_mlschedule.checks.catalogue import CATALOGUE
from pytest_mlschedule.checks.limits import Budget
from pytest_mlschedule.checks.rule import Situation, Thresholds
from pytest_mlschedule.checks.selection import RuleSelection
from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.schedules.loader import LoadedFile
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.schedules.reader import Reader, in_file_order
from pytest_mlschedule.schedules.sdk_triggers import is_entity
from pytest_mlschedule.triggers.window import Window

CHECKED = timedelta(days=31)
"""The window that rules about runs look at, where nobody says another one."""


@dataclass(frozen=True, kw_only=True)
class CheckSettings:
    """How to check: ``now`` (aware), the window that rules about runs look at, and what a configuration says.

    ``reader`` is the one that the files were loaded with: it knows their texts.
    """

    now: datetime
    window: Window | None = None
    jobs: Mapping[str, JobDefinition] = field(default_factory=dict)
    profile: ServiceProfile = DEFAULT_PROFILE
    thresholds: Thresholds = field(default_factory=Thresholds)
    budgets: tuple[Budget, ...] = ()
    selection: RuleSelection = field(default_factory=RuleSelection)
    reader: Reader = field(default_factory=Reader)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What a check found: ``findings`` that count, in file order; ``suppressed``: those that are ignored where they stand."""

    findings: tuple[Diagnostic, ...]
    suppressed: tuple[Diagnostic, ...] = ()
    files: int = 0
    schedules: int = 0


def check_files(files: Sequence[LoadedFile], settings: CheckSettings) -> CheckResult:
    """Check what files hold: what loading said of them, and what the rules find."""
    schedules = tuple(schedule for file in files for schedule in file.schedules)
    window = settings.window or Window(settings.now, settings.now + CHECKED)
    situation = Situation(
        schedules=schedules,
        now=settings.now,
        window=window,
        jobs=settings.jobs,
        profile=settings.profile,
        thresholds=settings.thresholds,
        budgets=settings.budgets,
        reader=settings.reader,
    )
    said = [settle(item) for file in files for item in file.diagnostics]
    found = in_file_order([*said, *find_problems(situation)])
    return CheckResult(findings=tuple(found), files=len(files), schedules=len(schedules))


def check_schedules(
    schedules: JobSchedule | Iterable[JobSchedule], *, now: datetime, window: Window | None = None
) -> list[Diagnostic]:
    """Every finding about schedules, in file order: what loading said of them, and what the rules of docs/rules find.

    ``now`` (aware) is when they would be created. ``window``: what rules about runs look at (half-open); by default the 31 days
    from ``now`` on. Objects of azure-ai-ml are taken too. Raises TypeError for a naive ``now``.
    """
    found = tuple(_adopt_all(schedules))
    situation = Situation(schedules=found, now=now, window=window or Window(now, now + CHECKED))
    said = [item for schedule in found for item in schedule.diagnostics]
    return in_file_order(settle(item) for item in [*said, *find_problems(situation)])


def find_problems(situation: Situation) -> Iterator[Diagnostic]:
    """What the rules find, besides what loading said; placed, with the severity of the rule."""
    for rule in CATALOGUE.values():
        if rule.check is not None:
            for schedule in situation.schedules:
                for item in rule.check(schedule, situation):
                    yield settle(item if item.location else schedule.locate(item))
        if rule.check_all is not None:
            yield from map(settle, rule.check_all(situation))


def settle(item: Diagnostic) -> Diagnostic:
    """The diagnostic with the severity that its rule has in a check."""
    rule = CATALOGUE.get(item.code)
    return item if rule is None or rule.severity is item.severity else replace(item, severity=rule.severity)


def _adopt_all(schedules: object) -> Iterator[JobSchedule]:
    one = isinstance(schedules, JobSchedule) or not isinstance(schedules, Iterable)
    for schedule in [schedules] if one else schedules:  # type: ignore[attr-defined]
        if is_entity(schedule):
            from pytest_mlschedule.schedules.sdk import adopt_schedule  # costs time that few need

            yield adopt_schedule(schedule)
        elif isinstance(schedule, JobSchedule):
            yield schedule
        else:
            raise TypeError(f"check_schedules takes schedules (see load_schedule), not {type(schedule).__name__}")
