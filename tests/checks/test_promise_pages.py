"""The pages of MLS801 to MLS804: the bad example gives the code, the good one nothing, title and severity are the rule's."""

from __future__ import annotations

import pytest
from docs_pages import ROOT, read_blocks

from pytest_mlschedule import Diagnostic
from pytest_mlschedule.checks.promises import RULES

PAGES = ROOT / "docs" / "rules"


def report_of(code: str, stem: str) -> list[Diagnostic]:
    (block,) = (block for block in read_blocks(PAGES / f"{code}.md") if block.title == f"{stem}.py")
    names: dict[str, list[Diagnostic]] = {}
    exec(compile(block.text, block.place, "exec"), names)
    return names["found"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_examples_of_a_page_do_what_they_say(rule):
    bad = report_of(rule.code, "bad")
    assert {(item.code, item.severity) for item in bad} == {(rule.code, rule.severity)}
    assert report_of(rule.code, "good") == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_page_has_the_title_and_the_severity_of_its_rule(rule):
    lines = (PAGES / f"{rule.code}.md").read_text("utf-8").splitlines()
    assert lines[0] == f"# {rule.code}: {rule.summary}"
    assert lines[2] == f"Severity: {rule.severity}."
