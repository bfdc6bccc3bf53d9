"""An estimate as an aligned table of text, with what there is to say below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_mlschedule.costs.estimate import Estimate
from pytest_mlschedule.report.estimate_words import HEADINGS, NUMBERS, make_rows, make_sections
from pytest_mlschedule.report.time_words import show_utc
from pytest_mlschedule.report.wrapping import wrap_line

GAP = "  "
_DROPPED = (4, 2, 7, 6, 3, 5)
"""Columns that a narrow terminal does without, in this order."""
_LEAST_NAME = 12


def write_table(estimate: Estimate, width: int | None = None) -> Iterator[str]:
    """The lines, with their ends. ``width``: the columns of a terminal; None: nothing is wrapped or left out."""
    rows = [HEADINGS, *make_rows(estimate)]
    shown = _choose_columns(rows, width)
    widths = {column: max(len(row[column]) for row in rows) for column in shown}
    if width is not None:
        others = sum(widths.values()) - widths[0] + len(GAP) * (len(shown) - 1)
        widths[0] = min(widths[0], max(_LEAST_NAME, width - others))
    lines = [_line((_shorten(row[0], widths[0]), *row[1:]), widths) for row in rows]
    rule = "-" * max(map(len, lines)) + "\n"
    yield lines[0] + "\n"
    yield from (f"{line}\n" for line in lines[1:-1])
    yield rule
    yield lines[-1] + "\n"
    yield "\n"
    left_out = [HEADINGS[column] for column in range(len(HEADINGS)) if column not in shown]
    hint = f"; left out: {', '.join(left_out)}" if left_out else ""
    yield from _wrap(f"from {show_utc(estimate.window.start)} to {show_utc(estimate.window.end)}{hint}", width)
    for section in make_sections(estimate):
        yield "\n"
        yield f"{section.title}\n"
        for sentence in section.sentences:
            yield from _wrap(f"- {sentence}", width)


def _wrap(line: str, width: int | None) -> Iterator[str]:
    return (f"{part}\n" for part in wrap_line(line, width))


def _choose_columns(rows: Sequence[Sequence[str]], width: int | None) -> list[int]:
    """The columns that there is room for."""
    shown = list(range(len(HEADINGS)))
    for column in _DROPPED:
        needed = sum(max(len(row[one]) for row in rows) for one in shown) + len(GAP) * (len(shown) - 1)
        if width is None or needed <= width:
            break
        shown.remove(column)
    return shown


def _shorten(name: str, room: int) -> str:
    """A name in so many columns, without its middle where it is longer."""
    end = (room - 1) // 2
    return name if len(name) <= room else f"{name[: room - 1 - end]}…{name[-end:]}"


def _line(row: Sequence[str], widths: dict[int, int]) -> str:
    cells = (
        row[column].rjust(width) if column in NUMBERS else row[column].ljust(width) for column, width in widths.items()
    )
    return GAP.join(cells).rstrip()
