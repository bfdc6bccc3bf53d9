"""Calls on schedules. Oracle: the answers of the service as its client's public recordings hold them."""

from __future__ import annotations

from typing import Any

import pytest
from rest_face import CRON, DAILY, PIPELINE, Face, error_of, schedule_body

from pytest_mlschedule.errors import ResourceNotFoundError
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.workspace.workspace import FakeWorkspace

REFERENCE = {"jobType": "Pipeline", "sourceJobId": "train", "experimentName": "", "isArchived": False}


@pytest.fixture
def face() -> Face:
    return Face()


def test_a_put_answers_201_with_the_definition_filled_up_with_null(face: Face) -> None:
    answer = face.call("PUT", "schedules/nightly", schedule_body(DAILY, REFERENCE))
    assert answer.status_code == 201
    assert answer.json == {
        "id": f"{face.workspace.id}/schedules/nightly",
        "properties": {
            "description": None,
            "properties": {},
            "tags": {},
            "displayName": None,
            "isEnabled": True,
            "provisioningState": "Creating",
            "trigger": {
                "triggerType": "Recurrence",
                "frequency": "Day",
                "interval": 1,
                "schedule": None,
                "startTime": None,
                "endTime": None,
                "timeZone": "UTC",
            },
            "action": {
                "actionType": "CreateJob",
                "jobDefinition": {
                    **dict.fromkeys(("description", "displayName", "computeId", "componentId", "identity", "services")),
                    **dict.fromkeys(("notificationSetting", "secretsConfiguration")),
                    **{key: {} for key in ("tags", "properties", "inputs", "outputs", "jobs")},
                    "settings": {"_source": "YAML.JOB"},
                    "jobType": "Pipeline",
                    "experimentName": "",
                    "isArchived": False,
                    "status": "NotStarted",
                    "sourceJobId": "train",
                },
            },
        },
    }


def test_a_put_points_to_its_status_and_to_the_schedule(face: Face) -> None:
    headers = face.call("PUT", "schedules/nightly", schedule_body()).headers
    provider = f"/subscriptions/{face.workspace.subscription_id}/providers/Microsoft.MachineLearningServices"
    prefix = f"https://management.azure.com{provider}/locations/eastus/mfeOperationsStatus/"
    assert headers["Azure-AsyncOperation"].startswith(prefix)
    assert headers["Location"].startswith(
        f"https://management.azure.com{face.workspace.id}/schedules/nightly?api-version="
    )
    assert face.follow(headers["Location"]).json["name"] == "nightly"
    assert face.follow(headers["Azure-AsyncOperation"]).json["status"] == "Succeeded"


def test_a_get_afterwards_shows_the_start_and_who_made_it(face: Face) -> None:
    face.put("schedules/nightly", schedule_body(DAILY, REFERENCE))
    found = face.get("schedules/nightly")
    assert (found["name"], found["type"]) == ("nightly", "Microsoft.MachineLearningServices/workspaces/schedules")
    assert found["properties"]["provisioningState"] == "Succeeded"
    assert found["properties"]["trigger"]["startTime"] == "2026-01-01T00:00:00"
    assert found["systemData"] == {
        "createdAt": "2026-01-01T00:00:00+00:00",
        "createdBy": "Owner",
        "createdByType": "User",
        "lastModifiedAt": None,
        "lastModifiedBy": None,
        "lastModifiedByType": None,
    }


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({**DAILY, "frequency": "DAY"}, {"frequency": "Day"}),
        (
            {**DAILY, "frequency": "week", "schedule": {"hours": [1], "minutes": [0], "weekDays": ["monday"]}},
            {"schedule": {"hours": [1], "minutes": [0], "weekDays": ["Monday"], "monthDays": None}},
        ),
        (
            {**DAILY, "startTime": "2022-05-10 10:15:00", "endTime": "2027-1-2T3:00"},
            {"startTime": "2022-05-10 10:15:00", "endTime": "2027-1-2T3:00"},
        ),
        ({**CRON, "timeZone": "Pacific Standard Time"}, {"triggerType": "Cron", "timeZone": "Pacific Standard Time"}),
    ],
)
def test_times_are_echoed_and_words_are_capitalised(face: Face, given: dict[str, Any], shown: dict[str, Any]) -> None:
    put = face.put("schedules/nightly", schedule_body(given))["properties"]["trigger"]
    got = face.get("schedules/nightly")["properties"]["trigger"]
    for trigger in (put, got):
        assert {key: trigger[key] for key in shown} == shown


