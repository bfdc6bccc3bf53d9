"""Schedule files end to end: what is loaded, what is refused, and where the problem is said to be."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.schedules.loader import load_job, load_schedule, load_schedules
from pytest_mlschedule.schedules.models import CommandJob, JobSchedule, PipelineJob, SparkJob
from pytest_mlschedule.triggers.cron import CronTrigger

SEED = Path(__file__).parents[2] / "fixtures" / "seed"

JOB = """\
type: pipeline
experiment_name: churn
compute: azureml:cpu
settings: {default_datastore: azureml:blob, continue_on_step_failure: false}
inputs:
  rate: 0.1
  note: base
  data: {type: URI_FILE, path: ./x.csv, mode: ro_mount}
outputs:
  model: {type: uri_folder, path: "azureml://datastores/d/paths/${{name}}/"}
tags: {team: churn}
jobs:
  fit:
    command: echo ${{inputs.rate}}
    environment: azureml:env@latest
    inputs: {rate: "${{parent.inputs.rate}}"}
    outputs: {model: "${{parent.outputs.model}}"}
"""
HEAD = "name: nightly\ntrigger: {type: cron, expression: '0 3 * * *', start_time: '2026-01-01T00:00:00'}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "job.yml").write_text(JOB)
    return tmp_path


def load(text: str, folder: Path) -> JobSchedule:
    return load_schedule(io.StringIO(text), base=folder)


def problems(text: str, folder: Path) -> list[tuple[str, str, int, int]]:
    with pytest.raises(DefinitionError) as caught:
        load(text, folder)
    return [
        (item.code, item.field_name, item.location.line, item.location.column)
        for item in caught.value.diagnostics
        if item.location is not None
    ]


def test_the_three_schedules_of_the_seed_page_load() -> None:
    loaded = {schedule.name: schedule for schedule in load_schedules(SEED)}
    assert list(loaded) == [
        "cron_with_settings_job_schedule",
        "simple_cron_job_schedule",
        "simple_recurrence_job_schedule",
    ]
    changed = loaded["cron_with_settings_job_schedule"].create_job
    assert isinstance(changed, PipelineJob)
    assert changed.settings == {"default_compute": "cpu-cluster", "continue_on_step_failure": True}
    assert changed.inputs == {"hello_string_top_level_input": "${{name}}"}
    assert changed.tags == {"schedule": "cron_with_settings_schedule"}
    assert all(schedule.diagnostics == () for schedule in loaded.values())


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


def test_every_problem_of_a_file_at_once_in_file_order(folder: Path) -> None:
    text = """\
name: bad name
nmae: x
display_name: 5
trigger:
  type: cron
  expression: "61 * * * *"
  time_zone: America/Los_Angeles
  timezone: UTC
tags: [a]
create_job:
  type: pipeline
  job: ./job.yml
  inputs:
    rate: [1]
    note: null
