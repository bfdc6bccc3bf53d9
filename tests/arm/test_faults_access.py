"""Who may do what: the same over REST as in Python, and through the real client; what is denied changes nothing."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from werkzeug.test import Client

from pytest_mlschedule import (
    AuthorizationError,
    FakeWorkspace,
    PipelineJob,
    ResourceNotFoundError,
    RoleDefinition,
    load_schedule,
)
from pytest_mlschedule.arm.application import ArmApplication
from pytest_mlschedule.arm.cloud import Cloud
from pytest_mlschedule.arm.faults import Faults
from pytest_mlschedule.arm.routes import ROUTES
from pytest_mlschedule.azure import make_client
from pytest_mlschedule.azure.client import quiet_dependencies
from pytest_mlschedule.azure.tokens import make_token

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from azure.ai.ml import MLClient
    from azure.ai.ml.entities import CronTrigger, JobSchedule, Schedule
    from azure.core.exceptions import HttpResponseError

WORKSPACES = "Microsoft.MachineLearningServices/workspaces"
ROLES: dict[str, tuple[str | RoleDefinition, ...]] = {
    "owner": ("Owner",),
    "contributor": ("Contributor",),
    "reader": ("Reader",),
    "scientist": ("AzureML Data Scientist",),
    "operator": ("AzureML Compute Operator",),
    "registry": ("AzureML Registry User",),
    "developer": ("Azure AI Developer",),
    "nobody": (),
    "both": ("Reader", RoleDefinition((f"{WORKSPACES}/schedules/write",), name="schedule writer")),
    "deleter": (RoleDefinition((f"{WORKSPACES}/schedules/delete",), name="deleter"),),
    "no-jobs": (RoleDefinition(("*",), (f"{WORKSPACES}/jobs/*",), name="no jobs"),),
    "canceller": (RoleDefinition((f"{WORKSPACES}/jobs/cancel/action", "*/read"), name="canceller"),),
}
PLAIN = {"name": "nightly", "trigger": {"type": "cron", "expression": "0 3 * * *"}, "create_job": "azureml:train"}
REST = {
    "properties": {
        "trigger": {"triggerType": "Cron", "expression": "0 3 * * *", "timeZone": "UTC"},
        "action": {"actionType": "CreateJob", "jobDefinition": {"jobType": "Pipeline", "sourceJobId": "train"}},
    }
}
JOB = {"properties": {"jobType": "Pipeline", "displayName": "made", "settings": {"default_compute": "cpu"}, "jobs": {}}}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with quiet_dependencies():
        yield


def make_workspace() -> FakeWorkspace:
    """A workspace with an enabled and a disabled schedule, a job, and somebody for each of the roles."""
    workspace = FakeWorkspace()
    workspace.jobs.create_or_update(PipelineJob(name="train", settings={"default_compute": "azureml:cpu"}))
    for name in ("nightly", "paused"):
        workspace.schedules.begin_create_or_update(load_schedule(PLAIN | {"name": name}))
    workspace.schedules.begin_disable("paused")
    for principal, roles in ROLES.items():
        for role in roles:
            workspace.assign_role(role, principal=principal)
    return workspace


def show(workspace: FakeWorkspace) -> dict[str, Any]:
    """All that a caller could have changed."""
    schedules = workspace.schedules.list(list_view_type="ALL")
    return {
        "schedules": [(schedule, schedule.creation_context) for schedule in schedules],
        "jobs": [job.to_dict() for job in workspace.jobs.list(list_view_type="ALL")],
        "active": [job.name for job in workspace.jobs.list()],
        "roles": dict(workspace.role_assignments),
    }


def name_all(workspace: FakeWorkspace) -> list[tuple[str, bool | str]]:
    schedules = workspace.schedules.list(list_view_type="ALL")
    return [
        *((schedule.name, schedule.is_enabled) for schedule in schedules),
        *((job.name, job.status) for job in workspace.jobs.list()),
    ]


PutBody = dict[str, Any] | None
OPERATIONS: dict[str, tuple[Callable[[FakeWorkspace], Any], str, str, PutBody]] = {
    "get": (lambda seen: seen.schedules.get("nightly"), "GET", "schedules/nightly", None),
    "get a missing one": (lambda seen: seen.schedules.get("missing"), "GET", "schedules/missing", None),
    "list": (lambda seen: seen.schedules.list(), "GET", "schedules", None),
    "create": (
        lambda seen: seen.schedules.begin_create_or_update(load_schedule(PLAIN | {"name": "new"})),
        "PUT",
        "schedules/new",
        REST,
    ),
    "update": (
        lambda seen: seen.schedules.begin_create_or_update(load_schedule(PLAIN)),
        "PUT",
        "schedules/nightly",
        REST,
    ),
    "delete": (lambda seen: seen.schedules.begin_delete("paused"), "DELETE", "schedules/paused", None),
    "delete a missing one": (lambda seen: seen.schedules.begin_delete("missing"), "DELETE", "schedules/missing", None),
    "trigger": (lambda seen: seen.schedules.trigger("nightly"), "POST", "schedules/nightly/trigger", None),
    "job get": (lambda seen: seen.jobs.get("train"), "GET", "jobs/train", None),
    "job list": (lambda seen: seen.jobs.list(), "GET", "jobs", None),
    "job create": (
        lambda seen: seen.jobs.create_or_update(PipelineJob(name="made", settings={"default_compute": "azureml:cpu"})),
        "PUT",
        "jobs/made",
        JOB,
    ),
    "job cancel": (lambda seen: seen.jobs.begin_cancel("train"), "POST", "jobs/train/cancel", None),
}


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("principal", ROLES)
def test_rest_allows_what_python_allows(principal: str, operation: str) -> None:
    call, method, path, body = OPERATIONS[operation]
    workspace = make_workspace()
    before = show(workspace)
    seen = workspace.as_principal(principal)
    python_denied = ""
    try:
        call(seen)
    except AuthorizationError as failure:
        python_denied = str(failure)
    except ResourceNotFoundError:
        pass  # allowed, and not there
    other = make_workspace()
    client = Client(ArmApplication(Cloud(other)))
    token = make_token("https://management.azure.com", {"oid": principal})
    answer = client.open(
        f"{other.id}/{path}?api-version=2024-01-01-preview",
        method=method,
        json=body,
        headers={"Authorization": f"Bearer {token}"},
    )
    assert (answer.status_code == 403) is bool(python_denied), (answer.status_code, answer.text)
    if python_denied:
        assert answer.get_json()["error"] == {
            "code": "AuthorizationFailed",
            "message": python_denied,
            "target": None,
            "details": [],
            "additionalInfo": [],
        }
        assert show(workspace) == show(other) == before
        assert [entry.status for entry in other.activity if entry.caller == principal] == ["Denied"]
        assert [entry.status for entry in workspace.activity if entry.caller == principal] == ["Denied"]
    else:
        assert name_all(workspace) == name_all(other)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_without_a_role_no_call_on_a_workspace_is_answered(route: Any) -> None:
    workspace = make_workspace()
    before = show(workspace)
    path = route.path.replace("<subscription>", workspace.subscription_id).replace("<group>", workspace.resource_group)
    path = path.replace("<workspace>", workspace.name)
    for place in ("<name>", "<version>", "<endpoint>", "<experiment>", "<location>", "<account>", "<path:path>"):
        path = path.replace(place, "nightly")
    token = make_token("https://management.azure.com", {"oid": "stranger"})
    answer = Client(ArmApplication(Cloud(workspace))).open(
        path,
        method=route.method,
        json={},
        query_string={"api-version": "2024-04-01"},
        headers={"Authorization": f"Bearer {token}"},
    )
    if "<workspace>" in route.path:
        assert answer.status_code == 403
    elif route.name.startswith("workspaces"):
        assert answer.get_json() == {"value": [], "nextLink": None}
    else:
        assert answer.status_code in (403, 404) or route.name == "discovery.get"
    assert show(workspace) == before


Deed = Callable[[MLClient], Any]


def make_schedule(name: str) -> Schedule:
    return JobSchedule(name=name, trigger=CronTrigger(expression="0 3 * * *"), create_job="azureml:train")


# What each deed of the client needs; it reads before and after it writes.
READ, WRITE, DELETE = "schedules/read", "schedules/write", "schedules/delete"
DEEDS: dict[str, tuple[Deed, tuple[str, ...]]] = {
    "get": (lambda client: client.schedules.get("nightly"), (READ,)),
    "list": (lambda client: list(client.schedules.list()), (READ,)),
    "create": (lambda client: client.schedules.begin_create_or_update(make_schedule("new")).result(), (WRITE, READ)),
    "disable": (lambda client: client.schedules.begin_disable("nightly").result(), (READ, WRITE)),
    "enable": (lambda client: client.schedules.begin_enable("paused").result(), (READ, WRITE)),
    "delete": (lambda client: client.schedules.begin_delete("paused").result(), (DELETE,)),
    "trigger": (lambda client: client.schedules.trigger("nightly"), (WRITE,)),
    "job list": (lambda client: list(client.jobs.list()), ("jobs/read",)),
    "job cancel": (lambda client: client.jobs.begin_cancel("train").result(), ("jobs/cancel/action",)),
}
# Who has which of them, as Azure's reference of built-in roles says, and the definitions above.
ALL = (READ, WRITE, DELETE, "jobs/read", "jobs/cancel/action")
RIGHTS: dict[str, tuple[str, ...]] = {
    "owner": ALL,
    "contributor": ALL,
    "scientist": ALL,
    "developer": ALL,
    "reader": (READ, "jobs/read"),
    "operator": (),
    "registry": (),
    "nobody": (),
    "both": (READ, WRITE, "jobs/read"),
    "deleter": (DELETE,),
    "no-jobs": (READ, WRITE, DELETE),
    "canceller": (READ, "jobs/read", "jobs/cancel/action"),
}


@pytest.mark.parametrize("principal", ROLES)
def test_the_client_may_what_its_principal_may(principal: str) -> None:
    for name, (deed, needed) in DEEDS.items():
        workspace = make_workspace()
        faults = Faults()
        client = make_client(workspace, principal=principal, cloud=Cloud(workspace, faults=faults))
        missing = [action for action in needed if action not in RIGHTS[principal]]
        if not missing:
            deed(client)
            assert 403 not in [call.status for call in faults.calls], name
            continue
        before = show(workspace)
        with pytest.raises(HttpResponseError) as failure:
            deed(client)
        assert failure.value.status_code == 403, name
        assert f"action '{WORKSPACES}/{missing[0]}'" in str(failure.value), name
        assert f"The client '{principal}'" in str(failure.value)
        if missing[0] == needed[0]:
            assert show(workspace) == before, name
        assert {call.principal for call in faults.calls} == {principal}


def test_a_role_that_is_taken_away_counts_at_once() -> None:
    workspace = make_workspace()
    client = make_client(workspace, principal="reader")
    assert client.schedules.get("nightly").name == "nightly"
    workspace.remove_role("Reader", principal="reader")
    with pytest.raises(HttpResponseError, match="with no role assignment"):
        client.schedules.get("nightly")
    workspace.assign_role("AzureML Data Scientist", principal="reader")
    assert client.schedules.trigger("nightly").schedule_action_type == "CreateJob"


def test_two_principals_of_one_workspace() -> None:
    workspace = make_workspace()
    cloud = Cloud(workspace)
    reader, owner = (make_client(workspace, principal=who, cloud=cloud) for who in ("reader", "owner"))
    owner.schedules.begin_disable("nightly").result()
    assert not reader.schedules.get("nightly").is_enabled
    with pytest.raises(HttpResponseError, match="'reader'"):
        reader.schedules.begin_enable("nightly")
    last = workspace.activity[-1]
    assert (last.caller, last.status, last.action) == ("reader", "Denied", f"{WORKSPACES}/schedules/write")
