"""Pages in a real browser. Each test that takes ``visit`` runs in the thread of the browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import INSTALL, Chromium, find_chromium, is_required
from visits import Visits


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The browser, started once."""
    path = find_chromium()
    if path is None:
        (pytest.fail if is_required() else pytest.skip)(INSTALL)
    browser = Chromium(path)
    yield browser
    browser.close()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that looks at pages in the thread of the browser."""
    browser = pyfuncitem.funcargs.get("chromium") or getattr(pyfuncitem.funcargs.get("visit"), "browser", None)
    if browser is None:
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    browser.call(lambda: pyfuncitem.obj(**arguments))
    return True


@pytest.fixture
def visit(chromium: Chromium, tmp_path: Path) -> Iterator[Visits]:
    visits = Visits(chromium, tmp_path)
    yield visits
    chromium.call(visits.close)
    assert visits.problems == []
