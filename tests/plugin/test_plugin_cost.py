"""What the installed plugin costs those who do not use it: nothing that can be counted, and how it leaves when asked to."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from small_project import Project

HEAVY = {"pydantic", "yaml", "croniter", "freezegun", "jmespath", "azure", "rich", "click", "werkzeug", "zoneinfo"}
# Only pytest's own plugins and ours: what other installed plugins import is not our doing.
LONELY = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONHASHSEED": "0"}
SPY = """
import sys

def pytest_unconfigure():
    tops = {name.partition(".")[0] for name in sys.modules}
    ours = sorted(name for name in sys.modules if name.startswith("pytest_mlschedule"))
    with open("loaded.txt", "w") as file:
        print(sorted(tops), ours, sep="\\n", file=file)
"""
STRANGER = """
import pytest

@pytest.fixture
def number(): return 1

@pytest.mark.parametrize("other", [1, 2])
def test_it(number, other): assert number

class TestClass:
    def test_method(self): pass
"""


def loaded(project: Project, monkeypatch: pytest.MonkeyPatch, source: str, *options: str) -> tuple[set[str], list[str]]:
    """Top-level modules, and modules of ours, at the end of a session in a process of its own."""
    for name, value in LONELY.items():
        monkeypatch.setenv(name, value)
    project.write("pytest.ini", "[pytest]\n")
    project.write("conftest.py", SPY)
    project.write("test_it.py", source)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "pytest_mlschedule.plugin", *options]
    subprocess.run(command, cwd=project.path, check=False, capture_output=True)
    tops, ours = (project.path / "loaded.txt").read_text().splitlines()
    return set(ast.literal_eval(tops)), ast.literal_eval(ours)


@pytest.mark.parametrize("options", [["--collect-only"], [], ["-v", "-s"], ["--markers"], ["--fixtures"]])
def test_a_project_that_does_not_use_us_loads_nothing_of_us(
    project: Project, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    tops, ours = loaded(project, monkeypatch, STRANGER + "\ndef test_fails(): assert [1] == [2]\n", *options)
    assert tops & HEAVY == set()
    assert ours == ["pytest_mlschedule", "pytest_mlschedule.plugin"]


def test_a_project_that_uses_us_does(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    tops, ours = loaded(project, monkeypatch, "def test_it(ml_scheduler): pass")
    assert {"pydantic", "yaml", "freezegun"} <= tops  # the spy can see
    assert "pytest_mlschedule.scheduler" in ours
    assert tops & {"azure", "rich", "click", "werkzeug"} == set()


def test_importing_the_plugin_imports_nothing_but_pytest() -> None:
    code = "import sys, pytest; old = set(sys.modules); import pytest_mlschedule.plugin; print(sorted(set(sys.modules) - old))"
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert shown.strip() == "['pytest_mlschedule', 'pytest_mlschedule.plugin']"


def test_the_plugin_can_be_switched_off(project: Project) -> None:
    source = """
def test_without(): assert [1] == [1]
def test_with(ml_clock): pass
"""
    result = project.run(source, "-p", "no:mlschedule", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*fixture 'ml_clock' not found"])
    result.stdout.no_fnmatch_line("mlschedule: *")


ORDER = """
from datetime import datetime, UTC, timedelta
import pytest

@pytest.mark.parametrize("days", range(1, 10))
def test_moves(ml_clock, ml_schedule, days):
    assert datetime.now(UTC) == datetime(2026, 1, 1, tzinfo=UTC)
    ml_clock.tick(timedelta(days=days))

@pytest.mark.mlschedule(now="2027-01-01")
def test_marked(ml_clock): assert datetime.now(UTC).year == 2027

def test_plain(): assert type(datetime.now()).__name__ == "datetime"
"""
SHUFFLE = """
import random

def pytest_collection_modifyitems(items): random.Random({seed}).shuffle(items)
"""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_tests_does_not_matter(project: Project, seed: int) -> None:
    project.schedules()
    project.ini("mlschedule_paths = schedules")
    project.write("conftest.py", SHUFFLE.format(seed=seed))
    project.run(ORDER).assert_outcomes(passed=11)


def test_nothing_hangs_on_the_config_object(pytestconfig: pytest.Config) -> None:
    assert [name for name in vars(pytestconfig) if "mlschedule" in name] == []


def test_the_entry_point_is_named_mlschedule() -> None:
    from importlib.metadata import entry_points

    (point,) = entry_points(group="pytest11", name="mlschedule")
    assert point.value == "pytest_mlschedule.plugin"
    assert Path(point.load().__file__).parent.name == "plugin"
