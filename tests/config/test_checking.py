"""From a configuration to the settings of a check, and to a baseline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pytest_mlschedule import DefinitionError, ServiceProfile
from pytest_mlschedule.checks.check import CheckSettings
from pytest_mlschedule.checks.limits import Budget
from pytest_mlschedule.checks.rule import Thresholds
from pytest_mlschedule.checks.selection import RuleSelection
from pytest_mlschedule.config.checking import load_baseline, make_settings
from pytest_mlschedule.config.config import Config
from pytest_mlschedule.schedules.reader import Reader
from pytest_mlschedule.triggers.window import Window

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def test_what_a_configuration_says_is_how_to_check() -> None:
    config = Config(
        window=timedelta(days=3),
        profile=ServiceProfile(gap="skip"),
        rules=RuleSelection(select=("MLS1",)),
        thresholds=Thresholds(most_starts_per_minute=3),
        budgets=(Budget(scope="total", max_runs_per_day=1),),
    )
    reader = Reader()
    assert make_settings(config, now=NOW, jobs={}, reader=reader) == CheckSettings(
        now=NOW,
        window=Window(NOW, NOW + timedelta(days=3)),
        profile=config.profile,
        thresholds=config.thresholds,
        budgets=config.budgets,
        selection=config.rules,
        reader=reader,
    )


def test_without_a_configuration_everything_is_as_by_default() -> None:
    reader = Reader()
    assert make_settings(Config(), now=NOW, jobs={}, reader=reader) == CheckSettings(now=NOW, reader=reader)


def test_a_baseline_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "b.yml"
    path.write_text("version: 1\n")
    loaded = load_baseline(str(path))
    assert loaded is not None
    assert (loaded.path, loaded.counts) == (str(path), {})
    assert load_baseline(None) is None


def test_a_baseline_that_is_missing_or_wrong_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DefinitionError) as missing:
        load_baseline("b.yml")
    assert (
        str(missing.value)
        == "b.yml:1:1: MLS001 there is no such baseline\n  hint: mlschedule check --update-baseline writes it"
    )
    Path("b.yml").write_text("[]")
    with pytest.raises(DefinitionError, match="MLS008"):
        load_baseline("b.yml")
