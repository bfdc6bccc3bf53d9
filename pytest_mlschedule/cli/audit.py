"""``mlschedule audit``: what really ran against what should have, and what that says of the service."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

import click

from pytest_mlschedule.cli.desk import Desk, created_at_option, desk_command
from pytest_mlschedule.cli.loading import FINDINGS, STDIN, USAGE, fail, load_jobs, load_paths, refuse, show
from pytest_mlschedule.cli.output import terminal_width
from pytest_mlschedule.cli.parameters import DurationType
from pytest_mlschedule.diagnostics import Severity
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.history.history import History
from pytest_mlschedule.history.reading import read_history
from pytest_mlschedule.planning.audit import audit_runs
from pytest_mlschedule.planning.audit_plan import plan_history
from pytest_mlschedule.planning.audit_result import Audit
from pytest_mlschedule.planning.calibration_result import Calibration, Verdict
from pytest_mlschedule.report.time_words import show_utc
from pytest_mlschedule.triggers.wording import list_names

Form = Literal["table", "json", "markdown"]
_COLOURS: dict[Verdict, str] = {"contradicted": "red", "supported": "green", "undecided": "yellow"}
# What a plan notes that concerns an audit: schedules that are disabled, or never run.
_NOTED = ("MLS508", "MLS510")


@click.command()
@click.argument("history", metavar="HISTORY")
@click.option("--history", "more", multiple=True, metavar="FILE", help="More files of jobs; repeatable.")
@click.option(
    "--from", "start", metavar="TIME", help="From when on no job is missing from the history; default: its first job."
)
@click.option("--to", "end", metavar="TIME", help="Until when (excluded); default: its last job.")
@click.option(
    "--late-after",
    type=DurationType(),
    default="5m",
    show_default=True,
    metavar="DURATION",
    help="A job that is created later after its trigger time is late.",
)
@click.option(
    "--calibrate", is_flag=True, help="Say which fields of the service profile the history supports or contradicts."
)
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    show_default=True,
    help="Format; json holds every run.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["none", "deviation"]),
    default="none",
    show_default=True,
    help="Exit with 1 when something is late, missing or extra; with --calibrate, when something is contradicted.",
)
@created_at_option
@desk_command
def audit(
    desk: Desk,
    history: str,
    *,
    more: Sequence[str],
    start: str | None,
    end: str | None,
    late_after: timedelta,
    calibrate: bool,
    form: Form,
    fail_on: Literal["none", "deviation"],
) -> None:
    """Compare what really ran with what schedules should have run.

    HISTORY is the JSON that az ml job list -o json writes; - is stdin. Every run that was due is on time, late or missing; every
    other job of a schedule is extra (nothing was due) or manual (somebody submitted it). After the last job nothing is missed.

    With --calibrate: which of the decisions about Azure ML that nobody documents the history supports or contradicts.

    Exit status: 0; 1 when --fail-on is met or a definition has errors; 2 for wrong usage and files that cannot be read.
    """
    ran = _cut(desk, _read(desk, [history, *more]), start, end, late_after, history)
    if calibrate:
        calibration = _calibrate(desk, ran)
        _write_calibration(calibration, form)
        reason = f"the history contradicts {list_names(calibration.contradicted)}" if not calibration else ""
    else:
        found = _audit(desk, ran, late_after)
        _write_audit(desk, found, form)
        reason = _reason(found)
    if reason and fail_on == "deviation":
        click.echo(f"mlschedule: {reason} (--fail-on deviation)", err=True)
        sys.exit(FINDINGS)


def _read(desk: Desk, paths: Sequence[str]) -> History:
    """The history of files. Ends the command with 2 where one cannot be read or holds no list of jobs."""
    if STDIN in paths and STDIN in (*paths[paths.index(STDIN) + 1 :], *desk.given):
        raise click.UsageError("- (stdin) can be read once, as the history or as schedules")
    missing = [path for path in paths if path != STDIN and not desk.reader.files.exists(path)]
    if missing:
        fail(f"{', '.join(missing)}: no such file or directory")
    try:
        found = read_history(sys.stdin.buffer if path == STDIN else path for path in paths)
    except DefinitionError as failure:
        show(failure.diagnostics)
        sys.exit(USAGE)
    show(found.notes)
    return found


def _cut(desk: Desk, history: History, start: str | None, end: str | None, late_after: timedelta, name: str) -> History:
    """The history of the window that options name. A usage error where it is empty."""
    first, last = desk.read("--from", start), desk.read("--to", end)
    known = history.window
    if known is None:
        if first is None or last is None:
            fail(f"{name} has no jobs: name the window with --from and --to, or export again")
        return _between(history, first, last)
    if first is None and last is None:
        return history
    # What is due shortly before the last job may still come.
    return _between(history, first or known.start, last or known.end - late_after)


def _between(history: History, start: datetime, end: datetime) -> History:
    if end <= start:
        raise click.UsageError(f"the window ends at {show_utc(end)}, not after it starts at {show_utc(start)}")
    return history.between(start, end)


def _audit(desk: Desk, history: History, late_after: timedelta) -> Audit:
    jobs, schedules = load_jobs(desk), load_paths(desk, quiet=True)
    try:
        plan = plan_history(schedules, history, created_at=desk.created_at, jobs=jobs, profile=desk.profile)
    except DefinitionError as failure:
        refuse(failure.diagnostics)
    show([item for item in plan.notes if item.code in _NOTED and item.severity is not Severity.ERROR])
    return audit_runs(plan, history, late_after=late_after)


def _calibrate(desk: Desk, history: History) -> Calibration:
    from pytest_mlschedule.planning.calibration import calibrate_profile  # costs time that few need

    jobs, schedules = load_jobs(desk), load_paths(desk, quiet=True)
    try:
        return calibrate_profile(schedules, history, created_at=desk.created_at, jobs=jobs, profile=desk.profile)
    except DefinitionError as failure:
        refuse(failure.diagnostics)


def _write_audit(desk: Desk, found: Audit, form: Form) -> None:
    shown = None if desk.zone is None else desk.zone.tzinfo
    # Each is imported when it is asked for: the command answers faster.
    lines: Iterator[str]
    if form == "json":
        from pytest_mlschedule.report.audit_json import write_json

        lines = iter([write_json(found)])
    elif form == "markdown":
        from pytest_mlschedule.report.audit_markdown import write_audit

        lines = write_audit(found, shown)
    else:
        from pytest_mlschedule.report.audit_text import write_text

        lines = write_text(found, terminal_width(sys.stdout), shown)
    click.echo("".join(lines), nl=False)


def _write_calibration(found: Calibration, form: Form) -> None:
    lines: Iterator[str]
    if form == "json":
        from pytest_mlschedule.report.audit_json import write_json

        lines = iter([write_json(found)])
    elif form == "markdown":
        from pytest_mlschedule.report.audit_markdown import write_calibration

        lines = write_calibration(found)
    else:
        from pytest_mlschedule.report.audit_calibration_text import write_text

        lines = write_text(found, terminal_width(sys.stdout), _paint)
    click.echo("".join(lines), nl=False)


def _paint(verdict: Verdict, text: str) -> str:
    return click.style(text, fg=_COLOURS[verdict], bold=True)


def _reason(found: Audit) -> str:
    from pytest_mlschedule.report.audit_words import describe_deviations

    return describe_deviations(found)
