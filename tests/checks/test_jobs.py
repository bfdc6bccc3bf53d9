"""MLS408 to MLS413: what schedules give to jobs. What the client does with each was tried with azure-ai-ml 1.35.2."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path
from typing import Any

import pytest
from rule_findings import find, find_in_files

from pytest_mlschedule import CronTrigger, JobSchedule, PipelineJob, ServiceProfile, load_job, load_schedule
from pytest_mlschedule.checks.job_inputs import describe_declared, find_feeds, find_mismatch
from pytest_mlschedule.checks.jobs import RULES
from pytest_mlschedule.schedules.models import CommandJob, Component, JobDefinition, Step

TRIGGER = CronTrigger("30 2 * * *", start_time="2026-01-01T00:00:00")
SCHEDULE = textwrap.dedent(
    """\
    name: nightly
    trigger: {type: cron, expression: "30 2 * * *", start_time: "2026-01-01T00:00:00"}
    """
)
COMPONENT = textwrap.dedent(
    """\
    type: command
    inputs:
      data: {type: uri_folder}
      days: {type: integer, min: 1, max: 31}
      rate: {type: number, default: 0.5}
      verbose: {type: boolean, optional: true}
      mode: {type: string, enum: [fast, exact], default: fast}
      note: {type: string, optional: "yes"}
    command: python score.py
    environment: azureml:scoring-env:9
    """
)
PIPELINE = textwrap.dedent(
    """\
    type: pipeline
    experiment_name: scoring
    settings:
      default_compute: azureml:cpu-cluster
    inputs:
      run_date: "2026-01-01"
      days: 7
      customers: {type: uri_folder, path: azureml:customers:1}
    outputs:
      scores: {type: uri_folder}
    jobs:
      score:
        component: ./score.yml
        inputs:
          data: ${{parent.inputs.customers}}
          days: ${{parent.inputs.days}}
    """
)


def findings(folder: Path, overrides: str = "", pipeline: str = PIPELINE, component: str = COMPONENT) -> list[str]:
    action = "create_job: ./pipeline.yml\n"
    if overrides:
        action = "create_job:\n  type: pipeline\n  job: ./pipeline.yml\n" + textwrap.indent(overrides, "  ") + "\n"
    files = {"nightly.yml": SCHEDULE + action, "pipeline.yml": pipeline, "score.yml": component}
    return find_in_files(RULES, folder, files, "nightly.yml")


def heads(found: list[str]) -> list[str]:
    """Place, code, field."""
    return [":".join(line.split(": ", 2)[:2]) for line in found]


def test_a_job_without_problems(tmp_path: Path) -> None:
    assert findings(tmp_path) == []
    assert findings(tmp_path, "inputs: {days: 8}\noutputs: {scores: {path: azureml://x}}") == []


def test_jb_6_an_override_of_an_input_that_the_job_does_not_have(tmp_path: Path) -> None:
    assert findings(tmp_path, "inputs:\n  days: 3\n  run_dat: ${{creation_context.trigger_time}}") == [
        "nightly.yml:8:5: MLS409 create_job.inputs.run_dat: the job has no input 'run_dat': nothing reads it; its inputs: "
        "customers, days, run_date\n  hint: did you mean 'run_date'?"
    ]


def test_jb_6_an_override_of_an_output_that_the_job_does_not_have(tmp_path: Path) -> None:
    pipeline = PIPELINE.replace("outputs:\n  scores: {type: uri_folder}\n", "")
    assert findings(tmp_path, "outputs:\n  model: {type: uri_folder}", pipeline) == [
        "nightly.yml:7:5: MLS409 create_job.outputs.model: the job has no output 'model': nothing reads it; it has no outputs\n"
        "  hint: remove it, or declare it in the job"
    ]


def test_jb_6_many_inputs_are_not_all_listed(tmp_path: Path) -> None:
    many = "".join(f"  p{number:02}: 1\n" for number in range(20))
    found = findings(tmp_path, "inputs: {other: 1}", PIPELINE.replace("inputs:\n", f"inputs:\n{many}", 1))
    assert "its inputs: customers, days, p00" in found[0]
    assert found[0].split("\n")[0].endswith("p09 and 11 more")


def test_jb_6_a_null_output_is_an_override_too(tmp_path: Path) -> None:
    assert heads(findings(tmp_path, "outputs:\n  model:")) == ["nightly.yml:7:5:MLS409 create_job.outputs.model"]


@pytest.mark.parametrize(("given", "found"), [({"days": 1}, []), ({"day": 1}, [("create_job", "inputs", "day")])])
def test_jb_8_overrides_of_a_job_in_the_workspace_where_it_is_known(given: dict[str, Any], found: list[Any]) -> None:
    schedule = load_schedule(
        {
            "name": "n",
            "trigger": {"type": "cron", "expression": "30 2 * * *"},
            "create_job": {"type": "pipeline", "job": "azureml:train", "inputs": given},
        }
    )
    known = PipelineJob(inputs={"days": 7}, compute="cpu")
    assert [item.field for item in find(RULES, schedule, jobs={"train": known})] == found
    assert find(RULES, schedule) == []


def test_jb_6_a_job_of_one_component_has_its_inputs(tmp_path: Path) -> None:
    component = "type: pipeline\ninputs:\n  days: {type: integer}\n  data: {type: uri_folder}\n  rate: {type: number, default: 1}\njobs: {}\n"
    pipeline = "type: pipeline\nexperiment_name: e\ncomponent: ./score.yml\ninputs:\n  days: seven\n"
    assert heads(findings(tmp_path, "inputs: {rate: 2, dayz: 1}", pipeline, component)) == [
        "nightly.yml:6:21:MLS409 create_job.inputs.dayz",
        "pipeline.yml:4:1:MLS410 inputs.data",
        "pipeline.yml:5:9:MLS411 inputs.days",
    ]
    remote = pipeline.replace("./score.yml", "azureml:score:1")
    assert findings(tmp_path, "inputs: {anything: 1}", remote, component) == []


def test_jb_6_a_required_input_that_nothing_feeds_stands_at_the_step(tmp_path: Path) -> None:
    pipeline = PIPELINE.replace("      days: ${{parent.inputs.days}}\n", "")
    assert findings(tmp_path, pipeline=pipeline) == [
        "pipeline.yml:14:5: MLS410 jobs.score.inputs.days: the component of step 'score' needs the input 'days', and nothing "
        "feeds it\n  hint: write days: under inputs of the step, or give the component a default or optional: true"
    ]


@pytest.mark.parametrize(
    ("declared", "missing"),
    [
        ("{type: integer}", True),
        ('{type: integer, optional: "off"}', True),
        ('{type: integer, optional: "on"}', False),
        ("{type: integer, default: 0}", False),
    ],
)
def test_jb_6_what_is_required(tmp_path: Path, declared: str, *, missing: bool) -> None:
    component = COMPONENT.replace("{type: integer, min: 1, max: 31}", declared)
    found = findings(
        tmp_path, pipeline=PIPELINE.replace("      days: ${{parent.inputs.days}}\n", ""), component=component
    )
    assert [item.split()[1] for item in found] == ["MLS410"] * missing


def test_jb_6_a_sweep_feeds_its_trial_from_its_search_space() -> None:
    trial = Component(inputs={"rate": {"type": "number"}, "days": {"type": "integer"}})
    step = Step(
        type="sweep", component=trial, content={"search_space": {"rate": {"type": "uniform"}}}, inputs={"days": 1}
    )
    schedule = JobSchedule(name="n", trigger=TRIGGER, create_job=PipelineJob(compute="cpu", jobs={"sweep": step}))
    assert find(RULES, schedule) == []
    bare = step.model_copy(update={"content": Step().content})
    found = find(RULES, schedule.replace(create_job=PipelineJob(compute="cpu", jobs={"sweep": bare})))
    assert [(item.code, item.field[-1]) for item in found] == [("MLS410", "rate")]


def test_jb_6_data_without_a_path_is_no_data(tmp_path: Path) -> None:
    pipeline = PIPELINE.replace("{type: uri_folder, path: azureml:customers:1}", "{type: uri_folder}")
    assert findings(tmp_path, pipeline=pipeline) == [
        "pipeline.yml:8:14: MLS410 inputs.customers: it names no data, and input 'data' of step 'score' needs some\n"
        "  hint: give it a path"
    ]
    assert findings(tmp_path, "inputs: {customers: {path: azureml:customers:2}}", pipeline) == []
    assert heads(findings(tmp_path, "inputs: {customers: {mode: ro_mount}}", pipeline)) == [
        "nightly.yml:6:23:MLS410 create_job.inputs.customers"
    ]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("12", ""),
        ('"12"', ""),
        ('"0"', "'0' is beyond its limit; input 'days' of step 'score' takes an integer, at least 1, at most 31"),
        ("32", "32 is beyond its limit; input 'days' of step 'score' takes an integer, at least 1, at most 31"),
        ("2.5", "2.5 is not an integer; input 'days' of step 'score' takes an integer, at least 1, at most 31"),
        ("true", "True is not an integer; input 'days' of step 'score' takes an integer, at least 1, at most 31"),
        ("''", "'' is not an integer; input 'days' of step 'score' takes an integer, at least 1, at most 31"),
        (
            "${{creation_context.trigger_time}}",
            "'${{creation_context.trigger_time}}' is text in every run (JB-4); input 'days' of step 'score' takes an integer, at "
            "least 1, at most 31",
        ),
        (
            "{type: uri_file, path: azureml:x:1}",
            "data (uri_file) is not a literal; input 'days' of step 'score' takes an integer, at least 1, at most 31",
        ),
    ],
)
def test_jb_4_literals_are_text_on_the_wire(tmp_path: Path, given: str, problem: str) -> None:
    found = [line.split("\n")[0] for line in findings(tmp_path, f"inputs:\n  days: {given}")]
    assert found == [f"nightly.yml:7:11: MLS411 create_job.inputs.days: {problem}"] * bool(problem)


def test_jb_4_what_an_override_replaces_is_not_looked_at(tmp_path: Path) -> None:
    pipeline = PIPELINE.replace("days: 7", "days: seven")
    assert heads(findings(tmp_path, pipeline=pipeline)) == ["pipeline.yml:7:9:MLS411 inputs.days"]
    assert findings(tmp_path, "inputs: {days: 7}", pipeline) == []


def test_jb_6_hints_say_what_to_write(tmp_path: Path) -> None:
    def hint(overrides: str) -> str:
        return findings(tmp_path, overrides)[0].rpartition("hint: ")[2]

    assert hint("inputs: {days: x}") == "change the value, or what the component declares"
    assert hint("inputs: {customers: ./folder}") == "write {type: uri_folder, path: azureml:<data>:<version>}"
    assert hint('inputs: {days: "${{name}}"}') == "declare the input as string in the component, and convert it there"


STEP_VALUES = (
    ("data", "./folder", True),  # the client makes a path of it
    ("data", "5", False),  # "only path input is supported now"
    ("data", "{type: uri_file, path: azureml:x:1}", True),
    ("data", "{path: '${{parent.inputs.customers}}', mode: ro_mount}", True),
    ("data", "{path: '${{parent.inputs.run_date}}'}", False),
    ("data", "${{parent.jobs.other.outputs.data}}", True),
    ("data", "${{parent.inputs.customers}}/part-1", True),
    ("rate", "1e-3", True),
    ("rate", "fast", False),
    ("rate", "true", False),
    ("verbose", "'true'", True),
    ("verbose", "True", True),
    ("verbose", "1", False),
    ("mode", "exact", True),
    ("mode", "slow", False),
    ("mode", "${{name}}", False),
    ("mode", "x${{parent.inputs.run_date}}", True),
    ("note", "${{name}}", True),
    ("note", "12", True),
    ("days", "${{parent.inputs.days}}0", True),
)


@pytest.mark.parametrize(("name", "value", "fits"), STEP_VALUES)
def test_jb_6_values_that_a_step_gives(tmp_path: Path, name: str, value: str, *, fits: bool) -> None:
    lines = [line for line in PIPELINE.splitlines() if not line.startswith(f"      {name}: ")]
    found = findings(tmp_path, pipeline="\n".join([*lines, f"      {name}: {value}", ""]))
    assert [item.split()[1] for item in found] == ["MLS411"] * (not fits)


def test_jb_6_a_binding_of_a_step_with_a_component(tmp_path: Path) -> None:
    """Loading looks at steps written in place alone, as the client does."""
    assert findings(tmp_path, pipeline=PIPELINE.replace("parent.inputs.days", "parent.inputs.dayz")) == [
        "pipeline.yml:16:13: MLS408 jobs.score.inputs.days: the pipeline has no input 'dayz'\n  hint: did you mean 'days'?"
    ]
    assert findings(tmp_path, pipeline=PIPELINE.replace("parent.inputs.days", "parent.inputs.group.days")) == []
    in_place = PIPELINE.replace("component: ./score.yml", "command: echo\n    environment: azureml:e:1")
    assert findings(tmp_path, pipeline=in_place) == []


def test_jb_12_no_compute(tmp_path: Path) -> None:
    pipeline = PIPELINE.replace("settings:\n  default_compute: azureml:cpu-cluster\n", "")
    assert findings(tmp_path, pipeline=pipeline) == [
        "pipeline.yml:10:3: MLS412 jobs.score.compute: no compute is set for step 'score': creating the schedule fails "
        '("Compute not set", JB-12)\n'
        "  hint: write settings: {default_compute: azureml:<compute>} in the job (serverless counts), or under create_job"
    ]
    for enough in ("compute: azureml:gpu", "settings: {default_compute: serverless}"):
        assert findings(tmp_path, enough, pipeline) == []
    two = pipeline + "  train: {component: ./score.yml, inputs: {data: ./x, days: 1}}\n"
    assert "for steps 'score' and 'train'" in findings(tmp_path, pipeline=two)[0]


def test_jb_7_no_experiment(tmp_path: Path) -> None:
    pipeline = PIPELINE.replace("experiment_name: scoring\n", "")
    assert findings(tmp_path, pipeline=pipeline) == [
        "nightly.yml:3:1: MLS413 create_job: neither the job nor the schedule names an experiment: its runs go to 'Default' (JB-7)\n"
        "  hint: write experiment_name: in the job file, or under create_job"
    ]
    assert findings(tmp_path, "experiment_name: mine", pipeline) == []
    schedule = load_schedule(tmp_path / "nightly.yml")
    schedule = schedule.replace(create_job=load_job(tmp_path / "pipeline.yml"))
    assert len(find(RULES, schedule)) == 1
    assert find(RULES, schedule, profile=ServiceProfile(default_experiment="schedule_name")) == []


def test_a_problem_of_a_shared_job_is_said_once(tmp_path: Path) -> None:
    files = {
        "a.yml": SCHEDULE + "create_job: ./p.yml",
        "b.yml": SCHEDULE.replace("nightly", "other") + "create_job: {job: ./p.yml, inputs: {run_date: x}}",
        "p.yml": PIPELINE.replace("days: 7", "days: seven"),
        "score.yml": COMPONENT,
    }
    assert heads(find_in_files(RULES, tmp_path, files, "a.yml", "b.yml")) == ["p.yml:7:9:MLS411 inputs.days"]


def test_a_job_file_that_is_gone_leaves_the_place_to_the_schedule(tmp_path: Path) -> None:
    pipeline = PIPELINE.replace("days: 7", "days: seven")
    findings(tmp_path, pipeline=pipeline)
    schedule = load_schedule(tmp_path / "nightly.yml")
    (tmp_path / "pipeline.yml").unlink()
    (found,) = find(RULES, schedule)
    assert (found.location and found.location.line, found.field) == (3, ("create_job", "inputs", "days"))


def test_jb_8_a_job_of_the_workspace_that_is_known_is_checked_at_the_reference() -> None:
    step = Step(component=Component(inputs={"days": {"type": "integer"}}), inputs={"days": "${{parent.inputs.days}}"})
    known = PipelineJob(inputs={"days": "x"}, compute="cpu", jobs={"a": step})
    text = SCHEDULE + "create_job: azureml:train\n"
    (found,) = find(RULES, load_schedule(io.StringIO(text)), jobs={"train": known})
    assert (found.code, str(found.location), found.field_name) == ("MLS411", "<text>:3:1", "create_job.inputs.days")


def test_what_has_no_file_has_no_place() -> None:
    job = PipelineJob(
        inputs={"days": "x"},
        jobs={
            "a": Step(
                component=Component(inputs={"days": {"type": "integer"}}), inputs={"days": "${{parent.inputs.days}}"}
            )
        },
    )
    found = find(RULES, JobSchedule(name="n", trigger=TRIGGER, create_job=job))
    assert [(item.code, item.location, item.field) for item in found] == [
        ("MLS411", None, ("create_job", "inputs", "days")),
        ("MLS412", None, ("create_job", "jobs", "a", "compute")),
    ]


@pytest.mark.parametrize(
    "declared", ["x", {"type": "any"}, {"type": "integer", "min": "low", "enum": "x"}, {}, {"type": ["a"]}]
)
def test_components_that_a_service_gave_may_declare_anything(declared: Any) -> None:
    component = Component.model_construct(inputs={"a": declared})
    job = PipelineJob(
        compute="cpu", jobs={"s": Step(component=component, inputs={"a": "5"}), "t": Step(component=component)}
    )
    assert {item.code for item in find(RULES, JobSchedule(name="n", trigger=TRIGGER, create_job=job))} <= {"MLS410"}
    whole = PipelineJob.model_construct(component=component, inputs={"a": "5"})
    assert find(RULES, JobSchedule(name="n", trigger=TRIGGER, create_job=whole)) == []


@pytest.mark.parametrize("job", [CommandJob(compute="cpu"), PipelineJob()])
def test_jobs_without_typed_inputs(job: JobDefinition) -> None:
    assert list(find_feeds(job)) == []
    assert find(RULES, JobSchedule(name="n", trigger=TRIGGER, create_job=job)) == []


def test_schedules_without_a_job() -> None:
    assert find(RULES, JobSchedule(name="n", trigger=TRIGGER, create_monitor={"compute": {}})) == []
    assert find(RULES, JobSchedule(name="n", trigger=TRIGGER, create_job="train")) == []


def test_declarations_in_words() -> None:
    assert describe_declared({"type": "mltable"}) == "data (mltable)"
    assert describe_declared({"type": "boolean"}) == "true or false"
    assert describe_declared({"type": "number", "max": "2.5"}) == "a number, at most 2.5"
    assert describe_declared({"type": "string", "enum": ("a", "b")}) == "'a' or 'b'"


def test_a_feed_of_every_input_that_is_given() -> None:
    component = Component(inputs={"a": {"type": "integer"}, "b": {"type": "string"}, "c": {"type": "number"}})
    step = Step(component=component, inputs={"a": "${{ parent.inputs.x }}", "b": "${{parent.inputs.nothing}}"})
    feeds = list(find_feeds(PipelineJob(inputs={"x": 1}, jobs={"s": step})))
    assert [(feed.name, feed.value, feed.source, feed.field) for feed in feeds] == [("a", 1, "x", ("inputs", "x"))]
    assert find_mismatch(feeds[0]) is None
