"""Schedules and jobs that are built in Python or given as mappings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.loader import load_schedule
from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob
from pytest_mlschedule.triggers.cron import CronTrigger


def test_a_mapping_loads_without_places(folder: Path) -> None:
    data: dict[str, Any] = {
        "name": "x",
        "trigger": {"type": "cron", "expression": "0 * * * *"},
        "create_job": "./job.yml",
    }
    schedule = load_schedule(data, base=folder)
    assert (schedule.name, schedule.source) == ("x", "<mapping>")
    with pytest.raises(DefinitionError) as caught:
        load_schedule({**data, "trigger": {"type": "cron", "expression": "61 * * * *"}}, base=folder)
    assert str(caught.value).startswith("MLS102 trigger.expression: ")


def test_python_values_validate_too() -> None:
    trigger = CronTrigger("0 3 * * *")
    schedule = JobSchedule(name="x", trigger=trigger, create_job="train", display_name=None)
    assert schedule == JobSchedule(name="x", trigger=trigger, create_job="train")
    assert schedule != schedule.replace(name="y")
    assert schedule != "x"
    with pytest.raises(DefinitionError) as caught:
        JobSchedule(name="x", trigger=trigger, create_job=5)  # type: ignore[arg-type]
    assert "create_job" in str(caught.value)
    with pytest.raises(DefinitionError) as caught:
        PipelineJob(inputs={"a": [1]}, tags={"b": 1})  # type: ignore[dict-item]
    assert [item.field_name for item in caught.value.diagnostics] == ["tags.b", "inputs.a"]
    assert PipelineJob(name="a") != PipelineJob(name="b")
    assert PipelineJob(name="a") != "a"


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"name": "a b"}, "MLS501", "name"),
        ({"name": 5}, "MLS008", "name"),
        ({"trigger": {"type": "cron", "expression": "61 * * * *"}}, "MLS102", "trigger.expression"),
        ({"trigger": {"expression": "* * * * *"}}, "MLS007", "trigger.type"),
        ({"trigger": 5}, "MLS008", "trigger"),
        ({"create_job": "azureml:"}, "MLS401", "create_job"),
        ({"action": {"actionType": "X"}}, "MLS009", "action"),
        ({"nam": "x"}, "MLS006", "nam"),
        ({"properties": {"a": 1}}, "MLS008", "properties.a"),
    ],
)
def test_python_values_that_a_file_could_not_have(fields: dict[str, Any], code: str, field: str) -> None:
    good = JobSchedule(name="x", trigger=CronTrigger("0 3 * * *"), create_job="train")
    for build in (
        lambda: JobSchedule(**{"name": "x", "trigger": good.trigger, "create_job": "y", **fields}),
        lambda: good.replace(**fields),
    ):
        with pytest.raises(DefinitionError) as caught:
            build()
        assert [(item.code, item.field_name) for item in caught.value.diagnostics] == [(code, field)]


def test_python_values_are_read_like_those_of_a_file() -> None:
    trigger = {"type": "cron", "expression": "0 3 * * *"}
    schedule = JobSchedule(name="x", trigger=trigger, create_job="azureml:train")  # type: ignore[arg-type]
    assert schedule == JobSchedule(name="x", trigger=CronTrigger("0 3 * * *"), create_job="train")
    tags = {"a": 1}
    changed = schedule.replace(tags=tags, is_enabled=False)
    tags["a"] = 2
    assert (changed.tags, changed.is_enabled, schedule.tags) == ({"a": 1}, False, {})
    assert "is_enabled" not in schedule.replace(tags={}).model_fields_set
