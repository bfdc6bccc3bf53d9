"""The test cases of ``ml_schedule``: one for each schedule under ini ``mlschedule_paths``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pytest_mlschedule.config.reading import find_config
from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.plugin.settings import profile_of
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.schedules.loader import LoadedFile, load_files
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.schedules.placeholders import Placeholders
from pytest_mlschedule.schedules.reader import Reader

_INI = "mlschedule_paths"
_NO_SCHEDULE = "no-schedule"
_LOADED = pytest.StashKey[dict[ServiceProfile, list["ScheduleCase"]]]()


@dataclass(frozen=True, slots=True)
class ScheduleCase:
    """A schedule, or why there is none.

    ``id``: the file's path relative to the root directory, followed by ``::name`` where a file has several schedules.
    """

    id: str
    schedule: JobSchedule | None = None
    problem: str = ""

    def schedule_or_fail(self) -> JobSchedule:
        """The schedule. Fails the test with the problem, without our frames, where there is none."""
        __tracebackhide__ = True
        if self.schedule is None:
            pytest.fail(self.problem, pytrace=False)
        return self.schedule


def find_cases(metafunc: pytest.Metafunc) -> list[ScheduleCase]:
    """The cases of one test function, loaded once a session and profile. Never empty: what is wrong is a case too."""
    config = metafunc.config
    profile = profile_of(metafunc.definition)
    loaded = config.stash.setdefault(_LOADED, {})
    if profile not in loaded:
        loaded[profile] = list(_load(config.rootpath, config.getini(_INI), profile))
    return loaded[profile]


def _load(root: Path, given: list[str], profile: ServiceProfile) -> Iterator[ScheduleCase]:
    if not given:
        hint = f"name your schedule files and directories, relative to {root}, for example {_INI} = schedules"
        yield ScheduleCase(
            _NO_SCHEDULE, problem=f"ml_schedule has nothing to give: ini {_INI} is not set\n  hint: {hint}"
        )
        return
    found = {text: expand_paths(root, text) for text in given}
    for text in (text for text, paths in found.items() if not paths):
        yield ScheduleCase(text, problem=f"{text} (ini {_INI}): there is no such file or directory in {root}")
    paths = [path for paths in found.values() for path in paths]
    try:
        reader = Reader(placeholders=Placeholders(find_config(root).values))
    except DefinitionError as failure:
        yield ScheduleCase(_NO_SCHEDULE, problem=str(failure))
        return
    files = list(load_files(paths, profile=profile, reader=reader))
    for file in files:
        yield from _cases_of(file, root)
    if paths and not files:
        text = f"ml_schedule has nothing to give: no schedule in {', '.join(given)} (ini {_INI}, relative to {root})"
        hint = "a schedule file has trigger: and create_job: (or create_monitor:, import_data:)"
        yield ScheduleCase(_NO_SCHEDULE, problem=f"{text}\n  hint: {hint}")


def expand_paths(root: Path, text: str) -> list[Path]:
    """What one entry of the ini value stands for: a file, a directory, or what a pattern such as ``team-*/`` matches."""
    path = root / text
    if path.exists():
        return [path]
    return [] if Path(text).is_absolute() else sorted(root.glob(text))


def _cases_of(file: LoadedFile, root: Path) -> Iterator[ScheduleCase]:
    name = _relative(file.path, root)
    errors = [_placed(item, root) for item in file.diagnostics if item.severity is Severity.ERROR]
    if errors or not file.schedules:
        yield ScheduleCase(name, problem="\n".join(map(str, errors)) or f"{name}: holds no schedule")
    elif len(file.schedules) == 1:
        yield ScheduleCase(name, file.schedules[0])
    else:
        yield from (ScheduleCase(f"{name}::{schedule.name}", schedule) for schedule in file.schedules)


def _placed(diagnostic: Diagnostic, root: Path) -> Diagnostic:
    """The diagnostic with its path as the ids have it."""
    location = diagnostic.location
    return diagnostic.at(location and replace(location, path=_relative(Path(location.path), root)))


def _relative(path: Path, root: Path) -> str:
    try:
        return Path(os.path.relpath(path, root)).as_posix()
    except ValueError:  # another drive of Windows
        return path.as_posix()