"""
    assert [item[:3] for item in problems(text, folder)] == [
        ("MLS501", "name", 1),
        ("MLS006", "nmae", 2),
        ("MLS008", "display_name", 3),
        ("MLS102", "trigger.expression", 6),
        ("MLS303", "trigger.time_zone", 7),
        ("MLS006", "trigger.timezone", 8),
        ("MLS008", "tags", 9),
        ("MLS009", "create_job.inputs.rate", 14),
        ("MLS009", "create_job.inputs.note", 15),
    ]


def test_messages_read_as_path_line_column_code_field(tmp_path: Path) -> None:
    path = tmp_path / "nightly.yml"
    path.write_text('name: nightly\ntrigger:\n  type: cron\n  expression: "61 * * * *"\ncreate_job: azureml:x\n')
    with pytest.raises(DefinitionError) as caught:
        load_schedule(path)
    first, *rest = str(caught.value).splitlines()
    assert first.startswith(f"{path}:4:16: MLS102 trigger.expression: ")
    assert "61" in first
    assert rest == [] or rest[0].startswith("  hint: ")


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("", "MLS008", "empty"),
        ("- a\n", "MLS008", "a list"),
        ("plain text\n", "MLS008", "text"),
        (JOB, "MLS010", "this is a job"),
        (
            "$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json\nx: 1\n",
            "MLS010",
            "this is a job",
        ),
        ("name: x\ntrigger: {type: cron, expression: '* * * * *'}\n", "MLS007", "'create_job' is missing"),
        ("name: x\ncreate_job: azureml:x\n", "MLS007", "'trigger' is missing"),
        ("trigger: {type: cron, expression: '* * * * *'}\ncreate_job: azureml:x\n", "MLS007", "'name' is missing"),
        (HEAD + "create_job: azureml:x\ncreate_monitor: {compute: {}}\n", "MLS009", "exclude one another"),
        (HEAD + "create_job: azureml:x\nis_enabled: null\n", "MLS009", "null"),
        (HEAD + "create_job: azureml:x\nproperties: {a: 1}\n", "MLS008", "must be text"),
        (HEAD + "create_job: azureml:x\ntime_zone: UTC\n", "MLS006", "'time_zone'"),
        (HEAD + "create_job: azureml:x\ninputs: {}\n", "MLS006", "'inputs'"),
        (HEAD.replace("nightly", "5") + "create_job: azureml:x\n", "MLS008", "must be text, not a number (5)"),
        (HEAD + "create_job: azureml:x\n1: x\n", "MLS006", "'1'"),
    ],
)
def test_files_that_are_no_schedules(text: str, code: str, part: str, folder: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        load(text, folder)
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert part in found.message


def test_jb_10_is_enabled_and_other_read_only_keys_are_ignored(folder: Path) -> None:
    text = (
        HEAD
        + "is_enabled: false\nprovisioning_state: x\ncreation_context: 5\nid: y\n$schema: [1]\ncreate_job: azureml:x\n"
    )
    schedule = load(text, folder)
    assert schedule.is_enabled is True
    assert (schedule.id, schedule.provisioning_state, schedule.creation_context) == (None, None, None)


def test_jb_10_duplicate_keys_warn_and_the_last_wins(folder: Path) -> None:
    schedule = load("name: first\n" + HEAD + "create_job: azureml:x\n", folder)
    assert schedule.name == "nightly"
    assert [(item.code, item.location and item.location.line) for item in schedule.diagnostics] == [("MLS005", 2)]


@pytest.mark.parametrize(
    ("name", "code"),
    [("a" * 255, "MLS502"), ("a" * 240, "MLS502"), ("a" * 239, None), ("9-a_b", None), ("a", None)],
)
def test_jb_11_names(name: str, code: str | None, folder: Path) -> None:
    schedule = load(HEAD.replace("nightly", f"'{name}'") + "create_job: azureml:x\n", folder)
    assert [item.code for item in schedule.diagnostics] == ([code] if code else [])


@pytest.mark.parametrize(
    ("name", "fixed"), [("a b", "a-b"), ("-a", "a"), ("a" * 256, "a" * 200), ("", ""), ("näme", "n-me")]
)
def test_jb_11_names_that_are_refused(name: str, fixed: str, folder: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        load(HEAD.replace("nightly", f"'{name}'") + "create_job: azureml:x\n", folder)
    (found,) = caught.value.diagnostics
    assert found.code == "MLS501"
    assert fixed in found.hint


def test_jb_4_macros_that_stay_text_are_warned_about_where_they_stand(folder: Path) -> None:
    text = (
        HEAD
        + """\
create_job:
  type: pipeline
  job: ./job.yml
  inputs:
    note: "${{ name }} at ${{creation_context.triger_time}}"
    data: {path: "azureml://x/${{name}}"}
  tags: {when: "${{creation_context.trigger_time}}", bound: "${{parent.inputs.x}}"}
