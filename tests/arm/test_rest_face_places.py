"""Computes, datastores, blobs, deployments, discovery, workspaces: what clients look up on the way."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from rest_face import Face, error_of
from werkzeug.test import Client

from pytest_mlschedule.arm.cloud import Cloud
from pytest_mlschedule.errors import AuthorizationError
from pytest_mlschedule.workspace.workspace import FakeWorkspace


@pytest.fixture
def face() -> Face:
    return Face()


def test_a_compute_of_any_name_is_there_until_computes_are_defined(face: Face) -> None:
    compute = face.get("computes/Whatever")
    assert (compute["name"], compute["properties"]["computeType"]) == ("Whatever", "AmlCompute")
    assert compute["id"] == f"{face.workspace.id}/computes/Whatever"
    assert face.get("computes")["value"] == []
    face.workspace.define_computes("cpu", "GPU")
    assert face.get("computes/gpu")["name"] == "GPU"
    assert [item["name"] for item in face.get("computes")["value"]] == ["cpu", "GPU"]
    assert error_of(face.call("GET", "computes/Whatever"))[:2] == (404, "ResourceNotFound")
    face.workspace.define_computes()
    assert error_of(face.call("GET", "computes/cpu"))[0] == 404
    with pytest.raises(AuthorizationError):
        face.workspace.as_role("Reader").define_computes("x")


def test_the_four_datastores_of_a_workspace(face: Face) -> None:
    names = [item["name"] for item in face.get("datastores")["value"]]
    assert names == ["workspaceblobstore", "workspaceartifactstore", "workspacefilestore", "workspaceworkingdirectory"]
    assert [item["name"] for item in face.get("datastores?isDefault=true")["value"]] == names[:1]
    blob = face.get("datastores/WorkspaceBlobStore")["properties"]
    assert (blob["datastoreType"], blob["containerName"], blob["isDefault"]) == ("AzureBlob", "azureml", True)
    assert face.get("datastores/workspacefilestore")["properties"]["fileShareName"] == "code"
    secrets = face.call("POST", "datastores/workspaceblobstore/listSecrets", {"expirableSecret": True})
    assert secrets.json["secretsType"] == "Sas"
    for method, tail in (("GET", "datastores/mine"), ("POST", "datastores/mine/listSecrets")):
        assert error_of(face.call(method, tail))[:2] == (404, "UserError")


def blob_call(face: Face, method: str, url: str, data: bytes = b"", headers: Any = None) -> Any:
    scheme, _, rest = url.partition("://")
    host, _, path = rest.partition("/")
    return Client(face.application).open(
        f"/{path}", method=method, base_url=f"{scheme}://{host}", data=data, headers=headers or {}
    )


@pytest.mark.parametrize("host", ["management.azure.com", "127.0.0.1:8000", "localhost", "[::1]:99"])
@pytest.mark.parametrize("kind", ["codes", "data", "models"])
def test_an_upload_goes_where_it_was_told_to(face: Face, host: str, kind: str) -> None:
    answer = face.call("POST", f"{kind}/x/versions/1/startPendingUpload", {}, host=host)
    reference = answer.json["blobReferenceForConsumption"]
    base, signature = reference["credential"]["sasUri"].split("?")
    assert base == reference["blobUri"]
    assert (".blob.core.windows.net/" in base) is (host == "management.azure.com")
    url = f"{base}/src/A.py?{signature}"
    assert blob_call(face, "HEAD", url).status_code == 404
    put = blob_call(face, "PUT", url, b"print()", {"x-ms-blob-type": "BlockBlob", "x-ms-meta-A": "b"})
    assert put.status_code == 201
    got = blob_call(face, "GET", url)
    assert (got.get_data(), got.headers["x-ms-meta-a"]) == (b"print()", "b")
    marked = blob_call(face, "PUT", f"{url}&comp=metadata", headers={"x-ms-meta-upload_status": "completed"})
    assert marked.status_code == 200
    head = blob_call(face, "HEAD", url)
    assert (head.headers["x-ms-meta-upload_status"], head.get_data()) == ("completed", b"")
    assert blob_call(face, "GET", url).get_data() == b"print()"
    assert blob_call(face, "HEAD", url.replace("A.py", "a.py")).status_code == 404
    [blob] = face.cloud.blobs.values()
    assert blob.content == b"print()"


def test_blobs_need_their_signature(face: Face) -> None:
    reference = face.call("POST", "codes/x/versions/1/startPendingUpload", {}).json["blobReferenceForConsumption"]
    url = f"{reference['blobUri']}/a"
    for query in ("", "?sig=wrong"):
        for method in ("PUT", "GET"):
            assert error_of(blob_call(face, method, f"{url}{query}"))[:2] == (403, "AuthenticationFailed")
    signed = f"{url}?{reference['credential']['sasUri'].split('?')[1]}"
    assert error_of(blob_call(face, "PUT", f"{signed}&comp=metadata"))[:2] == (404, "BlobNotFound")
    assert error_of(blob_call(face, "PUT", f"{signed}&comp=block")) == (
        501,
        "NotModelled",
        "PUT of a blob with comp=block is not modelled: blobs are uploaded in one piece, up to 64 MiB",
    )
    assert error_of(blob_call(face, "PUT", f"{signed}&restype=container"))[:2] == (501, "NotModelled")
    for query in ("comp=tags", "restype=container", "restype=container&comp=acl"):
        text = f"GET of a blob with {query} is not modelled: blobs are read, and containers listed"
        assert error_of(blob_call(face, "GET", f"{signed}&{query}")) == (501, "NotModelled", text)
    assert error_of(blob_call(face, "DELETE", signed))[:2] == (501, "NotModelled")


def test_a_container_lists_what_was_uploaded_and_blobs_are_read_in_ranges(face: Face) -> None:
    reference = face.call("POST", "codes/x/versions/1/startPendingUpload", {}).json["blobReferenceForConsumption"]
    base, _, signature = reference["credential"]["sasUri"].partition("?")
    for name in ("b/c & d.py", "b/e.py", "a.py"):
        blob_call(face, "PUT", f"{base}/{quote(name)}?{signature}", b"0123456789", {"x-ms-meta-of": name})
    blob_call(face, "PUT", f"{base}x/other.py?{signature}", b"")

    def names(query: str) -> list[tuple[str, str]]:
        answer = blob_call(face, "GET", f"{base}?{signature}&restype=container&comp=list{query}")
        assert (answer.status_code, answer.content_type) == (200, "application/xml")
        listed = ElementTree.fromstring(answer.get_data()).find("Blobs")
        assert listed is not None
        return [(one.tag, one.findtext("Name") or "") for one in listed]

    everything = [("Blob", "a.py"), ("Blob", "b/c & d.py"), ("Blob", "b/e.py")]
    assert names("") == everything
    assert names("&prefix=b/") == everything[1:]
    assert names("&delimiter=/") == [("Blob", "a.py"), ("BlobPrefix", "b/")]
    assert names("&delimiter=/&prefix=b/") == everything[1:]
    assert names("&prefix=none") == []

    for header, given, status, content, place in (
        ("x-ms-range", "bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("Range", "bytes=8-", 206, b"89", "bytes 8-9/10"),
        ("x-ms-range", "bytes=0-999", 206, b"0123456789", "bytes 0-9/10"),
    ):
        answer = blob_call(face, "GET", f"{base}/a.py?{signature}", headers={header: given})
        assert (answer.status_code, answer.get_data(), answer.headers["Content-Range"]) == (status, content, place)
    answer = blob_call(face, "GET", f"{base}/a.py?{signature}", headers={"x-ms-range": "bytes=10-"})
    assert error_of(answer)[:2] == (416, "InvalidRange")


def test_what_is_too_large_is_not_read(face: Face) -> None:
    reference = face.call("POST", "codes/x/versions/1/startPendingUpload", {}).json["blobReferenceForConsumption"]
    url = reference["credential"]["sasUri"].replace("?", "/a?")
    path, _, query = url.removeprefix("https://").partition("/")[2].partition("?")
    environ = {"CONTENT_LENGTH": str(65 * 1024 * 1024), "HTTP_HOST": url.split("/")[2]}
    answer = Client(face.application).put(f"/{path}", query_string=query, environ_overrides=environ)
    assert error_of(answer)[:2] == (413, "InvalidRequestContent")


def test_the_deployment_of_a_monitor_collects_data(face: Face) -> None:
    deployment = face.get("onlineEndpoints/ep/deployments/main")
    collections = deployment["properties"]["dataCollector"]["collections"]
    assert sorted(collections) == ["model_inputs", "model_outputs"]
    for collection in collections.values():
        assert collection["dataCollectionMode"] == "Enabled"
        assert face.get(collection["dataId"])["properties"]["dataType"] == "uri_folder"
    assert face.get("onlineEndpoints/ep/deployments/main") == deployment


@pytest.mark.parametrize(
    ("host", "discovery"),
    [
        ("management.azure.com", "https://eastus.api.azureml.ms/discovery"),
        ("127.0.0.1:8000", "https://127.0.0.1:8000/discovery"),
    ],
)
def test_discovery_leads_back_to_this_application(face: Face, host: str, discovery: str) -> None:
    workspace = face.call("GET", "", host=host).json
    assert workspace["id"] == face.workspace.id
    assert workspace["properties"]["discoveryUrl"] == discovery
    answer = blob_call(face, "GET", discovery)
    assert answer.json["api"] == answer.json["history"] == discovery.removesuffix("/discovery")


def test_a_workspace_is_where_it_was_put() -> None:
    workspace = FakeWorkspace(name="w", resource_group="g", subscription_id="s", location="westeurope")
    shown = Face(workspace).get("")
    assert (shown["name"], shown["location"]) == ("w", "westeurope")
    assert shown["id"] == "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"
    assert shown["properties"]["discoveryUrl"] == "https://westeurope.api.azureml.ms/discovery"


def listed(face: Face, path: str, principal: str = "Owner") -> list[str]:
    return [item["name"] for item in face.call("GET", path, principal=principal).json["value"]]


def test_workspaces_are_listed_as_far_as_they_may_be_read() -> None:
    one, two = FakeWorkspace(name="one", resource_group="G"), FakeWorkspace(name="two", resource_group="h")
    far = FakeWorkspace(name="far", subscription_id="other")
    face = Face(one, two, far)
    two.assign_role("Reader", principal="ann")
    base, tail = f"/subscriptions/{one.subscription_id}", "providers/Microsoft.MachineLearningServices/workspaces"
    assert listed(face, f"{base}/{tail}") == ["one", "two"]
    assert listed(face, f"{base}/resourceGroups/g/{tail}") == ["one"]
    assert listed(face, f"{base}/{tail}", "ann") == ["two"]
    assert listed(face, f"/subscriptions/OTHER/{tail}") == ["far"]


def test_a_cloud_finds_workspaces_in_any_case() -> None:
    one, two = FakeWorkspace(name="One"), FakeWorkspace(name="two")
    cloud = Cloud(one)
    cloud.add(two)
    assert cloud.workspaces == (one, two)
    assert repr(cloud) == "<Cloud of One, two>"
    assert repr(Cloud()) == "<Cloud of no workspace>"
    assert cloud.find(one.subscription_id.upper(), "FAKE-resource-group", "oNE") is one
    assert cloud.find("x", "fake-resource-group", "one") is None
    with pytest.raises(
        ValueError, match=r"there is a workspace /subscriptions/.*/ONE already: give this one another name"
    ):
        cloud.add(FakeWorkspace(name="ONE"))
    with pytest.raises(ValueError, match="page_size cannot be 0"):
        Cloud(page_size=0)
