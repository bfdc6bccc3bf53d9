"""The numbers that a browser shows are the plan's, in each zone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from estates import (
    BERLIN,
    PACIFIC,
    START,
    build,
    clock_of,
    count_days,
    count_hours,
    make_content,
    own_clock,
    some_content,
)
from visits import Visits

from pytest_mlschedule import CronTrigger

VIEWERS = ["Asia/Calcutta", "America/Los_Angeles", "Australia/Lord_Howe", "UTC"]


def test_the_page_opens_with_the_whole_plan(visit: Visits) -> None:
    content = some_content()
    plan = content.plan
    page = visit(content)
    assert page.number("#tile-runs .tile-value") == len(plan)
    assert page.number("#tile-schedules .tile-value") == 6
    assert page.text("#tile-schedules .tile-more") == "planned, 1 disabled"
    assert page.listed == plan.count_by_schedule()
    assert page.days == count_days(plan, own_clock)
    assert page.hours == count_hours(plan, own_clock)
    assert page.text("#found") == f"{len(plan):,} runs, 6 schedules"
    assert page.text("#tile-day .tile-more") == f"{max(page.days.values())} runs"
    assert page.text("#tile-hour .tile-more") == f"{max(page.hours.values())} runs"


@pytest.mark.parametrize("viewer", VIEWERS)
def test_days_and_hours_in_the_zone_of_the_viewer(viewer: str, visit: Visits) -> None:
    plan = some_content().plan
    page = visit(some_content(), timezone_id=viewer)
    page.page.get_by_role("button", name="Yours").click()
    assert page.days == count_days(plan, clock_of(viewer))
    assert page.hours == count_hours(plan, clock_of(viewer))
    assert viewer in page.page.get_by_role("button", name="Yours").get_attribute("title")
    page.page.get_by_role("button", name="UTC").click()
    assert page.days == count_days(plan, clock_of("UTC"))
    assert page.hours == count_hours(plan, clock_of("UTC"))
    page.page.get_by_role("button", name="Schedule's").click()
    assert page.hours == count_hours(plan, own_clock)


# Clock changes of autumn; of zones that change at midnight; a change of half an hour; a zone that left its offset for good.
CHANGES = [
    ("Central Europe Standard Time", datetime(2026, 10, 20, tzinfo=UTC)),
    (PACIFIC, datetime(2026, 10, 25, tzinfo=UTC)),
    ("Egypt Standard Time", datetime(2026, 4, 20, tzinfo=UTC)),
    ("Pacific SA Standard Time", datetime(2026, 9, 1, tzinfo=UTC)),
    ("Lord Howe Standard Time", datetime(2026, 3, 30, tzinfo=UTC)),
    ("Samoa Standard Time", datetime(2011, 12, 20, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "start"), CHANGES, ids=[zone for zone, _ in CHANGES])
def test_days_around_clock_changes(zone: str, start: datetime, visit: Visits) -> None:
    trigger = CronTrigger("*/30 * * * *", time_zone=zone, start_time="2011-01-01T00:00:00")
    content = make_content([build("often", "0 0 * * *").replace(trigger=trigger)], days=20, start=start)
    page = visit(content)
    assert page.days == count_days(content.plan, own_clock)
    assert page.hours == count_hours(content.plan, own_clock)


def test_a_long_window_is_paged_by_year(visit: Visits) -> None:
    content = make_content([build("daily", "30 2 * * *", BERLIN)], days=3 * 365)
    page = visit(content)
    expected = count_days(content.plan, own_clock)
    shown = dict(page.days)
    while (later := page.page.get_by_role("button", name="Later", exact=True).first).is_enabled():
        later.click()
        shown |= page.days
    assert shown == expected


def test_days_that_are_shorter_or_longer_are_marked(visit: Visits) -> None:
    page = visit(some_content(), timezone_id="Asia/Calcutta")
    marked = page.page.locator(".day.marked").evaluate_all(
        "(all) => all.map((one) => [one.dataset.day, one.querySelector('.day-mark').textContent])"
    )
    assert marked == [["2026-03-08", "23h"], ["2026-03-29", "23h"]]
    label = page.page.locator('[data-day="2026-03-29"]').get_attribute("aria-label")
    assert "Clocks change in W. Europe: 02:00 becomes 03:00, a day of 23 hours, 1 schedule with runs in it" in label
    page.page.get_by_role("button", name="Yours").click()
    # 10:00 UTC is 15:30 in India; the day has 24 hours there.
    marked = page.page.locator(".day.marked").evaluate_all(
        "(all) => all.map((one) => [one.dataset.day, one.querySelector('.day-mark').textContent])"
    )
    assert marked == [["2026-03-08", "±"], ["2026-03-29", "±"]]
    rows = page.page.locator("#changes tbody tr").all_inner_texts()
    assert len(rows) == 2
    assert "early" in rows[1]
    assert "02:30 does not exist, it moves to 03:30" in rows[1]


def test_clock_changes_of_the_viewer_are_marked(visit: Visits) -> None:
    content = make_content([build("daily", "0 9 * * *")], start=datetime(2026, 10, 20, tzinfo=UTC), days=20)
    page = visit(content, timezone_id="America/New_York", address="zone=viewer")
    assert page.text('[data-day="2026-11-01"] .day-mark') == "25h"
    assert page.text("#changes") == "No clocks change in the window in the zones of these schedules."


def test_costs_are_those_of_the_estimate(visit: Visits) -> None:
    content = some_content()
    assert content.estimate is not None
    page = visit(content)
    assert page.text("#cost-title") == "Node hours"  # there are no prices
    hours = {row["name"]: row["compute"]["node_hours"] for row in content.estimate["schedules"]}
    for row in page.page.locator("#cost tr[data-name]").all():
        cells = row.locator("td").all_inner_texts()
        known = hours[row.get_attribute("data-name")]
        assert cells[2] == ("unknown" if known is None else f"{known:,.1f}")
    assert "no duration of its runs is known" in page.text("#cost")


def test_the_head_says_where_it_comes_from(visit: Visits) -> None:
    page = visit(some_content())
    assert page.text("h1") == "Schedules"
    assert "2026-03-01 to 2026-04-15 (UTC)" in page.text("#facts")
    assert f"time zone data {some_content().plan.tzdata_version}" in page.text("#foot")
    assert "Seen from 2026-02-20T09:30:00Z." in page.text("#foot")


def test_an_empty_plan_is_a_page(visit: Visits) -> None:
    page = visit(make_content([], days=10))
    assert page.number("#tile-runs .tile-value") == 0
    assert page.days == {}
    page = visit(make_content([build("paused", "0 0 * * *", is_enabled=False)], days=0))
    assert page.listed == {"paused": 0}


def test_heat_tells_busy_days_from_busier_ones(visit: Visits) -> None:
    """Of a dense estate every day has hundreds of runs: colours go from the lowest to the highest, and say so."""
    often = [build(f"s{number}", "*/10 * * * *") for number in range(5)]
    page = visit(make_content([*often, build("workdays", "*/10 * * * MON-FRI")], days=28))
    heats = page.page.locator(".day").evaluate_all(
        "(all) => all.map((one) => [Number(one.dataset.count), Number(one.className.match(/heat-(.)/)[1])])"
    )
    assert {tuple(one) for one in heats} == {(720, 1), (864, 5)}
    legend = page.page.locator("#calendar-legend li").all_inner_texts()[1:]
    assert [[int(number) for number in re.findall(r"\d+", text)] for text in legend] == [
        [1, 748], [749, 777], [778, 806], [807, 835], [836, 864],
    ]  # fmt: skip


def test_money_is_added_exactly(visit: Visits) -> None:
    costs = ["0.1", "0.2", "1234567890123456.7050000001", "0.0000000001", "1E+2", None]
    names = [f"schedule-{index}" for index in range(len(costs))]
    rows = [
        {
            "name": name,
            "runs": 1,
            "compute": {"names": ["cpu"], "node_hours": 1.0, "cost": cost},
            "logic_app": {"executions": 2, "cost": "0"},
            "total": cost,
            **({} if cost else {"reason": "nobody knows"}),
            "months": {"2026-03": {"runs": 1, "cost": cost}},
        }
        for name, cost in zip(names, costs, strict=True)
    ]
    estimate = {
        "currency": "USD",
        "schedules": rows,
        "prices": {"files": ["p.json"], "as_of": "2026-02-01"},
        "total": None,
        "known_total": "1234567890123557.0050000002",
    }
    content = make_content([build(name, "0 0 1 * *") for name in names], days=1)
    page = visit(replace(content, estimate=estimate))
    # 0.1 + 0.2 + 1234567890123456.7050000001 + 0.0000000001 + 100 = 1234567890123557.0050000002, and one is not known.
    assert page.text("#tile-cost .tile-value") == "1,234,567,890,123,557.01"
    assert page.page.locator("#tile-cost .tile-more").all_inner_texts() == [
        "at least: 1 schedule unknown",
        "prices of 1 Feb 2026",
    ]
    assert page.text('[data-month="2026-03"]') == "1,234,567,890,123,557.01"
    totals = {
        row.get_attribute("data-name"): row.locator("td").last.inner_text()
        for row in page.page.locator("#cost tr[data-name]").all()
    }
    assert totals == dict(
        zip(names, ["0.10", "0.20", "1,234,567,890,123,456.71", "<0.01", "100.00", "unknown"], strict=True)
    )
    assert page.text("#cost tfoot tr td:last-child") == "≥ 1,234,567,890,123,557.01"
    assert "schedule-5: nobody knows" in page.text("#cost")


def test_the_window_may_begin_and_end_in_a_day(visit: Visits) -> None:
    content = make_content(
        [build("often", "*/10 * * * *", PACIFIC)], start=START + timedelta(hours=9, minutes=5), days=3
    )
    page = visit(content)
    assert page.days == count_days(content.plan, own_clock)
    assert sum(page.days.values()) == len(content.plan) == 432
