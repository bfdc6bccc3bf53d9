"""``mlschedule lock``: what schedules do, written to a file that is reviewed as code; and whether they still do it."""

from __future__ import annotations

import io
import os
import re
import sys
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import click

from pytest_mlschedule.checks.check import CheckResult
from pytest_mlschedule.cli.check_formats import FORMATS
from pytest_mlschedule.cli.desk import Desk, desk_command
from pytest_mlschedule.cli.loading import FINDINGS, USAGE, fail, load_jobs, load_paths, refuse, show
from pytest_mlschedule.cli.output import terminal_width
from pytest_mlschedule.cli.parameters import DurationType
from pytest_mlschedule.cli.writing import replace_file
from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.errors import DefinitionError, InstantRangeError
from pytest_mlschedule.planning.lock import Lock, compare_locks, make_lock
from pytest_mlschedule.planning.lock_document import HEAD, default_window, read_lock, write_lock
from pytest_mlschedule.planning.planner import plan_runs
from pytest_mlschedule.report.check_context import CheckContext
from pytest_mlschedule.report.check_places import find_root
from pytest_mlschedule.report.time_words import show_utc
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.triggers.window import Window

DEFAULT_FILE = "schedules.lock.yml"
YEAR = timedelta(days=365)
_CONFLICT = re.compile(r"^<{7} .*\n((?:.*\n)*?)(?:\|{7}.*\n(?:.*\n)*?)?={7}\n(?:.*\n)*?>{7} .*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """What options say about the window."""

    start: datetime | None
    end: datetime | None
    length: timedelta | None

    @property
    def said(self) -> bool:
        return (self.start, self.end, self.length) != (None, None, None)

    def within(self, usual: Window) -> Window:
        """The window, with what is not said taken from the usual one. A usage error where there is none."""
        start = self.start or usual.start
        try:
            if self.length is not None:
                window = Window(start, start + self.length)
            elif self.end is not None:
                window = Window(start, self.end)
            else:
                window = Window(start, start + YEAR)
        except (OverflowError, InstantRangeError) as failure:
            raise click.UsageError(f"the window is not in the supported years: {failure}") from None
        if window.end <= window.start:
            raise click.UsageError(f"the window ends at {show_utc(window.end)}, not after {show_utc(window.start)}")
        return window


@click.command()
@click.option("--file", metavar="FILE", help=f"The lock file; default: that of the configuration, else {DEFAULT_FILE}.")
@click.option("--from", "start", metavar="TIME", help="Start of the window (included); default: that of the lock.")
@click.option("--to", "end", metavar="TIME", help="End of the window (excluded); default: that of the lock.")
@click.option("--for", "length", type=DurationType(), metavar="DURATION", help="Length of the window: 365d, 2w.")
@click.option("--check", "checking", is_flag=True, help="Write nothing; say what schedules do otherwise than locked.")
@click.option(
    "-o", "--output", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="With --check."
)
@desk_command
def lock(
    desk: Desk,
    *,
    file: str | None,
    start: str | None,
    end: str | None,
    length: timedelta | None,
    checking: bool,
    form: str,
) -> None:
    """Write down what schedules do, small enough to review: runs a month, next runs, digests of all times and jobs.

    A new lock looks twelve months ahead from the first of this month (UTC). One that is there keeps its window until that has
    ended. --check fails when schedules would do something else.

    Exit status: 0; 1 for schedules with errors, and with --check for changes; 2 for wrong usage and files that cannot be read.
    """
    if end is not None and length is not None:
        raise click.UsageError("--to and --for both say where the window ends; give one of them")
    span = _Span(start=desk.read("--from", start), end=desk.read("--to", end), length=length)
    path = _seen(file or desk.config.lock or DEFAULT_FILE)
    if checking:
        if span.said:
            raise click.UsageError("--check looks at the window of the lock; leave out --from, --to and --for")
        _check(desk, path, form)
    elif form != "text":
        raise click.UsageError("-o is for --check")
    else:
        _write(desk, path, span)


def _seen(path: str) -> str:
    """A path as it is seen from the working directory, where it lies below it."""
    shown = (
        os.path.relpath(path)
        if os.path.splitdrive(os.path.abspath(path))[0] == os.path.splitdrive(os.getcwd())[0]
        else path
    )
    return path if shown.startswith(os.pardir) else Path(shown).as_posix()


def _lock(desk: Desk, window: Window) -> tuple[Lock, list[JobSchedule]]:
    """What the schedules do in a window."""
    jobs = load_jobs(desk)
    schedules = load_paths(desk, quiet=True)
    try:
        plan = plan_runs(schedules, window.start, window.end, jobs=jobs, profile=desk.profile)
    except DefinitionError as failure:
        refuse(failure.diagnostics)
    return make_lock(plan), schedules


def _write(desk: Desk, path: str, span: _Span) -> None:
    text = _read(path)
    before = None if text is None else _understand(path, text)
    usual = default_window(desk.now)
    if before is not None and before.window.end > desk.now:
        usual = before.window
    elif before is not None and not span.said:
        click.echo(
            f"mlschedule: the window of {path} ended at {show_utc(before.window.end)}; a new one starts", err=True
        )
    window = span.within(usual) if span.said else usual
    made, _ = _lock(desk, window)
    if before is not None and before.window == made.window and before.schedules == made.schedules:
        made = replace(made, tzdata_version=before.tzdata_version)  # zone data that change nothing are no change
    count = f"{len(made.schedules)} schedule{'s' if len(made.schedules) != 1 else ''}"
    shown = f"{count}, {_show_day(window.start)} to {_show_day(window.end)}."
    new = write_lock(made)
    if new == text:
        click.echo(f"{path} is up to date: {shown}")
        return
    replace_file(path, new)
    click.echo(f"Wrote {path}: {shown}")


def _read(path: str) -> str | None:
    """The text of the lock file; None where there is no file. Ends the command with 2 where it cannot be read."""
    if not os.path.lexists(path):
        return None
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as failure:
        fail(f"{path} cannot be read: {failure.strerror}")
    except UnicodeDecodeError:
        fail(f"{path} is no lock file: name another with --file")


def _understand(path: str, text: str) -> Lock | None:
    """The lock of a text; where merging or editing has broken it, what can be kept of it.

    Ends the command with 2 for a file that was never a lock: it is not ours to overwrite.
    """
    merged = _CONFLICT.sub(r"\1", text)
    try:
        found = read_lock(io.StringIO(merged))
    except DefinitionError as failure:
        if not merged.startswith(HEAD.partition("\n")[0]):
            fail(f"{path} is no lock file, and is not overwritten: name another with --file, or remove it")
        click.echo(f"mlschedule: {path} is broken ({failure.diagnostics[0].message}); it is written anew", err=True)
        return None
    if merged != text:
        click.echo(
            f"mlschedule: {path} has merge conflicts; it is written anew with the window of the first side", err=True
        )
    return found


def _check(desk: Desk, path: str, form: str) -> None:
    text = _read(path)
    if text is None:
        fail(f"there is no lock file {path}: write it with mlschedule lock, and commit it")
    try:
        locked = read_lock(path)
    except DefinitionError as failure:
        show(failure.diagnostics)
        click.echo("mlschedule: write the lock anew with mlschedule lock, and commit it", err=True)
        sys.exit(USAGE)
    actual, schedules = _lock(desk, locked.window)
    by_name = {schedule.name: schedule for schedule in schedules}
    found = tuple(
        item if item.location or name not in by_name else by_name[name].locate(item)
        for name, item in compare_locks(locked, actual)
    )
    if locked.window.end <= desk.now:
        ended = show_utc(locked.window.end)
        click.echo(f"mlschedule: the window of {path} ended at {ended}; mlschedule lock starts a new one", err=True)
    if form == "text" and not found:
        count = f"{len(schedules)} schedule{'s' if len(schedules) != 1 else ''}"
        click.echo(f"{path} is up to date: {count}.")
        return
    click.echo(_show(desk, found, schedules, form, {path: text}), nl=False)
    sys.exit(FINDINGS if found else 0)


def _show(
    desk: Desk, found: tuple[Diagnostic, ...], schedules: list[JobSchedule], form: str, texts: dict[str, str]
) -> str:
    files = tuple(dict.fromkeys(schedule.source for schedule in schedules if schedule.source is not None))
    context = CheckContext(
        files=files,
        read_text=lambda path: desk.reader.text(path) or texts.get(path),
        now=desk.now,
        fail_on=Severity.ERROR,
        width=terminal_width(sys.stdout),
        root=find_root(os.getcwd()),
    )
    return FORMATS[form]()(CheckResult(findings=found, files=len(files), schedules=len(schedules)), context)


def _show_day(instant: datetime) -> str:
    return show_utc(instant).removesuffix("T00:00:00Z")
