"""Load against the oracle that looks at a cluster second by second, and what must hold for any load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from load_oracle import Cluster, all_runs, name_run, pile_ups, watch_without_limit

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.durations import Duration
from pytest_mlschedule.costs.loads.load import Load, measure_load
from pytest_mlschedule.costs.loads.load_demand import Demand, line_up
from pytest_mlschedule.costs.loads.load_profile import Peak
from pytest_mlschedule.costs.loads.percentiles import find_spread


@st.composite
def estates(draw: st.DrawFn) -> tuple[list[Demand], list[list[int]]]:
    """Up to five demands of few owners, and a length for each run."""
    demands, lengths = [], []
    for _ in range(draw(st.integers(0, 5))):
        arrivals = sorted(draw(st.lists(st.integers(0, 90), max_size=6, unique=True)))
        nodes = draw(st.integers(1, 4))
        duration, offset = Duration(draw(st.integers(1, 40))), draw(st.integers(0, 30))
        demands.append(Demand(draw(st.sampled_from("abc")), arrivals, nodes, duration, offset))
        lengths.append(draw(st.lists(st.integers(1, 40), min_size=len(arrivals), max_size=len(arrivals))))
    return demands, lengths


computes = (st.none() | st.integers(1, 8)).flatmap(
    lambda most: st.builds(
        Compute,
        name=st.just("cpu"),
        min_nodes=st.integers(0, 5 if most is None else min(5, most)),
        max_nodes=st.just(most),
        idle_seconds=st.integers(0, 25),
    )
)
windows = st.tuples(st.integers(0, 40), st.integers(0, 80)).map(lambda pair: (pair[0], sum(pair)))


def as_seen(peak: Peak) -> tuple[int, int | None, int, dict[str, tuple[int, int]]]:
    return peak.height, peak.first, peak.seconds, {one.owner: (one.runs, one.nodes) for one in peak.running}


@settings(max_examples=400, deadline=None)
@given(estate=estates(), compute=computes, window=windows)
def test_a_load_is_what_is_seen_second_by_second(
    estate: tuple[list[Demand], list[list[int]]], compute: Compute, window: tuple[int, int]
) -> None:
    demands, lengths = estate
    found = measure_load(demands, compute, window, lengths)
    seen, free = Cluster(all_runs(demands, lengths), compute, window).watch(), watch_without_limit(demands, lengths)
    assert (as_seen(found.asked_runs), as_seen(found.asked_nodes)) == (free.peak(0), free.peak(1))
    assert as_seen(found.used_nodes) == seen.peak(1)
    for place, share in enumerate(found.shares):
        runs = [run for run in seen.runs if run.place == place and run.start is not None]
        runs.sort(key=lambda run: run.index)
        assert list(share.delays) == [(run.start or 0) - run.arrival for run in runs]
        assert list(share.idle) == [run.idle for run in runs]
        assert share.busy == sum(run.busy for run in runs)
    assert found.waiting == seen.waiting
    assert found.node_seconds == seen.allocated
    for start, end, nodes in found.profile.steps((0, 400)):
        assert {seen.counted.get(second, (0, 0))[1] for second in range(start, end)} <= {nodes}


@settings(max_examples=200, deadline=None)
@given(estate=estates(), compute=computes)
def test_delays_add_up(estate: tuple[list[Demand], list[list[int]]], compute: Compute) -> None:
    found = measure_load(estate[0], compute, (0, 100))
    demands, waits = estate[0], dict[Hashable, int]()
    for place, share in enumerate(found.shares):
        for index, delay in enumerate(share.delays):
            run = name_run(demands, place, index)
            waits[run] = max(delay, waits.get(run, 0))
    delays = list(waits.values())
    assert (found.delays.runs, found.delays.total) == (len(delays), sum(delays))
    assert (found.delays.longest, found.delays.delayed) == (max(delays, default=0), sum(map(bool, delays)))
    if delays:
        assert (found.delays.p50, found.delays.p95) == find_spread(delays)
        assert found.delays.mean == sum(delays) / len(delays)
    worst = [
        (arrival, share.owner)
        for share in found.shares
        for arrival, delay in zip(share.demand.arrivals, share.delays, strict=False)
        if delay == found.delays.longest > 0
    ]
    assert (found.delays.longest_at, found.delays.longest_owner) == min(worst, default=(None, None))
    if compute.max_nodes is None:
        assert not any(delays)
    else:
        assert found.used_nodes.height <= compute.max_nodes


@settings(max_examples=200, deadline=None)
@given(estate=estates(), compute=computes)
def test_nobody_overtakes(estate: tuple[list[Demand], list[list[int]]], compute: Compute) -> None:
    demands, lengths = estate
    found = measure_load(demands, compute, (0, 100), lengths)
    line = sorted(
        (arrival, share.owner, place, index, arrival + delay)
        for place, share in enumerate(found.shares)
        for index, (arrival, delay) in enumerate(zip(share.demand.arrivals, share.delays, strict=False))
    )
    assert all(one[-1] <= other[-1] for one, other in pairwise(line))


@settings(max_examples=200, deadline=None)
@given(estate=estates(), compute=computes)
def test_the_order_of_demands_does_not_matter(estate: tuple[list[Demand], list[list[int]]], compute: Compute) -> None:
    named = [
        (Demand(f"{at}", one.arrivals, one.nodes, one.duration), times)
        for at, (one, times) in enumerate(zip(*estate, strict=True))
    ]

    def measure(pairs: list[tuple[Demand, list[int]]]) -> Load:
        return measure_load([demand for demand, _ in pairs], compute, (0, 100), [times for _, times in pairs])

    one, other = measure(named), measure(named[::-1])
    assert one.shares == other.shares[::-1]
    for name in ("asked_runs", "asked_nodes", "used_nodes", "delays", "waiting", "pile_ups", "profile"):
        assert getattr(one, name) == getattr(other, name)


@settings(max_examples=200, deadline=None)
@given(
    demands=st.lists(
        st.builds(
            Demand,
            st.sampled_from("abc"),
            st.lists(st.integers(0, 500), max_size=8, unique=True).map(sorted),
            st.integers(1, 3),
            st.just(Duration(1)),
            st.integers(0, 90),
        ),
        max_size=5,
    )
)
def test_pile_ups_are_counted_minute_by_minute(demands: list[Demand]) -> None:
    found = measure_load(demands, Compute(name="cpu"), (0, 600)).pile_ups
    expected = []
    for (places, runs), minutes in pile_ups(demands).items():
        nodes = sum(demands[place].nodes for place in places)
        expected.append((-runs, -nodes, minutes[0], len(minutes)))
    assert [(-one.runs, -one.nodes, one.first, one.times) for one in found] == sorted(expected)[:5]
    for one in found:
        assert (sum(who.runs for who in one.owners), sum(who.nodes for who in one.owners)) == (one.runs, one.nodes)
        arrived = {
            (demand.owner, name_run(demands, place, index))
            for place, demand in enumerate(demands)
            for index, at in enumerate(demand.arrivals)
            if at // 60 * 60 == one.first
        }
        assert {who.owner: who.runs for who in one.owners} == Counter(owner for owner, _ in arrived)


@given(estate=estates())
def test_values_go_into_the_line_and_out_of_it(estate: tuple[list[Demand], list[list[int]]]) -> None:
    demands, lengths = estate
    line = line_up(demands)
    runs = all_runs(demands, lengths)
    assert list(line.merge(lengths)) == [run.length for run in runs]
    assert [list(part) for part in line.split(line.merge(lengths))] == lengths
    assert list(line.arrivals) == [run.arrival for run in runs]
    assert line.nodes == [run.nodes for run in runs]
