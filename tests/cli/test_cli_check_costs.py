"""``mlschedule check`` with budgets of money and nodes. Prices and schedules are those of priced_files.

A run takes an hour: a daily schedule on a node of 0.36 costs 31 x 0.36 = 11.16 in a month of 31 days.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_runs import run
from click.testing import Result
from priced_files import COMPUTES, CONFIG, DURATIONS, PRICES, actions, machine, page, schedule

MONEY = "[budgets]\nmax_cost_per_month = 11\n"
CHECK = ("check", "schedules", "--now", "2026-03-01")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A nightly schedule, prices.json, and a budget of 11 a month."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schedules").mkdir()
    (tmp_path / "schedules" / "nightly.yml").write_text(schedule("nightly"))
    (tmp_path / "prices.json").write_text(PRICES)
    (tmp_path / "mlschedule.toml").write_text(CONFIG + MONEY)
    return tmp_path


def codes(*arguments: str) -> list[str]:
    """The codes of findings about budgets."""
    found = json.loads(run(*CHECK, "-o", "json", *arguments).stdout)
    return [item["code"] for item in found["findings"] if item["code"].startswith("MLS7")]


@pytest.mark.usefixtures("folder")
def test_a_budget_that_is_exceeded_fails_the_check() -> None:
    result = run(*CHECK)
    assert result.exit_code == 1
    assert result.stdout.startswith(
        "schedules/nightly.yml:2:1: MLS707 trigger: all schedules cost 11.16 USD in 2026-03 (UTC): nightly 11.16; "
        "budgets (mlschedule.toml:11) allows 11.00 a month\n2 | trigger:\n"
    )
    assert result.stderr == ""


def test_a_budget_that_is_kept_passes(folder: Path) -> None:
    (folder / "mlschedule.toml").write_text(CONFIG + MONEY.replace("11", "11.16"))
    result = run(*CHECK)
    assert (result.exit_code, codes()) == (0, [])


def test_what_is_not_known_is_a_warning_that_fails_by_default(folder: Path) -> None:
    (folder / "mlschedule.toml").write_text(f"{COMPUTES}{DURATIONS}{MONEY}")
    result = run(*CHECK)
    assert result.exit_code == 1
    assert (
        "MLS709 trigger: nobody knows whether all schedules together keep max_cost_per_month of budgets "
        "(mlschedule.toml:10): nightly: no prices are given"
    ) in result.stdout
    assert "hint: --prices FILE, or prices in the configuration" in result.stdout
    assert run(*CHECK, "--fail-on", "error").exit_code == 0


@pytest.mark.usefixtures("folder")
def test_the_window_of_the_configuration_says_which_months_count() -> None:
    config = Path("mlschedule.toml")
    config.write_text(f'window = "1d"\n{config.read_text()}')
    assert codes("--now", "2026-02-11") == []  # 18 nights of February
    assert codes("--now", "2026-02-28") == []
    assert codes("--now", "2026-03-01") == ["MLS707"]


# Options.


def test_prices_and_history_of_the_command_line_count_before_the_configuration(folder: Path) -> None:
    dear = page(machine("Standard_A", 36), actions(0, 0))
    (folder / "dear.json").write_text(json.dumps(dear))
    assert "cost 1,116.00 USD in 2026-03" in run(*CHECK, "--prices", "dear.json").stdout
    stages = {"Execution": {"StartTime": "2026-03-01T03:00:00Z", "EndTime": "2026-03-01T05:00:00Z"}}
    job = {
        "name": "n",
        "display_name": "nightly-20260301T030000Z",
        "status": "Completed",
        "type": "pipeline",
        "properties": {"azureml.pipelines.stages": json.dumps(stages)},
        "creation_context": {"created_at": "2026-03-01T03:00:00Z"},
    }
    (folder / "jobs.json").write_text(json.dumps([job]))
    (folder / "mlschedule.toml").write_text(f"{COMPUTES}{MONEY}")
    # Two hours each night: 31 x 0.72 = 22.32.
    result = run(*CHECK, "--prices", "prices.json", "--history", "jobs.json")
    assert "cost 22.32 USD in 2026-03" in result.stdout


def test_the_currency_of_the_command_line(folder: Path) -> None:
    both = page(machine("Standard_A", 0.36), machine("Standard_A", 0.40, currencyCode="EUR"), actions(0, 0))
    both["Items"].append(actions(0, 0, currencyCode="EUR"))
    (folder / "prices.json").write_text(json.dumps(both))
    assert "cost 12.40 EUR in 2026-03" in run(*CHECK, "--currency", "eur").stdout
    undecided = run(*CHECK)
    assert (undecided.exit_code, undecided.stdout) == (2, "")
    assert "EUR" in undecided.stderr


@pytest.mark.parametrize("option", [("--prices", "prices.json"), ("--currency", "USD")])
def test_options_that_say_nothing_here_are_told(option: tuple[str, str], folder: Path) -> None:
    (folder / "mlschedule.toml").write_text("[budgets]\nmax_runs_per_day = 5\n")
    result = run(*CHECK, *option)
    assert result.exit_code == 0
    assert result.stderr == (
        "mlschedule: no budget counts money or nodes (max_cost_per_month, max_concurrent_nodes): prices and history say nothing here\n"
    )
    assert run(*CHECK).stderr == ""


# Files that cannot be used.

BROKEN = PRICES.replace("0.36", '"much"')


def unusable(result: Result, said: str) -> None:
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_prices_that_cannot_be_read_are_wrong_usage(folder: Path) -> None:
    (folder / "prices.json").write_text(BROKEN)
    place = "prices.json:7:19: MLS008 Items[0].retailPrice: must be a number"
    unusable(run(*CHECK), place)
    unusable(run(*CHECK, "--fix"), place)
    (folder / "prices.json").unlink()
    unusable(run(*CHECK), "mlschedule: prices.json: no such file or directory\n")
    unusable(run(*CHECK, "--prices", "other.json"), "mlschedule: other.json: no such file or directory\n")
    (folder / "mlschedule.toml").write_text("")
    unusable(run(*CHECK, "--prices", "other.json"), "mlschedule: other.json: no such file or directory\n")


def test_files_are_left_alone_where_no_budget_asks(folder: Path) -> None:
    (folder / "prices.json").write_text(BROKEN)
    (folder / "mlschedule.toml").write_text(f"{CONFIG}[budgets]\nmax_runs_per_day = 5\n")
    assert run(*CHECK).exit_code == 0


# What else a check can do with findings.


@pytest.mark.usefixtures("folder")
def test_a_baseline_knows_a_budget_that_was_exceeded() -> None:
    assert run(*CHECK, "--baseline", "known.yml", "--update-baseline").exit_code == 0
    assert "MLS707" in Path("known.yml").read_text()
    assert codes("--baseline", "known.yml") == []


@pytest.mark.usefixtures("folder")
def test_rules_are_selected_by_code_and_name() -> None:
    assert codes("--select", "MLS707") == codes("--select", "cost-a-month") == ["MLS707"]
    assert codes("--ignore", "MLS7") == []
    assert run("explain", "MLS709").stdout.startswith("# MLS709: nobody knows whether a budget is kept\n")
