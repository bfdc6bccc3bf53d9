"""Calls on workspaces themselves, and on operations, which belong to no workspace."""

from __future__ import annotations

import uuid
from typing import Any

from werkzeug.wrappers import Response

from pytest_mlschedule.arm.paging import page_response
from pytest_mlschedule.arm.requests import ArmRequest
from pytest_mlschedule.arm.responses import json_response
from pytest_mlschedule.workspace.roles import may_read_workspace
from pytest_mlschedule.workspace.workspace import FakeWorkspace


def may_read(workspace: FakeWorkspace) -> bool:
    """Whether the one who sees a workspace may read the workspace itself."""
    return may_read_workspace(workspace.roles)


def get_workspace(request: ArmRequest) -> Response:
    """The workspace."""
    return json_response(workspace_to_rest(request.workspace, request))


def list_workspaces(request: ArmRequest) -> Response:
    """A page of the workspaces of a subscription, or of a resource group, that the caller may read."""
    wanted = {name: value.lower() for name, value in request.arguments.items()}
    principal = request.call.principal
    assert principal is not None, "the route asks for a token"
    found = [
        workspace
        for workspace in request.cloud.workspaces
        if workspace.subscription_id.lower() == wanted["subscription"]
        and workspace.resource_group.lower() == wanted.get("group", workspace.resource_group.lower())
        and may_read(workspace.as_principal(principal))
    ]
    return page_response(request, found, lambda workspace: workspace_to_rest(workspace, request))


def workspace_to_rest(workspace: FakeWorkspace, request: ArmRequest) -> dict[str, Any]:
    """The workspace as a resource. The data plane of Azure's host is Azure's; of another, that host."""
    location = workspace.location
    is_azure = request.http.host == "management.azure.com"
    origin = f"https://{location}.api.azureml.ms" if is_azure else request.origin
    return {
        "id": workspace.id,
        "name": workspace.name,
        "type": "Microsoft.MachineLearningServices/workspaces",
        "location": location,
        "kind": "Default",
        "identity": {"type": "SystemAssigned"},
        "tags": {},
        "properties": {
            "friendlyName": workspace.name,
            "workspaceId": workspace_guid(workspace),
            "discoveryUrl": f"{origin}/discovery",
            "provisioningState": "Succeeded",
        },
    }


def workspace_guid(workspace: FakeWorkspace) -> str:
    """The guid of a workspace, the same for the same ARM id."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, workspace.id.lower()))


def get_operation(request: ArmRequest) -> Response:
    """The status of an operation: 200 also when it failed."""
    operation = request.cloud.operations.find(request.name)
    operation.authorize(request.call)
    return json_response(operation.poll())
