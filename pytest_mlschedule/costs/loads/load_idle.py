"""Nodes that are on and do nothing: those that wait for the next run, and those that never go.

At any time a cluster has ``max(min_nodes, used + warm)`` nodes. A node is *warm* for ``idle_seconds`` after a run leaves it, unless
the next run takes it. What is used is *busy*; warm nodes above ``min_nodes`` are *idle*, and the runs that left them are to blame;
what ``min_nodes`` has above the used ones is *waiting*, and nobody is to blame.

Which warm node a run takes decides what is paid: the one that was left last. So the others reach the end of their time, and a
cluster that has become too large shrinks. Taken in turn, each would start its time again, and all of them would stay.
"""

from __future__ import annotations

from array import array
from itertools import chain

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.loads.load_profile import Course, Profile

_NEVER = 1 << 60


def measure_idle(course: Course, compute: Compute) -> array[int]:
    """Node-seconds that each run leaves idle, position by position.

    Warm nodes above ``min_nodes`` are those that were left while more than ``min_nodes`` were used: the ones left later stand for
    ``min_nodes``, they are taken first, and so no node changes from one kind to the other while it is warm.
    """
    idle = array("q", bytes(8 * len(course.starts)))
    if compute.idle_seconds:
        _fill_idle(idle, course, compute)
    return idle


def _fill_idle(idle: array[int], course: Course, compute: Compute) -> None:
    nodes, ends = course.line.nodes, course.ends
    limit, least = compute.idle_seconds, compute.min_nodes
    order = sorted(range(len(ends)), key=ends.__getitem__)
    leaving = [*map(ends.__getitem__, order), _NEVER]
    at = used = 0
    warm: list[tuple[int, int, int]] = []  # since when, how many, of which run; -1: they stand for min_nodes
    for start, wanted in chain(zip(course.starts, nodes, strict=True), [(_NEVER - 1, 0)]):
        while leaving[at] <= start:
            position, end = order[at], leaving[at]
            at += 1
            count, above = nodes[position], used - least
            used -= count
            if above > 0:
                taken = min(count, above)
                idle[position] = taken * limit  # less what is taken before its time is over
                warm.append((end, taken, position))
            if above < count:
                warm.append((end, count - max(0, above), -1))
        used += wanted
        while wanted and warm:
            since, count, position = warm.pop()
            left = since + limit - start
            if left <= 0:
                warm.clear()  # the others were left even earlier
                break
            if count > wanted:
                warm.append((since, count - wanted, position))
                count = wanted
            wanted -= count
            if position >= 0:
                idle[position] -= count * left


def measure_waiting(profile: Profile, compute: Compute, window: tuple[int, int]) -> int:
    """Node-seconds in a half-open window of epochs in which ``min_nodes`` are on and not used."""
    least = compute.min_nodes
    if not least:
        return 0
    used = sum((end - start) * (nodes if nodes < least else least) for start, end, nodes in profile.steps(window))
    return least * (window[1] - window[0]) - used
