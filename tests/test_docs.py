"""README and docs say what is true: every block of code on every page runs here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs_pages import NOT_RUN, ROOT, Story, read_blocks

import pytest_mlschedule.api as api

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("examples/*/README.md"))]
STORIES = [page for page in PAGES if page.parent.name != "rules" or page.name == "index.md"]
MOST_NOT_RUN = 6


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", STORIES, ids=name_of)
def test_the_code_of_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Story(tmp_path).tell(read_blocks(page))


def test_blocks_that_are_not_run_are_few() -> None:
    skipped = [block.place for page in PAGES for block in read_blocks(page) if block.title.startswith(NOT_RUN)]
    assert len(skipped) <= MOST_NOT_RUN, skipped


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_block_hides_in_a_list_or_a_note(page: Path) -> None:
    fences = re.findall(r"^[ \t>]*(?:```|~~~)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(fences) == 2 * len(read_blocks(page))


@pytest.mark.parametrize("name", api.__all__)
def test_the_reference_describes_every_public_name(name: str) -> None:
    page = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    assert re.search(rf"^##+ `{name}[`(]", page, re.MULTILINE), f"docs/reference/api.md has no heading for {name}"


def test_the_reference_describes_no_name_that_is_not_public() -> None:
    page = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^### `(\w+)", page, re.MULTILINE)) == set(api.__all__)
