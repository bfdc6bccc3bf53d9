"""Jobs through the real client: everything that ``client.jobs`` does about schedules, and every kind of job in them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from azure_names import (
    CronTrigger,
    HttpResponseError,
    Input,
    JobException,
    JobSchedule,
    MLClient,
    Output,
    PipelineJob,
    ResourceNotFoundError,
    command,
    load_component,
    load_job,
    load_schedule,
    pipeline,
    spark,
)

from pytest_mlschedule import FakeWorkspace, Scheduler
from pytest_mlschedule import load_job as our_load_job
from pytest_mlschedule.az import Az
from pytest_mlschedule.azure import RouteNotModelledError, make_client
from pytest_mlschedule.schedules.models import PipelineJob as OurJob

CRON = CronTrigger(expression="0 2 * * *", time_zone="UTC")
DAY = "2026-03-02T00:00:00"


def put(client: MLClient, job: Any, name: str = "nightly") -> JobSchedule:
    return client.schedules.begin_create_or_update(JobSchedule(name=name, trigger=CRON, create_job=job)).result()


def stored_job(workspace: FakeWorkspace, name: str = "nightly") -> OurJob:
    job = workspace.schedules.get(name).create_job
    assert isinstance(job, OurJob)
    return job


# What jobs do


def test_a_job_is_put_and_read(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    made = client.jobs.create_or_update(load_job("pipeline.yml"))
    assert isinstance(made, PipelineJob)
    assert (made.display_name, made.experiment_name, made.status) == ("Score customers", "scoring", "Completed")
    found = client.jobs.get(made.name)
    assert (found.name, found.display_name, found.tags) == (made.name, "Score customers", {"team": "churn"})
    assert found.creation_context.created_at == workspace.clock.now()
    (ours,) = workspace.jobs.list()
    assert (ours.name, ours.display_name) == (made.name, "Score customers")


def test_ws_11_a_scheduled_job_is_tagged_and_stays_its_job(client: MLClient, workspace: FakeWorkspace) -> None:
    put(client, "azureml:elsewhere")
    [ours] = Scheduler(workspace).run_until(workspace.clock.now() + timedelta(days=1))
    job = client.jobs.get(ours.name)
    job.tags["reviewed"] = "yes"
    assert client.jobs.create_or_update(job).tags == {"reviewed": "yes"}
    assert [found.name for found in client.jobs.list(scheduled_job_name="nightly")] == [ours.name]
    [found] = workspace.schedules.jobs("nightly")
    assert (found.trigger_time, dict(found.tags)) == (ours.trigger_time, {"reviewed": "yes"})


def test_ws_11_a_name_is_one_job(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    for _ in range(2):
        job = load_job("pipeline.yml")
        job.name = "base"
        client.jobs.create_or_update(job)
    job = load_job("pipeline.yml", params_override=[{"inputs.rows": 6}])
    job.name = "base"
    with pytest.raises(
        HttpResponseError, match=r"\(UserError\) A job with the name base exists already, with other inputs[.]"
    ):
        client.jobs.create_or_update(job)
    [kept] = workspace.jobs.list()
    assert kept.inputs["rows"] == "5"
    job.name = "a.b"
    with pytest.raises(HttpResponseError, match=r"'a.b' is not a name of a job: 1 to 255 letters"):
        client.jobs.create_or_update(job)


@pytest.mark.parametrize("first", ["python", "az", "client"])
def test_ws_11_the_same_file_is_put_by_whoever_comes(
    first: str, client: MLClient, workspace: FakeWorkspace, folder: Path
) -> None:
    """Each writes the file in words of its own: a test arranges a job, and the deploy code under test puts it once more."""
    path = folder / "fixed.yml"
    path.write_text((folder / "pipeline.yml").read_text().replace("type: pipeline", "type: pipeline\nname: fixed", 1))
    ways = {
        "python": lambda: workspace.jobs.create_or_update(our_load_job(path)),
        "az": lambda: Az(workspace)(["ml", "job", "create", "-f", str(path)], check=True),
        "client": lambda: client.jobs.create_or_update(load_job(path)),
    }
    ways[first]()
    for way in ways.values():
        way()
        way()
    assert [job.name for job in workspace.jobs.list()] == ["fixed"]
    with pytest.raises(HttpResponseError, match="A job with the name fixed exists already"):
        client.jobs.create_or_update(load_job(path, params_override=[{"compute": "other"}]))


def test_keywords_replace_what_the_job_says(client: MLClient, folder: Path) -> None:
    made = client.jobs.create_or_update(
        load_job("pipeline.yml"), experiment_name="other", tags={"a": "b"}, description="d", compute="gpu"
    )
    assert (made.experiment_name, made.tags, made.description) == ("other", {"a": "b"}, "d")
    assert made.compute.endswith("gpu")


def test_a_missing_job_is_not_found(client: MLClient) -> None:
    with pytest.raises(ResourceNotFoundError, match="nothing"):
        client.jobs.get("nothing")


def test_jobs_are_listed(client: MLClient, folder: Path) -> None:
    made = [client.jobs.create_or_update(load_job("pipeline.yml")).name for _ in range(3)]
    assert sorted(job.name for job in client.jobs.list()) == sorted(made)
    assert list(client.jobs.list(list_view_type="ArchivedOnly")) == []
    assert list(client.jobs.list(parent_job_name=made[0])) == []


def test_jobs_of_a_schedule_are_listed(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    other = client.jobs.create_or_update(load_job("pipeline.yml"))
    put(client, load_job("pipeline.yml"))
    put(client, f"azureml:{other.name}", "weekly")
    names = [client.schedules.trigger(name, schedule_time=DAY).job_name for name in ("nightly", "weekly")]
    assert {job.name for job in client.jobs.list()} == {other.name, *names}
    assert [job.name for job in client.jobs.list(scheduled_job_name="weekly")] == names[1:]
    assert {job.name for job in client.jobs.list(schedule_defined=True)} == set(names)


def test_a_job_is_canceled_while_it_runs(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    put(client, load_job("pipeline.yml"))
    name = client.schedules.trigger("nightly", schedule_time=DAY).job_name
    client.jobs.begin_cancel(name).result()
    assert client.jobs.get(name).status == "Completed", "it had ended before"
    scheduler = Scheduler(workspace)
    scheduler.on_run(lambda job: "Running")
    (job,) = scheduler.run_until(workspace.clock.now().replace(day=2))
    client.jobs.begin_cancel(job.name).result()
    assert client.jobs.get(job.name).status == "Canceled"
    with pytest.raises(ResourceNotFoundError):
        client.jobs.begin_cancel("nothing")


def test_streaming_a_job_that_has_ended(client: MLClient, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = client.jobs.create_or_update(load_job("pipeline.yml"))
    capsys.readouterr()
    client.jobs.stream(made.name)
    printed = capsys.readouterr().out
    assert f"RunId: {made.name}\n" in printed
    assert "Execution Summary" in printed


def test_streaming_a_job_that_has_failed_raises_as_it_does(
    client: MLClient, workspace: FakeWorkspace, folder: Path
) -> None:
    put(client, load_job("pipeline.yml"))
    scheduler = Scheduler(workspace)
    scheduler.on_run(lambda job: "Failed")
    (job,) = scheduler.run_until(workspace.clock.now().replace(day=2))
    with pytest.raises(JobException, match=f"Job {job.name} failed"):
        client.jobs.stream(job.name)


def test_streaming_a_job_that_runs_says_that_it_cannot(
    client: MLClient, workspace: FakeWorkspace, folder: Path
) -> None:
    put(client, load_job("pipeline.yml"))
    scheduler = Scheduler(workspace)
    scheduler.on_run(lambda job: "Running")
    (job,) = scheduler.run_until(workspace.clock.now().replace(day=2))
    with pytest.raises(RouteNotModelledError, match="has not ended"):
        client.jobs.stream(job.name)


def test_what_is_not_modelled_says_so_at_once(client: MLClient) -> None:
    with pytest.raises(RouteNotModelledError, match="onlineEndpoints/scoring is not modelled"):
        client.online_endpoints.get("scoring")


def test_a_job_is_changed_as_the_portal_does(client: MLClient, folder: Path) -> None:
    made = client.jobs.create_or_update(load_job("pipeline.yml"))
    changed = client.jobs.update(made.name, display_name="Other", tags={"c": "d"})
    assert (changed.display_name, changed.tags) == ("Other", {"team": "churn", "c": "d"})
    client.jobs.archive(made.name)
    assert list(client.jobs.list()) == []
    client.jobs.restore(made.name)
    assert [job.name for job in client.jobs.list()] == [made.name]


# Jobs in schedules


def test_a_pipeline_without_code(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    made = put(client, load_job("pipeline.yml"))
    job = stored_job(workspace)
    assert job.inputs == {"day": "${{creation_context.trigger_time}}", "rows": "5", "run": "${{name}}"}
    assert list(job.jobs) == ["score"]
    assert made.create_job.experiment_name == "scoring"
    assert list(made.create_job.jobs) == ["score"]


def test_a_pipeline_with_code_is_not_uploaded(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    made = put(client, load_job("with_code.yml"))
    again = put(client, load_job("with_code.yml"))
    step, same = made.create_job.jobs["say"], again.create_job.jobs["say"]
    assert step.component == same.component, "the same step is the same component"
    (folder / "src" / "say.py").write_text("print('bye')\n")
    assert put(client, load_job("with_code.yml")).create_job.jobs["say"].component != step.component


def test_code_is_uploaded_where_that_is_asked_for(folder: Path, workspace: FakeWorkspace) -> None:
    from pytest_mlschedule.arm.cloud import Cloud

    cloud = Cloud(workspace, wants_uploads=True)
    client = make_client(workspace, cloud=cloud)
    put(client, load_job("with_code.yml"))
    assert [blob.content for blob in cloud.blobs.values()] == [b"print('hello')\n"]


def test_a_local_file_as_data_is_uploaded(client: MLClient, folder: Path) -> None:
    (folder / "rows.csv").write_text("a,b\n1,2\n")
    (folder / "with_data.yml").write_text(
        "type: pipeline\ncompute: azureml:cpu\ninputs: {rows: {type: uri_file, path: ./rows.csv}}\njobs:\n"
        "  count:\n    command: wc ${{inputs.rows}}\n    environment: azureml:e:1\n    inputs: {rows: '${{parent.inputs.rows}}'}\n"
    )
    made = put(client, load_job("with_data.yml"))
    assert "rows.csv" in made.create_job.inputs["rows"].path


def test_a_job_by_name_and_by_arm_id(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    base = client.jobs.create_or_update(load_job("pipeline.yml"))
    by_name = put(client, f"azureml:{base.name}", "by-name")
    by_id = put(client, f"azureml:{base.id}", "by-id")
    assert by_name.create_job.id == base.name
    assert by_id.create_job.id == base.id
    for name in ("by-name", "by-id"):
        job = client.jobs.get(client.schedules.trigger(name, schedule_time=DAY).job_name)
        ours = workspace.schedules.jobs(name)[0]
        assert ours.inputs["rows"] == "5"
        assert job.tags == {"team": "churn"}


def test_a_job_in_the_workspace_with_overrides(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    base = client.jobs.create_or_update(load_job("pipeline.yml"))
    (folder / "overridden.yml").write_text(
        "name: nightly\ntrigger: {type: cron, expression: '0 2 * * *'}\n"
        f"create_job: {{type: pipeline, job: 'azureml:{base.name}', inputs: {{rows: 7}}, experiment_name: other}}\n"
    )
    client.schedules.begin_create_or_update(load_schedule("overridden.yml")).result()
    client.schedules.trigger("nightly", schedule_time=DAY)
    (job,) = workspace.schedules.jobs("nightly")
    assert dict(job.inputs) == {"day": "2026-03-02T00:00:00Z", "rows": "7", "run": job.name}
    assert job.experiment_name == "other"


def test_a_local_job_with_overrides(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    (folder / "overridden.yml").write_text(
        "name: nightly\ntrigger: {type: cron, expression: '0 2 * * *'}\n"
        "create_job: {type: pipeline, job: ./pipeline.yml, inputs: {rows: 7}, tags: {urgent: very}, settings: {force_rerun: true}}\n"
    )
    client.schedules.begin_create_or_update(load_schedule("overridden.yml")).result()
    job = stored_job(workspace)
    assert job.inputs["rows"] == "7"
    assert job.settings["force_rerun"] is True


def test_a_pipeline_of_the_dsl(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    prepare = command(
        name="prepare",
        inputs={"rows": Input(type="integer"), "when": Input(type="string")},
        outputs={"out": Output(type="uri_folder")},
        command="echo ${{inputs.rows}} ${{inputs.when}} > ${{outputs.out}}/a.txt",
        environment="azureml:score-env:1",
    )
    (folder / "count.yml").write_text(
        "type: command\nname: count\nversion: 1\ninputs: {data: {type: uri_folder}}\ncommand: ls ${{inputs.data}}\n"
        "environment: azureml:score-env:1\n"
    )
    count = load_component("count.yml")

    @pipeline(default_compute="cpu-cluster", display_name="From the DSL", experiment_name="dsl")
    def build(rows, when):  # type: ignore[no-untyped-def]  # the client looks at annotations
        first = prepare(rows=rows, when=when)
        count(data=first.outputs.out)
        return {"result": first.outputs.out}

    job = build(rows=3, when="${{creation_context.trigger_time}}")
    made = put(client, job)
    assert sorted(made.create_job.jobs) == ["count", "first"]
    assert stored_job(workspace).inputs == {"rows": "3", "when": "${{creation_context.trigger_time}}"}
    client.schedules.trigger("nightly", schedule_time=DAY)
    (ran,) = workspace.schedules.jobs("nightly")
    assert (ran.inputs["when"], ran.experiment_name) == ("2026-03-02T00:00:00Z", "dsl")
    assert client.jobs.create_or_update(build(rows=4, when="now")).display_name == "From the DSL"


@pytest.mark.usefixtures("_preview")
def test_a_command_behind_the_switch(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    job = command(command="echo ${{inputs.a}}", inputs={"a": "x"}, environment="azureml:e:1", compute="cpu")
    made = put(client, job)
    assert made.create_job.command == "echo ${{inputs.a}}"
    job_name = client.schedules.trigger("nightly", schedule_time=DAY).job_name
    assert client.jobs.get(job_name).display_name == "nightly-20260302T000000Z"


@pytest.mark.usefixtures("_preview")
def test_a_spark_job_behind_the_switch(client: MLClient, folder: Path) -> None:
    job = spark(
        code="./src",
        entry={"file": "say.py"},
        driver_cores=1,
        driver_memory="2g",
        executor_cores=2,
        executor_memory="2g",
        executor_instances=1,
        resources={"instance_type": "standard_e4s_v3", "runtime_version": "3.4"},
    )
    made = put(client, job)
    assert made.create_job.entry.entry == "say.py"
    job_name = client.schedules.trigger("nightly", schedule_time=DAY).job_name
    assert client.jobs.get(job_name).display_name == "nightly-20260302T000000Z"


def test_a_job_on_its_own_that_is_no_pipeline(client: MLClient, folder: Path) -> None:
    made = client.jobs.create_or_update(command(command="echo a", environment="azureml:e:1", compute="cpu"))
    assert client.jobs.get(made.name).command == "echo a"


def test_a_reader_is_stopped_at_the_first_step(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    workspace.assign_role("Reader", principal="ada")
    with pytest.raises(HttpResponseError, match="components/versions/write"):
        put(make_client(workspace, principal="ada"), load_job("pipeline.yml"))
    with pytest.raises(HttpResponseError, match="jobs/write"):
        make_client(workspace, principal="ada").jobs.create_or_update(
            command(command="echo a", environment="azureml:e:1", compute="cpu")
        )
