"""Which runs meet on which compute, and the load that they make."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.footprints import CostedSchedule, Footprint, RunPart
from pytest_mlschedule.costs.loads.load import Load, Share, measure_load
from pytest_mlschedule.costs.loads.load_demand import Demand
from pytest_mlschedule.triggers.window import Window

MOST_RUNS = 2_000_000
"""So many runs of one compute are followed one by one where its cost depends on how they meet; more are counted alone."""
MOST_FREE_RUNS = 500_000
"""So many, where it does not: a compute without idle nodes, nodes that are always on and a limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPart:
    """A part of the runs of a schedule on a compute. ``share``: what it takes there; None where runs are not followed.

    ``starts``: False for runs that never do. ``problem``: why what it takes is not known; ``hint``: what to do.
    """

    schedule: str
    part: RunPart
    share: Share | None = None
    starts: bool = True
    problem: str = ""
    hint: str = ""

    @property
    def idle(self) -> Sequence[int]:
        """Node-seconds that each run leaves idle, in the order of time; empty where runs are not followed."""
        return self.share.idle if self.share is not None else array("q")

    @property
    def idle_known(self) -> bool:
        """Whether nodes are left idle for as long as ``idle`` says."""
        return self.share is not None or not self.problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeLoad:
    """The load of one compute. ``load``: None where it cannot be followed, ``problem`` says why.

    ``missing``: schedules that use it for nobody knows how long; they are not in the load. ``counted``: busy node-seconds where
    runs are not followed and nothing else is paid for.
    """

    compute: Compute
    load: Load | None = None
    parts: tuple[LoadedPart, ...] = ()
    missing: tuple[str, ...] = ()
    problem: str = ""
    counted: int | None = None


@dataclass(frozen=True, slots=True)
class _User:
    """A part of the runs of a schedule, and how many runs there are."""

    schedule: CostedSchedule
    part: RunPart
    runs: int = field(compare=False)


def load_computes(
    schedules: Sequence[CostedSchedule],
    footprints: Mapping[str, Footprint],
    computes: Mapping[str, Compute],
    window: Window,
) -> dict[str, ComputeLoad]:
    """The load of every compute that runs use, and of those that are always on, by name."""
    start, end = window.epochs
    users: dict[str, list[_User]] = {name: [] for name, compute in computes.items() if compute.min_nodes}
    missing: dict[str, list[str]] = {}
    for schedule in schedules:
        footprint, runs = footprints[schedule.name], schedule.occurrences.count_between(start, end)
        for part in footprint.parts:
            users.setdefault(part.compute, []).append(_User(schedule, part, runs))
        for name in () if footprint.parts or not runs else footprint.computes:
            users.setdefault(name, [])
            missing.setdefault(name, []).append(schedule.name)
    return {
        name: _load(computes.get(name) or Compute(name=name), users[name], tuple(missing.get(name, ())), window)
        for name in sorted(users)
    }


def _load(compute: Compute, users: Sequence[_User], missing: tuple[str, ...], window: Window) -> ComputeLoad:
    runs = sum(user.runs for user in users)
    meets = bool(compute.idle_seconds or compute.min_nodes or compute.max_nodes)
    most = MOST_RUNS if meets else MOST_FREE_RUNS
    if runs > most:
        return _count_only(
            compute, users, missing, f"{runs:,} runs on {compute.name!r} are too many to follow each (at most {most:,})"
        )
    load = measure_load([_demand(user, window) for user in users], compute, window.epochs)
    parts = tuple(_share_out(compute, users, load.shares))
    return ComputeLoad(compute=compute, load=load, parts=parts, missing=missing)


def _demand(user: _User, window: Window) -> Demand:
    epochs = user.schedule.occurrences.epochs_between(*window.epochs)
    offset = user.part.offset
    arrivals = [epoch + offset for epoch in epochs] if offset else epochs
    return Demand(user.schedule.name, arrivals, user.part.nodes, user.part.duration, offset)


def _share_out(compute: Compute, users: Sequence[_User], shares: Sequence[Share]) -> Iterator[LoadedPart]:
    for user, share in zip(users, shares, strict=True):
        problem, hint = _find_misfit(compute, user)
        name, starts = user.schedule.name, not problem
        yield LoadedPart(schedule=name, part=user.part, share=share, starts=starts, problem=problem, hint=hint)


def _find_misfit(compute: Compute, user: _User) -> tuple[str, str]:
    """Why runs would never start, and what to do; two empty texts where they would."""
    nodes, limit = user.part.nodes, compute.max_nodes
    if limit is None or nodes <= limit or not user.runs:
        return "", ""
    problem = f"a run asks for {nodes} nodes of {compute.name!r}, which has at most {limit}: it would never start"
    return problem, f"raise max_nodes, or lower nodes_per_run of [computes.{compute.name}]"


def _count_only(compute: Compute, users: Sequence[_User], missing: tuple[str, ...], problem: str) -> ComputeLoad:
    """Too many runs: what depends on how they meet is not known; what each takes by itself is."""
    hint = "take a shorter window"
    unknown = bool(compute.idle_seconds or compute.min_nodes)
    parts, busy = list[LoadedPart](), 0
    for user in users:
        misfit = _find_misfit(compute, user)
        why, way_out = (problem, hint) if unknown else misfit
        name, starts = user.schedule.name, not misfit[0]
        parts.append(LoadedPart(schedule=name, part=user.part, starts=starts, problem=why, hint=way_out))
        busy += user.runs * user.part.nodes * user.part.duration.typical if starts else 0
    counted = None if unknown else busy
    return ComputeLoad(
        compute=compute, parts=tuple(parts), missing=missing, problem=f"{problem}: {hint}", counted=counted
    )
