"""Runs that arrive together, and runs of one schedule that catch up with themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nsmallest
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from pytest_mlschedule.costs.loads.load_demand import Line
from pytest_mlschedule.costs.loads.load_profile import Course, Running, count_owners

_MINUTE = 60
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class PileUp:
    """Runs that arrive in one minute: how many, the nodes that they ask for, and whose they are, most nodes first.

    ``first``: the start of that minute (epoch seconds); ``times``: in how many minutes the same ones meet.
    """

    first: int
    runs: int
    nodes: int
    owners: tuple[Running, ...]
    times: int


class Overlap(NamedTuple):
    """How many runs of a demand start before all earlier ones have ended, and when the first does; None where none does."""

    runs: int
    first: int | None


def find_pile_ups(line: Line) -> tuple[PileUp, ...]:
    """Most runs first, then most nodes, then the first: five at most. The same runs at another time are no new pile-up."""
    meetings: dict[tuple[int, ...], tuple[int, int]] = {}
    for minute, places in _group_minutes(line):
        first, times = meetings.get(places, (minute, 0))
        meetings[places] = first, times + 1
    asked = [demand.nodes for demand in line.demands]

    def weigh(meeting: tuple[tuple[int, ...], tuple[int, int]]) -> tuple[int, int, int]:
        places, (first, _) = meeting
        return -len(places), -sum(asked[place] for place in places), first

    return tuple(
        PileUp(
            first * _MINUTE,
            len(places),
            sum(asked[place] for place in places),
            count_owners(line, Counter(places)),
            times,
        )
        for places, (first, times) in nsmallest(_SHOWN, meetings.items(), key=weigh)
    )


def _group_minutes(line: Line) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Each minute in which at least two runs arrive, and their demands."""
    stamped = zip([at // _MINUTE for at in line.arrivals], line.places, strict=True)
    for minute, group in groupby(stamped, itemgetter(0)):
        places = [place for _, place in group]
        if len(places) > 1:
            places.sort()
            yield minute, tuple(places)


def find_overlaps(course: Course) -> list[Overlap]:
    """By demand: its runs that start while an earlier one of them runs."""
    count = len(course.line.demands)
    latest, runs, first = [0] * count, [0] * count, [0] * count
    for place, start, end in zip(course.line.places, course.starts, course.ends, strict=True):
        if start < latest[place]:
            first[place] = first[place] if runs[place] else start
            runs[place] += 1
        latest[place] = max(latest[place], end)
    return [Overlap(number, at if number else None) for number, at in zip(runs, first, strict=True)]
