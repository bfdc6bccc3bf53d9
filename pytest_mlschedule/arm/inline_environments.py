"""Environments that a command or spark job names as YAML does, or brings written out: a client answers for ids alone."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

from pytest_mlschedule.workspace.asset_store import Asset
from pytest_mlschedule.workspace.workspace import FakeWorkspace, state_of

_ANONYMOUS = "CliV2AnonymousEnvironment"
_NAMESPACE = uuid.UUID("5f0f8a6b-7c1d-5e2f-8a3b-4c5d6e7f8091")
_NAMED = re.compile(r"azureml:([\w.-]+)(?::([\w.-]+)|@latest)")


def name_environment(definition: dict[str, Any], workspace: FakeWorkspace) -> None:
    """Put the id of an asset in the place of a name, or of an environment that is written out."""
    given = definition.get("environmentId")
    if isinstance(given, Mapping):
        definition["environmentId"] = _environment_id(workspace, _ANONYMOUS, _put_environment(given, workspace))
        return
    named = _NAMED.fullmatch(given) if isinstance(given, str) else None
    if named is not None:
        known = state_of(workspace).assets.versions("environments", named[1])
        version = named[2] or (known[0].version if known else "1")
        definition["environmentId"] = _environment_id(workspace, named[1], version)


def _environment_id(workspace: FakeWorkspace, name: str, version: str) -> str:
    return f"{workspace.id}/environments/{name}/versions/{version}"


def _put_environment(given: Mapping[str, Any], workspace: FakeWorkspace) -> str:
    """The version of the anonymous environment, which is there from then on."""
    version = str(uuid.uuid5(_NAMESPACE, json.dumps(given, sort_keys=True, default=str)))
    assets = state_of(workspace).assets
    if assets.find("environments", _ANONYMOUS, version) is None:
        properties = {"image": given.get("image"), "osType": "Linux", "isAnonymous": True}
        at, by = workspace.clock.now(), workspace.principal
        assets.put(Asset("environments", _ANONYMOUS, version, properties, at, by))
    return version
