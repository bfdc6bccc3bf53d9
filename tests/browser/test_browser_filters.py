"""What is chosen on a page filters the rest of it: by click, by key, by search, by address."""

from __future__ import annotations

import pytest
from estates import clock_of, count_days, count_hours, own_clock, some_content
from visits import Visits


def in_hour(cell: int, *names: str) -> dict[str, int]:
    """Runs by day that start in an hour of the week, each on its own clock."""
    found: dict[str, int] = {}
    for run in some_content().plan:
        local = run.local_time
        if local.weekday() * 24 + local.hour == cell and (not names or run.schedule in names):
            found[f"{local:%Y-%m-%d}"] = found.get(f"{local:%Y-%m-%d}", 0) + 1
    return found


def test_a_click_on_a_schedule_filters_the_page(visit: Visits) -> None:
    plan = some_content().plan
    page = visit(some_content())
    page.schedule("hourly").click()
    assert page.days == count_days(plan, own_clock, "hourly")
    assert page.hours == count_hours(plan, own_clock, "hourly")
    assert page.listed == plan.count_by_schedule()  # the others can still be chosen
    number = plan.count_by_schedule()["hourly"]
    assert page.text("#found") == f"{number} of {len(plan):,} runs, 1 of 6 schedules"
    assert page.chips() == ["Schedule: hourly"]
    assert page.schedule("hourly").get_attribute("aria-selected") == "true"
    assert page.text("#detail h2") == "hourly"
    assert "every hour from 08:15 to 17:15, Monday to Friday" in page.text("#detail")
    assert page.text("#cost tbody tr[data-name]").startswith("hourly")
    page.schedule("hourly").click()
    assert page.days == count_days(plan, own_clock)
    assert page.chips() == []
    assert page.page.locator("#detail").is_hidden()


def test_a_click_on_a_day_filters_the_page(visit: Visits) -> None:
    plan = some_content().plan
    page = visit(some_content())
    page.page.locator('[data-day="2026-03-29"]').click()
    on_day = [run for run in plan if f"{run.local_time:%Y-%m-%d}" == "2026-03-29"]
    names = {run.schedule for run in on_day}
    assert page.listed == {name: sum(run.schedule == name for run in on_day) for name in names}
    assert "hourly" not in names  # a Sunday
    assert page.number("#tile-runs .tile-value") == len(on_day)
    assert sum(page.hours.values()) == len(on_day)
    assert page.days == count_days(plan, own_clock)  # another day can still be chosen
    assert page.chips() == ["Day: Sun 29 Mar 2026"]
    # The timeline goes to the week that has the day.
    assert page.page.locator("#picker option:checked").inner_text() == "23 Mar to 29 Mar 2026"
    page.page.get_by_role("button", name="Clear Day: Sun 29 Mar 2026").click()
    assert page.listed == plan.count_by_schedule()


def test_a_click_on_an_hour_filters_the_page(visit: Visits) -> None:
    plan = some_content().plan
    page = visit(some_content())
    cell = 2 * 24 + 2  # Wednesday 02:00
    page.page.locator(f'[data-cell="{cell}"]').click()
    assert page.days == in_hour(cell)
    assert page.hours == count_hours(plan, own_clock)
    assert page.listed.keys() == {"nightly", "early", "dense"}
    assert page.chips() == ["Hour: Wednesday 02:00 to 03:00"]


def test_filters_add_up_and_are_cleared_together(visit: Visits) -> None:
    page = visit(some_content())
    cell = 24 + 8  # Tuesday 08:00
    page.page.locator(f'[data-cell="{cell}"]').click()
    page.schedule("dense").click()
    page.page.locator('[data-day="2026-03-10"]').click()
    assert page.days == in_hour(cell, "dense")
    assert page.number("#tile-runs .tile-value") == 3
    assert len(page.chips()) == 3
    page.page.get_by_role("button", name="Clear all").click()
    assert page.chips() == []
    assert page.number("#tile-runs .tile-value") == len(some_content().plan)


SEARCHES = [
    ("night", {"nightly"}),
    ("Nightly SCORING", {"nightly"}),
    ("team=churn", {"nightly", "dense"}),
    ("team=churn night", {"nightly"}),
    ("gpu", {"early", "weekly"}),
    ("early-runs", {"early"}),
    ("learns from", {"weekly"}),
    ("nothing of the kind", set()),
]


