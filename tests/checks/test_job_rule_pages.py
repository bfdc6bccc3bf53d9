"""The pages of the rules about jobs, names and the estate: what their examples give, and what they are called."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from docs_pages import ROOT, read_blocks

from pytest_mlschedule import Diagnostic, check_schedules, load_schedules
from pytest_mlschedule.checks import estate, jobs, names

NOW = datetime(2026, 1, 5, tzinfo=UTC)
RULES = {rule.code: rule for rule in (*jobs.RULES, *names.RULES, *estate.RULES)}
LOADED = {"MLS408", "MLS507", "MLS508", "MLS509"}  # their examples are those of loading and planning


def report_of(code: str, stem: str, folder: Path) -> list[Diagnostic]:
    """What check says of an example, with the files beside it."""
    blocks = {block.title: block for block in read_blocks(ROOT / "docs" / "rules" / f"{code}.md")}
    for title, block in blocks.items():
        (folder / title).write_text(block.text, encoding="utf-8")
    if f"{stem}.py" in blocks:
        block = blocks[f"{stem}.py"]
        values: dict[str, list[Diagnostic]] = {}
        exec(compile(block.text, block.place, "exec"), values)
        return values["found"]
    files = [folder / title for title in ("other.yml", f"{stem}.yml") if title in blocks]
    return check_schedules(load_schedules(files), now=NOW)


@pytest.mark.parametrize("code", sorted(RULES.keys() - LOADED))
def test_the_examples_of_a_page_do_what_they_say(code: str, tmp_path: Path) -> None:
    bad, good = report_of(code, "bad", tmp_path), report_of(code, "good", tmp_path)
    assert {item.code for item in bad} == {code}
    assert {item.severity for item in bad} == {RULES[code].severity}
    assert good == []


@pytest.mark.parametrize("code", ["MLS507", "MLS508", "MLS509"])
def test_check_says_what_a_plan_notes(code: str) -> None:
    """The examples plan; checking the same schedules gives the same code."""
    (block,) = (item for item in read_blocks(ROOT / "docs" / "rules" / f"{code}.md") if item.title == "bad.py")
    values: dict[str, object] = {}
    text = block.text.partition("plan = plan_runs(")[0]
    exec(compile(text, block.place, "exec"), values)
    schedules = [value for name, value in values.items() if name in ("schedule", "one", "other")]
    if code == "MLS508":
        schedules = [schedules[0].replace(is_enabled=False)]  # type: ignore[attr-defined]
    assert code in {item.code for item in check_schedules(schedules, now=NOW)}  # type: ignore[arg-type]


@pytest.mark.parametrize("code", RULES)
def test_a_page_has_the_title_and_the_severity_of_its_rule(code: str) -> None:
    lines = (ROOT / "docs" / "rules" / f"{code}.md").read_text("utf-8").splitlines()
    assert lines[0] == f"# {code}: {RULES[code].summary}"
    assert lines[2] == f"Severity: {RULES[code].severity}."
    assert f"| [{code}]({code}.md) | {RULES[code].severity} | {RULES[code].summary} |" in (
        ROOT / "docs" / "rules" / "index.md"
    ).read_text("utf-8")
