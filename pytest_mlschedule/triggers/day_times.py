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
        self._duplicates: dict[tuple[int, int], int | None] = {}
        self._collides: dict[str, bool] = {}

    def duplicates(self, gap_shapes: frozenset[tuple[int, int]]) -> dict[tuple[int, int], int | None]:
        """For each shape of a gap (second of day, length) how many of its times shift onto another of that day (DST-2).

        None where shifted times may reach the next day. The answer may hold more shapes than were asked for.
        """
        known = self._duplicates
        for shape in gap_shapes - known.keys():
            start, length = shape
            times = self.seconds
            inside = times[bisect_left(times, start) : bisect_left(times, start + length)]
            known[shape] = None if start + 2 * length > DAY else sum(self.has(time + length) for time in inside)
        return known

    def collides(self, zone_key: str, gap_shapes: frozenset[tuple[int, int]]) -> bool:
        """Whether some gap of a zone may shift one time onto another. Kept by the zone's key."""
        known = self._collides.get(zone_key)
        if known is None:
            counts = self.duplicates(gap_shapes)
            known = self._collides[zone_key] = any(counts[shape] != 0 for shape in gap_shapes)
        return known

    def has(self, time: int) -> bool:
        """Whether the pattern fires at this second of day."""
        index = bisect_left(self.seconds, time)
        return index < self.count and self.seconds[index] == time


@lru_cache(maxsize=1024)
def day_times(hours: tuple[int, ...], minutes: tuple[int, ...], second: int = 0) -> DayTimes:
    """Every combination of hours and minutes, both ascending."""
    return DayTimes(tuple(hour * 3600 + minute * 60 + second for hour in hours for minute in minutes))
