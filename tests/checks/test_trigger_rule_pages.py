"""The pages of the rules about triggers: the bad example gives the code, the good one does not, the title is the rule's."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from docs_pages import ROOT, read_blocks

from pytest_mlschedule import Diagnostic, check_schedules, load_schedule
from pytest_mlschedule.checks import cron, recurrence, times

NOW = datetime(2026, 1, 5, tzinfo=UTC)
RULES = {rule.code: rule for rule in (*cron.RULES, *recurrence.RULES, *times.RULES) if rule.code != "MLS510"}
FAMILIES = ("MLS1", "MLS2", "MLS3")


def report_of(code: str, stem: str) -> list[Diagnostic]:
    (block,) = (
        block for block in read_blocks(ROOT / "docs" / "rules" / f"{code}.md") if block.title.startswith(f"{stem}.")
    )
    if block.language == "python":
        names: dict[str, list[Diagnostic]] = {}
        exec(compile(block.text, block.place, "exec"), names)
        return names["found"]
    return check_schedules(load_schedule(io.StringIO(block.text)), now=NOW)


@pytest.mark.parametrize("code", RULES)
def test_the_examples_of_a_page_do_what_they_say(code):
    bad, good = report_of(code, "bad"), report_of(code, "good")
    assert {item.code for item in bad if item.code.startswith(FAMILIES)} == {code}
    assert {item.severity for item in bad if item.code == code} == {RULES[code].severity}
    assert {item.code for item in good if item.code.startswith(FAMILIES)} == set()


@pytest.mark.parametrize("code", RULES)
def test_a_page_has_the_title_and_the_severity_of_its_rule(code):
    lines = (ROOT / "docs" / "rules" / f"{code}.md").read_text("utf-8").splitlines()
    assert lines[0] == f"# {code}: {RULES[code].summary}"
    assert lines[2] == f"Severity: {RULES[code].severity}."
