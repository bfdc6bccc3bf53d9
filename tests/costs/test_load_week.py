"""Hours of the week: by hand, and against a count minute by minute with zoneinfo."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.durations import Duration
from pytest_mlschedule.costs.loads.load import measure_load
from pytest_mlschedule.costs.loads.load_demand import Demand
from pytest_mlschedule.costs.loads.load_week import HourLoad, find_quiet_hours, measure_week
from pytest_mlschedule.triggers.zones import zone

HOUR = 3_600
DAY = 24 * HOUR
MONDAY = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp())
CHANGES = {
    "America/New_York": int(datetime(2026, 3, 8, 7, tzinfo=UTC).timestamp()),
    "Australia/Lord_Howe": int(datetime(2026, 4, 4, 15, tzinfo=UTC).timestamp()),
    "Asia/Kathmandu": MONDAY,
    "UTC": MONDAY,
}


def used(*demands: Demand) -> list[tuple[int, int, int]]:
    """Nodes from start to end, run by run."""
    return [(at, at + one.duration.p50, one.nodes) for one in demands for at in one.arrivals]


def test_a_run_counts_in_every_hour_that_it_touches() -> None:
    # Monday 00:30 to 02:15 on 2 nodes: 30, 60 and 15 minutes.
    window = (MONDAY, MONDAY + 7 * DAY)
    profile = measure_load([Demand("a", [MONDAY + 1_800], 2, Duration(6_300))], Compute(name="cpu"), window).profile
    week = measure_week(profile, window)
    assert len(week) == 168
    assert week[:4] == (
        HourLoad(0, 3_600, HOUR),
        HourLoad(1, 7_200, HOUR),
        HourLoad(2, 1_800, HOUR),
        HourLoad(3, 0, HOUR),
    )
    assert [one.nodes for one in week[:4]] == [1.0, 2.0, 0.5, 0.0]
    assert sum(one.node_seconds for one in week) == 2 * 6_300
    assert find_quiet_hours(week, 2) == [HourLoad(3, 0, HOUR), HourLoad(4, 0, HOUR)]


def test_an_hour_that_a_window_has_more_often_is_no_busier_for_it() -> None:
    # 8 days: Monday comes twice, with a run at 05:00 each time; Tuesday's at 05:00 is as long, and comes once.
    window = (MONDAY, MONDAY + 8 * DAY)
    demands = [Demand("a", [MONDAY + day * DAY + 5 * HOUR for day in range(8)], 1, Duration(1_800))]
    week = measure_week(measure_load(demands, Compute(name="cpu"), window).profile, window)
    assert (week[5], week[29]) == (HourLoad(5, 3_600, 2 * HOUR), HourLoad(29, 1_800, HOUR))
    assert week[5].nodes == week[29].nodes == 0.5


def test_hours_that_a_window_does_not_have_are_not_quiet() -> None:
    window = (MONDAY + DAY, MONDAY + DAY + 2 * HOUR)
    profile = measure_load([Demand("a", [window[0]], 1, Duration(60))], Compute(name="cpu"), window).profile
    week = measure_week(profile, window)
    assert find_quiet_hours(week, 9) == [HourLoad(25, 0, HOUR), HourLoad(24, 60, HOUR)]
    assert week[0].nodes == 0
    assert find_quiet_hours(measure_week(profile, (5, 5))) == []


def test_dst_hours_of_the_wall_clock_are_longer_and_shorter() -> None:
    # New York, 8 March 2026: 02:00 to 03:00 on Sunday is left out.
    week = measure_week(
        measure_load([], Compute(name="cpu"), (0, 0)).profile,
        (MONDAY, MONDAY + 7 * DAY),
        zone("America/New_York"),
    )
    sunday = 6 * 24
    assert [one.seconds for one in week[sunday : sunday + 4]] == [HOUR, HOUR, 0, HOUR]
    # 1 November 2026: 01:00 to 02:00 comes twice.
    autumn = int(datetime(2026, 10, 26, 4, tzinfo=UTC).timestamp())
    profile = measure_load([], Compute(name="cpu"), (0, 0)).profile
    week = measure_week(profile, (autumn, autumn + 7 * DAY + HOUR), zone("America/New_York"))
    assert [one.seconds for one in week[sunday : sunday + 4]] == [HOUR, 2 * HOUR, HOUR, HOUR]


@settings(max_examples=40, deadline=None)
@given(
    key=st.sampled_from(sorted(CHANGES)),
    start=st.integers(-3 * 1_440, 0),
    length=st.integers(0, 6 * 1_440),
    runs=st.lists(st.tuples(st.integers(-3 * 1_440, 3 * 1_440), st.integers(1, 500), st.integers(1, 3)), max_size=5),
)
def test_hours_are_those_of_the_wall_clock(key: str, start: int, length: int, runs: list[tuple[int, int, int]]) -> None:
    change = CHANGES[key]
    window = (change + start * 60, change + (start + length) * 60)
    demands = [Demand("a", [change + at * 60], nodes, Duration(minutes * 60)) for at, minutes, nodes in runs]
    week = measure_week(measure_load(demands, Compute(name="cpu"), window).profile, window, zone(key))
    seconds, node_seconds = [0] * 168, [0] * 168
    for minute in range(*window, 60):
        wall = datetime.fromtimestamp(minute, zone(key).tzinfo)
        hour = wall.weekday() * 24 + wall.hour
        seconds[hour] += 60
        node_seconds[hour] += 60 * sum(nodes for begin, end, nodes in used(*demands) if begin <= minute < end)
    assert week == tuple(HourLoad(hour, node_seconds[hour], seconds[hour]) for hour in range(168))
    means = sorted((node_seconds[hour] / seconds[hour], hour) for hour in range(168) if seconds[hour])
    assert [one.nodes for one in find_quiet_hours(week, 4)] == pytest.approx([mean for mean, _ in means[:4]])
