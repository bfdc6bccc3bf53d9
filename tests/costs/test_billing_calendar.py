"""Bills of windows, months and days that are not like the others. A node costs 0.36 an hour: 0.0001 a second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from bill_data import CPU, PRICES, at, estimate, runs, with_fields

from pytest_mlschedule import CronTrigger, JobSchedule, PipelineJob, RecurrenceTrigger, plan_runs
from pytest_mlschedule.costs.estimate import Estimate
from pytest_mlschedule.costs.settings import CostSettings
from pytest_mlschedule.planning.estimates import estimate_runs
from pytest_mlschedule.triggers.window import Window

JOB = PipelineJob(settings={"default_compute": "azureml:cpu"})
START = "2025-01-01T00:00:00"


def planned(
    trigger: CronTrigger | RecurrenceTrigger, start: str, end: str, *, length: str = "45m", minimum: int = 0
) -> Estimate:
    """The estimate of one schedule between two instants of UTC; each run takes one node."""
    schedule = JobSchedule(name="one", trigger=trigger, create_job=JOB)
    plan = plan_runs([schedule], at(start), at(end))
    settings = CostSettings(actions_per_run=1, free_executions=0)
    return estimate_runs(
        plan, PRICES, {"one": length}, computes=[with_fields(CPU, min_nodes=minimum)], settings=settings
    )


@pytest.mark.parametrize(
    ("year", "days"), [(2027, 28), (2028, 29), (2100, 28)], ids=["28 days", "leap year", "no leap year"]
)
def test_february(year: int, days: int) -> None:
    trigger = CronTrigger("0 4 * * *", start_time=f"{year}-01-01T00:00:00")
    found = planned(trigger, f"{year}-02-01", f"{year}-03-01", minimum=1)
    one = found.of("one")
    # days x 2,700 s; 29 x 2,700 = 78,300 s = 21.75 h, x 0.0001 a second.
    assert (one.runs, one.compute.busy) == (days, days * 2_700)
    assert one.compute.cost == days * 2_700 * Decimal("0.0001")
    # The node is on for days x 86,400 s, and used for the same as above.
    assert found.computes[0].waiting == days * (86_400 - 2_700)
    assert found.total == days * 86_400 * Decimal("0.0001") + days * Decimal("0.000025")
    assert list(one.months) == [f"{year}-02"]


PACIFIC, BERLIN = "Pacific Standard Time", "W. Europe Standard Time"


@pytest.mark.parametrize(
    ("zone", "start", "end", "hours", "wall_clock"),
    [
        # Los Angeles, Sunday 2026-03-08: 02:00 does not exist and moves to 03:00, which runs anyway (DST-2): 23.
        (PACIFIC, "2026-03-08T08:00", "2026-03-09T07:00", 23, 23),
        # Sunday 2026-11-01: 01:00 exists twice and runs the first time (DST-3): 24 runs in 25 hours.
        (PACIFIC, "2026-11-01T07:00", "2026-11-02T08:00", 25, 24),
        # Berlin, Sunday 2026-03-29 and 2026-10-25.
        (BERLIN, "2026-03-28T23:00", "2026-03-29T22:00", 23, 23),
        (BERLIN, "2026-10-24T22:00", "2026-10-25T23:00", 25, 24),
        # A day like any other.
        (PACIFIC, "2026-03-07T08:00", "2026-03-08T08:00", 24, 24),
    ],
)
def test_days_of_23_and_25_hours(zone: str, start: str, end: str, hours: int, wall_clock: int) -> None:
    every_hour = CronTrigger("0 * * * *", time_zone=zone, start_time=START)
    found = planned(every_hour, start, end, length="30m", minimum=1)
    # Each run takes 1,800 s: 0.18 and an execution of 0.000025. The node is on for as many hours as the day has.
    assert found.runs == wall_clock
    assert found.of("one").compute.cost == wall_clock * Decimal("0.18")
    assert found.of("one").logic_app.cost == wall_clock * Decimal("0.000025")
    assert found.computes[0].cost == hours * Decimal("0.36")
    # What counts elapsed time (DST-4) runs as often as there are hours.
    elapsed = RecurrenceTrigger(frequency="hour", interval=1, time_zone=zone, start_time=START)
    assert planned(elapsed, start, end, length="30m").runs == hours


@pytest.mark.parametrize(
    ("expression", "start", "end", "expected"),
    [
        # 02:30 does not exist on 2026-03-08: the run is at 03:30, none is lost.
        ("30 2 * * *", "2026-03-08T08:00", "2026-03-09T07:00", 1),
        # 02:30 and 03:30 become one.
        ("30 2,3 * * *", "2026-03-08T08:00", "2026-03-09T07:00", 1),
        # 01:30 exists twice on 2026-11-01 and runs once.
        ("30 1 * * *", "2026-11-01T07:00", "2026-11-02T08:00", 1),
        # Every 15 minutes: 23 x 4, and 24 x 4 of the 25 hours.
        ("*/15 * * * *", "2026-03-08T08:00", "2026-03-09T07:00", 92),
        ("*/15 * * * *", "2026-11-01T07:00", "2026-11-02T08:00", 96),
    ],
)
def test_runs_on_days_of_clock_changes(expression: str, start: str, end: str, expected: int) -> None:
    found = planned(CronTrigger(expression, time_zone=PACIFIC, start_time=START), start, end, length="10m")
    assert found.runs == expected
    assert found.of("one").compute.cost == expected * Decimal("0.06")


def test_a_window_within_a_month_and_one_over_the_ends_of_months() -> None:
    daily = CronTrigger("0 12 * * *", start_time=START)
    inside = planned(daily, "2026-03-10", "2026-03-20T12:00")
    assert {name: share.runs for name, share in inside.of("one").months.items()} == {"2026-03": 10}
    over = planned(daily, "2026-01-31T12:00", "2026-04-01T12:01", minimum=1)
    months = over.of("one").months
    # 31 January, all of February and March, 1 April.
    assert {name: share.runs for name, share in months.items()} == {
        "2026-01": 1,
        "2026-02": 28,
        "2026-03": 31,
        "2026-04": 1,
    }
    # A run is 2,700 s: 0.27, and 0.000025.
    assert {name: share.cost for name, share in months.items()} == {
        name: share.runs * Decimal("0.270025") for name, share in months.items()
    }
    assert sum(share.cost or 0 for share in months.values()) == over.of("one").total
    # 2026-01-31T12:00 to 2026-04-01T12:01: 60 days and a minute; the last run begins a minute before the end.
    assert over.computes[0].waiting == 60 * 86_400 + 60 - (60 * 2_700 + 60)


def test_months_are_those_of_utc() -> None:
    # 2026-03-31 at 18:30 in Los Angeles is the first of April, 01:30 UTC.
    evening = CronTrigger("30 18 * * *", time_zone=PACIFIC, start_time=START)
    found = planned(evening, "2026-03-31T00:00", "2026-04-02T00:00")
    assert {name: share.runs for name, share in found.of("one").months.items()} == {"2026-03": 1, "2026-04": 1}


def test_the_offset_of_a_window_does_not_matter() -> None:
    tokyo = timezone(timedelta(hours=9))
    instants = datetime(2026, 2, 28, 20, tzinfo=UTC), datetime(2026, 3, 1, 20, tzinfo=UTC)
    schedules = [runs("a", range(-40_000, 90_000, 3_600))]
    here = estimate(schedules, durations={"a": "10m"}, during=Window(*instants))
    there = estimate(
        schedules, durations={"a": "10m"}, during=Window(*(instant.astimezone(tokyo) for instant in instants))
    )
    assert {name: share.runs for name, share in here.months.items()} == {"2026-02": 4, "2026-03": 20}
    assert there.to_dict() == here.to_dict()


def test_a_run_belongs_to_the_month_in_which_it_is_triggered() -> None:
    # The last minute of March: the run and its idle node lie in April.
    last = 31 * 86_400 - 60
    compute = with_fields(CPU, idle_seconds=600)
    found = estimate([runs("a", [last])], [compute], {"a": "1h"}, during=Window(at("2026-03-01"), at("2026-05-01")))
    # (3,600 + 600) s x 0.0001
    assert {name: share.cost for name, share in found.of("a").months.items()} == {
        "2026-03": Decimal("0.42"),
        "2026-04": 0,
    }


def test_idle_nodes_go_to_the_month_of_the_run_that_leaves_them() -> None:
    # Runs of 600 s. The node of the first in March is idle until the second takes it 300 s later, the second's for 600 s;
    # that of April for 600 s.
    times = [0, 900, 31 * 86_400]
    found = estimate(
        [runs("a", times)],
        [with_fields(CPU, idle_seconds=600)],
        {"a": "10m"},
        during=Window(at("2026-03-01"), at("2026-05-01")),
    )
    assert {name: (share.runs, share.cost) for name, share in found.of("a").months.items()} == {
        "2026-03": (2, Decimal("0.21")),  # 600 + 300 + 600 + 600 = 2,100 s
        "2026-04": (1, Decimal("0.12")),  # 600 + 600 = 1,200 s
    }


def test_shares_of_months_add_up_to_the_last_digit() -> None:
    # 3 runs of 7 s at 0.36 x 0.1234567 an hour: 0.000012345670 a second, 21 of them 0.0002592591 (rounded).
    times = [0, 31 * 86_400, 61 * 86_400]
    found = estimate(
        [runs("a", times)],
        durations={"a": "7s"},
        during=Window(at("2026-03-01"), at("2026-06-01")),
        price_factor=Decimal("0.1234567"),
    )
    one = found.of("a")
    assert one.total == Decimal("0.0002592591")
    assert sorted(share.cost or 0 for share in one.months.values()) == [Decimal("0.0000864197")] * 3
    assert sum(share.cost or 0 for share in one.months.values()) == one.total


@pytest.mark.parametrize("instant", ["2026-03-01", "2026-03-10T12:34"])
def test_a_window_of_no_length(instant: str) -> None:
    daily = CronTrigger("* * * * *", start_time=START)
    found = planned(daily, instant, instant, minimum=1)
    assert (found.runs, found.total, found.unknown) == (0, 0, {})
    assert found.of("one").compute.node_hours == 0
    assert found.computes[0].waiting == 0
    assert found.to_dict()["total"] == "0.00"
    nothing = estimate([runs("a", [])], during=Window(at(instant), at(instant)))
    assert (nothing.total, nothing.months) == (
        0,
        {name: share for name, share in nothing.months.items() if not share.runs},
    )


def test_the_prices_of_the_first_day_count() -> None:
    # The list's prices of machines start on 2021-11-01; the window starts before.
    found = estimate([], [with_fields(CPU, min_nodes=1)], during=Window(at("2021-10-31"), at("2021-11-02")))
    assert any("the list has no earlier price: this one counts from 2021-11-01" in said for said in found.assumptions)
