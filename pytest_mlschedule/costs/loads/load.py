"""How full a compute gets: what its runs ask for, how long they wait, which nodes they use and leave idle."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import sub

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.loads.load_demand import Demand, Line, line_up
from pytest_mlschedule.costs.loads.load_idle import measure_idle, measure_waiting
from pytest_mlschedule.costs.loads.load_profile import Course, Peak, Profile, find_peak, measure_profile
from pytest_mlschedule.costs.loads.pile_ups import PileUp, find_pile_ups
from pytest_mlschedule.costs.loads.queueing import Delays, measure_delays, run_at_once, settle


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What the runs of one demand take. Seconds and node-seconds.

    ``fits``: False where a run asks for more nodes than the compute can ever have: none of them starts. ``busy``: nodes times
    length of every run, also of what lies behind the window. ``idle`` and ``delays``: of each run, in the order of ``arrivals``;
    empty where they do not fit.
    """

    demand: Demand = field(repr=False)
    fits: bool = True
    busy: int = 0
    idle: array[int] = field(default_factory=lambda: array("q"), repr=False)
    delays: array[int] = field(default_factory=lambda: array("q"), repr=False)

    @property
    def owner(self) -> str:
        """The schedule's name."""
        return self.demand.owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The load of one compute by all runs that arrive in a window.

    ``asked_runs``, ``asked_nodes``: peaks as if there were no limit: each run starts when it arrives, also those that never fit.
    ``used_nodes``: the peak under the limit. ``delays``: of all runs that fit. ``shares``: one a demand, in the order in which they
    were given. ``waiting``: node-seconds in the window in which ``min_nodes`` are on and not used. ``pile_ups``: runs that arrive
    in the same minute. ``profile``: runs and nodes at a time, under the limit.
    """

    asked_runs: Peak
    asked_nodes: Peak
    used_nodes: Peak
    delays: Delays
    shares: tuple[Share, ...]
    waiting: int
    pile_ups: tuple[PileUp, ...]
    profile: Profile = field(repr=False)

    @property
    def busy(self) -> int:
        """Node-seconds in which something runs."""
        return sum(share.busy for share in self.shares)

    @property
    def idle(self) -> int:
        """Node-seconds in which nodes above ``min_nodes`` are on after a run has left them."""
        return sum(sum(share.idle) for share in self.shares)

    @property
    def node_seconds(self) -> int:
        """All that is paid for: busy, idle and waiting."""
        return self.busy + self.idle + self.waiting

    @property
    def never_fit(self) -> tuple[Demand, ...]:
        """Demands whose runs never start: one of them asks for more nodes than the compute can have."""
        return tuple(share.demand for share in self.shares if not share.fits)


def measure_load(
    demands: Iterable[Demand],
    compute: Compute,
    window: tuple[int, int],
    lengths: Sequence[Sequence[int]] | None = None,
) -> Load:
    """The load of a compute in a half-open window of epochs, in which the demands arrive.

    The compute is empty when the window starts. The nodes that ``max_nodes`` allows go first in, first out: a run starts when its
    nodes are free and the one ahead of it has started. ``lengths``: how long each run takes, by demand and run, at least a second;
    default: all of them what is typical. Raises ValueError for a window that ends before it starts.
    """
    check_window(window)
    whole = line_up(demands)
    taken = [demand.lengths for demand in whole.demands] if lengths is None else lengths
    asked = run_at_once(whole, taken)
    asked_profile = measure_profile(asked)
    asked_nodes = find_peak(asked, asked_profile, asked_profile.nodes)
    course = settle(asked, taken, compute.max_nodes, asked_nodes.height)
    profile = asked_profile if course is asked else measure_profile(course)
    return Load(
        asked_runs=find_peak(asked, asked_profile, asked_profile.runs),
        asked_nodes=asked_nodes,
        used_nodes=asked_nodes if course is asked else find_peak(course, profile, profile.nodes),
        delays=measure_delays(course),
        shares=_share(whole, course, compute),
        waiting=measure_waiting(profile, compute, window),
        pile_ups=find_pile_ups(whole),
        profile=profile,
    )


def check_window(window: tuple[int, int]) -> None:
    """Raises ValueError for a window that ends before it starts."""
    if window[1] < window[0]:
        raise ValueError(f"the window ends ({window[1]}) before it starts ({window[0]})")


def _share(whole: Line, course: Course, compute: Compute) -> tuple[Share, ...]:
    line = course.line
    lengths = line.split(map(sub, course.ends, course.starts))
    columns = zip(
        whole.demands,
        lengths,
        line.split(measure_idle(course, compute)),
        line.split(map(sub, course.starts, line.arrivals)),
        strict=True,
    )
    return tuple(
        Share(
            demand=demand,
            fits=compute.max_nodes is None or demand.nodes <= compute.max_nodes,
            busy=demand.nodes * sum(taken),
            idle=idle,
            delays=delays,
        )
        for demand, taken, idle, delays in columns
    )
