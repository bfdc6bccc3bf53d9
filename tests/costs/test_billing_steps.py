"""Steps that run nobody knows where, and computes by other spellings: what is not followed is unknown, never left out."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from bill_data import CPU, GPU, estimate, runs, with_fields

from pytest_mlschedule import load_job
from pytest_mlschedule.costs.estimate import Estimate

STEP = "command: echo, environment: azureml:e@latest"


def costed(
    steps: str, *, head: str = "", durations: dict[str, str] | None = None, compute: str | None = None
) -> Estimate:
    """The estimate of one run of a pipeline with these steps."""
    job: Any = load_job(io.StringIO(f"type: pipeline\n{head}\njobs:\n{steps}"))
    schedules = [runs("nightly", [0], compute=compute, job=job)]
    return estimate(schedules, [CPU, GPU], durations or {"nightly": "1h"})


@pytest.mark.parametrize("where", ["", ", compute: '${{parent.inputs.other}}'", ", compute: 'azureml:${{name}}'"])
def test_a_step_whose_compute_is_not_known_makes_the_run_unknown(where: str) -> None:
    found = costed(f"  a: {{{STEP}, compute: azureml:cpu}}\n  b: {{{STEP}{where}}}\n")
    assert found.unknown == {"nightly": "the compute of step b is not known"}
    assert found.hints == (
        "name the compute in the step; expressions are not followed, but for ${{parent.inputs.NAME}}",
    )
    assert found.of("nightly").compute.names == ("cpu",)
    assert found.computes[0].cost is None


def test_an_expression_is_not_the_default_compute() -> None:
    found = costed(f"  a: {{{STEP}}}\n  b: {{{STEP}, compute: '${{{{parent.inputs.x}}}}'}}\n", compute="azureml:cpu")
    assert found.unknown == {"nightly": "the compute of step b is not known"}


@pytest.mark.parametrize("expression", ["${{parent.inputs.where}}", " ${{ parent.inputs.where }} "])
@pytest.mark.parametrize("name", ["gpu", "azureml:gpu"])
def test_an_input_of_the_pipeline_may_name_the_compute(expression: str, name: str) -> None:
    found = costed(f"  a: {{{STEP}, compute: '{expression}'}}\n", head=f"inputs: {{where: '{name}'}}")
    assert found.of("nightly").compute.names == ("gpu",)
    assert found.total == Decimal("1.80")


@pytest.mark.parametrize("value", ["5", "{type: uri_file, path: ./x}", "'${{x}}'"])
def test_other_inputs_name_none(value: str) -> None:
    found = costed(f"  a: {{{STEP}, compute: '${{{{parent.inputs.where}}}}'}}\n", head=f"inputs: {{where: {value}}}")
    assert found.unknown == {"nightly": "its job names no compute"}


def test_a_default_compute_may_be_an_input_too() -> None:
    found = costed(f"  a: {{{STEP}}}\n", head="inputs: {where: gpu}", compute="${{parent.inputs.where}}")
    assert found.total == Decimal("1.80")


@pytest.mark.parametrize("written", ["CPU", "azureml:Cpu", "cpu"])
def test_the_case_of_a_name_does_not_matter(written: str) -> None:
    found = estimate([runs("nightly", [0], compute=written)], [with_fields(CPU, name="Cpu")], {"nightly": "1h"})
    assert (found.total, found.of("nightly").compute.names) == (Decimal("0.36"), ("Cpu",))


def test_a_pipeline_of_one_compute_step_by_step() -> None:
    # a: 600 s, b: 300 s, of one node each; both start with the run.
    found = costed(
        f"  a: {{{STEP}}}\n  b: {{{STEP}}}\n",
        compute="azureml:cpu",
        durations={"nightly/a": "10m", "nightly/b": "5m"},
    )
    use = found.of("nightly").compute
    assert (use.busy, use.duration, use.cost) == (900, 600, Decimal("0.09"))
    assert use.origin == "durations.nightly/a and durations.nightly/b"
    assert found.computes[0].load is not None
    assert found.computes[0].load.asked_nodes.height == 2


def test_names_of_a_schedule_and_its_pipeline_that_are_the_same_are_said_once() -> None:
    found = estimate([runs("train", [0], pipeline_names=("train", "fit"))])
    assert found.unknown == {"train": "no duration of its runs is known"}


def test_steps_that_only_steer_run_nothing() -> None:
    job: Any = load_job(io.StringIO(f"type: pipeline\njobs:\n  a: {{{STEP}, compute: azureml:cpu}}\n"))
    steered = job.model_copy(
        update={"jobs": {**job.jobs, "loop": job.jobs["a"].model_copy(update={"type": "do_while", "compute": None})}}
    )
    found = estimate([runs("nightly", [0], compute=None, job=steered)], [CPU], {"nightly": "1h"})
    assert found.total == Decimal("0.36")


def test_nodes_that_a_component_asks_for_and_steps_that_go_in_a_circle() -> None:
    component = (
        "component: {type: command, command: echo, environment: azureml:e@latest, resources: {instance_count: 3}}"
    )
    found = costed(f"  a: {{{component}, compute: azureml:cpu}}\n")
    assert (found.of("nightly").compute.nodes, found.total) == (3, Decimal("1.08"))
    circle = "".join(
        f"  {name}: {{command: 'echo ${{{{inputs.x}}}}', environment: azureml:e@latest, compute: azureml:cpu,\n"
        f"    inputs: {{x: '${{{{parent.jobs.{other}.outputs.o}}}}'}}, outputs: {{o: {{type: uri_folder}}}}}}\n"
        for name, other in (("a", "b"), ("b", "a"))
    )
    both = costed(circle, durations={"nightly/a": "10m", "nightly/b": "20m"})
    # Nobody knows which is first: both start with the run.
    assert (both.of("nightly").compute.duration, both.total) == (1_200, Decimal("0.18"))
