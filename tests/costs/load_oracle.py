"""The oracle: a cluster that is looked at second by second, node by node. Slow and simple on purpose."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.loads.load_demand import Demand


@dataclass(eq=False)
class Run:
    """A run or a step of one, and what became of it: ``start`` is None for one that never fits. ``whole``: which run it is."""

    place: int
    index: int
    owner: str
    arrival: int
    nodes: int
    length: int
    whole: Hashable
    start: int | None = None
    busy: int = 0
    idle: int = 0

    @property
    def order(self) -> tuple[int, str, int, int]:
        return self.arrival, self.owner, self.place, self.index

    def runs_at(self, second: int) -> bool:
        return self.start is not None and self.start <= second < self.start + self.length


def name_run(demands: Sequence[Demand], place: int, index: int) -> Hashable:
    """Steps of one schedule and one trigger time are one run."""
    demand = demands[place]
    if sum(one.owner == demand.owner for one in demands) == 1:
        return place, index
    return demand.owner, demand.arrivals[index] - demand.offset


def all_runs(demands: Sequence[Demand], lengths: Sequence[Sequence[int]]) -> list[Run]:
    """Every run, in the order of the line."""
    runs = [
        Run(place, index, demand.owner, arrival, demand.nodes, lengths[place][index], name_run(demands, place, index))
        for place, demand in enumerate(demands)
        for index, arrival in enumerate(demand.arrivals)
    ]
    return sorted(runs, key=lambda run: run.order)


@dataclass
class Warm:
    """One node, left by a run at a time."""

    since: int
    run: Run


@dataclass
class Cluster:
    """What is seen, second by second. ``counted``: runs and nodes from each second to the next."""

    runs: list[Run]
    compute: Compute
    window: tuple[int, int]
    waiting: int = 0
    allocated: int = 0
    counted: dict[int, tuple[int, int]] = field(default_factory=dict)

    def watch(self) -> Cluster:
        limit = self.compute.max_nodes
        queue = [run for run in self.runs if limit is None or run.nodes <= limit]
        lengths = sum(run.length for run in self.runs)
        last = max([self.window[1], *(run.arrival for run in self.runs)]) + lengths + self.compute.idle_seconds
        warm: list[Warm] = []
        for now in range(min([self.window[0], *(run.arrival for run in self.runs)]), last + 1):
            for run in self.runs:
                if run.start is not None and run.start + run.length == now:
                    warm += [Warm(now, run) for _ in range(run.nodes)]
            warm = [node for node in warm if now < node.since + self.compute.idle_seconds]
            while queue and queue[0].arrival <= now and (limit is None or self.used(now) + queue[0].nodes <= limit):
                started = queue.pop(0)
                started.start = now
                # The nodes that were left last are taken; as many as there are.
                warm = sorted(warm, key=lambda node: (node.since, node.run.order))[: max(0, len(warm) - started.nodes)]
            self.pay(now, warm)
        return self

    def used(self, now: int) -> int:
        return sum(run.nodes for run in self.runs if run.runs_at(now))

    def pay(self, now: int, warm: list[Warm]) -> None:
        """The second from now on."""
        least, used = self.compute.min_nodes, self.used(now)
        nodes = max(least, used + len(warm)) if self.window[0] <= now < self.window[1] else used + len(warm)
        above = max(0, min(len(warm), used + len(warm) - least))  # warm nodes that min_nodes does not keep
        for run in self.runs:
            run.busy += run.nodes * run.runs_at(now)
        for node in sorted(warm, key=lambda node: (node.since, node.run.order))[:above]:
            node.run.idle += 1
        if self.window[0] <= now < self.window[1]:
            self.waiting += nodes - used - above
            self.allocated += nodes
        else:
            self.allocated += used + above
        if used:
            self.counted[now] = (len({run.whole for run in self.runs if run.runs_at(now)}), used)

    def peak(self, column: int) -> tuple[int, int | None, int, dict[str, tuple[int, int]]]:
        """Height, first second, number of seconds, who: runs and nodes by owner."""
        height = max((pair[column] for pair in self.counted.values()), default=0)
        seconds = [now for now, pair in sorted(self.counted.items()) if pair[column] == height]
        if not seconds:
            return 0, None, 0, {}
        runs = [run for run in self.runs if run.runs_at(seconds[0])]
        owners = {run.owner for run in runs}
        who = {owner: [run for run in runs if run.owner == owner] for owner in owners}
        counted = {own: (len({run.whole for run in all_}), sum(run.nodes for run in all_)) for own, all_ in who.items()}
        return height, seconds[0], len(seconds), counted


def watch_without_limit(demands: Sequence[Demand], lengths: Sequence[Sequence[int]]) -> Cluster:
    """The same runs on a cluster that has nodes for all of them."""
    return Cluster(all_runs(demands, lengths), Compute(name="endless"), (0, 0)).watch()


def pile_ups(demands: Sequence[Demand]) -> dict[tuple[tuple[int, ...], int], list[int]]:
    """The minutes (their first second) in which the same demands meet, at least two runs: places, number of runs."""
    minutes: dict[int, list[tuple[int, Hashable]]] = {}
    for place, demand in enumerate(demands):
        for index, arrival in enumerate(demand.arrivals):
            minutes.setdefault(arrival - arrival % 60, []).append((place, name_run(demands, place, index)))
    found: dict[tuple[tuple[int, ...], int], list[int]] = {}
    for minute, met in sorted(minutes.items()):
        runs = len({run for _, run in met})
        if runs > 1:
            found.setdefault((tuple(sorted(place for place, _ in met)), runs), []).append(minute)
    return found
