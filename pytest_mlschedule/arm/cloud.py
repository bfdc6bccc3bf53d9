"""Cloud: the fake workspaces that one REST face answers for."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from pytest_mlschedule.arm.faults_hook import FaultHook
from pytest_mlschedule.arm.operations import OperationLog
from pytest_mlschedule.workspace.workspace import FakeWorkspace


@dataclass(frozen=True, slots=True)
class Blob:
    """What was uploaded, and its metadata by lower-case name."""

    content: bytes
    metadata: Mapping[str, str]


class Cloud:
    """Workspaces by subscription, resource group and name.

    ``faults`` may veto calls and change answers; it can be set at any time. ``page_size``: how many items a page of a list
    holds. ``wants_uploads``: whether code is uploaded; by default a client that may create code is told that it is there
    already, so that nothing needs a storage account.
    """

    def __init__(
        self,
        *workspaces: FakeWorkspace,
        faults: FaultHook | None = None,
        page_size: int = 100,
        wants_uploads: bool = False,
    ) -> None:
        if page_size < 1:
            raise ValueError(f"page_size cannot be {page_size}: a page holds at least one item")
        self.faults = faults
        self.page_size = page_size
        self.wants_uploads = wants_uploads
        self.operations = OperationLog()
        self.blobs: dict[str, Blob] = {}
        """What was uploaded, by account, container and name."""
        self.lock = threading.RLock()
        """Clients poll in threads of their own; one call is carried out at a time."""
        self._workspaces: dict[tuple[str, str, str], FakeWorkspace] = {}
        for workspace in workspaces:
            self.add(workspace)

    def __repr__(self) -> str:
        names = ", ".join(workspace.name for workspace in self.workspaces)
        return f"<Cloud of {names or 'no workspace'}>"

    @property
    def workspaces(self) -> tuple[FakeWorkspace, ...]:
        """The workspaces in the order they came."""
        return tuple(self._workspaces.values())

    def add(self, workspace: FakeWorkspace) -> None:
        """Add a workspace. Raises ValueError where another one has its ARM id, TypeError for what is no FakeWorkspace."""
        if not isinstance(workspace, FakeWorkspace):
            raise TypeError(f"a workspace is a FakeWorkspace(name=...), not {type(workspace).__name__}")
        key = _key(workspace.subscription_id, workspace.resource_group, workspace.name)
        if key in self._workspaces:
            raise ValueError(f"there is a workspace {workspace.id} already: give this one another name")
        self._workspaces[key] = workspace

    def find(self, subscription: str, resource_group: str, name: str) -> FakeWorkspace | None:
        """The workspace of these names, in any case; None where there is none."""
        return self._workspaces.get(_key(subscription, resource_group, name))


def _key(subscription: str, resource_group: str, name: str) -> tuple[str, str, str]:
    return subscription.lower(), resource_group.lower(), name.lower()
