"""The verbs of ``workspace.jobs``, what a job shows, and references to jobs (semantics JB-1, JB-2, JB-9, WS-7)."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pytest_mlschedule import (
    DefinitionError,
    FakeWorkspace,
    ResourceNotFoundError,
    Scheduler,
    SimulatedClock,
    WorkspaceError,
)
from pytest_mlschedule.schedules.models import CommandJob, JobSchedule, PipelineJob, Step
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.workspace.job import check_status

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
NAMESPACE = uuid.UUID("5c2b6a0e-1f3d-5f6b-9a53-6f0d6a3c9b11")
JOB = PipelineJob(
    name="base",
    experiment_name="exp",
    inputs={"day": "${{creation_context.trigger_time}}", "rows": 5},
    outputs={"out": {"type": "uri_folder", "path": "azureml://store/${{name}}"}},
    settings={"default_compute": "azureml:cpu"},
    tags={"team": "ml"},
)


@pytest.fixture
def workspace() -> FakeWorkspace:
    return FakeWorkspace()


def put(workspace: FakeWorkspace, name: str, create_job: object, expression: str = "0 3 * * *") -> None:
    trigger = CronTrigger(expression)
    workspace.schedules.begin_create_or_update(JobSchedule(name=name, trigger=trigger, create_job=create_job))


def test_jb_9_what_a_triggered_job_shows(workspace: FakeWorkspace) -> None:
    put(workspace, "nightly", JOB)
    [job] = Scheduler(workspace).advance(timedelta(days=1))
    at = datetime(2026, 1, 1, 3, tzinfo=UTC)
    name = f"nightly-{uuid.uuid5(NAMESPACE, f'nightly/{int(at.timestamp())}/0')}"
    assert job.to_dict() == {
        "name": name,
        "display_name": "nightly-20260101T030000Z",
        "experiment_name": "exp",
        "status": "Completed",
        "type": "pipeline",
        "inputs": {"day": "2026-01-01T03:00:00Z", "rows": 5},
        "outputs": {"out": {"type": "uri_folder", "path": f"azureml://store/{name}"}},
        "settings": {"default_compute": "cpu"},
        "tags": {"team": "ml"},
        "compute": "cpu",
        "creation_context": {"created_at": "2026-01-01T03:00:00Z"},
        "schedule": "nightly",
        "trigger_time": "2026-01-01T03:00:00Z",
    }
    assert (job.trigger_time, job.creation_context.created_at, job.status) == (at, at, "Completed")
    assert workspace.jobs.get(name) == job
    assert repr(job) == "<Job nightly-20260101T030000Z Completed>"


def test_jb_1_display_names_of_the_article() -> None:
    """The example of the schedules article: named-schedule, every 12 hours from 2021-01-01T06:00Z."""
    workspace = FakeWorkspace(clock=SimulatedClock(datetime(2021, 1, 1, tzinfo=UTC)))
    put(workspace, "named-schedule", PipelineJob(), "0 6,18 * * *")
    jobs = Scheduler(workspace).advance(timedelta(days=2))
    assert [job.display_name for job in jobs] == [
        "named-schedule-20210101T060000Z",
        "named-schedule-20210101T180000Z",
        "named-schedule-20210102T060000Z",
        "named-schedule-20210102T180000Z",
    ]


def test_jb_2_submissions_for_one_time_have_names_of_their_own(workspace: FakeWorkspace) -> None:
    put(workspace, "nightly", PipelineJob(inputs={"me": "${{name}}"}))
    by_hand = [workspace.schedules.trigger("nightly", schedule_time="2026-01-01T03:00:00Z").job_name for _ in range(2)]
    [scheduled] = Scheduler(workspace).advance(timedelta(days=1))
    by_hand.append(workspace.schedules.trigger("nightly", schedule_time="2026-01-01T03:00:00Z").job_name)
    expected = [f"nightly-{uuid.uuid5(NAMESPACE, f'nightly/1767236400/{ordinal}')}" for ordinal in range(4)]
    assert [scheduled.name, *by_hand] == expected
    assert [job.inputs["me"] for job in workspace.schedules.jobs("nightly")] == [
        job.name for job in workspace.schedules.jobs("nightly")
    ]


def test_ws_7_the_jobs_of_a_schedule_are_found_in_three_ways(workspace: FakeWorkspace) -> None:
    put(workspace, "nightly", JOB)
    put(workspace, "night", JOB)
    workspace.jobs.create_or_update(JOB)
    Scheduler(workspace).advance(timedelta(days=3))
    history = workspace.schedules.jobs("nightly")
    assert [job.display_name for job in history] == [f"nightly-2026010{day}T030000Z" for day in (1, 2, 3)]
    assert workspace.jobs.list(schedule="nightly") == history
    assert workspace.jobs.list(query="[?contains(display_name,'nightly')]") == history
    assert workspace.jobs.list(query="[?starts_with(display_name,'night-2026')]") == workspace.schedules.jobs("night")
    assert len(workspace.jobs.list()) == 7


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("length(@)", 3),
        ("[].schedule", ["a", "b"]),
        ("[?schedule=='a'].inputs.rows", [5]),
        ("[0].name", "base"),
        ("[?schedule=='c']", []),
        ("nothing", None),
        ("[?trigger_time>='2026-01-02'] | [0]", None),
        ("sort_by([?schedule], &schedule)[-1].creation_context.created_at", "2026-01-01T03:00:00Z"),
    ],
)
def test_ws_7_queries_that_give_data(workspace: FakeWorkspace, query: str, expected: object) -> None:
    workspace.jobs.create_or_update(JOB)
    put(workspace, "b", JOB)
    put(workspace, "a", JOB)
    Scheduler(workspace).advance(timedelta(days=1))
    assert workspace.jobs.list(query=query) == expected


def test_ws_7_queries_that_select_whole_jobs_give_jobs(workspace: FakeWorkspace) -> None:
    put(workspace, "b", JOB)
    put(workspace, "a", JOB)
    jobs = Scheduler(workspace).advance(timedelta(days=1))
    assert workspace.jobs.list(query="reverse(sort_by(@, &schedule))") == jobs[::-1]
    assert workspace.jobs.list(query="[0]") == jobs[0]
    assert workspace.jobs.list(schedule="b", query="[]") == [jobs[1]]


@pytest.mark.parametrize("query", ["[?", "nope(@)", "length(`5`)", ""])
def test_ws_7_a_query_that_is_not_jmespath(workspace: FakeWorkspace, query: str) -> None:
    workspace.jobs.create_or_update(JOB)
    with pytest.raises(WorkspaceError, match="is not JMESPath, or does not fit jobs"):
        workspace.jobs.list(query=query)


def test_a_history_outlives_its_schedule(workspace: FakeWorkspace) -> None:
    put(workspace, "nightly", JOB)
    assert workspace.schedules.jobs("nightly") == []
    jobs = Scheduler(workspace).advance(timedelta(days=1))
    workspace.schedules.begin_disable("nightly")
    workspace.schedules.begin_delete("nightly").result()
    assert workspace.schedules.jobs("nightly") == jobs


def test_a_registered_job(workspace: FakeWorkspace) -> None:
    workspace.clock.tick(timedelta(hours=1))
    job = workspace.jobs.create_or_update(JOB)
    assert job == workspace.jobs.get("base")
    assert hash(job) == hash(workspace.jobs.get("base"))
    assert (job.schedule, job.trigger_time) == (None, None)
    assert job.to_dict() == {
        "name": "base",
        "display_name": "base",
        "experiment_name": "exp",
        "status": "Completed",
        "type": "pipeline",
        "inputs": {"day": "${{creation_context.trigger_time}}", "rows": 5},
        "outputs": {"out": {"type": "uri_folder", "path": "azureml://store/${{name}}"}},
        "settings": {"default_compute": "cpu"},
        "tags": {"team": "ml"},
        "compute": "cpu",
        "creation_context": {"created_at": "2026-01-01T01:00:00Z"},
        "schedule": None,
        "trigger_time": None,
    }
    assert job != "base"


def test_registered_jobs_without_a_name_get_one(workspace: FakeWorkspace) -> None:
    workspace.jobs.create_or_update(PipelineJob(name="pipeline-2"))
    assert workspace.jobs.create_or_update(PipelineJob(display_name="Mine")).name == "pipeline-3"
    command = workspace.jobs.create_or_update(CommandJob(content={"command": "x"}))
    assert (command.name, command.type, command.experiment_name) == ("command-3", "command", "Default")
    assert workspace.jobs.get("pipeline-3").display_name == "Mine"


def test_the_keywords_of_create_or_update_replace_values(workspace: FakeWorkspace) -> None:
    job = workspace.jobs.create_or_update(
        JOB, description="d", compute="azureml:gpu", tags={"x": "y"}, experiment_name="other"
    )
    assert (job.compute, dict(job.tags), job.experiment_name) == ("gpu", {"x": "y"}, "other")
    assert JOB.experiment_name == "exp"
    with pytest.raises(DefinitionError):
        workspace.jobs.create_or_update(JOB, tags={"x": 1})  # type: ignore[dict-item]


def test_ws_11_putting_a_job_again_changes_its_texts_in_its_place(workspace: FakeWorkspace) -> None:
    put(workspace, "nightly", "base")
    workspace.jobs.create_or_update(JOB)
    first = Scheduler(workspace).advance(timedelta(days=1))
    again = JOB.model_copy(update={"tags": {"x": "y"}, "description": "why", "inputs": {**JOB.inputs, "rows": "5"}})
    assert workspace.jobs.create_or_update(again) == workspace.jobs.get("base")
    second = Scheduler(workspace).advance(timedelta(days=1))
    assert [dict(job.tags) for job in (*first, *second)] == [{"team": "ml"}, {"x": "y"}]
    assert [job.description for job in workspace.jobs.list()] == ["why", None, "why"]
    # What is left open stays.
    workspace.jobs.create_or_update(JOB.model_copy(update={"tags": {}, "experiment_name": None}))
    assert workspace.jobs.get("base").tags == {"x": "y"}


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"inputs": {"rows": 6}}, "inputs"),
        ({"settings": {}, "compute": "cpu"}, "settings and compute"),
        ({"experiment_name": "other"}, "experiment_name"),
        ({"outputs": {}}, "outputs"),
        ({"jobs": {"a": Step(content={"command": "echo"})}}, "jobs"),
    ],
)
def test_ws_11_what_a_job_runs_cannot_be_changed(workspace: FakeWorkspace, change: dict[str, Any], fields: str) -> None:
    put(workspace, "nightly", JOB)
    (made,) = Scheduler(workspace).advance(timedelta(days=1))
    definition = made.definition()
    assert definition is not None
    with pytest.raises(
        WorkspaceError, match=f"name {made.name} exists already, with other {fields}[.] What a job runs cannot"
    ):
        workspace.jobs.create_or_update(definition.model_copy(update={**change, "tags": {"x": "y"}}))
    assert workspace.jobs.get(made.name) == made


def test_ws_11_registering_again_replaces_the_job_in_its_place(workspace: FakeWorkspace) -> None:
    """In Python alone: it arranges what a test finds there."""
    workspace.jobs.create_or_update(JOB)
    put(workspace, "nightly", "base")
    scheduler = Scheduler(workspace)
    first = scheduler.advance(timedelta(days=1))
    workspace.jobs.create_or_update(PipelineJob(name="base", inputs={"rows": 6}))
    second = scheduler.advance(timedelta(days=1))
    assert [job.inputs["rows"] for job in (*first, *second)] == [5, 6]
    assert workspace.jobs.get("base").inputs == {"rows": 6}
    assert [job.schedule for job in workspace.jobs.list()] == [None, "nightly", "nightly"]


def test_ws_11_a_job_that_a_schedule_made_stays_its_job(workspace: FakeWorkspace) -> None:
    put(workspace, "nightly", JOB)
    put(workspace, "unknown", "elsewhere")
    made, bare = Scheduler(workspace).advance(timedelta(days=1))
    definition = made.definition()
    assert definition is not None
    workspace.jobs.create_or_update(definition, tags={"reviewed": "yes"}, description="why")
    found = workspace.jobs.get(made.name)
    assert (found.schedule, found.trigger_time, found.display_name) == ("nightly", made.trigger_time, made.display_name)
    assert (found.tags, found.description, found.inputs) == ({"reviewed": "yes"}, "why", made.inputs)
    assert workspace.schedules.jobs("nightly") == [found]
    with pytest.raises(WorkspaceError, match="exists already, with other inputs"):
        workspace.jobs.create_or_update(PipelineJob(name=bare.name, inputs={"a": 1}))
    workspace.jobs.begin_cancel(made.name)
    assert workspace.jobs.get(made.name).tags == {"reviewed": "yes"}


@pytest.mark.parametrize("name", ["a.b", "-a", "a b", "a/b", "x" * 256])
def test_ws_11_names_of_jobs_that_are_not_allowed(workspace: FakeWorkspace, name: str) -> None:
    with pytest.raises(DefinitionError, match=r"MLS501 name: .* is not a name of a job: 1 to 255 letters"):
        workspace.jobs.create_or_update(JOB.model_copy(update={"name": name}))


def test_jobs_say_who_made_them(workspace: FakeWorkspace) -> None:
    """Whoever registered them, or created their schedule."""
    workspace.assign_role("Owner", principal="ann")
    workspace.as_principal("ann").jobs.create_or_update(JOB)
    put(workspace, "nightly", "base")
    Scheduler(workspace).advance(timedelta(days=1))
    contexts = [job.creation_context for job in workspace.jobs.list()]
    assert [(one.created_by, one.created_by_type) for one in contexts] == [("ann", "User"), ("Owner", "User")]


def test_ws_1_an_update_of_the_job_counts_from_then_on(workspace: FakeWorkspace) -> None:
    scheduler = Scheduler(workspace)
    found = []
    for rows in (5, 6):
        put(workspace, "nightly", PipelineJob(inputs={"rows": rows}))
        found += scheduler.advance(timedelta(days=1))
    assert [job.inputs["rows"] for job in found] == [5, 6]
    assert [job.inputs["rows"] for job in workspace.jobs.list()] == [5, 6]


@pytest.mark.parametrize("reference", ["base", "azureml:base"])
def test_an_unknown_reference_runs_with_the_overrides_alone(workspace: FakeWorkspace, reference: str) -> None:
    put(workspace, "plain", reference)
    put(workspace, "over", PipelineJob(id=reference, inputs={"rows": 7}))
    put(workspace, "own", JOB)
    assert [entry.message for entry in workspace.activity] == [
        "job base is not in the workspace: runs carry the overrides alone",
        "job base is not in the workspace: runs carry the overrides alone",
        "",
    ]
    jobs = {job.schedule: job for job in Scheduler(workspace).advance(timedelta(days=1))}
    assert (dict(jobs["plain"].inputs), dict(jobs["over"].inputs)) == ({}, {"rows": 7})
    workspace.jobs.create_or_update(JOB)
    jobs = {job.schedule: job for job in Scheduler(workspace).advance(timedelta(days=1))}
    assert jobs["plain"].inputs == {"day": "2026-01-02T03:00:00Z", "rows": 5}
    assert jobs["over"].inputs == {"day": "2026-01-02T03:00:00Z", "rows": 7}


def test_a_triggered_job_can_be_referred_to_and_its_values_are_resolved(workspace: FakeWorkspace) -> None:
    put(workspace, "nightly", JOB)
    [job] = Scheduler(workspace).advance(timedelta(days=1))
    put(workspace, "again", job.name)
    again = {found.schedule: found for found in Scheduler(workspace).advance(timedelta(days=1))}["again"]
    assert (again.inputs, again.outputs, again.settings) == (job.inputs, job.outputs, job.settings)
    put(workspace, "third", f"nightly-{uuid.UUID(int=5)}")
    assert "is not in the workspace" in workspace.activity[-1].message


@pytest.mark.parametrize(("experiment", "first", "second"), [(None, "s", "s"), ("exp", "exp", "exp")])
def test_jb_7_a_reference_to_a_triggered_job_takes_the_experiment_it_ran_in(
    workspace: FakeWorkspace, experiment: str | None, first: str, second: str
) -> None:
    """Of a registered job that names no experiment the schedule's name counts, of a triggered one what it shows."""
    workspace.jobs.create_or_update(PipelineJob(name="base", experiment_name=experiment))
    put(workspace, "s", "base")
    [job] = Scheduler(workspace).advance(timedelta(days=1))
    assert job.experiment_name == first
    workspace.schedules.begin_disable("s")
    put(workspace, "t", job.name)
    put(workspace, "u", PipelineJob(id=job.name, experiment_name="own"))
    jobs = Scheduler(workspace).advance(timedelta(days=1))
    assert [found.experiment_name for found in jobs] == [second, "own"]