@pytest.mark.parametrize(("words", "names"), SEARCHES)
def test_search(words: str, names: set[str], visit: Visits) -> None:
    plan = some_content().plan
    page = visit(some_content())
    page.page.get_by_role("searchbox", name="Search schedules").fill(words)
    assert page.listed.keys() == names
    assert page.days == (count_days(plan, own_clock, *names) if names else {})
    assert page.page.locator("#list-none").is_visible() is (not names)
    assert page.chips() == [f"Search: {words}"]
    assert page.text("#found").endswith(f"{len(names)} of 6 schedules")


def test_the_address_keeps_what_is_chosen(visit: Visits) -> None:
    first = visit(some_content())
    first.page.get_by_role("button", name="UTC").click()
    first.schedule("dense").click()
    first.page.locator('[data-day="2026-03-10"]').click()
    first.page.locator('[data-cell="32"]').click()
    address = first.page.url.partition("#")[2]
    assert "zone=utc" in address
    assert "day=2026-03-10" in address
    again = visit(some_content(), address=address)
    assert again.chips() == first.chips()
    assert (again.days, again.hours, again.listed) == (first.days, first.hours, first.listed)
    assert again.page.get_by_role("button", name="UTC").get_attribute("aria-pressed") == "true"


def test_back_undoes_a_click(visit: Visits) -> None:
    page = visit(some_content())
    page.schedule("early").click()
    page.page.locator('[data-day="2026-03-10"]').click()
    page.page.go_back()
    assert page.chips() == ["Schedule: early"]
    page.page.go_back()
    assert page.chips() == []
    page.page.go_forward()
    assert page.chips() == ["Schedule: early"]


@pytest.mark.parametrize(
    "address",
    [
        "zone=mars&day=2026-13-45&hour=Xyz-99&span=3&from=never",
        "hour=Mon-24",
        "zone=constructor",
        "main",
        "=",
        "%",
    ],
)
def test_an_address_that_means_nothing(address: str, visit: Visits) -> None:
    page = visit(some_content(), address=address)
    assert page.days == count_days(some_content().plan, own_clock)
    assert page.chips() == []


def test_a_link_to_a_schedule_that_is_gone_finds_nothing(visit: Visits) -> None:
    page = visit(some_content(), address="schedule=gone")
    assert page.chips() == ["Search: gone"]
    assert page.days == {}
    assert page.text("#tile-cost").split("\n")[1:] == ["unknown", "no prices were given"]
    assert page.text("#timeline-note") == "Drawn in UTC."


def test_clock_changes_of_other_schedules_are_not_marked(visit: Visits) -> None:
    def marked() -> list[str]:
        cells = page.page.locator(".day.marked")
        return list(cells.evaluate_all("(all) => all.map((one) => one.dataset.day)"))

    page = visit(some_content(), address="schedule=early")  # in Berlin
    assert marked() == ["2026-03-29"]
    page.page.get_by_role("button", name="Clear Schedule: early").click()
    assert marked() == ["2026-03-08", "2026-03-29"]
    assert page.page.locator(".day-mark:visible").count() == 2
    page.schedule("weekly").click()  # in India
    assert marked() == []
    assert "Clocks" not in (page.page.locator('[data-day="2026-03-29"]').get_attribute("aria-label") or "")


def test_a_day_outside_of_the_window_has_no_runs(visit: Visits) -> None:
    page = visit(some_content(), address="day=2030-01-01")
    assert page.number("#tile-runs .tile-value") == 0
    assert page.chips() == ["Day: Tue 1 Jan 2030"]
    assert page.text("#tile-day .tile-value") == "none"


def test_the_zone_changes_under_a_filter(visit: Visits) -> None:
    plan = some_content().plan
    page = visit(some_content(), timezone_id="America/Los_Angeles")
    page.schedule("weekly").click()
    page.page.get_by_role("button", name="Yours").click()
    assert page.days == count_days(plan, clock_of("America/Los_Angeles"), "weekly")
    assert page.hours == count_hours(plan, clock_of("America/Los_Angeles"), "weekly")


def test_the_list_is_sorted(visit: Visits) -> None:
    page = visit(some_content())
    counts = some_content().plan.count_by_schedule()
    assert list(page.listed) == sorted(counts)
    page.page.get_by_label("Sort schedules by").select_option("runs")
    assert list(page.listed) == sorted(counts, key=lambda name: (-counts[name], name))


def test_a_link_in_the_clock_changes_chooses_a_schedule(visit: Visits) -> None:
    page = visit(some_content())
    page.page.locator("#changes").get_by_role("button", name="early").click()
    assert page.chips() == ["Schedule: early"]
    assert len(page.page.locator("#changes tbody tr").all()) == 1
