"""Hours on the wall clock of a zone, over a window: where histograms put what they count.

Between two clock changes an hour of the wall clock is an hour of time. A window is cut there: *spans* are whole hours of one
offset, *edges* the parts of an hour that are left before and after them.

*Lanes* are many small counts in a row, 32 bits each, least byte first. Read as one large integer they add up in one step. They
hold 35 million schedules: none fires more than 120 times an hour.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from operator import add
from typing import NamedTuple

from pytest_mlschedule.triggers.day_times import DAY
from pytest_mlschedule.triggers.zones import Zone

HOUR = 3600
LANE = 4  # bytes


class Span(NamedTuple):
    """``[start, end)`` in epochs, while the clock is ``offset`` seconds ahead of UTC."""

    start: int
    end: int
    offset: int


class HourGrid:
    """The hours of a zone's wall clock that a window of epochs touches, and how many occurrences were counted in each.

    An hour that a fold repeats is one hour.
    """

    def __init__(self, where: Zone, start: int, end: int) -> None:
        self.start = start
        self.end = end
        self.spans: list[Span] = []
        self.edges: list[tuple[int, int]] = []
        self._zone = where
        cuts = [start, *(change.instant for change in where.transitions(start + 1, end)), end]
        self._parts = [Span(low, high, self._offset(low)) for low, high in pairwise(cuts)]
        for part in self._parts:
            self._divide(part)
        self._base = min((part.start + part.offset) // HOUR for part in self._parts)
        self._counts = [0] * (max(-(-(part.end + part.offset) // HOUR) for part in self._parts) - self._base)
        self._lanes = 0

    def _offset(self, epoch: int) -> int:
        return self._zone.offsets[bisect_right(self._zone.instants, epoch)]

    def _divide(self, part: Span) -> None:
        low, high, offset = part
        first, last = low + -(low + offset) % HOUR, high - (high + offset) % HOUR
        if first > last:  # inside one hour
            self.edges.append((low, high))
            return
        self.edges += [edge for edge in ((low, first), (last, high)) if edge[0] < edge[1]]
        if first < last:
            self.spans.append(Span(first, last, offset))

    @property
    def days(self) -> Iterator[int]:
        """The days that the window touches, from 1970-01-01; one may come twice."""
        for low, high, offset in self._parts:
            yield from range((low + offset) // DAY, (high + offset - 1) // DAY + 1)

    @property
    def hours(self) -> tuple[int, list[int]]:
        """The first hour, from 1970-01-01T00:00 of the wall clock, and the counts of all from it on."""
        lanes = read_lanes(self._lanes.to_bytes(len(self._counts) * LANE, "little"))
        return self._base, list(map(add, self._counts, lanes))

    def span_of(self, epoch: int) -> Span | None:
        """The span that holds an instant; None for one on an edge or outside the window."""
        return next((span for span in self.spans if span.start <= epoch < span.end), None)

    def count(self, epoch: int, number: int) -> None:
        """Count so many more in the hour of an instant of the window."""
        self._counts[(epoch + self._offset(epoch)) // HOUR - self._base] += number

    def count_each(self, list_epochs: Callable[[int, int], Iterable[int]], start: int, end: int) -> None:
        """Count one by one what there is between two epochs, edges excepted. ``list_epochs``: of a window."""
        for span in self.spans:
            low, high = max(start, span.start), min(end, span.end)
            first = self._base * HOUR - span.offset
            for epoch in list_epochs(low, high) if low < high else ():
                self._counts[(epoch - first) // HOUR] += 1

    def count_lanes(self, wall: int, length: int, lanes: bytes) -> None:
        """Count what lanes of ``length`` seconds hold, the first of which begins at a time of the wall clock."""
        hour, skipped = divmod(wall - self._base * HOUR, HOUR)
        if length == HOUR:
            self._lanes += int.from_bytes(lanes, "little") << (8 * LANE * hour)
            return
        values = (*(0,) * (skipped // length), *read_lanes(lanes))
        for place in range(HOUR // length):
            column = values[place :: HOUR // length]
            stop = hour + len(column)
            self._counts[hour:stop] = map(add, self._counts[hour:stop], column)


def read_lanes(lanes: bytes) -> tuple[int, ...]:
    """The numbers that lanes hold."""
    return struct.unpack(f"<{len(lanes) // LANE}I", lanes)


def write_lanes(numbers: Sequence[int]) -> bytes:
    """Lanes that hold the numbers."""
    return struct.pack(f"<{len(numbers)}I", *numbers)
