"""Each rule has a page: its name, its severity, a bad example that gives it and a good one that gives nothing to repair.

YAML and JSON examples are checked as ``mlschedule check`` does it, at a fixed time, with the files beside them: ``other.yml`` is
checked too, ``mlschedule.toml`` is the configuration, ``baseline.yml`` the baseline. Python examples are run: what they load or
plan has the code, or they put it into ``found``.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docs_pages import ROOT, Block, read_blocks

from pytest_mlschedule import DefinitionError, Diagnostic, JobSchedule, Plan, Severity, load_schedule
from pytest_mlschedule.checks.baseline import read_baseline
from pytest_mlschedule.checks.catalogue import CATALOGUE
from pytest_mlschedule.checks.check import CheckSettings, check_files
from pytest_mlschedule.config.checking import load_rates
from pytest_mlschedule.config.reading import find_config
from pytest_mlschedule.report.rule_pages import read_page
from pytest_mlschedule.schedules.loader import load_files
from pytest_mlschedule.schedules.placeholders import Placeholders
from pytest_mlschedule.schedules.reader import Reader

RULES = ROOT / "docs" / "rules"
NOW = datetime(2026, 1, 5, tzinfo=UTC)
USED = sorted(
    {
        code
        for path in (ROOT / "pytest_mlschedule").rglob("*.py")
        for code in re.findall(r"\bMLS\d{3}\b", path.read_text("utf-8"))
    }
)
PAGES = sorted(path.stem for path in RULES.glob("MLS*.md"))
# What the bad example gives besides: a placeholder without a value makes a name that is none.
BESIDES = {"MLS016": {"MLS501"}}


def write_examples(code: str, folder: Path) -> dict[str, Block]:
    """The examples of a page by their titles, as files too."""
    blocks = {block.title: block for block in read_blocks(RULES / f"{code}.md")}
    for title, block in blocks.items():
        (folder / title).write_text(block.text, encoding="utf-8")
    return blocks


def check_example(code: str, stem: str, folder: Path) -> list[Diagnostic]:
    """What is found in one of the examples of a page."""
    blocks = write_examples(code, folder)
    if f"{stem}.py" in blocks:
        return run_python(blocks[f"{stem}.py"])
    names = [title for title in blocks if title.startswith((f"{stem}.", "other."))]
    config = find_config(folder)
    reader = Reader(placeholders=Placeholders(config.values))
    settings = CheckSettings(
        now=NOW,
        budgets=config.budgets,
        selection=config.rules,
        reader=reader,
        whole=True,
        baseline=read_baseline("baseline.yml") if stem == "bad" and os.path.exists("baseline.yml") else None,
        rates=load_rates(config),
    )
    return list(check_files(list(load_files(names, reader=reader)), settings).findings)


def run_python(block: Block) -> list[Diagnostic]:
    names: dict[str, object] = {}
    try:
        exec(compile(block.text, block.place, "exec"), names)
    except DefinitionError as refused:
        return list(refused.diagnostics)
    found = list(names.get("found", []))  # type: ignore[call-overload]  # what a page asks for itself
    for value in names.values():
        if isinstance(value, Plan):
            found += value.notes
        elif isinstance(value, JobSchedule):
            found += value.diagnostics
    return found


def said(code: str, what: str) -> str | None:
    """What a page says in a line such as "Severity: error."."""
    lines = re.findall(rf"^{what}: `?([\w-]+)`?\.$", (RULES / f"{code}.md").read_text("utf-8"), re.MULTILINE)
    assert len(lines) <= 1
    return lines[0] if lines else None


def title_of(code: str) -> str:
    return (RULES / f"{code}.md").read_text(encoding="utf-8").splitlines()[0]


def test_every_code_in_use_has_a_page() -> None:
    assert PAGES == USED


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert sorted(CATALOGUE) == PAGES


@pytest.mark.parametrize("code", PAGES)
def test_a_page_has_title_severity_and_name_of_its_rule(code: str) -> None:
    rule = CATALOGUE[code]
    assert title_of(code).replace("`", "") == f"# {code}: {rule.summary.replace('`', '')}"
    assert (said(code, "Severity"), said(code, "Name")) == (rule.severity.value, rule.name)


def test_names_of_rules_are_kebab_case_and_differ() -> None:
    names = [rule.name for rule in CATALOGUE.values()]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name)] == []


@pytest.mark.parametrize("code", PAGES)
def test_the_bad_example_is_reported(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = check_example(code, "bad", tmp_path)
    severe = {item.code for item in found if item.severity is not Severity.NOTE}
    assert severe - BESIDES.get(code, set()) <= {code}, found
    assert {item.severity for item in found if item.code == code} == {CATALOGUE[code].severity}


@pytest.mark.parametrize("code", PAGES)
def test_the_good_example_gives_nothing_to_repair(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = check_example(code, "good", tmp_path)
    assert code not in {item.code for item in found}
    assert [item for item in found if item.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("code", PAGES)
def test_what_a_page_says_of_loading_is_what_loading_does(code: str, tmp_path: Path) -> None:
    if "bad.yml" not in write_examples(code, tmp_path):
        assert said(code, "On loading") is None
        return
    try:
        found = load_schedule(tmp_path / "bad.yml").diagnostics
    except DefinitionError as refused:
        found = refused.diagnostics
    on_loading = {item.severity.value for item in found if item.code == code} - {CATALOGUE[code].severity.value}
    assert on_loading == ({said(code, "On loading")} - {None})


def test_the_index_has_every_page_with_its_title_and_severity() -> None:
    text = (RULES / "index.md").read_text("utf-8")
    rows = re.findall(r"^\| \[(\w+)\]\((\S+)\) \| (\w+) \| (.+) \|$", text, re.MULTILINE)
    assert rows == [(code, f"{code}.md", said(code, "Severity"), title_of(code).partition(": ")[2]) for code in PAGES]


@pytest.mark.parametrize("code", PAGES)
def test_a_page_reads_without_the_documentation(code: str) -> None:
    text = read_page(code)
    assert text is not None
    assert text.startswith(title_of(code))
    assert re.findall(r"\]\((?!https?:)", text) == []
    assert "title=" not in text
