"""``mlschedule check --fix`` and ``--diff``: what fixing changes, written to the files or shown."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace

import click

from pytest_mlschedule.checks.check import CheckSettings, check_files
from pytest_mlschedule.checks.fixing.rounds import Checked, EditedFile, EditedFiles, FixedFiles, fix_files
from pytest_mlschedule.cli.desk import Desk
from pytest_mlschedule.cli.loading import STDIN, fail
from pytest_mlschedule.cli.output import follow_files
from pytest_mlschedule.report.check_places import find_root
from pytest_mlschedule.report.patch import write_patch
from pytest_mlschedule.schedules.files import Files
from pytest_mlschedule.schedules.loader import load_files
from pytest_mlschedule.schedules.reader import Reader
from pytest_mlschedule.schedules.source import JSON_LIMIT

_SHOWN = 50  # fixes that are told one by one


def refuse_options(desk: Desk, form: str, option: str) -> None:
    """Usage errors for what does not go with ``--fix`` or ``--diff``."""
    given = click.get_current_context().params
    for name, other in (("settings", "--set"), ("value_files", "--values")):
        if given.get(name):
            raise click.UsageError(f"{option} and {other} do not go together: templates that are filled are not edited")
    if option == "--diff":
        if form != "text":
            raise click.UsageError(f"--diff writes a diff, not {form}; leave out -o")
        if given.get("update_baseline"):
            raise click.UsageError("--diff writes no files; leave out --update-baseline")
    if STDIN in desk.paths and len(desk.paths) > 1:
        raise click.UsageError(f"{option} takes {STDIN} alone or files, not both")


def fix_desk(desk: Desk, settings: CheckSettings) -> FixedFiles:
    """What fixing the files of a desk comes to; nothing is written."""
    files = desk.reader.files
    if STDIN in desk.paths:
        files = EditedFiles(files, {os.path.abspath(STDIN): sys.stdin.buffer.read(JSON_LIMIT + 1)})

    def check(source: Files) -> Checked:
        reader = Reader(source, desk.placeholders)
        loaded = tuple(follow_files(load_files(desk.paths, profile=desk.profile, reader=reader)))
        return Checked(files=loaded, result=check_files(loaded, replace(settings, reader=reader)), reader=reader)

    return fix_files(check, files)


def show_diff(fixed: FixedFiles) -> None:
    """Write the diff to stdout, byte for byte, and what it is about to stderr."""
    patch = "".join(write_patch(fixed.files, find_root(os.getcwd())))
    click.echo(patch.encode("utf-8", "surrogateescape"), nl=False)
    for line in _say("Would fix", fixed):
        click.echo(line, err=True)


def write_fixed(desk: Desk, fixed: FixedFiles, form: str) -> None:
    """Write what was fixed, of stdin to stdout, and say what it is. Ends the command with 2 where a file cannot be written."""
    piped = STDIN in desk.paths
    if piped:
        content = fixed.files[0].after if fixed.files else fixed.checked.reader.files.read(STDIN, JSON_LIMIT + 1)
        click.echo(content, nl=False)
    else:
        write_files(fixed.files)
    lines = list(_say("Fixed", fixed))
    for line in [*lines, ""] if lines else []:
        click.echo(line, err=piped or form != "text")


def write_files(files: Sequence[EditedFile]) -> None:
    """Write all files or none: each is prepared beside its place, then put there. Ends the command with 2 where that fails."""
    obstacles = list(filter(None, map(_find_obstacle, files)))
    if obstacles:
        fail("; ".join([*obstacles, "nothing was written"]))
    ready: list[str] = []
    done: list[EditedFile] = []
    try:
        for file in files:
            ready.append(_prepare(file.path, file.after))
        for file, scratch in zip(files, ready, strict=True):
            os.replace(scratch, file.path)
            done.append(file)
    except OSError as failure:
        kept = [file.path for file in done if not _restore(file)]
        outcome = f"{', '.join(kept)} was written before" if kept else "nothing was written"
        fail(f"{failure.filename} cannot be written: {failure.strerror}; {outcome}")
    finally:
        for scratch in ready[len(done) :]:
            os.unlink(scratch)


def _restore(file: EditedFile) -> bool:
    """Whether a file could be put back as it was."""
    scratch = ""
    try:
        scratch = _prepare(file.path, file.before)
        os.replace(scratch, file.path)
    except OSError:
        if scratch:
            os.unlink(scratch)
        return False
    return True


def _prepare(path: str, content: bytes) -> str:
    """A file in the same folder with another content and the same rights."""
    folder, name = os.path.split(path)
    handle, scratch = tempfile.mkstemp(prefix=f".{name}.", suffix=".tmp", dir=folder or os.curdir)
    try:
        with open(handle, "wb") as stream:
            stream.write(content)
        shutil.copymode(path, scratch)
    except OSError:
        os.unlink(scratch)
        raise
    return scratch


def _find_obstacle(file: EditedFile) -> str:
    """Why a file is not to be written; empty where nothing is in the way."""
    if os.path.islink(file.path):
        return f"{file.path} is a symbolic link: fix {os.path.realpath(file.path)} itself"
    try:
        status = os.stat(file.path)
        with open(file.path, "rb") as stream:
            changed = stream.read() != file.before
    except OSError as failure:
        return f"{file.path} cannot be read again: {failure.strerror}"
    if not status.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(file.path, os.W_OK):
        return f"{file.path} is read-only"
    return f"{file.path} was changed by somebody else meanwhile" if changed else ""


def _say(verb: str, fixed: FixedFiles) -> Iterator[str]:
    if fixed.fixes:
        problems = f"{len(fixed.fixes)} problem{'s' if len(fixed.fixes) > 1 else ''}"
        files = f"{len(fixed.files)} file{'s' if len(fixed.files) > 1 else ''}"
        yield f"{verb} {problems} in {files}:"
        for fix in fixed.fixes[:_SHOWN]:
            yield f"  {fix.path} line {fix.line}: {fix.code} {fix.what}"
        if len(fixed.fixes) > _SHOWN:
            yield f"  ... and {len(fixed.fixes) - _SHOWN} more"
    for path, why in fixed.not_edited.items():
        yield f"Not fixed: {path} ({why})"
