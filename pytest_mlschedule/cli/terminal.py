"""What needs a terminal: tables that fit its width, a progress bar. The one place that loads rich."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from pytest_mlschedule.report.listing import Listing, summarize
from pytest_mlschedule.report.plan_table import column_widths

if TYPE_CHECKING:
    from pytest_mlschedule.report.plan_calendar import Piece

T = TypeVar("T")

GAP = 3  # between two columns of rich
ROOM_FOR_INPUTS = 36
# From none to the most runs. Both colours are given, so that digits are read on dark and light screens alike.
SHADES = (
    "dim",
    *["#000000 on #ffeda0"] * 2,
    *["#000000 on #fed976"] * 2,
    *["#000000 on #fd8d3c"] * 2,
    *["#ffffff on #e31a1c"] * 2,
    "#ffffff on #800026",
)


def print_table(listing: Listing) -> None:
    """The listing in the width of the terminal: inputs beside the times where there is room, else below them."""
    console = Console(highlight=False)
    if len(listing.plan):
        _print_runs(console, listing)
    for line in summarize(listing):
        console.print(Text(line, style="dim"))


def print_calendar(listing: Listing) -> None:
    """The heat maps of a listing in the width of the terminal, in colours where it has some."""
    from pytest_mlschedule.report.plan_calendar import draw_calendar  # costs time that tables do not need

    console = Console(highlight=False)
    for line in draw_calendar(listing, console.width):
        console.print(Text.assemble(*((piece.text, _shade(piece)) for piece in line)))


def _shade(piece: Piece) -> str:
    if piece.level is None:
        return ""
    return SHADES[piece.level] + (" underline" if piece.marked else "")


def _print_runs(console: Console, listing: Listing) -> None:
    one = len(listing.plan.schedules) == 1
    shown = slice(1 if one else 0, None)
    if one:
        console.print(Text(listing.plan.schedules[0], style="bold"))
    widths = column_widths(listing)[shown]
    room = console.width - sum(widths) - GAP * len(widths)
    if room >= ROOM_FOR_INPUTS:
        console.print(_wide(listing, shown))
    else:
        _print_stacked(console, listing, shown)


def _wide(listing: Listing, shown: slice) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    *fixed, inputs = listing.headings[shown]
    for heading in fixed:
        table.add_column(heading, no_wrap=True)
    table.add_column(inputs, overflow="fold")
    for run in listing.runs():
        table.add_row(*map(Text, listing.cells(run)[shown]))
    return table


def _print_stacked(console: Console, listing: Listing, shown: slice) -> None:
    """Times first, the schedule behind them, the inputs on lines of their own."""
    for run in listing.runs():
        cells = listing.cells(run)[shown]
        *fixed, inputs = [*cells[1:-1], cells[0], cells[-1]] if len(cells) == len(listing.headings) else cells
        console.print(Text("  ".join(fixed), overflow="fold"))
        if inputs:
            console.print(Padding(Text(inputs, style="dim", overflow="fold"), (0, 0, 0, 4)))


def track_items(items: Iterable[T], text: str, total: int | None, done: int) -> Iterator[T]:
    """The items, counted by a bar on stderr that goes away at the end; ``done`` of ``total`` (None: nobody knows) are behind."""
    count = MofNCompleteColumn() if total is not None else TextColumn("{task.completed}")
    columns = (TextColumn(text), BarColumn(), count)
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total, completed=done)
        for item in items:
            yield item
            progress.advance(task)
