"""Sets of wall times as arithmetic: how many lie before a time, and which one is the n-th.

Times are wall seconds (see ``zones``). ``rank`` and ``select`` are each other's inverse: ``select(rank(x))`` is the
first wall time of the set at or after ``x``. Counting, next and previous all follow from these two, without a walk.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from typing import Protocol

from pytest_mlschedule.triggers.day_times import DAY, DayTimes


class WallPattern(Protocol):
    """A set of wall times."""

    times: DayTimes

    def __hash__(self) -> int: ...

    def rank(self, wall: int) -> int:
        """How many wall times of the set lie before ``wall``, counted from some fixed one (may be negative)."""
        ...

    def select(self, index: int) -> int | None:
        """The wall time of that rank; None beyond the supported years."""
        ...

    def first_from(self, wall: int) -> int | None:
        """The first wall time of the set at or after ``wall``: ``select(rank(wall))``."""
        ...

    def has_day(self, day: int) -> bool:
        """Whether there is a wall time on a day, counted from 1970-01-01."""
        ...

    def walls(self, start: int, stop: int) -> list[int]:
        """The wall times in the half-open range, ascending."""
        ...

    def days(self, first: int, stop: int) -> Iterable[int]:
        """The days in the half-open range that have all ``times``, ascending; other days have none."""
        ...

    @property
    def signature(self) -> tuple[object, ...]:
        """What decides the set: patterns with equal ones are equal (not the other way round)."""
        ...


class PeriodicPattern:
    """Wall times that repeat every ``period`` seconds: ``origin + q * period + offsets[j]`` for every integer q."""

    __slots__ = ("_cycle", "offsets", "origin", "per_period", "period", "times")

    def __init__(self, times: DayTimes, period: int, origin: int, offsets: tuple[int, ...]) -> None:
        self.times = times
        self.period = period
        self.origin = origin
        self.offsets = offsets
        self.per_period = len(offsets)
        self._cycle: list[timedelta] = []

    def rank(self, wall: int) -> int:
        """See WallPattern; O(log offsets)."""
        cycle, rest = divmod(wall - self.origin, self.period)
        return cycle * self.per_period + bisect_left(self.offsets, rest)

    def select(self, index: int) -> int:
        """See WallPattern; O(1)."""
        cycle, place = divmod(index, self.per_period)
        return self.origin + cycle * self.period + self.offsets[place]

    def first_from(self, wall: int) -> int:
        """See WallPattern; O(log offsets)."""
        rest = (wall - self.origin) % self.period
        place = bisect_left(self.offsets, rest)
        if place < self.per_period:
            return wall - rest + self.offsets[place]
        return wall - rest + self.period + self.offsets[0]

    def has_day(self, day: int) -> bool:
        """See WallPattern."""
        return self.period <= DAY or self.rank((day + 1) * DAY) > self.rank(day * DAY)

    def walls(self, start: int, stop: int) -> list[int]:
        """See WallPattern."""
        if stop <= start:
            return []
        offsets = self.offsets
        first_cycle, first = divmod(self.rank(start), self.per_period)
        last_cycle, last = divmod(self.rank(stop), self.per_period)
        base = self.origin + first_cycle * self.period
        end = self.origin + last_cycle * self.period
        if first_cycle == last_cycle:
            return [base + offset for offset in offsets[first:last]]
        found = [base + offset for offset in offsets[first:]] if first else []
        bases = range(base + self.period if first else base, end, self.period)
        found += [cycle + offset for cycle in bases for offset in offsets]
        found += [end + offset for offset in offsets[:last]]
        return found

    def days(self, first: int, stop: int) -> Iterable[int]:
        """See WallPattern."""
        if self.period <= DAY:
            return range(first, stop)
        every, origin = self.period // DAY, self.origin // DAY
        places = sorted({offset // DAY for offset in self.offsets})
        begin = first - (first - origin) % every
        return [
            day for cycle in range(begin, stop, every) for place in places if first <= (day := cycle + place) < stop
        ]

    @property
    def signature(self) -> tuple[object, ...]:
        """See WallPattern."""
        return self.period, self.origin % self.period, self.offsets

    def distances(self, index: int, count: int) -> list[timedelta]:
        """The distances from the wall time of rank ``index`` to the next and so on, ``count`` of them; a new list."""
        if not self._cycle:
            following = (*self.offsets[1:], self.offsets[0] + self.period)
            self._cycle = [timedelta(0, after - before) for before, after in zip(self.offsets, following, strict=True)]
        place = index % self.per_period
        return (self._cycle * ((place + max(count, 0)) // self.per_period + 1))[place : place + max(count, 0)]


@lru_cache(maxsize=1024)
def day_pattern(times: DayTimes, every: int, anchor_day: int, places: tuple[int, ...] = (0,)) -> PeriodicPattern:
    """The times on the days ``anchor_day + q * every + place``.

    Days count from 1970-01-01; places are ascending and below ``every``.
    """
    if len(places) == every and times.step:
        return PeriodicPattern(times, times.step, times.seconds[0], (0,))
    if len(places) == every:
        return PeriodicPattern(times, DAY, 0, times.seconds)
    offsets = tuple(place * DAY + second for place in places for second in times.seconds)
    return PeriodicPattern(times, every * DAY, anchor_day * DAY, offsets)


def weekday_pattern(times: DayTimes, weekdays: tuple[int, ...]) -> PeriodicPattern:
    """The times on some days of every week; 0 is Sunday, ascending. (1970-01-04 was a Sunday.)"""
    return day_pattern(times, 7, 3, weekdays)
