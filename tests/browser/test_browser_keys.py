"""The page with the keyboard alone, and for those who hear it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import files

import pytest
from estates import large_content, make_content, some_content, some_schedules
from visits import Visit, Visits

from pytest_mlschedule.diagnostics import Diagnostic, Location, Severity
from pytest_mlschedule.report.page.content import PageContent, PageFindings


def focused(page: Visit) -> str:
    """What has the focus: its id, day, hour of the week or index."""
    return str(
        page.page.evaluate(
            "(() => { const { id, dataset } = document.activeElement; return id || dataset.day || dataset.cell || dataset.index || dataset.value || document.activeElement.tagName; })()"
        )
    )


def press(page: Visit, *keys: str) -> None:
    for key in keys:
        page.page.keyboard.press(key)


def test_the_tab_key_goes_from_part_to_part(visit: Visits) -> None:
    page = visit(some_content())
    stops = []
    for _ in range(16):
        press(page, "Tab")
        stops.append(focused(page))
    # The link past the filters, the colours, search, three zones, sorting, then one stop a grid.
    assert stops[:7] == ["A", "BUTTON", "search", "schedule", "utc", "viewer", "sort"]
    assert stops[7] == "0"  # the first schedule
    assert "2026-02-28" in stops  # the first day of the window, in Los Angeles
    assert "0" in stops[9:]  # Monday 00:00
    assert "plots" in stops


def test_the_link_past_the_filters(visit: Visits) -> None:
    page = visit(some_content())
    press(page, "Tab", "Enter")
    assert focused(page) == "main"


def test_the_calendar(visit: Visits) -> None:
    page = visit(some_content())
    page.page.locator('[data-day="2026-03-10"]').focus()  # a Tuesday
    moves = [
        ("ArrowRight", "2026-03-11"),
        ("ArrowDown", "2026-03-18"),
        ("ArrowLeft", "2026-03-17"),
        ("ArrowUp", "2026-03-10"),
        ("Home", "2026-03-09"),
        ("End", "2026-03-15"),
        ("PageDown", "2026-04-12"),
        ("PageUp", "2026-03-15"),
        ("ArrowRight", "2026-03-16"),
    ]
    for key, day in moves:
        press(page, key)
        assert focused(page) == day
    assert page.page.locator('.day[tabindex="0"]').count() == 1
    press(page, "Enter")
    assert page.chips() == ["Day: Mon 16 Mar 2026"]
    assert focused(page) == "2026-03-16"
    assert page.page.locator('[aria-selected="true"].day').get_attribute("data-day") == "2026-03-16"
    press(page, " ")
    assert page.chips() == []


def test_the_calendar_ends_at_the_window(visit: Visits) -> None:
    page = visit(some_content())
    page.page.locator('[data-day="2026-03-01"]').focus()
    press(page, "ArrowUp")
    assert focused(page) == "2026-02-28"
    press(page, *["PageDown"] * 5)
    assert focused(page) == "2026-04-15"


def test_hours(visit: Visits) -> None:
    page = visit(some_content())
    page.page.locator('[data-cell="0"]').focus()
    for key, cell in (
        ("ArrowUp", 0),
        ("ArrowDown", 1),
        ("ArrowRight", 25),
        ("End", 6 * 24 + 1),
        ("PageDown", 6 * 24 + 23),
        ("ArrowDown", 6 * 24 + 23),
        ("Home", 23),
        ("PageUp", 0),
        ("ArrowLeft", 0),
    ):
        press(page, key)
        assert focused(page) == str(cell)
    press(page, "Enter")
    assert page.chips() == ["Hour: Monday 00:00 to 01:00"]


def test_the_list(visit: Visits) -> None:
    page = visit(some_content())
    page.page.locator("#list li").first.focus()
    for key, index in (
        ("ArrowDown", 1),
        ("ArrowDown", 2),
        ("ArrowUp", 1),
        ("End", 5),
        ("ArrowDown", 5),
        ("Home", 0),
        ("PageDown", 5),
    ):
        press(page, key)
        assert focused(page) == str(index)
    press(page, "ArrowUp", "Enter")
    assert page.chips() == ["Schedule: paused"]


def test_the_timeline(visit: Visits) -> None:
    page = visit(some_content())
    start = page.page.locator("#picker option:checked").inner_text()
    assert start == "2 Mar to 8 Mar 2026"  # the first whole week
    page.page.locator("#plots").focus()
    press(page, "ArrowRight")
    assert page.page.locator("#picker option:checked").inner_text() == "9 Mar to 15 Mar 2026"
    assert focused(page) == "plots"
    press(page, "ArrowLeft", "ArrowLeft", "ArrowLeft")
    assert page.page.locator("#picker option:checked").inner_text() == "23 Feb to 1 Mar 2026"


def test_what_changes_is_announced(visit: Visits) -> None:
    page = visit(some_content())
    assert page.page.locator("#found").get_attribute("aria-live") == "polite"
    assert page.page.locator("#found").get_attribute("role") == "status"
    # Seven Mondays: nightly and early once, dense three times.
    assert page.page.locator('[data-cell="2"]').get_attribute("aria-label") == "Monday 02:00 to 03:00, 35 runs"
    assert page.page.locator('[data-day="2026-03-02"]').get_attribute("aria-label").startswith("Monday 2 March 2026, ")
    label = page.page.locator(".lane-plot").first.get_attribute("aria-label")
    assert label.startswith("cpu: ")
    assert "nodes" in label


def test_what_has_the_focus_can_be_seen(visit: Visits) -> None:
    page = visit(some_content())
    for selector in ("#search", "#list li", ".day", "[data-cell]", "#plots"):
        page.page.locator(selector).first.focus()
        press(page, "Shift")
        style = page.page.locator(selector).first.evaluate(
            "(one) => getComputedStyle(one).outlineStyle + ' ' + getComputedStyle(one).outlineWidth"
        )
        assert style == "solid 2px", selector


def many_findings() -> PageFindings:
    items = [
        Diagnostic(
            "MLS103",
            Severity.WARNING,
            f"the {index} in DAYS is ignored",
            "write *",
            Location(f"schedules/s{index}.yml", 4, 16),
        )
        for index in range(1, 4)
    ]
    return PageFindings(
        items=(
            *items,
            Diagnostic("MLS507", Severity.NOTE, "not known"),
            Diagnostic("MLS101", Severity.ERROR, "no such field"),
        ),
        left_out=1,
        broken=("schedules/broken.yml",),
    )


@contextmanager
def opened(page: Visit) -> Iterator[None]:
    page.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    yield


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "address", ["", "schedule=early&day=2026-03-29&hour=Sun-03", "q=nothing of the kind", "span=1&zone=viewer"]
)
def test_axe_finds_nothing(scheme: str, address: str, visit: Visits) -> None:
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    page = visit(replace(some_content(), findings=many_findings()), address=address, color_scheme=scheme)
    with opened(page):
        page.page.evaluate(axe)
        found = page.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [(one["id"], one["impact"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == []


@pytest.mark.parametrize(
    "content", [make_content(some_schedules()[:1]), large_content(200, 30)], ids=["one schedule", "200 schedules"]
)
def test_axe_finds_nothing_on_other_pages(content: PageContent, visit: Visits) -> None:
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    page = visit(content, viewport={"width": 390, "height": 844})
    page.page.evaluate(axe)
    found = page.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [(one["id"], one["impact"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == []
