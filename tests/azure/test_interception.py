"""Code that builds its own client meets fake workspaces within ``mock_azure``, and nothing of it stays behind."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import freezegun
import pytest
import requests
from azure.core.credentials import AccessToken
from azure_names import (
    ClientAuthenticationError,
    ClientSecretCredential,
    CronTrigger,
    Data,
    DefaultAzureCredential,
    HttpResponseError,
    HttpTransport,
    JobSchedule,
    MLClient,
    ResourceNotFoundError,
    load_job,
    load_schedule,
)
from requests.adapters import HTTPAdapter

from pytest_mlschedule import FakeWorkspace, Scheduler, SimulatedClock
from pytest_mlschedule.azure import FakeCredential, MockedAzure, NetworkRefusedError, RouteNotModelledError, mock_azure

PROD = {"subscription_id": "11111111-1111-1111-1111-111111111111", "resource_group": "ml-prod", "name": "prod"}
TEST = {"subscription_id": "22222222-2222-2222-2222-222222222222", "resource_group": "ml-test", "name": "test"}
CRON = CronTrigger(expression="0 2 * * *", time_zone="UTC")
START = datetime(2026, 1, 1, tzinfo=UTC)


def connect(subscription_id: str, resource_group: str, name: str, credential: Any = None) -> MLClient:
    """What code under test does; nothing in it knows of us."""
    return MLClient(credential or DefaultAzureCredential(), subscription_id, resource_group, name)


def deploy(client: MLClient, name: str = "nightly") -> JobSchedule:
    schedule = JobSchedule(name=name, trigger=CRON, create_job="azureml:train")
    return client.schedules.begin_create_or_update(schedule).result()


def traces() -> tuple[Any, ...]:
    """All that a mock changes in this process."""
    changed = socket.socket.__dict__
    return (
        HTTPAdapter.send,
        HttpTransport.sleep,
        socket.getaddrinfo,
        *(changed.get(name) for name in ("connect", "connect_ex", "sendto")),
        {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        list(sys.path),
    )


@pytest.fixture(autouse=True)
def _no_traces() -> Iterator[None]:
    before = traces()
    yield
    assert traces() == before


@pytest.fixture
def prod() -> FakeWorkspace:
    return FakeWorkspace(**PROD)


def test_code_that_builds_its_own_client_deploys(prod: FakeWorkspace) -> None:
    with mock_azure(prod) as azure:
        made = deploy(connect(**PROD))
        assert azure.workspaces == (prod,)
    assert made.provisioning_state == "Succeeded"
    assert [found.name for found in prod.schedules.list()] == ["nightly"]
    (entry,) = [entry for entry in prod.activity if entry.operation == "schedules.begin_create_or_update"]
    assert entry.caller == "Owner"


def test_names_are_found_in_any_case(prod: FakeWorkspace) -> None:
    with mock_azure(prod):
        deploy(connect(PROD["subscription_id"], "ML-Prod", "PROD"))
    assert len(prod.schedules.list()) == 1


def test_several_workspaces_and_subscriptions_at_once(prod: FakeWorkspace) -> None:
    with mock_azure(prod) as azure:
        test = FakeWorkspace(**TEST)
        azure.add(test)
        deploy(connect(**PROD), "in-prod")
        deploy(connect(**TEST), "in-test")
        with pytest.raises(ValueError, match="already"):
            azure.add(FakeWorkspace(**PROD))
    assert [found.name for found in prod.schedules.list()] == ["in-prod"]
    assert [found.name for found in test.schedules.list()] == ["in-test"]


def test_a_workspace_that_is_not_there_is_not_found(prod: FakeWorkspace) -> None:
    with mock_azure(prod):
        client = connect(PROD["subscription_id"], PROD["resource_group"], "other")
        with pytest.raises(
            ResourceNotFoundError, match="workspaces/other' under resource group 'ml-prod' was not found"
        ):
            client.schedules.get("nightly")
        with pytest.raises(ResourceNotFoundError):
            client.workspaces.get("other")
    with mock_azure(), pytest.raises(ResourceNotFoundError):
        connect(**PROD).schedules.get("nightly")


def test_the_principal_decides_what_is_allowed(prod: FakeWorkspace) -> None:
    prod.assign_role("AzureML Data Scientist", principal="deployer")
    prod.assign_role("Reader", principal="ada")
    with mock_azure(prod, principal="ada"):
        with pytest.raises(HttpResponseError, match=r"'ada'.*schedules/write"):
            deploy(connect(**PROD))
        deploy(connect(**PROD, credential=ClientSecretCredential("tenant", "deployer", "secret")))
        assert connect(**PROD).schedules.get("nightly").creation_context.created_by == "deployer"
        with pytest.raises(HttpResponseError, match="'stranger'"):
            deploy(connect(**PROD, credential=ClientSecretCredential("tenant", "stranger", "secret")))


def test_a_token_that_is_no_jwt_is_refused_with_the_way_out(prod: FakeWorkspace) -> None:
    class Vault:
        def get_token(self, *scopes: str, **options: Any) -> AccessToken:
            return AccessToken("opaque", int(time.time()) + 3600)

    prod.assign_role("Reader", principal="ci")
    with mock_azure(prod):
        with pytest.raises(
            ClientAuthenticationError, match=r"it is no JWT; pytest_mlschedule.azure.FakeCredential\('ci'\)"
        ):
            list(connect(**PROD, credential=Vault()).schedules.list())
        assert list(connect(**PROD, credential=FakeCredential("ci")).schedules.list()) == []


def test_code_is_uploaded_within_the_mock(prod: FakeWorkspace, folder: Path) -> None:
    from pytest_mlschedule.arm.cloud import Cloud

    cloud = Cloud(prod, wants_uploads=True)
    with mock_azure(cloud=cloud):
        connect(**PROD).jobs.create_or_update(load_job("with_code.yml"))
    assert [blob.content for blob in cloud.blobs.values()] == [b"print('hello')\n"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the client's own calls on its storage library
def test_what_was_uploaded_is_downloaded_within_the_mock(prod: FakeWorkspace, folder: Path) -> None:
    from azure.ai.ml._artifacts._artifact_utilities import download_artifact_from_aml_uri

    files = {"a.csv": "1,2\n", "inner/b & c.csv": "", "inner/d.csv": "3\n"}
    for name, text in files.items():
        (folder / "rows" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "rows" / name).write_text(text)
    with mock_azure(prod):
        client = connect(**PROD)
        made = client.data.create_or_update(Data(name="rows", version="1", type="uri_folder", path="rows"))
        download_artifact_from_aml_uri(made.path, str(folder / "got"), client.datastores)
    found = {path.relative_to(folder / "got").as_posix(): path.read_text() for path in (folder / "got").rglob("*.csv")}
    assert found == files


def test_time_passes_within_the_mock(prod: FakeWorkspace, folder: Path) -> None:
    with mock_azure(prod):
        client = connect(**PROD)
        client.schedules.begin_create_or_update(load_schedule("nightly.yml")).result()
        Scheduler(prod).run_until(START + timedelta(days=2))
        assert [job.display_name for job in client.jobs.list()] == [
            "nightly-20260101T103000Z",
            "nightly-20260102T103000Z",
        ]


def test_requests_alone_meet_the_workspace_too(prod: FakeWorkspace) -> None:
    url = f"https://management.azure.com{prod.id}/schedules?api-version=2024-10-01"
    with mock_azure(prod):
        assert requests.get(url, timeout=60).status_code == 401
        token = DefaultAzureCredential().get_token("https://management.azure.com/.default").token
        answer = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        assert (answer.status_code, answer.json()["value"]) == (200, [])


def test_nothing_waits(prod: FakeWorkspace) -> None:
    class Faults:
        def before(self, call: Any) -> Any:
            from werkzeug.wrappers import Response

            return Response("", 503, {"Retry-After": "600"}) if call.route == "schedules.get" else None

        def after(self, call: Any, response: Any) -> Any:
            return response

    from pytest_mlschedule.arm.cloud import Cloud

    started = time.monotonic()
    with mock_azure(cloud=Cloud(prod, faults=Faults())), pytest.raises(HttpResponseError):
        connect(**PROD).schedules.get("nightly")
    assert time.monotonic() - started < 60


def test_what_is_not_modelled_says_so(prod: FakeWorkspace) -> None:
    with mock_azure(prod), pytest.raises(RouteNotModelledError, match="onlineEndpoints"):
        connect(**PROD).online_endpoints.get("scoring")


def test_other_hosts_are_refused(prod: FakeWorkspace) -> None:
    with mock_azure(prod):
        for call in (
            lambda: requests.get("https://example.com/data", timeout=60),
            lambda: requests.get("https://vault.vault.azure.net/secrets", timeout=60),
            lambda: socket.create_connection(("example.com", 443)),
            lambda: asyncio.run(asyncio.open_connection("example.com", 443)),
        ):
            with pytest.raises(NetworkRefusedError, match=r"allow_host\(\"(example\.com|vault\.vault\.azure\.net)\"\)"):
                call()


@contextmanager
def _mock_over(patch: pytest.MonkeyPatch, send: Any, workspace: FakeWorkspace) -> Iterator[MockedAzure]:
    """A mock on top of another way to send."""
    patch.setattr(HTTPAdapter, "send", send)
    with mock_azure(workspace) as azure:
        yield azure


def test_an_allowed_host_is_let_through(prod: FakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    class Sent(Exception):  # noqa: N818 - no error: the request went out
        pass

    def send(adapter: Any, request: Any, *args: Any, **options: Any) -> Any:
        raise Sent(request.url)

    with monkeypatch.context() as patch, _mock_over(patch, send, prod) as azure:
        with pytest.raises(NetworkRefusedError):
            requests.get("https://example.com/", timeout=60)
        azure.allow_host("example.com")
        with pytest.raises(Sent, match=r"https://example\.com/"):
            requests.get("https://example.com/", timeout=60)
        with pytest.raises(NetworkRefusedError):
            requests.get("https://example.org/", timeout=60)


def test_a_server_of_this_machine_is_reached(prod: FakeWorkspace) -> None:
    from pytest_mlschedule.azure.loopback import LoopbackServer

    def hello(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"hello"]

    server = LoopbackServer(hello)
    server.start()
    with mock_azure(prod):
        assert requests.get(f"http://127.0.0.1:{server.port}/", timeout=60).text == "hello"
    server.stop()


def test_blocks_nest_and_the_innermost_answers(prod: FakeWorkspace) -> None:
    inner = FakeWorkspace(**TEST)
    with mock_azure(prod, principal="Owner") as azure:
        with mock_azure(inner, principal="Owner"):
            deploy(connect(**TEST))
            with pytest.raises(ResourceNotFoundError):
                connect(**PROD).schedules.get("nightly")
        deploy(connect(**PROD))
        assert azure.workspaces == (prod,)
    assert len(prod.schedules.list()) == len(inner.schedules.list()) == 1


def test_a_mock_is_used_twice(prod: FakeWorkspace) -> None:
    for name in ("one", "two"):
        with mock_azure(prod):
            deploy(connect(**PROD), name)
    assert [found.name for found in prod.schedules.list()] == ["one", "two"]


def test_a_client_that_outlives_one_mock_meets_the_next(prod: FakeWorkspace) -> None:
    with mock_azure(prod):
        client = connect(**PROD)
        deploy(client, "one")
    with mock_azure(prod):
        deploy(client, "two")
    assert len(prod.schedules.list()) == 2


def test_nothing_stays_behind_after_a_failure(prod: FakeWorkspace) -> None:
    with pytest.raises(ZeroDivisionError), mock_azure(prod):
        raise ZeroDivisionError


def test_with_the_clock_frozen_a_token_does_not_expire_for_ever() -> None:
    clock = SimulatedClock(START)
    workspace = FakeWorkspace(clock=clock, **PROD)
    with freezegun.freeze_time(START) as frozen, mock_azure(workspace):
        client = connect(**PROD)
        deploy(client)
        for days in (1, 30, 400):
            clock.move_to(START + timedelta(days=days))
            frozen.move_to(START + timedelta(days=days))
            assert client.schedules.get("nightly").name == "nightly"
            found = deploy(client, f"after-{days}")
            assert found.creation_context.created_at == START + timedelta(days=days)


def test_the_mock_says_what_it_is(prod: FakeWorkspace) -> None:
    with mock_azure(prod, principal="ada") as azure:
        assert isinstance(azure, MockedAzure)
        assert repr(azure) == "<MockedAzure of <Cloud of prod> for ada>"
