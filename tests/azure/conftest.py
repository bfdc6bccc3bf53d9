"""What the tests of the real client share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from azure_names import MLClient

from pytest_mlschedule import FakeWorkspace
from pytest_mlschedule.azure import make_client
from pytest_mlschedule.azure.client import quiet_dependencies
from pytest_mlschedule.azure.environment import forget_components

PIPELINE = """\
type: pipeline
display_name: Score customers
experiment_name: scoring
compute: azureml:cpu-cluster
tags: {team: churn}
inputs:
  day: ${{creation_context.trigger_time}}
  rows: 5
  run: ${{name}}
outputs:
  scores: {type: uri_folder, mode: rw_mount}
jobs:
  score:
    command: echo ${{inputs.day}} ${{inputs.rows}} ${{inputs.run}} > ${{outputs.scores}}/a.txt
    environment: azureml:score-env:1
    inputs:
      day: ${{parent.inputs.day}}
      rows: ${{parent.inputs.rows}}
      run: ${{parent.inputs.run}}
    outputs:
      scores: ${{parent.outputs.scores}}
"""
WITH_CODE = """\
type: pipeline
compute: azureml:cpu-cluster
jobs:
  say:
    code: ./src
    command: python say.py
    environment:
      image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04
"""
NIGHTLY = """\
name: nightly
display_name: Every night
description: scores customers
tags: {team: churn}
trigger:
  type: recurrence
  frequency: day
  interval: 1
  schedule: {hours: 2, minutes: 30}
  start_time: "2026-01-01T00:00:00"
  time_zone: Pacific Standard Time
create_job: ./pipeline.yml
"""
FILES = {"pipeline.yml": PIPELINE, "with_code.yml": WITH_CODE, "nightly.yml": NIGHTLY, "src/say.py": "print('hello')\n"}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """azure-ai-ml's dependencies warn of themselves; and it shall remember no components from test to test."""
    with quiet_dependencies(), forget_components():
        yield


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a pipeline, its code and a schedule; the working directory."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def workspace() -> FakeWorkspace:
    return FakeWorkspace()


@pytest.fixture
def client(workspace: FakeWorkspace) -> MLClient:
    return make_client(workspace)


@pytest.fixture
def _preview(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's own switch for what is in preview."""
    monkeypatch.setenv("AZURE_ML_CLI_PRIVATE_FEATURES_ENABLED", "True")
