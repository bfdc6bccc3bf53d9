"""The pipeline jobs that ``azureml:`` references mean, from files and folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.files import DISK
from pytest_mlschedule.schedules.loader import load_job
from pytest_mlschedule.schedules.models import JobDefinition
from pytest_mlschedule.schedules.source import read_document

_SUFFIXES = (".yml", ".yaml")


def load_jobs(paths: Iterable[str]) -> tuple[dict[str, JobDefinition], list[Diagnostic]]:
    """The jobs of files and folders, by name and, where they have none, by file name; and what is wrong with them.

    A file that is named is read whatever it holds; in folders those count that hold a pipeline job.
    """
    jobs: dict[str, JobDefinition] = {}
    found: list[Diagnostic] = []
    for path in _find_files(paths):
        try:
            job = load_job(path)
        except DefinitionError as failure:
            found += failure.diagnostics
        else:
            jobs[job.name or path.stem] = job
    return jobs, found


def _find_files(paths: Iterable[str]) -> Iterator[Path]:
    for path in paths:
        if not os.path.isdir(path):
            yield Path(path)
            continue
        for file in DISK.walk(path):
            if file.lower().endswith(_SUFFIXES) and _holds_pipeline(Path(file)):
                yield Path(file)


def _holds_pipeline(file: Path) -> bool:
    try:
        data: Any = read_document(file).data
    except DefinitionError:
        return False
    return isinstance(data, Mapping) and "trigger" not in data and (data.get("type") == "pipeline" or "jobs" in data)
