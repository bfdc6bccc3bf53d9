"""Getting ``pytest --mlschedule`` going: configuration, what to collect, and where."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pytest_mlschedule.config.checking import load_baseline
from pytest_mlschedule.config.reading import find_config
from pytest_mlschedule.diagnostics import Severity
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.plugin.collection import Collector
from pytest_mlschedule.plugin.repository import Repository
from pytest_mlschedule.plugin.schedule_cases import expand_paths
from pytest_mlschedule.plugin.settings import read_instant
from pytest_mlschedule.schedules.job_files import load_jobs
from pytest_mlschedule.schedules.placeholders import Placeholders
from pytest_mlschedule.schedules.reader import Reader

_NAME = "mlschedule-collection"


def start_collection(config: pytest.Config) -> None:
    """Register what collects, and look where the schedules are too unless somebody said where to look.

    Raises pytest.UsageError for a configuration or a lock file that cannot be used.
    """
    files = bool(config.getoption("mlschedule_collect") or config.getini("mlschedule"))
    try:
        repository = _make_repository(config, files=files)
    except DefinitionError as failure:
        raise pytest.UsageError("\n".join(map(str, failure.diagnostics))) from None
    config.pluginmanager.register(Collector(repository, files=files), _NAME)
    _look_further(config, repository, files=files)


def _make_repository(config: pytest.Config, *, files: bool) -> Repository:
    found = find_config(config.rootpath)
    reader = Reader(placeholders=Placeholders(found.values))
    jobs, problems = load_jobs(found.jobs, reader)
    if any(item.severity is Severity.ERROR for item in problems):
        raise DefinitionError(problems)
    said = config.getoption("mlschedule_now") or config.getini("mlschedule_now")
    now = read_instant(said) if said else datetime.now(UTC).replace(microsecond=0)
    lock = _find_lock(config, found.lock if files else None)
    baseline = load_baseline(found.baseline) if files else None
    return Repository(config=found, now=now, jobs=jobs, lock=lock, reader=reader, baseline=baseline)


def _find_lock(config: pytest.Config, configured: str | None) -> Path | None:
    option, ini = config.getoption("mlschedule_lock"), config.getini("mlschedule_lock")
    if option:
        path = config.invocation_params.dir / option
    elif ini:
        path = config.rootpath / ini
    elif configured:
        path = Path(configured)
    else:
        return None
    if not path.is_file():
        raise pytest.UsageError(f"there is no lock file {path}: write it with mlschedule lock")
    return Path(os.path.abspath(path))


def _look_further(config: pytest.Config, repository: Repository, *, files: bool) -> None:
    """Schedules need not lie under testpaths. A lock that the command line names is collected whatever else is named."""
    named = config.args_source is pytest.Config.ArgsSource.ARGS
    more: list[Path] = []
    if repository.lock is not None and (not named or config.getoption("mlschedule_lock")):
        more.append(repository.lock)
    if files and not named:
        more += [path for text in config.getini("mlschedule_paths") for path in expand_paths(config.rootpath, text)]
        more += map(Path, repository.config.paths)
    searched = [Path(os.path.abspath(config.invocation_params.dir / arg.partition("::")[0])) for arg in config.args]
    for path in more:
        if not any(Path(os.path.abspath(path)).is_relative_to(folder) for folder in searched):
            config.args.append(os.fspath(path))
