"""Each example is a small repository of its own: its tests pass where nothing of ours is around."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_mlschedule import load_schedules

EXAMPLES = sorted(path.parent for path in (Path(__file__).parents[1] / "examples").glob("*/README.md"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_the_tests_of_an_example_pass(example: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(example, tmp_path / example.name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV", "MLS"))}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:xdist",
        "-p",
        "no:asyncio",
        "--strict-markers",
        "-W",
        "error",
    ]
    done = subprocess.run(command, cwd=copy, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().splitlines()[-1].split()[1] == "passed"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_the_schedules_of_an_example_load_without_warnings(example: Path) -> None:
    schedules = load_schedules(example / "schedules")
    assert schedules
    assert [problem for schedule in schedules for problem in schedule.diagnostics] == []


@pytest.mark.parametrize("shown", ["check.txt", "diff.txt", "fixed.txt"])
def test_the_page_about_five_mistakes_shows_what_the_example_prints(shown: str) -> None:
    root = Path(__file__).parents[1]
    page = (root / "docs" / "how-to" / "five-mistakes.md").read_text(encoding="utf-8")
    assert (root / "examples" / "pull_request" / "shown" / shown).read_text(encoding="utf-8") in page
