"""Assets as the service answers them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytest_mlschedule.workspace.asset_store import Asset

_TYPE = "Microsoft.MachineLearningServices/workspaces"


def version_resource(asset: Asset, workspace_id: str) -> dict[str, Any]:
    """A version, filled up with what the client takes for granted."""
    filled: dict[str, Any] = {
        "description": None,
        "tags": {},
        "properties": {},
        "isAnonymous": False,
        "isArchived": False,
    }
    if asset.kind == "models":
        filled["flavors"] = {}
    given = {key: value for key, value in asset.properties.items() if value is not None}
    return {
        "id": f"{workspace_id}/{asset.kind}/{asset.name}/versions/{asset.version}",
        "name": asset.version,
        "type": f"{_TYPE}/{asset.kind}/versions",
        "properties": {**filled, **given, "provisioningState": "Succeeded"},
        "systemData": _system_data(asset),
    }


def container_resource(versions: Sequence[Asset], workspace_id: str) -> dict[str, Any]:
    """An asset without a version, given all its versions, the latest first."""
    latest = versions[0]
    numbers = [int(one.version) for one in versions if one.version.isascii() and one.version.isdigit()]
    properties: dict[str, Any] = {
        "description": None,
        "tags": {},
        "properties": {},
        "isArchived": False,
        "latestVersion": latest.version,
        "nextVersion": str(max(numbers, default=0) + 1),
    }
    if "dataType" in latest.properties:
        properties["dataType"] = latest.properties["dataType"]
    return {
        "id": f"{workspace_id}/{latest.kind}/{latest.name}",
        "name": latest.name,
        "type": f"{_TYPE}/{latest.kind}",
        "properties": properties,
        "systemData": _system_data(versions[-1]),
    }


def _system_data(asset: Asset) -> dict[str, Any]:
    who, at = asset.created_by, asset.created_at.isoformat()
    return {
        "createdAt": at,
        "createdBy": who,
        "createdByType": "User",
        "lastModifiedAt": at,
        "lastModifiedBy": who,
        "lastModifiedByType": "User",
    }
