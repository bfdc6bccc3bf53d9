"""docs/semantics.md and the tests speak of the same rules."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEADINGS = re.findall(r"^### (\S+) ", (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8"), re.MULTILINE)
TESTS = [
    name
    for path in sorted((ROOT / "tests").rglob("test_*.py"))
    for name in re.findall(r"def (test_\w+)", path.read_text("utf-8"))
]


@pytest.mark.parametrize("rule", HEADINGS)
def test_a_rule_has_a_test_of_its_name(rule: str) -> None:
    part = rule.lower().replace("-", "_")
    assert any(re.search(rf"_{part}(?:_|$)", name) for name in TESTS), f"no test is called test_{part}_..."


def test_every_heading_is_a_rule_once_and_no_number_is_left_out() -> None:
    families = Counter(rule.rsplit("-", 1)[0] for rule in HEADINGS)
    numbered = [f"{family}-{number}" for family, count in families.items() for number in range(1, count + 1)]
    assert numbered == HEADINGS


def test_rules_that_code_tests_and_docs_name_have_a_heading() -> None:
    files = [*ROOT.glob("pytest_mlschedule/**/*.py"), *ROOT.glob("docs/**/*.md"), ROOT / "README.md"]
    families = "|".join({rule.rsplit("-", 1)[0] for rule in HEADINGS})
    named = {
        rule for path in files for rule in re.findall(rf"\b(?:{families})-\d+\b", path.read_text(encoding="utf-8"))
    }
    assert named - set(HEADINGS) == set()
