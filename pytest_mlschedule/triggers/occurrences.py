"""Occurrences in UTC of a set of wall times, under any of the DST policies (semantics DST-1 to DST-5).

A zone is a row of segments of constant offset. Segment ``i`` takes the wall times of ``[lows[i], highs[i])`` and fires
them at ``wall - offsets[i]``; the policies differ in these bounds alone. Written for every policy; ``wall_occurrences``
does the default one faster.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate, repeat
from operator import add, sub
from typing import Literal, Protocol, cast

from pytest_mlschedule.triggers.day_times import DAY
from pytest_mlschedule.triggers.wall_patterns import WallPattern
from pytest_mlschedule.triggers.window import UTC_EPOCH
from pytest_mlschedule.triggers.zones import Zone, zone

GapPolicy = Literal["shift", "skip"]
FoldPolicy = Literal["first", "second", "both"]
_FAR = 1 << 60


class Occurrences(Protocol):
    """When something fires: epochs (whole seconds UTC), ascending, without duplicates. Windows are half-open."""

    def epochs(self, start: int, end: int) -> list[int]:
        """The occurrences of a window."""
        ...

    def instants(self, start: int, end: int) -> list[datetime]:
        """The occurrences of a window as aware UTC datetimes."""
        ...

    def count(self, start: int, end: int) -> int:
        """How many there are in a window."""
        ...

    def next(self, epoch: int) -> int | None:
        """The first one after an epoch, that epoch excluded."""
        ...

    def previous(self, epoch: int) -> int | None:
        """The last one before an epoch, that epoch excluded."""
        ...

    def select(self, start: int, index: int) -> int | None:
        """The one with this index (from 0) among those at or after ``start``."""
        ...


class Segments:
    """The segments of a zone under a DST policy. Made by ``segments``."""

    def __init__(self, where: Zone, gap: GapPolicy, fold: FoldPolicy) -> None:
        self.instants = where.instants
        self.offsets = where.offsets
        pairs = list(zip(where.instants, where.offsets, where.offsets[1:], strict=False))
        self.highs = [_high(*pair, gap, fold) for pair in pairs] + [_FAR]
        self.lows = [-_FAR] + [_low(*pair, fold) for pair in pairs]
        self.may_collide = gap == "shift"


def _high(instant: int, before: int, after: int, gap: GapPolicy, fold: FoldPolicy) -> int:
    """Where the wall times of the older segment end: a shifted gap and the first pass of a fold are its own."""
    if after > before:
        return instant + (after if gap == "shift" else before)
    return instant + (after if fold == "second" else before)


def _low(instant: int, before: int, after: int, fold: FoldPolicy) -> int:
    """Where the wall times of the newer segment begin: after the gap, or with the second pass of a fold."""
    return instant + (max(before, after) if fold == "first" else after)


@cache
def segments(key: str, gap: GapPolicy = "shift", fold: FoldPolicy = "first") -> Segments:
    """The segments of an IANA zone under a policy."""
    return Segments(zone(key), gap, fold)


class PolicyOccurrences:
    """Occurrences of a wall pattern in a zone, from ``first`` (an epoch) on and before ``stop``."""

    def __init__(self, pattern: WallPattern, rows: Segments, first: int, stop: int) -> None:
        self.pattern = pattern
        self.rows = rows
        self.first = first
        self.stop = stop

    def epochs(self, start: int, end: int) -> list[int]:
        """See Occurrences."""
        start, end = max(start, self.first), min(end, self.stop)
        found: set[int] = set()
        for index, low, high in self.pieces(start, end):
            offset = self.rows.offsets[index]
            found.update(map(add, self.pattern.walls(low, high), repeat(-offset)))
        return sorted(found)

    def pieces(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """The segments that fire in a window, with the wall times of each that do: (index, low, high)."""
        rows = self.rows
        first = max(bisect_right(rows.instants, start) - 1, 0)
        last = bisect_left(rows.instants, end)
        pieces = []
        for index in range(first, last + 1) if start < end else ():
            offset = rows.offsets[index]
            low, high = max(rows.lows[index], start + offset), min(rows.highs[index], end + offset)
            if low < high:
                pieces.append((index, low, high))
        return pieces

    def instants(self, start: int, end: int) -> list[datetime]:
        """See Occurrences."""
        return to_datetimes(self.epochs(start, end))

    def count(self, start: int, end: int) -> int:
        """See Occurrences."""
        start, end = max(start, self.first), min(end, self.stop)
        pieces = self.pieces(start, end)
        rank = self.pattern.rank
        total = sum(rank(high) - rank(low) for _, low, high in pieces)
        if self.rows.may_collide:
            total -= sum(self._collisions(index, start, end) for index, _, _ in pieces)
        return total

    def _collisions(self, index: int, start: int, end: int) -> int:
        """How many times of the gap that ends a segment shift onto an occurrence of the next one, inside a window."""
        rows = self.rows
        if index >= len(rows.instants):
            return 0
        at, old, new = rows.instants[index], rows.offsets[index], rows.offsets[index + 1]
        if new <= old:
            return 0
        shifted = self.pattern.walls(max(at, start) + old, min(at + new - old, end) + old)
        rank = self.pattern.rank
        return sum(rank(wall + new - old + 1) - rank(wall + new - old) for wall in shifted)

    def next(self, epoch: int) -> int | None:
        """See Occurrences."""
        found = self._first_from(max(epoch + 1, self.first))
        return found if found is not None and found < self.stop else None

    def _first_from(self, epoch: int) -> int | None:
        """The first occurrence at or after an epoch, were there no limits."""
        rows, pattern = self.rows, self.pattern
        best: int | None = None
        home = bisect_right(rows.instants, epoch)
        index = max(home - 1, 0)
        while index <= len(rows.instants):
            offset = rows.offsets[index]
            wall = pattern.first_from(max(rows.lows[index], epoch + offset))
            if wall is None:
                return best
            if wall < rows.highs[index]:
                if best is not None:  # times shifted out of a gap may come after times of the next segment
                    return min(best, wall - offset)
                best = wall - offset
                index += 1
            elif best is not None:
                return best
            else:  # nothing up to the segment that holds the wall time; next to a fold walls come twice: no leap
                index = max(index + 1, bisect_right(rows.highs, wall) if index > home else 0)
        return best

    def previous(self, epoch: int) -> int | None:
        """See Occurrences."""
        found = self._last_up_to(min(epoch, self.stop) - 1)
        return found if found is not None and found >= self.first else None

    def _last_up_to(self, epoch: int) -> int | None:
        """The last occurrence at or before an epoch, were there no limits."""
        rows, pattern = self.rows, self.pattern
        best: int | None = None
        home = index = bisect_right(rows.instants, epoch)
        while index >= 0:
            offset = rows.offsets[index]
            wall = pattern.select(pattern.rank(min(rows.highs[index], epoch + offset + 1)) - 1)
            if wall is None:
                return best
            if wall >= rows.lows[index]:
                if best is not None:
                    return max(best, wall - offset)
                best = wall - offset
                index -= 1
            elif best is not None:
                return best
            else:
                index = min(index - 1, bisect_right(rows.lows, wall) - 1 if index < home else index)
        return best

    def select(self, start: int, index: int) -> int | None:
        """See Occurrences; O(log) counts of windows that double until they hold enough."""
        start = max(start, self.first)
        if index < 0:
            return None
        low, high = start, start + DAY
        while self.count(start, high) <= index:
            if high >= self.stop:
                return None
            low, high = high, start + 2 * (high - start)
        while low < high:
            middle = (low + high) // 2
            if self.count(start, middle + 1) <= index:
                low = middle + 1
            else:
                high = middle
        return low


def to_datetimes(epochs: list[int]) -> list[datetime]:
    """Ascending epochs as aware UTC datetimes: the distances are few, so their timedeltas are reused."""
    if not epochs:
        return []
    distances = map(_DISTANCES.__getitem__, map(sub, epochs[1:], epochs))
    return add_up(UTC_EPOCH + timedelta(0, epochs[0]), distances)


def add_up(first: datetime, distances: Iterable[timedelta]) -> list[datetime]:
    """A datetime and those that follow it at the given distances: adding is 3 times as fast as making each anew."""
    return list(accumulate(cast("Iterable[datetime]", distances), initial=first))  # adds what it is given


class _Distances(dict[int, timedelta]):
    """Seconds to timedelta, made when first asked for."""

    def __missing__(self, seconds: int) -> timedelta:
        if len(self) >= 20_000:
            self.clear()
        made = self[seconds] = timedelta(0, seconds)
        return made


_DISTANCES = _Distances()