"""
    )
    schedule = load(text, folder)
    found = [(item.code, item.field_name, item.location and item.location.line) for item in schedule.diagnostics]
    assert found == [
        ("MLS503", "create_job.inputs.note", 7),
        ("MLS504", "create_job.inputs.data.path", 8),
        ("MLS504", "create_job.tags.when", 9),
    ]
    assert "creation_context.trigger_time" in schedule.diagnostics[0].hint


def test_jb_4_macro_warnings_of_the_base_job_are_placed_in_its_file(folder: Path) -> None:
    (folder / "job.yml").write_text(JOB.replace("team: churn", 'team: "${{name}}"'))
    (found,) = load(HEAD + "create_job: ./job.yml\n", folder).diagnostics
    assert found.location is not None
    assert (found.code, found.location.path, found.location.line) == ("MLS504", str(folder / "job.yml"), 11)


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("type: command\ncommand: echo\nenvironment: azureml:e\ninputs: {a: 1}\n", CommandJob),
        ("command: echo\nenvironment: azureml:e\nresources: {instance_count: 1}\n", CommandJob),
        ("type: spark\nentry: {file: x.py}\ninputs: {a: 1}\n", SparkJob),
    ],
)
def test_jb_8_command_and_spark_jobs_load_with_a_warning(text: str, model: type, folder: Path) -> None:
    (folder / "other.yml").write_text(text)
    schedule = load(HEAD + "create_job: ./other.yml\n", folder)
    assert isinstance(schedule.create_job, model)
    assert [item.code for item in schedule.diagnostics] == ["MLS404"]


@pytest.mark.parametrize(
    ("text", "code", "field", "line"),
    [
        ("type: sweep\n", "MLS403", "type", 1),
        ("type: foo\n", "MLS009", "type", 1),
        ("type: command\n", "MLS007", "command", 1),
        ("jobs: {}\ncommand: x\nenvironment: azureml:e\n", "MLS405", "type", 1),
        ("", "MLS406", "", 1),
        ("- a\n", "MLS406", "", 1),
        ("name: x\ntrigger: {}\n", "MLS406", "trigger", 2),
        ("type: pipeline\nnull: 1\n", "MLS006", "null", 2),
        ("type: pipeline\njobs: [a]\n", "MLS008", "jobs", 2),
        ("type: pipeline\njobs: {A: {command: x}}\n", "MLS406", "jobs.A", 2),
        ("type: pipeline\njobs: {a: 5}\n", "MLS008", "jobs.a", 2),
        ("type: pipeline\njobs: {a: {type: foo}}\n", "MLS009", "jobs.a.type", 2),
        ("type: pipeline\njobs: {a: {type: if_else}}\n", "MLS403", "jobs.a.type", 2),
        ("type: pipeline\njobs: {a: {foo: 1}}\n", "MLS407", "jobs.a", 2),
        ("type: pipeline\njobs: {a: {component: ./c.yml}}\n", "MLS401", "jobs.a.component", 2),
        ("type: pipeline\njobs: {a: {component: 5}}\n", "MLS407", "jobs.a.component", 2),
        ("type: pipeline\njobs: {a: {component: {command: x}}}\n", "MLS007", "jobs.a.component.environment", 2),
        ("type: pipeline\njobs: {a: {type: pipeline}}\n", "MLS407", "jobs.a", 2),
        ("type: pipeline\njobs: {a: {type: sweep, trial: azureml:x}}\n", "MLS007", "jobs.a.objective", 2),
        ("type: pipeline\njobs: {a: {command: x, environment: e}}\n", "MLS009", "jobs.a.environment", 2),
        ("type: pipeline\njobs: {a: {command: x, code: ./none}}\n", "MLS401", "jobs.a.code", 2),
        ("type: pipeline\njobs: {a: {command: x, inputs: [a]}}\n", "MLS008", "jobs.a.inputs", 2),
        ("type: pipeline\njobs: {a: {command: x, inputs: {b: null}}}\n", "MLS009", "jobs.a.inputs.b", 2),
        ("type: pipeline\njobs: {a: {command: x, inputs: {1: b}}}\n", "MLS008", "jobs.a.inputs.1", 2),
        ("type: pipeline\njobs: {a: {command: x, compute: 5}}\n", "MLS008", "jobs.a.compute", 2),
        ("type: pipeline\njobs: {a: {component: 'azureml:c:1', outputs: {o: plain}}}\n", "MLS008", "jobs.a.outputs.o", 2),
        ("type: pipeline\ncomponent: azureml:x\njobs: {a: {command: x}}\n", "MLS406", "component", 2),
        ("type: pipeline\ncomponent: ./none.yml\n", "MLS401", "component", 2),
        ('type: pipeline\ninputs: {alpha: 1}\njobs: {a: {command: x, inputs: {b: "${{parent.inputs.alpa}}"}}}\n', "MLS408", "jobs.a.inputs.b", 3),
        ('type: pipeline\njobs: {a: {command: x, inputs: {b: "${{parent.jobs.zz.outputs.o}}"}}}\n', "MLS408", "jobs.a.inputs.b", 2),
        ('type: pipeline\njobs: {a: {command: x, inputs: {b: "${{parent.jobs.zz}}"}}}\n', "MLS408", "jobs.a.inputs.b", 2),
        ('type: pipeline\njobs: {z: {command: x}, a: {command: x, inputs: {b: "${{parent.jobs.z.outputs.o}}"}}}\n', "MLS408", "jobs.a.inputs.b", 2),
        ('type: pipeline\njobs: {a: {command: x, outputs: {b: "${{parent.outputs.o}}"}}}\n', "MLS408", "jobs.a.outputs.b", 2),
    ],
)  # fmt: skip
def test_jb_6_jb_8_job_files(text: str, code: str, field: str, line: int, folder: Path) -> None:
    path = folder / "other.yml"
    path.write_text(text)
    with pytest.raises(DefinitionError) as caught:
        load(HEAD + "create_job: ./other.yml\n", folder)
    found = caught.value.diagnostics[0]
    assert found.location is not None
    assert (found.code, found.field_name, found.location.path, found.location.line) == (code, field, str(path), line)


COMPONENT = """\
$schema: x
name: fit
version: 1
inputs:
  rate: {type: number, default: 0.1, min: 0, max: 1}
  data: {type: uri_file, optional: true}
