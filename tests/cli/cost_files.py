"""A small estate with prices, for commands that count money. A node of cpu costs 0.36 an hour: 0.0001 a second."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cli_runs import run
from click.testing import Result
from priced_files import actions, machine

MACHINE = machine("Standard_A", 0.36, meterName="A", skuName="A")
ACTIONS = actions(0.0, 0.0)
PRICES = {"Items": [MACHINE, ACTIONS, actions(4000.0, 0.000025)], "NextPageLink": None}
CONFIG = """\
[computes.cpu]
size = "Standard_A"
region = "eastus"

[durations]
nightly = "45m"
"""
TRIGGER = 'trigger: {type: cron, expression: "30 2 * * *", start_time: "2026-01-01T00:00:00"}\n'
NIGHTLY = (
    f"name: nightly\ntags: {{team: ml}}\n{TRIGGER}create_job: {{type: pipeline, job: ../pipelines/fit-model.yml}}\n"
)
HOURLY = NIGHTLY.replace("nightly", "hourly").replace("30 2 * * *", "0 * * * *")
PIPELINE = """\
type: pipeline
name: train
settings: {default_compute: azureml:cpu}
jobs:
  fit: {type: command, command: echo, environment: azureml:e@latest}
"""
MARCH = ("--from", "2026-03-01", "--to", "2026-04-01")


def write(name: str, text: object) -> None:
    """A file of the working directory: text, or data as JSON."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")


def write_estate(config: str | None = CONFIG) -> None:
    """``schedules/nightly.yml``, its pipeline, ``prices.json`` and a configuration in the working directory."""
    write("schedules/nightly.yml", NIGHTLY)
    write("pipelines/fit-model.yml", PIPELINE)
    write("prices.json", PRICES)
    if config is not None:
        write("mlschedule.toml", config)


def ran(schedule: str, *, minutes: int = 45, status: str = "Completed", day: int = 1) -> dict[str, Any]:
    """A job that ran in February, as ``az ml job list -o json`` prints it."""
    start, end = (
        f"2026-02-{day:02}T02:30:00Z",
        f"2026-02-{day:02}T{2 + (30 + minutes) // 60:02}:{(30 + minutes) % 60:02}:00Z",
    )
    return {
        "name": f"{schedule}-{day}-{status}",
        "display_name": f"{schedule}-202602{day:02}T023000Z",
        "status": status,
        "type": "pipeline",
        "properties": {
            "runSource": "Schedule",
            "azureml.pipelines.stages": json.dumps({"Execution": {"StartTime": start, "EndTime": end}}),
        },
        "creation_context": {"created_at": start},
    }


def estimate(*arguments: str) -> Result:
    """The outcome of ``mlschedule estimate`` of all schedules in March 2026."""
    return run("estimate", "schedules", *MARCH, *arguments)


def document(*arguments: str) -> Any:
    """What ``-o json`` prints, with prices."""
    result = estimate("--prices", "prices.json", "-o", "json", *arguments)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)
