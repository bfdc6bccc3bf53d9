"""Job files, their steps and their components (JB-6, JB-8)."""

from __future__ import annotations

from pathlib import Path

import pytest
from schedule_texts import HEAD, load

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.loader import load_job
from pytest_mlschedule.schedules.models import CommandJob, PipelineJob, SparkJob


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
