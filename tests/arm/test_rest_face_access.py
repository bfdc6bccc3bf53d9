"""Who may call what: every route, for every built-in role. Oracle: Azure's published role definitions, read by hand into a table."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rest_face import ML, PIPELINE, Face, error_of, schedule_body, token
from werkzeug.test import Client

from pytest_mlschedule.arm.application import ArmApplication
from pytest_mlschedule.arm.cloud import Cloud
from pytest_mlschedule.arm.routes import ROUTES, Route
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.workspace.roles import RoleDefinition
from pytest_mlschedule.workspace.workspace import FakeWorkspace

ASSET = {"properties": {"componentSpec": {"command": "echo"}}}
BODIES: dict[str, Any] = {
    "schedules.put": schedule_body(),
    "jobs.put": {"properties": PIPELINE},
    "runs.patch": {"hidden": True},
}
# Routes that ask no role of the workspace: they belong to none, or list what may be read.
OPEN = {"workspaces.list", "workspaces.list_all", "operations.status", "operations.result", "discovery.get", "blobs.put", "blobs.get"}  # fmt: skip
GUARDED = [route for route in ROUTES if route.name not in OPEN]
READS = {route.name for route in GUARDED if route.method == "GET"}
EVERYTHING = {route.name for route in GUARDED}
ROLES = {
    "Owner": EVERYTHING,
    "Contributor": EVERYTHING,
    "AzureML Data Scientist": EVERYTHING,
    "Azure AI Developer": EVERYTHING,
    "Reader": READS,
    "AzureML Compute Operator": {"computes.list", "computes.get"},
    "AzureML Registry User": set(),
}


@pytest.fixture
def face() -> Face:
    face = Face()
    face.put("schedules/nightly", schedule_body())
    face.put("jobs/nightly", {"properties": PIPELINE})
    return face


def send(face: Face, route: Route, principal: str | None) -> Any:
    names = {
        "name": "nightly",
        "version": "1",
        "experiment": "exp",
        "endpoint": "ep",
        "account": "x",
        "path": "y",
        "location": "eastus",
    }
    names |= {
        "subscription": face.workspace.subscription_id,
        "group": face.workspace.resource_group,
        "workspace": face.workspace.name,
    }
    path = route.path.replace("<path:path>", "y")
    for name, value in names.items():
        path = path.replace(f"<{name}>", value)
    body = BODIES.get(route.name, ASSET) if route.method != "GET" else None
    return face.call(route.method, path, body, principal=principal)


def allowed(face: Face, principal: str) -> set[str]:
    done = set()
    for route in GUARDED:
        answer = send(face, route, principal)
        if answer.status_code == 403:
            assert error_of(answer)[1] == "AuthorizationFailed"
        else:
            done.add(route.name)
    return done


@pytest.mark.parametrize("role", sorted(ROLES))
def test_ws_6_what_a_role_may_call(face: Face, role: str) -> None:
    face.workspace.assign_role(role, principal="ann")
    assert allowed(face, "ann") == ROLES[role]


def test_ws_6_a_principal_without_assignments_may_call_nothing(face: Face) -> None:
    before = (face.get("schedules?listViewType=All"), face.get("jobs?listViewType=All"))
    entries = len(face.workspace.activity)
    assert allowed(face, "nobody") == set()
    assert (face.get("schedules?listViewType=All"), face.get("jobs?listViewType=All")) == before
    denied = face.workspace.activity[entries:]
    assert {(entry.caller, entry.status) for entry in denied} == {("nobody", "Denied")}
    # One name for a call and the verb of Python.
    verbs = {
        "schedules.put": "schedules.begin_create_or_update",
        "schedules.delete": "schedules.begin_delete",
        "jobs.put": "jobs.create_or_update",
        "jobs.cancel": "jobs.begin_cancel",
        "runs.patch": "jobs.update",
    }
    assert [entry.operation for entry in denied] == [verbs.get(route.name, route.name) for route in GUARDED]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_no_route_answers_without_a_token_but_those_of_the_data_plane(face: Face, route: Route) -> None:
    answer = send(face, route, None)
    if route.name == "discovery.get":
        assert answer.status_code == 200
    elif route.name.startswith("blobs."):
        assert error_of(answer)[:2] == (403, "AuthenticationFailed")
    else:
        assert error_of(answer)[:2] == (401, "AuthenticationFailed")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


@pytest.mark.parametrize(
    ("actions", "routes"),
    [
        (["schedules/read"], {"schedules.get", "schedules.list"}),
        (["schedules/write"], {"schedules.put", "schedules.trigger"}),
        (["schedules/delete"], {"schedules.delete"}),
        (["jobs/cancel/action"], {"jobs.cancel"}),
        (["jobs/write"], {"jobs.put", "runs.patch"}),
        (["jobs/read"], {"jobs.get", "jobs.list", "runs.get", "runs.details", "runs.children"}),
        (["components/versions/write"], {"components.put"}),
        (["codes/versions/write"], {"codes.put", "codes.start_upload"}),
        (["datastores/listSecrets/action"], {"datastores.list_secrets"}),
        (["read"], {"workspaces.get"}),
        (["*/read"], READS),
    ],
)
def test_ws_6_custom_roles(face: Face, actions: list[str], routes: set[str]) -> None:
    face.workspace.assign_role(RoleDefinition([f"{ML}/{action}" for action in actions]), principal="ann")
    assert allowed(face, "ann") == routes


def test_roles_add_up_and_can_be_taken_away(face: Face) -> None:
    for action in ("schedules/read", "schedules/delete"):
        face.workspace.assign_role(RoleDefinition([f"{ML}/{action}"], name=action), principal="ann")
    assert allowed(face, "ann") == {"schedules.get", "schedules.list", "schedules.delete"}
    face.workspace.remove_role(RoleDefinition([f"{ML}/schedules/delete"], name="schedules/delete"), principal="ann")
    assert allowed(face, "ann") == {"schedules.get", "schedules.list"}


def test_ws_6_the_action_of_trigger_is_a_knob() -> None:
    action = f"{ML}/schedules/trigger/action"
    face = Face(FakeWorkspace(profile=ServiceProfile(trigger_action=action)))
    face.put("schedules/nightly", schedule_body())
    face.workspace.assign_role(RoleDefinition([action]), principal="ann")
    assert face.call("POST", "schedules/nightly/trigger", principal="ann").status_code == 200
    assert error_of(face.call("PUT", "schedules/nightly", schedule_body(), principal="ann"))[0] == 403


def test_ws_6_the_refusal_names_principal_action_and_scope(face: Face) -> None:
    face.workspace.assign_role("Reader", principal="ann")
    assert error_of(face.call("POST", "schedules/nightly/trigger", principal="ann")) == (
        403,
        "AuthorizationFailed",
        f"The client 'ann' with role 'Reader' does not have authorization to perform action '{ML}/schedules/write' "
        f"over scope '{face.workspace.id}/schedules/nightly'",
    )
    status, _, text = error_of(face.call("GET", "jobs", principal="bob"))
    assert status == 403
    assert text == (
        f"The client 'bob' with no role assignment does not have authorization to perform action '{ML}/jobs/read' "
        f"over scope '{face.workspace.id}/jobs'"
    )
    assert error_of(face.call("GET", "", principal="bob"))[2].endswith(f"over scope '{face.workspace.id}'")


def test_ws_6_a_denied_call_does_not_tell_what_is_there_nor_what_is_wrong(face: Face) -> None:
    for path in ("schedules/nightly", "schedules/none"):
        assert error_of(face.call("GET", path, principal="bob"))[0] == 403
    assert error_of(face.call("PUT", "schedules/nightly", b"{", principal="bob"))[0] == 403


def test_a_reader_is_stopped_at_the_component_of_an_inline_pipeline(face: Face) -> None:
    face.workspace.assign_role("Reader", principal="ann")
    assert face.call("GET", "", principal="ann").status_code == 200
    status, _, text = error_of(face.call("PUT", "components/azureml_anonymous/versions/1", ASSET, principal="ann"))
    assert status == 403
    assert f"{ML}/components/versions/write" in text


def test_an_operation_is_told_to_who_began_it_and_to_who_may_read_schedules(face: Face) -> None:
    face.workspace.assign_role(RoleDefinition([f"{ML}/schedules/delete"]), principal="ann")
    face.workspace.assign_role("Reader", principal="bob")
    status = face.call("DELETE", "schedules/nightly", principal="ann").headers["Azure-AsyncOperation"]
    for principal in ("ann", "bob", "Owner"):
        assert face.follow(status, principal=principal).json["status"] == "Failed"
    assert error_of(face.follow(status, principal="carl"))[:2] == (403, "AuthorizationFailed")


def call_with(authorization: str | None, default: str | None = None) -> Any:
    workspace = FakeWorkspace()
    workspace.assign_role("Reader", principal="ann")
    client = Client(ArmApplication(Cloud(workspace), default_principal=default))
    headers = {} if authorization is None else {"Authorization": authorization}
    return client.get(f"{workspace.id}/schedules/x", query_string="api-version=2024-04-01", headers=headers)


@pytest.mark.parametrize(
    "claims",
    [
        {"oid": "ann"},
        {"oid": "ann", "appid": "other", "upn": "other"},
        {"appid": "ann", "unique_name": "other"},
        {"oid": "", "appid": None, "upn": "ann"},
        {"oid": 5, "unique_name": "ann"},
        {"oid": "ann", "exp": 0},
    ],
)
def test_the_first_claim_that_names_somebody_is_the_principal(claims: dict[str, Any]) -> None:
    assert error_of(call_with(f"bearer  {token(**claims)} "))[0] == 404


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, "AuthenticationFailed"),
        ("", "AuthenticationFailed"),
        ("Basic YTpi", "AuthenticationFailed"),
        ("Bearer", "InvalidAuthenticationToken"),
        ("Bearer x", "InvalidAuthenticationToken"),
        ("Bearer a.b.c", "InvalidAuthenticationToken"),
        ("Bearer a.W10.c", "InvalidAuthenticationToken"),  # a list
        ("Bearer a.__8.c", "InvalidAuthenticationToken"),  # no UTF-8
        (f"Bearer a.{'W1tb' * 99999}.c", "InvalidAuthenticationToken"),
        (f"Bearer {token(sub='x')}", "InvalidAuthenticationToken"),
    ],
)
def test_what_names_nobody_is_refused(authorization: str | None, code: str) -> None:
    answer = call_with(authorization)
    assert error_of(answer)[:2] == (401, code)
    assert "WWW-Authenticate" in answer.headers


def test_who_calls_without_a_token_is_the_default_principal() -> None:
    assert error_of(call_with(None, "ann"))[0] == 404
    assert error_of(call_with(None, "bob"))[0] == 403
    assert error_of(call_with(f"Bearer {token(oid='bob')}", "ann"))[0] == 403


def test_every_route_is_named_once_and_says_what_it_is() -> None:
    names = [route.name for route in ArmApplication.routes]
    assert len(names) == len(set(names))
    for route in ArmApplication.routes:
        assert str(route) == f"{route.name}: {route.method} {route.path}"
    assert json.dumps(names)
