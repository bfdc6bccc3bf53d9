"""Faults as the real client meets them: what it retries, what it raises, and how a team notices."""

from __future__ import annotations

import contextlib
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_mlschedule import (
    FakeWorkspace,
    History,
    Scheduler,
    SimulatedClock,
    audit_runs,
    load_schedule,
    plan_history,
)
from pytest_mlschedule.arm.cloud import Cloud
from pytest_mlschedule.arm.faults import Faults
from pytest_mlschedule.azure import make_client, mock_azure
from pytest_mlschedule.azure.client import quiet_dependencies
from pytest_mlschedule.azure.transport import WsgiTransport

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from azure.ai.ml import MLClient, command
    from azure.ai.ml.dsl import pipeline
    from azure.ai.ml.entities import CronTrigger, JobSchedule
    from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceExistsError
    from azure.identity import DefaultAzureCredential

START = datetime(2026, 3, 1, tzinfo=UTC)
PLAIN = {"name": "nightly", "trigger": {"type": "cron", "expression": "0 3 * * *"}, "create_job": "azureml:train"}


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """azure-ai-ml's dependencies warn of themselves. Whoever waits in earnest fails."""
    monkeypatch.setenv("AZURE_ML_DISABLE_ON_DISK_CACHE", "True")

    def refuse(seconds: float) -> None:
        raise AssertionError(f"slept {seconds} s")

    monkeypatch.setattr(time, "sleep", refuse)
    with quiet_dependencies():
        yield


@pytest.fixture
def workspace() -> FakeWorkspace:
    workspace = FakeWorkspace(clock=SimulatedClock(START))
    workspace.schedules.begin_create_or_update(load_schedule(PLAIN))
    return workspace


@pytest.fixture
def faults() -> Iterator[Faults]:
    faults = Faults()
    yield faults
    faults.check_used()


@pytest.fixture
def cloud(workspace: FakeWorkspace, faults: Faults) -> Cloud:
    return Cloud(workspace, faults=faults)


@pytest.fixture
def client(workspace: FakeWorkspace, cloud: Cloud) -> MLClient:
    return make_client(workspace, cloud=cloud)


def make_schedule(name: str = "weekly", job: Any = "azureml:train") -> JobSchedule:
    return JobSchedule(name=name, trigger=CronTrigger(expression="0 5 * * MON"), create_job=job)


def statuses(faults: Faults, operation: str) -> list[int]:
    return [call.status for call in faults.calls if call.operation == operation]


def test_a_trigger_that_times_out_after_commit_fires_twice(
    client: MLClient, workspace: FakeWorkspace, faults: Faults
) -> None:
    scheduler = Scheduler(workspace)
    scheduler.run_until(datetime(2026, 3, 3, tzinfo=UTC))
    faults.fail("schedules.trigger", status=504, after_commit=True)
    again = client.schedules.trigger("nightly", schedule_time="2026-03-02T03:00:00Z")
    assert statuses(faults, "schedules.trigger") == [504, 200]
    jobs = workspace.schedules.jobs("nightly")
    stamps = [job.display_name for job in jobs]
    assert stamps.count("nightly-20260302T030000Z") == 3  # the scheduled run, and two by hand where one was asked for
    assert again.job_name == jobs[-1].name
    assert len({job.name for job in jobs}) == 4
    scheduler.run_until(datetime(2026, 3, 4, tzinfo=UTC))
    history = History.from_data([job.to_dict() for job in workspace.jobs.list()])
    audit = audit_runs(plan_history([load_schedule(PLAIN)], history, created_at=START), history)
    assert audit["nightly"].counts["manual"] == 2
    assert audit["nightly"].counts["on_time"] == 3


def test_a_trigger_that_times_out_before_commit_fires_once(
    client: MLClient, workspace: FakeWorkspace, faults: Faults
) -> None:
    faults.fail("schedules.trigger", status=504)
    client.schedules.trigger("nightly")
    assert len(workspace.schedules.jobs("nightly")) == 1


@pytest.mark.parametrize(("status", "tries"), [(408, 1), (429, 1), (500, 2), (502, 1), (503, 2), (504, 2)])
def test_which_answers_to_a_trigger_are_tried_again(status: int, tries: int, client: MLClient, faults: Faults) -> None:
    faults.fail("schedules.trigger", status=status)
    with contextlib.suppress(HttpResponseError):
        client.schedules.trigger("nightly")
    assert len(statuses(faults, "schedules.trigger")) == tries


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_calls_that_may_be_repeated_are_tried_again_whatever_failed(
    status: int, client: MLClient, faults: Faults
) -> None:
    faults.fail("schedules.get", status=status)
    client.schedules.get("nightly")
    assert statuses(faults, "schedules.get") == [status, 200]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_the_client_gives_up_after_three_retries(
    status: int, client: MLClient, workspace: FakeWorkspace, faults: Faults
) -> None:
    faults.fail("schedules.put", status=status, times=4)
    with pytest.raises(HttpResponseError) as failure:
        client.schedules.begin_create_or_update(make_schedule())
    assert failure.value.status_code == status
    assert len(workspace.schedules.list()) == 1
    client.schedules.begin_create_or_update(make_schedule()).result()
    assert statuses(faults, "schedules.put") == [status] * 4 + [201]


