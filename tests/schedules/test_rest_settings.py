"""How jobs and steps run, on the wire and in YAML: what the client sends for a file, and what it reads of that."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.schedules.entity import schedule_from_entity, schedule_to_entity
from pytest_mlschedule.schedules.frozen import freeze
from pytest_mlschedule.schedules.models import CommandJob, Component, JobSchedule, PipelineJob, Step
from pytest_mlschedule.schedules.rest_jobs import job_from_rest, job_to_rest
from pytest_mlschedule.schedules.rest_settings import (
    job_settings_from_rest,
    job_settings_to_rest,
    services_from_rest,
    services_to_rest,
    settings_from_rest,
    settings_to_rest,
)
from pytest_mlschedule.schedules.rest_words import duration_text, read_duration
from pytest_mlschedule.triggers.cron import CronTrigger

ID = "/subscriptions/s/codes/c/versions/1"
# Kind, key, as YAML has it, as azure-ai-ml 1.35.2 sends it in a step.
STEPS: list[tuple[str, str, Any, Any]] = [
    ("command", "limits", {"timeout": 60}, {"timeout": "PT1M", "job_limits_type": "Command"}),
    (
        "command",
        "resources",
        {"instance_count": 2, "properties": {"a": "b"}},
        {"instance_count": 2, "properties": {"a": "b"}},
    ),
    ("command", "environment_variables", {"A": "b", "N": 1}, {"A": "b", "N": 1}),
    ("command", "queue_settings", {"job_tier": "spot", "priority": "high"}, {"job_tier": "Spot", "priority": 3}),
    ("command", "distribution", {"type": "mpi"}, {"distribution_type": "Mpi"}),
    (
        "command",
        "distribution",
        {"type": "pytorch", "process_count_per_instance": 2},
        {"process_count_per_instance": 2, "distribution_type": "PyTorch"},
    ),
    ("command", "identity", {"type": "user_identity"}, {"identity_type": "UserIdentity"}),
    ("command", "services", {"a": {"type": "jupyter_lab"}}, {"a": {"job_service_type": "JupyterLab"}}),
    (
        "command",
        "services",
        {"a": {"type": "ssh", "nodes": "all", "ssh_public_keys": "x"}},
        {"a": {"job_service_type": "SSH", "nodes": {"nodes_value_type": "All"}, "properties": {"sshPublicKeys": "x"}}},
    ),
    (
        "command",
        "services",
        {"a": {"type": "tensor_board", "log_dir": "x", "properties": {"p": "q"}}},
        {"a": {"job_service_type": "TensorBoard", "properties": {"p": "q", "logDir": "x"}}},
    ),
    ("spark", "entry", {"file": "main.py"}, {"file": "main.py", "spark_job_entry_type": "SparkJobPythonEntry"}),
    ("spark", "identity", {"type": "managed", "client_id": "c"}, {"client_id": "c", "identity_type": "Managed"}),
    ("spark", "conf", {"spark.driver.cores": 1}, {"spark.driver.cores": 1}),
    ("sweep", "limits", {"max_total_trials": 2, "timeout": 60}, {"max_total_trials": 2, "timeout": 60}),
    ("sweep", "early_termination", {"type": "median_stopping"}, {"policy_type": "MedianStopping"}),
    ("parallel", "mini_batch_size", "5", 5),
    ("parallel", "partition_keys", ["a", "b"], '["a", "b"]'),
    ("parallel", "partition_keys", "a", "a"),
    ("parallel", "partition_keys", "{}", "{}"),
]
# Kind, as YAML has it, as azure-ai-ml 1.35.2 sends it in a job.
JOBS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("command", {"code": f"azureml:{ID}", "command": "c"}, {"codeId": ID, "command": "c"}),
    ("command", {"environment": "azureml:e:1"}, {"environmentId": "azureml:e:1"}),
    ("command", {"environment_variables": {"A_B": "c"}}, {"environmentVariables": {"A_B": "c"}}),
    ("command", {"limits": {"timeout": 3600}}, {"limits": {"timeout": "PT1H", "jobLimitsType": "Command"}}),
    (
        "command",
        {"resources": {"instance_count": 2, "shm_size": "4g", "docker_args": "--x", "properties": {"a_b": "c"}}},
        {"resources": {"instanceCount": 2, "shmSize": "4g", "dockerArgs": "--x", "properties": {"a_b": "c"}}},
    ),
    (
        "command",
        {"distribution": {"type": "tensorflow", "worker_count": 2}},
        {"distribution": {"distributionType": "TensorFlow", "workerCount": 2}},
    ),
    ("command", {"queue_settings": {"job_tier": "null"}}, {"queueSettings": {"jobTier": "Null"}}),
    (
        "spark",
        {"entry": {"file": "main.py"}, "py_files": ["a.zip"], "conf": {"spark.driver.cores": "1"}},
        {
            "entry": {"file": "main.py", "sparkJobEntryType": "SparkJobPythonEntry"},
            "pyFiles": ["a.zip"],
            "conf": {"spark.driver.cores": "1"},
        },
    ),
    (
        "spark",
        {"entry": {"class_name": "a.B"}, "resources": {"instance_type": "x", "runtime_version": "3.3"}},
        {
            "entry": {"className": "a.B", "sparkJobEntryType": "SparkJobScalaEntry"},
            "resources": {"instanceType": "x", "runtimeVersion": "3.3"},
        },
    ),
]


@pytest.mark.parametrize(("kind", "key", "ours", "theirs"), STEPS)
def test_settings_of_steps(kind: str, key: str, ours: Any, theirs: Any) -> None:
    assert settings_to_rest(kind, {key: ours}) == {key: theirs}
    assert settings_from_rest(kind, {key: theirs}) == {key: ours}
    step = Step(type=kind, component="azureml:c:1", content={key: ours})
    definition = json.loads(json.dumps(job_to_rest(PipelineJob(jobs={"a": step}))))
    job, _ = job_from_rest(definition)
    assert isinstance(job, PipelineJob)
    assert job.jobs["a"].component == step.component
    assert job.jobs["a"].content[key] == freeze(ours)


@pytest.mark.parametrize(("kind", "ours", "theirs"), JOBS)
def test_settings_of_jobs(kind: str, ours: Any, theirs: Any) -> None:
    assert job_settings_to_rest(kind, ours) == theirs
    assert job_settings_from_rest(kind, theirs) == ours
    assert job_settings_to_rest(kind, theirs) == theirs, "what is in the words of the wire stays so"


def test_keys_that_are_no_text_stay() -> None:
    assert job_settings_to_rest("command", {"resources": {1: 2}}) == {"resources": {1: 2}}
    assert job_settings_from_rest("command", {"resources": {1: 2}}) == {"resources": {1: 2}}


ODD_SETTINGS = [
    ("limits", 5),
    ("distribution", "x"),
    ("distribution", {"type": "odd"}),
    ("resources", [1]),
    ("queue_settings", {"priority": True}),
    ("queue_settings", {"job_tier": 5}),
    ("services", 5),
    ("services", {"a": 5}),
    ("services", {"a": {"properties": 5}}),
]


@pytest.mark.parametrize(("key", "value"), [*ODD_SETTINGS, ("entry", 5), ("entry", {"x": 1}), ("identity", 5)])
def test_what_has_another_shape_stays(key: str, value: Any) -> None:
    for kind in ("command", "spark"):
        assert settings_to_rest(kind, {key: value}) == {key: value}
        assert settings_from_rest(kind, {key: value}) == {key: value}


def test_numbers_in_the_configuration_of_spark_are_text() -> None:
    assert job_settings_to_rest("spark", {"conf": {"a": 1}}) == {"conf": {"a": "1"}}
    assert settings_to_rest("spark", {"conf": {"a": 1}}) == {"conf": {"a": 1}}


@pytest.mark.parametrize(
    ("size", "number"), [("10kb", 10240), ("2MB", 2 * 2**20), ("1gb", 2**30), ("many", "many"), (7, 7)]
)
def test_sizes_of_batches(size: Any, number: Any) -> None:
    assert settings_to_rest("parallel", {"mini_batch_size": size}) == {"mini_batch_size": number}


@pytest.mark.parametrize("trial", ["azureml:t:1", Component(name="t", content={"command": "c", "environment": "e:1"})])
def test_the_component_of_a_sweep_is_its_trial(trial: Component | str) -> None:
    job = PipelineJob(jobs={"a": Step(type="sweep", component=trial, content={"trial": "./t.yml", "objective": {}})})
    wire = job_to_rest(job)["jobs"]["a"]
    assert "componentId" not in wire
    assert wire["_source"] == "YAML.COMPONENT"
    again, _ = job_from_rest({"jobType": "Pipeline", "jobs": {"a": wire}})
    assert isinstance(again, PipelineJob)
    assert again.jobs["a"].component == trial
    assert job_to_rest(again)["jobs"]["a"] == wire
    # As answers had it before.
    former = {"type": "sweep", "componentId": wire["trial"]["componentId"]}
    again, _ = job_from_rest({"jobType": "Pipeline", "jobs": {"a": former}})
    assert isinstance(again, PipelineJob)
    assert again.jobs["a"].component == trial
    trigger = CronTrigger("0 2 * * *")
    printed = schedule_to_entity(JobSchedule(name="n", trigger=trigger, create_job=job))
    assert "component" not in printed["create_job"]["jobs"]["a"]
    schedule, _ = schedule_from_entity(printed)
    assert schedule is not None
    assert isinstance(schedule.create_job, PipelineJob)
    assert schedule.create_job.jobs["a"].component == trial


@pytest.mark.parametrize("trial", [None, 5, {}, {"componentId": None}])
def test_a_sweep_without_a_trial(trial: Any) -> None:
    job, found = job_from_rest({"jobType": "Pipeline", "jobs": {"a": {"type": "sweep", "trial": trial}}})
    assert isinstance(job, PipelineJob)
    assert (job.jobs["a"].component, found) == (None, [])
    assert "componentId" not in job_to_rest(job)["jobs"]["a"]


PARALLEL = {
    "task": {"type": "run_function", "code": "./src"},
    "mini_batch_size": "5",
    "environment_variables": {"a": "b"},
}
SPARK = {"code": "./src", "entry": {"file": "a.py"}, "conf": {"c": 1}, "identity": {"type": "managed"}}


@pytest.mark.parametrize(
    ("kind", "content", "inner", "outer"),
    [
        ("parallel", PARALLEL, {"task", "mini_batch_size"}, set(PARALLEL)),
        ("spark", SPARK, {"code", "entry", "conf"}, {"entry", "conf", "identity"}),
    ],
)
def test_the_client_makes_components_of_other_steps_too(
    kind: str, content: dict[str, Any], inner: set[str], outer: set[str]
) -> None:
    job = PipelineJob(jobs={"a": Step(type=kind, inputs={"x": "1"}, content=content)})
    wire = job_to_rest(job)["jobs"]["a"]
    assert wire["_source"] == "YAML.JOB"
    again, _ = job_from_rest({"jobType": "Pipeline", "jobs": {"a": wire}})
    assert isinstance(again, PipelineJob)
    component = again.jobs["a"].component
    assert isinstance(component, Component)
    assert (component.type, set(component.content), set(again.jobs["a"].content)) == (kind, inner, outer)
    assert job_to_rest(PipelineJob(jobs={"a": Step(type=kind)}))["jobs"]["a"].get("componentId") is None


def test_what_is_empty_on_the_wire_is_not_given() -> None:
    wire = {
        "resources": {"instanceCount": 1, "properties": {}, "shmSize": None},
        "environmentVariables": {},
        "distribution": {"distributionType": "Mpi", "processCountPerInstance": None},
        "limits": {"jobLimitsType": "Command", "timeout": None},
    }
    assert job_settings_from_rest("command", wire) == {
        "resources": {"instance_count": 1},
        "distribution": {"type": "mpi"},
    }


def test_services_of_jobs_are_in_camel_case() -> None:
    ours = {"a": {"type": "vs_code", "error_message": "x", "nodes": "all"}}
    theirs = {"a": {"jobServiceType": "VSCode", "errorMessage": "x", "nodes": {"nodes_value_type": "All"}}}
    job = CommandJob(services=ours, content={"command": "c"})
    assert job_to_rest(job)["services"] == theirs == services_to_rest(ours, job=True)
    assert services_from_rest(theirs) == ours


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "P0D"), (60, "PT1M"), (3661, "PT1H1M1S"), (86400, "P1D"), (90061, "P1DT1H1M1S"), (604800, "P7D")],
)
def test_durations(seconds: int, text: str) -> None:
    assert (duration_text(seconds), read_duration(text)) == (text, seconds)
    assert duration_text(str(seconds)) == text


@pytest.mark.parametrize("value", ["PT1M", "${{parent.inputs.t}}", "", None, True, -1, [1], "P", "PT", "P1Y"])
def test_what_is_no_duration_stays(value: Any) -> None:
    assert duration_text(value) == value
    if value != "PT1M":
        assert read_duration(value) == value
    assert read_duration("PT60.0S") == 60


@given(st.integers(0, 10**9))
def test_any_duration_there_and_back(seconds: int) -> None:
    assert read_duration(duration_text(seconds)) == seconds


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.sampled_from(["all", "1", "spot"]))
KEYS = st.sampled_from(
    "type timeout job_tier priority properties nodes jobServiceType distribution_type log_dir logDir identityType "
    "policy_type file entry a".split()
)
ODD = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)
SETTINGS = st.dictionaries(
    st.sampled_from(
        "limits resources distribution services identity queue_settings queueSettings entry early_termination code codeId "
        "environmentId environmentVariables mini_batch_size partition_keys conf other".split()
    ),
    ODD,
    max_size=4,
)
KINDS = st.sampled_from(["command", "spark", "sweep", "parallel", "pipeline"])


@settings(max_examples=300, deadline=None)
@given(KINDS, SETTINGS)
def test_whatever_stands_there_is_carried(kind: str, content: dict[str, Any]) -> None:
    ours = settings_from_rest(kind, content)
    assert settings_from_rest(kind, settings_to_rest(kind, ours)) == settings_from_rest(kind, ours)
    ours = job_settings_from_rest(kind, content)
    again = job_settings_from_rest(kind, job_settings_to_rest(kind, ours))
    assert again.keys() == job_settings_from_rest(kind, ours).keys()
