"""The story of the README, told by git and the commands themselves: main, a branch with five mistakes, the fix.

``UPDATE=1 pytest`` writes what the commands print into ``shown/``.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
SHOWN = HERE / "shown"
NOW = "2026-03-15"
WINDOW = ["--from", "2026-04-01", "--to", "2026-06-01", "--now", NOW]
DIFF = ["diff", "--base", "main", *WINDOW, "schedules"]


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with main as it is, and a branch on which the work tree stands."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ada@example.com")
    root = tmp_path / "repository"
    root.mkdir()
    for name in ("mlschedule.toml", "schedules", "pipelines"):
        source = HERE / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, root / name)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "Schedules")
    git(root, "switch", "--quiet", "--create", "tidy-up")
    return root


def git(root, *words):
    subprocess.run(["git", *words], cwd=root, check=True)


def change(root, folder):
    """Lay the files of a folder of the example over the work tree."""
    shutil.copytree(HERE / folder, root, dirs_exist_ok=True)


def run(root, *words):
    command = [sys.executable, "-m", "pytest_mlschedule.cli", *words]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False)


def assert_shown(name, text):
    path = SHOWN / name
    if os.environ.get("UPDATE"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_main_is_clean(repository):
    done = run(repository, "check", "--now", NOW)
    assert done.returncode == 0, done.stdout + done.stderr


def test_check_finds_the_five_mistakes(repository):
    change(repository, "branch")
    done = run(repository, "check", "--now", NOW)
    assert done.returncode == 1
    for code in ("MLS103", "MLS307", "MLS409", "MLS503", "MLS511"):
        assert f": {code} " in done.stdout
    assert_shown("check.txt", done.stdout)


def test_the_pull_request_shows_what_changes(repository):
    change(repository, "branch")
    done = run(repository, *DIFF, "-o", "markdown", "--fail-on", "budget")
    assert done.returncode == 0, done.stdout + done.stderr
    assert_shown("comment.md", done.stdout)
    assert_shown("diff.txt", run(repository, *DIFF).stdout)


def test_a_step_that_fails_on_more_runs_fails(repository):
    change(repository, "branch")
    assert run(repository, *DIFF, "--fail-on", "increase").returncode == 1


def test_the_fix_leaves_what_was_meant(repository):
    change(repository, "branch")
    change(repository, "fix")
    done = run(repository, "check", "--now", NOW)
    assert done.returncode == 0, done.stdout + done.stderr
    assert_shown("fixed.txt", run(repository, *DIFF).stdout)


def test_the_repository_is_left_as_it_is(repository):
    change(repository, "branch")
    before = subprocess.run(["git", "status", "--porcelain=v2", "--branch"], cwd=repository, capture_output=True, check=True)
    run(repository, *DIFF)
    after = subprocess.run(["git", "status", "--porcelain=v2", "--branch"], cwd=repository, capture_output=True, check=True)
    assert after.stdout == before.stdout
