"""The small schedule and job that the loader's tests vary, and how they load them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.loader import load_schedule
from pytest_mlschedule.schedules.models import JobSchedule

SEED = Path(__file__).parents[2] / "fixtures" / "seed"

JOB = """\
type: pipeline
experiment_name: churn
compute: azureml:cpu
settings: {default_datastore: azureml:blob, continue_on_step_failure: false}
inputs:
  rate: 0.1
  note: base
  data: {type: URI_FILE, path: ./x.csv, mode: ro_mount}
outputs:
  model: {type: uri_folder, path: "azureml://datastores/d/paths/${{name}}/"}
tags: {team: churn}
jobs:
  fit:
    command: echo ${{inputs.rate}}
    environment: azureml:env@latest
    inputs: {rate: "${{parent.inputs.rate}}"}
    outputs: {model: "${{parent.outputs.model}}"}
"""

HEAD = "name: nightly\ntrigger: {type: cron, expression: '0 3 * * *', start_time: '2026-01-01T00:00:00'}\n"


def load(text: str, folder: Path) -> JobSchedule:
    return load_schedule(io.StringIO(text), base=folder)


def problems(text: str, folder: Path) -> list[tuple[str, str, int, int]]:
    with pytest.raises(DefinitionError) as caught:
        load(text, folder)
    return [
        (item.code, item.field_name, item.location.line, item.location.column)
        for item in caught.value.diagnostics
        if item.location is not None
    ]
