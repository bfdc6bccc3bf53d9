"""``mlschedule check``: what is wrong with schedules, and what is accepted and still wrong."""

from __future__ import annotations

import os
import sys

import click

from pytest_mlschedule.checks.check import CheckResult, CheckSettings, check_files
from pytest_mlschedule.cli.check_formats import FORMATS
from pytest_mlschedule.cli.desk import Desk, desk_command
from pytest_mlschedule.cli.loading import FINDINGS, UNREADABLE, USAGE, fail, load_all, load_jobs
from pytest_mlschedule.cli.output import terminal_width
from pytest_mlschedule.diagnostics import Severity
from pytest_mlschedule.report.check_context import CheckContext, Style
from pytest_mlschedule.report.check_places import find_root
from pytest_mlschedule.triggers.window import Window

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
@click.option(
    "-o", "--output", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="Format."
)
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    help="The least severity that makes the exit status 1; default: warning, or what the configuration says.",
)
@desk_command
def check(desk: Desk, form: str, fail_on: str | None) -> None:
    """Check schedules: what Azure ML rejects, and what it accepts and does otherwise than it looks.

    Exit status: 0; 1 when something was found at or above --fail-on; 2 for wrong usage and files that cannot be read.
    """
    files = load_all(desk, desk.paths)
    if not files:
        fail(f"no schedules in {', '.join(desk.paths)}: a schedule is YAML or JSON with trigger and create_job")
    least = Severity(fail_on) if fail_on else desk.config.fail_on
    result = check_files(files, _settings(desk))
    desk.remark_unused()
    styled = sys.stdout.isatty()
    context = CheckContext(
        files=tuple(str(file.path) for file in files),
        read_text=desk.reader.text,
        now=desk.now,
        fail_on=least,
        width=terminal_width(sys.stdout),
        root=find_root(os.getcwd()),
        **({"paint": _paint} if styled else {}),
    )
    click.echo(FORMATS[form]()(result, context), nl=False)
    sys.exit(exit_status(result, least))


def _settings(desk: Desk) -> CheckSettings:
    config = desk.config
    return CheckSettings(
        now=desk.now,
        window=Window(desk.now, desk.now + config.window) if config.window else None,
        jobs=load_jobs(desk),
        profile=desk.profile,
        thresholds=config.thresholds,
        budgets=config.budgets,
        selection=config.rules,
        reader=desk.reader,
    )


def exit_status(result: CheckResult, fail_on: Severity) -> int:
    """2 where a file could not be read, 1 for findings at or above a severity, else 0."""
    if any(item.code == UNREADABLE for item in result.findings):
        return USAGE
    return FINDINGS if any(item.severity.rank >= fail_on.rank for item in result.findings) else 0


def _paint(text: str, style: Style) -> str:
    return click.style(text, **_COLOURS[style])  # type: ignore[arg-type]
