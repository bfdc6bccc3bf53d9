"""Runs that wait for nodes: first in, first out, on a cluster that has so many and no more."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from operator import add, sub

from pytest_mlschedule.costs.loads.load_demand import Line, line_up
from pytest_mlschedule.costs.loads.load_profile import Course
from pytest_mlschedule.costs.loads.percentiles import find_rank


@dataclass(frozen=True, slots=True)
class Delays:
    """How long ``runs`` runs wait for nodes, in seconds: at most, of all of them p50 and p95 (nearest rank), in total.

    ``delayed``: how many wait at all. ``longest_at``: when the first of those that wait longest arrives (epoch seconds),
    ``longest_owner``: whose it is; None where nothing waits.
    """

    runs: int = 0
    delayed: int = 0
    longest: int = 0
    longest_at: int | None = None
    longest_owner: str | None = None
    p50: int = 0
    p95: int = 0
    total: int = 0

    @property
    def mean(self) -> float:
        """The mean of all runs, in seconds."""
        return self.total / self.runs if self.runs else 0.0


def keep_fitting(line: Line, max_nodes: int | None) -> Line:
    """The line without the runs that ask for more nodes than there can be; the same line where all of them fit."""
    if max_nodes is None or all(demand.nodes <= max_nodes for demand in line.demands):
        return line
    return line_up(demand if demand.nodes <= max_nodes else replace(demand, arrivals=()) for demand in line.demands)


def run_at_once(line: Line, lengths: Sequence[Sequence[int]]) -> Course:
    """The course of runs that start when they arrive; ``lengths`` in seconds, by demand and run."""
    return Course(line, line.arrivals, array("q", map(add, line.arrivals, line.merge(lengths))))


def run_in_turn(line: Line, lengths: Sequence[Sequence[int]], max_nodes: int) -> Course:
    """The course of runs that start as soon as their nodes are free, and none before the one ahead of it.

    No run may ask for more than ``max_nodes``.
    """
    merged = line.merge(lengths)
    starts = array("q", _find_starts(line, merged, max_nodes))
    return Course(line, starts, array("q", map(add, starts, merged)))


def settle(asked: Course, lengths: Sequence[Sequence[int]], max_nodes: int | None, height: int) -> Course:
    """The course of the same runs under the limit; ``height``: the most nodes that they ask for at a time."""
    line = keep_fitting(asked.line, max_nodes)
    if max_nodes is None or (line is asked.line and height <= max_nodes):
        return asked
    return run_in_turn(line, lengths, max_nodes)


def _find_starts(line: Line, lengths: Sequence[int], max_nodes: int) -> list[int]:
    starts: list[int] = []
    ends: list[int] = []  # a heap of what runs: the end, and below it the nodes
    unit = max_nodes + 1
    free, now = max_nodes, 0
    for arrival, length, nodes in zip(line.arrivals, lengths, line.nodes, strict=True):
        if arrival > now:
            now = arrival
        while ends and (free < nodes or ends[0] // unit <= now):
            end, freed = divmod(heappop(ends), unit)
            free += freed
            if end > now:
                now = end
        free -= nodes
        heappush(ends, (now + length) * unit + nodes)
        starts.append(now)
    return starts


def measure_delays(course: Course) -> Delays:
    """How long the runs of a course wait; one in steps as long as that of its steps which waits longest."""
    line = course.line
    waits = array("q", map(sub, course.starts, line.arrivals))
    runs = wait_by_run(course)
    late = sorted(filter(None, runs))
    if not late:
        return Delays(len(runs))
    first = waits.index(late[-1])
    at_once = len(runs) - len(late)
    ranks = (find_rank(len(runs), percent) - at_once for percent in (50, 95))
    p50, p95 = (late[rank] if rank >= 0 else 0 for rank in ranks)
    owner = line.demands[line.places[first]].owner
    return Delays(len(runs), len(late), late[-1], line.arrivals[first], owner, p50, p95, sum(late))


def wait_by_run(course: Course) -> Collection[int]:
    """How long each run waits, in seconds."""
    waits = map(sub, course.starts, course.line.arrivals)
    if course.line.runs is None:
        return array("q", waits)
    found: dict[int, int] = {}
    for run, wait in zip(course.line.runs, waits, strict=True):
        found[run] = max(wait, found.get(run, 0))
    return found.values()