@pytest.mark.parametrize(("experiment", "shown"), [("given", "given"), (None, "Default")], ids=["given", "absent"])
def test_the_experiment_of_an_inline_job(face: Face, experiment: str | None, shown: str) -> None:
    face.put("schedules/nightly", schedule_body(job={**PIPELINE, "experimentName": experiment}))
    assert face.get("schedules/nightly")["properties"]["action"]["jobDefinition"]["experimentName"] == shown


def test_macros_stay_literal_in_the_definition(face: Face) -> None:
    face.put("schedules/nightly", schedule_body())
    inputs = face.get("schedules/nightly")["properties"]["action"]["jobDefinition"]["inputs"]
    assert inputs["when"]["value"] == "${{creation_context.trigger_time}}"


def test_enabling_and_disabling_are_get_and_put_and_keep_the_start(face: Face) -> None:
    face.put("schedules/nightly", schedule_body(DAILY, REFERENCE))
    start = face.get("schedules/nightly")["properties"]["trigger"]["startTime"]
    body = face.get("schedules/nightly")
    body["properties"]["isEnabled"] = False
    put = face.put("schedules/nightly", body)
    assert (put["properties"]["isEnabled"], put["properties"]["trigger"]["startTime"]) == (False, start)
    assert face.get("schedules/nightly")["properties"]["isEnabled"] is False
    assert face.get("schedules/nightly")["systemData"]["lastModifiedBy"] == "Owner"


@pytest.mark.parametrize(("knob", "enabled"), [("enable", True), ("keep", False)])
def test_ws_1_a_put_without_is_enabled(knob: Any, enabled: bool) -> None:  # noqa: FBT001
    face = Face(FakeWorkspace(profile=ServiceProfile(put_without_is_enabled=knob)))
    face.put("schedules/nightly", schedule_body(isEnabled=False))
    assert face.put("schedules/nightly", schedule_body(isEnabled=None))["properties"]["isEnabled"] is enabled


def test_ws_2_lists_show_enabled_ones_unless_asked(face: Face) -> None:
    face.put("schedules/on", schedule_body())
    face.put("schedules/off", schedule_body(isEnabled=False))
    views = {"": ["on"], "EnabledOnly": ["on"], "disabledonly": ["off"], "All": ["off", "on"]}
    for view, names in views.items():
        found = face.get(f"schedules?listViewType={view}")
        assert [item["name"] for item in found["value"]] == names
        assert found["nextLink"] is None
    assert error_of(face.call("GET", "schedules?listViewType=Some"))[:2] == (400, "UserError")


def test_ws_3_deleting_an_enabled_schedule_fails_in_the_status_alone(face: Face) -> None:
    face.put("schedules/nightly", schedule_body())
    answer = face.call("DELETE", "schedules/nightly")
    assert (answer.status_code, answer.json) == (202, None)
    status = face.follow(answer.headers["Azure-AsyncOperation"])
    assert status.status_code == 200
    assert status.json["status"] == "Failed"
    error = {
        "code": "UserError",
        "message": "Cannot delete an active trigger nightly",
        "target": None,
        "details": [],
        "additionalInfo": [],
    }
    assert status.json["error"] == error
    assert face.get("schedules/nightly")["name"] == "nightly"


def test_ws_3_a_disabled_one_is_deleted_for_good(face: Face) -> None:
    face.put("schedules/nightly", schedule_body(isEnabled=False))
    answer = face.call("DELETE", "schedules/nightly")
    assert answer.status_code == 202
    assert face.follow(answer.headers["Location"]).json["status"] == "Succeeded"
    assert error_of(face.call("GET", "schedules/nightly")) == (404, "UserError", "Resource Trigger nightly not found")
    assert face.call("DELETE", "schedules/nightly").status_code == 204
    with pytest.raises(ResourceNotFoundError):
        face.workspace.schedules.get("nightly")


def test_ws_5_trigger_tells_the_job(face: Face) -> None:
    face.put("schedules/nightly", schedule_body())
    answer = face.call("POST", "schedules/nightly/trigger", {"scheduleTime": "2024-02-19T00:00:00"})
    assert answer.status_code == 200
    assert answer.json["scheduleActionType"] == "CreateJob"
    name = answer.json["submissionId"]
    assert face.workspace.jobs.get(name).display_name == "nightly-20240219T000000Z"
    for body in (None, {}, {"scheduleTime": None}, b"null"):
        now = face.call("POST", "schedules/nightly/trigger", body).json["submissionId"]
        assert face.workspace.jobs.get(now).display_name == "nightly-20260101T000000Z"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"scheduleTime": "soon"}, "'soon' is not a time"),
        ({"scheduleTime": 5}, "scheduleTime is text"),
        ({"scheduleTime": "2300-01-01T00:00:00"}, "1970 to 2200"),
    ],
)
def test_a_trigger_time_that_is_none(face: Face, body: Any, message: str) -> None:
    face.put("schedules/nightly", schedule_body())
    status, code, text = error_of(face.call("POST", "schedules/nightly/trigger", body))
    assert (status, code) == (400, "UserError")
    assert message in text


def test_a_trigger_of_a_disabled_or_missing_schedule(face: Face) -> None:
    face.put("schedules/nightly", schedule_body(isEnabled=False))
    assert error_of(face.call("POST", "schedules/nightly/trigger"))[:2] == (400, "UserError")
    assert error_of(face.call("POST", "schedules/other/trigger")) == (
        404,
        "UserError",
        "Resource Trigger other not found",
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "the key 'properties' is missing"),
        (schedule_body({**CRON, "expression": "0 0 3 * * *"}), "properties.trigger.expression"),
        (schedule_body({**DAILY, "interval": 0}), "properties.trigger.interval"),
        (schedule_body({**CRON, "timeZone": "America/Los_Angeles"}), "Pacific Standard Time"),
        (schedule_body({**DAILY, "endTime": "2020-01-01 00:00:00"}), "is in the past"),
        (schedule_body(job={**PIPELINE, "settings": {}}), "Compute not set"),
        (schedule_body(job={"jobType": "Sweep"}), "cannot be scheduled"),
    ],
)
def test_what_cannot_run_is_a_user_error_in_the_words_of_the_diagnostics(face: Face, body: Any, message: str) -> None:
    status, code, text = error_of(face.call("PUT", "schedules/nightly", body))
    assert (status, code) == (400, "UserError")
    assert message in text
    assert face.get("schedules?listViewType=All")["value"] == []


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"NaN", b'"x"', b'{"properties": 1e999}', b"[" * 99_999, b"\xff"])
def test_a_body_that_is_no_json_object(face: Face, data: bytes) -> None:
    status, code, text = error_of(face.call("PUT", "schedules/nightly", data))
    assert (status, code) == (400, "InvalidRequestContent")
    assert text.startswith("The request content was invalid and could not be deserialized: it is no JSON")


def test_the_name_is_that_of_the_path(face: Face) -> None:
    face.put("schedules/nightly", {**schedule_body(), "name": "other", "id": "x/y"})
    assert face.get("schedules/nightly")["id"] == f"{face.workspace.id}/schedules/nightly"
    status, _, text = error_of(face.call("PUT", "schedules/two words", schedule_body()))
    assert status == 400
    assert "two words" in text
