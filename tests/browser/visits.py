"""Pages that are looked at, and what stands on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chromium import Chromium
from playwright.sync_api import BrowserContext, Page

from pytest_mlschedule.report.page.content import PageContent
from pytest_mlschedule.report.page.page import write_page

WIDE = {"width": 1360, "height": 900}


class Visit:
    """A page that is looked at: ``page`` of playwright, and what went wrong on it."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.problems: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.problems.append(f"console {message.type}: {message.text}"))
        self.page.on("pageerror", lambda failure: self.problems.append(f"error: {failure}"))
        self.page.on("request", lambda request: self.requests.append(request.url))

    @property
    def asked(self) -> list[str]:
        """What was asked for besides the page itself."""
        return [url for url in self.requests[1:] if not url.startswith(("data:", "file:"))]

    def text(self, selector: str) -> str:
        """The text of the one element that fits."""
        return self.page.locator(selector).inner_text()

    def number(self, selector: str) -> int:
        """The number of one element: ``1,234`` is 1234."""
        return int(self.text(selector).replace(",", ""))

    def counts(self, selector: str, key: str) -> dict[str, int]:
        """``data-count`` of all elements that fit, by another of their data."""
        script = "(all, key) => all.map((one) => [one.dataset[key], Number(one.dataset.count)])"
        return dict(self.page.locator(selector).evaluate_all(script, key))

    @property
    def days(self) -> dict[str, int]:
        """The calendar: runs by day, those without any left out."""
        return {day: number for day, number in self.counts(".day", "day").items() if number}

    @property
    def hours(self) -> dict[int, int]:
        """Hour and weekday: runs by hour of the week (0: Monday 00:00), those without any left out."""
        return {int(cell): number for cell, number in self.counts("[data-cell]", "cell").items() if number}

    @property
    def listed(self) -> dict[str, int]:
        """The list of schedules: the runs of each that is in sight."""
        script = "(all) => all.filter((one) => !one.hidden).map((one) => [one.querySelector('.list-name').textContent, Number(one.dataset.runs)])"
        return dict(self.page.locator("#list li").evaluate_all(script))

    def schedule(self, name: str) -> Any:
        """The entry of a schedule in the list."""
        return self.page.locator("#list li", has=self.page.get_by_text(name, exact=True))

    def chips(self) -> list[str]:
        """The filters that are set."""
        return list(self.page.locator(".chip > span:first-child").all_inner_texts())


class Visits:
    """Opens pages: ``visit(content)``, or the text of a page. Afterwards nothing may have gone wrong on any of them."""

    def __init__(self, browser: Chromium, folder: Path) -> None:
        self.browser = browser
        self._folder = folder
        self._opened: list[Visit] = []

    def __call__(self, what: PageContent | str, address: str = "", **options: Any) -> Visit:
        """A page that is ready. ``address``: what stands after # ; ``options``: of the browser (viewport, timezone_id ...)."""
        text = what if isinstance(what, str) else write_page(what)
        path = self._folder / f"page{len(self._opened)}.html"
        path.write_text(text, encoding="utf-8")
        found = Visit(self.browser.new_context(**{"viewport": WIDE, "timezone_id": "UTC", **options}))
        self._opened.append(found)
        found.page.set_default_timeout(20_000)
        found.page.goto(path.as_uri() + (f"#{address}" if address else ""))
        if options.get("java_script_enabled", True):
            found.page.locator("html[data-ready]").wait_for(state="attached")
        return found

    def close(self) -> None:
        for found in self._opened:
            found.context.close()

    @property
    def problems(self) -> list[str]:
        return [problem for found in self._opened for problem in (*found.problems, *found.asked)]
