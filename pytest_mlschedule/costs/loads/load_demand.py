"""What schedules ask of one compute, and the line in which their runs stand."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import gt

from pytest_mlschedule.costs.durations import Duration


@dataclass(frozen=True, slots=True)
class Demand:
    """Runs of one schedule on one compute: ``owner`` is the schedule's name, ``arrivals`` are epoch seconds, ascending.

    A run asks for ``nodes`` from its arrival on, which is ``offset`` seconds after its trigger time: what earlier steps take. Steps
    of one run are a demand each, of one owner.
    Raises ValueError for less than one node and for arrivals out of order.
    """

    owner: str
    arrivals: Sequence[int]
    nodes: int
    duration: Duration
    offset: int = 0

    def __post_init__(self) -> None:
        if self.nodes < 1:
            raise ValueError(f"a run of {self.owner!r} needs at least a node, not {self.nodes}")
        if any(map(gt, self.arrivals, islice(self.arrivals, 1, None))):
            raise ValueError(f"the arrivals of {self.owner!r} are not in ascending order")

    @property
    def lengths(self) -> Sequence[int]:
        """How long its runs take, one by one, if all of them are typical, in seconds."""
        return [self.duration.typical] * len(self.arrivals)


@dataclass(frozen=True, slots=True)
class Line:
    """All runs of some demands, first in, first out: by arrival, then by owner, then in the order of demands and arrivals.

    A run has the same position in each array; of a run in steps, each step. ``places``: the index of its demand. ``runs``: which
    run it is, a number that its steps share; None where no run has several.
    """

    demands: tuple[Demand, ...]
    arrivals: array[int]
    places: array[int]
    runs: array[int] | None = None

    @property
    def nodes(self) -> list[int]:
        """What each run asks for."""
        asked = [demand.nodes for demand in self.demands]
        return [asked[place] for place in self.places]

    def count_runs(self, positions: Sequence[int] | None = None) -> int:
        """How many runs have these positions (default: all): steps of one run are one."""
        if self.runs is None:
            return len(self.places if positions is None else positions)
        return len(set(self.runs if positions is None else map(self.runs.__getitem__, positions)))

    def merge(self, values: Sequence[Iterable[int]]) -> array[int]:
        """Values by demand and run (seconds), as the line has the runs."""
        following = [iter(one).__next__ for one in values]
        return array("q", [following[place]() for place in self.places])

    def split(self, values: Iterable[int]) -> list[array[int]]:
        """Values as the line has the runs, by demand and run."""
        parts = [array("q") for _ in self.demands]
        add = [part.append for part in parts]
        for place, value in zip(self.places, values, strict=True):
            add[place](value)
        return parts


def line_up(demands: Iterable[Demand]) -> Line:
    """The line of all runs."""
    every = tuple(demands)
    count = len(every)
    ranked = sorted(range(count), key=lambda place: every[place].owner)
    # One integer a run: the arrival, and below it the rank of the demand.
    keys = sorted(chain(*([at * count + rank for at in every[place].arrivals] for rank, place in enumerate(ranked))))
    arrivals, places = array("q", [key // count for key in keys]), array("q", [ranked[key % count] for key in keys])
    return Line(every, arrivals, places, _tell_runs(every, arrivals, places))


def _tell_runs(demands: Sequence[Demand], arrivals: Iterable[int], places: Iterable[int]) -> array[int] | None:
    """Steps of one owner with one trigger time are one run."""
    owners = {owner: rank for rank, owner in enumerate({demand.owner for demand in demands})}
    count = len(owners)
    if count == len(demands):
        return None
    ranks = [owners[demand.owner] - demand.offset * count for demand in demands]
    return array("q", [at * count + ranks[place] for at, place in zip(arrivals, places, strict=True)])
