"""Calls on what jobs refer to: components, environments, codes, data, models."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from rest_face import Face, error_of

from pytest_mlschedule.arm.cloud import Cloud
from pytest_mlschedule.workspace.workspace import FakeWorkspace

KINDS = ("codes", "components", "data", "environments", "models")
SPEC = {"name": "azureml_anonymous", "version": "1", "type": "command", "command": "echo"}


@pytest.fixture
def face() -> Face:
    return Face()


@pytest.mark.parametrize("kind", KINDS)
def test_a_version_is_put_and_found(face: Face, kind: str) -> None:
    path = f"{kind}/thing/versions/1"
    answer = face.call("PUT", path, {"properties": {"image": "x:1", "description": None, "tags": {"a": "b"}}})
    assert answer.status_code == 201
    assert answer.json["id"] == f"{face.workspace.id}/{path}"
    assert (answer.json["name"], answer.json["type"]) == (
        "1",
        f"Microsoft.MachineLearningServices/workspaces/{kind}/versions",
    )
    properties = answer.json["properties"]
    assert (properties["image"], properties["tags"], properties["provisioningState"]) == (
        "x:1",
        {"a": "b"},
        "Succeeded",
    )
    assert (properties["isArchived"], properties["properties"]) == (False, {})
    assert answer.json["systemData"]["createdAt"] == "2026-01-01T00:00:00+00:00"
    assert answer.json["systemData"]["createdBy"] == "Owner"
    assert face.get(f"{kind}/THING/versions/1") == answer.json
    assert error_of(face.call("GET", f"{kind}/thing/versions/2"))[:2] == (404, "UserError")
    assert error_of(face.call("GET", f"{kind}/none"))[:2] == (404, "UserError")


def test_what_a_version_is_cannot_change_what_is_said_about_it_can(face: Face) -> None:
    path = "environments/e/versions/1"
    face.put(path, {"properties": {"image": "x:1", "tags": {"a": "1"}}})
    face.workspace.clock.tick(timedelta(hours=1))
    again = face.call("PUT", path, {"properties": {"image": "x:1", "tags": {"a": "2"}, "condaFile": None}})
    assert (again.status_code, again.json["properties"]["tags"]) == (200, {"a": "2"})
    assert again.json["systemData"]["createdAt"] == "2026-01-01T00:00:00+00:00"
    status, code, text = error_of(face.call("PUT", path, {"properties": {"image": "x:2"}}))
    assert (status, code) == (409, "UserError")
    assert "environments e version 1 exists already with another definition" in text
    assert face.get(path)["properties"]["image"] == "x:1"


def test_an_anonymous_component_has_the_guid_of_its_content(face: Face) -> None:
    def put(version: str, **spec: Any) -> tuple[int, str]:
        body = {"properties": {"componentSpec": {**SPEC, "version": version, **spec}}}
        answer = face.call("PUT", f"components/azureml_anonymous/versions/{version}", body)
        return answer.status_code, answer.json["name"]

    first, again, other = put("aaa"), put("bbb"), put("ccc", command="ls")
    assert (first[0], again[0], other[0]) == (201, 200, 201)
    assert first[1] == again[1] != other[1]
    assert str(uuid.UUID(first[1])) == first[1] not in ("aaa", "bbb")
    assert (
        face.get(f"components/azureml_anonymous/versions/{first[1]}")["properties"]["componentSpec"]["command"]
        == "echo"
    )
    assert error_of(face.call("GET", "components/azureml_anonymous/versions/aaa"))[0] == 404
    elsewhere = Face(FakeWorkspace(name="other"))
    body = {"properties": {"componentSpec": {**SPEC, "version": "x"}}}
    assert elsewhere.put("components/azureml_anonymous/versions/x", body)["name"] == first[1]
    odd = face.call("PUT", "components/azureml_anonymous/versions/x", {"properties": {"componentSpec": "text"}})
    assert error_of(odd) == (400, "UserError", "a component has properties.componentSpec, an object")


@pytest.mark.parametrize("body", [{}, {"properties": None}, {"properties": "x"}])
def test_an_asset_has_properties(face: Face, body: Any) -> None:
    assert error_of(face.call("PUT", "data/d/versions/1", body))[:2] == (400, "UserError")


def test_properties_that_are_nested_without_end(face: Face) -> None:
    deep: Any = "x"
    for _ in range(70):
        deep = [deep]
    assert error_of(face.call("PUT", "data/d/versions/1", {"properties": {"a": deep}}))[:2] == (400, "UserError")


def versions(face: Face, query: str) -> list[str]:
    return [item["name"] for item in face.get(f"data/d/versions?{query}")["value"]]


def test_versions_are_listed_the_latest_first(face: Face) -> None:
    for version in ("1", "7", "x"):
        face.put(f"data/d/versions/{version}", {"properties": {"dataType": "uri_file", "isArchived": version == "7"}})
    assert versions(face, "") == ["x", "1"]
    assert versions(face, "$orderBy=createdtime desc&$top=1") == ["x"]
    assert versions(face, "$orderBy=createdtime asc&listViewType=All") == ["1", "7", "x"]
    assert versions(face, "listViewType=ArchivedOnly") == ["7"]
    assert versions(face, "$top=0") == []
    for query in ("$top=x", "$top=-1", "listViewType=Some"):
        assert error_of(face.call("GET", f"data/d/versions?{query}"))[:2] == (400, "UserError")


def test_a_container_tells_the_latest_and_the_next_version(face: Face) -> None:
    for version in ("1", "7", "x"):
        face.put(f"data/d/versions/{version}", {"properties": {"dataType": "uri_file"}})
    container = face.get("data/D")
    assert (container["name"], container["id"]) == ("d", f"{face.workspace.id}/data/d")
    properties = container["properties"]
    assert (properties["latestVersion"], properties["nextVersion"], properties["dataType"]) == ("x", "8", "uri_file")
    face.put("environments/e/versions/abc", {"properties": {}})
    assert face.get("environments/e")["properties"]["nextVersion"] == "1"


def test_containers_are_listed_without_anonymous_ones(face: Face) -> None:
    for version in ("1", "2"):
        face.put(f"components/c/versions/{version}", {"properties": {}})
    face.put("components/hidden/versions/1", {"properties": {"isAnonymous": True}})
    face.put("environments/e/versions/1", {"properties": {}})
    assert [item["name"] for item in face.get("components")["value"]] == ["c"]


def test_the_default_version_is_the_latest_that_is_not_archived(face: Face) -> None:
    face.put("components/c/versions/1", {"properties": {}})
    face.put("components/c/versions/2", {"properties": {}})
    face.put("components/c/versions/3", {"properties": {"isArchived": True}})
    assert face.get("components/c/versions/azureml_default")["name"] == "2"
    assert error_of(face.call("GET", "components/none/versions/azureml_default"))[0] == 404


def test_curated_environments_are_there(face: Face) -> None:
    found = face.get("environments/AzureML-sklearn-1.0/versions/3")
    assert found["properties"]["image"] == "mcr.microsoft.com/azureml/curated/sklearn-1.0:3"
    assert found["properties"]["environmentType"] == "Curated"
    assert [item["name"] for item in face.get("environments/AzureML-sklearn-1.0/versions")["value"]] == ["1"]
    assert face.get("environments/azureml-acpt")["properties"]["latestVersion"] == "1"
    assert error_of(face.call("GET", "components/AzureML-sklearn-1.0/versions/3"))[0] == 404


def test_code_that_is_asked_for_by_its_hash_is_there_already(face: Face) -> None:
    query = "codes/1234/versions?hash=abc&hashVersion=202208"
    [code] = face.get(query)["value"]
    assert code["id"].removeprefix(face.workspace.id) == code["id"][len(face.workspace.id) :]
    name, version = code["id"].split("/")[-3], code["id"].split("/")[-1]
    assert face.get(f"codes/{name}/versions/{version}") == code
    assert code["properties"]["properties"] == {"hash_sha256": "abc", "hash_version": "202208"}
    assert face.get(query)["value"] == [code]
    assert face.get("codes/1234/versions?hash=other")["value"][0]["id"] != code["id"]
    assert Face(FakeWorkspace()).get(query)["value"][0]["id"] == code["id"]


def test_who_may_not_create_code_does_not_find_it(face: Face) -> None:
    face.workspace.assign_role("Reader", principal="ann")
    assert face.call("GET", "codes/1/versions?hash=abc", principal="ann").json["value"] == []
    upload = face.call("POST", "codes/1/versions/1/startPendingUpload", {}, principal="ann")
    assert error_of(upload)[:2] == (403, "AuthorizationFailed")
    face.get("codes/1/versions?hash=abc")
    assert len(face.call("GET", "codes/1/versions?hash=abc", principal="ann").json["value"]) == 1


def test_a_cloud_that_wants_uploads_finds_what_was_registered() -> None:
    workspace = FakeWorkspace()
    face = Face(workspace, cloud=Cloud(workspace, wants_uploads=True))
    assert face.get("codes/1/versions?hash=abc")["value"] == []
    face.put("codes/1/versions/1", {"properties": {"codeUri": "x", "properties": {"hash_sha256": "abc"}}})
    face.put("codes/2/versions/1", {"properties": {"codeUri": "x", "properties": "odd"}})
    assert [item["id"] for item in face.get("codes/9/versions?hash=abc")["value"]] == [
        f"{workspace.id}/codes/1/versions/1"
    ]


def test_what_is_put_is_in_the_activity_log(face: Face) -> None:
    face.put("environments/e/versions/1", {"properties": {}})
    face.call("PUT", "environments/e/versions/1", {"properties": {"image": "other"}})
    entries = [(entry.operation, entry.resource, entry.status) for entry in face.workspace.activity]
    assert entries == [
        ("environments.put", "environments/e/versions/1", "Succeeded"),
        ("environments.put", "environments/e/versions/1", "Failed"),
    ]
