"""What budgets of money are counted with: read from the files that a configuration names, and only where a budget asks."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from docs_pages import ROOT, read_blocks
from priced_files import CONFIG, PRICES

from pytest_mlschedule import DefinitionError
from pytest_mlschedule.config.checking import load_rates
from pytest_mlschedule.config.reading import read_config

STAGES = {"Execution": {"StartTime": "2026-03-01T03:00:00Z", "EndTime": "2026-03-01T03:40:00Z"}}
JOB = {
    "name": "n",
    "display_name": "nightly-20260301T030000Z",
    "status": "Completed",
    "type": "pipeline",
    "properties": {"azureml.pipelines.stages": json.dumps(STAGES)},
    "creation_context": {"created_at": "2026-03-01T03:00:00Z"},
}
BUDGETS = ["[budgets]\nmax_cost_per_month = 5\n", '[budgets.tags."team=ml"]\nmax_concurrent_nodes = 5\n']


PAGE = ROOT / "docs" / "reference" / "configuration.md"


@pytest.mark.parametrize("number", [0, 1])
def test_the_examples_of_the_reference_can_be_read(number: int, tmp_path: Path) -> None:
    block = [block for block in read_blocks(PAGE) if block.title == "mlschedule.toml"][number]
    config = read_config(write(tmp_path, block.text))
    assert config.budgets
    assert bool(config.costs.computes) == bool(number)


def write(folder: Path, config: str, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    path = folder / "mlschedule.toml"
    path.write_text(config, encoding="utf-8")
    return path


@pytest.mark.parametrize("budget", BUDGETS)
def test_prices_computes_and_durations_of_the_configuration(budget: str, tmp_path: Path) -> None:
    config = read_config(write(tmp_path, CONFIG + budget, prices=PRICES))
    rates = load_rates(config)
    assert rates is not None
    assert rates.prices is not None
    assert rates.settings is config.costs
    assert rates.node_price("cpu", date(2026, 3, 1)).price == Decimal("0.36")
    found = rates.durations.find(["any"], {})
    assert found is not None
    assert (found.duration.p50, found.origin) == (3600, "durations.*")


def test_what_is_not_configured_is_not_there(tmp_path: Path) -> None:
    rates = load_rates(read_config(write(tmp_path, BUDGETS[0])))
    assert rates is not None
    assert rates.prices is None
    assert rates.durations.find(["any"], {}) is None


def test_durations_of_a_history(tmp_path: Path) -> None:
    config = f'history = ["jobs.json"]\n{BUDGETS[0]}'
    rates = load_rates(read_config(write(tmp_path, config, jobs=json.dumps([JOB]))))
    assert rates is not None
    assert rates.durations.measured["nightly"].p50 == 40 * 60


@pytest.mark.parametrize("budget", ["", "[budgets]\nmax_runs_per_day = 5\n"])
def test_files_are_left_alone_where_no_budget_asks_for_them(budget: str, tmp_path: Path) -> None:
    config = read_config(write(tmp_path, f'prices = ["missing.json"]\nhistory = ["missing.json"]\n{budget}'))
    assert load_rates(config) is None


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("prices", None, "files.json:1:1: MLS001 cannot be read: No such file or directory"),
        ("prices", "{", "files.json:1:2: MLS003 is not valid JSON"),
        ("history", "[1]", "files.json:1:2: MLS008 [0]: "),
    ],
)
def test_files_that_cannot_be_used(key: str, text: str | None, said: str, tmp_path: Path) -> None:
    files = {} if text is None else {"files": text}
    config = read_config(write(tmp_path, f'{key} = ["files.json"]\n{BUDGETS[0]}', **files))
    with pytest.raises(DefinitionError) as refused:
        load_rates(config)
    assert said in str(refused.value.diagnostics[0])


def test_the_currency_of_the_configuration(tmp_path: Path) -> None:
    config = read_config(write(tmp_path, f'currency = "EUR"\n{CONFIG}{BUDGETS[0]}', prices=PRICES))
    with pytest.raises(DefinitionError, match="EUR"):
        load_rates(config)
    assert load_rates(replace(config, costs=replace(config.costs, currency="USD"))) is not None
