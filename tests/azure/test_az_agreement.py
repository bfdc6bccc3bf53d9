"""``az ml`` needs the rights that the real client needs for the same file: no more and no fewer."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from azure_names import HttpResponseError, MlException, load_job, load_schedule

from pytest_mlschedule import FakeWorkspace, RoleDefinition
from pytest_mlschedule.arm.cloud import Cloud
from pytest_mlschedule.arm.faults import Faults
from pytest_mlschedule.arm.faults_names import OPERATIONS
from pytest_mlschedule.az.az import Az
from pytest_mlschedule.azure import make_client
from pytest_mlschedule.workspace.asset_store import Asset
from pytest_mlschedule.workspace.workspace import state_of

ML = "Microsoft.MachineLearningServices/workspaces"
SCHEDULE = 'name: nightly\ntrigger: {type: cron, expression: "0 5 * * *"}\ncreate_job: ./job.yml\n'
COMPONENT = "type: command\nname: say\nversion: 1\ncommand: echo\nenvironment: azureml:env:1\n"
INNER = "type: pipeline\nname: inner\nversion: 1\njobs: {say: {component: ./say.yml}}\n"
CODED = "type: command\nname: coded\nversion: 1\ncommand: echo\ncode: ./src\nenvironment: {image: ubuntu}\n"
DEEP = """\
type: pipeline
name: deep
version: 1
jobs:
  coded: {component: ./coded.yml, compute: azureml:cpu}
  pure: {component: ./inner.yml}
  latest: {component: "azureml:say@latest", inputs: {d: {type: uri_folder, path: "azureml:data@latest"}}}
