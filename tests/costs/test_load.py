"""Load: peaks, queues, idle nodes, pile-ups; each case by hand."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import pytest

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.durations import Duration
from pytest_mlschedule.costs.loads.load import Load, measure_load
from pytest_mlschedule.costs.loads.load_demand import Demand
from pytest_mlschedule.costs.loads.load_profile import Peak, Running
from pytest_mlschedule.costs.loads.pile_ups import PileUp
from pytest_mlschedule.costs.loads.queueing import Delays

WINDOW = (0, 1_000)


def ask(owner: str, arrivals: Sequence[int], length: int, nodes: int = 1) -> Demand:
    return Demand(owner, arrivals, nodes, Duration(length))


def load(*demands: Demand, **compute: int) -> Load:
    return measure_load(demands, Compute(name="cpu", **compute), WINDOW)


def test_nothing_runs() -> None:
    for empty in (load(), load(ask("a", [], 60))):
        assert empty.asked_runs == empty.asked_nodes == empty.used_nodes == Peak(0, None, 0, ())
        assert empty.delays == Delays()
        assert empty.delays.mean == 0
        assert (empty.busy, empty.idle, empty.waiting, empty.pile_ups, empty.never_fit) == (0, 0, 0, (), ())
    assert load(min_nodes=2).node_seconds == 2 * 1_000
    assert measure_load([], Compute(name="cpu", min_nodes=2), (5, 5)).node_seconds == 0


def test_peaks_say_when_how_long_and_who() -> None:
    # a runs 0-100 and 200-300 on 1 node, b 50-150 and 250-350 on 3: two runs and 4 nodes at 50-100 and 250-300, 50 + 50 seconds.
    found = load(ask("a", [0, 200], 100), ask("b", [50, 250], 100, 3))
    both = (Running("b", 1, 3), Running("a", 1, 1))
    assert found.asked_runs == Peak(2, 50, 100, both)
    assert found.asked_nodes == found.used_nodes == Peak(4, 50, 100, both)
    assert found.busy == 2 * 100 * 1 + 2 * 100 * 3


def test_most_runs_and_most_nodes_may_be_at_different_times() -> None:
    found = load(ask("small", [0, 10], 100), ask("large", [500], 100, 5))
    assert found.asked_runs == Peak(2, 10, 90, (Running("small", 2, 2),))
    assert found.asked_nodes == Peak(5, 500, 100, (Running("large", 1, 5),))


def test_a_node_that_a_run_leaves_is_free_at_that_instant() -> None:
    # One ends at 100, where the other starts.
    found = load(ask("a", [0], 100), ask("b", [100], 100), max_nodes=1)
    assert found.asked_nodes.height == 1
    assert found.asked_nodes.seconds == 200
    assert found.delays == Delays(2)


def test_runs_wait_first_in_first_out() -> None:
    # Two nodes. a takes both from 0 to 100. b (2 nodes, from 10 on) starts at 100. c wants one node from 20 on and must not overtake
    # b: it starts when b ends, at 200. d arrives at 300 with c still there (200-300): c ends at 300, nothing to wait for.
    found = load(
        ask("a", [0], 100, 2), ask("b", [10], 100, 2), ask("c", [20], 100, 1), ask("d", [300], 10, 2), max_nodes=2
    )
    assert [list(share.delays) for share in found.shares] == [[0], [90], [180], [0]]
    # Of 4 runs the 2nd smallest is the 50th percentile (0, 0, 90, 180), the 4th the 95th.
    assert found.delays == Delays(4, 2, 180, 20, "c", 0, 180, 270)
    assert found.delays.mean == 270 / 4
    assert found.asked_nodes == Peak(5, 20, 80, (Running("a", 1, 2), Running("b", 1, 2), Running("c", 1, 1)))
    assert found.used_nodes == Peak(2, 0, 210, (Running("a", 1, 2),))


def test_at_the_same_time_names_decide_who_is_first() -> None:
    found = load(ask("b", [0], 100), ask("a", [0], 100), ask("a", [0], 50), max_nodes=1)
    # a's two runs in their order: 0-100, 100-150; then b at 150.
    assert [list(share.delays) for share in found.shares] == [[150], [0], [100]]


def test_percentiles_of_delays_count_runs_that_do_not_wait() -> None:
    # 20 runs of 10 s on one node: each arrives 9 s after the one before, so the k-th waits k seconds: 0 ... 19.
    found = load(ask("a", range(0, 180, 9), 10), max_nodes=1)
    assert list(found.shares[0].delays) == list(range(20))
    # The 10th of 20 values is 9, the 19th is 18; the sum is 19 x 20 / 2.
    assert found.delays == Delays(20, 19, 19, 171, "a", 9, 18, 190)
    # With 380 runs besides that wait for nothing: of 400 values, the 380th is 0, so is the 200th.
    more = load(ask("a", range(0, 180, 9), 10), ask("b", range(400, 780), 1), max_nodes=1)
    assert (more.delays.runs, more.delays.p50, more.delays.p95, more.delays.longest) == (400, 0, 0, 19)


def test_what_never_fits_is_apart_and_stops_nobody() -> None:
    found = load(ask("large", [0, 10], 100, 5), ask("small", [20], 100, 2), max_nodes=4)
    assert found.never_fit == (ask("large", [0, 10], 100, 5),)
    large, small = found.shares
    assert (large.fits, large.busy, large.idle, large.delays) == (False, 0, array("q"), array("q"))
    assert (small.fits, small.busy, list(small.delays), small.owner) == (True, 200, [0], "small")
    # 5 from 0 on, 10 from 10 on, 12 from 20 to 100.
    assert found.asked_nodes.height == 12
    assert found.used_nodes == Peak(2, 20, 100, (Running("small", 1, 2),))
    assert found.delays == Delays(1)


def test_steps_of_a_run_are_one_run() -> None:
    """Two steps at once (0-100, 0-50) and one that follows after 30 s (130-230), of runs at 0 and 600: 2 runs, never 2 at a time."""
    starts = [0, 600]
    steps = [
        Demand("a", starts, 1, Duration(100)),
        Demand("a", starts, 2, Duration(50)),
        Demand("a", [at + 130 for at in starts], 1, Duration(100), 130),
    ]
    found = load(*steps)
    assert found.asked_runs == Peak(1, 0, 2 * 200, (Running("a", 1, 3),))
    assert found.asked_nodes == Peak(3, 0, 2 * 50, (Running("a", 1, 3),))
    assert list(found.profile.runs) == [1, 1, 0, 1, 0, 1, 1, 0, 1, 0]
    assert found.pile_ups == ()
    # On 2 nodes the step that takes both waits 100 s, that of one node after it till 150; of each run the longest counts: 100.
    waiting = load(*steps, max_nodes=2)
    assert [list(share.delays) for share in waiting.shares] == [[0, 0], [100, 100], [20, 20]]
    assert waiting.delays == Delays(2, 2, 100, 0, "a", 100, 100, 200)
    # With another schedule in that minute there are two runs, not three.
    with_other = load(*steps, ask("b", [5], 10))
    assert with_other.pile_ups == (PileUp(0, 2, 4, (Running("a", 1, 3), Running("b", 1, 1)), 1),)


def test_runs_that_arrive_in_one_minute_pile_up() -> None:
    found = load(ask("a", [0, 60, 120], 1), ask("b", [59, 60, 180], 1, 4), ask("c", [61, 121], 1))
    # Minute 0: a, b. Minute 1: a, b, c. Minute 2: a, c. Minute 3: b alone is none.
    everyone = (Running("b", 1, 4), Running("a", 1, 1), Running("c", 1, 1))
    assert found.pile_ups == (
        PileUp(60, 3, 6, everyone, 1),
        PileUp(0, 2, 5, everyone[:2], 1),
        PileUp(120, 2, 2, everyone[1:], 1),
    )


def test_the_same_runs_pile_up_every_day_once() -> None:
    days = range(0, 10 * 86_400, 86_400)
    found = measure_load([ask("a", days, 60), ask("b", days, 60)], Compute(name="cpu"), (0, 10 * 86_400))
    assert found.pile_ups == (PileUp(0, 2, 2, (Running("a", 1, 1), Running("b", 1, 1)), 10),)


def test_five_pile_ups_at_most() -> None:
    # Two more each minute: 2, 4, ... 14 runs.
    found = load(ask("a", [minute * 60 for minute in range(7) for _ in range(2 * minute + 2)], 1))
    assert [(one.first, one.runs) for one in found.pile_ups] == [(360, 14), (300, 12), (240, 10), (180, 8), (120, 6)]


# Nodes that are on and do nothing.


def test_a_node_is_idle_after_a_run_until_its_time_is_over() -> None:
    # 3 nodes x 60 s, and as long once more: 100 + 60 = 160.
    found = load(ask("a", [0, 500], 100, 3), idle_seconds=60)
    assert list(found.shares[0].idle) == [180, 180]
    assert (found.busy, found.idle, found.waiting) == (600, 360, 0)
    assert found.node_seconds == 960


def test_a_run_takes_the_idle_node_that_was_left_last() -> None:
    # a leaves its node at 100, b at 120; c takes b's at 130 (10 s idle), a's stays until 100 + 60. c's own: 230-290.
    found = load(ask("a", [0], 100), ask("b", [0], 120), ask("c", [130], 100), idle_seconds=60)
    assert [list(share.idle) for share in found.shares] == [[60], [10], [60]]


def test_a_run_takes_part_of_the_nodes_that_another_left() -> None:
    # a leaves 3 at 100. b takes 2 at 110: 2 x 10 s idle, the third 60 s. b leaves its 2 at 160, for 60 s each.
    found = load(ask("a", [0], 100, 3), ask("b", [110], 50, 2), idle_seconds=60)
    assert [list(share.idle) for share in found.shares] == [[2 * 10 + 60], [120]]


def test_a_run_takes_the_nodes_of_several_and_new_ones() -> None:
    # a leaves 1 at 100, b 1 at 120; c takes both at 130 and two new ones: a 30 s idle, b 10 s.
    found = load(ask("a", [0], 100), ask("b", [0], 120), ask("c", [130], 100, 4), idle_seconds=60)
    assert [list(share.idle) for share in found.shares] == [[30], [10], [240]]


def test_a_node_whose_time_is_over_is_a_new_one() -> None:
    # At 160 the node of a is gone: 60 s idle, and b pays its own.
    found = load(ask("a", [0], 100), ask("b", [160], 100), idle_seconds=60)
    assert [list(share.idle) for share in found.shares] == [[60], [60]]


def test_nodes_that_are_always_on_wait_while_nothing_runs() -> None:
    # Two nodes for 1,000 s, of which a run uses one for 100 s: 2,000 - 100. A warm node is one of the two: nothing is idle.
    found = load(ask("a", [0], 100), min_nodes=2, idle_seconds=60)
    assert (found.busy, found.idle, found.waiting) == (100, 0, 1_900)


def test_nodes_above_those_that_are_always_on_are_idle() -> None:
    # a uses 3 nodes until 100, of which 1 is always on: 2 x 60 s idle. The third waits: 1,000 - 100.
    found = load(ask("a", [0], 100, 3), min_nodes=1, idle_seconds=60)
    assert (found.busy, found.idle, found.waiting) == (300, 120, 900)


def test_who_leaves_first_pays_what_is_above_the_minimum() -> None:
    # a leaves a node at 100 with b still there (until 120): one more than min_nodes, 60 s. b's is then the one that stays on.
    found = load(ask("a", [0], 100), ask("b", [0], 120), min_nodes=1, idle_seconds=60)
    assert [list(share.idle) for share in found.shares] == [[60], [0]]
    assert found.waiting == 1_000 - 120


def test_runs_count_beyond_the_window_and_nodes_that_are_always_on_do_not() -> None:
    # From 900 to 1,100 on 3 nodes; idle until 1,160: two of them, as one is always on. It waits 900 s, before the run.
    found = load(ask("a", [900], 200, 3), min_nodes=1, idle_seconds=60)
    assert (found.busy, found.idle, found.waiting) == (600, 120, 900)


def test_lengths_may_be_said_run_by_run() -> None:
    found = measure_load([ask("a", [0, 10], 1), ask("b", [5], 1, 2)], Compute(name="cpu"), WINDOW, [[20, 30], [40]])
    assert [share.busy for share in found.shares] == [50, 80]


def test_profiles_are_cut_to_a_window() -> None:
    profile = load(ask("a", [100], 50, 2), ask("b", [150], 50, 1)).profile
    assert [list(column) for column in (profile.times, profile.runs, profile.nodes)] == [
        [100, 150, 200],
        [1, 1, 0],
        [2, 1, 0],
    ]
    assert list(profile.steps((0, 1_000))) == [(0, 100, 0), (100, 150, 2), (150, 200, 1), (200, 1_000, 0)]
    assert list(profile.steps((120, 150))) == [(120, 150, 2)]
    assert list(profile.steps((150, 160))) == [(150, 160, 1)]
    assert list(profile.steps((0, 50))) == [(0, 50, 0)]
    assert list(profile.steps((300, 400))) == [(300, 400, 0)]


@pytest.mark.parametrize(
    ("arrivals", "nodes", "problem"),
    [
        ([0], 0, "a run of 'a' needs at least a node, not 0"),
        ([5, 4], 1, "the arrivals of 'a' are not in ascending order"),
    ],
)
def test_a_demand_is_refused(arrivals: list[int], nodes: int, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        ask("a", arrivals, 10, nodes)


def test_a_window_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match=r"the window ends \(1\) before it starts \(2\)"):
        measure_load([], Compute(name="cpu"), (2, 1))
