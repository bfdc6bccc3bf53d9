"""Online deployments, as far as a monitor asks about the one it watches."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from pytest_mlschedule.arm.requests import ArmRequest
from pytest_mlschedule.arm.responses import json_response
from pytest_mlschedule.workspace.asset_store import Asset

_COLLECTIONS = ("model_inputs", "model_outputs")


def get_deployment(request: ArmRequest) -> Response:
    """A managed deployment of any name that collects its inputs and outputs. What it collects is data of the workspace."""
    endpoint, name, workspace = request.arguments["endpoint"], request.name, request.workspace
    collections = {one: _collection(request, f"{endpoint}-{name}-{one}") for one in _COLLECTIONS}
    properties: dict[str, Any] = {
        "endpointComputeType": "Managed",
        "provisioningState": "Succeeded",
        "instanceType": "Standard_DS3_v2",
        "properties": {},
        "environmentVariables": {},
        "scaleSettings": {"scaleType": "Default"},
        "dataCollector": {"collections": collections, "rollingRate": "Hour"},
    }
    resource = {
        "id": f"{workspace.id}/onlineEndpoints/{endpoint}/deployments/{name}",
        "name": name,
        "type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
        "location": workspace.location,
        "tags": {},
        "sku": {"name": "Default", "capacity": 1},
        "properties": properties,
    }
    return json_response(resource)


def _collection(request: ArmRequest, data: str) -> dict[str, Any]:
    workspace, assets = request.workspace, request.state.assets
    if assets.find("data", data, "1") is None:
        uri = f"azureml://datastores/workspaceblobstore/paths/modelDataCollector/{data}"
        properties = {"dataType": "uri_folder", "dataUri": uri}
        assets.put(Asset("data", data, "1", properties, workspace.clock.now(), "Microsoft"))
    return {
        "dataCollectionMode": "Enabled",
        "dataId": f"{workspace.id}/data/{data}/versions/1",
        "samplingRate": 1.0,
        "clientId": None,
    }
