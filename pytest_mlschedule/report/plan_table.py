"""A plan as an aligned table of plain text: nothing is cut, wrapped or coloured. For pipes."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_mlschedule.report.listing import Listing, summarize

LOCAL_WIDTH = len("Sun 2026-03-08 03:00 -07:00")
SECONDS_WIDTH = len(":30")
UTC_WIDTH = len("2026-03-08T10:00:00Z")


def write_table(listing: Listing) -> Iterator[str]:
    """The lines of the table, a blank one, and what it amounts to."""
    widths = column_widths(listing)
    if len(listing.plan):
        yield _line(listing.headings, widths)
        for run in listing.runs():
            yield _line(listing.cells(run), widths)
        yield "\n"
    for line in summarize(listing):
        yield f"{line}\n"


def column_widths(listing: Listing) -> list[int]:
    """The width of every column but the last, known before any run is."""
    names = (*listing.plan.schedules, listing.headings[0])
    local = LOCAL_WIDTH + (SECONDS_WIDTH if listing.has_seconds else 0)
    extra = [max(local, len(listing.zone_name))] if listing.zone else []
    return [max(map(len, names)), local, UTC_WIDTH, *extra]


def _line(cells: list[str], widths: list[int]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
    return "  ".join([*padded, cells[-1]]).rstrip() + "\n"
