"""What needs a terminal: tables that fit its width, a progress bar. The one place that loads rich."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from pytest_mlschedule.planning.run import PlannedRun
from pytest_mlschedule.report.listing import Listing, summarize


def print_table(listing: Listing) -> None:
    """The listing as a table as wide as the terminal; inputs fold, times never do."""
    console = Console(highlight=False)
    if len(listing.plan):
        console.print(_table(listing))
    for line in summarize(listing):
        console.print(Text(line, style="dim"))


def _table(listing: Listing) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    one = len(listing.plan.schedules) == 1
    headings = listing.headings[1:] if one else listing.headings
    for heading in headings:
        times = heading not in ("schedule", "inputs")
        table.add_column(heading, no_wrap=times, overflow="fold")
    if one:
        table.title = Text(listing.plan.schedules[0], style="bold")
        table.title_justify = "left"
    for run in listing.runs():
        cells = [Text(cell) for cell in listing.cells(run)]
        table.add_row(*(cells[1:] if one else cells))
    return table


def track_runs(runs: Iterable[PlannedRun], total: int, done: int) -> Iterator[PlannedRun]:
    """The runs, counted by a bar on stderr that goes away at the end; ``done`` of ``total`` are behind."""
    columns = (TextColumn("writing runs"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total, completed=done)
        for run in runs:
            yield run
            progress.advance(task)
