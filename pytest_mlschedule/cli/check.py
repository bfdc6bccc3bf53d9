"""``mlschedule check``: what is wrong with schedules, and what is accepted and still wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from pytest_mlschedule.checks.check import CheckResult, CheckSettings, check_files
from pytest_mlschedule.cli.check_formats import FORMATS
from pytest_mlschedule.cli.loading import FINDINGS, STDIN, UNREADABLE, USAGE, fail, load_jobs
from pytest_mlschedule.cli.output import terminal_width
from pytest_mlschedule.cli.parameters import ShownZone, ZoneType, read_instant
from pytest_mlschedule.diagnostics import Severity
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import DEFAULT_PROFILE
from pytest_mlschedule.report.check_context import CheckContext, Style
from pytest_mlschedule.report.check_places import find_root
from pytest_mlschedule.schedules.documents import read_schedules
from pytest_mlschedule.schedules.loader import LoadedFile, load_files
from pytest_mlschedule.schedules.reader import Reader, has_errors, in_file_order
from pytest_mlschedule.schedules.source import read_document

SEVERITIES = tuple(severity.value for severity in Severity)
_COLOURS: dict[Style, dict[str, object]] = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "note": {"fg": "blue", "bold": True},
    "path": {"bold": True},
    "dim": {"dim": True},
    "good": {"fg": "green"},
}


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATHS...")
@click.option(
    "-o", "--output", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="Format."
)
@click.option("--now", metavar="TIME", help="Take this for the present; default: the machine's clock.")
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="warning",
    show_default=True,
    help="The least severity that makes the exit status 1.",
)
@click.option(
    "--jobs",
    multiple=True,
    metavar="PATH",
    help="Pipeline jobs that azureml: references mean, by name or file name: a file or directory; repeatable.",
)
@click.option(
    "--zone", type=ZoneType(), metavar="ZONE", help="Read --now without an offset in this zone (Windows or IANA name)."
)
def check(
    paths: tuple[str, ...],
    form: str,
    now: str | None,
    fail_on: str,
    jobs: tuple[str, ...],
    zone: ShownZone | None,
) -> None:
    """Check schedules: what Azure ML rejects, and what it accepts and does otherwise than it looks.

    Exit status: 0; 1 when something was found at or above --fail-on; 2 for wrong usage and files that cannot be read.
    """
    present = read_instant("--now", now, zone) or datetime.now(UTC).replace(microsecond=0)
    reader = Reader()
    files = load_all(paths, reader)
    if not files:
        fail(f"no schedules in {', '.join(paths)}: a schedule is YAML or JSON with trigger and create_job")
    settings = CheckSettings(now=present, jobs=load_jobs(jobs), reader=reader)
    result = check_files(files, settings)
    styled = sys.stdout.isatty()
    context = CheckContext(
        files=tuple(str(file.path) for file in files),
        read_text=reader.text,
        now=present,
        fail_on=Severity(fail_on),
        width=terminal_width(sys.stdout),
        root=find_root(os.getcwd()),
        **({"paint": _paint} if styled else {}),
    )
    click.echo(FORMATS[form]()(result, context), nl=False)
    sys.exit(exit_status(result, Severity(fail_on)))


def load_all(paths: Sequence[str], reader: Reader) -> list[LoadedFile]:
    """What files, directories and ``-`` (stdin) hold."""
    files = list(load_files([path for path in paths if path != STDIN], reader=reader))
    return [*files, _read_stdin(reader)] if STDIN in paths else files


def exit_status(result: CheckResult, fail_on: Severity) -> int:
    """2 where a file could not be read, 1 for findings at or above a severity, else 0."""
    if any(item.code == UNREADABLE for item in result.findings):
        return USAGE
    return FINDINGS if any(item.severity.rank >= fail_on.rank for item in result.findings) else 0


def _read_stdin(reader: Reader) -> LoadedFile:
    try:
        document = read_document(sys.stdin.buffer)
    except DefinitionError as failure:
        return LoadedFile(Path("<stdin>"), (), failure.diagnostics)
    schedules, found = read_schedules(document, reader, DEFAULT_PROFILE)
    return LoadedFile(
        Path("<stdin>"), () if has_errors(found) else tuple(schedules), tuple(in_file_order(found)), document
    )


def _paint(text: str, style: Style) -> str:
    return click.style(text, **_COLOURS[style])  # type: ignore[arg-type]
