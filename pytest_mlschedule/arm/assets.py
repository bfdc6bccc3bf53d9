"""Calls on components, environments, codes, data and models: what jobs refer to. They are kept as they come."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from pytest_mlschedule.arm.asset_bodies import container_resource, version_resource
from pytest_mlschedule.arm.errors import ArmError
from pytest_mlschedule.arm.paging import page_response
from pytest_mlschedule.arm.requests import ArmRequest
from pytest_mlschedule.arm.responses import json_response
from pytest_mlschedule.arm.storage import storage_account
from pytest_mlschedule.schedules.rest_fields import check_depth
from pytest_mlschedule.workspace.asset_store import Asset
from pytest_mlschedule.workspace.workspace import FakeWorkspace, state_of

ANONYMOUS = "azureml_anonymous"
_NAMESPACE = uuid.UUID("7f0f4e0a-2a4e-5b7e-9d1c-3a9c5b1e8d60")
# What may change of a version; the rest is what it is.
_MUTABLE = frozenset(
    (
        "autodeletesetting",
        "description",
        "isanonymous",
        "isarchived",
        "properties",
        "provisioningstate",
        "stage",
        "tags",
    )
)
# Environments that Azure ML brings along.
_CURATED = re.compile(r"azureml-[\w.-]+", re.IGNORECASE)
_DEFAULT = "azureml_default"
_VIEWS = ("activeonly", "archivedonly", "all")
_OLDEST_FIRST = ("createdtime asc", "createdat asc")


def put_version(kind: str, request: ArmRequest) -> Response:
    """Create a version, or change what may change of one: 201 and 200; 409 for another definition under its name.

    An anonymous component gets a version that its content decides, whatever the client proposes: the same step is the
    same component.
    """
    properties = request.read_body().get("properties")
    if not isinstance(properties, dict) or check_depth(properties):
        raise ArmError(400, "UserError", "an asset has properties, nested no deeper than 64 levels")
    version = request.arguments["version"]
    if kind == "components" and request.name == ANONYMOUS:
        version, properties = _name_by_content(properties)
    with request.change():
        old = request.state.assets.find(kind, request.name, version)
        if old is not None and _definition(old.properties) != _definition(properties):
            text = (
                f"{kind} {request.name} version {version} exists already with another definition: use another version"
            )
            raise ArmError(409, "UserError", text)
        at, by = request.workspace.clock.now(), request.workspace.principal
        if old is not None:
            at, by = old.created_at, old.created_by
        asset = Asset(kind, request.name, version, properties, at, by)
        request.state.assets.put(asset)
    return json_response(version_resource(asset, request.workspace.id), 201 if old is None else 200)


def _definition(properties: Mapping[str, Any]) -> dict[str, Any]:
    """What cannot change, without what is null."""
    return {key: value for key, value in properties.items() if key.lower() not in _MUTABLE and value is not None}


def _name_by_content(properties: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The version of an anonymous component, and its properties with that version in the specification."""
    spec = properties.get("componentSpec")
    if not isinstance(spec, Mapping):
        raise ArmError(400, "UserError", "a component has properties.componentSpec, an object")
    content = {key: value for key, value in spec.items() if key != "version"}
    version = str(uuid.uuid5(_NAMESPACE, json.dumps(content, sort_keys=True)))
    return version, {**properties, "componentSpec": {**content, "version": version}}


def put_anonymous(workspace: FakeWorkspace, spec: dict[str, Any]) -> str:
    """The version of the anonymous component of a specification, which is there from then on."""
    version, properties = _name_by_content({"componentSpec": spec, "isAnonymous": True})
    assets = state_of(workspace).assets
    if assets.find("components", ANONYMOUS, version) is None:
        at, by = workspace.clock.now(), workspace.principal
        assets.put(Asset("components", ANONYMOUS, version, properties, at, by))
    return version


