"""Who may do what (semantics WS-6). Oracle: Azure's published role definitions and the table in the schedules article."""

from __future__ import annotations

import pytest

from pytest_mlschedule import AuthorizationError, FakeWorkspace, RoleDefinition, WorkspaceError
from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.workspace.roles import BUILT_IN_ROLES, find_role

ML = "Microsoft.MachineLearningServices/workspaces"
SCHEDULE = JobSchedule(name="nightly", trigger=CronTrigger("0 3 * * *"), create_job=PipelineJob())


@pytest.fixture
def workspace() -> FakeWorkspace:
    workspace = FakeWorkspace()
    workspace.schedules.begin_create_or_update(SCHEDULE)
    workspace.jobs.create_or_update(PipelineJob(name="base"))
    return workspace


CALLS = {
    "get": lambda w: w.schedules.get("nightly"),
    "list": lambda w: w.schedules.list(),
    "history": lambda w: w.schedules.jobs("nightly"),
    "create": lambda w: w.schedules.begin_create_or_update(SCHEDULE.replace(name="other")),
    "update": lambda w: w.schedules.begin_create_or_update(SCHEDULE),
    "enable": lambda w: w.schedules.begin_enable("nightly"),
    "trigger": lambda w: w.schedules.trigger("nightly"),
    "disable": lambda w: w.schedules.begin_disable("nightly"),
    "delete": lambda w: w.schedules.begin_delete("nightly"),
    "get job": lambda w: w.jobs.get("base"),
    "list jobs": lambda w: w.jobs.list(),
    "put job": lambda w: w.jobs.create_or_update(PipelineJob(name="base")),
    "cancel job": lambda w: w.jobs.begin_cancel("base"),
}
READS = {"get", "list", "history", "get job", "list jobs"}
WRITES = {"create", "update", "enable", "disable", "trigger"}


def allowed(workspace: FakeWorkspace, role: str | RoleDefinition) -> set[str]:
    view = workspace.as_role(role)
    done = set()
    for name, call in CALLS.items():
        try:
            call(view)
        except AuthorizationError:
            continue
        done.add(name)
    return done


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("Owner", set(CALLS)),
        ("Contributor", set(CALLS)),
        ("AzureML Data Scientist", set(CALLS)),
        ("Azure AI Developer", set(CALLS)),
        ("Reader", READS),
        ("AzureML Compute Operator", set()),
        ("AzureML Registry User", set()),
    ],
)
def test_ws_6_what_built_in_roles_may_do(workspace: FakeWorkspace, role: str, expected: set[str]) -> None:
    assert allowed(workspace, role) == expected


@pytest.mark.parametrize(
    ("actions", "not_actions", "expected"),
    [
        ([f"{ML}/schedules/read"], [], {"get", "list"}),
        ([f"{ML}/schedules/write"], [], WRITES),
        ([f"{ML}/schedules/delete"], [], {"delete"}),
        ([f"{ML}/jobs/*"], [], {"history", "get job", "list jobs", "put job", "cancel job"}),
        ([f"{ML}/jobs/read"], [], {"history", "get job", "list jobs"}),
        ([f"{ML}/schedules/*"], [f"{ML}/*/delete"], {"get", "list"} | WRITES),
        (["*/READ"], [f"{ML}/jobs/read"], {"get", "list"}),
        ([f"{ML.lower()}/SCHEDULES/Read"], [], {"get", "list"}),
        (["*"], ["*"], set()),
        ([], [], set()),
        (["Microsoft.MachineLearningServices"], [], set()),
    ],
)
def test_ws_6_custom_roles(
    workspace: FakeWorkspace, actions: list[str], not_actions: list[str], expected: set[str]
) -> None:
    assert allowed(workspace, RoleDefinition(actions, not_actions)) == expected


