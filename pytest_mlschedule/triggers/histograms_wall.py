"""Occurrences of wall times, added up by hour: lanes for each day of a zone's wall clock, cut and moved where the clock changes.

A schedule costs an addition for each of its days, mostly one for all of them: days that come every n-th day are added up by n and
phase first. Its occurrences are listed near its limits alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from math import gcd
from typing import NamedTuple

from pytest_mlschedule.triggers.day_times import DAY, DayTimes
from pytest_mlschedule.triggers.histograms_grid import HOUR, LANE, HourGrid, write_lanes
from pytest_mlschedule.triggers.occurrences import PolicyOccurrences, Segments
from pytest_mlschedule.triggers.wall_patterns import PeriodicPattern
from pytest_mlschedule.triggers.zones import Gap

_QUIET = 3 * DAY
"""So long before and after a clock change no time is shifted and none comes twice, wherever midnight is."""


class _Piece(NamedTuple):
    """Wall times ``[low, high)`` while the grid's clock is ``shift`` seconds ahead of theirs."""

    low: int
    high: int
    shift: int


class WallTally:
    """The occurrences of schedules of one zone under one DST policy in the spans of a grid.

    ``sample``: any of the schedules. ``finish`` follows the last ``add``.
    """

    def __init__(self, sample: PolicyOccurrences, grid: HourGrid) -> None:
        self._grid = grid
        self._rows = sample.rows
        self._pieces = [
            _Piece(low, high, span.offset - self._rows.offsets[index])
            for span in grid.spans
            for index, low, high in sample.pieces(span.start, span.end)
        ]
        self._lane = gcd(HOUR, *(number for piece in self._pieces for number in piece))
        """Seconds that divide every cut and every move."""
        self._first = min((piece.low for piece in self._pieces), default=0) // DAY
        stop = -(-max((piece.high for piece in self._pieces), default=0) // DAY)
        self._days = [0] * (stop - self._first)
        self._cycles: defaultdict[tuple[int, int], int] = defaultdict(int)
        self._gaps = list(_find_gaps(self._rows, grid))
        self._shapes = frozenset(gap.shape for gap, _ in self._gaps)

    def add(self, occurrences: PolicyOccurrences) -> None:
        """Count one more schedule."""
        grid, pattern = self._grid, occurrences.pattern
        if occurrences.first >= grid.end or occurrences.stop <= grid.start:
            return
        every_day = (self._first, grid.start), (self._first + len(self._days), grid.end)
        begin, end = every_day
        if occurrences.first > grid.start:
            begin = self._find_midnight(occurrences.first, 1)
            grid.count_each(occurrences.epochs, grid.start, begin[1])
        if occurrences.stop < grid.end:
            end = max(begin, self._find_midnight(occurrences.stop, -1))
            grid.count_each(occurrences.epochs, end[1], grid.end)
        vector = _day_lanes(pattern.times, self._lane)
        if (begin, end) == every_day and isinstance(pattern, PeriodicPattern):
            for cycle in _cycles(pattern):
                self._cycles[cycle] += vector
        else:
            for day in pattern.days(max(begin[0], every_day[0][0]), min(end[0], every_day[1][0])):
                self._days[day - self._first] += vector
        for gap, in_one_hour in self._gaps:
            if begin[0] <= gap.day < end[0]:
                self._drop_duplicates(occurrences, gap, in_one_hour=in_one_hour)

    def _find_midnight(self, epoch: int, step: int) -> tuple[int, int]:
        """A midnight a day or more after an instant (``step`` 1) or before it (-1), away from clock changes: day and epoch.

        Times of earlier days fire before it, those of its own day and later ones at or after it.
        """
        instants, offsets = self._rows.instants, self._rows.offsets
        day = (epoch + offsets[bisect_right(instants, epoch)]) // DAY + (2 if step > 0 else -1)
        while bisect_right(instants, day * DAY - _QUIET) != bisect_right(instants, day * DAY + _QUIET):
            day += step
        return day, day * DAY - offsets[bisect_right(instants, day * DAY)]

    def _drop_duplicates(self, occurrences: PolicyOccurrences, gap: Gap, *, in_one_hour: bool) -> None:
        """Take back the times that a gap shifts onto another occurrence."""
        pattern, length = occurrences.pattern, gap.shape[1]
        found = pattern.times.duplicates(self._shapes)[gap.shape]
        if found == 0:
            return
        if found is not None and in_one_hour:
            self._grid.count(gap.instant, -found if pattern.has_day(gap.day) else 0)
            return
        for wall in pattern.walls(gap.wall, gap.wall + length):
            epoch = gap.instant + wall - gap.wall
            if pattern.rank(wall + length + 1) > pattern.rank(wall + length) and self._grid.span_of(epoch):
                self._grid.count(epoch, -1)

    def finish(self) -> None:
        """Move what was added to the hours of the grid."""
        days, width = self._days, DAY // self._lane * LANE
        for (every, phase), vector in self._cycles.items():
            for place in range((phase - self._first) % every, len(days), every):
                days[place] += vector
        lanes = b"".join([day.to_bytes(width, "little") for day in days])
        midnight = self._first * DAY
        for low, high, shift in self._pieces:
            first, stop = ((wall - midnight) // self._lane * LANE for wall in (low, high))
            self._grid.count_lanes(low + shift, self._lane, lanes[first:stop])


def _find_gaps(rows: Segments, grid: HourGrid) -> Iterator[tuple[Gap, bool]]:
    """The gaps whose shifted times reach into a grid, and whether these are in one hour of a span."""
    pairs = zip(rows.instants, rows.offsets, rows.offsets[1:], strict=False)
    for instant, before, after in pairs if rows.may_collide else ():
        end = instant + after - before
        if grid.start < end and instant < grid.end and before < after:
            span = grid.span_of(instant)
            whole = span is not None and end <= span.end
            hours = {(epoch + span.offset) // HOUR for epoch in (instant, end - 1)} if span else set()
            yield Gap.between(instant, before, after), whole and len(hours) == 1


def _cycles(pattern: PeriodicPattern) -> Iterator[tuple[int, int]]:
    """The days of a pattern as cycles: every so many days, with a phase counted from 1970-01-01."""
    every = max(pattern.period // DAY, 1)
    for offset in pattern.offsets[:: pattern.times.count]:  # the first time of each day
        yield every, (pattern.origin + offset) // DAY % every


@lru_cache(maxsize=1024)
def _day_lanes(times: DayTimes, length: int) -> int:
    """How many of the times are in each part of the day of so many seconds, as lanes."""
    counts = [0] * (DAY // length)
    for second in times.seconds:
        counts[second // length] += 1
    return int.from_bytes(write_lanes(counts), "little")
