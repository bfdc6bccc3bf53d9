"""The page of a running server in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.resources import files

import pytest
from served import CRON, SCHEDULES, START, Served
from visits import Visit

from pytest_mlschedule import load_schedules, plan_runs

Browse = Callable[..., None]
HARM = "<img src=x onerror=document.title='harm'>"


def planned(days: float, start: datetime = START) -> list[str]:
    """The jobs that the plan of the same files has."""
    plan = plan_runs(load_schedules(SCHEDULES), start, start + timedelta(days), created_at=START)
    return [run.display_name for run in plan]


def runs_of(visit: Visit) -> list[str]:
    """The jobs of the next runs, as they stand on the page."""
    return visit.page.locator("#runs tbody tr td:last-child").all_inner_texts()


def jobs_of(visit: Visit) -> list[str]:
    return visit.page.locator("#jobs tbody tr .name").all_inner_texts()


def press(visit: Visit, name: str) -> str:
    """Press a button, and read what the page says once the clock has moved."""
    visit.page.get_by_role("button", name=name, exact=True).click()
    return read_message(visit)


def read_message(visit: Visit) -> str:
    wait(
        visit,
        "!document.querySelector('#move [type=submit]').disabled && document.getElementById('message').textContent",
    )
    return visit.text("#message")


def wait(visit: Visit, condition: str) -> None:
    """Until a condition holds; the page's policy lets nobody evaluate text in it, so it is asked from outside."""
    for _ in range(200):
        if visit.page.evaluate(condition):
            return
        visit.page.wait_for_timeout(50)
    raise AssertionError(f"{condition} does not hold")


def test_next_runs_are_those_of_the_plan(browse: Browse) -> None:
    def look(visit: Visit) -> None:
        assert runs_of(visit) == planned(60)[:50]
        assert visit.page.locator("#schedules tbody tr").count() == 3
        assert visit.text("#jobs-shown") == "None yet: move the clock, or trigger a schedule."

    browse(look)


def test_moving_the_clock_makes_jobs_appear(browse: Browse) -> None:
    def look(visit: Visit) -> None:
        assert press(visit, "1 day") == "4 jobs ran. The clock stands at 2026-03-03T00:00:00Z."
        assert jobs_of(visit) == planned(1)[::-1]
        assert runs_of(visit) == planned(60)[4:54]
        assert visit.text(".now") == "2026-03-03T00:00:00Z"
        assert press(visit, "1 hour") == "0 jobs ran. The clock stands at 2026-03-03T01:00:00Z."
        assert press(visit, "1 week") == f"{len(planned(8)) - 4} jobs ran. The clock stands at 2026-03-10T01:00:00Z."
        assert visit.text("#jobs-shown") == f"{len(planned(8))} in all."

    browse(look)


def test_past_the_next_run(browse: Browse) -> None:
    def look(visit: Visit) -> None:
        for number in range(1, 4):
            said = press(visit, "Past the next run")
            assert said.startswith("1 job ran. The clock stands at 2026-03-02T")
            assert jobs_of(visit) == planned(60)[:number][::-1]
        assert visit.page.evaluate("document.activeElement.id") == "step"

    browse(look)


def test_nothing_can_be_pressed_before_the_page_is_up_to_date(browse: Browse) -> None:
    def look(visit: Visit) -> None:
        visit.page.evaluate("""() => { const fetch = window.fetch; window.fetch = async (url, ...rest) => {
            if (url === "/") await new Promise((done) => setTimeout(done, 400));
            return fetch(url, ...rest);
        }}""")
        for number in range(1, 4):
            press(visit, "Past the next run")
            assert jobs_of(visit) == planned(60)[:number][::-1]

    browse(look)