def test_a_put_that_times_out_after_commit_is_put_again(
    client: MLClient, workspace: FakeWorkspace, faults: Faults
) -> None:
    faults.fail("schedules.put", status=504, after_commit=True)
    client.schedules.begin_create_or_update(make_schedule()).result()
    puts = [entry for entry in workspace.activity if entry.resource == "schedules/weekly"]
    assert [entry.status for entry in puts] == ["Succeeded"] * 2
    assert [schedule.name for schedule in workspace.schedules.list()] == ["nightly", "weekly"]


def test_the_client_waits_as_long_as_it_is_told(
    client: MLClient, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeps: list[float] = []
    monkeypatch.setattr(WsgiTransport, "sleep", lambda _, duration: sleeps.append(duration))
    faults.throttle("schedules.put", retry_after=30, times=2)
    client.schedules.begin_create_or_update(make_schedule()).result()
    assert sleeps[:2] == [30, 30]
    assert statuses(faults, "schedules.put") == [429, 429, 201]


def test_a_conflict_is_raised_at_once(client: MLClient, faults: Faults) -> None:
    faults.fail("schedules.put", status=409, message="somebody else is at it")
    with pytest.raises(ResourceExistsError, match="somebody else is at it"):
        client.schedules.begin_create_or_update(make_schedule())
    assert statuses(faults, "schedules.put") == [409]


@pytest.mark.parametrize("polls", [1, 2, 7])
def test_the_client_polls_until_the_end(polls: int, client: MLClient, faults: Faults) -> None:
    faults.slow("schedules.put", polls=polls)
    assert client.schedules.begin_create_or_update(make_schedule()).result().name == "weekly"
    assert len(statuses(faults, "operations.status")) == polls


def test_an_operation_that_fails_is_raised_by_its_result(
    client: MLClient, workspace: FakeWorkspace, faults: Faults
) -> None:
    faults.slow("schedules.put", polls=3)
    faults.fail_operation("schedules.put", code="QuotaExceeded", message="no more Logic Apps")
    poller = client.schedules.begin_create_or_update(make_schedule())
    with pytest.raises(HttpResponseError, match="no more Logic Apps") as failure:
        poller.result()
    assert failure.value.error is not None
    assert failure.value.error.code == "QuotaExceeded"
    assert [schedule.name for schedule in workspace.schedules.list()] == ["nightly"]


def test_a_deletion_that_fails_deletes_nothing(client: MLClient, workspace: FakeWorkspace, faults: Faults) -> None:
    client.schedules.begin_disable("nightly").result()
    faults.fail_operation("schedules.delete", message="try again tomorrow")
    poller = client.schedules.begin_delete("nightly")
    with pytest.raises(HttpResponseError, match="try again tomorrow"):
        poller.result()
    client.schedules.begin_delete("nightly").result()
    assert workspace.schedules.list(list_view_type="ALL") == []


def test_a_poll_that_is_throttled_is_made_again(client: MLClient, faults: Faults) -> None:
    faults.slow("schedules.put", polls=2)
    faults.throttle("operations.status", times=2)
    client.schedules.begin_create_or_update(make_schedule()).result()
    assert statuses(faults, "operations.status") == [429, 429, 200, 200]


def test_an_expired_token_is_raised_and_the_next_call_has_a_new_one(client: MLClient, faults: Faults) -> None:
    client.schedules.get("nightly")
    faults.expire_tokens()
    with pytest.raises(ClientAuthenticationError, match="has expired"):
        client.schedules.get("nightly")
    assert client.schedules.get("nightly").name == "nightly"
    assert statuses(faults, "schedules.get") == [200, 401, 200]


def test_a_revoked_token_is_replaced_without_a_word(client: MLClient, faults: Faults) -> None:
    client.schedules.get("nightly")
    faults.revoke_tokens()
    assert client.schedules.get("nightly").name == "nightly"
    assert statuses(faults, "schedules.get") == [200, 401, 200]


def test_an_inline_pipeline_is_first_denied_at_its_components(
    client: MLClient, workspace: FakeWorkspace, faults: Faults
) -> None:
    @pipeline(default_compute="cpu")
    def score() -> None:
        command(command="echo hello", environment="azureml:env:1")()

    faults.deny("components/versions/write")
    with pytest.raises(HttpResponseError, match="components/versions/write") as failure:
        client.schedules.begin_create_or_update(make_schedule(job=score()))
    assert failure.value.status_code == 403
    assert statuses(faults, "schedules.put") == []


def test_code_that_builds_its_own_client(workspace: FakeWorkspace, cloud: Cloud, faults: Faults) -> None:
    faults.revoke_tokens()
    faults.throttle("schedules.trigger", retry_after=60)
    with mock_azure(cloud=cloud):
        client = MLClient(DefaultAzureCredential(), workspace.subscription_id, workspace.resource_group, workspace.name)
        client.schedules.trigger("nightly")
    assert statuses(faults, "schedules.trigger") == [401, 429, 200]
    assert len(workspace.schedules.jobs("nightly")) == 1


def test_a_credential_that_keeps_its_tokens_keeps_an_expired_one(
    workspace: FakeWorkspace, cloud: Cloud, faults: Faults
) -> None:
    with mock_azure(cloud=cloud):
        names = workspace.subscription_id, workspace.resource_group, workspace.name
        client = MLClient(DefaultAzureCredential(), *names)
        client.schedules.get("nightly")
        faults.expire_tokens()
        for _ in range(3):
            with pytest.raises(ClientAuthenticationError):
                client.schedules.get("nightly")
        assert MLClient(DefaultAzureCredential(), *names).schedules.get("nightly").name == "nightly"
