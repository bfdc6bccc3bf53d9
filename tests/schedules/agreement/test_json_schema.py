"""The JSON Schema of schedule files against load_schedule, over the same variants: it may take more, never less."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from pytest_mlschedule.schedules.json_schema import schedule_schema

from .documents import Variant
from .verdicts import all_variants, recorded, stricter

VALIDATOR = Draft7Validator(schedule_schema())


def test_the_schema_takes_what_the_loader_takes(tmp_path: Path) -> None:
    # That the loader takes these is what test_agreement proves.
    Variant("shared files", {}).write(tmp_path)
    taken = {name for name, accepted in recorded().items() if accepted and name not in stricter()}
    wrong, refused = [], 0
    for name, variant in all_variants().items():
        with variant.placed(tmp_path) as path:
            data = read(path)
        problems = [error.message for error in VALIDATOR.iter_errors(data)]
        if name in taken and problems:
            wrong.append((name, problems))
        refused += name not in taken and bool(problems)
    assert wrong == []
    assert len(taken) > 1500
    assert refused > 900  # of those that are wrong in the schedule file itself; most variants are of job files


def read(path: Path) -> object:
    """What stands in a file; None where it is no YAML."""
    try:
        return yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError):
        return None


@pytest.mark.parametrize(
    ("trigger", "good"),
    [
        ({"type": "cron", "expression": "0 3 * * *"}, True),
        ({"type": "cron", "expression": "0 3 * *"}, False),
        ({"type": "cron", "expression": "@daily"}, False),
        ({"type": "cron", "expression": "0\t3 * * *"}, False),
        ({"type": "cron", "expression": "0 3 * * ?"}, False),
        ({"type": "cron", "expression": "0 3 * * *", "time_zone": "Pacific Standard Time"}, True),
        ({"type": "cron", "expression": "0 3 * * *", "time_zone": "pacific standard time"}, True),
        ({"type": "cron", "expression": "0 3 * * *", "time_zone": "America/Los_Angeles"}, False),
        ({"type": "cron", "expression": "0 3 * * *", "time_zone": "Pacfic Standard Time"}, False),
        ({"type": "cron", "expression": "0 3 * * *", "timezone": "UTC"}, False),
        ({"type": "cron", "expression": "0 3 * * *", "start_time": "2026-01-01T00:00:00"}, True),
        ({"type": "cron", "expression": "0 3 * * *", "start_time": "2026-01-01"}, False),
        ({"type": "cron", "expression": "0 3 * * *", "start_time": yaml.safe_load("2026-01-01T00:00:00")}, False),
        ({"type": "recurrence", "frequency": "day", "interval": 1}, True),
        ({"type": "recurrence", "frequency": "days", "interval": 1}, False),
        ({"type": "recurrence", "frequency": "day"}, False),
        ({"type": "recurrence", "frequency": "day", "interval": 0}, False),
        ({"type": "recurrence", "frequency": "week", "interval": 1, "schedule": {"hours": 3, "minutes": [0], "week_days": ["Monday"]}}, True),
        ({"type": "recurrence", "frequency": "week", "interval": 1, "schedule": {"hours": 3, "minutes": 0, "weekdays": ["monday"]}}, False),
        ({"type": "recurrence", "frequency": "week", "interval": 1, "schedule": {"hours": 3, "minutes": 0, "week_days": ["mon"]}}, False),
        ({"type": "recurrence", "frequency": "day", "interval": 1, "schedule": {"hours": 24, "minutes": 0}}, False),
        ({"type": "recurrence", "frequency": "day", "interval": 1, "schedule": {"hours": [3, -1], "minutes": 0}}, False),
        ({"type": "recurrence", "frequency": "day", "interval": 1, "schedule": {"hours": 3, "minutes": 60}}, False),
        ({"type": "recurrence", "frequency": "day", "interval": 1, "schedule": {"hours": 3}}, False),
        ({"type": "recurrence", "frequency": "day", "interval": 1, "pattern": {"hours": 3, "minutes": 0}}, False),
        ({"type": "recurrence", "expression": "0 3 * * *"}, False),
        ({"type": "event"}, False),
        ({"expression": "0 3 * * *"}, False),
    ],
)  # fmt: skip
def test_the_schema_knows_triggers(trigger: dict[str, object], good: bool) -> None:  # noqa: FBT001
    document = {"name": "nightly", "trigger": trigger, "create_job": "./pipeline.yml"}
    assert VALIDATOR.is_valid(document) == good


@pytest.mark.parametrize(
    "change",
    [
        {"name": "two words"},
        {"name": 3},
        {"create_job": None},
        {"create_job": "file:./pipeline.yml"},
        {"create_job": {"type": "pipeline"}},
        {"create_job": {"type": "sweep", "job": "./a.yml"}},
        {"create_job": {"job": "./a.yml", "input": {}}},
        {"create_job": {"job": "./a.yml", "settings": {"default_compute": "cpu"}}},
        {"create_job": {"job": "./a.yml", "inputs": {"a": {"type": "uri_fil", "path": "x"}}}},
        {"create_job": {"job": "./a.yml", "tags": {"a": 1}}},
        {"create_monitor": {"compute": {"instance_type": "a", "runtime_version": "3.4"}}},
        {"triggers": {}},
        {"is_enabled": None},
    ],
)
def test_the_schema_refuses(change: dict[str, object]) -> None:
    document = {
        "name": "nightly",
        "trigger": {"type": "cron", "expression": "0 3 * * *"},
        "create_job": "./pipeline.yml",
    }
    assert VALIDATOR.is_valid(document)
    assert not VALIDATOR.is_valid({**document, **change})
