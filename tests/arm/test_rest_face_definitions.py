"""Definitions are answered as they were sent, filled up with null (recorded); what was changed since, as it is now."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from rest_face import CRON, ML, PIPELINE, Face, schedule_body

from pytest_mlschedule.schedules.models import Component, JobSchedule, PipelineJob, Step
from pytest_mlschedule.triggers.cron import CronTrigger

CLUSTER = f"/subscriptions/s/resourceGroups/g/providers/{ML}/w/computes/cpu"
SENT = {
    "jobType": "Pipeline",
    "experimentName": "exp",
    "displayName": "Train",
    "isArchived": True,
    "computeId": CLUSTER,
    "notificationSetting": {"emailOn": ["JobFailed"], "emails": ["a@b.c"]},
    "secretsConfiguration": {"key": {"uri": "https://v/secrets/k"}},
    "identity": {"identityType": "UserIdentity", "note": "kept"},
    "settings": {"default_compute": CLUSTER, "forceRerun": "true", "_source": "REMOTE.REGISTRY"},
    "inputs": {
        "n": {"jobInputType": "literal", "value": "5", "description": "how many"},
        "d": {"jobInputType": "uri_folder", "uri": "azureml:d:1", "mode": "Download", "pathOnCompute": "/in"},
    },
    "outputs": {"o": {"jobOutputType": "uri_file", "mode": "Upload", "autoDeleteSetting": {"value": "30d"}, "description": "all"}},
    "jobs": {
        "a": {"name": "a", "type": "command", "componentId": "azureml:c:1", "computeId": CLUSTER, "inputs": {}, "outputs": {}, "_source": "BUILDER"},
        "b": {"name": "b", "type": "command", "componentId": "c:1", "inputs": {}, "outputs": {}, "_source": "YAML.JOB"},
    },
    "tags": {"team": "ml"},
}  # fmt: skip


def without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_null(item) for key, item in value.items() if item is not None}
    return value


@pytest.fixture
def face() -> Face:
    return Face()


def stored(face: Face) -> dict[str, Any]:
    return dict(face.get("schedules/nightly")["properties"]["action"]["jobDefinition"])


def test_a_schedule_repeats_its_definition_with_what_it_left_open(face: Face) -> None:
    face.put("schedules/nightly", schedule_body(job=SENT))
    shown = stored(face)
    added = {"status": "NotStarted", "properties": {}}
    assert without_null(shown) == {**SENT, **added}
    assert shown["componentId"] is shown["services"] is None
    assert shown["inputs"]["n"].keys() == {"jobInputType", "value", "description"}
    assert shown["outputs"]["o"]["uri"] is None
    # What was answered can be put again, and comes back.
    face.put("schedules/nightly", face.get("schedules/nightly"))
    assert stored(face) == shown


def test_a_job_repeats_its_definition(face: Face) -> None:
    face.put("jobs/train", {"properties": SENT})
    shown = face.get("jobs/train")["properties"]
    ours = ("status", "services", "properties")
    assert without_null({key: value for key, value in shown.items() if key not in ours}) == SENT
    assert face.call("PUT", "jobs/train", {"properties": shown}).status_code == 200
    assert face.get("jobs/train")["properties"] == shown


def test_a_command_repeats_its_compute_and_the_values_of_the_run_are_its_own(face: Face) -> None:
    inputs = {"n": {"jobInputType": "literal", "value": "${{name}}", "description": "who"}}
    face.put(
        "schedules/nightly",
        schedule_body(job={"jobType": "Command", "command": "echo", "computeId": CLUSTER, "inputs": inputs}),
    )
    name = face.call("POST", "schedules/nightly/trigger").json["submissionId"]
    shown = face.get(f"jobs/{name}")["properties"]
    assert (shown["computeId"], shown["inputs"]["n"]["value"]) == (CLUSTER, name)


def test_words_are_those_of_the_service(face: Face) -> None:
    inputs = {
        "n": {"JobInputType": "LITERAL", "value": 5},
        "d": {"jobInputType": "URI_FILE", "MODE": "download", "Uri": "x"},
    }
    face.put(
        "schedules/nightly",
        schedule_body(job={**PIPELINE, "jobtype": "pipeline", "DISPLAYNAME": "Train", "inputs": inputs}),
    )
    shown = stored(face)
    assert (shown["jobType"], shown["displayName"], shown["experimentName"]) == ("Pipeline", "Train", "exp")
    assert without_null(shown["inputs"]["n"]) == {"jobInputType": "literal", "value": "5"}
    assert without_null(shown["inputs"]["d"]) == {"jobInputType": "uri_file", "mode": "Download", "Uri": "x"}


def test_what_was_changed_since_is_answered_as_it_is_now(face: Face) -> None:
    face.put("schedules/nightly", schedule_body(CRON, SENT))
    schedules = face.workspace.schedules
    job = schedules.get("nightly").create_job
    assert isinstance(job, PipelineJob)
    changed = job.model_copy(update={"inputs": {"n": 6}, "compute": "gpu"})
    schedules.begin_create_or_update(schedules.get("nightly").replace(create_job=changed))
    shown = stored(face)
    assert shown["inputs"] == {"n": {"description": None, "jobInputType": "literal", "value": "6"}}
    assert shown["computeId"] == f"{face.workspace.id}/computes/gpu"
    assert (shown["settings"], shown["jobs"]) == (SENT["settings"], SENT["jobs"])


def test_components_that_are_written_out_are_answered_by_their_ids(face: Face) -> None:
    """As the client makes assets of them before it puts a job: what a GET answers can be put again by anybody."""
    component = Component(
        name="c", content={"command": "echo", "environment": "azureml:e@latest", "since": date(2026, 1, 1)}
    )
    steps = {
        "a": Step(content={"command": "echo", "environment": "azureml:e@latest"}),
        "b": Step(component="azureml:c:1"),
    }
    job = PipelineJob(name="train", compute="cpu", component=component, jobs=steps)
    face.workspace.schedules.begin_create_or_update(
        JobSchedule(name="nightly", trigger=CronTrigger("0 3 * * *"), create_job=job)
    )
    face.workspace.jobs.create_or_update(job)
    shown = stored(face)
    ids = [shown["componentId"], shown["jobs"]["a"]["componentId"]]
    registered = face.get("jobs/train")["properties"]
    assert [registered["componentId"], registered["jobs"]["a"]["componentId"]] == ids
    specs = [face.get(one)["properties"]["componentSpec"] for one in ids]
    assert [(one["command"], one["environment"], one.get("since")) for one in specs] == [
        ("echo", "azureml:e@latest", "2026-01-01"),
        ("echo", "azureml:e@latest", None),
    ]
    assert shown["jobs"]["b"]["componentId"] == "c:1"
    assert face.get("components")["value"] == []
    face.put("schedules/nightly", face.get("schedules/nightly"))
    assert stored(face) == shown