@pytest.mark.parametrize("call", sorted(set(CALLS) - READS))
def test_ws_6_denied_calls_change_nothing_and_are_logged(workspace: FakeWorkspace, call: str) -> None:
    before = (workspace.schedules.list(list_view_type="ALL"), workspace.jobs.list())
    entries = len(workspace.activity)
    reader = workspace.as_role("reader", principal="ann@example.org")
    with pytest.raises(AuthorizationError):
        CALLS[call](reader)
    assert (workspace.schedules.list(list_view_type="ALL"), workspace.jobs.list()) == before
    [entry] = workspace.activity[entries:]
    assert (entry.caller, entry.status) == ("ann@example.org", "Denied")
    assert entry.action in entry.message


def test_ws_6_the_error_names_principal_action_and_scope(workspace: FakeWorkspace) -> None:
    reader = workspace.as_role("Reader", principal="ann@example.org")
    with pytest.raises(AuthorizationError) as caught:
        reader.schedules.begin_disable("nightly")
    assert str(caught.value) == (
        "The client 'ann@example.org' with role 'Reader' does not have authorization to perform action "
        "'Microsoft.MachineLearningServices/workspaces/schedules/write' over scope "
        f"'{workspace.id}/schedules/nightly'"
    )


def test_ws_6_a_denied_call_does_not_tell_whether_the_schedule_exists(workspace: FakeWorkspace) -> None:
    with pytest.raises(AuthorizationError):
        workspace.as_role("AzureML Compute Operator").schedules.get("no such schedule")


def test_a_denied_read_is_in_the_log_and_an_allowed_one_is_not(workspace: FakeWorkspace) -> None:
    entries = len(workspace.activity)
    workspace.schedules.get("nightly")
    with pytest.raises(AuthorizationError):
        workspace.as_role("AzureML Compute Operator").jobs.list()
    assert [(entry.operation, entry.resource) for entry in workspace.activity[entries:]] == [("jobs.list", "jobs")]


def test_roles_are_found_in_any_case_and_views_share_the_state(workspace: FakeWorkspace) -> None:
    view = workspace.as_role("azureml data scientist")
    assert (view.principal, view.role.name) == ("AzureML Data Scientist", "AzureML Data Scientist")
    view.schedules.begin_disable("nightly")
    assert not workspace.schedules.get("nightly").is_enabled
    assert view.clock is workspace.clock
    assert view.as_role("Owner").activity == workspace.activity
    assert (workspace.principal, workspace.role) == ("Owner", BUILT_IN_ROLES[0])


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("AzureML DataScientist", "did you mean AzureML Data Scientist?"),
        ("wizard", "known: Owner, Contributor, Reader, AzureML Data Scientist, "),
    ],
)
def test_an_unknown_role_names_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(WorkspaceError) as caught:
        FakeWorkspace().as_role(name)
    assert repr(name) in str(caught.value)
    assert hint in str(caught.value)
    assert "RoleDefinition(actions=[...])" in str(caught.value)


def test_a_role_is_a_name_or_a_definition() -> None:
    with pytest.raises(TypeError, match="the name of a built-in one or a RoleDefinition, not list"):
        FakeWorkspace().as_role(["*"])  # type: ignore[arg-type]


def test_role_definitions_are_values() -> None:
    role = RoleDefinition([f"{ML}/*/read"], name="auditor")
    assert role == RoleDefinition((f"{ML}/*/read",), (), "auditor")
    assert hash(role) == hash(RoleDefinition((f"{ML}/*/read",), (), "auditor"))
    assert find_role(role) is role
    with pytest.raises(TypeError, match="a list of actions, not the text"):
        RoleDefinition("*")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("a/*/read", "a/b/read", True),
        ("a/*/read", "a/b/c/read", True),
        ("a/*/read", "a/read", False),
        ("a/*", "a/", True),
        ("a.b/*", "aXb/c", False),
        ("*/read", "a/readx", False),
        ("a/read", "b/a/read", False),
        ("a", "a\n", False),
    ],
)
def test_wildcards(pattern: str, action: str, *, expected: bool) -> None:
    assert RoleDefinition([pattern]).allows(action) is expected
