"""The real client as oracle: its objects of our files, and what it reads from our answers."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pytest_mlschedule.schedules.entity import plain_word, schedule_from_entity, schedule_to_entity
from pytest_mlschedule.schedules.loader import load_schedule
from pytest_mlschedule.schedules.models import Component, CreationContext, PipelineJob
from pytest_mlschedule.schedules.rest import schedule_from_rest, schedule_to_rest
from pytest_mlschedule.schedules.sdk import adopt_schedule

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the SDK's own dependencies
    from azure.ai.ml._restclient.arm_ml_service.models import Schedule as RestSchedule
    from azure.ai.ml.entities._load_functions import load_schedule as sdk_load_schedule
    from azure.ai.ml.entities._schedule.schedule import Schedule as SdkSchedule

CREATED = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


COMPONENT = """\
type: command
inputs: {rows: {type: integer, default: 3}}
outputs: {model: {type: uri_folder}}
command: echo ${{inputs.rows}}
environment: azureml:env:1
"""
JOB = """\
type: pipeline
display_name: train
experiment_name: exp
compute: azureml:cpu
tags: {team: a}
inputs:
  rows: 5
  rate: 0.5
  flag: true
  text: x
  run: "${{name}}"
  when: "at ${{creation_context.trigger_time}}"
  data: {type: uri_file, path: azureml:data@latest, mode: ro_mount}
outputs:
  model: {type: uri_folder, mode: rw_mount, path: "azureml://datastores/x/paths/${{name}}"}
settings: {default_compute: azureml:cpu, continue_on_step_failure: true, odd: 1}
identity: {type: managed, client_id: c}
jobs:
  fit:
    component: ./component.yml
    inputs: {rows: "${{parent.inputs.rows}}"}
    outputs: {model: "${{parent.outputs.model}}"}
  report:
    command: echo ${{inputs.model}}
    environment: azureml:env:1
    compute: azureml:gpu
    inputs: {model: "${{parent.jobs.fit.outputs.model}}", n: 3}
  remote:
    component: azureml:other:1
    inputs: {z: 1}
"""
TRIGGER = """\
trigger:
  type: recurrence
  frequency: week
  interval: 2
  start_time: "2022-05-10T10:15:00"
  schedule: {hours: [4], minutes: [0, 30], week_days: [monday]}
"""
FILES = {
    "overridden": f"name: nightly\ndisplay_name: D\ntags: {{u: x}}\n{TRIGGER}create_job: {{type: pipeline, job: ./job.yml, inputs: {{rows: 7}}}}\n",
    "remote": f"name: nightly\n{TRIGGER}create_job: {{type: pipeline, job: azureml:train, inputs: {{rows: 7}}, settings: {{default_compute: azureml:cpu}}}}\n",
    "reference": f"name: nightly\n{TRIGGER}create_job: azureml:train\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "component.yml").write_text(COMPONENT)
    (tmp_path / "job.yml").write_text(JOB)
    for name, text in FILES.items():
        (tmp_path / f"{name}.yml").write_text(text)
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_an_object_of_the_client_means_what_our_loader_reads(folder: Path, name: str) -> None:
    path = folder / f"{name}.yml"
    adopted, read = adopt_schedule(sdk_load_schedule(str(path))), load_schedule(path)
    for field in ("name", "display_name", "description", "tags", "properties", "is_enabled", "trigger"):
        assert getattr(adopted, field) == getattr(read, field)
    ours, theirs = read.create_job, adopted.create_job
    if not isinstance(ours, PipelineJob) or not isinstance(theirs, PipelineJob):
        assert theirs == ours == "train"
        return
    for field in (
        "display_name",
        "experiment_name",
        "tags",
        "compute",
        "identity",
        "inputs",
        "outputs",
        "settings",
        "id",
    ):
        assert getattr(theirs, field) == getattr(ours, field), field
    assert {key: type(value) for key, value in theirs.inputs.items() if not isinstance(value, dict)} == {
        key: type(value) for key, value in ours.inputs.items() if not isinstance(value, dict)
    }
    assert list(theirs.jobs) == list(ours.jobs)
    for step in theirs.jobs.values():
        if isinstance(step.component, Component) and "rows" in step.component.inputs:
            assert step.component.inputs["rows"]["type"] == "integer"


@pytest.mark.parametrize("name", FILES)
def test_the_real_client_reads_what_we_answer_and_prints_what_we_print(folder: Path, name: str) -> None:
    context = CreationContext(created_at=CREATED, created_by="Ada", created_by_type="User")
    ours = load_schedule(folder / f"{name}.yml").replace(provisioning_state="Succeeded", creation_context=context)
    client = SdkSchedule._from_rest_object(RestSchedule(json.loads(json.dumps(schedule_to_rest(ours)))))
    printed, expected = client._to_dict(), schedule_to_entity(ours)
    for section in (printed, printed["creation_context"]):
        section.update({key: plain_word(value) for key, value in section.items()})
    # The client adds the job's status, repeats client_id as object_id, and shows a component as its text.
    del printed["create_job"]["status"]
    printed["create_job"].get("identity", {}).pop("object_id", None)
    for job in (printed["create_job"], expected["create_job"]):
        for step in job.get("jobs", {}).values():
            del step["component"]
    assert printed == expected
    read, found = schedule_from_entity(json.loads(json.dumps(client._to_dict())))
    assert found == []
    assert read is not None
    assert read.trigger == ours.trigger


@pytest.mark.parametrize("name", FILES)
def test_what_the_client_sends_is_read_as_its_object(folder: Path, name: str) -> None:
    theirs = sdk_load_schedule(str(folder / f"{name}.yml"))
    body = json.loads(json.dumps(theirs._to_rest_object().as_dict(), default=str))
    sent, found = schedule_from_rest({"name": theirs.name, **body})
    assert found == []
    assert sent is not None
    adopted = adopt_schedule(theirs)
    assert sent.trigger == adopted.trigger
    if isinstance(sent.create_job, PipelineJob) and isinstance(adopted.create_job, PipelineJob):
        texts = {
            key: value if isinstance(value, dict) else str(value) for key, value in adopted.create_job.inputs.items()
        }
        assert sent.create_job.inputs == texts
        assert sent.create_job.jobs == adopted.create_job.jobs