def get_version(kind: str, request: ArmRequest) -> Response:
    """The version, or 404. ``azureml_default`` is what the client writes for the latest."""
    version = request.arguments["version"]
    assets = request.state.assets
    asset = assets.find(kind, request.name, version)
    if asset is None and version == _DEFAULT:
        asset = next((one for one in assets.versions(kind, request.name) if not _is_archived(one)), None)
    if asset is None and _is_curated(kind, request.name):
        asset = _curated(request, version)
    if asset is None:
        raise ArmError(404, "UserError", f"{kind} {request.name} version {version} not found")
    return json_response(version_resource(asset, request.workspace.id))


def _is_curated(kind: str, name: str) -> bool:
    return kind == "environments" and _CURATED.fullmatch(name) is not None


def _curated(request: ArmRequest, version: str) -> Asset:
    image = f"mcr.microsoft.com/azureml/curated/{request.name.lower().removeprefix('azureml-')}:{version}"
    properties = {"environmentType": "Curated", "image": image, "osType": "Linux"}
    return Asset("environments", request.name, version, properties, request.workspace.clock.now(), "Microsoft")


def list_versions(kind: str, request: ArmRequest) -> Response:
    """A page of the versions of a name, the latest first; ``$top`` of them.

    A code is asked for by the hash of its content: unless the cloud wants uploads, there is one already for whoever may
    create it.
    """
    if kind == "codes" and request.query.get("hash"):
        versions = _codes_by_hash(request, request.query["hash"])
    else:
        versions = request.state.assets.versions(kind, request.name)
        if not versions and _is_curated(kind, request.name):
            versions = [_curated(request, "1")]
    if request.query.get("$orderby", "").strip().lower() in _OLDEST_FIRST:
        versions.reverse()
    versions = _select_view(versions, request.query.get("listviewtype") or "ActiveOnly")
    limit = request.read_count("$top")
    return page_response(request, versions[:limit], lambda asset: version_resource(asset, request.workspace.id))


def _select_view(versions: list[Asset], view: str) -> list[Asset]:
    if view.lower() not in _VIEWS:
        raise ArmError(400, "UserError", f"listViewType is ActiveOnly, ArchivedOnly or All, not {view[:60]!r}")
    if view.lower() == "all":
        return versions
    return [asset for asset in versions if _is_archived(asset) is (view.lower() == "archivedonly")]


def _is_archived(asset: Asset) -> bool:
    return asset.properties.get("isArchived") is True


def _codes_by_hash(request: ArmRequest, content_hash: str) -> list[Asset]:
    state, workspace = request.state, request.workspace
    found = [code for code in state.assets.of_kind("codes") if _hash_of(code) == content_hash]
    action = "Microsoft.MachineLearningServices/workspaces/codes/versions/write"
    if found or request.cloud.wants_uploads or not any(role.allows(action) for role in workspace.roles):
        return found
    name = str(uuid.uuid5(_NAMESPACE, content_hash))
    properties = {
        "codeUri": f"https://{storage_account(workspace)}.blob.core.windows.net/azureml/{name}",
        "isAnonymous": True,
        "properties": {"hash_sha256": content_hash, "hash_version": request.query.get("hashversion", "")},
    }
    asset = Asset("codes", name, "1", properties, workspace.clock.now(), workspace.principal)
    state.assets.put(asset)
    return [asset]


def _hash_of(code: Asset) -> Any:
    inner = code.properties.get("properties")
    return inner.get("hash_sha256") if isinstance(inner, Mapping) else None


def get_container(kind: str, request: ArmRequest) -> Response:
    """The asset itself, without a version: its latest and its next; 404 where it has none."""
    versions = request.state.assets.versions(kind, request.name)
    if not versions and _is_curated(kind, request.name):
        versions = [_curated(request, "1")]
    if not versions:
        raise ArmError(404, "UserError", f"{kind} {request.name} not found")
    return json_response(container_resource(versions, request.workspace.id))


def list_containers(kind: str, request: ArmRequest) -> Response:
    """A page of the assets of a kind, anonymous ones left out."""
    assets = request.state.assets
    names = {code.name.lower(): code.name for code in assets.of_kind(kind) if not code.properties.get("isAnonymous")}
    found = [assets.versions(kind, name) for name in names.values()]
    return page_response(request, found, lambda versions: container_resource(versions, request.workspace.id))
