"""Occurrences as sets of minutes: one integer a schedule, so that what coincides is an ``&``, and dense triggers cost a day.

Bit k of a set stands for the k-th UTC minute from the minute of the window's start on.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from pytest_mlschedule.triggers.day_times import DAY, DayTimes
from pytest_mlschedule.triggers.elapsed import ElapsedOccurrences
from pytest_mlschedule.triggers.occurrences import Occurrences, PolicyOccurrences
from pytest_mlschedule.triggers.wall_patterns import WallPattern

_MINUTE = 60
_MINUTES_OF_DAY = DAY // _MINUTE
_BYTES_OF_DAY = _MINUTES_OF_DAY // 8
_DAYS_SEARCHED = 366


def minute_set(occurrences: Occurrences, start: int, end: int) -> int:
    """The minutes of the half-open window of epochs in which something fires."""
    base = start // _MINUTE
    if isinstance(occurrences, ElapsedOccurrences):
        found = occurrences.range_between(start, end)
        return _repeat(len(found), found.step // _MINUTE) << (found.start // _MINUTE - base) if found else 0
    if isinstance(occurrences, PolicyOccurrences) and not any(
        time % _MINUTE for time in occurrences.pattern.times.seconds
    ):
        return _wall_minutes(occurrences, start, end, base)
    found_minutes = 0
    for epoch in occurrences.epochs(start, end):  # seconds come from an anchor: these fire once a day at most
        found_minutes |= 1 << (epoch // _MINUTE - base)
    return found_minutes


def _repeat(count: int, every: int) -> int:
    """``count`` bits, the first at 0, ``every`` apart; made by doubling."""
    bits, made = 1, 1
    while made < count:
        bits |= bits << (made * every)
        made *= 2
    return bits & ((1 << ((count - 1) * every + 1)) - 1)


def _wall_minutes(occurrences: PolicyOccurrences, start: int, end: int, base: int) -> int:
    found = 0
    for index, low, high in occurrences.pieces(max(start, occurrences.first), min(end, occurrences.stop)):
        first, last = low // DAY, (high - 1) // DAY
        bits = _days(occurrences.pattern, first, last)
        origin = first * _MINUTES_OF_DAY
        bits &= (1 << (-(-high // _MINUTE) - origin)) - 1
        skipped = -(-low // _MINUTE) - origin
        shift = (origin * _MINUTE - occurrences.rows.offsets[index]) // _MINUTE - base
        bits = bits >> skipped << skipped
        found |= bits << shift if shift >= 0 else bits >> -shift
    return found


@lru_cache(maxsize=256)
def _days(pattern: WallPattern, first: int, last: int) -> int:
    """The wall minutes of a pattern from the midnight of the day ``first`` to the end of the day ``last``."""
    one, none = _day(pattern.times), bytes(_BYTES_OF_DAY)
    return int.from_bytes(b"".join(one if pattern.has_day(day) else none for day in range(first, last + 1)), "little")


@lru_cache(maxsize=256)
def _day(times: DayTimes) -> bytes:
    return sum(1 << time // _MINUTE for time in times.seconds).to_bytes(_BYTES_OF_DAY, "little")


def shortest_distance(occurrences: Occurrences, start: int, end: int) -> int | None:
    """The seconds between the two nearest occurrences of the window, as the trigger means them; None where there are no two.

    On the wall clock: what clock changes push together or apart is not counted.
    """
    if occurrences.count(start, end) < 2:
        return None
    if isinstance(occurrences, ElapsedOccurrences):
        return occurrences.range_between(start, end).step
    assert isinstance(occurrences, PolicyOccurrences)
    return _wall_distance(occurrences.pattern, max(start, occurrences.first) // DAY, end // DAY)


@lru_cache(maxsize=1024)
def _wall_distance(pattern: WallPattern, first: int, last: int) -> int | None:
    times = pattern.times
    within = _within_day(times)
    around = DAY - times.seconds[-1] + times.seconds[0]
    if within is not None and within <= around:
        return within
    days = [day for day in range(first - 1, min(last, first + _DAYS_SEARCHED) + 2) if pattern.has_day(day)]
    apart = min((after - before for before, after in pairwise(days)), default=None)
    found = None if apart is None else around + (apart - 1) * DAY
    return min(filter(None, (within, found)), default=None)


@lru_cache(maxsize=256)
def _within_day(times: DayTimes) -> int | None:
    return min((after - before for before, after in pairwise(times.seconds)), default=None)
