"""Runs that arrive together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import groupby

from pytest_mlschedule.costs.loads.load_demand import Line
from pytest_mlschedule.costs.loads.load_profile import Running, count_owners

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


def find_pile_ups(line: Line) -> tuple[PileUp, ...]:
    """Most runs first, then most nodes, then the first: five at most. The same runs at another time are no new pile-up."""
    meetings: dict[tuple[tuple[int, ...], int], _Meeting] = {}
    for minute, positions in _group_minutes(line):
        runs = line.count_runs(positions)
        if runs > 1:
            meeting = tuple(sorted([line.places[at] for at in positions])), runs
            if meeting in meetings:
                meetings[meeting].times += 1
            else:
                meetings[meeting] = _Meeting(minute, positions)
    asked = [demand.nodes for demand in line.demands]

    def weigh(found: tuple[tuple[tuple[int, ...], int], _Meeting]) -> tuple[int, int, int]:
        (places, runs), meeting = found
        return -runs, -sum(asked[place] for place in places), meeting.minute

    return tuple(
        PileUp(
            meeting.minute * _MINUTE,
            runs,
            sum(asked[place] for place in places),
            count_owners(line, meeting.positions),
            meeting.times,
        )
        for (places, runs), meeting in nsmallest(_SHOWN, meetings.items(), key=weigh)
    )


@dataclass(slots=True)
class _Meeting:
    """Where the same ones meet first, and in how many minutes."""

    minute: int
    positions: Sequence[int]
    times: int = 1


def _group_minutes(line: Line) -> Iterator[tuple[int, Sequence[int]]]:
    """Each minute in which something arrives, and what: positions of the line."""
    last = 0
    for minute, group in groupby([at // _MINUTE for at in line.arrivals]):
        first, last = last, last + sum(1 for _ in group)
        yield minute, range(first, last)
