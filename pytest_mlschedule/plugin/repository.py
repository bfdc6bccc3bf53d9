"""The schedules of a repository as ``pytest --mlschedule`` sees them: read once, checked once, all together."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_mlschedule.checks.baseline import Baseline
from pytest_mlschedule.checks.check import check_files
from pytest_mlschedule.config.checking import load_rates, make_settings
from pytest_mlschedule.config.config import Config
from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.planning.lock import Lock, compare_locks, make_lock
from pytest_mlschedule.planning.lock_document import read_lock
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.planner import plan_runs
from pytest_mlschedule.schedules.loader import LoadedFile, load_file, load_files
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.schedules.reader import Reader

if TYPE_CHECKING:
    from pytest_mlschedule.costs.rates import Rates


@dataclass(kw_only=True)
class Repository:
    """The schedule files of a session. ``now`` (aware): when they would be created."""

    config: Config
    now: datetime
    jobs: dict[str, JobDefinition]
    reader: Reader
    lock: Path | None = None
    baseline: Baseline | None = None
    _files: dict[str, LoadedFile | None] = field(default_factory=dict)

    def load(self, path: Path) -> LoadedFile | None:
        """What a file holds; None for one that is no schedule."""
        key = os.path.abspath(path)
        if key not in self._files:
            self._files[key] = load_file(path, self.reader, named=False, profile=self.config.profile)
        return self._files[key]

    def findings_of(self, file: LoadedFile) -> list[Diagnostic]:
        """The findings in a file and in the files of its jobs that are as bad as the configuration fails on."""
        paths = {os.path.abspath(path) for path in _paths_of(file)}
        least = self.config.fail_on.rank
        return [
            item
            for item in self._findings
            if item.severity.rank >= least and item.location and os.path.abspath(item.location.path) in paths
        ]

    @cached_property
    def _findings(self) -> tuple[Diagnostic, ...]:
        settings = make_settings(self.config, now=self.now, jobs=self.jobs, reader=self.reader)
        files = [file for file in self._files.values() if file is not None]
        return check_files(files, replace(settings, baseline=self.baseline, rates=self.rates)).findings

    @cached_property
    def rates(self) -> Rates | None:
        """What budgets of money and nodes are counted with. Raises DefinitionError for files that cannot be used."""
        return load_rates(self.config)

    def plan(
        self, schedules: Iterable[JobSchedule], start: datetime, end: datetime, created_at: datetime | None
    ) -> Plan:
        """The runs of schedules in a window."""
        return plan_runs(schedules, start, end, created_at=created_at, jobs=self.jobs, profile=self.config.profile)

    def names_in_lock(self) -> list[str]:
        """The schedules that the lock or the files have, sorted; none where one of them cannot be read."""
        try:
            return sorted({*self._locked.schedules, *(schedule.name for schedule in self._locked_schedules)})
        except DefinitionError:
            return []

    def find_changes(self, name: str | None) -> list[Diagnostic]:
        """What a schedule does otherwise than the lock says; for None, why the lock or the files cannot be read."""
        try:
            changes = self._changes
        except DefinitionError as failure:
            return list(failure.diagnostics)
        return [item for schedule, item in changes if schedule == name]

    @cached_property
    def _locked(self) -> Lock:
        assert self.lock is not None
        return read_lock(self.lock)

    @cached_property
    def _locked_schedules(self) -> list[JobSchedule]:
        assert self.lock is not None
        files = list(
            load_files(self.config.paths or [self.lock.parent], profile=self.config.profile, reader=self.reader)
        )
        errors = [item for file in files for item in file.diagnostics if item.severity is Severity.ERROR]
        if errors:
            raise DefinitionError(errors)
        return [schedule for file in files for schedule in file.schedules]

    @cached_property
    def _changes(self) -> list[tuple[str, Diagnostic]]:
        locked, schedules = self._locked, self._locked_schedules
        actual = make_lock(self.plan(schedules, locked.window.start, locked.window.end, None))
        by_name = {schedule.name: schedule for schedule in schedules}
        return [
            (name, item if item.location or name not in by_name else by_name[name].locate(item))
            for name, item in compare_locks(locked, actual)
        ]


def _paths_of(file: LoadedFile) -> Iterator[Path]:
    yield file.path
    yield from (Path(item.location.path) for item in file.diagnostics if item.location)
    for schedule in file.schedules:
        if isinstance(schedule.create_job, JobDefinition) and schedule.create_job.path is not None:
            yield schedule.create_job.path
