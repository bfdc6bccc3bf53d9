"""Better times for schedules that meet at the peak of a compute: how far to move one so that the peak gets lower."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.loads.load import check_window
from pytest_mlschedule.costs.loads.load_demand import Demand, line_up
from pytest_mlschedule.costs.loads.load_profile import Course, Peak, Profile, find_peak, measure_profile
from pytest_mlschedule.costs.loads.queueing import keep_fitting, run_at_once

DAY = 86_400
WEEK = 7 * DAY
MOST_RUNS_A_DAY = 24
"""A schedule that runs more often is not moved: there is no other time of day for it."""
MOST_OWNERS = 8
"""So many of those that run at the peak are tried."""
MOST_LOOKS = 500_000
"""So often the load of others is looked at for one schedule."""
_ROUND = 300
_FARTHEST = DAY // 2
_SHIFTS = sorted((s for s in range(-_FARTHEST, _FARTHEST + 1, _ROUND) if s), key=lambda s: (abs(s), -s))


class Slot(NamedTuple):
    """Advice: all runs of ``owner`` so many ``seconds`` later (earlier where negative), and the peak of nodes asked for is lower.

    ``old_time``, ``new_time``: the trigger time (epoch seconds) of its run at the peak, as it is and as it would be.
    """

    owner: str
    seconds: int
    old_peak: int
    new_peak: int
    old_time: int
    new_time: int


@dataclass(frozen=True, slots=True)
class SlotSearch:
    """``slots``: the lowest peak first, then the smallest move. ``too_frequent``: who runs at the peak, too often to be moved.

    ``not_tried``: who runs there too, with fewer nodes than those that were tried, or with too many runs to look at each.
    """

    slots: tuple[Slot, ...] = ()
    too_frequent: tuple[str, ...] = ()
    not_tried: tuple[str, ...] = ()


def find_quiet_slots(demands: Iterable[Demand], compute: Compute, window: tuple[int, int]) -> SlotSearch:
    """For each schedule that runs at the peak: how far to move all its runs, 12 hours at most, in steps of 5 minutes.

    Of all moves that lower the peak of the compute, the one with the lowest peak, of these the smallest, of two of these the later.
    Runs take as long as is typical, start when they arrive, and those that never fit do not count. What lies outside of
    the half-open window of epochs is taken to repeat: the week at its edge, or the day where the window is shorter than a week. A
    window of less than a day gives no advice.
    """
    check_window(window)
    every = keep_fitting(line_up(demands), compute.max_nodes).demands
    scene = _look_at(every, window)
    days = (window[1] - window[0]) // DAY
    found: dict[str, Slot | None] = {}
    too_frequent, not_tried = list[str](), list[str]()
    for owner in (one.owner for one in scene.peak.running if days):
        own = [demand for demand in every if demand.owner == owner and len(demand.arrivals)]
        if any(len(demand.arrivals) > MOST_RUNS_A_DAY * days for demand in own):
            too_frequent.append(owner)
        elif len(found) + len(not_tried) >= MOST_OWNERS:
            not_tried.append(owner)
        else:
            try:
                found[owner] = _find_slot(own, scene)
            except _SearchLimitError:
                not_tried.append(owner)
    slots = sorted(filter(None, found.values()), key=lambda slot: (slot.new_peak, abs(slot.seconds), slot.owner))
    return SlotSearch(tuple(slots), tuple(too_frequent), tuple(not_tried))


@dataclass(frozen=True, slots=True)
class _Scene:
    """What all demands together ask for: ``nodes[i]`` from ``starts[i]`` on, in a window and ``reach`` seconds around it."""

    window: tuple[int, int]
    profile: Profile
    peak: Peak
    reach: int
    starts: Sequence[int]
    nodes: Sequence[int]


def _look_at(demands: Sequence[Demand], window: tuple[int, int]) -> _Scene:
    course, profile = _measure(demands)
    edges = [0, *(window[0] - at for at in profile.times[:1]), *(at - window[1] for at in profile.times[-1:])]
    reach = _FARTHEST + max(edges)
    steps = list(_extend(profile, window, reach)) if window[1] - window[0] >= DAY else []
    peak = find_peak(course, profile, profile.nodes)
    return _Scene(window, profile, peak, reach, [step[0] for step in steps], [step[2] for step in steps])


def _measure(demands: Sequence[Demand]) -> tuple[Course, Profile]:
    course = run_at_once(line_up(demands), [demand.lengths for demand in demands])
    return course, measure_profile(course)


class _SearchLimitError(Exception):
    """The search of one schedule takes too long."""


class _Others:
    """The nodes that others ask for, step by step."""

    def __init__(self, starts: Sequence[int], nodes: Sequence[int]) -> None:
        self.starts = starts
        self.nodes = nodes
        self.looks = 0

    def most(self, start: int, end: int) -> int:
        """The most of them at a time."""
        self.looks += 1
        if self.looks > MOST_LOOKS:
            raise _SearchLimitError
        return max(self.nodes[bisect_right(self.starts, start) - 1 : bisect_left(self.starts, end)])


def _find_slot(own: Sequence[Demand], scene: _Scene) -> Slot | None:
    """The best move of one schedule; None where none lowers the peak."""
    part = _measure(own)[1]
    steps = [step for step in zip(part.times, part.times[1:], part.nodes, strict=False) if step[2]]
    floor = max(max(_subtract(scene.profile.times, scene.profile.nodes, steps)), max(part.nodes))
    if floor >= scene.peak.height:
        return None
    beyond = _extend(part, scene.window, scene.reach)
    others = _Others(scene.starts, _subtract(scene.starts, scene.nodes, beyond))
    shift, height = _find_shift(steps, others, floor, scene.peak.height)
    if not shift:
        return None
    at = _find_trigger(own, scene.peak)
    return Slot(own[0].owner, shift, scene.peak.height, height, at, at + shift)


def _find_shift(steps: list[tuple[int, int, int]], others: _Others, floor: int, height: int) -> tuple[int, int]:
    """The shift of some steps that leads to the least height below the given one, and that height; no shift: 0."""
    best = 0
    for shift in _SHIFTS:
        most = floor
        for index, (start, end, nodes) in enumerate(steps):
            most = max(most, nodes + others.most(start + shift, end + shift))
            if most >= height:
                steps.insert(0, steps.pop(index))  # what stops this shift is likely to stop the next one
                break
        else:
            best, height = shift, most
            if height == floor:
                break
    return best, height


def _find_trigger(own: Sequence[Demand], peak: Peak) -> int:
    """The trigger time of the last run that is there when the peak is reached."""
    assert peak.first is not None
    running = []
    for demand in own:
        last = demand.arrivals[bisect_right(demand.arrivals, peak.first) - 1]
        if last <= peak.first < last + demand.duration.typical:
            running.append(last - demand.offset)
    return max(running)


def _subtract(times: Sequence[int], nodes: Sequence[int], steps: Iterable[tuple[int, int, int]]) -> list[int]:
    """The nodes without those of some steps, which start and end at some of the times."""
    rest = list(nodes)
    for start, end, less in steps:
        for at in range(bisect_left(times, start), bisect_left(times, end)) if less else ():
            rest[at] -= less
    return rest


def _extend(profile: Profile, window: tuple[int, int], reach: int) -> Iterator[tuple[int, int, int]]:
    """The steps within a window, and for so many seconds on both sides what its first and its last week (or day) repeat."""
    start, end = window
    period = WEEK if end - start >= WEEK else DAY
    count = -(-reach // period)
    first = [(number * period, (start, start + period)) for number in range(-count, 0)]
    last = [(number * period, (end - period, end)) for number in range(1, count + 1)]
    for shift, part in (*first, (0, window), *last):
        for begin, stop, nodes in profile.steps(part):
            yield begin + shift, stop + shift, nodes
