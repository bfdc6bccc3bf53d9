"""``create_job`` and the other actions of a schedule file (JB-5, JB-8, WS-10)."""

from __future__ import annotations

from pathlib import Path

import pytest
from schedule_texts import HEAD, JOB, load, problems

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.loader import load_job
from pytest_mlschedule.schedules.models import PipelineJob


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("azureml:train", "train"),
        ("azureml:train:3", "train:3"),
        ("azureml:/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/jobs/train",
         "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/jobs/train"),
    ],
)  # fmt: skip
def test_jb_8_references_to_jobs_in_the_workspace(reference: str, expected: str, folder: Path) -> None:
    assert load(HEAD + f"create_job: {reference}\n", folder).create_job == expected


def test_jb_8_a_job_in_the_workspace_with_overrides(folder: Path) -> None:
    job = load(HEAD + "create_job: {type: pipeline, job: azureml:train, inputs: {rate: 1}}\n", folder).create_job
    assert isinstance(job, PipelineJob)
    assert (job.id, job.inputs, job.base) == ("train", {"rate": 1}, None)


@pytest.mark.parametrize(
    ("action", "code", "field", "hint"),
    [
        ("file:./job.yml", "MLS401", "create_job", "write ./job.yml"),
        ("AzureML:train", "MLS401", "create_job", "write azureml:train"),
        ("/subscriptions/s/jobs/train", "MLS401", "create_job", "write azureml:/subscriptions/s/jobs/train"),
        ("./missing.yml", "MLS401", "create_job", "relative to the file"),
        (".", "MLS401", "create_job", "relative to the file"),
        ("/dev/zero", "MLS401", "create_job", "relative to the file"),
        ("' '", "MLS401", "create_job", ""),
        ("5", "MLS008", "create_job", ""),
        ("[a]", "MLS008", "create_job", ""),
        ("{}", "MLS008", "create_job", ""),
        ("null", "MLS008", "create_job", ""),
        ("{job: azureml:x}", "MLS405", "create_job.type", "write type: pipeline"),
        ("{type: Pipeline, job: ./job.yml}", "MLS405", "create_job.type", "write pipeline"),
        ("{type: command, job: ./job.yml}", "MLS405", "create_job.type", "write type: pipeline"),
        ("{type: command, job: azureml:x}", "MLS405", "create_job.type", ""),
        ("{type: [], job: ./job.yml}", "MLS405", "create_job.type", ""),
        ("{type: pipeline, jobs: {}}", "MLS405", "create_job.job", "put it into a file"),
        ("{type: pipeline}", "MLS405", "create_job.job", "job: is"),
        ("{type: pipeline, job: 5}", "MLS008", "create_job.job", ""),
        ("{type: pipeline, job: file:./job.yml}", "MLS401", "create_job.job", "write ./job.yml"),
        ("{type: pipeline, job: ./missing.yml}", "MLS401", "create_job.job", "relative"),
        ("{type: pipeline, job: ./job.yml, jobs: {}}", "MLS006", "create_job.jobs", "change the job file"),
        ("{type: pipeline, job: ./job.yml, input: {}}", "MLS006", "create_job.input", "did you mean 'inputs'?"),
        ("{type: pipeline, job: ./job.yml, inputs: [a]}", "MLS008", "create_job.inputs", ""),
        ("{type: pipeline, job: ./job.yml, inputs: {rate: null}}", "MLS009", "create_job.inputs.rate", "leave the key out"),
        ("{type: pipeline, job: ./job.yml, inputs: {rate: {type: integer, default: 1}}}", "MLS009",
         "create_job.inputs.rate.type", "belong to components"),
        ("{type: pipeline, job: ./job.yml, inputs: {data: {value: 5}}}", "MLS006", "create_job.inputs.data.value", ""),
        ("{type: pipeline, job: ./job.yml, settings: {continue_on_step_failure: maybe}}", "MLS008",
         "create_job.settings.continue_on_step_failure", ""),
        ("{type: pipeline, job: ./job.yml, settings: {default_compute: cpu}}", "MLS009",
         "create_job.settings.default_compute", "azureml:<name>"),
        ("{type: pipeline, job: ./job.yml, tags: {a: 1}}", "MLS008", "create_job.tags.a", "quote it"),
        ("{type: pipeline, job: ./job.yml, compute: 5}", "MLS008", "create_job.compute", ""),
        ("{type: pipeline, job: ./job.yml, identity: {type: user}}", "MLS009", "create_job.identity", ""),
        ("{type: pipeline, job: ./job.yml, outputs: {model: x}}", "MLS008", "create_job.outputs.model", ""),
        ("{type: pipeline, job: ./job.yml, experiment_name: null}", "MLS009", "create_job.experiment_name", "leave"),
    ],
)  # fmt: skip
def test_jb_5_jb_8_actions_that_are_refused(action: str, code: str, field: str, hint: str, folder: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        load(HEAD + f"create_job: {action}\n", folder)
    found = caught.value.diagnostics[0]
    assert (found.code, found.field_name) == (code, field)
    assert hint in found.hint
    assert found.location is not None
    assert found.location.line == 3


def test_jb_5_overrides_are_laid_over_and_the_base_stays(folder: Path) -> None:
    schedule = load(
        HEAD
        + """\
create_job:
  type: pipeline
  job: ./job.yml
  name: ignored
  display_name: mine
  experiment_name: other
  compute: azureml:gpu
  inputs: {rate: 0.5, data: {path: ./y.csv}, extra: true}
  outputs: {model: {mode: upload}}
  settings: {continue_on_step_failure: 'yes', custom: [1, 2]}
  tags: {run: nightly}
""",
        folder,
    )
    job = schedule.create_job
    assert isinstance(job, PipelineJob)
    assert job.inputs == {
        "rate": 0.5,
        "note": "base",
        "data": {"type": "uri_file", "path": "./y.csv", "mode": "ro_mount"},
        "extra": True,
    }
    assert job.outputs["model"] == {
        "type": "uri_folder",
        "path": "azureml://datastores/d/paths/${{name}}/",
        "mode": "upload",
    }
    assert job.settings == {"default_datastore": "blob", "continue_on_step_failure": True, "custom": (1, 2)}
    assert (job.tags, job.compute, job.experiment_name, job.display_name) == (
        {"team": "churn", "run": "nightly"},
        "gpu",
        "other",
        "mine",
    )
    assert job.name is None
    assert job.base is not None
    assert job.base.inputs["rate"] == 0.1
    assert set(job.overrides) == {
        "name",
        "display_name",
        "experiment_name",
        "compute",
        "inputs",
        "outputs",
        "settings",
        "tags",
    }
    assert load(HEAD + "create_job: ./job.yml\n", folder).create_job == load_job(folder / "job.yml")


def test_ws_10_monitor_and_import_schedules_carry_their_action_as_data(folder: Path) -> None:
    monitor = load(
        HEAD + "create_monitor: {compute: {instance_type: standard_e4s_v3, runtime_version: '3.4'}}\n", folder
    )
    assert monitor.create_monitor == {"compute": {"instance_type": "standard_e4s_v3", "runtime_version": "3.4"}}
    action = (
        "{type: mltable, name: d, source: {type: database, connection: azureml:c, query: select 1}, path: azureml://x}"
    )
    imported = load(HEAD + f"import_data: {action}\n", folder)
    assert imported.import_data is not None
    assert imported.import_data["source"]["query"] == "select 1"
    (folder / "imp.yml").write_text(action)
    assert load(HEAD + "import_data: ./imp.yml\n", folder).import_data == imported.import_data


@pytest.mark.parametrize(
    ("action", "code", "field"),
    [
        ("create_monitor: 5", "MLS008", "create_monitor"),
        ("create_monitor: {x: 1, compute: {instance_type: a, runtime_version: b}}", "MLS006", "create_monitor.x"),
        ("create_monitor: {compute: 5}", "MLS008", "create_monitor.compute"),
        ("create_monitor: {compute: {instance_type: a, runtime_version: 3.4}}", "MLS008", "create_monitor.compute.runtime_version"),
        ("create_monitor: {compute: {instance_type: a, runtime_version: b, foo: b}}", "MLS006", "create_monitor.compute.foo"),
        ("create_monitor: {compute: {instance_type: a, runtime_version: b}, monitoring_target: 5}", "MLS008", "create_monitor.monitoring_target"),
        ("create_monitor: {compute: {instance_type: a, runtime_version: b}, monitoring_target: {x: 1}}", "MLS006", "create_monitor.monitoring_target.x"),
        ("create_monitor: {compute: {instance_type: a, runtime_version: b}, monitoring_target: {model_id: 1}}", "MLS008", "create_monitor.monitoring_target.model_id"),
        ("create_monitor: {compute: {instance_type: a, runtime_version: b}, monitoring_signals: {s: {type: x}}}", "MLS009", "create_monitor.monitoring_signals.s"),
        ("create_monitor: {compute: {instance_type: a, runtime_version: b}, monitoring_signals: [a]}", "MLS008", "create_monitor.monitoring_signals"),
        ("create_monitor: {compute: {instance_type: a, runtime_version: b}, alert_notification: x}", "MLS009", "create_monitor.alert_notification"),
        ("import_data: {}", "MLS008", "import_data"),
        ("import_data: ./none.yml", "MLS401", "import_data"),
        ("import_data: {name: 5, path: x, source: {type: database, connection: c}}", "MLS008", "import_data.name"),
        ("import_data: {name: d, path: x}", "MLS007", "import_data.source"),
        ("import_data: {name: d, path: x, source: 5}", "MLS008", "import_data.source"),
        ("import_data: {name: d, path: x, source: {type: foo, connection: c}}", "MLS009", "import_data.source.type"),
        ("import_data: {name: d, path: x, type: foo, source: {type: database, connection: c}}", "MLS009", "import_data.type"),
        ("import_data: {name: d, path: x, foo: 1, source: {type: database, connection: c}}", "MLS006", "import_data.foo"),
    ],
)  # fmt: skip
def test_ws_10_other_actions_that_are_refused(action: str, code: str, field: str, folder: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        load(HEAD + action + "\n", folder)
    found = caught.value.diagnostics[0]
    assert (found.code, found.field_name) == (code, field)


def test_jb_5_a_merged_identity_must_be_one_the_client_takes(folder: Path) -> None:
    (folder / "job.yml").write_text(JOB + "identity: {type: managed, client_id: abc}\n")
    assert problems(
        HEAD + "create_job: {type: pipeline, job: ./job.yml, identity: {type: user_identity}}\n", folder
    ) == [("MLS006", "create_job.identity.client_id", 3, 46)]
    same = load(
        HEAD + "create_job: {type: pipeline, job: ./job.yml, identity: {client_id: x, type: managed}}\n", folder
    )
    assert isinstance(same.create_job, PipelineJob)
    assert same.create_job.identity == {"type": "managed", "client_id": "x"}