"""
HEAD = "type: pipeline\nsettings: {default_compute: azureml:cpu}\n"
ENV = "environment: azureml:env:1"
STEPS = {
    "inline": f"command: echo\n{ENV}",
    "environment": "command: echo\nenvironment: {image: ubuntu}",
    "latest environment": "command: echo\nenvironment: azureml:env@latest",
    "curated environment": "command: echo\nenvironment: azureml:AzureML-sklearn-1.0@latest",
    "code": f"command: echo\ncode: ./src\n{ENV}",
    "component": "component: azureml:say:1",
    "latest component": "component: azureml:say@latest",
    "component of a registry": "component: azureml://registries/r/components/say/versions/1",
    "file of a component": "component: ./say.yml",
    "data": f"command: echo ${{{{inputs.d}}}}\n{ENV}\ninputs: {{d: {{type: uri_folder, path: azureml:data:1}}}}",
    "latest data": f"command: echo ${{{{inputs.d}}}}\n{ENV}\ninputs: {{d: {{type: uri_folder, path: azureml:data@latest}}}}",
    "latest model": f"command: echo ${{{{inputs.d}}}}\n{ENV}\ninputs: {{d: {{type: mlflow_model, path: azureml:model@latest}}}}",
    "local data": f"command: echo ${{{{inputs.d}}}}\n{ENV}\ninputs: {{d: {{type: uri_folder, path: ./src}}}}",
    "compute": f"command: echo\ncompute: azureml:gpu\n{ENV}",
    "serverless": f"command: echo\ncompute: serverless\n{ENV}",
    "pipeline": "type: pipeline\ncomponent: ./inner.yml",
    "deep pipeline": "type: pipeline\ncomponent: ./deep.yml",
    "parallel": "type: parallel\ninputs: {d: {type: uri_folder, path: 'azureml://datastores/blob/paths/x'}}\nmini_batch_size: '1'\n"
    "input_data: ${{inputs.d}}\nmini_batch_error_threshold: 1\n"
    f"task: {{type: run_function, code: ./src, entry_script: a.py, {ENV}}}",
    "sweep": "type: sweep\ntrial: ./say.yml\nsampling_algorithm: random\nsearch_space: {}\n"
    "objective: {goal: maximize, primary_metric: a}\nlimits: {max_total_trials: 1}",
}  # fmt: skip
JOBS = {name: f"{HEAD}jobs:\n  one:\n{textwrap.indent(step, '    ')}\n" for name, step in STEPS.items()} | {
    "compute of the job": f"{HEAD}compute: azureml:cpu\njobs: {{one: {{component: 'azureml:say:1'}}}}\n",
    "latest data of the job": f"{HEAD}inputs: {{d: {{type: uri_folder, path: azureml:data@latest}}}}\n"
    "jobs: {one: {component: 'azureml:say:1'}}\n",
    "file of a pipeline component": f"{HEAD}component: ./inner.yml\n",
    "file of a deep pipeline component": f"{HEAD}component: ./deep.yml\n",
    "latest pipeline component": f"{HEAD}component: azureml:inner@latest\n",
    "pipeline component": f"{HEAD}component: azureml:inner:1\n",
    "command": "type: command\ncommand: echo\ncode: ./src\ncompute: azureml:cpu\nenvironment: {image: ubuntu}\n",
}
# A schedule of a command job is behind the preview switch of the client.
CASES = [(name, kind) for name in JOBS for kind in ("schedule", "job") if (name, kind) != ("command", "schedule")]
# What az is held against: every action that some client call needs.
ACTIONS = sorted({route.action for route in OPERATIONS.values() if route.action and route.action.startswith(ML)})


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeWorkspace:
    """A workspace with the assets that the jobs name; the files stand in the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text("print(1)\n", encoding="utf-8")
    (tmp_path / "say.yml").write_text(COMPONENT, encoding="utf-8")
    (tmp_path / "inner.yml").write_text(INNER, encoding="utf-8")
    (tmp_path / "coded.yml").write_text(CODED, encoding="utf-8")
    (tmp_path / "deep.yml").write_text(DEEP, encoding="utf-8")
    (tmp_path / "schedule.yml").write_text(SCHEDULE, encoding="utf-8")
    made = FakeWorkspace()
    inner = {"name": "inner", "version": "1", "type": "pipeline", "jobs": {}}
    spec = {"name": "say", "version": "1", "type": "command", "command": "echo", "environment": "azureml:env:1"}
    for kind, name, properties in (
        ("components", "say", {"componentSpec": spec}),
        ("components", "inner", {"componentSpec": inner}),
        ("environments", "env", {"image": "ubuntu"}),
        ("data", "data", {"dataType": "uri_folder", "dataUri": "azureml://datastores/blob/paths/x"}),
        ("models", "model", {"modelType": "mlflow_model", "modelUri": "azureml://datastores/blob/paths/x"}),
    ):
        state_of(made).assets.put(Asset(kind, name, "1", properties, made.clock.now(), "Owner"))
    return made


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_the_rights_that_the_client_needs(name: str, kind: str, workspace: FakeWorkspace) -> None:
    Path("job.yml").write_text(JOBS[name], encoding="utf-8")
    faults = Faults()
    deploy(workspace, kind, faults)
    called = {OPERATIONS[call.operation].action for call in faults.calls} - {"", None}
    needed = {action for action in called if action and refuses_client(workspace, kind, action)}
    if "local data" not in name and f"{ML}/codes/versions/read" in needed:
        needed.add(f"{ML}/codes/versions/write")  # the fake has the code of whoever may upload it
    assert {action for action in ACTIONS if is_refused(workspace, kind, action)} == needed


def deploy(workspace: FakeWorkspace, kind: str, faults: Faults) -> None:
    client = make_client(workspace, cloud=Cloud(workspace, faults=faults))
    if kind == "schedule":
        client.schedules.begin_create_or_update(load_schedule("schedule.yml")).result()
    else:
        client.jobs.create_or_update(load_job("job.yml"))


def refuses_client(workspace: FakeWorkspace, kind: str, action: str) -> bool:
    """Whether the client gives up without one action: it does without some things that it may not read."""
    if not action.endswith("/read"):
        return True
    faults = Faults()
    faults.deny(action.removeprefix(f"{ML}/") if action != f"{ML}/read" else "workspaces/read")
    try:
        deploy(workspace, kind, faults)
    except (HttpResponseError, MlException):  # where it validates, it wraps the answer
        return True
    return False


def is_refused(workspace: FakeWorkspace, kind: str, action: str) -> bool:
    """Whether az is refused for the want of one action, in a role that allows all others."""
    role = RoleDefinition(("*",), (action, f"{ML}/-/read") if action == f"{ML}/read" else (action,), name="limited")
    result = Az(workspace.as_role(role))(f"ml {kind} create -f {kind}.yml")
    assert (result.exit_code == 1) is (f"perform action '{action}'" in result.stderr), result.stderr
    return result.exit_code == 1