def test_an_answer_that_was_overtaken_is_passed_over(browse: Browse) -> None:
    def look(visit: Visit) -> None:
        visit.page.evaluate("""() => { const fetch = window.fetch; window.fetch = async (url, ...rest) => {
            const answer = await fetch(url, ...rest);
            if (url === "/" && !window.release) await new Promise((done) => { window.release = done; });
            return answer;
        }}""")
        wait(visit, "Boolean(window.release)")
        press(visit, "1 day")
        visit.page.evaluate("window.release()")
        visit.page.wait_for_timeout(300)
        assert jobs_of(visit) == planned(1)[::-1]

    browse(look)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("36h", "6 jobs ran. The clock stands at 2026-03-03T12:00:00Z."),
        (" 2026-03-02T12:00 ", "1 job ran. The clock stands at 2026-03-02T12:00:00Z."),
        ("2026-03-02T12:00-08:00", "3 jobs ran. The clock stands at 2026-03-02T20:00:00Z."),
        ("2025-01-01", "the clock stands at 2026-03-02T00:00:00+00:00 and only moves forward; 2025-01-01"),
        ("soon", "'soon' is not a duration"),
        (HARM, "\"<img src=x onerror=document.title='harm'>\" is not a duration"),
    ],
)
def test_by_or_until(text: str, said: str, browse: Browse) -> None:
    def look(visit: Visit) -> None:
        visit.page.get_by_label("By, or until").fill(text)
        visit.page.keyboard.press("Enter")
        assert read_message(visit).startswith(said)
        assert visit.page.locator("#message").evaluate("(one) => one.classList.contains('failed')") is (
            "ran" not in said
        )
        assert visit.page.title() == "fake-workspace - mlschedule serve"
        # A refusal of the server is noted by the browser; nothing else is.
        visit.problems[:] = [one for one in visit.problems if "400 (BAD REQUEST)" not in one]

    browse(look)


def test_what_others_do_shows_by_itself(browse: Browse, served: Served) -> None:
    def look(visit: Visit) -> None:
        served.call("PUT", "schedules/extra", CRON)
        visit.page.locator("#schedules").get_by_text("extra", exact=True).wait_for()
        visit.page.get_by_label("Refresh every 3 seconds").uncheck()
        served.call("PUT", "schedules/later", CRON)
        visit.page.wait_for_timeout(3500)
        assert visit.page.locator("#schedules tbody tr").count() == 4

    browse(look)


def test_texts_of_others_do_no_harm(browse: Browse, served: Served) -> None:
    body = {"properties": {**CRON["properties"], "displayName": HARM, "tags": {"a": HARM}}}
    served.call("PUT", "schedules/extra", body)

    def look(visit: Visit) -> None:
        press(visit, "1 day")
        assert visit.page.locator("#schedules .more").first.inner_text() == HARM
        assert visit.page.locator("img").count() == 0
        assert visit.page.title() == "fake-workspace - mlschedule serve"

    browse(look)


def test_a_server_that_ends_is_told_once(browse: Browse, served: Served) -> None:
    def look(visit: Visit) -> None:
        visit.page.route("**/*", lambda route: route.abort())
        press(visit, "1 day")
        assert visit.text("#message") == "The server does not answer."
        visit.page.unroute("**/*")
        wait(visit, "document.getElementById('message').textContent === ''")
        visit.problems[:] = [one for one in visit.problems if "net::ERR_FAILED" not in one]

    browse(look)


def test_what_runs_no_more_cannot_be_passed(browse: Browse, served: Served) -> None:
    for name in ("features", "nightly-scoring", "weekly-retraining"):
        served.workspace.schedules.begin_disable(name)

    def look(visit: Visit) -> None:
        assert visit.page.get_by_role("button", name="Past the next run").is_disabled()
        assert press(visit, "1 day").startswith("0 jobs ran.")
        assert visit.page.get_by_role("button", name="Past the next run").is_disabled()

    browse(look)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1360])
def test_looks(scheme: str, width: int, browse: Browse) -> None:
    def look(visit: Visit) -> None:
        press(visit, "1 week")
        ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == {"light": "rgb(244, 246, 248)", "dark": "rgb(14, 19, 24)"}[scheme]
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        visit.page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
        found = visit.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found["violations"]] == []

    browse(look, color_scheme=scheme, viewport={"width": width, "height": 900})


def test_the_keyboard_reaches_everything(browse: Browse) -> None:
    def look(visit: Visit) -> None:
        stops = []
        for _ in range(12):
            visit.page.keyboard.press("Tab")
            stops.append(visit.page.evaluate("document.activeElement.id || document.activeElement.textContent"))
        assert stops == [
            "Skip to the schedules", "1 hour", "1 day", "1 week", "step", "target", "Move",
            "schedules", "runs", "jobs", "refresh", "/state",
        ]  # fmt: skip

    browse(look)


def test_without_scripts_everything_is_there_to_read(browse: Browse) -> None:
    def look(visit: Visit) -> None:
        assert runs_of(visit) == planned(60)[:50]
        assert "POST /clock does the same." in visit.text("body")

    browse(look, java_script_enabled=False)
