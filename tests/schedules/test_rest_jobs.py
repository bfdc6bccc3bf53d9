"""Job definitions of the REST API: every field both ways, and what is wrong with them."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from pytest_mlschedule import load_job
from pytest_mlschedule.diagnostics import Severity
from pytest_mlschedule.schedules.entity_jobs import entity_job_data
from pytest_mlschedule.schedules.models import CommandJob, Component, JobDefinition, PipelineJob, SparkJob, Step
from pytest_mlschedule.schedules.rest import job_from_rest, job_to_rest

PREFIX = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"
REGISTRY = "azureml://registries/azureml/components/train/versions/1"


def accept(**definition: Any) -> JobDefinition | str:
    job, found = job_from_rest({"jobType": "Pipeline", **definition})
    assert [item for item in found if item.severity is Severity.ERROR] == []
    assert job is not None
    return job


def pipeline(**definition: Any) -> PipelineJob:
    job = accept(**definition)
    assert isinstance(job, PipelineJob)
    return job


EMPTY_DEFINITION = {
    "experimentName": "",
    "isArchived": False,
    "status": "NotStarted",
    "settings": {"_source": "REMOTE.WORKSPACE.JOB", "default_compute": None},
    "jobs": {},
    "inputs": None,
    "tags": {},
    "properties": None,
    "services": {},
}


@pytest.mark.parametrize("source", ["train", "azureml:train", f"azureml:{PREFIX}/jobs/train"])
def test_jb_8_a_definition_with_nothing_but_a_source_is_a_plain_reference(source: str) -> None:
    assert accept(sourceJobId=source, **EMPTY_DEFINITION) == source.removeprefix("azureml:")


def test_jb_5_overrides_of_a_job_in_the_workspace() -> None:
    job = pipeline(
        sourceJobId="train", **{**EMPTY_DEFINITION, "inputs": {"a": {"jobInputType": "Literal", "value": "1"}}}
    )
    assert (job.id, job.inputs, job.model_fields_set) == ("train", {"a": "1"}, {"id", "inputs", "overrides"})
    assert job.overrides == {"inputs": {"a": "1"}}
    steps = pipeline(sourceJobId="train", jobs={"a": {"componentId": "c:1"}})
    assert (steps.id, steps.jobs["a"].component) == ("train", "azureml:c:1")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"jobInputType": "literal", "value": "5"}, "5"),
        ({"jobInputType": "literal", "value": 5}, 5),
        ({"jobInputType": "literal", "value": False}, False),
        ({"jobInputType": "literal", "value": 1.5}, 1.5),
        ({"jobInputType": "UriFile", "uri": "azureml://x"}, {"type": "uri_file", "path": "azureml://x"}),
        (
            {"jobInputType": "mltable", "uri": "d:1", "mode": "evalmount"},
            {"type": "mltable", "path": "azureml:d:1", "mode": "eval_mount"},
        ),
        ({"jobInputType": "uri_folder", "uri": "d@latest"}, {"type": "uri_folder", "path": "azureml:d@latest"}),
        (
            {"jobInputType": "uri_folder", "uri": f"{PREFIX}/data/d"},
            {"type": "uri_folder", "path": f"azureml:{PREFIX}/data/d"},
        ),
        ({"jobInputType": "uri_folder", "uri": "https://h/p:1"}, {"type": "uri_folder", "path": "https://h/p:1"}),
        ({"jobInputType": "uri_folder", "uri": None, "mode": None}, {"type": "uri_folder"}),
    ],
)
def test_inputs(given: dict[str, Any], expected: Any) -> None:
    assert pipeline(inputs={"i": given}).inputs == {"i": expected}
    again = job_to_rest(pipeline(inputs={"i": given}))["inputs"]["i"]
    if not isinstance(expected, dict):
        assert again == {"description": None, "jobInputType": "literal", "value": str(expected)}
    else:
        assert again["uri"] == given["uri"]
        assert pipeline(inputs={"i": again}).inputs == {"i": expected}


def test_inputs_without_a_value_are_left_out() -> None:
    assert pipeline(inputs={"a": None, "b": {"jobInputType": "literal", "value": None}}).inputs == {}


def test_outputs() -> None:
    given = {"jobOutputType": "uri_folder", "uri": "x", "mode": "Upload", "assetName": "n", "assetVersion": "1"}
    expected = {"type": "uri_folder", "path": "x", "mode": "upload", "name": "n", "version": "1"}
    job = pipeline(outputs={"o": given, "p": {"jobOutputType": "mlflow_model"}})
    assert job.outputs == {"o": expected, "p": {"type": "mlflow_model"}}
    assert job_to_rest(job)["outputs"]["o"] == {"description": None, **given}
    mounted = job_to_rest(PipelineJob(outputs={"o": {"mode": "mount"}}))["outputs"]["o"]
    assert (mounted["mode"], mounted["jobOutputType"]) == ("ReadWriteMount", "uri_folder")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"default_compute": "cpu", "_source": "DSL"}, {"default_compute": "cpu"}),
        ({"DefaultCompute": f"{PREFIX}/computes/cpu"}, {"default_compute": "cpu"}),
        ({"defaultDatastore": "azureml:ds"}, {"default_datastore": "ds"}),
        (
            {"ContinueOnStepFailure": "True", "force_rerun": False},
            {"continue_on_step_failure": True, "force_rerun": False},
        ),
        ({"Odd": {"x": [1]}, "none": None}, {"Odd": {"x": (1,)}}),
    ],
)
def test_settings(given: dict[str, Any], expected: dict[str, Any]) -> None:
    job = pipeline(settings=given)
    assert job.settings == expected
    answer = job_to_rest(job)["settings"]
    assert answer["_source"] == "YAML.JOB"
    assert pipeline(settings=answer).settings == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"identityType": "managed", "clientId": "c", "resourceId": None}, {"type": "managed", "client_id": "c"}),
        ({"identityType": "AMLToken"}, {"type": "aml_token"}),
        ({"identityType": "UserIdentity"}, {"type": "user_identity"}),
    ],
)
def test_identities(given: dict[str, Any], expected: dict[str, Any]) -> None:
    job = pipeline(identity=given)
    assert job.identity == expected
    assert pipeline(identity=job_to_rest(job)["identity"]).identity == expected
    named = job_to_rest(PipelineJob(identity={"type": "managed_identity"}))["identity"]
    assert named["identityType"] == "Managed"


def test_the_other_fields() -> None:
    given = {
        "displayName": "d",
        "description": "t",
        "experimentName": "e",
        "computeId": f"{PREFIX}/computes/cpu",
        "tags": {"a": "b", "n": None},
        "properties": {"p": "q"},
        "services": {"ssh": {"jobServiceType": "SSH"}},
        "componentId": "registry:1",
    }
    job = pipeline(**given)
    assert (job.display_name, job.description, job.experiment_name, job.compute) == ("d", "t", "e", "cpu")
    assert (job.tags, job.properties, job.component) == ({"a": "b", "n": None}, {"p": "q"}, "azureml:registry:1")
    assert job.services == {"ssh": {"type": "ssh"}}
    answer = job_to_rest(job)
    assert {key: answer[key] for key in given} == {**given, "computeId": "cpu"}


COMPONENT = "name: c\nversion: 2\ninputs:\n  n: {type: integer}\ncommand: echo\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (COMPONENT, Component(name="c", version="2", inputs={"n": {"type": "integer"}}, content={"command": "echo"})),
        (
            f"azureml:{COMPONENT}",
            Component(name="c", version="2", inputs={"n": {"type": "integer"}}, content={"command": "echo"}),
        ),
        ("type: Pipeline\nname: null\ninputs: 5\n", Component(type="pipeline")),
        ("c:1", "azureml:c:1"),
        (f"azureml:{PREFIX}/components/c", f"azureml:{PREFIX}/components/c"),
        (REGISTRY, REGISTRY),
        ("a:\n\t- b", "azureml:a:\n\t- b"),
        ("- a\n- b\n", "azureml:- a\n- b\n"),
        ("&a\nx: *a\n", "azureml:&a\nx: *a\n"),
        ("", None),
        (None, None),
    ],
)
def test_components_of_steps(text: str | None, expected: Any) -> None:
    assert pipeline(jobs={"a": {"componentId": text}}, displayName="x").jobs["a"].component == expected


def test_a_component_of_a_registry_is_answered_by_its_address() -> None:
    """It begins with azureml: as a reference does, and is nothing without it."""
    loaded = load_job(io.StringIO(f"type: pipeline\njobs: {{a: {{type: command, component: '{REGISTRY}'}}}}"))
    job = pipeline(displayName="x", componentId=REGISTRY, jobs={"a": {"componentId": REGISTRY}})
    for one in (job, loaded):
        assert job_to_rest(one)["jobs"]["a"]["componentId"] == REGISTRY
        assert entity_job_data(one)["jobs"]["a"]["component"] == REGISTRY
    assert job_to_rest(job)["componentId"] == REGISTRY


def test_steps() -> None:
    given = {
        "name": "a",
        "type": "COMMAND",
        "_source": "YAML.JOB",
        "computeId": "gpu",
        "componentId": "c:1",
        "inputs": {"x": {"job_input_type": "literal", "value": "1"}, "d": {"job_input_type": "uri_file", "uri": "d:1"}},
        "outputs": {
            "o": {"value": "${{parent.outputs.o}}", "type": "literal"},
            "p": {"job_output_type": "uri_folder", "mode": "Upload"},
        },
        "resources": {"instance_count": 2},
    }
    job = pipeline(jobs={"a": given, "b": {}})
    assert job.jobs["a"] == Step(
        component="azureml:c:1",
        compute="gpu",
        inputs={"x": "1", "d": {"type": "uri_file", "path": "azureml:d:1"}},
        outputs={"o": "${{parent.outputs.o}}", "p": {"type": "uri_folder", "mode": "upload"}},
        content={"resources": {"instance_count": 2}},
    )
    assert job.jobs["b"] == Step()
    answer = job_to_rest(job)["jobs"]
    assert answer["a"] == {**given, "type": "command", "_source": "YAML.COMPONENT"}
    assert answer["b"] == {"name": "b", "type": "command", "inputs": {}, "outputs": {}, "_source": "YAML.JOB"}


def test_an_inline_command_answers_as_the_component_that_the_client_makes_of_it() -> None:
    inputs = {
        "a": 1,
        "b": 1.5,
        "c": True,
        "d": "x",
        "e": "${{parent.inputs.e}}",
        "f": {"type": "mltable", "path": "p"},
        "g": {"path": "p"},
    }
    content = {"command": "echo", "environment": "azureml:e:1", "resources": {"instance_count": 2}}
    job = PipelineJob(jobs={"s": Step(inputs=inputs, outputs={"o": {}}, content=content)})
    answer = job_to_rest(job)["jobs"]["s"]
    assert (answer["_source"], answer["resources"]) == ("YAML.JOB", {"instance_count": 2})
    component = pipeline(jobs={"s": answer}).jobs["s"].component
    assert isinstance(component, Component)
    types = {name: port["type"] for name, port in component.inputs.items()}
    assert list(types.values()) == ["integer", "number", "boolean", "string", "uri_folder", "mltable", "uri_folder"]
    assert (component.name, component.outputs) == ("azureml_anonymous", {"o": {"type": "uri_folder"}})
    assert component.content == {"command": "echo", "environment": "azureml:e:1"}


def test_a_pipeline_component() -> None:
    component = Component(type="pipeline", name="p", version="1", outputs={"o": {"type": "uri_file"}})
    answer = job_to_rest(PipelineJob(component=component))
    assert pipeline(**{key: value for key, value in answer.items() if key != "jobType"}).component == component


@pytest.mark.parametrize(("kind", "model"), [("Command", CommandJob), ("SPARK", SparkJob)])
def test_jb_8_other_job_types_are_a_private_preview(kind: str, model: type[JobDefinition]) -> None:
    definition = {
        "jobType": kind,
        "computeId": "cpu",
        "codeId": "x",
        "environmentId": "azureml:e:1",
        "command": "echo",
        "limits": None,
        "isArchived": True,
    }
    job, found = job_from_rest(definition)
    assert isinstance(job, model)
    assert [(item.code, item.severity) for item in found] == [("MLS404", Severity.WARNING)]
    assert job.content == {"code": "x", "environment": "azureml:e:1", "command": "echo"}  # type: ignore[attr-defined]
    answer = job_to_rest(job)
    assert {key: answer[key] for key in ("codeId", "environmentId", "command")} == {
        "codeId": "x",
        "environmentId": "azureml:e:1",
        "command": "echo",
    }
    assert "sourceJobId" not in answer
    again, _ = job_from_rest({**answer, "experimentName": None})
    assert again == job


@pytest.mark.parametrize(
    ("definition", "code", "field"),
    [
        ({"jobType": None}, "MLS405", ("jobType",)),
        ({"jobType": 5}, "MLS008", ("jobType",)),
        ({"jobType": "Sweep"}, "MLS403", ("jobType",)),
        ({"jobType": "Pipelin"}, "MLS009", ("jobType",)),
        ({"sourceJobId": 5}, "MLS008", ("sourceJobId",)),
        ({"displayName": 5}, "MLS008", ("displayName",)),
        ({"inputs": [1]}, "MLS008", ("inputs",)),
        ({"inputs": {"a": "x"}}, "MLS008", ("inputs", "a")),
        ({"inputs": {"a": {}}}, "MLS007", ("inputs", "a", "jobInputType")),
        ({"inputs": {"a": {"jobInputType": "thing"}}}, "MLS009", ("inputs", "a", "jobInputType")),
        ({"inputs": {"a": {"jobInputType": 5}}}, "MLS008", ("inputs", "a", "jobInputType")),
        ({"inputs": {"a": {"jobInputType": "literal", "value": [1]}}}, "MLS008", ("inputs", "a", "value")),
        ({"inputs": {"a": {"jobInputType": "literal", "value": float("inf")}}}, "MLS008", ("inputs", "a", "value")),
        ({"inputs": {"a": {"jobInputType": "uri_file", "uri": 5}}}, "MLS008", ("inputs", "a", "uri")),
        ({"outputs": {"a": {"jobOutputType": "uri_file", "mode": "Sideways"}}}, "MLS009", ("outputs", "a", "mode")),
        ({"identity": {}}, "MLS007", ("identity", "identityType")),
        ({"identity": {"identityType": "me"}}, "MLS009", ("identity", "identityType")),
        ({"settings": {"default_compute": 5}}, "MLS008", ("settings", "default_compute")),
        ({"settings": {"force_rerun": "maybe"}}, "MLS008", ("settings", "force_rerun")),
        ({"settings": {"force_rerun": 5}}, "MLS008", ("settings", "force_rerun")),
        ({"tags": {"a": 1}}, "MLS008", ("tags", "a")),
        ({"jobs": {"a": 1}}, "MLS008", ("jobs", "a")),
        ({"jobs": {"a": {"componentId": 1}}}, "MLS008", ("jobs", "a", "componentId")),
        ({"jobs": {"a": {"type": []}}}, "MLS008", ("jobs", "a", "type")),
    ],
)
def test_problems_and_their_places(definition: dict[str, Any], code: str, field: tuple[str, ...]) -> None:
    job, found = job_from_rest({"jobType": "Pipeline", **definition})
    assert job is None
    assert [(item.code, item.field) for item in found] == [(code, field)]


def test_a_definition_that_is_nested_too_deep() -> None:
    deep: Any = 1
    for _ in range(100):
        deep = [deep]
    job, found = job_from_rest({"jobType": "Pipeline", "tags": deep})
    assert (job, [item.code for item in found]) == (None, ["MLS004"])


def test_the_answer_is_plain_json() -> None:
    job = PipelineJob(
        inputs={"a": {"path": "x"}}, settings={"x": [1]}, jobs={"s": Step(content={"limits": {"timeout": 1}})}
    )
    assert json.loads(json.dumps(job_to_rest(job))) == job_to_rest(job)
