"""Small projects that use the plugin, each run by a pytest of its own."""

from __future__ import annotations

from pathlib import Path

import freezegun.api  # noqa: F401  imported here once: pytester forgets what an inner session imports
import pytest

import pytest_mlschedule.api  # noqa: F401

# pytest-asyncio of the development environment wants to be told; warnings are errors in the inner sessions too.
INI = """
[pytest]
asyncio_default_fixture_loop_scope = function
filterwarnings = error
"""
# hypothesis' plugin imports, and rewrites, all of hypothesis at the end of every session.
_FAST = ("-p", "no:randomly", "-p", "no:hypothesispytest")
PIPELINE = """
type: pipeline
inputs:
  day: ${{creation_context.trigger_time}}
  retries: 3
settings: {default_compute: "azureml:cpu-cluster"}
jobs:
  train: {type: command, command: echo, environment: "azureml:train@latest"}
"""
NIGHTLY = """
name: nightly
trigger:
  type: cron
  expression: "30 2 * * *"
  time_zone: Pacific Standard Time
  start_time: "2026-01-01T00:00:00"
create_job: ./pipeline.yml
"""


class Project:
    """A folder with an ini file, tests and schedules; ``run`` is a session of pytest in it."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.path: Path = pytester.path
        self._pytester = pytester
        self.ini()

    def ini(self, *lines: str) -> None:
        """Write the ini file: what every project has, and more lines."""
        self.write("pytest.ini", INI + "\n".join(lines))

    def write(self, name: str, text: str) -> Path:
        """Write a file, its folders too."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def schedules(self) -> None:
        """Write a nightly schedule and its pipeline into the folder ``schedules``."""
        self.write("schedules/pipeline.yml", PIPELINE)
        self.write("schedules/nightly.yml", NIGHTLY)

    def run(self, source: str, *options: str) -> pytest.RunResult:
        """Run one test module in this process."""
        self._pytester.makepyfile(test_it=source)
        return self._pytester.runpytest_inprocess(*_FAST, *options)

    def run_alone(self, source: str, *options: str) -> pytest.RunResult:
        """Run one test module in a process of its own."""
        self._pytester.makepyfile(test_it=source)
        return self._pytester.runpytest_subprocess(*_FAST, *options)
