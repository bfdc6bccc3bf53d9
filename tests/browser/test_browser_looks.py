"""In the light and in the dark, narrow and wide, on paper, without scripts, and with texts that would do harm."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from estates import build, large_content, make_content, some_content
from visits import Visit, Visits

from pytest_mlschedule.diagnostics import Diagnostic, Location, Severity
from pytest_mlschedule.report.page.content import PageFindings
from pytest_mlschedule.report.page.page import write_page

HARM = "<img src=x onerror=document.title='harm'>"


def ground(page: Visit) -> str:
    return str(page.page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_light_and_dark_follow_the_system(visit: Visits) -> None:
    assert ground(visit(some_content(), color_scheme="light")) == "rgb(244, 246, 248)"
    assert ground(visit(some_content(), color_scheme="dark")) == "rgb(14, 19, 24)"


def test_light_and_dark_can_be_chosen(visit: Visits) -> None:
    page = visit(some_content(), color_scheme="dark")
    button = page.page.locator("#head-tools button")
    seen = []
    for _ in range(4):
        seen.append((button.inner_text(), ground(page)))
        button.click()
    light, dark = "rgb(244, 246, 248)", "rgb(14, 19, 24)"
    assert seen == [
        ("Colours: auto", dark),
        ("Colours: light", light),
        ("Colours: dark", dark),
        ("Colours: auto", dark),
    ]
    page.page.reload()
    assert page.text("#head-tools button") == "Colours: light"


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1360, 2200])
def test_no_page_is_wider_than_its_window(width: int, visit: Visits) -> None:
    page = visit(some_content(), viewport={"width": width, "height": 900}, address="schedule=early")
    assert page.page.evaluate("document.documentElement.scrollWidth") <= width
    page.page.set_viewport_size({"width": 500, "height": 900})
    page.page.wait_for_timeout(300)
    assert page.page.locator(".lane-plot").first.get_attribute("width") == str(
        page.page.locator("#timeline").evaluate("(one) => one.clientWidth")
    )
    page.page.set_viewport_size({"width": 2000, "height": 500})
    page.page.wait_for_timeout(300)
    assert page.page.locator("#failure").is_hidden()
    page.page.set_viewport_size({"width": 500, "height": 900})
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 500


def test_long_words_break(visit: Visits) -> None:
    long = "x" * 200
    schedule = build("y" * 200, "0 4 * * *", display_name=long, description=long, tags={"z" * 100: long})
    findings = PageFindings(
        items=(Diagnostic("MLS103", Severity.WARNING, long, long, Location(f"{long}.yml")),), broken=(f"{long}.yml",)
    )
    for width in (390, 1360):
        page = visit(
            replace(make_content([schedule]), title=long, findings=findings), viewport={"width": width, "height": 900}
        )
        page.page.locator("#list li").click()
        assert page.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_prints(visit: Visits) -> None:
    page = visit(large_content(200, 30), color_scheme="dark", address="zone=utc")
    pdf = page.page.pdf(format="A4")
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") >= 4
    page.page.emulate_media(media="print")
    page.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert ground(page) == "rgb(255, 255, 255)"
    # Everything is unfolded: every schedule, every cost.
    assert page.page.locator("#cost tr[data-name]").count() == 200
    assert page.page.locator("#list").evaluate("(one) => one.scrollHeight <= one.clientHeight + 1")
    assert page.page.locator("#search").is_hidden()


def test_without_scripts_there_is_a_table(visit: Visits) -> None:
    page = visit(some_content(), java_script_enabled=False)
    assert page.page.locator("#app").is_hidden()
    rows = [
        row.locator("th, td").all_inner_texts()
        for row in page.page.locator("noscript tbody tr, .card.plain tbody tr").all()
    ]
    counts = some_content().plan.count_by_schedule()
    assert {row[0]: int(row[-1].replace(",", "")) for row in rows} == counts
    assert page.text("h1") == "Schedules"


def test_texts_do_no_harm(visit: Visits) -> None:
    schedule = build(
        "nightly",
        "0 4 * * *",
        display_name=HARM,
        description=f"</script><script>document.title='harm'</script>{HARM}",
        tags={"note": HARM},
    )
    findings = PageFindings(
        items=(Diagnostic("MLS103", Severity.WARNING, HARM, HARM, Location(f"{HARM}.yml")),), broken=(HARM,)
    )
    estimate = {
        "currency": HARM,
        "schedules": [
            {
                "name": "nightly",
                "runs": 1,
                "compute": {"names": [HARM], "cost": None},
                "logic_app": {"cost": HARM},
                "total": None,
                "reason": HARM,
                "months": {"2026-03": {"runs": 1, "cost": HARM}},
            }
        ],
        "computes": [{"name": HARM, "size": HARM, "advice": [{"text": HARM}]}],
        "assumptions": [HARM],
        "prices": {"files": [HARM], "as_of": HARM},
    }
    page = visit(replace(make_content([schedule]), title=HARM, findings=findings, estimate=estimate))
    page.page.locator("#list li").click()
    page.page.get_by_role("searchbox", name="Search schedules").fill(HARM)
    assert page.listed == {"nightly": 45}
    assert page.page.title() == HARM
    assert page.page.locator("img").count() == 0
    assert page.text("h1") == HARM
    assert page.chips() == [f"Search: {HARM}"]


def test_a_page_that_cannot_be_drawn_says_so(visit: Visits, tmp_path: Path) -> None:
    broken = write_page(some_content()).replace('"schedules":[', '"programmes":[', 1)
    path = tmp_path / "broken.html"
    path.write_text(broken, encoding="utf-8")
    found = Visit(visit.browser.new_context())
    found.page.goto(path.as_uri())
    found.page.locator("#failure").wait_for()
    assert found.text("#failure").startswith("Something on this page could not be drawn: ")
    found.context.close()


def test_no_motion_where_none_is_wanted(visit: Visits) -> None:
    script = "getComputedStyle(document.querySelector('.list-bar')).transitionDuration"
    assert visit(some_content(), reduced_motion="reduce").page.evaluate(script) == "0s"
    assert visit(some_content(), reduced_motion="no-preference").page.evaluate(script) == "0.12s"
