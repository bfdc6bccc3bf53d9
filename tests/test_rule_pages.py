"""Each code that the package can report has a page whose bad example gives it and whose good example does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs_pages import ROOT, Block, read_blocks

from pytest_mlschedule import DefinitionError, Diagnostic, JobSchedule, Plan, load_schedule

RULES = ROOT / "docs" / "rules"
USED = sorted(
    {
        code
        for path in (ROOT / "pytest_mlschedule").rglob("*.py")
        for code in re.findall(r"\bMLS\d{3}\b", path.read_text("utf-8"))
    }
)
PAGES = sorted(path.stem for path in RULES.glob("MLS*.md"))


def report_of(page: Path, stem: str, folder: Path) -> list[Diagnostic]:
    """What the package says about one of the examples of a page."""
    blocks = {block.title: block for block in read_blocks(page)}
    for title, block in blocks.items():
        (folder / title).write_text(block.text, encoding="utf-8")
    (block,) = (block for title, block in blocks.items() if title.startswith(f"{stem}."))
    try:
        return (
            run_python(block) if block.language == "python" else list(load_schedule(folder / block.title).diagnostics)
        )
    except DefinitionError as refused:
        return list(refused.diagnostics)


def run_python(block: Block) -> list[Diagnostic]:
    names: dict[str, object] = {}
    exec(compile(block.text, block.place, "exec"), names)
    found: list[Diagnostic] = []
    for value in names.values():
        if isinstance(value, Plan):
            found += value.notes
        elif isinstance(value, JobSchedule):
            found += value.diagnostics
    return found


def test_every_code_in_use_has_a_page() -> None:
    assert PAGES == USED


@pytest.mark.parametrize("code", PAGES)
def test_the_bad_example_is_reported(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = RULES / f"{code}.md"
    found = report_of(page, "bad", tmp_path)
    assert {item.code for item in found} == {code}, found
    assert {f"Severity: {item.severity}." for item in found} <= set(page.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("code", PAGES)
def test_the_good_example_is_not_reported(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert code not in {item.code for item in report_of(RULES / f"{code}.md", "good", tmp_path)}


def test_the_index_has_every_page_with_its_title_and_severity() -> None:
    rows = re.findall(
        r"^\| \[(\w+)\]\((\S+)\) \| (\w+) \| (.+) \|$", (RULES / "index.md").read_text("utf-8"), re.MULTILINE
    )
    expected = []
    for code in PAGES:
        text = (RULES / f"{code}.md").read_text(encoding="utf-8")
        expected.append(
            (
                code,
                f"{code}.md",
                re.findall(r"^Severity: (\w+)\.$", text, re.M)[0],
                text.splitlines()[0].partition(": ")[2],
            )
        )
    assert rows == expected
