"""MLS708: who asks for more nodes of a compute at a time than a budget allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pytest_mlschedule.checks.excess import Case, Excess, list_shares, show_wall
from pytest_mlschedule.checks.limits import Starts
from pytest_mlschedule.checks.spending import Unknown
from pytest_mlschedule.checks.undecided import say_undecided
from pytest_mlschedule.costs.advice import Move
from pytest_mlschedule.costs.billing import Bill
from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.loads.load_demand import Demand, line_up
from pytest_mlschedule.costs.loads.load_profile import Peak, Profile, Running, find_peak, measure_profile
from pytest_mlschedule.costs.loads.queueing import run_at_once
from pytest_mlschedule.costs.loads.slots import DAY, find_quiet_slots


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a group asks of one compute: the peak, and how often there is more than is allowed."""

    compute: Compute
    demands: Sequence[Demand]
    peak: Peak
    times: int


def find_nodes(case: Case) -> Iterator[Excess]:
    """Each compute of which a group asks for too many nodes at a time in the window, with the peak; and what is not known."""
    if case.span[0] >= case.span[1]:
        return
    bill = case.spending.bill(case.span)
    demands = _list_demands(bill)
    doubts = {name: list(_find_doubts(name, bill)) for name in bill.footprints}
    unknown: list[Unknown] = []
    for group in case.named_groups:
        names = dict.fromkeys(one.schedule for one in group)
        own = [doubt for name in names for doubt in doubts[name]]
        asked = list(_ask(case, bill, [demand for name in names for demand in demands.get(name, ())]))
        yield from (_too_many(case, group, one, own) for one in asked)
        unknown += [doubt for doubt in own if not _is_settled(doubt, {one.compute.name for one in asked})]
    yield from say_undecided(case, unknown)


def _list_demands(bill: Bill) -> Mapping[str, list[tuple[str, Demand]]]:
    """Compute and demand of each part of the runs of each schedule."""
    found: dict[str, list[tuple[str, Demand]]] = {}
    for name, load in bill.loads.items():
        for part in load.parts:
            if part.share is not None:
                found.setdefault(part.schedule, []).append((name, part.share.demand))
    return found


def _find_doubts(name: str, bill: Bill) -> Iterator[Unknown]:
    """Why it is not known what the runs of a schedule ask for. One that does not run asks for nothing."""
    footprint = bill.footprints[name]
    if not sum(bill.counts[name]):
        return
    if not footprint.parts:
        yield Unknown(name, footprint.reason, footprint.hint, footprint.computes)
    for compute in footprint.computes:
        if compute in bill.loads and bill.loads[compute].problem:
            yield Unknown(name, bill.loads[compute].problem, "", (compute,))


def _is_settled(doubt: Unknown, exceeded: set[str]) -> bool:
    """Whether what is not known does not matter: the limit is exceeded without it."""
    return exceeded.issuperset(doubt.computes) if doubt.computes else bool(exceeded)


def _ask(case: Case, bill: Bill, demands: Sequence[tuple[str, Demand]]) -> Iterator[_Asked]:
    """The computes of which more than the limit is asked for."""
    crowds: dict[str, list[Demand]] = {}
    for name, demand in demands:
        crowds.setdefault(name, []).append(demand)
    for name, crowd in sorted(crowds.items()):
        course = run_at_once(line_up(crowd), [demand.lengths for demand in crowd])
        profile = measure_profile(course)
        if max(profile.nodes, default=0) > case.value:
            peak = find_peak(course, profile, profile.nodes)
            yield _Asked(bill.loads[name].compute, crowd, peak, _count_times(profile, case.value))


def _count_times(profile: Profile, limit: int) -> int:
    """How often the nodes of a profile go above a limit."""
    return sum(before <= limit < after for before, after in pairwise([0, *profile.nodes]))


def _too_many(case: Case, group: Sequence[Starts], asked: _Asked, doubts: Sequence[Unknown]) -> Excess:
    peak, name, key = asked.peak, asked.compute.name, case.budget.zone_key
    assert peak.first is not None  # there are nodes, so somebody runs
    partial = any(not doubt.computes or name in doubt.computes for doubt in doubts)
    nodes = f"{peak.height} node{'' if peak.height == 1 else 's'}"
    period = f"{show_wall(peak.first, key)} ({case.budget.zone_name})"
    text = f"{case.who(group, 'ask')} for {'at least ' if partial else ''}{nodes} of {name} at {period}: "
    text += list_shares(map(_show_part, peak.running))
    text += f"; {case.origin} allows {case.value} at a time"
    if asked.times > 1:
        text += f"; {asked.times - 1:,} more time{'s' if asked.times > 2 else ''} there are too many as well"
    given = {one.schedule: one for one in reversed(group)}
    return case.excess(
        [(given[one.owner], one.nodes) for one in peak.running],
        text,
        _advise(case, asked),
        period=period,
        count=peak.height,
        allowed=case.value,
        periods=asked.times,
        subject=name,
        shown=nodes,
    )


def _show_part(one: Running) -> tuple[str, str]:
    return one.owner, f"{one.nodes}" + (f" ({one.runs} runs)" if one.runs > 1 else "")


def _advise(case: Case, asked: _Asked) -> str:
    """The best move, where there is one."""
    largest = asked.peak.running[0]
    if largest.nodes > case.value * largest.runs:
        return f"let a run of {largest.owner} take fewer nodes (nodes_per_run, instance_count), or raise {case.limit}"
    found = _find_move(case, asked) if case.spending.advise and len(asked.peak.running) > 1 else None
    return f"{found or 'let runs start at other times, or end earlier'}; or raise {case.limit}"


def _find_move(case: Case, asked: _Asked) -> Move | None:
    free = replace(asked.compute, max_nodes=None)  # runs that never fit are asked for all the same
    slots = find_quiet_slots(asked.demands, free, case.span).slots
    if not slots:
        return None
    owner = slots[0].owner
    runs = next(len(demand.arrivals) for demand in asked.demands if demand.owner == owner)
    days = max(1.0, (case.span[1] - case.span[0]) / DAY)
    return Move(slots[0], case.spending.schedules[owner].clock, runs / days)
