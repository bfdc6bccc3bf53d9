"""Role assignments: what a principal may do is what its roles allow together, now (semantics WS-6)."""

from __future__ import annotations

import pytest

from pytest_mlschedule import AuthorizationError, FakeWorkspace, RoleDefinition, WorkspaceError
from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob
from pytest_mlschedule.triggers.cron import CronTrigger

ML = "Microsoft.MachineLearningServices/workspaces"
SCHEDULE = JobSchedule(name="nightly", trigger=CronTrigger("0 3 * * *"), create_job=PipelineJob())


@pytest.fixture
def workspace() -> FakeWorkspace:
    workspace = FakeWorkspace()
    workspace.schedules.begin_create_or_update(SCHEDULE)
    return workspace


def test_owner_is_assigned_owner_and_nobody_else_anything(workspace: FakeWorkspace) -> None:
    assert {who: [role.name for role in roles] for who, roles in workspace.role_assignments.items()} == {
        "Owner": ["Owner"]
    }
    assert workspace.as_principal("Owner").schedules.get("nightly").name == "nightly"
    with pytest.raises(AuthorizationError) as caught:
        workspace.as_principal("owner").schedules.get("nightly")
    assert str(caught.value) == (
        f"The client 'owner' with no role assignment does not have authorization to perform action '{ML}/schedules/read' "
        f"over scope '{workspace.id}/schedules/nightly'"
    )


def test_a_view_follows_what_is_assigned_later(workspace: FakeWorkspace) -> None:
    ann = workspace.as_principal("ann")
    assert (ann.principal, ann.roles, ann.role.name) == ("ann", (), "no role")
    assert not ann.role.allows(f"{ML}/schedules/read")
    workspace.assign_role("reader", principal="ann")
    assert ann.schedules.list() == workspace.schedules.list()
    assert [role.name for role in ann.roles] == ["Reader"]
    assert ann.role.name == "Reader"
    with pytest.raises(AuthorizationError, match="The client 'ann' with role 'Reader'"):
        ann.schedules.begin_disable("nightly")
    workspace.assign_role(RoleDefinition([f"{ML}/schedules/write"], name="switcher"), principal="ann")
    assert ann.schedules.begin_disable("nightly").result().is_enabled is False
    with pytest.raises(AuthorizationError, match="The client 'ann' with roles 'Reader' and 'switcher'"):
        ann.schedules.begin_delete("nightly")
    workspace.remove_role("Reader", principal="ann")
    with pytest.raises(AuthorizationError):
        ann.schedules.list()
    workspace.remove_role(RoleDefinition([f"{ML}/schedules/write"], name="switcher"), principal="ann")
    assert list(workspace.role_assignments) == ["Owner"]


def test_not_actions_of_one_role_do_not_reach_another(workspace: FakeWorkspace) -> None:
    workspace.assign_role(RoleDefinition(["*"], [f"{ML}/schedules/read"], "blind"), principal="ann")
    with pytest.raises(AuthorizationError):
        workspace.as_principal("ann").schedules.list()
    workspace.assign_role("Reader", principal="ann")
    assert len(workspace.as_principal("ann").schedules.list()) == 1


def test_a_role_is_assigned_once(workspace: FakeWorkspace) -> None:
    for _ in range(2):
        workspace.assign_role("Reader", principal="ann")
    assert len(workspace.role_assignments["ann"]) == 1
    with pytest.raises(TypeError):
        workspace.role_assignments["bob"] = ()  # type: ignore[index]


def test_who_may_not_assign_roles(workspace: FakeWorkspace) -> None:
    for role in ("Contributor", "AzureML Data Scientist", "Reader"):
        view = workspace.as_role(role, principal="ann")
        with pytest.raises(AuthorizationError, match=r"Microsoft\.Authorization/roleAssignments/write"):
            view.assign_role("Owner", principal="ann")
        with pytest.raises(AuthorizationError, match=r"Microsoft\.Authorization/roleAssignments/delete"):
            view.remove_role("Owner", principal="Owner")
    assert list(workspace.role_assignments) == ["Owner"]


def test_roles_that_there_are_not(workspace: FakeWorkspace) -> None:
    with pytest.raises(WorkspaceError, match="did you mean Reader"):
        workspace.assign_role("Raeder", principal="ann")
    with pytest.raises(WorkspaceError, match="ann does not have the role Reader"):
        workspace.remove_role("Reader", principal="ann")


def test_assignments_are_in_the_activity_log(workspace: FakeWorkspace) -> None:
    workspace.assign_role("Reader", principal="ann")
    workspace.remove_role("Reader", principal="ann")
    assigned, removed = workspace.activity[-2:]
    assert (assigned.operation, removed.operation) == ("assign_role", "remove_role")
    assert assigned.resource == "providers/Microsoft.Authorization/roleAssignments/ann"
    assert assigned.caller == removed.caller == "Owner"
