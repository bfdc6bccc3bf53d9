"""Checking schedules: every rule over every schedule, what loading found included, and what of it counts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_mlschedule.checks.baseline import Baseline, find_stale, take_known, update_baseline
from pytest_mlschedule.checks.catalogue import CATALOGUE
from pytest_mlschedule.checks.limits import Budget
from pytest_mlschedule.checks.rule import Situation, Thresholds
from pytest_mlschedule.checks.scope import Scope
from pytest_mlschedule.checks.selection import RuleSelection, Sieve
from pytest_mlschedule.checks.suppressions import Suppressions
from pytest_mlschedule.diagnostics import Diagnostic, Location
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.schedules.loader import LoadedFile
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.schedules.reader import Reader
from pytest_mlschedule.schedules.sdk_triggers import is_entity
from pytest_mlschedule.triggers.window import Window

if TYPE_CHECKING:
    from pytest_mlschedule.costs.rates import Rates

CHECKED = timedelta(days=31)
"""The window that rules about runs look at, where nobody says another one."""
Users = dict[Diagnostic, dict[str, None]]


@dataclass(frozen=True, kw_only=True)
class CheckSettings:
    """How to check: ``now`` (aware), the window that rules about runs look at, and what a configuration says.

    ``reader`` is the one that the files were loaded with: it knows their texts. ``whole``: the files are all there are, so that
    comments and entries of the baseline are judged too that are about several files together. ``baseline``: what is left out.
    ``rates``: what budgets of money and nodes are counted with.
    """

    now: datetime
    window: Window | None = None
    jobs: Mapping[str, JobDefinition] = field(default_factory=dict)
    profile: ServiceProfile = DEFAULT_PROFILE
    thresholds: Thresholds = field(default_factory=Thresholds)
    budgets: tuple[Budget, ...] = ()
    selection: RuleSelection = field(default_factory=RuleSelection)
    reader: Reader = field(default_factory=Reader)
    whole: bool = False
    baseline: Baseline | None = None
    rates: Rates | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What a check found: ``findings`` that count, each once, in file order: files as given, then those that they refer to.

    ``suppressed``: findings that a comment ignores; ``known``: those that the baseline leaves out. ``users``: who runs what a
    finding is about (names of schedules, or of files), where it is known. ``baseline``: the baseline as it would be written now.
    """

    findings: tuple[Diagnostic, ...]
    suppressed: tuple[Diagnostic, ...] = ()
    known: tuple[Diagnostic, ...] = ()
    users: Mapping[Diagnostic, tuple[str, ...]] = field(default_factory=dict)
    baseline: Baseline | None = None
    files: int = 0
    schedules: int = 0


def check_files(files: Sequence[LoadedFile], settings: CheckSettings) -> CheckResult:
    """Check what files hold: what loading said of them, and what the rules find.

    What counts is decided in this order: the selection of rules, comments in the files, the baseline.
    """
    schedules = tuple(schedule for file in files for schedule in file.schedules)
    situation = Situation(
        schedules=schedules,
        now=settings.now,
        window=settings.window or Window(settings.now, settings.now + CHECKED),
        jobs=settings.jobs,
        profile=settings.profile,
        thresholds=settings.thresholds,
        budgets=settings.budgets,
        reader=settings.reader,
        rates=settings.rates,
    )
    sieve = Sieve(settings.selection, CATALOGUE)
    users = _gather(files, situation, sieve)
    order = _order([*(os.path.normpath(file.path) for file in files), *map(_path, users)])
    texts = {os.path.normpath(file.document.name): file.document.text for file in files if file.document}
    texts |= {os.path.normpath(document.name): document.text for document in settings.reader.referred}
    scope = Scope(files=files, paths=texts, reader=settings.reader, sieve=sieve, whole=settings.whole)
    counting, suppressed = _suppress(users, texts, sieve, scope)
    known: list[Diagnostic] = []
    updated = baseline = settings.baseline
    if baseline is not None:
        read_text = settings.reader.text
        updated = update_baseline(baseline, counting, read_text, scope.decides)
        counting, known, left = take_known(counting, baseline, read_text)
        counting += filter(None, map(sieve.settle, find_stale(baseline, left, scope.decides)))
    return CheckResult(
        findings=tuple(_sort(counting, order)),
        suppressed=tuple(_sort(suppressed, order)),
        known=tuple(_sort(known, order)),
        users={item: tuple(names) for item, names in users.items() if names},
        baseline=updated,
        files=len(files),
        schedules=len(schedules),
    )


