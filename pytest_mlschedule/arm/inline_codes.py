"""Code that a job brings as a folder, as jobs of Python and of ``ml_az`` do: a client makes assets of it before it puts the job,
and refuses an answer that names anything but an asset."""

from __future__ import annotations

import re
import uuid
from typing import Any

from pytest_mlschedule.arm.storage import storage_account
from pytest_mlschedule.workspace.asset_store import Asset
from pytest_mlschedule.workspace.workspace import FakeWorkspace, state_of

_NAMESPACE = uuid.UUID("f4c53a2e-8d0b-5c43-9a65-0f6f0c1a7e21")
_ADDRESS = re.compile(r"[A-Za-z][\w+.-]*://")
_ASSET = re.compile(r"azureml:([\w.-]+):([\w.-]+)")


def name_codes(definition: dict[str, Any], workspace: FakeWorkspace) -> None:
    """Put the id of a code asset in the place of a folder."""
    code = definition.get("codeId")
    if isinstance(code, str) and code:
        definition["codeId"] = code_id(code, workspace)
    for step in (definition.get("jobs") or {}).values():
        name_code_of(step.get("task") if isinstance(step, dict) else None, workspace)


def name_code_of(owner: Any, workspace: FakeWorkspace) -> None:
    """The same for a component, or for the task of a parallel one, which write references as YAML does."""
    code = owner.get("code") if isinstance(owner, dict) else None
    if isinstance(code, str) and code and not code.startswith("azureml://"):
        owner["code"] = f"azureml:{code_id(code, workspace)}"


def code_id(code: str, workspace: FakeWorkspace) -> str:
    """The ARM id of the code that a job names; an asset of its own, there from then on, where it names a folder."""
    bare = code.removeprefix("azureml:")
    if bare.startswith("/subscriptions/"):
        return bare
    if code.startswith("azureml://"):
        return code
    named = _ASSET.fullmatch(code)
    if named is not None:
        return f"{workspace.id}/codes/{named[1]}/versions/{named[2]}"
    return f"{workspace.id}/codes/{_put_code(code, workspace)}/versions/1"


def _put_code(folder: str, workspace: FakeWorkspace) -> str:
    name = str(uuid.uuid5(_NAMESPACE, folder))
    assets = state_of(workspace).assets
    if assets.find("codes", name, "1") is None:
        uri = f"https://{storage_account(workspace)}.blob.core.windows.net/azureml/{name}"
        properties = {"codeUri": folder if _ADDRESS.match(folder) else uri, "isAnonymous": True}
        assets.put(Asset("codes", name, "1", properties, workspace.clock.now(), workspace.principal))
    return name