def test_a_job_of_an_unknown_reference_is_no_reference_itself(workspace: FakeWorkspace) -> None:
    put(workspace, "nightly", "unknown")
    [job] = Scheduler(workspace).advance(timedelta(days=1))
    put(workspace, "again", job.name)
    assert workspace.activity[-1].message == f"job {job.name} is not in the workspace: runs carry the overrides alone"


def test_get_and_cancel_of_an_unknown_job(workspace: FakeWorkspace) -> None:
    for call in (workspace.jobs.get, workspace.jobs.begin_cancel):
        with pytest.raises(ResourceNotFoundError) as caught:
            call("nope")
        assert str(caught.value) == "Job nope not found"


def test_cancel(workspace: FakeWorkspace) -> None:
    put(workspace, "nightly", JOB)
    put(workspace, "slow", JOB)
    scheduler = Scheduler(workspace)
    scheduler.outcomes["slow"] = "Running"
    done, running = scheduler.advance(timedelta(days=1))
    assert workspace.jobs.begin_cancel(done.name).status() == "Succeeded"
    assert workspace.activity[-1].message == "the job had ended before: Completed"
    assert workspace.jobs.begin_cancel(running.name).result() is None
    assert [job.status for job in workspace.jobs.list()] == ["Completed", "Canceled"]
    assert running.status == "Running"  # as it was when it was asked for
    assert workspace.jobs.get(running.name) != running


