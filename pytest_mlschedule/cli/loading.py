"""From paths on the command line to schedules and jobs; what is wrong with them goes to stderr."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from pytest_mlschedule.cli.output import follow_files, terminal_width
from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.report.findings import tell_once
from pytest_mlschedule.report.wrapping import wrap_line
from pytest_mlschedule.schedules.documents import read_schedules
from pytest_mlschedule.schedules.loader import LoadedFile, load_files
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.schedules.reader import Reader, in_file_order

if TYPE_CHECKING:
    from pytest_mlschedule.cli.desk import Desk

FINDINGS, USAGE = 1, 2
STDIN = "-"
UNREADABLE = "MLS001"
SHOWN_ALIKE = 5
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}


def load_paths(desk: Desk, *, quiet: bool = False) -> list[JobSchedule]:
    """The schedules of files and directories. Ends the command with 1 or 2 where there are errors or no schedules.

    ``quiet``: nothing is shown where there is no error; warnings and notes are on the schedules.
    """
    check_exist(desk.paths, desk.reader)
    files = load_all(desk, desk.paths)
    schedules = [schedule for file in files for schedule in file.schedules]
    found = [item for items in tell_once((name_user(file), file.diagnostics) for file in files) for item in items]
    if not quiet or any(item.severity is Severity.ERROR for item in found):
        report(found)
    if not schedules:
        fail(f"no schedules in {', '.join(desk.paths)}: a schedule is YAML or JSON with trigger and create_job")
    desk.remark_unused()
    return schedules


def load_all(desk: Desk, paths: Sequence[str]) -> list[LoadedFile]:
    """What files, directories and ``-`` (stdin) hold."""
    named = [path for path in paths if path != STDIN]
    files = list(follow_files(load_files(named, profile=desk.profile, reader=desk.reader)))
    return [*files, _read_stdin(desk)] if STDIN in paths else files


def load_jobs(desk: Desk) -> dict[str, JobDefinition]:
    """The pipeline jobs of files and directories, by name and, where they have none, by file name."""
    check_exist(desk.jobs, desk.reader)
    if not desk.jobs:
        return {}
    from pytest_mlschedule.schedules import job_files  # costs time that few need

    jobs, found = job_files.load_jobs(desk.jobs, desk.reader)
    report(found)
    return jobs


def report(found: Iterable[Diagnostic]) -> None:
    """Show what there is to say. Ends the command where there is an error: 2 for unreadable files, else 1."""
    diagnostics = list(found)
    if any(item.severity is Severity.ERROR for item in diagnostics):
        refuse(diagnostics)
    show(diagnostics)


def refuse(diagnostics: Sequence[Diagnostic]) -> NoReturn:
    """Show errors and end the command: with 2 where a file could not be read, else with 1."""
    show(diagnostics)
    codes = {item.code for item in diagnostics if item.severity is Severity.ERROR}
    sys.exit(USAGE if UNREADABLE in codes else FINDINGS)


def fail(message: str) -> NoReturn:
    """End the command with 2 and a message."""
    click.echo(f"mlschedule: {message}", err=True)
    sys.exit(USAGE)


def show(diagnostics: Sequence[Diagnostic]) -> None:
    """Write diagnostics to stderr."""
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


def name_user(file: LoadedFile) -> str:
    """Who uses what a file refers to: its schedule, or the file where that is not known."""
    return file.schedules[0].name if len(file.schedules) == 1 else os.path.normpath(file.path)


def check_exist(paths: Sequence[str], *readers: Reader) -> None:
    """Ends the command with 2 where a path is in none of the trees of files."""
    missing = [path for path in paths if path != STDIN and not any(reader.files.exists(path) for reader in readers)]
    if missing:
        fail(f"{', '.join(missing)}: no such file or directory")


def _read_stdin(desk: Desk) -> LoadedFile:
    path = Path("<stdin>")
    try:
        document = desk.reader.stream(sys.stdin.buffer)
    except DefinitionError as failure:
        return LoadedFile(path, (), failure.diagnostics)
    schedules, found = read_schedules(document, desk.reader, desk.profile)
    return LoadedFile(path, tuple(schedules), tuple(in_file_order(found)), document)
