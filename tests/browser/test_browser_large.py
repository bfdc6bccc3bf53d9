"""A thousand schedules for three months: the page is small enough to mail, and answers while somebody waits. Not a benchmark."""

from __future__ import annotations

from time import perf_counter

from estates import count_days, large_content, own_clock
from visits import Visits

from pytest_mlschedule.report.page.page import write_page

MOST_BYTES = 4_000_000
FIRST_SIGHT = 10.0  # seconds; both are a few times what a loaded machine of two cores takes
ANSWER = 1.0


def test_a_thousand_schedules_stay_usable(visit: Visits) -> None:
    content = large_content()
    plan = content.plan
    text = write_page(content)
    assert len(plan.schedules) == 1000
    assert len(plan) > 200_000
    assert len(text.encode()) < MOST_BYTES
    page = visit(text, address="span=1")  # the first visit warms nothing: each has a browser of its own
    started = perf_counter()
    page.page.reload()
    page.page.locator("html[data-ready]").wait_for(state="attached")
    assert perf_counter() - started < FIRST_SIGHT
    assert page.number("#tile-runs .tile-value") == len(plan)
    took = page.page.evaluate(
        """() => {
          const click = (one) => { const start = performance.now(); one.click(); document.body.getBoundingClientRect(); return (performance.now() - start) / 1000; };
          return ['[data-value="7"]', '#list li', '.chip', '.day', '.chip', '.hour', '.chip', '[data-value="utc"]', '[aria-label="Later"]'].map((what) => click(document.querySelector(what)));
        }"""
    )
    assert max(took) < ANSWER, took
    page.page.get_by_role("button", name="Schedule's").click()
    name = plan.schedules[500]
    page.page.get_by_role("searchbox", name="Search schedules").fill(name)
    assert page.listed == {name: plan.count_by_schedule()[name]}
    assert page.days == count_days(plan.for_schedule(name), own_clock)
