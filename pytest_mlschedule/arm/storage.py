"""Storage: the datastores of a workspace, and the blobs that a client uploads there."""

from __future__ import annotations

import uuid
from typing import Any

from werkzeug.wrappers import Response

from pytest_mlschedule.arm.errors import ArmError
from pytest_mlschedule.arm.paging import page_response
from pytest_mlschedule.arm.requests import ArmRequest
from pytest_mlschedule.arm.responses import json_response
from pytest_mlschedule.arm.workspaces import workspace_guid
from pytest_mlschedule.workspace.workspace import FakeWorkspace

_NAMESPACE = uuid.UUID("e2c7d0c4-54a1-5f8b-8a6e-9f1d0c2b7a35")
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# The datastores that every workspace has, and their kinds.
_DATASTORES = {
    "workspaceblobstore": "AzureBlob",
    "workspaceartifactstore": "AzureBlob",
    "workspacefilestore": "AzureFile",
    "workspaceworkingdirectory": "AzureFile",
}


def storage_account(workspace: FakeWorkspace) -> str:
    """The name of the storage account of a workspace."""
    return f"st{workspace_guid(workspace).replace('-', '')[:20]}"


def sas_token(account: str) -> str:
    """The shared access signature that opens an account; only who may upload is told."""
    return f"sv=2024-11-04&sr=c&sp=racwl&sig={uuid.uuid5(_NAMESPACE, account).hex}"


def container_uri(request: ArmRequest, container: str) -> str:
    """Where a container is: on loopback at this application, else at the host of Azure's storage."""
    account = storage_account(request.workspace)
    if request.http.host.rsplit(":", 1)[0] in _LOOPBACK or request.http.host in _LOOPBACK:
        return f"{request.origin}/blobs/{account}/{container}"
    return f"https://{account}.blob.core.windows.net/{container}"


def get_datastore(request: ArmRequest) -> Response:
    """One of the four datastores that every workspace has, or 404."""
    return json_response(_datastore_resource(request.workspace, _known_name(request)))


def list_datastores(request: ArmRequest) -> Response:
    """A page of the four datastores that every workspace has; with ``isDefault=true`` the first."""
    only_default = request.query.get("isdefault", "").lower() == "true"
    names = [name for name in _DATASTORES if name == "workspaceblobstore" or not only_default]
    return page_response(request, names, lambda name: _datastore_resource(request.workspace, name))


def list_secrets(request: ArmRequest) -> Response:
    """The shared access signature of a datastore."""
    _known_name(request)
    return json_response({"secretsType": "Sas", "sasToken": sas_token(storage_account(request.workspace))})


def _known_name(request: ArmRequest) -> str:
    name = request.name.lower()
    if name not in _DATASTORES:
        raise ArmError(404, "UserError", f"Datastore {request.name} not found; there are {', '.join(_DATASTORES)}")
    return name


def _datastore_resource(workspace: FakeWorkspace, name: str) -> dict[str, Any]:
    kind = _DATASTORES[name]
    place = "containerName" if kind == "AzureBlob" else "fileShareName"
    return {
        "id": f"{workspace.id}/datastores/{name}",
        "name": name,
        "type": "Microsoft.MachineLearningServices/workspaces/datastores",
        "properties": {
            "datastoreType": kind,
            "accountName": storage_account(workspace),
            place: "azureml" if kind == "AzureBlob" else "code",
            "endpoint": "core.windows.net",
            "protocol": "https",
            "isDefault": name == "workspaceblobstore",
            "credentials": {"credentialsType": "Sas"},
            "description": None,
            "tags": {},
            "properties": {},
        },
    }


def start_upload(request: ArmRequest) -> Response:
    """Where to upload the content of a version to, with the signature for it."""
    workspace, account = request.workspace, storage_account(request.workspace)
    name = uuid.uuid5(_NAMESPACE, request.call.resource).hex
    uri = container_uri(request, name)
    group = f"/subscriptions/{workspace.subscription_id}/resourceGroups/{workspace.resource_group}"
    reference = {
        "blobUri": uri,
        "storageAccountArmId": f"{group}/providers/Microsoft.Storage/storageAccounts/{account}",
        "credential": {"credentialType": "SAS", "sasUri": f"{uri}?{sas_token(account)}"},
    }
    answer = {"pendingUploadType": "TemporaryBlobReference", "pendingUploadId": name}
    return json_response({**answer, "blobReferenceForConsumption": reference})