def test_list_view_types_and_children(workspace: FakeWorkspace) -> None:
    workspace.jobs.create_or_update(JOB)
    assert len(workspace.jobs.list(list_view_type="ALL")) == len(workspace.jobs.list(list_view_type="ActiveOnly")) == 1
    assert workspace.jobs.list(list_view_type="ARCHIVED_ONLY") == []
    assert workspace.jobs.list(parent_job_name="base") == []
    with pytest.raises(ResourceNotFoundError):
        workspace.jobs.list(parent_job_name="nope")
    with pytest.raises(ValueError, match="ACTIVE_ONLY, ARCHIVED_ONLY or ALL, not 'x'"):
        workspace.jobs.list(list_view_type="x")


def test_statuses_are_those_of_azure_ml() -> None:
    assert check_status("Failed") == "Failed"
    with pytest.raises(ValueError, match="'failed' is not a job status; they are NotStarted, "):
        check_status("failed")


@pytest.mark.filterwarnings("ignore")  # of libraries that the SDK imports
def test_the_statuses_of_the_sdk() -> None:
    from azure.ai.ml._restclient.arm_ml_service.models import JobStatus

    assert {check_status(status.value) for status in JobStatus} == {status.value for status in JobStatus}


def test_jb_9_a_triggered_job_knows_its_wall_clock(workspace: FakeWorkspace) -> None:
    daily = JobSchedule(
        name="daily",
        trigger=CronTrigger("30 2 * * *", start_time="2026-01-01T00:00:00", time_zone="Pacific Standard Time"),
        create_job=PipelineJob(compute="cpu"),
    )
    workspace.schedules.begin_create_or_update(daily)
    when = "2026-07-01T09:30:00"
    name = workspace.schedules.trigger("daily", schedule_time=when).job_name
    local = workspace.jobs.get(name).local_time
    assert local is not None
    assert local.isoformat() == "2026-07-01T02:30:00-07:00"
    registered = workspace.jobs.create_or_update(PipelineJob(name="by-hand", compute="cpu"))
    assert registered.local_time is None
