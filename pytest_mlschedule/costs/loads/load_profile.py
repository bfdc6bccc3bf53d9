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
    # What counts is what is left after the last of the events of an instant.
    last = bytes([*map(ne, moments, islice(moments, 1, None)), True]) if moments else b""
    times, nodes = (array("q", compress(values, last)) for values in (moments, accumulate(changes)))
    if course.line.runs is None:
        runs: Iterable[int] = compress(accumulate(1 if change > 0 else -1 for change in changes), last)
    else:
        runs = accumulate(map(_count_changes(course, course.line.runs).__getitem__, times))
    return Profile(times, array("q", runs), nodes)


def _count_changes(course: Course, runs: Sequence[int]) -> Counter[int]:
    """By how much the number of runs changes at an instant: steps of one run that overlap or follow at once are one run."""
    changes: Counter[int] = Counter()
    until: dict[int, int] = {}
    for run, start, end in zip(runs, course.starts, course.ends, strict=True):
        last = until.get(run)
        if last is None or start > last:
            changes[start] += 1
            if last is not None:
                changes[last] -= 1
        until[run] = end if last is None else max(end, last)
    changes.subtract(until.values())
    return changes


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
    return count_owners(course.line, [at for at in range(begin, stop) if course.ends[at] > instant])


def count_owners(line: Line, positions: Sequence[int]) -> tuple[Running, ...]:
    """Runs and nodes by owner of some positions of a line, most nodes first, then by name."""
    owned: dict[str, list[int]] = {}
    for at in positions:
        owned.setdefault(line.demands[line.places[at]].owner, []).append(at)
    found = (
        Running(owner, line.count_runs(own), sum(line.demands[line.places[at]].nodes for at in own))
        for owner, own in owned.items()
    )
    return tuple(sorted(found, key=lambda one: (-one.nodes, one.owner)))
