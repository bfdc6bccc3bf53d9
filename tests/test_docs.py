"""README and docs say what is true: every block of code on every page runs here."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from docs_pages import NOT_RUN, ROOT, Story, read_blocks, run_command

import pytest_mlschedule.api as api

DOCS = ROOT / "docs"
PAGES = [
    ROOT / "README.md",
    ROOT / "ARCHITECTURE.md",
    *sorted(DOCS.rglob("*.md")),
    *sorted(ROOT.glob("examples/*/README.md")),
]
STORIES = [page for page in PAGES if page.parent.name != "rules" or page.name == "index.md"]
MOST_NOT_RUN = 6


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


# azure-ai-ml's own dependencies warn of themselves when a page imports it.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("page", STORIES, ids=name_of)
def test_the_code_of_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Story(tmp_path).tell(read_blocks(page))


def test_blocks_that_are_not_run_are_few() -> None:
    skipped = [block.place for page in PAGES for block in read_blocks(page) if block.title.startswith(NOT_RUN)]
    assert len(skipped) <= MOST_NOT_RUN, skipped


def test_the_commands_of_the_readme_are_those_that_ci_runs() -> None:
    commands = {name_of(page): [block for block in read_blocks(page) if block.language == "sh"] for page in PAGES}
    readme = commands.pop("README.md")
    assert [block for blocks in commands.values() for block in blocks] == []
    assert [block.text.count("\n") for block in readme] == [1, 1]
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for heading, block in zip(("Try it", "Run the tests"), readme, strict=True):
        assert f"## {heading}\n\n```sh\n{block.text}```\n" in text
        assert f'run_as_printed "{heading}"' in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_readme_shows_the_plan_of_an_example() -> None:
    (command, *_) = (block.text for block in read_blocks(ROOT / "README.md") if block.language == "sh")
    plan = run_command(command.rpartition(" && ")[2].replace(".venv/bin/", ""), ROOT)
    shown = [line for line in plan.splitlines() if "nightly-scoring" in line]
    assert len(shown) >= 7, plan


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


def members_of(name: str) -> set[str]:
    """What a public class adds to what its library bases have: methods, properties, fields."""
    kind = getattr(api, name)
    ours = [base for base in getattr(kind, "__mro__", ()) if base.__module__.startswith("pytest_mlschedule")]
    found = {key for base in ours for key in (*vars(base), *vars(base).get("__annotations__", {}))}
    return {key for key in found if not key.startswith(("_", "model_"))}


@pytest.mark.parametrize("name", api.__all__)
def test_the_reference_names_every_member(name: str) -> None:
    page = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    sections = re.split(r"^###? ", page, flags=re.MULTILINE)
    (section,) = (text for text in sections if re.match(rf"`{name}\b", text))
    said = set(re.findall(r"\w+", section))
    assert members_of(name) - said == set()


def test_the_page_on_agreement_lists_every_code_that_is_stricter_than_the_client() -> None:
    page = (DOCS / "sdk.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"\[(MLS\d+)\]\(\S+\) \| (\S+) \|", page))
    listed = (ROOT / "tests" / "schedules" / "agreement" / "stricter.txt").read_text(encoding="utf-8")
    assert shown == set(re.findall(r"^@ (\S+) (\S+)", listed, re.MULTILINE))


def test_the_page_on_differences_shows_the_measured_ones() -> None:
    page = (DOCS / "cron-differences.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(.+)` \| (\S+) to (\S+) \| (.+) \| (.+) \| (.+) \| (\S+): (.+) \|$", page, re.MULTILINE)
    cases = json.loads((ROOT / "fixtures" / "occurrences" / "peers_disagree.json").read_text(encoding="utf-8"))["cases"]
    expected = [
        (
            case["expression"].replace("\t", "\\t"),
            case["from"],
            case["to"],
            *(shown(case[who]) for who in ("ours", "croniter", "cronsim")),
            case["rule"],
            case["why"],
        )
        for case in cases
    ]
    assert sorted(rows) == sorted(expected)


def shown(times: str | list[str]) -> str:
    """A cell of the page on differences: "error", up to five times, or how many there are."""
    if isinstance(times, str):
        return times
    return ", ".join(times) if 0 < len(times) <= 5 else f"{len(times)} runs" if times else "none"


def test_the_pages_that_code_names_exist() -> None:
    files = [
        *(ROOT / "pytest_mlschedule").rglob("*.py"),
        *(ROOT / "tests").rglob("*.py"),
        *(ROOT / "benchmarks").rglob("*.py"),
    ]
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    named = {name for text in texts.values() for name in re.findall(r"docs/[\w/-]+\.md", text)}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent == ROOT], ids=name_of)
def test_the_links_of_a_page_outside_docs_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []
