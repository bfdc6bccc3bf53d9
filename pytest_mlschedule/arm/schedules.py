"""Calls on ``schedules``."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from pytest_mlschedule.arm.definitions import schedule_resource
from pytest_mlschedule.arm.errors import ArmError
from pytest_mlschedule.arm.paging import page_response
from pytest_mlschedule.arm.requests import ArmRequest
from pytest_mlschedule.arm.responses import empty_response, json_response
from pytest_mlschedule.arm.sent import remember
from pytest_mlschedule.diagnostics import Severity
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.schedules.rest import schedule_from_rest
from pytest_mlschedule.schedules.rest_fields import RestObject
from pytest_mlschedule.workspace.schedule_operations import select_records
from pytest_mlschedule.workspace.workspace import FakeWorkspace

_TIMEOUT = {"x-ms-async-operation-timeout": "PT1H"}


def put_schedule(request: ArmRequest) -> Response:
    """Create or replace: 201 with the definition filled up with null, in ``Creating`` (recorded, for updates too)."""
    workspace, origin, link = request.workspace, request.origin, request.link
    body = {**request.read_body(), "name": request.name}
    given, found = schedule_from_rest(body, workspace.profile)
    if given is None:
        raise DefinitionError(item for item in found if item.severity is Severity.ERROR)
    if isinstance(given.create_job, JobDefinition):
        sent = RestObject(body, []).inner("properties").inner("action").mapping("jobDefinition")
        given = given.model_copy(update={"create_job": remember(given.create_job, sent)})
    poller = workspace.schedules.begin_create_or_update(given)
    operation = request.cloud.operations.begin("Creating", poller, workspace)
    headers = {
        **_TIMEOUT,
        "Azure-AsyncOperation": operation.url(origin, "mfeOperationsStatus"),
        "Location": f"{link}?{urlencode(request.query)}",
    }
    return json_response(_put_answer(poller.result(), given, workspace), 201, headers)


def _put_answer(stored: JobSchedule, given: JobSchedule, workspace: FakeWorkspace) -> dict[str, Any]:
    """What is stored, but for the start that the service fills in later (recorded)."""
    answer = schedule_resource(stored, workspace)
    properties = answer["properties"]
    properties["provisioningState"] = "Creating"
    properties["trigger"]["startTime"] = given.trigger.start_time
    return {"id": answer["id"], "properties": properties}


def get_schedule(request: ArmRequest) -> Response:
    """The schedule, or 404."""
    workspace = request.workspace
    return json_response(schedule_resource(workspace.schedules.get(request.name), workspace))


def list_schedules(request: ArmRequest) -> Response:
    """A page of the schedules that ``listViewType`` selects, ``EnabledOnly`` by default."""
    view = request.query.get("listviewtype") or "EnabledOnly"
    try:
        records = select_records(request.state, view)
    except ValueError:
        text = f"listViewType is EnabledOnly, DisabledOnly or All, not {view[:60]!r}"
        raise ArmError(400, "UserError", text) from None
    workspace = request.workspace
    now = workspace.clock.now()
    return page_response(request, records, lambda record: schedule_resource(record.entity(now), workspace))


def delete_schedule(request: ArmRequest) -> Response:
    """204 where there is nothing to delete; else 202, and the status poll tells what came of it (recorded)."""
    workspace, origin = request.workspace, request.origin
    exists = request.name in request.state.records
    poller = workspace.schedules.begin_delete(request.name)
    if not exists:
        return empty_response(204)
    operation = request.cloud.operations.begin("Deleting", poller, workspace)
    headers = {
        **_TIMEOUT,
        "Azure-AsyncOperation": operation.url(origin, "mfeOperationsStatus"),
        "Location": operation.url(origin, "mfeOperationResults"),
    }
    return json_response(None, 202, headers)


def trigger_schedule(request: ArmRequest) -> Response:
    """Run once, now or for ``scheduleTime``."""
    time = request.read_optional_body().get("scheduleTime")
    if not isinstance(time, str | None):
        raise ArmError(400, "UserError", "scheduleTime is text, such as 2026-03-08T02:30:00Z")
    result = request.workspace.schedules.trigger(request.name, schedule_time=time or None)
    return json_response({"scheduleActionType": result.schedule_action_type, "submissionId": result.job_name})
