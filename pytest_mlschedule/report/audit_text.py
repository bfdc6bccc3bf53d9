"""An audit as aligned text: a table of schedules, what deviated, what to know, the sum."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from pytest_mlschedule.planning.audit_result import Audit
from pytest_mlschedule.report.audit_words import (
    HEADINGS,
    LATENESS,
    describe_remarks,
    describe_schedules,
    describe_window,
    make_rows,
    summarize,
)
from pytest_mlschedule.report.wrapping import wrap_line

GAP = "  "
INDENT = "  "


def write_text(audit: Audit, width: int | None = None, zone_shown: tzinfo | None = None) -> Iterator[str]:
    """The lines, with their ends. ``width``: the columns of a terminal; None: nothing is wrapped or left out.

    ``zone_shown``: whose clock is shown beside UTC, None for that of each schedule.
    """
    for line in (*write_table(audit, width), "", *_below(audit, zone_shown)):
        for part in wrap_line(line, width):
            yield f"{part}\n"


def write_table(audit: Audit, width: int | None = None) -> Iterator[str]:
    """The table, without line ends. A narrow terminal does without the percentiles of lateness."""
    rows = [HEADINGS, *make_rows(audit)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if width is not None and sum(widths) + len(GAP) * (len(widths) - 1) > width:
        widths = widths[: -len(LATENESS)]
    return (_line(row, widths) for row in rows)


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    cells = [row[0].ljust(widths[0])]
    cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=False)]
    return GAP.join(cells).rstrip()


def _below(audit: Audit, zone_shown: tzinfo | None) -> Iterator[str]:
    for name, lines in describe_schedules(audit, zone_shown):
        yield f"{name}:"
        yield from (f"{INDENT}{line}" for line in lines)
        yield ""
    remarks = list(describe_remarks(audit))
    if remarks:
        yield from (f"- {remark}" for remark in remarks)
        yield ""
    yield f"Audit of {describe_window(audit)}: {summarize(audit)}"
