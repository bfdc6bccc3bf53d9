"""The times of day at which a pattern fires."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from itertools import pairwise

DAY = 86_400


class DayTimes:
    """Ascending seconds of day, at least one. Made by ``day_times``."""

    __slots__ = ("_collides", "_duplicates", "count", "seconds", "step")

    def __init__(self, seconds: tuple[int, ...]) -> None:
        self.seconds = seconds
        self.count = len(seconds)
        step = seconds[1] - seconds[0] if len(seconds) > 1 else DAY
        uniform = step * len(seconds) == DAY and all(b - a == step for a, b in pairwise(seconds))
        self.step = step if uniform else 0
        """The distance between two times when it is the same all around the clock, else 0."""
        self._duplicates: dict[tuple[int, int], int] = {}
        self._collides: dict[str, bool] = {}

    def duplicates(self, start: int, length: int) -> int:
        """How many times in the gap of ``length`` seconds at ``start`` shift onto another time of that day (DST-2)."""
        known = self._duplicates.get((start, length))
        if known is None:
            times = self.seconds
            inside = times[bisect_left(times, start) : bisect_left(times, start + length)]
            known = sum(self.has(time + length) for time in inside)
            self._duplicates[start, length] = known
        return known

    def collides(self, zone_key: str, gap_shapes: frozenset[tuple[int, int]]) -> bool:
        """Whether some gap of a zone (second of day, length) may shift one time onto another. Kept by the zone's key."""
        known = self._collides.get(zone_key)
        if known is None:
            known = any(start + 2 * length > DAY or self.duplicates(start, length) for start, length in gap_shapes)
            self._collides[zone_key] = known
        return known

    def has(self, time: int) -> bool:
        """Whether the pattern fires at this second of day."""
        index = bisect_left(self.seconds, time)
        return index < self.count and self.seconds[index] == time


@lru_cache(maxsize=8192)
def day_times(hours: tuple[int, ...], minutes: tuple[int, ...], second: int = 0) -> DayTimes:
    """Every combination of hours and minutes, both ascending."""
    return DayTimes(tuple(hour * 3600 + minute * 60 + second for hour in hours for minute in minutes))
