"""Which occurrences of a schedule are lost, gained, or moved from one time to another.

A lost time is one that only the old side has, a gained one only the new side. Where both sides have as many runs, the k-th lost
one has moved to the k-th gained one. Otherwise a time of the side with fewer runs goes, in order, with the nearest one of the
other side that lies within half the median distance between the runs of the side with fewer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pytest_mlschedule.triggers.daylight import daylight_saving, saves_daylight

Pair = tuple[int, int]


class TimesDiff(NamedTuple):
    """Epochs, each in one place only: ``lost``, ``gained``, and pairs (old, new) that have ``moved``.

    ``moved_by_dst``: the pairs that daylight saving time moves, which one side follows and the other does not, or not then.
    """

    lost: Sequence[int] = ()
    gained: Sequence[int] = ()
    moved: Sequence[Pair] = ()
    moved_by_dst: Sequence[Pair] = ()


def compare_times(old: Sequence[int], new: Sequence[int], zones: tuple[str, str], length: int) -> TimesDiff:
    """What tells two ascending lists of epochs apart. ``zones``: the IANA keys of both sides; ``length`` of the window in s."""
    kept = {*old}.intersection(new)
    lost = [epoch for epoch in old if epoch not in kept]
    gained = [epoch for epoch in new if epoch not in kept]
    if len(lost) == len(gained):
        pairs = list(zip(lost, gained, strict=True))
    elif len(lost) < len(gained):
        pairs = list(_nearest(lost, gained, _reach(old, length)))
    else:
        pairs = [(first, second) for second, first in _nearest(gained, lost, _reach(new, length))]
    gone, come = {first for first, _ in pairs}, {second for _, second in pairs}
    by_dst = _moved_by_daylight(pairs, zones)
    return TimesDiff(
        [epoch for epoch in lost if epoch not in gone],
        [epoch for epoch in gained if epoch not in come],
        [pair for pair, yes in zip(pairs, by_dst, strict=True) if not yes],
        [pair for pair, yes in zip(pairs, by_dst, strict=True) if yes],
    )


def _reach(epochs: Sequence[int], length: int) -> int:
    """Half the median distance between occurrences (the upper one of two middle ones); one alone reaches everything."""
    distances = sorted(after - before for before, after in pairwise(epochs))
    return distances[len(distances) // 2] // 2 if distances else length


def _nearest(few: Sequence[int], many: Sequence[int], reach: int) -> Iterator[Pair]:
    """For each of the few the nearest of the many after the one taken before, where it is within reach. Both ascending."""
    place = 0
    for epoch in few:
        while place + 1 < len(many) and abs(many[place + 1] - epoch) < abs(many[place] - epoch):
            place += 1
        if place < len(many) and abs(many[place] - epoch) <= reach:
            yield epoch, many[place]
            place += 1


def _moved_by_daylight(pairs: Sequence[Pair], zones: tuple[str, str]) -> list[bool]:
    """Whether each pair is at one time, were there no daylight saving time on either side."""
    if not any(saves_daylight(key, min(pairs[0]), max(pairs[-1])) for key in zones if pairs):
        return [False] * len(pairs)
    old, new = zones
    return [first + daylight_saving(old, first) == second + daylight_saving(new, second) for first, second in pairs]
