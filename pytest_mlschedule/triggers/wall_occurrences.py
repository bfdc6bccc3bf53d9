"""Occurrences of wall times under the default DST policy: gaps shift, folds fire first (DST-2, DST-3), in closed form.

With ``breaks`` of the zone, a wall time fires at ``wall - offsets[i]`` where ``i`` is its place among the breaks. So the
number of occurrences before an instant is a rank among wall times, and a window costs two ranks, however long it is;
only times shifted out of a gap onto other occurrences are subtracted gap by gap.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, repeat
from operator import sub
from typing import Any, NamedTuple

from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.triggers.day_times import DAY
from pytest_mlschedule.triggers.occurrences import PolicyOccurrences, add_up, segments, to_datetimes
from pytest_mlschedule.triggers.wall_patterns import PeriodicPattern, WallPattern
from pytest_mlschedule.triggers.window import UTC_EPOCH, from_epoch
from pytest_mlschedule.triggers.zones import Gap, Zone, zone


class _Span(NamedTuple):
    """The wall times that a window needs, perhaps some more at its ends: ``[low, high)`` over segments ``first..last``."""

    first: int
    last: int
    low: int
    high: int


class WallOccurrences(PolicyOccurrences):
    """Occurrences of a wall pattern in a zone, from ``first`` (an epoch) on and before ``stop``."""

    def __init__(self, pattern: WallPattern, where: Zone, first: int, stop: int) -> None:
        super().__init__(pattern, segments(where.key), first, stop)
        self._zone = where
        self._may_collide = pattern.times.collides(where.key, where.gap_shapes)

    def count(self, start: int, end: int) -> int:
        """See Occurrences."""
        if start < self.first:
            start = self.first
        if end > self.stop:
            end = self.stop
        if start >= end:
            return 0
        total = self._rank(end) - self._rank(start)
        if self._may_collide:
            total -= self._shifted_twice(start, end)
        return total

    def _rank(self, epoch: int) -> int:
        """How many wall times fire before an epoch, from some fixed one on, collisions in gaps counted twice."""
        where = self._zone
        index = bisect_right(where.instants, epoch)
        wall = epoch + where.offsets[index]
        if index:
            edge = where.breaks[index - 1]
            if wall < edge:  # second pass of a fold: nothing fires
                return self.pattern.rank(edge)
            if epoch < where.image_ends[index - 1]:  # times of the gap fire between those after it
                rank = self.pattern.rank
                return rank(wall) - rank(edge) + rank(epoch + where.offsets[index - 1])
        return self.pattern.rank(wall)

    def _shifted_twice(self, start: int, end: int) -> int:
        """How many times of gaps shift onto another occurrence, both inside the window."""
        where, pattern = self._zone, self.pattern
        low, high = bisect_right(where.gap_instants, start - DAY), bisect_left(where.gap_instants, end)
        total = 0
        while low < high and where.gaps[low].instant < start:  # the window may cut the first and the last gap
            total += self._count_duplicates(where.gaps[low], start, end)
            low += 1
        if low < high and where.gaps[high - 1].end > end:
            high -= 1
            total += self._count_duplicates(where.gaps[high], start, end)
        duplicates = pattern.times.duplicates(where.gap_shapes)
        for gap in where.gaps[low:high]:
            found = duplicates[gap.shape]
            if found is None:
                total += self._count_duplicates(gap, start, end)
            elif found and pattern.has_day(gap.day):
                total += found
        return total

    def _count_duplicates(self, gap: Gap, start: int, end: int) -> int:
        """The same for one gap, by a walk over its times: it may be cut, or reach into the next day."""
        rank, length = self.pattern.rank, gap.shape[1]
        before = gap.wall - gap.instant
        shifted = self.pattern.walls(max(gap.instant, start) + before, min(gap.end, end) + before)
        return sum(rank(wall + length + 1) - rank(wall + length) for wall in shifted)

    def next(self, epoch: int) -> int | None:
        """See Occurrences; O(1) away from clock changes."""
        epoch = epoch + 1 if epoch >= self.first else self.first
        where = self._zone
        index = bisect_right(where.instants, epoch)
        if epoch >= where.quiet_from[index]:
            offset = where.offsets[index]
            wall = self.pattern.first_from(epoch + offset)
            if wall is not None:
                found = wall - offset
                if found < where.quiet_until[index]:
                    return found if found < self.stop else None
        return super().next(epoch - 1)

    def previous(self, epoch: int) -> int | None:
        """See Occurrences; O(1) away from clock changes."""
        if epoch > self.stop:
            epoch = self.stop
        where, pattern = self._zone, self.pattern
        index = bisect_right(where.instants, epoch - 1)
        offset = where.offsets[index]
        wall = pattern.select(pattern.rank(epoch + offset) - 1)
        if wall is not None and wall - offset >= where.quiet_from[index]:
            return wall - offset if wall - offset >= self.first else None
        return super().previous(epoch)

    def select(self, start: int, index: int) -> int | None:
        """See Occurrences; a guess by rank, corrected by what gaps hide; next to a gap by bisection."""
        start = max(start, self.first)
        missing = index
        rank = self._rank(start)
        while missing >= 0:
            rank += missing
            wall = self.pattern.select(rank)
            epoch = self.stop if wall is None else self._zone.to_epoch(wall)
            if not start <= epoch < self.stop:
                break
            missing = index - self.count(start, epoch)
            if not missing:
                return epoch
        return super().select(start, index)

    def _span(self, start: int, end: int) -> _Span:
        where = self._zone
        first, last = bisect_right(where.instants, start), bisect_left(where.instants, end)
        if first and start < where.image_ends[first - 1]:
            first -= 1
        low, high = start + where.offsets[first], end + where.offsets[last]
        if first:
            low = max(low, where.breaks[first - 1])
        if last:
            high = max(high, where.breaks[last - 1])
        return _Span(first, last, low, high)

    def epochs(self, start: int, end: int) -> list[int]:
        """See Occurrences; one step of a comprehension or less for each."""
        start, end = max(start, self.first), min(end, self.stop)
        if start >= end:
            return []
        span = self._span(start, end)
        pattern = self.pattern
        breaks = self._zone.breaks[span.first : span.last]
        if isinstance(pattern, PeriodicPattern) and (span.high - span.low) // pattern.period > 4 * len(breaks) + 8:
            base = pattern.rank(span.low)
            cuts = [pattern.rank(edge) - base for edge in breaks]
            found = self._columns(pattern, span)
        else:
            walls = pattern.walls(span.low, span.high)
            cuts = [bisect_left(walls, edge) for edge in breaks]
            runs = map(sub, [*cuts, len(walls)], [0, *cuts])
            offsets = map(repeat, self._zone.offsets[span.first : span.last + 1], runs)
            found = list(map(sub, walls, chain.from_iterable(offsets)))
        _mend(found, cuts)
        return _trim(found, start, end)

    def _columns(self, pattern: PeriodicPattern, span: _Span) -> list[int]:
        """Every period has the same times: one column for each, filled a segment at a time by a range."""
        base, count = pattern.rank(span.low), pattern.rank(span.high) - pattern.rank(span.low)
        width = pattern.per_period
        if width == 1:
            row: list[int] = []
            for run in self._column(pattern.select(base), pattern.period, span):
                row += run
            return row
        found = [0] * count
        for place in range(width):
            column = self._column(pattern.select(base + place), pattern.period, span)
            found[place::width] = chain.from_iterable(column)
        return found

    def _column(self, wall: int, period: int, span: _Span) -> Iterator[range]:
        """The epochs of a wall time that comes every ``period`` seconds up to the end of a span."""
        where = self._zone
        for index in range(span.first, span.last):
            edge, offset = where.breaks[index], where.offsets[index]
            yield range(wall - offset, edge - offset, period)
            if wall < edge:
                wall += -(-(edge - wall) // period) * period
        offset = where.offsets[span.last]
        yield range(wall - offset, span.high - offset, period)

    def instants(self, start: int, end: int) -> list[datetime]:
        """See Occurrences; one addition of a timedelta for each."""
        pattern = self.pattern
        start, end = max(start, self.first), min(end, self.stop)
        if not isinstance(pattern, PeriodicPattern) or end - start <= 2 * pattern.period:
            return to_datetimes(self.epochs(start, end))
        where = self._zone
        span = self._span(start, end)
        base = pattern.rank(span.low)
        count = pattern.rank(span.high) - base
        cuts = [pattern.rank(edge) - base for edge in where.breaks[span.first : span.last]]
        distances = pattern.distances(base, count - 1)
        offset = where.offsets[span.first]
        for index, cut in enumerate(cuts, span.first):
            if cut <= 0:
                offset = where.offsets[index + 1]
            elif cut < count:
                distances[cut - 1] += timedelta(0, where.offsets[index] - where.offsets[index + 1])
        found = add_up(UTC_EPOCH + timedelta(0, pattern.select(base) - offset), distances)
        _mend(found, cuts)
        return _trim(found, from_epoch(start), from_epoch(end))


def _mend(found: list[Any], cuts: list[int]) -> None:
    """Put times that were shifted out of a gap in order with those after it, and drop the ones that coincide."""
    for cut in reversed(cuts):
        if 0 < cut < len(found) and found[cut - 1] >= found[cut]:
            left, right = bisect_left(found, found[cut], 0, cut), bisect_right(found, found[cut - 1], cut)
            found[left:right] = sorted({*found[left:right]})


def _trim(found: list[Any], start: object, end: object) -> list[Any]:
    """What lies in the half-open window; the ends of a span may hold a few shifted times more."""
    if found and (found[0] < start or found[-1] >= end):
        return found[bisect_left(found, start) : bisect_left(found, end)]
    return found


def wall_occurrences(
    pattern: WallPattern, key: str, limits: tuple[int, int], profile: ServiceProfile
) -> PolicyOccurrences:
    """Occurrences of a pattern in a zone within (first, stop), under the DST policy of a profile."""
    if (profile.gap, profile.fold) == ("shift", "first"):
        return WallOccurrences(pattern, zone(key), *limits)
    return PolicyOccurrences(pattern, segments(key, profile.gap, profile.fold), *limits)
