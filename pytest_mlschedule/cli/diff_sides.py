"""The two sides of a comparison: the files of a commit or a folder, a saved plan, an export of what is deployed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pytest_mlschedule.cli.desk import Desk
from pytest_mlschedule.cli.loading import USAGE, fail, name_user, refuse, show
from pytest_mlschedule.cli.output import follow_files
from pytest_mlschedule.diagnostics import Diagnostic, Location, Severity, note
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.planner import plan_runs
from pytest_mlschedule.report.findings import tell_once
from pytest_mlschedule.schedules.job_files import load_jobs
from pytest_mlschedule.schedules.loader import LoadedFile, load_files
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.schedules.reader import Reader
from pytest_mlschedule.triggers.window import Window

TEMPLATE = "MLS017"
_PLAN_KEYS = frozenset({"version", "tzdata_version", "window", "schedules", "runs"})


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side. ``label``: where it comes from; ``saved``: a plan that was saved, else ``schedules`` are planned.

    ``notes``: what does not load and counts as absent, on the old side alone. ``prefix`` stands before the paths of messages.
    """

    label: str
    schedules: tuple[JobSchedule, ...] = ()
    jobs: Mapping[str, JobDefinition] = field(default_factory=dict)
    reader: Reader = field(default_factory=Reader)
    saved: Plan | None = None
    notes: tuple[Diagnostic, ...] = ()

    def plan(self, window: Window, created_at: datetime, desk: Desk) -> Plan:
        """The plan of a window. Ends the command with 1 where the schedules cannot be planned together, with 2 where a saved plan
        does not cover the window."""
        if self.saved is None:
            try:
                return plan_runs(
                    self.schedules,
                    window.start,
                    window.end,
                    created_at=created_at,
                    jobs=self.jobs,
                    profile=desk.profile,
                )
            except DefinitionError as failure:
                refuse(failure.diagnostics)
        try:
            return self.saved.between(window.start, window.end)
        except ValueError as failure:
            fail(f"{self.label}: {failure}")


@dataclass(frozen=True, kw_only=True)
class Tree:
    """Where the files of a side are. ``prefix`` stands before their paths in messages."""

    label: str
    paths: Sequence[str]
    reader: Reader
    prefix: str = ""


def read_new(tree: Tree, desk: Desk) -> Side:
    """The new side. Ends the command where something on it does not load."""
    saved = _read_saved(tree)
    if saved is not None:
        return Side(label=tree.label, saved=saved, reader=tree.reader)
    files, jobs, problems = _load(tree, desk)
    groups = [(name_user(file), file.diagnostics) for file in files]
    found = [*problems, *(item for items in tell_once(groups) for item in items)]
    if any(item.severity is Severity.ERROR for item in found):
        refuse(found)
    show([item for item in found if item.code == TEMPLATE])
    return Side(label=tree.label, schedules=_schedules(files), jobs=jobs, reader=tree.reader)


def read_old(tree: Tree, desk: Desk) -> Side:
    """The old side. What does not load on it counts as absent: the change may be what mends it."""
    saved = _read_saved(tree)
    if saved is not None:
        return Side(label=tree.label, saved=saved, reader=tree.reader)
    files, jobs, problems = _load(tree, desk)
    broken = [_count_as_absent(file, tree) for file in files if file.is_broken]
    unique, doubled = _drop_doubles(_schedules(files))
    notes = [*broken, *(_prefix(item, tree) for item in doubled)]
    notes += [_prefix(replace(item, severity=Severity.NOTE), tree) for item in problems]
    return Side(label=tree.label, schedules=unique, jobs=jobs, reader=tree.reader, notes=tuple(notes))


def _load(tree: Tree, desk: Desk) -> tuple[list[LoadedFile], dict[str, JobDefinition], list[Diagnostic]]:
    """What the files of a tree hold, the jobs that references mean there, and what is wrong with those."""
    there = [path for path in tree.paths if tree.reader.files.exists(path)]
    if _read_json(tree) == []:
        there = []  # the export of a workspace without schedules
    files = list(follow_files(load_files(there, profile=desk.profile, reader=tree.reader)))
    jobs, problems = load_jobs([path for path in desk.jobs if tree.reader.files.exists(path)], tree.reader)
    return files, jobs, problems


def _schedules(files: Iterable[LoadedFile]) -> tuple[JobSchedule, ...]:
    return tuple(schedule for file in files if not file.is_broken for schedule in file.schedules)


def _count_as_absent(file: LoadedFile, tree: Tree) -> Diagnostic:
    first = next(item for item in file.diagnostics if item.severity is Severity.ERROR)
    more = sum(item.severity is Severity.ERROR for item in file.diagnostics) - 1
    rest = f", and {more} more error{'s' if more > 1 else ''}" if more else ""
    name = f"{tree.prefix}{os.path.normpath(file.path)}"
    text = f"{first.message}{rest}: {name} does not load and counts as absent on the old side"
    return _prefix(replace(first, severity=Severity.NOTE, message=text, hint=""), tree)


def _drop_doubles(schedules: Iterable[JobSchedule]) -> tuple[tuple[JobSchedule, ...], list[Diagnostic]]:
    """The first schedule of each name, and a note on every other one."""
    first: dict[str, JobSchedule] = {}
    found = []
    for schedule in schedules:
        known = first.setdefault(schedule.name, schedule)
        if known is not schedule:
            text = f"two schedules are called {schedule.name!r} on the old side: the one in {known.source} is compared"
            found.append(schedule.locate(note("MLS509", text, "", ("name",))))
    return tuple(first.values()), found


def _prefix(item: Diagnostic, tree: Tree) -> Diagnostic:
    """The diagnostic with the path that tells whose file it is: ``origin/main:schedules/nightly.yml``."""
    place = item.location
    if place is None or not tree.prefix:
        return item
    return item.at(Location(f"{tree.prefix}{os.path.normpath(place.path)}", place.line, place.column))


def _read_saved(tree: Tree) -> Plan | None:
    """The plan in the one file of a tree, where it holds one. Ends the command with 2 for a plan that is broken."""
    data = _read_json(tree)
    if not isinstance(data, Mapping) or not data.keys() >= _PLAN_KEYS:
        return None
    try:
        return Plan.from_dict(data)
    except DefinitionError as failure:
        show([item.at(Location(tree.paths[0])) for item in failure.diagnostics])
        sys.exit(USAGE)


def _read_json(tree: Tree) -> Any:
    """What the one JSON file of a tree holds; None where there is another kind of tree, or no JSON in it."""
    path = tree.paths[0]
    if tree.prefix or len(tree.paths) > 1 or not path.lower().endswith(".json") or not os.path.isfile(path):
        return None
    try:
        with open(path, encoding="utf-8") as stream:
            return json.load(stream)
    except (OSError, ValueError, RecursionError):
        return None  # loading it as schedules says what is wrong
