"""What the service fills in of a definition, as the client's own tests of schedules ask for it."""

from __future__ import annotations

from typing import Any

import pytest
from azure_names import CronTrigger, Input, JobSchedule, MLClient, Output, command, pipeline

from pytest_mlschedule import CronTrigger as OurTrigger
from pytest_mlschedule import FakeWorkspace, PipelineJob
from pytest_mlschedule import JobSchedule as OurSchedule
from pytest_mlschedule.arm.definitions import schedule_resource
from pytest_mlschedule.schedules.models import Step

CRON = CronTrigger(expression="0 2 * * *", time_zone="UTC")


def definition_of(workspace: FakeWorkspace, name: str = "nightly") -> dict[str, Any]:
    shown = schedule_resource(workspace.schedules.get(name), workspace)
    return dict(shown["properties"]["action"]["jobDefinition"])


@pytest.mark.usefixtures("_preview")
def test_a_command_comes_back_as_the_client_sent_it(client: MLClient, workspace: FakeWorkspace) -> None:
    job = command(
        command="cp ${{inputs.a}} ${{outputs.b}}",
        inputs={"a": Input(type="uri_file", path="https://example.com/a.csv"), "n": 3},
        outputs={"b": Output(type="uri_folder"), "c": Output(type="uri_folder", mode="upload")},
        environment="azureml:e:1",
        compute="cpu",
    )
    made = client.schedules.begin_create_or_update(JobSchedule(name="nightly", trigger=CRON, create_job=job)).result()
    assert made.create_job.inputs["a"].mode == "ro_mount"
    assert (made.create_job.outputs["b"].mode, made.create_job.outputs["c"].mode) == ("rw_mount", "upload")
    assert made.create_job.compute == f"{workspace.id}/computes/cpu"
    assert "mode" not in definition_of(workspace)["inputs"]["n"]


def test_computes_of_a_pipeline_and_its_steps_have_arm_ids(client: MLClient, workspace: FakeWorkspace) -> None:
    step = command(name="s", command="echo", environment="azureml:e:1", compute="gpu")

    @pipeline(compute="cpu")
    def build():  # type: ignore[no-untyped-def]  # the client looks at annotations
        step()

    made = client.schedules.begin_create_or_update(
        JobSchedule(name="nightly", trigger=CRON, create_job=build())
    ).result()
    shown = definition_of(workspace)
    assert shown["computeId"] == f"{workspace.id}/computes/cpu"
    assert shown["jobs"]["s"]["computeId"] == f"{workspace.id}/computes/gpu"
    assert made.create_job.compute.endswith("cpu")


@pytest.mark.parametrize("compute", ["serverless", "${{parent.inputs.where}}", None])
def test_what_is_no_cluster_stays_as_it_is(workspace: FakeWorkspace, compute: str | None) -> None:
    job = PipelineJob(compute=compute, settings={"default_compute": "azureml:cpu"})
    trigger = {"type": "cron", "expression": "0 2 * * *"}
    from pytest_mlschedule import load_schedule

    schedule: OurSchedule = load_schedule({"name": "nightly", "trigger": trigger, "create_job": "azureml:x"})
    workspace.schedules.begin_create_or_update(schedule.replace(create_job=job))
    assert definition_of(workspace)["computeId"] == compute


def test_a_schedule_of_python_with_a_step_written_out_is_changed_by_the_client(
    client: MLClient, workspace: FakeWorkspace
) -> None:
    """Its environment is looked for by whoever makes a component of the step; nobody does on get and put."""
    job = PipelineJob(compute="cpu", jobs={"a": Step(content={"command": "echo", "environment": "azureml:E@latest"})})
    trigger = OurTrigger("0 2 * * *")
    workspace.schedules.begin_create_or_update(OurSchedule(name="nightly", trigger=trigger, create_job=job))
    assert client.schedules.begin_disable("nightly").result().is_enabled is False
    found = client.schedules.get("nightly")
    found.description = "changed"
    assert client.schedules.begin_create_or_update(found).result().description == "changed"
    version = found.create_job.jobs["a"].component.rpartition("/")[2]
    assert client.components.get("azureml_anonymous", version=version).command == "echo"
    workspace.jobs.create_or_update(job.model_copy(update={"name": "base"}))
    assert client.jobs.get("base").jobs["a"].component.endswith(f"azureml_anonymous:{version}")
