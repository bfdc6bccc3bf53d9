"""What ``az ml`` asks of a role: all that the client calls on the way. tests/azure/test_az_agreement.py holds it against the client."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mlschedule import FakeWorkspace, RoleDefinition
from pytest_mlschedule.az.az import Az

ML = "Microsoft.MachineLearningServices/workspaces"
INLINE = """\
name: inline
trigger: {type: cron, expression: "0 3 * * *"}
create_job:
  type: pipeline
  job: ./steps.yml
"""
STEPS = """\
type: pipeline
settings: {default_compute: azureml:cpu}
jobs: {say_hello: {command: echo, environment: "azureml:env:1"}}
"""
SCHEDULES = (f"{ML}/schedules/*",)


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    (folder / "inline.yml").write_text(INLINE, encoding="utf-8")
    (folder / "steps.yml").write_text(STEPS, encoding="utf-8")


def az_of(workspace: FakeWorkspace, *actions: str) -> Az:
    return Az(workspace.as_role(RoleDefinition(actions, name="limited"), principal="bob"))


def refusal(workspace: FakeWorkspace, action: str, resource: str) -> str:
    return (
        "ERROR: (AuthorizationFailed) The client 'bob' with role 'limited' does not have authorization to perform action "
        f"'{ML}/{action}' over scope '{workspace.id}{resource}'\nCode: AuthorizationFailed\n"
    )


def test_steps_of_a_file_are_registered_as_components(workspace: FakeWorkspace) -> None:
    bob = az_of(workspace, *SCHEDULES)
    refused = bob("ml schedule create -f inline.yml")
    expected = refusal(workspace, "components/versions/write", "/components/azureml_anonymous")
    assert (refused.exit_code, refused.stdout, refused.stderr.startswith(expected)) == (1, "", True)
    assert workspace.schedules.list() == []
    assert [(entry.operation, entry.status) for entry in workspace.activity] == [("components.put", "Denied")]
    assert bob("ml schedule create -f remote.yml").exit_code == 0, "a job of the workspace needs no component"
    assert az_of(workspace, *SCHEDULES, f"{ML}/components/*")("ml schedule create -f inline.yml").exit_code == 0


def test_a_job_is_prepared_in_the_same_way(workspace: FakeWorkspace, folder: Path) -> None:
    (folder / "job.yml").write_text(
        "type: pipeline\ncompute: azureml:cpu\njobs: {say: {command: echo, environment: {image: ubuntu}}}\n",
        encoding="utf-8",
    )
    needed = ("environments/versions/write", "computes/read", "components/versions/write", "jobs/write")
    resources = (
        "/environments/CliV2AnonymousEnvironment",
        "/computes/cpu",
        "/components/azureml_anonymous",
        "/jobs/pipeline-1",
    )
    for number, (action, resource) in enumerate(zip(needed, resources, strict=True)):
        allowed = [f"{ML}/{one}" for one in needed[:number]]
        refused = az_of(workspace, *allowed)("ml job create -f job.yml")
        assert refused.stderr.startswith(refusal(workspace, action, resource))
    assert az_of(workspace, *(f"{ML}/{one}" for one in needed))("ml job create -f job.yml").exit_code == 0


def test_an_update_registers_only_new_steps(workspace: FakeWorkspace) -> None:
    Az(workspace)("ml schedule create -f inline.yml", check=True)
    bob = az_of(workspace, *SCHEDULES)
    assert bob("ml schedule update -n inline --set description=x").exit_code == 0
    refused = bob("ml schedule update -n inline --set create_job.jobs.say_hello.component.command=ls")
    assert refused.stderr.startswith(refusal(workspace, "components/versions/write", "/components/azureml_anonymous"))


def test_who_waits_reads(workspace: FakeWorkspace) -> None:
    writer = az_of(workspace, f"{ML}/schedules/write")
    assert writer("ml schedule create -f remote.yml --no-wait").exit_code == 0
    refused = writer("ml schedule create -f remote.yml")
    assert refused.stderr.startswith(refusal(workspace, "schedules/read", "/schedules/remote"))


@pytest.mark.parametrize("verb", ["archive", "restore"])
def test_what_is_looked_at_before_a_run_is_hidden(workspace: FakeWorkspace, verb: str) -> None:
    Az(workspace)("ml job create -f simple-pipeline-job.yml -n x", check=True)
    needed = ("jobs/read", "read", "jobs/write")
    for number, action in enumerate(needed):
        refused = az_of(workspace, *(f"{ML}/{one}" for one in needed[:number]))(f"ml job {verb} -n x")
        assert refused.stderr.startswith(refusal(workspace, action, "" if action == "read" else "/jobs/x"))
    assert az_of(workspace, *(f"{ML}/{one}" for one in needed))(f"ml job {verb} -n x").exit_code == 0


def test_a_data_scientist_reads_the_workspace(workspace: FakeWorkspace) -> None:
    scientist = Az(workspace.as_role("AzureML Data Scientist"))
    assert scientist("ml schedule create -f inline.yml").exit_code == 0
    assert scientist("ml job create -f simple-pipeline-job.yml").exit_code == 0
