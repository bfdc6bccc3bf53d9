"""``pytest --mlschedule``: schedule files, what is expected of them, and the lock file as test items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from pytest_mlschedule.diagnostics import Diagnostic, Location, Severity, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.planning.expectations import SUFFIXES, Expectation, find_unmet, read_expectations
from pytest_mlschedule.plugin.repository import Repository
from pytest_mlschedule.schedules.loader import LoadedFile
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.schedules.problems import closest

_FILE_TYPES = (".yml", ".yaml", ".json")


class Collector:
    """The plugin that collects. Registered when the option or the ini value asks for it.

    Raises pytest.UsageError for prices and a history that cannot be used, where budgets count money.
    """

    def __init__(self, repository: Repository, *, files: bool) -> None:
        self._repository = repository
        self._files = files
        if files:
            _load_rates(repository)

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        if file_path == self._repository.lock:
            return LockFile.of(parent, file_path, self._repository)
        if not self._files or file_path.suffix.lower() not in _FILE_TYPES:
            return None
        if is_beside(file_path):
            return None if has_schedules(file_path) else LostFile.of(parent, file_path, self._repository)
        if self._repository.load(file_path) is None:
            return None
        return ScheduleFile.of(parent, file_path, self._repository)


def _load_rates(repository: Repository) -> None:
    try:
        repository.rates  # noqa: B018 (what is wrong with it is told once, not in every item)
    except DefinitionError as failure:
        raise pytest.UsageError("\n".join(map(str, failure.diagnostics))) from None


def is_beside(path: Path) -> bool:
    """Whether a file holds expectations of another one."""
    return path.name.lower().endswith(SUFFIXES)


def has_schedules(path: Path) -> bool:
    """Whether there is a file that expectations are about."""
    stem = path.name[: path.name.lower().rindex(".expect.")]
    return any(path.with_name(stem + suffix).is_file() for suffix in _FILE_TYPES)


class _File(pytest.File):
    repository: Repository

    @classmethod
    def of(cls, parent: pytest.Collector, path: Path, repository: Repository) -> pytest.Collector:
        made: _File = cls.from_parent(parent, path=path)
        made.repository = repository
        return made


class ScheduleFile(_File):
    """A file of schedules: an item that it loads and passes the rules, and one for what is expected of it."""

    def collect(self) -> Iterator[pytest.Item]:
        """The items."""
        file = self.repository.load(self.path)
        assert file is not None
        name = file.schedules[0].name if len(file.schedules) == 1 and not file.is_broken else self.path.stem
        words = [schedule.name for schedule in file.schedules]
        yield _item(RulesItem, self, name, words, file=file)
        for suffix in SUFFIXES:
            beside = self.path.with_name(self.path.stem + suffix)
            if beside.is_file():
                yield _item(ExpectationsItem, self, f"{name}[expect]", words, file=file, beside=beside)


class LostFile(_File):
    """Expectations of nothing: an item that says so, for a typo in the name would switch them off."""

    def collect(self) -> Iterator[pytest.Item]:
        """The item."""
        yield _item(LostItem, self, "expect", [])


class LockFile(_File):
    """A lock file: an item for each schedule, or one that says why it cannot be read."""

    def collect(self) -> Iterator[pytest.Item]:
        """The items."""
        names = self.repository.names_in_lock()
        if not names:
            yield _item(LockItem, self, "lock", [], schedule=None)
        for name in names:
            yield _item(LockItem, self, name, [], schedule=name)


class ScheduleItem(pytest.Item):
    """An item that passes where nothing is wrong with a schedule."""

    repository: Repository

    def problems(self) -> Sequence[Diagnostic]:
        """What is wrong."""
        raise NotImplementedError

    def runtest(self) -> None:
        """Fail with every problem."""
        found = self.problems()
        if found:
            raise ProblemsFoundError(found)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The problems, without a traceback: it would be ours."""
        if not isinstance(excinfo.value, ProblemsFoundError):
            return super().repr_failure(excinfo, style)
        from pytest_mlschedule.plugin.problem_text import show_problem

        reader = self.repository.reader
        return "\n".join(show_problem(item, reader, self.config.invocation_params.dir) for item in excinfo.value.found)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the item is from."""
        return self.path, None, self.name


class ProblemsFoundError(Exception):
    """Raised by an item that fails."""

    def __init__(self, found: Sequence[Diagnostic]) -> None:
        super().__init__(f"{found[0].code} {found[0].message}")
        self.found = found


def _item(kind: type[ScheduleItem], parent: _File, name: str, words: Sequence[str], **given: Any) -> ScheduleItem:
    made: ScheduleItem = kind.from_parent(parent, name=name)
    made.repository = parent.repository
    for attribute, value in given.items():
        setattr(made, attribute, value)
    made.extra_keyword_matches.update(words)
    made.add_marker(pytest.mark.mlschedule)
    return made


class RulesItem(ScheduleItem):
    """A file loads, and passes the rules."""

    file: LoadedFile

    def problems(self) -> Sequence[Diagnostic]:
        """See ScheduleItem."""
        return self.repository.findings_of(self.file)


class ExpectationsItem(ScheduleItem):
    """The schedules of a file meet what the file beside it expects."""

    file: LoadedFile
    beside: Path

    def problems(self) -> Sequence[Diagnostic]:
        """See ScheduleItem."""
        try:
            expectations = read_expectations(self.beside)
        except DefinitionError as failure:
            return failure.diagnostics
        if self.file.is_broken:
            return [item for item in self.file.diagnostics if item.severity is Severity.ERROR]
        return [item for expected in expectations for item in self._unmet(expected)]

    def _unmet(self, expected: Expectation) -> Iterator[Diagnostic]:
        schedules = {schedule.name: schedule for schedule in self.file.schedules}
        schedule = self._meant(expected, schedules)
        if isinstance(schedule, Diagnostic):
            yield expected.locate(schedule)
            return
        window = expected.window
        plan = self.repository.plan([schedule], window.start, window.end, expected.created_at)
        yield from find_unmet(expected, plan)

    def _meant(self, expected: Expectation, schedules: dict[str, JobSchedule]) -> JobSchedule | Diagnostic:
        if expected.schedule is None and len(schedules) == 1:
            return next(iter(schedules.values()))
        if expected.schedule is None:
            text = f"which of the schedules of {self.path.name} is meant?"
            return error("MLS007", text, f"add schedule: {' or '.join(schedules)}", ("schedule",))
        if expected.schedule not in schedules:
            text = f"{self.path.name} has no schedule {expected.schedule!r}"
            return error("MLS009", text, closest(expected.schedule, schedules), ("schedule",))
        return schedules[expected.schedule]


class LostItem(ScheduleItem):
    """Fails: nobody knows what is expected of which schedule."""

    def problems(self) -> Sequence[Diagnostic]:
        """See ScheduleItem."""
        stem = self.path.name[: self.path.name.lower().rindex(".expect.")]
        text = f"there is no schedule file beside it: {', '.join(stem + suffix for suffix in _FILE_TYPES)}"
        return [error("MLS401", text, "name it after the file that it is about").at(Location(str(self.path)))]


class LockItem(ScheduleItem):
    """A schedule behaves as locked."""

    schedule: str | None

    def problems(self) -> Sequence[Diagnostic]:
        """See ScheduleItem."""
        return self.repository.find_changes(self.schedule)
