"""The oracle of bills: every second of every node is looked at and paid for, in fractions. Slow and simple on purpose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from pytest_mlschedule.costs.computes import Compute

PLACES = 10**10


@dataclass(frozen=True)
class Piece:
    """What a run takes of one compute: nodes, from ``offset`` seconds after its trigger on."""

    compute: str
    nodes: int
    offset: int
    length: int


@dataclass(frozen=True)
class Planned:
    """A schedule: trigger times (seconds) and the pieces of each run."""

    name: str
    times: tuple[int, ...]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Terms:
    """What is paid: a node an hour by compute, an execution above the free ones, and what everything is multiplied by."""

    hourly: dict[str, Fraction]
    execution: Fraction
    free: int
    actions: int
    factor: Fraction


@dataclass
class Paid:
    """What one schedule pays, by the month of its runs; None: not known."""

    runs: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    compute: dict[tuple[int, str], Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    logic_app: dict[str, Fraction] = field(default_factory=dict)
    never: bool = False


@dataclass(eq=False)
class _Run:
    """A piece of one run. ``rank``: its place in the line."""

    owner: str
    month: str
    piece: int
    nodes: int
    length: int
    rank: tuple[int, str, int, int]
    start: int | None = None

    @property
    def end(self) -> int:
        return -1 if self.start is None else self.start + self.length

    @property
    def arrival(self) -> int:
        return self.rank[0]

    def runs_at(self, second: int) -> bool:
        return self.start is not None and self.start <= second < self.end


def rounded(amount: Fraction) -> Fraction:
    """To ten places, half to even."""
    return Fraction(round(amount * PLACES), PLACES)


def pay_all(
    schedules: Sequence[Planned], computes: Sequence[Compute], terms: Terms, months: dict[str, tuple[int, int]]
) -> tuple[dict[str, Paid], dict[str, Fraction]]:
    """What each schedule pays, and by compute what nobody but the team pays: nodes that are always on.

    ``months``: half-open spans of seconds that follow one another; together they are the window.
    """
    window = min(start for start, _ in months.values()), max(end for _, end in months.values())
    paid = {one.name: Paid() for one in schedules}
    lines: dict[str, list[_Run]] = {one.name: [] for one in computes}
    for place, one in enumerate(schedules):
        for index, time in enumerate(time for time in one.times if window[0] <= time < window[1]):
            month = next(name for name, (start, end) in months.items() if start <= time < end)
            paid[one.name].runs[month] += 1
            for number, piece in enumerate(one.pieces):
                rank = time + piece.offset, one.name, place * 10 + number, index
                run = _Run(one.name, month, number, piece.nodes, piece.length, rank)
                lines[piece.compute].append(run)
    always_on = {
        one.name: _watch(sorted(lines[one.name], key=lambda run: run.rank), one, terms, window, paid)
        for one in computes
    }
    for month in months:
        _pay_logic_apps(paid, month, terms)
    return paid, always_on


def _watch(
    runs: list[_Run], compute: Compute, terms: Terms, window: tuple[int, int], paid: dict[str, Paid]
) -> Fraction:
    """Second by second: who starts, which nodes are left, and who pays for them."""
    second_of_node = terms.hourly[compute.name] * terms.factor / 3600
    limit, least = compute.max_nodes, compute.min_nodes
    for run in runs:
        if limit is not None and run.nodes > limit:
            paid[run.owner].never = True
    line = [run for run in runs if limit is None or run.nodes <= limit]
    waiting = list(line)
    left: list[tuple[int, _Run]] = []  # one for each node that nobody uses: since when, by which run
    always_on = Fraction(0)
    now = window[0]
    while now < window[1] or waiting or left or any(run.end >= now for run in line):
        left += [
            (now, run)
            for run in line
            if run.start is not None and run.start + run.length == now
            for _ in range(run.nodes)
        ]
        left = [(since, run) for since, run in left if now < since + compute.idle_seconds]
        left.sort(key=lambda node: (node[0], node[1].rank))
        used = sum(run.nodes for run in line if run.runs_at(now))
        while waiting and waiting[0].arrival <= now and (limit is None or used + waiting[0].nodes <= limit):
            run = waiting.pop(0)
            run.start = now
            used += run.nodes
            left = left[: max(0, len(left) - run.nodes)]  # what was left last is taken
        for run in line:
            if run.runs_at(now):
                paid[run.owner].compute[run.piece, run.month] += run.nodes * second_of_node
        blamed = max(0, min(len(left), used + len(left) - least))
        for _, run in left[:blamed]:
            paid[run.owner].compute[run.piece, run.month] += second_of_node
        if window[0] <= now < window[1]:
            always_on += max(0, least - used) * second_of_node
        now += 1
    return always_on


def _pay_logic_apps(paid: dict[str, Paid], month: str, terms: Terms) -> None:
    executions = {name: one.runs[month] * terms.actions for name, one in paid.items()}
    total = sum(executions.values())
    charge = rounded(max(0, total - terms.free) * terms.execution * terms.factor)
    for name, own in executions.items():
        paid[name].logic_app[month] = charge * own / total if total else Fraction(0)
