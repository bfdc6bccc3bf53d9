"""The system's Chromium, driven by playwright from a thread of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

T = TypeVar("T")

NAMES = ("chromium", "chromium-browser", "google-chrome")
REQUIRED = "MLSCHEDULE_BROWSER"
INSTALL = "there is no Chromium: apt-get install chromium"


def find_chromium() -> str | None:
    """The path of a Chromium of this machine; None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def is_required() -> bool:
    """Whether tests fail without a browser: MLSCHEDULE_BROWSER=required."""
    return os.environ.get(REQUIRED) == "required"


class Chromium:
    """A browser and the one thread that may speak with it.

    playwright leaves its event loop running between calls; in the thread of the tests it would stand in the way of theirs.
    """

    def __init__(self, path: str) -> None:
        self._thread = ThreadPoolExecutor(1, "browser")
        self._playwright: Playwright = self.call(lambda: sync_playwright().start())
        self._browser: Browser = self.call(
            lambda: self._playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        )

    def call(self, function: Callable[[], T]) -> T:
        """What a function returns, called in the thread of the browser."""
        return self._thread.submit(function).result()

    def new_context(self, **options: Any) -> BrowserContext:
        """A browser as a person has it who was never here; call it in the thread."""
        return self._browser.new_context(**options)

    def close(self) -> None:
        self.call(self._browser.close)
        self.call(self._playwright.stop)
        self._thread.shutdown()
