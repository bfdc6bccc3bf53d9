"""Steps of a run: those of pipeline components too, and the nodes of sweeps."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pytest_mlschedule import PipelineJob, load_job
from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.durations import Duration
from pytest_mlschedule.costs.footprints import CostedSchedule, find_footprint
from pytest_mlschedule.costs.run_durations import RunDurations
from pytest_mlschedule.planning.recorded import RecordedTimes
from pytest_mlschedule.schedules.models import Component, Step

NEVER = RecordedTimes(())
HEAD = "type: pipeline\nname: train\nsettings: {default_compute: azureml:cpu}\n"
INLINE = "{type: command, command: echo, environment: azureml:e@latest"
NESTED = (
    HEAD
    + """\
inputs: {where: azureml:big}
jobs:
  a: {type: command, command: echo, environment: azureml:e@latest}
  sub:
    type: pipeline
    component: ./inner.yml
    inputs: {where: "${{parent.inputs.where}}", x: "${{parent.jobs.a.outputs.o}}"}
  b: {type: command, command: 'echo ${{inputs.x}}', environment: azureml:e@latest, compute: azureml:gpu, inputs: {x: "${{parent.jobs.sub.outputs.o}}"}}
"""
)
INNER = """\
type: pipeline
name: inner
inputs: {where: {type: string, default: small}, other: {type: string, default: azureml:spare}, x: {type: uri_folder}}
outputs: {o: {type: uri_folder}}
jobs:
  x: {type: command, command: echo, environment: azureml:e@latest, compute: "${{parent.inputs.where}}", resources: {instance_count: 4}}
  y: {type: command, command: 'echo ${{inputs.i}}', environment: azureml:e@latest, compute: "${{parent.inputs.other}}", inputs: {i: "${{parent.jobs.x.outputs.o}}"}}
  z: {type: command, command: echo, environment: azureml:e@latest}
