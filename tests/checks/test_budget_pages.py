"""The pages of MLS701 to MLS709: under the budget that a page shows, its bad example is found and its good one is not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from docs_pages import ROOT, read_blocks

from pytest_mlschedule.checks.budgets import RULES
from pytest_mlschedule.checks.check import CheckSettings, check_files
from pytest_mlschedule.config.checking import load_rates
from pytest_mlschedule.config.reading import find_config
from pytest_mlschedule.schedules.loader import load_files

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def codes_of(code: str, stem: str, folder: Path) -> list[str]:
    """The codes of budgets that an example of a page gets, with where."""
    blocks = {block.title: block.text for block in read_blocks(ROOT / "docs" / "rules" / f"{code}.md")}
    for title, text in blocks.items():
        (folder / title).write_text(text, encoding="utf-8")
    config = find_config(folder)
    assert config.path == folder / "mlschedule.toml"
    files = list(load_files([folder / title for title in (f"{stem}.yml", "other.yml") if title in blocks]))
    result = check_files(files, CheckSettings(now=NOW, budgets=config.budgets, rates=load_rates(config)))
    assert not [item for item in result.findings if item.code < "MLS2"]
    return [item.code for item in result.findings if item.code.startswith("MLS7")]


@pytest.mark.parametrize("code", [rule.code for rule in RULES])
def test_the_examples_of_a_page(code: str, tmp_path: Path) -> None:
    assert codes_of(code, "bad", tmp_path) == [code]
    assert codes_of(code, "good", tmp_path) == []
