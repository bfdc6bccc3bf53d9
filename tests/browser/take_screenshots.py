"""Pictures of the report of examples/estate for README and docs: ``python tests/browser/take_screenshots.py``.

They are made with the fonts of this machine; Inter (apt-get install fonts-inter) looks best.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from chromium import INSTALL, Chromium, find_chromium
from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
COMMAND = ("--from", "2026-03-01", "--for", "90d", "--now", "2026-02-20", "--title", "Schedules of the example estate")
MOST_BYTES = 200_000


class Picture(NamedTuple):
    """What to take: ``part`` of the page (empty: what is in the window), in a ``scheme``, at an ``address``."""

    name: str
    part: str = ""
    scheme: str = "light"
    address: str = ""
    width: int = 1200
    height: int = 740


PICTURES = (
    Picture("report-overview"),
    Picture("report-overview-dark", scheme="dark", address="schedule=forecast-europe"),
    Picture("report-timeline", "#timeline-title", address="span=1&from=2026-03-07"),
    Picture("report-cost", "#cost-title", width=1360),
    Picture("report-narrow", width=390, height=780),
)


def make_page(folder: Path) -> Path:
    """The report of the example."""
    path = folder / "report.html"
    command = [sys.executable, "-m", "pytest_mlschedule.cli", "report", *COMMAND, "-o", str(path)]
    subprocess.run(command, cwd=ROOT / "examples" / "estate", check=True)
    return path


def take(page: Page, picture: Picture) -> bytes:
    """One picture; of a part: the card that it heads, as much of it as the window has room for."""
    if not picture.part:
        return page.screenshot()
    card = page.locator("section.card", has=page.locator(picture.part))
    box = card.bounding_box()
    assert box is not None
    clip: Any = {**box, "height": min(box["height"], picture.height)}
    return page.screenshot(full_page=True, clip=clip)


def main() -> None:
    path = find_chromium()
    if path is None:
        sys.exit(INSTALL)
    IMAGES.mkdir(exist_ok=True)
    browser = Chromium(path)
    with tempfile.TemporaryDirectory() as folder:
        report = make_page(Path(folder))
        for picture in PICTURES:
            image = browser.call(lambda picture=picture: photograph(browser, report, picture))
            (IMAGES / f"{picture.name}.png").write_bytes(image)
            print(f"{os.path.relpath(IMAGES)}/{picture.name}.png {len(image):,} bytes")
            assert len(image) < MOST_BYTES, f"{picture.name} is too large for a page of the docs"
    browser.close()


def photograph(browser: Chromium, report: Path, picture: Picture) -> bytes:
    size: Any = {"width": picture.width, "height": picture.height}
    context = browser.new_context(viewport=size, color_scheme=picture.scheme, timezone_id="Europe/Berlin")
    page = context.new_page()
    page.goto(f"{report.as_uri()}#{picture.address}")
    page.locator("html[data-ready]").wait_for(state="attached")
    # The bar of filters stays in sight while a page is scrolled; in a picture of a part it would hide some of it.
    page.evaluate("document.querySelector('.bar').style.position = 'static'")
    image = take(page, picture)
    context.close()
    return image


if __name__ == "__main__":
    main()
