"""The load of a compute by hour of the week: which hours are quiet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from heapq import nsmallest
from typing import NamedTuple

from pytest_mlschedule.costs.loads.load_profile import Profile
from pytest_mlschedule.triggers.zones import Zone, zone

_HOUR = 3_600
_HOURS = 168
_FIRST_HOUR = 72  # 1970-01-01 was a Thursday


class HourLoad(NamedTuple):
    """The load in one ``hour`` of the week, all weeks of a window together: 0 is Monday 00:00 to 01:00.

    ``node_seconds``: what is used; ``seconds``: how long that hour is in the window, 0 where the window does not have it.
    """

    hour: int
    node_seconds: int
    seconds: int

    @property
    def nodes(self) -> float:
        """How many nodes are used in the mean."""
        return self.node_seconds / self.seconds if self.seconds else 0.0


def measure_week(profile: Profile, window: tuple[int, int], clock: Zone | None = None) -> tuple[HourLoad, ...]:
    """The load by hour of the week, within a half-open window of epochs, on the wall clock of a zone (default: UTC).

    168 of them. An hour that a clock change repeats counts twice, one that it leaves out does not count.
    """
    used, seconds = [0] * _HOURS, [0] * _HOURS
    for start, end, offset in _find_segments(window, clock or zone("UTC")):
        _add_steps(seconds, [(start, end, 1)], offset)
        _add_steps(used, profile.steps((start, end)), offset)
    return tuple(map(HourLoad, range(_HOURS), used, seconds))


def _find_segments(window: tuple[int, int], clock: Zone) -> Iterator[tuple[int, int, int]]:
    """Parts of a window with one UTC offset: start, end, offset."""
    start, end = window
    for change in clock.transitions(start + 1, end):
        yield start, change.instant, change.before
        start = change.instant
    yield start, end, clock.offset(start)


def _add_steps(hours: list[int], steps: Iterable[tuple[int, int, int]], offset: int) -> None:
    for start, end, nodes in steps:
        at, last = start + offset, end + offset
        while nodes and at < last:
            hour = at // _HOUR
            edge = min(last, (hour + 1) * _HOUR)
            hours[(hour + _FIRST_HOUR) % _HOURS] += nodes * (edge - at)
            at = edge


def find_quiet_hours(week: Iterable[HourLoad], count: int = 3) -> list[HourLoad]:
    """The hours with the least nodes in the mean, the earliest in the week first where they are equal."""
    known = (one for one in week if one.seconds)
    return nsmallest(count, known, key=lambda one: (Fraction(one.node_seconds, one.seconds), one.hour))
