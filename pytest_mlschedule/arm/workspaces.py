"""Calls on workspaces themselves, and on operations, which belong to no workspace."""

from __future__ import annotations

import uuid
from typing import Any

from werkzeug.wrappers import Response

from pytest_mlschedule.arm.requests import ArmRequest
from pytest_mlschedule.arm.responses import json_response
from pytest_mlschedule.workspace.workspace import FakeWorkspace


def get_workspace(request: ArmRequest) -> Response:
    """The workspace."""
    return json_response(workspace_to_rest(request.workspace))


def workspace_to_rest(workspace: FakeWorkspace) -> dict[str, Any]:
    """The workspace as a resource."""
    location = workspace.location
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
            "discoveryUrl": f"https://{location}.api.azureml.ms/discovery",
            "provisioningState": "Succeeded",
        },
    }


def workspace_guid(workspace: FakeWorkspace) -> str:
    """The guid of a workspace, the same for the same ARM id."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, workspace.id.lower()))


def get_operation(request: ArmRequest) -> Response:
    """The status of an operation: 200 also when it failed."""
    return json_response(request.cloud.operations.find(request.name).poll())
