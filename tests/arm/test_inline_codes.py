"""Code of jobs that name a folder where the service has assets."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mlschedule import FakeWorkspace, PipelineJob
from pytest_mlschedule.arm.inline_codes import code_id, name_codes
from pytest_mlschedule.arm.job_bodies import job_resource
from pytest_mlschedule.schedules.models import CommandJob, Step
from pytest_mlschedule.workspace.workspace import state_of

WORKSPACE = FakeWorkspace()
CODE = f"{WORKSPACE.id}/codes/c/versions/1"
REGISTRY = "azureml://registries/r/codes/c/versions/1"


@pytest.mark.parametrize(
    ("code", "known"),
    [
        (CODE, CODE),
        (f"azureml:{CODE}", CODE),
        ("azureml:c:1", CODE),
        (REGISTRY, REGISTRY),
        ("./src", None),
        ("git+https://h/r.git", None),
    ],
)
def test_whatever_names_code_becomes_an_id(code: str, known: str | None) -> None:
    workspace = FakeWorkspace()
    found = code_id(code, workspace)
    assets = state_of(workspace).assets
    if known is not None:
        assert (found, assets.of_kind("codes")) == (known, [])
        return
    assert code_id(code, workspace) == found
    assert code_id("./other", workspace) != found
    name = found.split("/")[-3]
    asset = assets.find("codes", name, "1")
    assert asset is not None
    assert asset.properties["isAnonymous"] is True
    assert asset.properties["codeUri"].startswith("https://" if code == "./src" else code)


@pytest.mark.parametrize(
    "definition",
    [{}, {"codeId": None}, {"codeId": ""}, {"codeId": 5}, {"jobs": {"a": None, "b": {"task": {"code": 5}}}}],
)
def test_no_code_stays_none(definition: dict[str, Any]) -> None:
    before = dict(definition)
    name_codes(definition, FakeWorkspace())
    assert definition == before


@pytest.mark.parametrize(("code", "count"), [("./src", 1), (REGISTRY, 0), (None, 0)])
def test_commands_and_steps_share_their_code(code: str | None, count: int) -> None:
    workspace = FakeWorkspace()
    content = {"command": "python main.py", "code": code, "environment": "azureml:e:1"}
    command = workspace.jobs.create_or_update(CommandJob(name="c", compute="cpu", content=content))
    shown = job_resource(command, workspace)["properties"]["codeId"]
    job_resource(
        workspace.jobs.create_or_update(PipelineJob(compute="cpu", jobs={"a": Step(content=content)})), workspace
    )
    assets = state_of(workspace).assets
    assert len(assets.of_kind("codes")) == count
    (component,) = assets.of_kind("components")
    spec = component.properties["componentSpec"]
    assert spec.get("code") == (f"azureml:{shown}" if count else code)


def test_the_code_of_a_parallel_step_is_in_its_task() -> None:
    workspace = FakeWorkspace()
    step = Step(type="parallel", content={"task": {"code": "./src", "entry_script": "main.py"}})
    job = workspace.jobs.create_or_update(PipelineJob(compute="cpu", jobs={"a": step}))
    shown = job_resource(job, workspace)["properties"]["jobs"]["a"]
    assert shown["task"]["code"] == f"azureml:{code_id('./src', workspace)}"
    (component,) = state_of(workspace).assets.of_kind("components")
    assert component.properties["componentSpec"]["task"] == shown["task"]
