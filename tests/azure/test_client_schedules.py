"""Schedules through the real client: everything that ``client.schedules`` does."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure_names import (
    CronTrigger,
    HttpResponseError,
    JobSchedule,
    MLClient,
    RecurrencePattern,
    RecurrenceTrigger,
    ResourceNotFoundError,
    load_schedule,
)

from pytest_mlschedule import FakeWorkspace, RoleDefinition
from pytest_mlschedule.azure import FakeCredential, client_workspace, make_client

CRON = CronTrigger(expression="0 2 * * *", time_zone="UTC")


def schedule(name: str = "nightly", trigger: Any = CRON, **fields: Any) -> JobSchedule:
    return JobSchedule(name=name, trigger=trigger, **{"create_job": "azureml:train", **fields})


def create(client: MLClient, *names: str) -> None:
    for name in names:
        client.schedules.begin_create_or_update(schedule(name)).result()


def names_of(client: MLClient, view: str) -> list[str]:
    return [found.name for found in client.schedules.list(list_view_type=view)]


def test_a_client_without_a_workspace_has_a_new_one() -> None:
    client = make_client()
    create(client, "nightly")
    assert [found.name for found in client_workspace(client).schedules.list()] == ["nightly"]


def test_two_clients_of_a_workspace_see_the_same(client: MLClient, workspace: FakeWorkspace) -> None:
    create(client, "nightly")
    assert make_client(workspace).schedules.get("nightly").name == "nightly"


def test_the_workspace_of_another_client_is_unknown(workspace: FakeWorkspace) -> None:
    other = MLClient(FakeCredential(), "s", "g", "w")
    with pytest.raises(LookupError, match="not made by make_client"):
        client_workspace(other)


def test_a_schedule_is_created(client: MLClient, workspace: FakeWorkspace) -> None:
    made = client.schedules.begin_create_or_update(
        schedule(display_name="Every night", description="scores", tags={"a": "b"}, properties={"c": "d"})
    ).result()
    assert (made.name, made.display_name, made.description, made.tags, made.properties) == (
        "nightly", "Every night", "scores", {"a": "b"}, {"c": "d"},
    )  # fmt: skip
    assert (made.is_enabled, made.provisioning_state) == (True, "Succeeded")
    assert made.creation_context.created_at == workspace.clock.now()
    assert (made.trigger.type, made.trigger.expression, made.trigger.time_zone) == ("Cron", "0 2 * * *", "UTC")
    ours = workspace.schedules.get("nightly")
    assert (ours.trigger.expression, ours.create_job) == ("0 2 * * *", "train")


def test_the_start_that_the_service_fills_in_is_seen_later(client: MLClient) -> None:
    made = client.schedules.begin_create_or_update(schedule()).result()
    assert made.trigger.start_time == "2026-01-01T00:00:00"
    assert client.schedules.get("nightly").trigger.start_time == "2026-01-01T00:00:00"


def test_a_put_by_reference_takes_three_requests_and_no_wait(client: MLClient) -> None:
    transport = client._kwargs["transport"]
    adapter, calls = transport.session.get_adapter("https://"), []
    inner = adapter.application

    def application(environ: Any, start_response: Any) -> Any:
        calls.append((environ["REQUEST_METHOD"], environ["PATH_INFO"].rsplit("/", 2)[-2]))
        return inner(environ, start_response)

    adapter.application = application
    create(client, "nightly")
    assert calls == [("PUT", "schedules"), ("GET", "mfeOperationsStatus"), ("GET", "schedules")]
    assert transport.sleeps == []


def test_a_recurrence_comes_back_as_it_was(client: MLClient) -> None:
    trigger = RecurrenceTrigger(
        frequency="week",
        interval=2,
        schedule=RecurrencePattern(hours=[4, 16], minutes=[0, 30], week_days=["monday", "thursday"]),
        start_time="2026-03-01 08:00:00",
        end_time="2027-03-01 08:00:00",
        time_zone="W. Europe Standard Time",
    )
    found = client.schedules.begin_create_or_update(schedule(trigger=trigger)).result().trigger
    assert (found.frequency, found.interval, found.time_zone) == ("week", 2, "W. Europe Standard Time")
    assert (found.start_time, found.end_time) == ("2026-03-01 08:00:00", "2027-03-01 08:00:00")
    assert (found.schedule.hours, found.schedule.minutes) == ([4, 16], [0, 30])
    assert [day.lower() for day in found.schedule.week_days] == ["monday", "thursday"]


def test_a_missing_schedule_is_not_found(client: MLClient) -> None:
    with pytest.raises(ResourceNotFoundError, match="Resource Trigger nightly not found"):
        client.schedules.get("nightly")
    with pytest.raises(ResourceNotFoundError, match="Resource Trigger nightly not found"):
        client.schedules.begin_disable("nightly")


def test_lists_show_what_is_asked_for(client: MLClient) -> None:
    create(client, "b", "a", "c")
    client.schedules.begin_disable("b").result()
    assert [found.name for found in client.schedules.list()] == ["a", "c"]
    assert names_of(client, "DisabledOnly") == ["b"]
    assert names_of(client, "All") == ["a", "b", "c"]


def test_lists_are_read_page_by_page(workspace: FakeWorkspace) -> None:
    from pytest_mlschedule.arm.cloud import Cloud

    client = make_client(workspace, cloud=Cloud(workspace, page_size=3))
    wanted = [f"s{number}" for number in range(8)]
    create(client, *wanted)
    assert names_of(client, "All") == wanted


def test_disabling_and_enabling(client: MLClient, workspace: FakeWorkspace) -> None:
    create(client, "nightly")
    assert client.schedules.begin_disable("nightly").result().is_enabled is False
    assert workspace.schedules.get("nightly").is_enabled is False
    assert client.schedules.begin_enable("nightly").result().is_enabled is True


def test_an_active_schedule_survives_its_deletion(client: MLClient) -> None:
    create(client, "nightly")
    poller = client.schedules.begin_delete("nightly")
    with pytest.raises(HttpResponseError, match="Cannot delete an active trigger nightly"):
        poller.result()
    assert client.schedules.get("nightly").is_enabled


def test_a_disabled_schedule_is_deleted_for_good(client: MLClient) -> None:
    create(client, "nightly")
    client.schedules.begin_disable("nightly").result()
    client.schedules.begin_delete("nightly").result()
    with pytest.raises(ResourceNotFoundError):
        client.schedules.get("nightly")
    client.schedules.begin_delete("nightly").result()


def test_a_schedule_is_changed_by_getting_and_putting_it(client: MLClient, workspace: FakeWorkspace) -> None:
    client.schedules.begin_create_or_update(schedule(tags={"a": "b"})).result()
    workspace.clock.tick(timedelta(days=3))
    found = client.schedules.get("nightly")
    found.trigger.expression = "30 4 * * 1"
    found.description = "changed"
    found.tags["c"] = "d"
    changed = client.schedules.begin_create_or_update(found).result()
    assert (changed.trigger.expression, changed.description, changed.tags) == (
        "30 4 * * 1",
        "changed",
        {"a": "b", "c": "d"},
    )
    assert changed.trigger.start_time == "2026-01-01T00:00:00", "the start that was filled in is kept"
    assert changed.creation_context.last_modified_at == workspace.clock.now()
    assert changed.creation_context.created_at == datetime(2026, 1, 1, tzinfo=UTC)


def test_another_time_zone_and_kind_of_trigger(client: MLClient) -> None:
    create(client, "nightly")
    changed = schedule(trigger=RecurrenceTrigger(frequency="hour", interval=6))
    assert client.schedules.begin_create_or_update(changed).result().trigger.type == "Recurrence"


def test_triggering_by_hand(client: MLClient, workspace: FakeWorkspace) -> None:
    create(client, "nightly")
    result = client.schedules.trigger("nightly", schedule_time="2024-02-19T00:00:00")
    assert result.schedule_action_type == "CreateJob"
    (job,) = workspace.schedules.jobs("nightly")
    assert (job.name, job.display_name) == (result.job_name, "nightly-20240219T000000Z")


def test_triggering_what_is_not_there_or_disabled(client: MLClient) -> None:
    with pytest.raises(HttpResponseError, match="Resource Trigger nightly not found"):
        client.schedules.trigger("nightly", schedule_time="2024-02-19T00:00:00")
    create(client, "nightly")
    client.schedules.begin_disable("nightly").result()
    with pytest.raises(HttpResponseError, match="disabled"):
        client.schedules.trigger("nightly", schedule_time="2024-02-19T00:00:00")


@pytest.mark.parametrize(
    ("trigger", "message"),
    [
        (CronTrigger(expression="61 2 * * *"), "minute 61"),
        (CronTrigger(expression="0 2 * * *", time_zone="America/Los_Angeles"), "Pacific Standard Time"),
        (CronTrigger(expression="0 2 * * *", end_time="2020-01-01T00:00:00"), "(?i)end"),
        (RecurrenceTrigger(frequency="day", interval=0), "(?i)interval"),
    ],
)
def test_what_the_service_refuses_is_refused_with_its_reason(client: MLClient, trigger: Any, message: str) -> None:
    with pytest.raises(HttpResponseError, match=message) as refused:
        client.schedules.begin_create_or_update(schedule(trigger=trigger))
    assert refused.value.status_code == 400
    assert names_of(client, "All") == []


@pytest.mark.parametrize("name", ["a/b", ""])
def test_a_name_that_no_path_can_hold_is_refused_as_a_name(client: MLClient, name: str) -> None:
    with pytest.raises(HttpResponseError, match=r"MLS501 name: '.*' is not a name of a schedule"):
        client.schedules.begin_create_or_update(JobSchedule(name=name, trigger=CRON, create_job="azureml:train"))


def test_the_log_calls_what_was_denied_and_what_was_done_by_one_name(workspace: FakeWorkspace) -> None:
    for role in ("Reader", "Owner"):
        client = make_client(workspace.as_role(role))
        with contextlib.suppress(HttpResponseError):
            client.schedules.begin_create_or_update(
                JobSchedule(name="nightly", trigger=CRON, create_job="azureml:train")
            )
        with contextlib.suppress(HttpResponseError):
            client.schedules.begin_delete("nightly")
    found = [(entry.operation, entry.status) for entry in workspace.activity]
    verbs = ("schedules.begin_create_or_update", "schedules.begin_delete")
    assert found == [*((verb, "Denied") for verb in verbs), (verbs[0], "Succeeded"), (verbs[1], "Failed")]


def test_a_file_is_loaded_by_the_client_and_put(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    made = client.schedules.begin_create_or_update(load_schedule("nightly.yml")).result()
    assert (made.display_name, made.tags, made.trigger.frequency) == ("Every night", {"team": "churn"}, "day")
    assert made.create_job.inputs["day"]._data == "${{creation_context.trigger_time}}"
    ours = workspace.schedules.get("nightly")
    assert ours.create_job is not None
    assert not isinstance(ours.create_job, str)
    assert ours.create_job.inputs == {"day": "${{creation_context.trigger_time}}", "rows": "5", "run": "${{name}}"}


def test_a_reader_reads_and_does_not_write(workspace: FakeWorkspace) -> None:
    create(make_client(workspace), "nightly")
    workspace.assign_role("Reader", principal="ada")
    reader = make_client(workspace, principal="ada")
    assert reader.schedules.get("nightly").name == "nightly"
    with pytest.raises(HttpResponseError, match=r"'ada'.*schedules/write") as refused:
        reader.schedules.begin_create_or_update(schedule("weekly"))
    assert (refused.value.status_code, type(refused.value)) == (403, HttpResponseError)
    with pytest.raises(HttpResponseError, match="schedules/delete"):
        reader.schedules.begin_delete("nightly")
    assert names_of(make_client(workspace), "All") == ["nightly"]


def test_somebody_without_a_role_does_not_even_read(workspace: FakeWorkspace) -> None:
    with pytest.raises(HttpResponseError, match="schedules/read"):
        make_client(workspace, principal="nobody").schedules.get("nightly")


def test_a_client_of_a_view_is_whom_the_workspace_is_seen_by(workspace: FakeWorkspace) -> None:
    create(make_client(workspace), "nightly")
    for view in (
        workspace.as_role("Reader"),
        workspace.as_role(RoleDefinition(("*/read",), name="mine"), principal="ada"),
    ):
        client = make_client(view)
        assert client.schedules.get("nightly").name == "nightly"
        with pytest.raises(HttpResponseError, match=f"'{view.principal}'"):
            client.schedules.begin_disable("nightly")
    assert "ada" not in workspace.role_assignments
