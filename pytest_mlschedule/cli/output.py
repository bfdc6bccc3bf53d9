"""Listings to stdout: as a table of rich on a terminal, as text everywhere else."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Literal, TextIO, TypeVar

import click

from pytest_mlschedule.report.listing import Follow, Listing

T = TypeVar("T")
Format = Literal["table", "calendar", "json", "csv", "markdown", "ics"]
FORMATS: tuple[Format, ...] = ("table", "calendar", "json", "csv", "markdown", "ics")
PATIENCE = 1.0  # seconds before a progress bar is worth its place
CHUNK = 512  # lines a write
CHECKED_EVERY = 256  # runs between looks at the clock


def write_listing(listing: Listing, form: Format, now: datetime) -> None:
    """Write a listing in a format. ``now`` is stamped into iCalendar files."""
    if form in ("table", "calendar") and sys.stdout.isatty():
        from pytest_mlschedule.cli.terminal import print_calendar, print_table

        (print_table if form == "table" else print_calendar)(listing)
    else:
        _write(_writer(form, now)(listing))


def follow_progress(total: int) -> Follow:
    """What shows the progress over so many runs on stderr, once it takes over a second, where somebody can see it."""
    if sys.stderr.isatty() and not sys.stdout.isatty():
        return partial(_track, text="writing runs", total=total, often=CHECKED_EVERY)
    return iter


def follow_files(files: Iterable[T]) -> Iterator[T]:
    """The files, with their number on stderr once reading them takes over a second, where somebody can see it."""
    if sys.stderr.isatty():
        return _track(files, text="reading files")
    return iter(files)


def terminal_width(stream: TextIO) -> int | None:
    """The columns of the terminal that a stream is; None where it is none."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def _writer(form: Format, now: datetime) -> Callable[[Listing], Iterator[str]]:
    # Each is imported when it is asked for: the command answers faster.
    if form == "calendar":
        from pytest_mlschedule.report.plan_calendar import write_calendar

        return write_calendar
    if form == "json":
        from pytest_mlschedule.report.plan_json import write_json

        return write_json
    if form == "csv":
        from pytest_mlschedule.report.plan_csv import write_csv

        return write_csv
    if form == "markdown":
        from pytest_mlschedule.report.plan_markdown import write_markdown

        return write_markdown
    if form == "ics":
        from pytest_mlschedule.report.plan_ics import write_ics

        return partial(write_ics, stamped=now)
    from pytest_mlschedule.report.plan_table import write_table

    return write_table


def _write(lines: Iterable[str]) -> None:
    waiting: list[str] = []
    for line in lines:
        waiting.append(line)
        if len(waiting) >= CHUNK:
            click.echo("".join(waiting), nl=False)
            waiting.clear()
    click.echo("".join(waiting), nl=False)


def _track(items: Iterable[T], text: str, total: int | None = None, often: int = 1) -> Iterator[T]:
    """The items; ``often``: how many of them lie between two looks at the clock."""
    started = time.monotonic()
    for index, item in enumerate(source := iter(items), 1):
        yield item
        if index % often == 0 and time.monotonic() - started > PATIENCE:
            break
    else:
        return
    from pytest_mlschedule.cli.terminal import track_items

    yield from track_items(source, text, total, index)
