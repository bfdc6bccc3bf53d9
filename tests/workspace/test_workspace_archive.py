"""Jobs that are archived, restored and updated, found in any case; assets and computes of a workspace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pytest_mlschedule import AuthorizationError, FakeWorkspace, ResourceNotFoundError, Scheduler
from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.workspace.asset_store import Asset, AssetStore
from pytest_mlschedule.workspace.workspace import caller_of, state_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def workspace() -> FakeWorkspace:
    workspace = FakeWorkspace()
    workspace.jobs.create_or_update(PipelineJob(name="train", tags={"a": "1"}, experiment_name="exp"))
    workspace.jobs.create_or_update(PipelineJob(name="old"))
    return workspace


def names(workspace: FakeWorkspace, view: str = "ACTIVE_ONLY") -> list[str]:
    return [job.name for job in workspace.jobs.list(list_view_type=view)]


def test_archived_jobs_are_listed_when_they_are_asked_for(workspace: FakeWorkspace) -> None:
    views = ("ACTIVE_ONLY", "ARCHIVED_ONLY", "ALL")
    assert [names(workspace, view) for view in views] == [["train", "old"], [], ["train", "old"]]
    workspace.jobs.archive("OLD")
    assert [names(workspace, view) for view in views] == [["train"], ["old"], ["train", "old"]]
    assert workspace.jobs.get("old").name == "old"
    workspace.jobs.restore("old")
    workspace.jobs.restore("old")
    assert [names(workspace, view) for view in views] == [["train", "old"], [], ["train", "old"]]
    assert [entry.operation for entry in workspace.activity[-3:]] == ["jobs.archive", "jobs.restore", "jobs.restore"]


def test_jobs_of_a_schedule_are_archived_too(workspace: FakeWorkspace) -> None:
    schedule = JobSchedule(name="nightly", trigger=CronTrigger("0 3 * * *"), create_job=PipelineJob())
    workspace.schedules.begin_create_or_update(schedule)
    first, second = Scheduler(workspace).advance(timedelta(days=2))
    workspace.jobs.archive(first.name)
    assert [job.name for job in workspace.jobs.list(schedule="nightly")] == [second.name]
    assert [job.name for job in workspace.schedules.jobs("nightly")] == [first.name, second.name]


def test_the_texts_of_a_job_are_updated_and_the_rest_stays(workspace: FakeWorkspace) -> None:
    workspace.clock.tick(timedelta(hours=1))
    job = workspace.jobs.update("TRAIN", display_name="New", description="why", tags={"b": "2"}, properties={"p": "q"})
    assert job == workspace.jobs.get("train")
    assert (job.name, job.display_name, dict(job.tags), job.experiment_name) == (
        "train",
        "New",
        {"a": "1", "b": "2"},
        "exp",
    )
    assert job.creation_context.created_at == NOW
    definition = job.definition()
    assert definition is not None
    assert (definition.description, dict(definition.properties)) == ("why", {"p": "q"})
    assert names(workspace) == ["train", "old"]
    assert workspace.jobs.update("train").display_name == "New"


def test_an_update_reaches_the_schedules_that_refer_to_the_job(workspace: FakeWorkspace) -> None:
    schedule = JobSchedule(name="nightly", trigger=CronTrigger("0 3 * * *"), create_job="Train")
    workspace.schedules.begin_create_or_update(schedule)
    scheduler = Scheduler(workspace)
    [first] = scheduler.advance(timedelta(days=1))
    workspace.jobs.update("train", tags={"b": "2"})
    [second] = scheduler.advance(timedelta(days=1))
    assert (dict(first.tags), dict(second.tags)) == ({"a": "1"}, {"a": "1", "b": "2"})


def test_a_job_that_a_schedule_made_is_updated_and_stays_its_job(workspace: FakeWorkspace) -> None:
    schedule = JobSchedule(name="nightly", trigger=CronTrigger("0 3 * * *"), create_job=PipelineJob())
    workspace.schedules.begin_create_or_update(schedule)
    workspace.schedules.begin_create_or_update(schedule.replace(name="other", create_job="elsewhere"))
    for job in Scheduler(workspace).advance(timedelta(days=1)):
        found = workspace.jobs.update(job.name, tags={"a": "b"}, properties={"p": "q"}, display_name="New")
        assert found == workspace.jobs.get(job.name)
        assert (found.tags, found.properties, found.display_name) == ({"a": "b"}, {"p": "q"}, "New")
        assert (found.schedule, found.trigger_time, found.status) == (job.schedule, job.trigger_time, job.status)
        assert (dict(job.tags), job.display_name) == ({}, f"{job.schedule}-20260101T030000Z")


def test_only_who_may_write_jobs_archives_and_updates(workspace: FakeWorkspace) -> None:
    reader = workspace.as_role("Reader")
    for call in (reader.jobs.archive, reader.jobs.restore, reader.jobs.update):
        with pytest.raises(AuthorizationError):
            call("train")
    for call in (workspace.jobs.archive, workspace.jobs.restore, workspace.jobs.update):
        with pytest.raises(ResourceNotFoundError, match="Job none not found"):
            call("none")


def test_registered_jobs_are_found_in_any_case_the_exact_name_first(workspace: FakeWorkspace) -> None:
    assert workspace.jobs.get("TRAIN").name == "train"
    workspace.jobs.create_or_update(PipelineJob(name="Train", experiment_name="other"))
    assert (workspace.jobs.get("Train").experiment_name, workspace.jobs.get("train").experiment_name) == (
        "other",
        "exp",
    )
    assert workspace.jobs.get("tRAIN").experiment_name == "other"
    assert len(names(workspace)) == 3


def asset(name: str, version: str, kind: str = "data") -> Asset:
    return Asset(kind, name, version, {"version": version}, NOW, "ann")


def test_assets_are_found_by_kind_name_and_version_in_any_case() -> None:
    store = AssetStore()
    for one in (asset("a", "1"), asset("a", "x"), asset("b", "1"), asset("a", "1", "models")):
        store.put(one)
    assert store.find("data", "A", "X") == asset("a", "x")
    assert store.find("data", "a", "2") is None
    assert store.find("codes", "a", "1") is None
    assert store.versions("data", "A") == [asset("a", "x"), asset("a", "1")]
    assert store.versions("data", "none") == []
    assert store.of_kind("data") == [asset("a", "1"), asset("a", "x"), asset("b", "1")]
    store.put(Asset("data", "a", "1", {"changed": True}, NOW, "ann"))
    assert [one.version for one in store.versions("data", "a")] == ["x", "1"]
    assert store.versions("data", "a")[1].properties == {"changed": True}


def test_computes_are_any_until_they_are_defined(workspace: FakeWorkspace) -> None:
    assert state_of(workspace).computes is None
    workspace.define_computes("cpu", "gpu")
    assert state_of(workspace).computes == ("cpu", "gpu")
    with pytest.raises(AuthorizationError, match="workspaces/computes/write"):
        workspace.as_role("Reader").define_computes()
    assert workspace.activity[-2].operation == "define_computes"
    assert caller_of(workspace.as_role("Reader", principal="ann")).principal == "ann"