outputs: {model: {type: uri_folder}}
command: echo
environment: azureml:e@latest
"""


def test_jb_6_components_carry_the_typed_declarations(folder: Path) -> None:
    (folder / "fit.yml").write_text(COMPONENT)
    (folder / "p.yml").write_text(
        "type: pipeline\njobs:\n  a: {component: ./fit.yml}\n  b: {type: command, component: file:./fit.yml, inputs: {rate: '${{parent.inputs.x}}'}}\n"
    )
    job = load_job(folder / "p.yml")
    assert isinstance(job, PipelineJob)
    component = job.jobs["a"].component
    assert not isinstance(component, str)
    assert component is not None
    assert component.inputs["rate"] == {"type": "number", "default": 0.1, "min": 0, "max": 1}
    assert (component.name, component.type, component.path) == ("fit", "command", folder / "fit.yml")


@pytest.mark.parametrize(
    ("change", "code", "field", "line"),
    [
        (("command: echo", "command: [1]"), "MLS008", "command", 8),
        (("environment: azureml:e@latest", "environment: {image: x, foo: 1}"), "MLS006", "environment.foo", 9),
        (("environment: azureml:e@latest", "environment: {image: x, conda_file: ./none.yml}"), "MLS401", "environment.conda_file", 9),
        (("type: number", "type: float"), "MLS009", "inputs.rate.type", 5),
        (("{type: number, default: 0.1, min: 0, max: 1}", "5"), "MLS008", "inputs.rate", 5),
        (("type: number, default: 0.1", "type: number, default: x"), "MLS009", "inputs.rate.default", 5),
        (("type: number, default: 0.1", "type: number, default: null"), "MLS009", "inputs.rate.default", 5),
        (("type: number, default: 0.1", "type: boolean, default: 1"), "MLS009", "inputs.rate.default", 5),
        (("type: number", "type: number, foo: 1"), "MLS006", "inputs.rate.foo", 5),
        (("type: number, default: 0.1, min: 0, max: 1", "type: number, enum: [a]"), "MLS009", "inputs.rate.enum", 5),
        (("type: number, default: 0.1, min: 0, max: 1", "default: 1"), "MLS007", "inputs.rate.type", 5),
        (("{type: uri_folder}", "{type: uri_folder, path: x}"), "MLS006", "outputs.model.path", 7),
        (("{type: uri_folder}", "{}"), "MLS007", "outputs.model.type", 7),
        (("outputs: {model: {type: uri_folder}}", "outputs: [a]"), "MLS008", "outputs", 7),
        (("version: 1", "description: [a]"), "MLS008", "description", 3),
    ],
)  # fmt: skip
def test_jb_6_component_problems_are_placed_in_the_component(
    change: tuple[str, str], code: str, field: str, line: int, folder: Path
) -> None:
    (folder / "fit.yml").write_text(COMPONENT.replace(*change))
    (folder / "p.yml").write_text("type: pipeline\njobs:\n  a: {component: ./fit.yml}\n")
    with pytest.raises(DefinitionError) as caught:
        load_job(folder / "p.yml")
    found = caught.value.diagnostics[0]
    assert found.location is not None
    assert (found.code, found.field_name, found.location.path, found.location.line) == (
        code,
        field,
        str(folder / "fit.yml"),
        line,
    )


def test_components_that_contain_themselves_are_refused(folder: Path) -> None:
    (folder / "loop.yml").write_text("type: pipeline\nname: x\njobs: {a: {type: pipeline, component: ./loop.yml}}\n")
    (folder / "p.yml").write_text("type: pipeline\njobs: {a: {type: pipeline, component: ./loop.yml}}\n")
    with pytest.raises(DefinitionError) as caught:
        load_job(folder / "p.yml")
    assert [item.code for item in caught.value.diagnostics] == ["MLS407"]


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


def test_a_directory_finds_the_schedules_among_other_yaml(folder: Path) -> None:
    (folder / "b").mkdir()
    (folder / ".git").mkdir()
    for path in ("one.yml", "b/two.yaml", ".git/hidden.yml"):
        (folder / path).write_text(HEAD.replace("nightly", Path(path).stem) + "create_job: azureml:x\n")
    (folder / "values.yml").write_text("a: 1\n")
    (folder / "list.yml").write_text("- 1\n")
    (folder / "broken.yml").write_text("a: [\n")
    (folder / "note.txt").write_text("trigger: create_job:")
    loaded = load_schedules([folder, folder / "one.yml"])
    assert [schedule.name for schedule in loaded] == ["two", "one"]
    assert loaded[1].source == str(folder / "one.yml")


def test_a_broken_file_that_speaks_of_a_trigger_is_not_passed_over(folder: Path) -> None:
    (folder / "broken.yml").write_text("name: x\ntrigger: [\ncreate_job: y\n")
    (folder / "incomplete.yml").write_text(
        "$schema: https://azuremlschemas.azureedge.net/latest/schedule.schema.json\nname: x\n"
    )
    with pytest.raises(DefinitionError) as caught:
        load_schedules(folder)
    assert [item.code for item in caught.value.diagnostics] == ["MLS003", "MLS007", "MLS007"]


def test_a_named_file_is_always_read(folder: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        load_schedules(folder / "job.yml")
    assert [item.code for item in caught.value.diagnostics] == ["MLS010"]


def test_a_mapping_loads_without_places(folder: Path) -> None:
    data: dict[str, Any] = {
        "name": "x",
        "trigger": {"type": "cron", "expression": "0 * * * *"},
        "create_job": "./job.yml",
    }
    schedule = load_schedule(data, base=folder)
    assert (schedule.name, schedule.source) == ("x", "<mapping>")
    with pytest.raises(DefinitionError) as caught:
        load_schedule({**data, "trigger": {"type": "cron", "expression": "61 * * * *"}}, base=folder)
    assert str(caught.value).startswith("MLS102 trigger.expression: ")


def test_tz_2_iana_names_load_where_the_profile_says_so(folder: Path) -> None:
    text = HEAD.replace("start_time:", "time_zone: Europe/Paris, start_time:") + "create_job: azureml:x\n"
    schedule = load_schedule(io.StringIO(text), profile=ServiceProfile(iana_zones="accept"))
    assert schedule.trigger.zone.key == "Europe/Paris"
    with pytest.raises(DefinitionError):
        load_schedule(io.StringIO(text))


def test_python_values_validate_too() -> None:
    trigger = CronTrigger("0 3 * * *")
    schedule = JobSchedule(name="x", trigger=trigger, create_job="train", display_name=None)
    assert schedule == JobSchedule(name="x", trigger=trigger, create_job="train")
    assert schedule != schedule.replace(name="y")
    assert schedule != "x"
    with pytest.raises(DefinitionError) as caught:
        JobSchedule(name="x", trigger=trigger, create_job=5)  # type: ignore[arg-type]
    assert "create_job" in str(caught.value)
    with pytest.raises(DefinitionError) as caught:
        PipelineJob(inputs={"a": [1]}, tags={"b": 1})  # type: ignore[dict-item]
    assert [item.field_name for item in caught.value.diagnostics] == ["tags.b", "inputs.a"]
    assert PipelineJob(name="a") != PipelineJob(name="b")
    assert PipelineJob(name="a") != "a"


def test_crlf_and_bom_keep_their_places(folder: Path) -> None:
    text = "\ufeff" + (HEAD + "create_job: ./none.yml\n").replace("\n", "\r\n")
    assert [item[2:] for item in problems(text, folder)] == [(3, 13)]


@pytest.mark.parametrize(
    ("line", "code", "field", "part"),
    [
        ("is_enabled: false", "MLS015", "is_enabled", "created enabled"),
        ("is_enabled: true", None, "", ""),
    ],
)
def test_jb_10_a_file_that_says_disabled_is_warned_about(
    line: str, code: str | None, field: str, part: str, folder: Path
) -> None:
    found = load(HEAD + f"{line}\ncreate_job: azureml:x\n", folder).diagnostics
    assert [(item.code, item.field_name) for item in found] == ([(code, field)] if code else [])
    assert all(part in item.message for item in found)


@pytest.mark.parametrize(
    ("written", "warned"),
    [
        ("2026-03-01T10:00:00Z", "2026-03-01T02:00:00"),
        ("2026-03-01T10:00:00+01:00", "2026-03-01T01:00:00"),
        ("2026-03-01T10:00:00-08:00", None),
        ("2026-03-01T10:00:00", None),
        ("9999-12-31T23:59:59Z", None),
    ],
)
def test_st_1_an_offset_that_the_client_drops_is_warned_about(written: str, warned: str | None, folder: Path) -> None:
    text = "name: x\ntrigger:\n  type: cron\n  expression: 0 3 * * *\n  time_zone: Pacific Standard Time\n"
    schedule = load(text + f"  end_time: '{written}'\ncreate_job: azureml:x\n", folder)
    found = [(item.code, item.field_name, item.location and item.location.line) for item in schedule.diagnostics]
    assert found == ([("MLS307", "trigger.end_time", 6)] if warned else [])
    assert warned is None or warned in schedule.diagnostics[0].hint
    dropped = ServiceProfile(start_time_offset="dropped")
    text += f"  end_time: '{written}'\ncreate_job: azureml:x\n"
    assert load_schedule(io.StringIO(text), profile=dropped).diagnostics == ()


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


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"name": "a b"}, "MLS501", "name"),
        ({"name": 5}, "MLS008", "name"),
        ({"trigger": {"type": "cron", "expression": "61 * * * *"}}, "MLS102", "trigger.expression"),
        ({"trigger": {"expression": "* * * * *"}}, "MLS007", "trigger.type"),
        ({"trigger": 5}, "MLS008", "trigger"),
        ({"create_job": "azureml:"}, "MLS401", "create_job"),
        ({"action": {"actionType": "X"}}, "MLS009", "action"),
        ({"nam": "x"}, "MLS006", "nam"),
        ({"properties": {"a": 1}}, "MLS008", "properties.a"),
    ],
)
def test_python_values_that_a_file_could_not_have(fields: dict[str, Any], code: str, field: str) -> None:
    good = JobSchedule(name="x", trigger=CronTrigger("0 3 * * *"), create_job="train")
    for build in (
        lambda: JobSchedule(**{"name": "x", "trigger": good.trigger, "create_job": "y", **fields}),
        lambda: good.replace(**fields),
    ):
        with pytest.raises(DefinitionError) as caught:
            build()
        assert [(item.code, item.field_name) for item in caught.value.diagnostics] == [(code, field)]


def test_python_values_are_read_like_those_of_a_file() -> None:
    trigger = {"type": "cron", "expression": "0 3 * * *"}
    schedule = JobSchedule(name="x", trigger=trigger, create_job="azureml:train")  # type: ignore[arg-type]
    assert schedule == JobSchedule(name="x", trigger=CronTrigger("0 3 * * *"), create_job="train")
    tags = {"a": 1}
    changed = schedule.replace(tags=tags, is_enabled=False)
    tags["a"] = 2
    assert (changed.tags, changed.is_enabled, schedule.tags) == ({"a": 1}, False, {})
    assert "is_enabled" not in schedule.replace(tags={}).model_fields_set
