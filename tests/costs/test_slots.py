"""Better times: by hand, and against every shift tried on a grid of five minutes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.durations import Duration
from pytest_mlschedule.costs.loads import slots
from pytest_mlschedule.costs.loads.load_demand import Demand
from pytest_mlschedule.costs.loads.slots import Slot, SlotSearch, find_quiet_slots

MINUTE = 60
HOUR = 3_600
DAY = 24 * HOUR
CPU = Compute(name="cpu")
START = 20_000 * DAY
WEEK = (START, START + 7 * DAY)


def daily(owner: str, hour: float, length: int, nodes: int = 1, days: int = 7) -> Demand:
    first = START + round(hour * HOUR)
    return Demand(owner, range(first, first + days * DAY, DAY), nodes, Duration(length))


def test_a_schedule_moves_to_where_the_others_are_not() -> None:
    # Every day at 02:00: a on 7 nodes until 03:40, b on 5 until 03:00: 12. b fits behind a: 100 minutes later, at 03:40.
    # a fits behind b: an hour later. Before each other: b an hour earlier (01:00), a 100 minutes earlier.
    search = find_quiet_slots([daily("a", 2, 100 * MINUTE, 7), daily("b", 2, HOUR, 5)], CPU, WEEK)
    at = START + 2 * HOUR
    assert search == SlotSearch(
        (Slot("a", HOUR, 12, 7, at, at + HOUR), Slot("b", -HOUR, 12, 7, at, at - HOUR)),
    )


def test_the_lowest_peak_counts_more_than_the_smallest_move() -> None:
    # b at 02:00 (1 h) on a's 4 nodes; c takes 2 from 03:00 to 05:00 and 01:00 to 02:00. Two hours would do to be alone: 05:00.
    others = [daily("a", 2, HOUR, 4), daily("c", 3, 2 * HOUR, 2), daily("d", 0, 2 * HOUR, 2)]
    search = find_quiet_slots([*others, daily("b", 2, HOUR, 3)], CPU, WEEK)
    best = {slot.owner: slot for slot in search.slots}
    # 4 is the peak of a alone, whatever b does; b + c would be 5: to 05:00, 3 hours later, or 3 hours earlier: 23:00.
    assert best["b"][1:4] == (3 * HOUR, 7, 4)
    # a alone where nobody is: 4 again; with c or d it would be 6. The same distances.
    assert best["a"][1:4] == (3 * HOUR, 7, 4)


def test_times_that_are_no_multiple_of_five_minutes_move_by_multiples() -> None:
    # a runs from 02:00 for 62 minutes; b at 02:07 waits until 03:02 at least: 55 minutes later it is 03:02.
    # Earlier: b takes 10 minutes, so 01:50 at the latest: 17 minutes, in steps of five 20.
    search = find_quiet_slots([daily("a", 2, 62 * MINUTE, 3), daily("b", 2 + 7 / 60, 10 * MINUTE)], CPU, WEEK)
    at = START + 2 * HOUR + 7 * MINUTE
    # a: 17 minutes later at least, thus 20; or 55 earlier, where it ends at 02:07.
    assert search.slots == (
        Slot("a", 20 * MINUTE, 4, 3, START + 2 * HOUR, START + 2 * HOUR + 20 * MINUTE),
        Slot("b", -20 * MINUTE, 4, 3, at, at - 20 * MINUTE),
    )


def test_a_move_that_only_helps_a_little_is_told_too() -> None:
    # c is there all day with 5 nodes: 12 becomes 5 + 4.
    always = Demand("c", [START], 5, Duration(7 * DAY))
    search = find_quiet_slots([always, daily("a", 2, HOUR, 4), daily("b", 2, HOUR, 3)], CPU, WEEK)
    assert {slot.owner: (slot.seconds, slot.old_peak, slot.new_peak) for slot in search.slots} == {
        "a": (HOUR, 12, 9),
        "b": (HOUR, 12, 9),
    }
    assert search.too_frequent == search.not_tried == ()


def test_nothing_lowers_a_peak_that_others_make_too() -> None:
    search = find_quiet_slots([daily("a", 2, HOUR, 3), daily("b", 2, HOUR, 3), daily("c", 9, HOUR, 6)], CPU, WEEK)
    assert search == SlotSearch()
    assert find_quiet_slots([], CPU, WEEK) == SlotSearch()
    # One alone is its own peak.
    assert find_quiet_slots([daily("a", 2, HOUR, 3)], CPU, WEEK) == SlotSearch()
    # Busy all the time: nowhere to go.
    always = Demand("c", [START], 5, Duration(7 * DAY))
    assert find_quiet_slots([always, daily("a", 2, HOUR)], CPU, WEEK) == SlotSearch()


def test_who_runs_all_the_time_is_not_moved() -> None:
    often = Demand("often", range(START, START + 7 * DAY, 30 * MINUTE), 2, Duration(20 * MINUTE))
    hourly = Demand("hourly", range(START, START + 7 * DAY, HOUR), 1, Duration(10 * MINUTE))
    search = find_quiet_slots([often, hourly, Demand("none", [], 1, Duration(1))], CPU, WEEK)
    assert search.too_frequent == ("often",)
    # 24 a day may move: into the ten minutes that are left between :20 and :30. 20 minutes later, or 10 earlier: :50 to :00.
    assert search.slots == (Slot("hourly", -10 * MINUTE, 3, 2, START, START - 10 * MINUTE),)


def test_eight_are_tried_those_with_most_nodes_first() -> None:
    demands = [daily(f"s{nodes:02}", 2, HOUR, nodes) for nodes in range(1, 11)]
    search = find_quiet_slots(demands, CPU, WEEK)
    assert search.not_tried == ("s02", "s01")
    # 55 in all: without the largest 45, without the smallest of those tried 52.
    assert [(slot.owner, slot.new_peak) for slot in search.slots] == [(f"s{n:02}", 55 - n) for n in range(10, 2, -1)]
    assert {slot.seconds for slot in search.slots} == {HOUR}


def test_a_search_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    demands = [daily("a", 2, HOUR, 2), daily("b", 2, 10 * MINUTE)]
    # a looks once for each shift that fails (5 minutes later, 5 earlier), then at 10 minutes later for seven runs: 9.
    monkeypatch.setattr(slots, "MOST_LOOKS", 9)
    search = find_quiet_slots(demands, CPU, WEEK)
    assert [slot[:2] for slot in search.slots] == [("a", 10 * MINUTE)]
    assert search.not_tried == ("b",)
    monkeypatch.setattr(slots, "MOST_LOOKS", 8)
    assert find_quiet_slots(demands, CPU, WEEK).not_tried == ("a", "b")


def test_what_never_fits_does_not_count() -> None:
    demands = [daily("a", 2, HOUR, 2), daily("b", 2, HOUR, 1), daily("giant", 2, HOUR, 50)]
    search = find_quiet_slots(demands, Compute(name="cpu", max_nodes=10), WEEK)
    assert {(slot.owner, slot.old_peak, slot.new_peak) for slot in search.slots} == {("a", 3, 2), ("b", 3, 2)}


def test_steps_of_one_schedule_move_together_and_times_are_those_of_the_trigger() -> None:
    # Each day x starts at 01:00 with a step of an hour, and at 02:00 with another, which meets y (02:00 to 03:00).
    first = range(START + HOUR, WEEK[1], DAY)
    second = range(START + 2 * HOUR, WEEK[1], DAY)
    steps = [Demand("x", first, 1, Duration(HOUR)), Demand("x", second, 1, Duration(HOUR), offset=HOUR)]
    search = find_quiet_slots([*steps, daily("y", 2, HOUR)], CPU, WEEK)
    # An hour later its first step meets y, an hour earlier nobody does.
    assert search.slots == (
        Slot("x", -HOUR, 2, 1, START + HOUR, START),
        Slot("y", HOUR, 2, 1, START + 2 * HOUR, START + 3 * HOUR),
    )


def test_the_last_run_before_the_peak_is_the_one_that_is_told() -> None:
    # x every day at 01:00 for 30 hours: from the second day on two of them run from 01:00 to 07:00, and y (02:00 to 03:00) on top.
    demands = [daily("x", 1, 30 * HOUR), daily("y", 2, HOUR)]
    day = START + DAY
    # x starts when y ends. y ends when the second x starts (two hours earlier), or starts at 07:00 (five later).
    assert find_quiet_slots(demands, CPU, WEEK).slots == (
        Slot("x", 2 * HOUR, 3, 2, day + HOUR, day + 3 * HOUR),
        Slot("y", -2 * HOUR, 3, 2, day + 2 * HOUR, day),
    )


def test_a_window_of_less_than_a_day_gives_no_advice() -> None:
    demands = [daily("a", 2, HOUR, days=1), daily("b", 2, HOUR, days=1)]
    assert find_quiet_slots(demands, CPU, (START, START + DAY - 1)) == SlotSearch()
    assert len(find_quiet_slots(demands, CPU, (START, START + DAY)).slots) == 2
    with pytest.raises(ValueError, match="the window ends"):
        find_quiet_slots(demands, CPU, (1, 0))


def test_what_lies_outside_of_the_window_is_its_first_and_last_week() -> None:
    # One day: a at 00:00 to 01:00 with b. Before it lies the end of the same day: c, 21:00 to 24:00, and then 18:00 to 21:00.
    demands = [daily("a", 0, HOUR, 3, days=1), daily("b", 0, HOUR, 3, days=1), daily("c", 18, 6 * HOUR, 3, days=1)]
    found = find_quiet_slots(demands, CPU, (START, START + DAY)).slots
    assert [slot[:4] for slot in found] == [("a", HOUR, 6, 3), ("b", HOUR, 6, 3)]
    late = [daily("a", 23, HOUR, 3, days=1), daily("b", 23, HOUR, 3, days=1), daily("c", 0, 2 * HOUR, 3, days=1)]
    found = find_quiet_slots(late, CPU, (START, START + DAY)).slots
    assert [slot[:4] for slot in found] == [("a", -HOUR, 6, 3), ("b", -HOUR, 6, 3)]


# Against every shift.

FIVE = 300


def spread(demands: Sequence[Demand]) -> dict[int, int]:
    """Nodes by five minutes."""
    bins: dict[int, int] = {}
    for demand in demands:
        for at in demand.arrivals:
            for one in range(at // FIVE, (at + demand.duration.p50) // FIVE):
                bins[one] = bins.get(one, 0) + demand.nodes
    return bins


def fold(one: int, window: tuple[int, int]) -> int:
    """The five minutes of the window that stand for others outside of it."""
    start, end = window[0] // FIVE, window[1] // FIVE
    period = (7 if end - start >= 7 * 288 else 1) * 288
    while one < start:
        one += period
    while one >= end:
        one -= period
    return one


def try_all(owner: str, demands: Sequence[Demand], window: tuple[int, int]) -> tuple[int, int] | None:
    """The best peak and shift (in five minutes)."""
    others = spread([demand for demand in demands if demand.owner != owner])
    own = spread([demand for demand in demands if demand.owner == owner])
    best = (max(spread(demands).values()), 0, 0)
    for shift in range(-144, 145):
        heights = [nodes + others.get(fold(one + shift, window), 0) for one, nodes in own.items()]
        peak = max(*heights, *others.values(), 0)
        if peak < best[0] or (peak == best[0] and best[1] and (abs(shift), -shift) < best[1:]):
            best = (peak, abs(shift), -shift)
    return (best[0], -best[2]) if best[1] else None


@st.composite
def estates(draw: st.DrawFn) -> tuple[list[Demand], tuple[int, int]]:
    days = draw(st.sampled_from([1, 2, 3, 8]))
    demands = []
    for owner in draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=5)):
        hours = draw(st.lists(st.integers(0, 287), min_size=1, max_size=3, unique=True))
        every = draw(st.integers(1, 2))
        arrivals = sorted(START + day * DAY + hour * FIVE for day in range(0, days, every) for hour in hours)
        length = draw(st.integers(1, 200)) * FIVE
        demands.append(Demand(owner, arrivals, draw(st.integers(1, 4)), Duration(length)))
    return demands, (START, START + days * DAY)


@settings(max_examples=60, deadline=None)
@given(estate=estates())
def test_no_other_shift_is_better(estate: tuple[list[Demand], tuple[int, int]]) -> None:
    demands, window = estate
    search = find_quiet_slots(demands, CPU, window)
    bins = spread(demands)
    peak = max(bins.values())
    first = min(one for one, nodes in bins.items() if nodes == peak)
    running = {
        demand.owner
        for demand in demands
        if any(at // FIVE <= first < (at + demand.duration.p50) // FIVE for at in demand.arrivals)
    }
    expected = {owner: best for owner in running if (best := try_all(owner, demands, window))}
    assert {slot.owner: (slot.new_peak, slot.seconds // FIVE) for slot in search.slots} == expected
    for slot in search.slots:
        assert slot.old_peak == peak
        assert slot.new_time - slot.old_time == slot.seconds
        assert any(slot.old_time in demand.arrivals for demand in demands if demand.owner == slot.owner)
    assert list(search.slots) == sorted(search.slots, key=lambda slot: (slot.new_peak, abs(slot.seconds), slot.owner))
