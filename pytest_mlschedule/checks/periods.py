"""Local days, calendar months and quiet hours as spans of epoch seconds, and how many runs are in each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from pytest_mlschedule.checks.limits import QuietHours, Starts
from pytest_mlschedule.triggers.window import END_EPOCH, FIRST_EPOCH, NAIVE_EPOCH
from pytest_mlschedule.triggers.zones import Zone, zone

_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)
_DAY_SECONDS = 86_400
# Up to here listing the runs of a schedule takes less than counting them period by period.
_FEW = 5_000


class Period(NamedTuple):
    """A half-open span of epochs, and how people call it: "2026-03-02", "2026-03"."""

    name: str
    start: int
    end: int


def find_days(start: int, end: int, clock: Zone) -> list[Period]:
    """The local days that a window touches, as wholes."""
    return list(_cut(_midnight(clock.wall(start)), end, clock, _following_day)) if start < end else []


def find_months(start: int, end: int, clock: Zone) -> list[Period]:
    """The calendar months that a window touches, as wholes."""
    if start >= end:
        return []
    first = _midnight(clock.wall(start)).replace(day=1)
    return [Period(name[:7], *span) for name, *span in _cut(first, end, clock, _following_month)]


def find_quiet(start: int, end: int, hours: QuietHours) -> list[Period]:
    """The parts of a window in which clocks of the zone show quiet hours, a repeated hour twice."""
    if start >= end:
        return []
    clock = zone(hours.zone_key)
    length = (hours.end - hours.start) % _DAY_SECONDS or _DAY_SECONDS
    first = (start + clock.offset(start)) // _DAY_SECONDS - 2
    last = (end + clock.offset(end)) // _DAY_SECONDS + 2
    found: list[Period] = []
    for day in range(first, last):
        wall = day * _DAY_SECONDS + hours.start
        for begin, stop in _show(clock, wall, wall + length):
            begin, stop = max(begin, start), min(stop, end)
            if begin < stop:
                found.append(Period("", begin, stop))
    return found


def count_runs(starts: Starts, periods: Sequence[Period]) -> list[int]:
    """How many runs are in each of some ascending periods."""
    first, last = periods[0].start, periods[-1].end
    total = starts.count_between(first, last)
    if total == 0:
        return [0] * len(periods)
    if total > _FEW:
        return [starts.count_between(period.start, period.end) for period in periods]
    epochs = starts.epochs_between(first, last)
    return [bisect_left(epochs, period.end) - bisect_left(epochs, period.start) for period in periods]


def _cut(wall: datetime, end: int, clock: Zone, following: Callable[[datetime], datetime]) -> Iterator[Period]:
    """From a midnight on, one period after the other. A day that a zone leaves out is none."""
    begin = clock.to_epoch(_wall_seconds(wall))
    while begin < end:
        after = following(wall)
        stop = clock.to_epoch(_wall_seconds(after))
        if begin < stop:
            yield Period(f"{wall:%Y-%m-%d}", max(begin, FIRST_EPOCH), min(stop, END_EPOCH))
        wall, begin = after, stop


def _following_day(midnight: datetime) -> datetime:
    return midnight + _DAY


def _following_month(first: datetime) -> datetime:
    return (first + 31 * _DAY).replace(day=1)


def _midnight(wall: datetime) -> datetime:
    return wall.replace(hour=0, minute=0, second=0)


def _wall_seconds(wall: datetime) -> int:
    return (wall - NAIVE_EPOCH) // _SECOND


def _show(clock: Zone, wall: int, wall_end: int) -> Iterator[tuple[int, int]]:
    """The spans of epochs in which clocks show wall seconds from ``wall`` to ``wall_end``: per offset there is one at most."""
    low = bisect_left(clock.instants, wall - 2 * _DAY_SECONDS)
    high = bisect_left(clock.instants, wall_end + 2 * _DAY_SECONDS)
    for index in range(low, high + 1):
        offset = clock.offsets[index]
        begin, stop = wall - offset, wall_end - offset
        if index:
            begin = max(begin, clock.instants[index - 1])
        if index < len(clock.instants):
            stop = min(stop, clock.instants[index])
        if begin < stop:
            yield begin, stop
