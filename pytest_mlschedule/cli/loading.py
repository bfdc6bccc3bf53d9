"""From paths on the command line to schedules and jobs; what is wrong with them goes to stderr."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from pytest_mlschedule.cli.output import terminal_width
from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import DEFAULT_PROFILE
from pytest_mlschedule.report.findings import tell_once
from pytest_mlschedule.report.wrapping import wrap_line
from pytest_mlschedule.schedules.documents import read_schedules
from pytest_mlschedule.schedules.loader import LoadedFile, load_files, load_job
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.schedules.reader import Reader
from pytest_mlschedule.schedules.source import read_document

FINDINGS, USAGE = 1, 2
STDIN = "-"
UNREADABLE = "MLS001"
SHOWN_ALIKE = 5
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}


def load_paths(paths: Sequence[str], *, quiet: bool = False) -> list[JobSchedule]:
    """The schedules of files and directories. Ends the command with 1 or 2 where there are errors or no schedules.

    ``quiet``: nothing is shown where there is no error; warnings and notes are on the schedules.
    """
    _check_exist(paths)
    files = list(load_files(path for path in paths if path != STDIN))
    groups = [(_name_user(file), list(file.diagnostics)) for file in files]
    schedules = [schedule for file in files for schedule in file.schedules]
    if STDIN in paths:
        more, problems = _read_stdin()
        schedules += more
        groups.append((STDIN, problems))
    found = [item for items in tell_once(groups) for item in items]
    if not quiet or any(item.severity is Severity.ERROR for item in found):
        report(found)
    if not schedules:
        fail(f"no schedules in {', '.join(paths)}: a schedule is YAML or JSON with trigger and create_job")
    return schedules


def load_jobs(paths: Sequence[str]) -> dict[str, JobDefinition]:
    """The pipeline jobs of files and directories, by name and, where they have none, by file name."""
    _check_exist(paths)
    jobs: dict[str, JobDefinition] = {}
    found: list[Diagnostic] = []
    for path in _job_files(paths):
        try:
            job = load_job(path)
        except DefinitionError as failure:
            found += failure.diagnostics
        else:
            jobs[job.name or path.stem] = job
    report(found)
    return jobs


def report(found: Iterable[Diagnostic]) -> None:
    """Show what there is to say. Ends the command where there is an error: 2 for unreadable files, else 1."""
    diagnostics = list(found)
    if any(item.severity is Severity.ERROR for item in diagnostics):
        refuse(diagnostics)
    _show(diagnostics)


def refuse(diagnostics: Sequence[Diagnostic]) -> NoReturn:
    """Show errors and end the command: with 2 where a file could not be read, else with 1."""
    _show(diagnostics)
    codes = {item.code for item in diagnostics if item.severity is Severity.ERROR}
    sys.exit(USAGE if UNREADABLE in codes else FINDINGS)


def fail(message: str) -> NoReturn:
    """End the command with 2 and a message."""
    click.echo(f"mlschedule: {message}", err=True)
    sys.exit(USAGE)


def _show(diagnostics: Sequence[Diagnostic]) -> None:
    width = terminal_width(sys.stderr)
    for diagnostic in _without_repetition(diagnostics):
        code = click.style(diagnostic.code, fg=_COLOURS[diagnostic.severity], bold=True)
        lines = [part for line in str(diagnostic).split("\n") for part in wrap_line(line, width)]
        click.echo("\n".join(lines).replace(diagnostic.code, code, 1), err=True)


def _without_repetition(diagnostics: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """All errors and warnings; of notes of one code the first few, and how many more there are."""
    total = Counter(item.code for item in diagnostics if item.severity is Severity.NOTE)
    shown: Counter[str] = Counter()
    for item in diagnostics:
        if item.severity is Severity.NOTE:
            shown[item.code] += 1
            if shown[item.code] > SHOWN_ALIKE:
                continue
        yield item
        if shown[item.code] == SHOWN_ALIKE and (more := total[item.code] - SHOWN_ALIKE):
            yield Diagnostic(item.code, Severity.NOTE, f"... and {more} more notes like these")


def _name_user(file: LoadedFile) -> str:
    """Who uses what a file refers to: its schedule, or the file where that is not known."""
    return file.schedules[0].name if len(file.schedules) == 1 else os.path.normpath(file.path)


def _read_stdin() -> tuple[list[JobSchedule], list[Diagnostic]]:
    try:
        document = read_document(sys.stdin.buffer)
        return read_schedules(document, Reader(), DEFAULT_PROFILE)
    except DefinitionError as failure:
        return [], list(failure.diagnostics)


def _check_exist(paths: Sequence[str]) -> None:
    missing = [path for path in paths if path != STDIN and not os.path.exists(path)]
    if missing:
        fail(f"{', '.join(missing)}: no such file or directory")


def _job_files(paths: Sequence[str]) -> Iterator[Path]:
    """The files that are named, and those of directories that hold a pipeline job."""
    for path in map(Path, paths):
        if path.is_dir():
            yield from (file for file in sorted(path.rglob("*.y*ml")) if _holds_pipeline(file))
        else:
            yield path


def _holds_pipeline(file: Path) -> bool:
    try:
        data: Any = read_document(file).data
    except DefinitionError:
        return False
    return isinstance(data, Mapping) and "trigger" not in data and (data.get("type") == "pipeline" or "jobs" in data)
