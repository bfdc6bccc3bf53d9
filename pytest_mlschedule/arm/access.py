"""Whether a call may be carried out: the workspace that it goes to, and what the caller's roles allow there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.wrappers import Request

from pytest_mlschedule.arm.cloud import Cloud
from pytest_mlschedule.arm.errors import ArmError
from pytest_mlschedule.arm.faults_hook import Call
from pytest_mlschedule.arm.requests import operation_of
from pytest_mlschedule.arm.routes import BY_PROFILE, Route
from pytest_mlschedule.arm.workspaces import may_read
from pytest_mlschedule.workspace.roles import OWNER
from pytest_mlschedule.workspace.workspace import FakeWorkspace, caller_of, state_of


@dataclass(frozen=True, slots=True)
class Access:
    """A principal (None: nobody is asked for a token) who makes the call of a route with these names in its path."""

    route: Route
    arguments: Mapping[str, str]
    principal: str | None

    def find(self, cloud: Cloud) -> FakeWorkspace | None:
        """The workspace, as the principal sees it; None for a route outside of workspaces, or an unknown one.

        A view of a role stays what it is for its own principal, who needs no assignment.
        """
        if self.principal is None or "workspace" not in self.arguments:
            return None
        names = self.arguments["subscription"], self.arguments["group"], self.arguments["workspace"]
        workspace = cloud.find(*names)
        if workspace is None or (self.principal == workspace.principal and _is_view(workspace)):
            return workspace
        return workspace.as_principal(self.principal)

    def call(self, http: Request, workspace: FakeWorkspace | None) -> Call:
        """The call as rules for faults see it."""
        return Call(
            method=http.method,
            path=http.path,
            route=self.route.name,
            name=self.arguments.get("name", ""),
            resource=self._resource(http.path),
            principal=self.principal,
            action=self._action(workspace),
            workspace=self.arguments.get("workspace", ""),
            origin=f"{http.scheme}://{http.host}",
            token=(http.headers.get("Authorization") or "").strip().partition(" ")[2].strip(),
        )

    def _action(self, workspace: FakeWorkspace | None) -> str:
        """The action that a role must allow; "" for none."""
        if self.route.action != BY_PROFILE:
            return self.route.action or ""
        return "" if workspace is None else workspace.profile.trigger_action

    def _resource(self, path: str) -> str:
        """What the path names below a workspace, without a verb at its end: ``schedules/nightly``; of a list ``schedules``."""
        template = self.route.path.split("/")
        if "<workspace>" not in template:
            return path
        parts = path.split("/")[template.index("<workspace>") + 1 :]
        return "/".join(parts if len(parts) < 2 or len(parts) % 2 == 0 else parts[:-1])

    def check(self, workspace: FakeWorkspace | None, call: Call) -> None:
        """Raises ArmError (404) for an unknown workspace, AuthorizationError where no role allows the action."""
        if "workspace" not in self.arguments:
            return
        if workspace is None:
            raise _unknown_workspace(self.arguments)
        if self.route.name == "workspaces.get" and may_read(workspace):
            return
        state_of(workspace).authorize(caller_of(workspace), operation_of(call))


def _is_view(workspace: FakeWorkspace) -> bool:
    """Whether it was seen through a role that is assigned to nobody; the owner never is."""
    return workspace.principal != OWNER.name and workspace.principal not in workspace.role_assignments


def _unknown_workspace(arguments: Mapping[str, str]) -> ArmError:
    text = (
        f"The Resource 'Microsoft.MachineLearningServices/workspaces/{arguments['workspace']}' under resource group "
        f"'{arguments['group']}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix"
    )
    return ArmError(404, "ResourceNotFound", text)
