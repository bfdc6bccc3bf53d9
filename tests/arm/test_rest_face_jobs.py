"""Calls on jobs, and on their runs. Oracle: the recorded answers, and what the Python side of the same workspace shows."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from rest_face import CRON, PIPELINE, Face, error_of, schedule_body

from pytest_mlschedule.scheduler import Scheduler

COMMAND = {
    "jobType": "Command",
    "command": "echo ${{inputs.when}}",
    "environmentId": "e:1",
    "computeId": "cpu",
    "inputs": {"when": {"jobInputType": "literal", "value": "${{name}}"}},
    "resources": {"instanceCount": 2},
    "tags": {"team": "ml"},
}


@pytest.fixture
def face() -> Face:
    return Face()


def test_a_job_that_is_put_is_shown_as_it_is(face: Face) -> None:
    answer = face.call("PUT", "jobs/train", {"properties": {**PIPELINE, "displayName": "Train", "tags": {"a": "b"}}})
    assert answer.status_code == 201
    properties = answer.json["properties"]
    assert (answer.json["name"], answer.json["id"]) == ("train", f"{face.workspace.id}/jobs/train")
    assert (properties["displayName"], properties["experimentName"], properties["status"]) == (
        "Train",
        "exp",
        "Completed",
    )
    assert (properties["tags"], properties["settings"]["default_compute"], properties["isArchived"]) == (
        {"a": "b"},
        "cpu",
        False,
    )
    assert properties["inputs"]["when"] == {
        "description": None,
        "jobInputType": "literal",
        "value": "${{creation_context.trigger_time}}",
    }
    assert properties["jobs"]["train"]["componentId"] == "c:1"
    assert properties["services"]["Studio"]["endpoint"].startswith(
        "https://ml.azure.com/runs/train?wsid=/subscriptions/"
    )
    assert face.get("jobs/train") == answer.json
    assert face.call("PUT", "jobs/train", {"properties": PIPELINE}).status_code == 200
    assert face.get("jobs/train") == answer.json


def test_ws_11_a_job_that_exists_takes_other_texts_and_no_other_definition(face: Face) -> None:
    body = {"properties": {**PIPELINE, "tags": {"a": "b"}, "description": "first", "isArchived": False}}
    face.put("jobs/train", body)
    texts = {"tags": {"c": "d"}, "description": "second", "displayName": "New", "properties": {"p": "q"}}
    shown = face.put("jobs/train", {"properties": {**PIPELINE, **texts, "isArchived": True}})["properties"]
    assert {key: shown[key] for key in texts} == texts
    assert (shown["isArchived"], face.get("jobs?listViewType=All")["value"][0]["properties"]) == (True, shown)
    for change in (
        {"inputs": {}},
        {"settings": {"default_compute": "gpu"}},
        {"jobs": {}},
        {"outputs": {"o": {"jobOutputType": "uri_file"}}},
    ):
        status, code, text = error_of(face.call("PUT", "jobs/train", {"properties": {**PIPELINE, **change}}))
        assert (status, code) == (400, "UserError")
        assert f"A job with the name train exists already, with other {next(iter(change))}." in text
    assert face.get("jobs/train")["properties"] == shown


@pytest.mark.parametrize("job", [PIPELINE, COMMAND, {"jobType": "Pipeline", "sourceJobId": "elsewhere"}])
def test_ws_11_a_scheduled_job_stays_one_whatever_is_put(face: Face, job: Any) -> None:
    face.put("schedules/nightly", schedule_body(job=job))
    [made] = Scheduler(face.workspace).advance(timedelta(days=1))
    body = face.get(f"jobs/{made.name}")
    body["properties"]["tags"] = {"reviewed": "yes"}
    assert face.put(f"jobs/{made.name}", body)["properties"] == body["properties"]
    body["properties"]["inputs"] = {"x": {"jobInputType": "literal", "value": "1"}}
    assert error_of(face.call("PUT", f"jobs/{made.name}", body))[:2] == (400, "UserError")
    [found] = face.workspace.schedules.jobs("nightly")
    assert (found.trigger_time, dict(found.tags)) == (made.trigger_time, {"reviewed": "yes"})


@pytest.mark.parametrize("name", ["a.b", "-a", "x" * 256])
def test_ws_11_names_of_jobs_that_are_not_allowed(face: Face, name: str) -> None:
    status, code, text = error_of(face.call("PUT", f"jobs/{name}", {"properties": PIPELINE}))
    assert (status, code) == (400, "UserError")
    assert "is not a name of a job: 1 to 255 letters, digits, - and _" in text


def test_jobs_say_who_made_them(face: Face) -> None:
    face.put("schedules/nightly", schedule_body())
    face.workspace.assign_role("Contributor", principal="ann")
    assert face.call("PUT", "jobs/train", {"properties": PIPELINE}, principal="ann").status_code == 201
    face.call("POST", "schedules/nightly/trigger", principal="ann")
    made = [(job["systemData"]["createdBy"], job["systemData"]["createdByType"]) for job in face.get("jobs")["value"]]
    assert made == [("ann", "User"), ("Owner", "User")]


def test_jobs_without_a_name_of_their_own_run_in_default(face: Face) -> None:
    face.put("jobs/train", {"properties": {**PIPELINE, "experimentName": None}})
    assert face.get("jobs/train")["properties"]["experimentName"] == "Default"


def test_a_triggered_pipeline_shows_what_the_service_shows(face: Face) -> None:
    face.put("schedules/nightly", schedule_body())
    name = face.call("POST", "schedules/nightly/trigger", {"scheduleTime": "2024-02-19T00:00:00"}).json["submissionId"]
    job = face.get(f"jobs/{name}")
    properties = job["properties"]
    assert properties["displayName"] == "nightly-20240219T000000Z"
    assert (properties["jobType"], properties["status"], properties["experimentName"]) == (
        "Pipeline",
        "Completed",
        "exp",
    )
    for key in ("inputs", "outputs", "jobs", "settings", "computeId", "componentId", "identity", "sourceJobId"):
        assert properties[key] is None
    recorded = {
        "runSource": "Schedule",
        "azureml.runLineageType": "genericTrigger",
        "azureml.genericTriggerName": "nightly",
    }
    assert recorded.items() <= properties["properties"].items()
    assert json.loads(properties["properties"]["azureml.parameters"]) == {"when": "2024-02-19T00:00:00Z"}
    assert job["systemData"]["createdAt"] == "2024-02-19T00:00:00+00:00"


def test_a_triggered_command_keeps_its_definition_with_macros_resolved(face: Face) -> None:
    face.put("schedules/nightly", schedule_body(job=COMMAND))
    name = face.call("POST", "schedules/nightly/trigger").json["submissionId"]
    properties = face.get(f"jobs/{name}")["properties"]
    assert (properties["jobType"], properties["command"], properties["computeId"]) == (
        "Command",
        COMMAND["command"],
        "cpu",
    )
    assert properties["inputs"]["when"]["value"] == name
    assert (properties["resources"], properties["tags"]) == ({"instanceCount": 2}, {"team": "ml"})
    assert properties["properties"]["azureml.genericTriggerName"] == "nightly"
    assert not {"azureml.runsource", "azureml.pipelineComponent"} & set(properties["properties"])


def test_a_run_of_a_job_that_is_not_in_the_workspace(face: Face) -> None:
    face.put("schedules/nightly", schedule_body(job={"jobType": "Pipeline", "sourceJobId": "elsewhere"}))
    name = face.call("POST", "schedules/nightly/trigger").json["submissionId"]
    properties = face.get(f"jobs/{name}")["properties"]
    assert (properties["jobType"], properties["experimentName"], properties["inputs"]) == ("Pipeline", "nightly", None)
    assert properties["properties"]["azureml.parameters"] == "{}"


@pytest.mark.parametrize("reference", ["train", "TRAIN", "azureml:Train", "{id}/jobs/train", "{id}/JOBS/Train"])
def test_schedules_refer_to_jobs_by_name_and_id_in_any_case(face: Face, reference: str) -> None:
    face.put("jobs/train", {"properties": {**PIPELINE, "experimentName": "theirs"}})
    job = {"jobType": "Pipeline", "sourceJobId": reference.format(id=face.workspace.id)}
    face.put("schedules/nightly", schedule_body(CRON, job))
    [job] = Scheduler(face.workspace).advance(timedelta(days=1))
    assert (job.experiment_name, job.inputs["when"]) == ("theirs", "2026-01-01T03:00:00Z")


def test_a_job_may_be_made_of_another(face: Face) -> None:
    face.put("jobs/train", {"properties": {**PIPELINE, "tags": {"a": "1"}}})
    face.put("jobs/again", {"properties": {"jobType": "Pipeline", "sourceJobId": "train"}})
    face.put("jobs/changed", {"properties": {"jobType": "Pipeline", "sourceJobId": "train", "tags": {"b": "2"}}})
    assert face.get("jobs/again")["properties"]["tags"] == {"a": "1"}
    changed = face.get("jobs/changed")["properties"]
    assert (changed["tags"], changed["settings"]["default_compute"]) == ({"a": "1", "b": "2"}, "cpu")
    missing = {"properties": {"jobType": "Pipeline", "sourceJobId": "nope"}}
    assert error_of(face.call("PUT", "jobs/x", missing)) == (404, "UserError", "Source job nope not found")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "a job has properties with jobType"),
        ({"properties": []}, "a job has properties with jobType"),
        ({"properties": {}}, "the key 'jobType' is missing"),
        ({"properties": {"jobType": "Pipelin"}}, "is not a type of a job"),
        ({"properties": {"jobType": 5}}, "must be text"),
        ({"properties": {**PIPELINE, "settings": {}}}, "Compute not set for step 'train'"),
    ],
)
def test_a_job_that_cannot_be_put(face: Face, body: Any, message: str) -> None:
    status, code, text = error_of(face.call("PUT", "jobs/x", body))
    assert (status, code) == (400, "UserError")
    assert message in text
    assert error_of(face.call("GET", "jobs/x")) == (404, "UserError", "Job x not found")


@pytest.mark.parametrize("kind", ["AutoML", "Sweep", "labeling", "FineTuning"])
def test_jobs_of_other_types_are_refused_by_name(face: Face, kind: str) -> None:
    status, code, text = error_of(face.call("PUT", "jobs/x", {"properties": {"jobType": kind}}))
    assert (status, code) == (501, "NotModelled")
    assert text == f"Jobs of type {kind} are not modelled by pytest-mlschedule: pipeline, command and spark jobs are"


def names(face: Face, query: str) -> list[str]:
    return [item["properties"]["displayName"] for item in face.get(f"jobs?{query}")["value"]]


def test_jobs_are_selected_by_schedule_tag_and_type(face: Face) -> None:
    face.put("jobs/train", {"properties": {**PIPELINE, "tags": {"team": "ml", "x": ""}}})
    face.put("jobs/plain", {"properties": COMMAND})
    face.put("schedules/nightly", schedule_body())
    face.put("schedules/weekly", schedule_body())
    Scheduler(face.workspace).advance(timedelta(days=1))
    fired = ["nightly-20260101T030000Z", "weekly-20260101T030000Z"]
    expected = {
        "": ["train", "plain", *fired],
        "listViewType=All": ["train", "plain", *fired],
        "listViewType=ActiveOnly&scheduled=true": fired,
        "scheduled=FALSE": ["train", "plain"],
        "scheduleId=weekly": fired[1:],
        f"scheduleId={face.workspace.id}/schedules/nightly": fired[:1],
        "scheduleId=none": [],
        "scheduled=true&scheduleId=nightly": fired[:1],
        "tag=team": ["train", "plain"],
        "tag=team=ml": ["train", "plain"],
        "tag=team=other": [],
        "tag=x=": ["train"],
        "jobType=Command": ["plain"],
    }
    assert {query: names(face, query) for query in expected} == expected
    for query in ("scheduled=maybe", "listViewType=Some"):
        assert error_of(face.call("GET", f"jobs?{query}"))[:2] == (400, "UserError")


def test_cancel_leaves_a_job_that_has_ended_and_stops_another(face: Face) -> None:
    face.put("schedules/nightly", schedule_body())
    scheduler = Scheduler(face.workspace)
    scheduler.outcomes["nightly"] = "Running"
    [job] = scheduler.advance(timedelta(days=1))
    answer = face.call("POST", f"jobs/{job.name}/cancel")
    assert (answer.status_code, answer.get_data()) == (200, b"")
    assert face.get(f"jobs/{job.name}")["properties"]["status"] == "Canceled"
    face.put("jobs/train", {"properties": PIPELINE})
    face.call("POST", "jobs/train/cancel")
    assert face.get("jobs/train")["properties"]["status"] == "Completed"
    assert error_of(face.call("POST", "jobs/none/cancel"))[0] == 404


def test_archived_jobs_are_left_out_of_lists(face: Face) -> None:
    face.put("jobs/train", {"properties": PIPELINE})
    face.put("jobs/old", {"properties": {**PIPELINE, "isArchived": True}})
    assert (names(face, ""), names(face, "listViewType=ArchivedOnly"), names(face, "listViewType=All")) == (
        ["train"],
        ["old"],
        ["train", "old"],
    )
    assert face.get("jobs/old")["properties"]["isArchived"] is True
    face.put("jobs/old", {"properties": PIPELINE})
    assert names(face, "") == ["train", "old"]


def history(face: Face, tail: str) -> str:
    return f"/history/v1.0{face.workspace.id}/{tail}"


def test_run_history_tells_about_a_job(face: Face) -> None:
    face.put("jobs/train", {"properties": PIPELINE})
    run = face.get(history(face, "runs/train"))
    assert (run["runId"], run["status"], run["experimentName"], run["runType"]) == (
        "train",
        "Completed",
        "exp",
        "pipeline",
    )
    assert run["startTimeUtc"] == run["endTimeUtc"] == "2026-01-01T00:00:00+00:00"
    details = face.get(history(face, "runs/train/details"))
    assert (details["status"], details["logFiles"], details["error"]) == ("Completed", {}, None)
    assert face.get(history(face, "runs/train/children")) == {"value": [], "nextLink": None}
    for tail in ("runs/none", "runs/none/details", "runs/none/children"):
        assert error_of(face.call("GET", history(face, tail)))[:2] == (404, "UserError")


def test_details_of_a_failed_run_say_so(face: Face) -> None:
    face.put("schedules/nightly", schedule_body())
    scheduler = Scheduler(face.workspace)
    scheduler.outcomes["nightly"] = "Failed"
    [job] = scheduler.advance(timedelta(days=1))
    details = face.get(history(face, f"runs/{job.name}/details"))
    assert (details["status"], details["error"]["error"]["message"]) == ("Failed", f"Job {job.name} failed.")


def test_streaming_of_a_job_that_has_not_ended_is_refused_by_name(face: Face) -> None:
    face.put("schedules/nightly", schedule_body())
    scheduler = Scheduler(face.workspace)
    scheduler.outcomes["nightly"] = "Running"
    [job] = scheduler.advance(timedelta(days=1))
    status, code, text = error_of(face.call("GET", history(face, f"runs/{job.name}/details")))
    assert (status, code) == (501, "NotModelled")
    assert f"Job {job.name} is Running" in text
    assert face.get(history(face, f"runs/{job.name}"))["endTimeUtc"] is None


def test_a_run_is_patched(face: Face) -> None:
    face.put("jobs/train", {"properties": {**PIPELINE, "tags": {"a": "1"}}})
    path = history(face, "experiments/exp/runs/train")
    body = {"displayName": "New", "description": "why", "tags": {"b": "2"}, "properties": {"p": "q"}, "hidden": True}
    assert face.call("PATCH", path, body).json["displayName"] == "New"
    properties = face.get("jobs/train")["properties"]
    assert (properties["displayName"], properties["description"], properties["isArchived"]) == ("New", "why", True)
    assert (properties["tags"], properties["properties"]) == ({"a": "1", "b": "2"}, {"p": "q"})
    face.call("PATCH", path, {"hidden": False})
    assert names(face, "") == ["New"]
    assert error_of(face.call("PATCH", path, {"tags": {"a": 1}, "hidden": "x"}))[:2] == (400, "UserError")
    assert face.call("PATCH", path, {}).status_code == 200
    for body in ({}, {"hidden": True}, {"tags": {"a": "b"}}):
        assert error_of(face.call("PATCH", history(face, "experiments/exp/runs/none"), body))[:2] == (404, "UserError")


def test_what_a_schedule_made_is_patched_and_stays_its_job(face: Face) -> None:
    face.put("schedules/nightly", schedule_body())
    name = face.call("POST", "schedules/nightly/trigger").json["submissionId"]
    path = history(face, f"experiments/exp/runs/{name}")
    face.call("PATCH", path, {"tags": {"a": "b"}, "properties": {"p": "q"}, "description": "why"})
    shown = face.get(f"jobs/{name}")["properties"]
    assert (shown["tags"], shown["properties"]["p"], shown["description"]) == ({"a": "b"}, "q", "why")
    assert shown["properties"]["azureml.genericTriggerName"] == "nightly"
    assert [job.name for job in face.workspace.schedules.jobs("nightly")] == [name]
    face.call("PATCH", path, {"hidden": True})
    assert names(face, "") == []
