"""``load_schedule``, ``load_schedules``, ``load_job``: from files to values, or every problem at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pytest_mlschedule.diagnostics import Diagnostic, Severity, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.schedules.documents import is_schedule, looks_like_schedule, read_schedules
from pytest_mlschedule.schedules.files import Files
from pytest_mlschedule.schedules.jobs import check_job, read_job
from pytest_mlschedule.schedules.models import Job, JobSchedule
from pytest_mlschedule.schedules.reader import Reader, has_errors, in_file_order
from pytest_mlschedule.schedules.sdk_triggers import is_entity
from pytest_mlschedule.schedules.source import Document, Source, read_document

_SUFFIXES = (".yml", ".yaml", ".json")


def load_schedule(
    source: Source | object, *, base: str | os.PathLike[str] | None = None, profile: ServiceProfile = DEFAULT_PROFILE
) -> JobSchedule:
    """One schedule from a YAML or JSON file (path), text (``io.StringIO``), a mapping, or an object of azure-ai-ml.

    ``base`` is the folder where relative paths such as ``create_job: ./pipeline.yml`` start; default: the file's own, the
    current one for text and mappings. What is taken and rejected follows the real client (docs/sdk.md). Warnings are on
    ``schedule.diagnostics``. Raises DefinitionError with every problem of the file.
    """
    if is_entity(source):
        from pytest_mlschedule.schedules.sdk import adopt_schedule  # costs time that few need

        return adopt_schedule(source)
    document = read_document(source, base=None if base is None else Path(base))  # type: ignore[arg-type]
    schedules, found = read_schedules(document, Reader(), profile)
    _raise_errors(found)
    if len(schedules) != 1:
        text = f"holds {len(schedules)} schedules, not one"
        raise DefinitionError([document.locate(error("MLS009", text, "load_schedules(...) reads files of several"))])
    return schedules[0]


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """What one file gave: its schedules (of a file of several, those without an error) and all there is to say about it."""

    path: Path
    schedules: tuple[JobSchedule, ...]
    diagnostics: tuple[Diagnostic, ...]
    document: Document | None = None
    """What was read; None for a file that could not be."""

    @property
    def is_broken(self) -> bool:
        """Whether there is an error in it."""
        return has_errors(self.diagnostics)


def load_files(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    profile: ServiceProfile = DEFAULT_PROFILE,
    reader: Reader | None = None,
) -> Iterator[LoadedFile]:
    """File by file what load_schedules loads; problems are in the result instead of raised.

    ``reader`` says where files come from and what fills their placeholders, and remembers what it read.
    """
    reader = reader or Reader()
    for path, named in _expand([paths] if isinstance(paths, str | os.PathLike) else list(paths), reader.files):
        loaded = load_file(path, reader, named=named, profile=profile)
        if loaded is not None:
            yield loaded


def load_file(
    path: Path, reader: Reader, *, named: bool = True, profile: ServiceProfile = DEFAULT_PROFILE
) -> LoadedFile | None:
    """What a file holds. None where nobody ``named`` it and it is nothing that is meant as a schedule."""
    try:
        document = reader.document(path, os.fspath(path))
    except DefinitionError as failure:
        return LoadedFile(path, (), failure.diagnostics) if named or looks_like_schedule(path, reader.files) else None
    if not named and not is_schedule(document.data):
        return None
    schedules, found = read_schedules(document, reader, profile)
    return LoadedFile(path, tuple(schedules), tuple(in_file_order(found)), document)


def load_schedules(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], *, profile: ServiceProfile = DEFAULT_PROFILE
) -> list[JobSchedule]:
    """All schedules of files and directories, in the order given, directories sorted by path.

    In a directory (searched with its subdirectories) a file counts as a schedule when it is a YAML mapping with ``trigger`` and
    an action or with a schedule ``$schema``, or JSON of schedules, and where it is plainly meant as one and lacks a part or is
    broken; other files are passed over. A file that is named is always read.

    Raises DefinitionError with every problem of every file.
    """
    files = list(load_files(paths, profile=profile))
    _raise_errors([item for file in files for item in file.diagnostics])
    return [schedule for file in files for schedule in file.schedules]


def load_job(source: Source | object, *, base: str | os.PathLike[str] | None = None) -> Job:
    """A job from a YAML file (path), text (``io.StringIO``), a mapping, or an object of azure-ai-ml.

    Raises DefinitionError with every problem of the file.
    """
    if is_entity(source):
        from pytest_mlschedule.schedules.sdk import adopt_job  # costs time that few need

        return adopt_job(source)
    document = read_document(source, base=None if base is None else Path(base))  # type: ignore[arg-type]
    job, found = read_job(document, Reader())
    if job is not None:
        found = [*found, *check_job(job, document)]
    _raise_errors(found)
    assert isinstance(job, Job)
    path = Path(source) if isinstance(source, str | os.PathLike) else None
    return job.model_copy(update={"path": path})


def _raise_errors(found: list[Diagnostic]) -> None:
    __tracebackhide__ = True
    if has_errors(found):
        raise DefinitionError(in_file_order(item for item in found if item.severity is Severity.ERROR))


def _expand(given: Iterable[str | os.PathLike[str]], files: Files) -> Iterator[tuple[Path, bool]]:
    seen: set[str] = set()
    for item in [os.fspath(one) for one in given]:
        named = not files.is_folder(item)
        for file in [item] if named else files.walk(item):
            key = os.path.abspath(file)
            if key not in seen and (named or file.lower().endswith(_SUFFIXES)):
                seen.add(key)
                yield Path(file), named
