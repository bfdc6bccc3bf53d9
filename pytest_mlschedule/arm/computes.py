"""Calls on ``computes``."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from pytest_mlschedule.arm.errors import ArmError
from pytest_mlschedule.arm.paging import page_response
from pytest_mlschedule.arm.requests import ArmRequest
from pytest_mlschedule.arm.responses import json_response
from pytest_mlschedule.workspace.workspace import FakeWorkspace


def get_compute(request: ArmRequest) -> Response:
    """A cluster of any name; once ``define_computes`` was called, of those names, and 404 for others."""
    known = request.state.computes
    name = request.name if known is None else {one.lower(): one for one in known}.get(request.name.lower())
    if name is None:
        raise ArmError(404, "ResourceNotFound", f"The compute {request.name} was not found in {request.workspace.name}")
    return json_response(_compute_resource(name, request.workspace))


def list_computes(request: ArmRequest) -> Response:
    """A page of the computes that ``define_computes`` named; none before."""
    names = request.state.computes or ()
    return page_response(request, names, lambda name: _compute_resource(name, request.workspace))


def _compute_resource(name: str, workspace: FakeWorkspace) -> dict[str, Any]:
    return {
        "id": f"{workspace.id}/computes/{name}",
        "name": name,
        "type": "Microsoft.MachineLearningServices/workspaces/computes",
        "location": workspace.location,
        "tags": {},
        "properties": {
            "computeType": "AmlCompute",
            "computeLocation": workspace.location,
            "provisioningState": "Succeeded",
            "properties": {
                "vmSize": "STANDARD_DS3_V2",
                "vmPriority": "Dedicated",
                "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 4, "nodeIdleTimeBeforeScaleDown": "PT120S"},
            },
        },
    }
