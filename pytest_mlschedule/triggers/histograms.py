"""How many occurrences many timetables have by hour of the week and by day: added up from rules, hardly one is listed.

A window is worked through a year at a time, so memory does not grow with it, nor with the number of occurrences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pytest_mlschedule.triggers.day_times import DAY
from pytest_mlschedule.triggers.elapsed import ElapsedOccurrences
from pytest_mlschedule.triggers.histograms_elapsed import ElapsedTally
from pytest_mlschedule.triggers.histograms_grid import HOUR, HourGrid
from pytest_mlschedule.triggers.histograms_wall import WallTally
from pytest_mlschedule.triggers.occurrences import PolicyOccurrences, Segments
from pytest_mlschedule.triggers.timetable import Timetable
from pytest_mlschedule.triggers.zones import Zone

WEEK_HOURS = 168
_DAY_HOURS = 24
_EPOCH_HOUR = 3 * _DAY_HOURS  # of the week: 1970-01-01 was a Thursday
_LONGEST_BLOCK = 366 * DAY


class Times(Protocol):
    """When something fires: half-open windows of epochs, as a Timetable answers them."""

    def epochs_between(self, start: int, end: int, /) -> Sequence[int]: ...
    def count_between(self, start: int, end: int, /) -> int: ...


@dataclass(frozen=True, slots=True)
class Histogram:
    """Occurrences of a window on the wall clock of a zone.

    ``by_hour``: by hour of the week, 168 of them, Monday 00:00 first. ``by_day``: by day from 1970-01-01, ascending, every day
    that the window touches; a day that a zone left out is none.
    """

    by_hour: tuple[int, ...]
    by_day: Mapping[int, int]


def count_by_hour(tables: Sequence[Times], where: Zone, start: int, end: int) -> Histogram:
    """The histogram of all occurrences in a window of epochs on the wall clock of ``where``.

    Timetables are added up in closed form; of other things that fire every occurrence is listed.
    """
    by_hour = [0] * WEEK_HOURS
    by_day: Counter[int] = Counter()
    for first, stop in _blocks(where, start, end):
        grid = HourGrid(where, first, stop)
        _tally(tables, grid)
        base, hours = grid.hours
        for hour in range(min(WEEK_HOURS, len(hours))):
            by_hour[(base + hour + _EPOCH_HOUR) % WEEK_HOURS] += sum(hours[hour::WEEK_HOURS])
        for day in set(grid.days):
            place = day * _DAY_HOURS - base
            by_day[day] += sum(hours[max(place, 0) : place + _DAY_HOURS])
    return Histogram(tuple(by_hour), dict(sorted(by_day.items())))


def _blocks(where: Zone, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The window in parts of a year at most that end at full hours of the wall clock."""
    while start < end:
        stop = start + _LONGEST_BLOCK
        stop = end if stop >= end else stop - (stop + where.offset(stop)) % HOUR
        yield start, stop
        start = stop


def _tally(tables: Sequence[Times], grid: HourGrid) -> None:
    walls: dict[Segments, WallTally] = {}
    elapsed = ElapsedTally(grid)
    for table in tables:
        for low, high in grid.edges:
            grid.count(low, table.count_between(low, high))
        if not isinstance(table, Timetable):
            grid.count_each(table.epochs_between, grid.start, grid.end)
            continue
        if table.extra is not None and grid.span_of(table.extra):
            grid.count(table.extra, 1)
        regular = table.regular
        if isinstance(regular, ElapsedOccurrences):
            elapsed.add(regular)
            continue
        assert isinstance(regular, PolicyOccurrences)
        tally = walls.get(regular.rows)
        if tally is None:
            tally = walls[regular.rows] = WallTally(regular, grid)
        tally.add(regular)
    for tally in walls.values():
        tally.finish()
    elapsed.finish()
