"""Schedules as ``az ml schedule show/list -o json`` prints them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.schedules.entity import plain_word, schedule_from_entity, schedule_to_entity
from pytest_mlschedule.schedules.loader import load_schedule, load_schedules
from pytest_mlschedule.schedules.models import (
    CommandJob,
    Component,
    CreationContext,
    JobSchedule,
    PipelineJob,
    SparkJob,
    Step,
)
from pytest_mlschedule.schedules.rest_jobs import job_from_rest
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrencePattern, RecurrenceTrigger

FIXTURES = Path(__file__).parents[2] / "fixtures" / "json"
CRON = {"type": "cron", "expression": "0 3 * * *", "time_zone": "UTC"}


def entity(create_job: Any = "azureml:train", trigger: Any = CRON, **rest: Any) -> dict[str, Any]:
    return {"name": "nightly", "trigger": trigger, "create_job": create_job, "provisioning_state": "Succeeded", **rest}


def accept(data: dict[str, Any]) -> JobSchedule:
    schedule, found = schedule_from_entity(data)
    assert [item for item in found if item.severity is Severity.ERROR] == []
    assert schedule is not None
    return schedule


def job_of(**job: Any) -> Any:
    return accept(entity({"type": "pipeline", **job})).create_job


def refuse(data: dict[str, Any]) -> list[Diagnostic]:
    schedule, found = schedule_from_entity(data)
    assert schedule is None
    return found


def test_a_list_of_the_cli() -> None:
    nightly, reference = load_schedules(FIXTURES / "az_schedule_list.json")
    pattern = RecurrencePattern(hours=[3], minutes=[0, 30], week_days=["monday", "friday"])
    zone = "Pacific Standard Time"
    assert nightly.trigger == RecurrenceTrigger("week", 1, pattern, start_time="2026-01-01T00:00:00", time_zone=zone)
    assert (nightly.is_enabled, nightly.provisioning_state, nightly.tags) == (False, "Succeeded", {"team": "forecast"})
    assert (nightly.display_name, nightly.properties, nightly.description) == (
        "Nightly training",
        {"owner": "ada"},
        None,
    )
    assert nightly.creation_context == CreationContext(
        created_at=datetime(2025, 12, 31, 10, 52, 6, 123456, tzinfo=UTC),
        created_by="Ada",
        created_by_type="User",
        last_modified_at=datetime(2025, 12, 31, 10, 53, tzinfo=UTC),
    )
    job = nightly.create_job
    assert isinstance(job, PipelineJob)
    assert job.id is not None
    assert job.id.endswith("/jobs/train")
    assert (job.experiment_name, job.compute, job.settings) == (
        "nightly",
        "cpu-cluster",
        {"default_compute": "cpu-cluster"},
    )
    assert job.inputs == {
        "rows": "5",
        "when": "${{creation_context.trigger_time}}",
        "data": {"mode": "ro_mount", "type": "uri_file", "path": "azureml:data:1"},
    }
    assert "inputs" in job.model_fields_set
    assert set(job.overrides) == {"experiment_name", "compute", "settings", "inputs", "outputs"}
    assert (reference.create_job, reference.is_enabled, reference.creation_context) == (
        "train",
        True,
        CreationContext(created_at=datetime(2026, 1, 2, tzinfo=UTC)),
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ScheduleProvisioningStatus.SUCCEEDED", "Succeeded"),
        ("CreatedByType.MANAGED_IDENTITY", "ManagedIdentity"),
        ("Succeeded", "Succeeded"),
        ("ada.lovelace", "ada.lovelace"),
        (5, 5),
        (None, None),
    ],
)
def test_printed_enum_members(value: Any, expected: Any) -> None:
    assert plain_word(value) == expected


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ({"type": "TriggerType.CRON", "expression": "5 * * * *"}, CronTrigger("5 * * * *")),
        (
            {
                "type": "recurrence",
                "frequency": "RecurrenceFrequency.DAY",
                "interval": 1,
                "schedule": {"hours": [], "minutes": []},
            },
            RecurrenceTrigger("day", 1),
        ),
        ({**CRON, "start_time": None, "schedule": None, "added_later": 1}, CronTrigger("0 3 * * *")),
        (
            {
                "type": "recurrence",
                "frequency": "month",
                "interval": 1,
                "schedule": {"month_days": [3], "week_days": None},
            },
            RecurrenceTrigger("month", 1, RecurrencePattern([], [], None, [3])),
        ),
        ({**CRON, "start_time": "2026-01-01 10:00:00"}, CronTrigger("0 3 * * *", "2026-01-01T10:00:00")),
    ],
)
def test_triggers(trigger: dict[str, Any], expected: CronTrigger | RecurrenceTrigger) -> None:
    assert accept(entity(trigger=trigger)).trigger == expected


@pytest.mark.parametrize(
    "job", ["azureml:train", "train", {"type": "pipeline", "id": "azureml:train", "status": "x", "experiment_name": ""}]
)
def test_references(job: Any) -> None:
    assert accept(entity(job)).create_job == "train"


@pytest.mark.parametrize("job", ["", "azureml: ", {"type": "pipeline", "id": " "}])
def test_jb_8_an_empty_reference(job: Any) -> None:
    data = {
        "name": "n",
        "provisioning_state": "Succeeded",
        "trigger": {"type": "cron", "expression": "0 1 * * *"},
        "create_job": job,
    }
    schedule, found = schedule_from_entity(data)
    assert (schedule, [item.code for item in found]) == (None, ["MLS401"])


@pytest.mark.parametrize("source", [" ", "azureml:"])
def test_jb_8_an_empty_reference_in_the_rest_form(source: str) -> None:
    job, found = job_from_rest({"jobType": "Pipeline", "sourceJobId": source})
    assert (job, [(item.code, item.field) for item in found]) == (None, [("MLS401", ("sourceJobId",))])


def test_ports_and_settings_without_what_yaml_lacks() -> None:
    job = job_of(
        inputs={
            "a": {"path": "x", "type": "uri_file", "path_on_compute": "/x", "mode": None},
            "b": None,
            "c": {"path": "${{name}}/x"},
        },
        outputs={"o": {"mode": "upload", "description": "d"}},
        settings={"default_compute": "serverless", "default_datastore": "ds", "odd": 1, "none": None},
        services={"Studio": {"endpoint": "https://h"}},
        identity={"type": "managed_identity", "client_id": "c", "extra": 1, "object_id": None},
        compute="azureml:/subscriptions/s/computes/gpu",
        name="j",
        component="azureml:p:1",
    )
    assert job.inputs == {"a": {"path": "x", "type": "uri_file"}, "c": {"path": "${{name}}/x"}}
    assert job.outputs == {"o": {"mode": "upload"}}
    assert job.settings == {"default_compute": "serverless", "default_datastore": "ds", "odd": 1}
    assert job.identity == {"type": "managed_identity", "client_id": "c"}
    assert (job.services, job.compute, job.name, job.component) == ({}, "gpu", "j", "azureml:p:1")


def test_steps() -> None:
    component = {"name": "c", "version": 1, "type": "command", "inputs": {"n": {"type": "integer"}}, "command": "echo"}
    job = job_of(
        jobs={
            "a": {
                "type": "command",
                "component": component,
                "compute": "azureml:gpu",
                "inputs": {"n": {"path": "${{parent.inputs.i}}"}, "k": 3},
                "outputs": {"o": "${{parent.outputs.o}}", "p": {"mode": "upload"}},
                "resources": {"instance_count": 2},
                "comment": None,
            },
            "b": {"component": "azureml:name: d\ncommand: x\n", "type": "COMMAND"},
            "c": {"component": "azureml:e:1"},
            "d": {},
        }
    )
    assert job.jobs == {
        "a": Step(
            component=Component(name="c", version="1", inputs={"n": {"type": "integer"}}, content={"command": "echo"}),
            compute="gpu",
            inputs={"n": "${{parent.inputs.i}}", "k": 3},
            outputs={"o": "${{parent.outputs.o}}", "p": {"mode": "upload"}},
            content={"resources": {"instance_count": 2}},
        ),
        "b": Step(component=Component(name="d", content={"command": "x"})),
        "c": Step(component="azureml:e:1"),
        "d": Step(),
    }


@pytest.mark.parametrize(("kind", "model"), [("command", CommandJob), ("spark", SparkJob)])
def test_jb_8_other_job_types_are_a_private_preview(kind: str, model: type[CommandJob | SparkJob]) -> None:
    schedule = accept(
        entity({"type": kind, "command": "echo", "resources": None, "compute": "azureml:cpu", "experiment_name": "e"})
    )
    assert isinstance(schedule.create_job, model)
    assert (schedule.create_job.content, schedule.create_job.compute) == ({"command": "echo"}, "cpu")
    assert [(item.code, item.field) for item in schedule.diagnostics] == [("MLS404", ("create_job",))]
    assert accept(schedule_to_entity(schedule)).create_job == schedule.create_job


def test_warnings_are_on_the_schedule() -> None:
    schedule = accept(
        entity({"type": "pipeline", "inputs": {"a": {"path": "${{nmae}}"}}}, {**CRON, "expression": "0 3 1 * *"})
    )
    assert [(item.code, item.field) for item in schedule.diagnostics] == [
        ("MLS103", ("trigger", "expression")),
        ("MLS503", ("create_job", "inputs", "a")),
    ]


def test_ws_10_monitors_and_imports_are_carried() -> None:
    monitor = {"compute": {"instance_type": "x", "runtime_version": "3.4"}}
    schedule = accept({"name": "m", "trigger": CRON, "create_job": None, "create_monitor": monitor})
    assert schedule.create_monitor == monitor
    assert schedule_to_entity(schedule)["create_monitor"] == monitor
    schedule = accept({"name": "m", "trigger": CRON, "import_data": {"name": "d"}})
    assert schedule.import_data == {"name": "d"}


@pytest.mark.parametrize(
    ("data", "code", "field"),
    [
        ({}, "MLS007", ("name",)),
        (entity(name=5), "MLS008", ("name",)),
        (entity(name="a b"), "MLS501", ("name",)),
        (entity(trigger=None), "MLS007", ("trigger",)),
        (entity(trigger=[]), "MLS008", ("trigger",)),
        (entity(trigger={"expression": "* * * * *"}), "MLS007", ("trigger", "type")),
        (entity(trigger={**CRON, "expression": "61 * * * *"}), "MLS102", ("trigger", "expression")),
        (entity(trigger={**CRON, "time_zone": "Nowhere"}), "MLS302", ("trigger", "time_zone")),
        (entity(is_enabled="yes"), "MLS008", ("is_enabled",)),
        (entity(creation_context=5), "MLS008", ("creation_context",)),
        (entity(None), "MLS007", ("create_job",)),
        (entity([]), "MLS008", ("create_job",)),
        (entity({"type": "sweep"}), "MLS403", ("create_job", "type")),
        (entity({}), "MLS405", ("create_job", "type")),
        (entity({"type": "pipeline", "id": 5}), "MLS008", ("create_job", "id")),
        (entity({"type": "pipeline", "inputs": [1]}), "MLS008", ("create_job", "inputs")),
        (entity({"type": "pipeline", "inputs": {"a": [1]}}), "MLS009", ("create_job", "inputs", "a")),
        (entity({"type": "pipeline", "inputs": {"a": {"type": "x"}}}), "MLS009", ("create_job", "inputs", "a", "type")),
        (
            entity({"type": "pipeline", "settings": {"force_rerun": 5}}),
            "MLS008",
            ("create_job", "settings", "force_rerun"),
        ),
        (
            entity({"type": "pipeline", "settings": {"default_compute": 5}}),
            "MLS009",
            ("create_job", "settings", "default_compute"),
        ),
        (
            entity({"type": "pipeline", "jobs": {"a": {"component": 5}}}),
            "MLS407",
            ("create_job", "jobs", "a", "component"),
        ),
        (
            entity({"type": "pipeline", "jobs": {"a": {"outputs": {"o": 5}}}}),
            "MLS008",
            ("create_job", "jobs", "a", "outputs", "o"),
        ),
    ],
)
def test_problems_and_their_places(data: dict[str, Any], code: str, field: tuple[str, ...]) -> None:
    assert (code, field) in [(item.code, item.field) for item in refuse(data)]


def test_an_entity_that_is_nested_too_deep() -> None:
    deep: Any = 1
    for _ in range(100):
        deep = [deep]
    assert [item.code for item in refuse(entity(tags={"a": deep}))] == ["MLS004"]


def test_what_is_printed() -> None:
    trigger = RecurrenceTrigger("day", 2, start_time="2026-01-01T00:00:00", end_time="2027-01-01T00:00:00")
    schedule = JobSchedule(name="a", trigger=trigger, create_job="train", is_enabled=False)
    assert schedule_to_entity(schedule) == {
        "name": "a",
        "trigger": {
            "start_time": "2026-01-01T00:00:00",
            "end_time": "2027-01-01T00:00:00",
            "time_zone": "UTC",
            "type": "recurrence",
            "frequency": "day",
            "interval": 2,
            "schedule": {"hours": [], "minutes": []},
        },
        "is_enabled": False,
        "create_job": {"id": "azureml:train", "experiment_name": "", "type": "pipeline"},
    }
    invoked = JobSchedule(name="a", trigger=CronTrigger("* * * * *"), action={"actionType": "InvokeBatchEndpoint"})
    assert schedule_to_entity(invoked)["action"] == {"actionType": "InvokeBatchEndpoint"}
    identity = PipelineJob(identity={"type": "managed", "client_id": "c"}, compute="serverless")
    printed = schedule_to_entity(JobSchedule(name="a", trigger=CronTrigger("* * * * *"), create_job=identity))[
        "create_job"
    ]
    assert (printed["identity"], printed["compute"]) == ({"type": "managed_identity", "client_id": "c"}, "serverless")
    token = PipelineJob(identity={"type": "user_identity"})
    printed = schedule_to_entity(JobSchedule(name="a", trigger=CronTrigger("* * * * *"), create_job=token))[
        "create_job"
    ]
    assert (printed["identity"], printed["experiment_name"]) == ({"type": "user_identity"}, "Default")


@pytest.mark.parametrize("index", [0, 1])
def test_there_and_back(index: int) -> None:
    schedule = load_schedules(FIXTURES / "az_schedule_list.json")[index]
    printed = json.loads(json.dumps(schedule_to_entity(schedule)))
    again = accept(printed)
    assert again == schedule
    original = json.loads((FIXTURES / "az_schedule_list.json").read_text())[index]
    for key in ("name", "trigger", "is_enabled", "tags", "properties"):
        assert printed.get(key) == original.get(key)


def test_a_job_with_steps_there_and_back() -> None:
    job = load_schedule(FIXTURES / "rest_schedule.json")
    again = accept(schedule_to_entity(job))
    assert again.create_job == job.create_job
    inline = PipelineJob(
        component=Component(name="c"),
        jobs={"a": Step(content={"command": "x"}, outputs={"o": "${{parent.outputs.o}}"})},
    )
    schedule = JobSchedule(name="a", trigger=CronTrigger("* * * * *"), create_job=inline)
    printed = schedule_to_entity(schedule)["create_job"]
    assert printed["jobs"]["a"]["component"]["name"] == "azureml_anonymous"
    assert accept(schedule_to_entity(schedule)).create_job.component == Component(name="c")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("data", "printed"),
    [
        ({"path": "p", "type": "uri_folder", "source": {"type": "Database"}}, {"type": "mltable", "source": {"type": "database"}}),
        ({"path": "p", "type": "mltable", "source": {"type": "file_system"}}, {"type": "uri_folder", "source": {"type": "file_system"}}),
        ({"path": "p", "source": {"type": 5}}, {"type": "uri_folder", "source": {"type": 5}}),
        ({"path": "p", "source": 5, "tags": {"a": "b"}}, {"type": "uri_folder", "source": 5, "tags": {"a": "b"}}),
    ],
)  # fmt: skip
def test_an_import_is_printed_with_the_type_of_its_source(data: dict[str, Any], printed: dict[str, Any]) -> None:
    schedule = accept({"name": "m", "trigger": CRON, "import_data": data})
    assert schedule_to_entity(schedule)["import_data"] == {"path": "p", **printed}
