"""Fixtures: invalid ones give exactly the findings beside them, places included; valid ones give none.

``UPDATE_GOLDEN=1 pytest tests/checks/test_fixtures.py`` writes the files of expected findings; read every line that changes.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pytest_mlschedule.checks.catalogue import CATALOGUE
from pytest_mlschedule.checks.check import CheckResult, check_files
from pytest_mlschedule.config.checking import load_rates, make_settings
from pytest_mlschedule.config.config import Config
from pytest_mlschedule.config.reading import OWN_FILE, read_config
from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.schedules.loader import load_files
from pytest_mlschedule.schedules.reader import Reader

FIXTURES = Path(__file__).parents[2] / "fixtures"
INVALID, VALID, SEED = FIXTURES / "invalid", FIXTURES / "valid", FIXTURES / "seed"
SUFFIXES = (".yml", ".json")
NOW = datetime(2026, 1, 15, tzinfo=UTC)
UPDATE = "UPDATE_GOLDEN"
# What a file does not show by itself, and who tests it.
ELSEWHERE = {
    "MLS001": "a path that cannot be read: tests/schedules/test_source.py",
    "MLS016": "values for templates: tests/schedules/test_placeholders.py",
    "MLS505 MLS506": "notes of plans: tests/planning",
    "MLS701 MLS702 MLS703 MLS704 MLS705 MLS706": "budgets of a configuration: tests/checks/test_budgets.py",
    "MLS801 MLS802 MLS803 MLS804": "a lock file, a file of expectations: tests/planning",
    "MLS903": "a baseline: tests/checks",
}
# Facts about a repository or a workspace, not about the schedule.
HARMLESS = {"MLS507", "MLS508"}


def subjects(folder: Path) -> list[Path]:
    """What is checked by itself: a file, or a folder of files that belong together. Jobs are what they refer to."""
    return sorted(
        path for path in folder.iterdir() if path.suffix in SUFFIXES or (path.is_dir() and path.name != "jobs")
    )


def check(subject: Path) -> CheckResult:
    """What a check finds from the folder of the fixture on, with the configuration that lies in it."""
    reader = Reader()
    files = list(load_files(subject.name, reader=reader))
    config = read_config(Path(subject.name, OWN_FILE)) if (subject / OWN_FILE).exists() else Config()
    settings = make_settings(config, now=NOW, jobs={}, reader=reader)
    return check_files(files, replace(settings, rates=load_rates(config)))


def write(item: Diagnostic) -> str:
    """``path:line:col: CODE severity message``, with ``/`` in paths."""
    assert item.location is not None
    place = item.location
    path = Path(os.path.normpath(place.path)).as_posix()
    return f"{path}:{place.line}:{place.column}: {item.code} {item.severity} {item.message}\n"


def expected_of(subject: Path) -> Path:
    return subject.with_name(f"{subject.stem}.expected")


@pytest.mark.parametrize("subject", subjects(INVALID), ids=lambda path: path.stem)
def test_an_invalid_fixture_gives_exactly_what_is_expected(subject: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(INVALID)
    text = "".join(map(write, check(subject).findings))
    if os.environ.get(UPDATE):
        expected_of(subject).write_text(text, encoding="utf-8")
    assert text == expected_of(subject).read_text(encoding="utf-8")
    assert text, "an invalid fixture has findings"


def test_there_are_enough_invalid_fixtures_and_none_is_left_over() -> None:
    names = {subject.stem for subject in subjects(INVALID)}
    assert len(names) >= 40
    assert {path.stem for path in INVALID.glob("*.expected")} == names


def test_every_rule_about_files_has_a_fixture() -> None:
    lines = [line for path in INVALID.glob("*.expected") for line in path.read_text(encoding="utf-8").splitlines()]
    shown = {line.split(": ", 1)[1].split()[0] for line in lines}
    assert set(CATALOGUE) - shown == set(" ".join(ELSEWHERE).split())


@pytest.mark.parametrize("subject", subjects(VALID), ids=lambda path: path.stem)
def test_a_valid_fixture_is_clean(subject: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(VALID)
    result = check(subject)
    assert result.schedules > 0
    found = {item.severity.value for item in result.findings if item.code not in HARMLESS}
    assert found == ({"warning"} if subject.stem.startswith("warns-") else set()), result.findings


def test_there_are_valid_fixtures_of_every_kind() -> None:
    found = subjects(VALID)
    assert len(found) >= 15
    stems = " ".join(path.stem for path in found)
    for kind in (
        "cron",
        "minutes",
        "hours",
        "days",
        "week",
        "month",
        "macros",
        "monitor",
        "import",
        "workspace",
        "rest",
        "arm",
        "az",
    ):
        assert kind in stems


@pytest.mark.parametrize("name", ["cron.yml", "cron-with-settings.yml", "recurrence.yml"])
def test_the_schedules_of_the_public_page_have_no_error(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SEED)
    result = check(SEED / name)
    assert result.schedules == 1
    assert [item for item in result.findings if item.severity == "error"] == []
