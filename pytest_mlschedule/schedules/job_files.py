"""The pipeline jobs that ``azureml:`` references mean, from files and folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.jobs import check_job, read_job
from pytest_mlschedule.schedules.models import JobDefinition
from pytest_mlschedule.schedules.reader import Reader, has_errors

_SUFFIXES = (".yml", ".yaml")


def load_jobs(paths: Iterable[str], reader: Reader | None = None) -> tuple[dict[str, JobDefinition], list[Diagnostic]]:
    """The jobs of files and folders, by name and, where they have none, by file name; and what is wrong with them.

    A file that is named is read whatever it holds; in folders those count that hold a pipeline job. ``reader`` says where files
    come from and what fills their placeholders.
    """
    reader = reader or Reader()
    jobs: dict[str, JobDefinition] = {}
    found: list[Diagnostic] = []
    for path in _find_files(paths, reader):
        try:
            job, problems = _read(path, reader)
        except DefinitionError as failure:
            found += failure.diagnostics
            continue
        found += problems if job is None else []
        if job is not None:
            jobs[job.name or path.stem] = job
    return jobs, found


def _read(path: Path, reader: Reader) -> tuple[JobDefinition | None, list[Diagnostic]]:
    document = reader.document(path, os.fspath(path))
    job, found = read_job(document, reader)
    if job is not None:
        found = [*found, *check_job(job, document)]
    if job is None or has_errors(found):
        return None, [item for item in found if item.severity is Severity.ERROR]
    return job.model_copy(update={"path": path}), found


def _find_files(paths: Iterable[str], reader: Reader) -> Iterator[Path]:
    for path in paths:
        if not reader.files.is_folder(path):
            yield Path(path)
            continue
        for file in reader.files.walk(path):
            if file.lower().endswith(_SUFFIXES) and _holds_pipeline(Path(file), reader):
                yield Path(file)


def _holds_pipeline(file: Path, reader: Reader) -> bool:
    try:
        data: Any = reader.document(file, os.fspath(file)).data
    except DefinitionError:
        return False
    return isinstance(data, Mapping) and "trigger" not in data and (data.get("type") == "pipeline" or "jobs" in data)
