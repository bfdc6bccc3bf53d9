"""Who may do what with our schedules."""

from pathlib import Path

import pytest
from deploy import deploy, remove
from pytest_mlschedule import AuthorizationError, RoleDefinition, WorkspaceError, load_schedules

SCHEDULES = load_schedules(Path(__file__).parents[1] / "schedules")
PREFIX = "Microsoft.MachineLearningServices/workspaces"
ON_CALL = RoleDefinition(
    actions=(f"{PREFIX}/schedules/*", f"{PREFIX}/jobs/read"),
    not_actions=(f"{PREFIX}/schedules/delete",),
    name="ML on-call",
)


@pytest.fixture
def workspace(ml_workspace):
    deploy(ml_workspace, SCHEDULES)
    return ml_workspace


def test_a_data_scientist_may_deploy(ml_workspace):
    deploy(ml_workspace.as_role("AzureML Data Scientist"), SCHEDULES)
    assert [schedule.name for schedule in ml_workspace.schedules.list()] == ["daily-forecast", "weekly-backtest"]


def test_deploying_removes_what_is_gone(workspace):
    deploy(workspace.as_role("AzureML Data Scientist"), SCHEDULES[:1])
    assert [schedule.name for schedule in workspace.schedules.list()] == ["daily-forecast"]


@pytest.mark.parametrize("role", ["Reader", "AzureML Compute Operator"])
def test_others_may_not_deploy_and_leave_no_trace(ml_workspace, role):
    with pytest.raises(AuthorizationError, match="schedules/write"):
        deploy(ml_workspace.as_role(role), SCHEDULES)
    assert ml_workspace.schedules.list(list_view_type="ALL") == []


def test_a_reader_sees_schedules(workspace):
    reader = workspace.as_role("Reader")
    assert reader.schedules.get("daily-forecast").is_enabled
    assert len(reader.schedules.list()) == 2


def test_on_call_stops_and_starts_and_triggers(workspace):
    on_call = workspace.as_role(ON_CALL, principal="on-call@example.com")
    on_call.schedules.begin_disable("daily-forecast").result()
    on_call.schedules.begin_enable("daily-forecast").result()
    on_call.schedules.trigger("daily-forecast")
    assert len(on_call.schedules.jobs("daily-forecast")) == 1


def test_on_call_does_not_delete(workspace):
    with pytest.raises(AuthorizationError, match="ML on-call.*schedules/delete"):
        remove(workspace.as_role(ON_CALL), "daily-forecast")
    assert not workspace.schedules.get("daily-forecast").is_enabled, "disabling came first, and was allowed"


def test_an_enabled_schedule_cannot_be_deleted_by_anybody(workspace):
    with pytest.raises(WorkspaceError, match="Cannot delete an active trigger daily-forecast"):
        workspace.schedules.begin_delete("daily-forecast").result()
    assert workspace.schedules.get("daily-forecast").is_enabled


def test_the_activity_log_says_who_did_what(workspace):
    on_call = workspace.as_role(ON_CALL, principal="on-call@example.com")
    on_call.schedules.begin_disable("daily-forecast").result()
    with pytest.raises(AuthorizationError):
        on_call.schedules.begin_delete("daily-forecast")
    entries = [entry for entry in workspace.activity if entry.caller == "on-call@example.com"]
    assert [(entry.operation, entry.status) for entry in entries] == [
        ("schedules.begin_disable", "Succeeded"),
        ("schedules.begin_delete", "Denied"),
    ]
