"""What holds for all calls: api-versions, spelling of paths, what is not modelled, paging, operations, faults."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rest_face import PIPELINE, VERSION, Face, error_of, run, schedule_body
from werkzeug.test import Client
from werkzeug.wrappers import Response

from pytest_mlschedule.arm.application import ArmApplication
from pytest_mlschedule.arm.cloud import Cloud
from pytest_mlschedule.arm.faults_hook import Call
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.workspace.workspace import FakeWorkspace


@pytest.fixture
def face() -> Face:
    return Face()


@pytest.mark.parametrize(
    "query", ["api-version=2023-06-01-preview", "Api-Version=2025-01-01-preview", "api-version=2099-01-01"]
)
def test_any_date_is_taken_as_api_version(face: Face, query: str) -> None:
    assert face.call("GET", f"{face.workspace.id}/schedules?{query.lower()}").status_code == 200
    client = Client(ArmApplication(face.cloud, default_principal="Owner"))
    assert client.get(f"{face.workspace.id}/schedules?{query}").status_code == 200


def test_a_call_without_an_api_version_is_refused(face: Face) -> None:
    text = "The api-version query parameter (?api-version=) is required for all requests."
    for query in ("", "?api-version=", "?x=y"):
        answer = Client(face.application).get(f"{face.workspace.id}/schedules{query}")
        assert error_of(answer) == (400, "MissingApiVersionParameter", text)


@pytest.mark.parametrize(
    "version",
    [
        "x",
        "1",
        "1999-01-01",
        "2017-12-31-preview",
        "2024-13-01",
        "20240101",
        "2024-W01-1",
        "2024-01-01-beta",
        "2024-01-01T00:00:00",
        "-preview",
    ],
)
def test_what_is_no_api_version_is_refused(face: Face, version: str) -> None:
    status, code, text = error_of(face.call("GET", f"schedules?api-version={version}"))
    assert (status, code) == (400, "InvalidApiVersionParameter")
    assert text == f"The api-version '{version}' is invalid: it is a date from 2018 on, such as 2024-01-01-preview."


def test_paths_are_read_in_any_case_and_names_kept(face: Face) -> None:
    path = f"{face.workspace.id}/schedules/Jobs".replace("resourceGroups", "RESOURCEGROUPS").replace(
        "schedules", "Schedules"
    )
    face.put(path.replace("Microsoft", "microsoft"), schedule_body())
    assert face.get("schedules/Jobs")["name"] == "Jobs"
    assert error_of(face.call("GET", "schedules/jobs"))[0] == 404
    assert face.get(f"{face.workspace.id.upper()}/SCHEDULES/Jobs/")["name"] == "Jobs"


def test_several_workspaces_are_told_apart() -> None:
    one = FakeWorkspace(name="one")
    two = FakeWorkspace(name="two", subscription_id="11111111-1111-1111-1111-111111111111", location="northeurope")
    face = Face(one, two)
    face.put(f"{two.id}/schedules/nightly", schedule_body())
    assert face.get(f"{one.id}/schedules")["value"] == []
    assert [schedule.name for schedule in two.schedules.list()] == ["nightly"]
    deleted = face.call("DELETE", f"{two.id}/schedules/nightly")
    assert f"/subscriptions/{two.subscription_id}/" in deleted.headers["Azure-AsyncOperation"]
    assert "/locations/northeurope/" in deleted.headers["Azure-AsyncOperation"]


def test_an_unknown_workspace_is_not_found(face: Face) -> None:
    answer = face.call("GET", f"{face.workspace.id}2/schedules")
    status, code, text = error_of(answer)
    assert (status, code) == (404, "ResourceNotFound")
    assert (
        "'Microsoft.MachineLearningServices/workspaces/fake-workspace2' under resource group 'fake-resource-group'"
        in text
    )
    assert error_of(face.call("POST", f"{face.workspace.id}2/schedules/x/trigger"))[0] == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "schedules/nightly"),
        ("DELETE", "jobs/train"),
        ("GET", "onlineEndpoints"),
        ("GET", "/subscriptions"),
        ("GET", "/"),
        (
            "POST",
            "/history/v1.0/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/rundata",
        ),
    ],
)
def test_what_is_not_modelled_says_so_and_how_to_ask_for_it(face: Face, method: str, path: str) -> None:
    status, code, text = error_of(face.call(method, path))
    assert (status, code) == (501, "NotModelled")
    whole = path if path.startswith("/") else f"{face.workspace.id}/{path}"
    assert text.startswith(
        f"{method} {whole} is not modelled by pytest-mlschedule; ArmApplication.routes lists what is."
    )
    assert "Open an issue" in text


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize(
    ("path", "name"), [("schedules/a/b", "a/b"), ("Schedules/", ""), ("jobs", ""), ("jobs/a/b/c", "a/b/c")]
)
def test_a_name_that_no_path_can_hold_is_refused_as_a_name(face: Face, method: str, path: str, name: str) -> None:
    status, code, text = error_of(face.call(method, f"{face.workspace.id}/{path}", {}))
    owner = "schedule" if path.lower().startswith("schedules") else "job"
    assert (status, code) == (400, "UserError")
    assert text.startswith(f"MLS501 name: {name!r} is not a name of a {owner}: 1 to 255 letters, digits, - and _")
    assert ("hint: for example a-b" in text) is bool(name)


def test_every_answer_has_an_id_of_its_own(face: Face) -> None:
    ids = [face.call("GET", path).headers["x-ms-request-id"] for path in ("schedules", "schedules", "jobs/x", "/x")]
    assert len(set(ids)) == 4
    again = Face()
    assert [again.call("GET", "schedules").headers["x-ms-request-id"] for _ in range(2)] == ids[:2]


@pytest.mark.parametrize("host", ["xn--a", ".."])
def test_a_host_that_cannot_stand_in_a_link_is_refused_before_anything_is_done(face: Face, host: str) -> None:
    application = ArmApplication(face.cloud, default_principal="Owner")
    url = f"{face.workspace.id}/schedules/nightly?{VERSION}"
    answer = run(application, "PUT", url, schedule_body(), HTTP_HOST=host)
    assert error_of(answer)[:2] == (400, "InvalidHostHeader")
    assert face.workspace.schedules.list() == []
    face.put("schedules/nightly", schedule_body(isEnabled=False))
    assert error_of(run(application, "DELETE", url, HTTP_HOST=host))[:2] == (400, "InvalidHostHeader")
    assert len(face.workspace.schedules.list(list_view_type="ALL")) == 1


def pages(face: Face, path: str) -> list[list[str]]:
    found = [face.get(path)]
    while found[-1]["nextLink"]:
        answer = face.follow(found[-1]["nextLink"])
        assert answer.status_code == 200
        found.append(answer.json)
    return [[item["name"] for item in page["value"]] for page in found]


def test_lists_come_in_pages_with_absolute_links() -> None:
    workspace = FakeWorkspace(name="wörk space")
    face = Face(workspace, cloud=Cloud(workspace, page_size=2))
    for name in "abcde":
        face.put(f"schedules/{name}", schedule_body(isEnabled=name != "c"))
        face.put(f"jobs/{name}", {"properties": {**PIPELINE, "tags": {"x": name}}})
    assert pages(face, "schedules") == [["a", "b"], ["d", "e"]]
    assert pages(face, "schedules?listViewType=All") == [["a", "b"], ["c", "d"], ["e"]]
    assert pages(face, "jobs?tag=x&scheduled=false&listViewType=All") == [["a", "b"], ["c", "d"], ["e"]]
    link = face.get("jobs?tag=x")["nextLink"]
    assert link.isascii()
    assert link.startswith("https://management.azure.com/subscriptions/")
    assert f"tag=x&{VERSION}&%24skip=2" in link
    assert face.get("schedules?$skip=99") == {"value": [], "nextLink": None}
    for skip in ("x", "-1", "1.5", "٣", "9" * 20):
        assert error_of(face.call("GET", f"schedules?$skip={skip}"))[:2] == (400, "UserError")


def test_an_operation_that_takes_simulated_time_says_so_once() -> None:
    face = Face(FakeWorkspace(profile=ServiceProfile(provisioning_delay=timedelta(minutes=1))))
    answer = face.call("PUT", "schedules/nightly", schedule_body())
    status = answer.headers["Azure-AsyncOperation"]
    assert [face.follow(status).json["status"] for _ in range(3)] == ["Creating", "Succeeded", "Succeeded"]
    assert face.get("schedules/nightly")["properties"]["provisioningState"] == "Creating"
    again = face.call("PUT", "schedules/nightly", schedule_body()).headers["Azure-AsyncOperation"]
    assert face.get("schedules/nightly")["properties"]["provisioningState"] == "Updating"
    face.workspace.clock.tick(timedelta(minutes=1))
    done = face.follow(again).json
    assert done["status"] == "Succeeded"
    assert (done["startTime"], done["endTime"]) == ("2026-01-01T00:00:00+00:00", "2026-01-01T00:01:00+00:00")
    assert done["id"].endswith(f"/mfeOperationResults/{done['name']}")
    assert f"/mfeOperationsStatus/{done['name']}?" in again != status
    assert face.get("schedules/nightly")["properties"]["provisioningState"] == "Succeeded"


def test_an_unknown_operation_is_not_found(face: Face) -> None:
    base = (
        f"/subscriptions/{face.workspace.subscription_id}/providers/Microsoft.MachineLearningServices/locations/eastus"
    )
    for collection in ("mfeOperationsStatus", "mfeOperationResults"):
        assert error_of(face.call("GET", f"{base}/{collection}/x"))[:2] == (404, "NotFound")


class Recorder:
    """Sees all calls; refuses those that are triggers, and marks the answers of lists."""

    def __init__(self) -> None:
        self.seen: list[Call] = []

    def before(self, call: Call) -> Response | None:
        self.seen.append(call)
        return Response("no", 503) if call.route == "schedules.trigger" else None

    def after(self, call: Call, response: Response) -> Response:
        return Response("marked", 504) if call.route in ("schedules.list", "schedules.delete") else response


def test_faults_may_take_the_place_of_a_call_or_of_its_answer() -> None:
    workspace, faults = FakeWorkspace(), Recorder()
    face = Face(workspace, cloud=Cloud(workspace, faults=faults))
    face.put("schedules/nightly", schedule_body(isEnabled=False))
    assert face.call("POST", "schedules/nightly/trigger").status_code == 503
    assert workspace.jobs.list() == []
    assert face.call("GET", "schedules").get_data() == b"marked"
    assert face.call("DELETE", "schedules/nightly").status_code == 504
    assert workspace.schedules.list(list_view_type="ALL") == []
    assert face.call("GET", "jobs/x", principal="bob").status_code == 403
    assert face.call("GET", "/x").status_code == 501
    put, trigger, listing, deletion, denied = faults.seen
    shown = {
        "method": "PUT",
        "path": f"{workspace.id}/schedules/nightly",
        "route": "schedules.put",
        "name": "nightly",
        "resource": "schedules/nightly",
        "principal": "Owner",
        "action": "Microsoft.MachineLearningServices/workspaces/schedules/write",
        "workspace": "fake-workspace",
    }
    assert {name: getattr(put, name) for name in shown} == shown
    assert (trigger.route, trigger.resource, trigger.action) == ("schedules.trigger", "schedules/nightly", put.action)
    assert (listing.name, listing.resource, deletion.method, denied.principal) == ("", "schedules", "DELETE", "bob")


def test_faults_see_calls_that_belong_to_no_workspace() -> None:
    workspace, faults = FakeWorkspace(), Recorder()
    face = Face(workspace, cloud=Cloud(workspace, faults=faults))
    face.call("GET", "/discovery")
    face.call("POST", f"{workspace.id}2/schedules/x/trigger")
    discovery, elsewhere = faults.seen
    assert (discovery.principal, discovery.workspace, discovery.action, discovery.resource) == (
        None,
        "",
        "",
        "/discovery",
    )
    assert (elsewhere.workspace, elsewhere.action) == ("fake-workspace2", "")
