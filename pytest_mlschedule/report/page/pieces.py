"""From an estimate to what runs occupy on a page: which compute, how long, how many nodes, how long they wait for them."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_mlschedule.costs.estimate import ComputeEstimate, Estimate, ScheduleEstimate
from pytest_mlschedule.costs.loads.load import Share
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.run import ScheduleRuns
from pytest_mlschedule.report.page.content import Piece


def read_pieces(plan: Plan, estimate: Estimate) -> dict[str, tuple[Piece, ...]]:
    """The pieces of each run, by the name of its schedule; ``estimate`` is that of the whole plan.

    A schedule whose durations are not known has pieces of unknown length, on the computes that it names.
    """
    parts = {part.source.schedule: part for part in plan.parts}
    found: dict[str, list[Piece]] = {name: [] for name in parts}
    for compute in estimate.computes:
        for share in compute.load.shares if compute.load else ():
            found[share.owner].append(_measured(compute, share, _first(parts[share.owner], plan)))
    for one in estimate.schedules:
        if not found[one.name]:
            found[one.name] += _unmeasured(one)
    return {name: tuple(sorted(pieces, key=lambda piece: piece.offset)) for name, pieces in found.items() if pieces}


def _first(part: ScheduleRuns, plan: Plan) -> int | None:
    """The trigger time of the first run in the window, an epoch; None without any."""
    return next(iter(part.occurrences.epochs_between(*plan.window.epochs)), None)


def _measured(compute: ComputeEstimate, share: Share, first: int | None) -> Piece:
    demand = share.demand
    return Piece(
        compute=compute.name,
        offset=demand.arrivals[0] - first if first is not None and demand.arrivals else 0,
        length=demand.lengths[0] if demand.arrivals else None,
        longest=demand.duration.p95,
        nodes=demand.nodes,
        fits=share.fits,
        waits=share.delays if any(share.delays) else (),
    )


def _unmeasured(one: ScheduleEstimate) -> Iterator[Piece]:
    """Where each run is not followed. Its length as a whole is known where it is on one compute."""
    names = one.compute.names
    length = one.compute.duration if len(names) == 1 else None
    for name in names:
        yield Piece(compute=name, length=length, nodes=one.compute.nodes if length else None)
