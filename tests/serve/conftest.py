"""Servers that tests talk to, and a browser that looks at their page."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from served import SCHEDULES, START, Served

from pytest_mlschedule import FakeWorkspace, SimulatedClock, load_schedules
from pytest_mlschedule.serve.hosts import HostNames

sys.path.append(str(Path(__file__).parents[1] / "browser"))
from chromium import INSTALL, Chromium, find_chromium, is_required
from visits import WIDE, Visit

Look = Callable[[Visit], None]


@pytest.fixture
def workspace() -> FakeWorkspace:
    """The schedules of the quickstart: 4 runs a working day, one a night, one a week."""
    workspace = FakeWorkspace(clock=SimulatedClock(START))
    for schedule in load_schedules(SCHEDULES):
        workspace.schedules.begin_create_or_update(schedule)
    return workspace


@pytest.fixture
def served(workspace: FakeWorkspace) -> Iterator[Served]:
    """A server in a thread of this process."""
    served = Served(workspace, HostNames("127.0.0.1"))
    thread = threading.Thread(target=served.server.run)
    thread.start()
    yield served
    served.server.stop()
    thread.join()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The browser, started once."""
    path = find_chromium()
    if path is None:
        (pytest.fail if is_required() else pytest.skip)(INSTALL)
    browser = Chromium(path)
    yield browser
    browser.close()


@pytest.fixture
def browse(chromium: Chromium, served: Served) -> Iterator[Callable[..., None]]:
    """Look at the page in the thread of the browser: ``browse(look)``. Nothing may go wrong on it."""
    problems: list[str] = []

    def browse(look: Look, **options: Any) -> None:
        def visit() -> None:
            context = chromium.new_context(**{"viewport": WIDE, "timezone_id": "America/New_York", **options})
            found = Visit(context)
            found.page.set_default_timeout(20_000)
            try:
                found.page.goto(served.url)
                look(found)
            finally:
                context.close()
            problems.extend(found.problems)
            problems.extend(url for url in found.requests if not url.startswith((served.url, "data:")))

        chromium.call(visit)

    yield browse
    assert problems == []
