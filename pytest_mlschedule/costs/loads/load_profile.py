"""How many runs and nodes there are at a time: a step function, from starts and ends that are sorted once."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, compress, islice
from operator import ne, sub
from typing import NamedTuple

from pytest_mlschedule.costs.loads.load_demand import Line


class Running(NamedTuple):
    """What one owner has at an instant."""

    owner: str
    runs: int
    nodes: int


@dataclass(frozen=True, slots=True)
class Peak:
    """The most runs, or the most nodes, at a time: 0 where nothing runs.

    ``first``: when it is first reached (epoch seconds), None where nothing runs; ``seconds``: how long there is as much, all times
    together; ``running``: who runs at ``first``, most nodes first.
    """

    height: int = 0
    first: int | None = None
    seconds: int = 0
    running: tuple[Running, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """``runs[i]`` and ``nodes[i]`` hold from ``times[i]`` (epoch seconds) until ``times[i + 1]``; the last of them are 0."""

    times: array[int]
    runs: array[int]
    nodes: array[int]

    def steps(self, window: tuple[int, int]) -> Iterable[tuple[int, int, int]]:
        """Start, end and nodes of each step in a half-open window of epochs; one follows the other, those without nodes too."""
        start, end = window
        first, stop = bisect_right(self.times, start), bisect_left(self.times, end)
        times = [start, *self.times[first:stop], end]
        before = self.nodes[first - 1] if first else 0
        return zip(times, times[1:], [before, *self.nodes[first:stop]], strict=False)


@dataclass(frozen=True, slots=True)
class Course:
    """When the runs of a line start and end, position by position (epoch seconds, half-open). Starts ascend."""

    line: Line
    starts: array[int]
    ends: array[int]


def measure_profile(course: Course) -> Profile:
    """How many runs and nodes there are at a time. A node that a run leaves is free for another at that same instant."""
    moments, changes = _sort_events(course)
    runs = accumulate(1 if change > 0 else -1 for change in changes)
    # What counts is what is left after the last of the events of an instant.
    last = bytes([*map(ne, moments, islice(moments, 1, None)), True]) if moments else b""
    return Profile(*(array("q", compress(values, last)) for values in (moments, runs, accumulate(changes))))


def _sort_events(course: Course) -> tuple[array[int], array[int]]:
    """Instants, and by how many nodes the number changes there."""
    nodes = course.line.nodes
    half = max(nodes, default=0) + 1
    both = 2 * half
    codes = sorted(
        chain(
            (start * both + half + count for start, count in zip(course.starts, nodes, strict=True)),
            (end * both + half - count for end, count in zip(course.ends, nodes, strict=True)),
        )
    )
    return array("q", (code // both for code in codes)), array("q", (code % both - half for code in codes))


def find_peak(course: Course, profile: Profile, levels: Sequence[int]) -> Peak:
    """The peak of the runs or of the nodes of a profile."""
    if not levels:
        return Peak()
    height = max(levels)
    held = map(sub, profile.times[1:], profile.times)
    first = profile.times[levels.index(height)]
    return Peak(height, first, sum(compress(held, map(height.__eq__, levels))), find_running(course, first))


def find_running(course: Course, instant: int) -> tuple[Running, ...]:
    """Who runs at an instant, most nodes first, then by name."""
    longest = max(map(sub, course.ends, course.starts), default=0)
    begin, stop = bisect_right(course.starts, instant - longest), bisect_right(course.starts, instant)
    counts = Counter(course.line.places[at] for at in range(begin, stop) if course.ends[at] > instant)
    return count_owners(course.line, counts)


def count_owners(line: Line, counts: Counter[int]) -> tuple[Running, ...]:
    """Runs by demand as runs and nodes by owner, most nodes first, then by name."""
    runs: Counter[str] = Counter()
    nodes: Counter[str] = Counter()
    for place, count in counts.items():
        runs[line.demands[place].owner] += count
        nodes[line.demands[place].owner] += count * line.demands[place].nodes
    found = (Running(owner, count, nodes[owner]) for owner, count in runs.items())
    return tuple(sorted(found, key=lambda one: (-one.nodes, one.owner)))