def check_schedules(
    schedules: JobSchedule | Iterable[JobSchedule], *, now: datetime, window: Window | None = None
) -> list[Diagnostic]:
    """Every finding about schedules, in file order: what loading said of them, and what the rules of docs/rules find.

    ``now`` (aware) is when they would be created. ``window``: what rules about runs look at (half-open); by default the 31 days
    from ``now`` on. Findings that a comment in a file ignores are left out. Objects of azure-ai-ml are taken too: of one that
    cannot be a schedule, what is wrong is found as well. Raises TypeError for a naive ``now``.
    """
    refused: list[Diagnostic] = []
    found = tuple(_adopt_all(schedules, refused))
    situation = Situation(schedules=found, now=now, window=window or Window(now, now + CHECKED))
    users: Users = {}
    _add(users, refused)
    for schedule in found:
        _add(users, schedule.diagnostics, schedule.name)
        if not _is_of_text(schedule):  # made in Python: what loading would have said of it
            _add(users, [item.under("trigger") for item in schedule.trigger.diagnostics], schedule.name)
        _add(users, _check_one(schedule, situation), schedule.name)
    _add(users, _check_all(situation))
    items = list(filter(None, map(Sieve(RuleSelection(), CATALOGUE).settle, users)))
    order = _order([*(os.path.normpath(one.source) for one in found if one.source), *map(_path, items)])
    texts = {os.path.normpath(one.source): one.places.text for one in found if one.source and one.places}
    texts |= {path: _read_text(path, situation.reader) for path in map(_path, items) if path and path not in texts}
    suppressions = Suppressions(texts, CATALOGUE)
    return _sort([item for item in items if not suppressions.take(item)], order)


def _gather(files: Sequence[LoadedFile], situation: Situation, sieve: Sieve) -> Users:
    """Everything that is selected, each finding once with who uses its place, in order of appearance."""
    users: Users = {}
    for file in files:
        name = file.schedules[0].name if len(file.schedules) == 1 else os.path.normpath(file.path)
        _add(users, file.diagnostics, name)
        for schedule in file.schedules:
            _add(users, _check_one(schedule, situation), schedule.name)
    _add(users, _check_all(situation))
    return {settled: names for item, names in users.items() if (settled := sieve.settle(item)) is not None}


def _add(users: Users, found: Iterable[Diagnostic], name: str = "") -> None:
    for item in found:
        names = users.setdefault(_shorten(item), {})
        if name:
            names[name] = None


def _check_one(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    for rule in CATALOGUE.values():
        if rule.check is not None:
            for item in rule.check(schedule, situation):
                yield item if item.location or not _is_of_text(schedule) else schedule.locate(item)


def _is_of_text(schedule: JobSchedule) -> bool:
    """Whether a schedule was read from a text, so that what is said of it has a place there."""
    return schedule.places is not None and schedule.places.text is not None


def _check_all(situation: Situation) -> Iterator[Diagnostic]:
    for rule in CATALOGUE.values():
        if rule.check_all is not None:
            yield from rule.check_all(situation)


def _suppress(
    found: Iterable[Diagnostic], texts: Mapping[str, str | None], sieve: Sieve, scope: Scope
) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """What no comment ignores, what is wrong with comments included; and what a comment ignores."""
    suppressions = Suppressions(texts, CATALOGUE)
    counting: list[Diagnostic] = []
    suppressed: list[Diagnostic] = []
    for item in found:
        (suppressed if suppressions.take(item) else counting).append(item)
    problems = suppressions.find_problems(scope.decides, counting)
    return [*counting, *filter(None, map(sieve.settle, problems))], suppressed


def _shorten(item: Diagnostic) -> Diagnostic:
    """The finding with its path as short as it can be: a job file has one name, whoever refers to it."""
    place = item.location
    if place is None or place.path.startswith("<"):
        return item
    path = os.path.normpath(place.path)
    return item if path == place.path else item.at(Location(path, place.line, place.column))


def _path(item: Diagnostic) -> str:
    return item.location.path if item.location else ""


def _order(paths: Iterable[str]) -> dict[str, int]:
    return {path: index for index, path in enumerate(dict.fromkeys(paths))}


def _sort(found: Iterable[Diagnostic], order: Mapping[str, int]) -> list[Diagnostic]:
    """By file, line, column; what has no place last."""

    def key(item: Diagnostic) -> tuple[int, int, int]:
        place = item.location
        return (order.get(place.path, len(order)), place.line, place.column) if place else (len(order) + 1, 0, 0)

    return sorted(found, key=key)


def _read_text(path: str, reader: Reader) -> str | None:
    """The text of a file on disk; None where it is gone, or never was one."""
    try:
        return reader.document(Path(path), path).text
    except DefinitionError:
        return None


def _adopt_all(schedules: object, refused: list[Diagnostic]) -> Iterator[JobSchedule]:
    """The schedules; what is wrong with objects that are none (of azure-ai-ml) goes to ``refused``."""
    one = isinstance(schedules, JobSchedule) or not isinstance(schedules, Iterable)
    for schedule in [schedules] if one else schedules:  # type: ignore[attr-defined]
        if is_entity(schedule):
            from pytest_mlschedule.schedules.sdk import adopt_schedule  # costs time that few need

            try:
                yield adopt_schedule(schedule)
            except DefinitionError as failure:
                refused += failure.diagnostics
        elif isinstance(schedule, JobSchedule):
            yield schedule
        else:
            raise TypeError(f"check_schedules takes schedules (see load_schedule), not {type(schedule).__name__}")