"""


def nested(tmp_path: Path, inner: str = INNER, outer: str = NESTED) -> CostedSchedule:
    (tmp_path / "inner.yml").write_text(inner)
    (tmp_path / "outer.yml").write_text(outer)
    job = load_job(tmp_path / "outer.yml")
    return CostedSchedule(name="n", occurrences=NEVER, compute="azureml:cpu", job=job)


def test_steps_of_a_step_are_steps(tmp_path: Path) -> None:
    """a 10 s, then x 100 s and z 5 s inside of sub, y 20 s after x, b after all of sub: at 10 + 100 + 20 = 130 s."""
    lengths = {"n/a": 10, "n/sub/x": 100, "n/sub/y": 20, "n/sub/z": 5, "n/b": 1}
    durations = RunDurations(configured={key: Duration(value) for key, value in lengths.items()})
    found = find_footprint(nested(tmp_path), durations, {})
    assert [(part.step, part.compute, part.nodes, part.offset) for part in found.parts] == [
        ("a", "cpu", 1, 0),
        ("sub/x", "big", 4, 10),
        ("sub/y", "spare", 1, 110),
        ("sub/z", "cpu", 1, 10),
        ("b", "gpu", 1, 130),
    ]
    assert found.length == 131


def test_steps_of_a_step_need_their_durations(tmp_path: Path) -> None:
    found = find_footprint(nested(tmp_path), RunDurations(configured={"n": Duration(60)}), {})
    assert found.computes == ("cpu", "big", "spare", "gpu")
    assert found.reason.endswith("and no duration is known for steps a, sub/x, sub/y, sub/z and b")
    assert found.hint == 'add the duration of each step to [durations], as "n/a" = "45m"'


def test_a_default_compute_of_a_step_counts_inside_of_it(tmp_path: Path) -> None:
    inner = "type: pipeline\nname: inner\njobs:\n  z: {type: command, command: echo, environment: azureml:e@latest}\n"
    outer = HEAD + "jobs:\n  sub: {type: pipeline, component: ./inner.yml, settings: {default_compute: azureml:own}}\n"
    schedule = nested(tmp_path, inner, outer)
    found = find_footprint(schedule, RunDurations(configured={"n": Duration(60)}), {})
    assert [(part.compute, part.nodes) for part in found.parts] == [("own", 1)]


def test_a_component_of_a_component_is_followed(tmp_path: Path) -> None:
    """x on 4 nodes of the compute that is the default of its input, y on that of another, z on the default of the job."""
    inner = "type: pipeline\nname: inner\njobs:\n  deep: {type: pipeline, component: ./deep.yml}\n"
    (tmp_path / "deep.yml").write_text(INNER)
    outer = HEAD + "jobs:\n  sub: {type: pipeline, component: ./inner.yml}\n"
    lengths = {"n/sub/deep/x": 100, "n/sub/deep/y": 20, "n/sub/deep/z": 5}
    durations = RunDurations(configured={key: Duration(value) for key, value in lengths.items()})
    found = find_footprint(nested(tmp_path, inner, outer), durations, {})
    assert [(part.step, part.compute, part.nodes, part.offset) for part in found.parts] == [
        ("sub/deep/x", "small", 4, 0),
        ("sub/deep/y", "spare", 1, 100),
        ("sub/deep/z", "cpu", 1, 0),
    ]


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["deep"], "the file that step sub/deep runs is not read"),
        (["deep", "deeper"], "the file that steps sub/deep and sub/deeper run is not read"),
    ],
)
def test_a_file_that_was_not_read_is_not_guessed(names: list[str], reason: str) -> None:
    """A component that no file holds has no folder in which the files of its own steps could be looked for."""
    jobs = {name: {"type": "pipeline", "component": "./deep.yml"} for name in names}
    sub = Step(type="pipeline", component=Component(type="pipeline", content={"jobs": jobs}))
    schedule = CostedSchedule(name="n", occurrences=NEVER, compute="azureml:cpu", job=PipelineJob(jobs={"sub": sub}))
    found = find_footprint(schedule, RunDurations(configured={"n": Duration(60)}), {})
    assert (found.parts, found.reason) == ((), reason)
    assert found.hint == "its component was not read from a file: give the job as a file, or as one of the workspace"


def test_a_pipeline_inside_of_a_component_is_followed() -> None:
    leaf = {"type": "command", "compute": "azureml:gpu", "resources": {"instance_count": 3}}
    deep = {"type": "pipeline", "component": {"type": "pipeline", "jobs": {"leaf": leaf, "odd": "no step"}}}
    component = Component(type="pipeline", content={"jobs": {"deep": deep}})
    job = PipelineJob(jobs={"sub": Step(type="pipeline", component=component)})
    schedule = CostedSchedule(name="n", occurrences=NEVER, job=job)
    found = find_footprint(schedule, RunDurations(configured={"n": Duration(60)}), {})
    assert [(part.compute, part.nodes) for part in found.parts] == [("gpu", 3)]


@pytest.mark.parametrize(
    ("more", "nodes", "assumed"),
    [
        ("limits: {max_concurrent_trials: 5, max_total_trials: 10}", 5, False),
        ("limits: {max_total_trials: 10}", 10, False),
        ("limits: {max_concurrent_trials: 10, max_total_trials: 4}", 4, False),
        ("limits: {max_concurrent_trials: 5}, resources: {instance_count: 2}", 10, False),
        ("limits: {timeout: 60}", 1, True),
        ("resources: {instance_count: 2}", 1, True),
    ],
)
def test_a_sweep_takes_the_nodes_of_its_concurrent_trials(more: str, nodes: int, *, assumed: bool) -> None:
    content = yaml.safe_load("{" + more + "}")
    job = PipelineJob(jobs={"tune": Step(type="sweep", compute="azureml:gpu", content=content)})
    schedule = CostedSchedule(name="n", occurrences=NEVER, job=job)
    found = find_footprint(schedule, RunDurations(configured={"n": Duration(60)}), {})
    assert [part.nodes for part in found.parts] == [nodes]
    assert found.nodes_assumed is assumed


def test_the_exact_name_of_a_compute_comes_before_another_case() -> None:
    schedule = CostedSchedule(name="n", occurrences=NEVER, compute="azureml:cpu")
    computes = {name: Compute(name=name) for name in ("cpu", "CPU")}
    found = find_footprint(schedule, RunDurations(configured={"n": Duration(60)}), computes)
    assert found.computes == ("cpu",)
    assert find_footprint(schedule, RunDurations(), {"Cpu": Compute(name="Cpu")}).computes == ("Cpu",)
