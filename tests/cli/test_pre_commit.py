"""The hooks for pre-commit: its own validator takes them, and it runs them in a repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from cli_runs import run

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HOOKS: dict[str, dict[str, Any]] = {hook["id"]: hook for hook in yaml.safe_load(MANIFEST.read_text("utf-8"))}

PIPELINE = "type: pipeline\nsettings: {default_compute: azureml:cpu}\nexperiment_name: scores\njobs: {}\n"
SCHEDULE = """\
name: nightly
trigger:
  type: cron
  expression: "0 3 * * *"
  start_time: "2026-01-01T00:00:00"
create_job: ../pipelines/score.yml
"""


def pre_commit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """pre-commit in a folder, with a home of its own: it neither finds nor leaves anything on this machine."""
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "SYSTEMROOT", "TMPDIR")}
    environment = {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}",
        "HOME": str(folder),
        "PRE_COMMIT_HOME": str(folder / ".cache"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PRE_COMMIT_COLOR": "never",
    }
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def repository(folder: Path, hook: str) -> Path:
    """A repository that uses a hook as it is in the manifest, but with the mlschedule of this environment."""
    local = {**HOOKS[hook], "language": "system"}
    files = {
        ".pre-commit-config.yaml": yaml.safe_dump({"repos": [{"repo": "local", "hooks": [local]}]}),
        "mlschedule.toml": 'paths = ["schedules"]\n',
        "schedules/nightly.yml": SCHEDULE,
        "pipelines/score.yml": PIPELINE,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    return folder


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def test_the_manifest_is_one(tmp_path: Path) -> None:
    done = pre_commit(tmp_path, "validate-manifest", str(MANIFEST))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(HOOKS) == ["mlschedule-check", "mlschedule-fix", "mlschedule-lock"]


@pytest.mark.parametrize("hook", HOOKS)
def test_the_entry_is_a_command_with_options_that_it_has(hook: str) -> None:
    program, command, *options = HOOKS[hook]["entry"].split()
    assert program == "mlschedule"
    described = run(command, "--help")
    assert described.exit_code == 0, described.output
    assert [option for option in options if option not in described.output] == []


def test_schedules_are_checked_when_a_pipeline_changes(tmp_path: Path) -> None:
    folder = repository(tmp_path, "mlschedule-check")
    done = pre_commit(folder, "run", "--all-files")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout
    (folder / "pipelines" / "score.yml").write_text("type: pipelin\n", encoding="utf-8")
    done = pre_commit(folder, "run", "--files", "pipelines/score.yml")
    assert done.returncode == 1
    assert "pipelines/score.yml:1:7: MLS009" in done.stdout.replace("\\", "/")
    assert "no files to check" in pre_commit(folder, "run", "--files", "README.md").stdout
