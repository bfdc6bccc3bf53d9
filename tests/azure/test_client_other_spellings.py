"""What Python and ``ml_az`` deploy from YAML files, as the real client reads it, changes it and puts it back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from azure_names import Environment, MLClient, load_job, load_schedule

import pytest_mlschedule
from pytest_mlschedule import FakeWorkspace
from pytest_mlschedule.arm.definitions import schedule_resource
from pytest_mlschedule.az.az import Az
from pytest_mlschedule.azure import make_client

SCHEDULE = "name: nightly\ntrigger: {type: cron, expression: '0 2 * * *'}\ncreate_job: ./job.yml\n"
COMMAND = """\
type: command
name: train
command: python main.py
code: ./src
environment: azureml:e:1
compute: azureml:cpu
"""
PIPELINE = """\
type: pipeline
name: train
settings: {default_compute: azureml:cpu}
inputs: {day: hello}
jobs:
  a:
"""
STEP = """\
command: python main.py ${{inputs.day}}
code: ./src
environment: azureml:e:1
inputs: {day: '${{parent.inputs.day}}'}
"""
TRIAL = """\
name: trial
type: command
inputs: {day: {type: string}, lr: {type: number}}
command: python main.py ${{inputs.day}} ${{inputs.lr}}
code: ./src
environment: azureml:e:1
"""
SWEEP = """\
type: sweep
trial: ./trial.yml
inputs: {day: '${{parent.inputs.day}}'}
search_space: {lr: {type: uniform, min_value: 0.1, max_value: 0.2}}
objective: {goal: minimize, primary_metric: loss}
sampling_algorithm: random
early_termination: {type: bandit, slack_amount: 0.1, delay_evaluation: 1, evaluation_interval: 2}
limits: {max_total_trials: 2, max_concurrent_trials: 1, timeout: 7200}
"""
PARALLEL = """\
type: parallel
mini_batch_size: "5"
mini_batch_error_threshold: 1
max_concurrency_per_instance: 1
retry_settings: {timeout: 60, max_retries: 2}
resources: {instance_count: 2}
partition_keys: [a]
input_data: ${{inputs.data}}
inputs: {data: {type: uri_folder, path: 'azureml://datastores/blob/paths/x'}}
outputs: {scores: {type: uri_folder}}
task:
  type: run_function
  code: ./src
  entry_script: main.py
  environment: azureml:e:1
  program_arguments: --x ${{inputs.data}}
"""
SPARK = """\
type: spark
code: ./src
entry: {file: main.py}
py_files: [more.zip]
args: --x ${{inputs.data}}
inputs: {data: {type: uri_file, path: 'azureml://datastores/blob/paths/x', mode: direct}}
conf:
  spark.driver.cores: 1
  spark.driver.memory: 2g
  spark.executor.cores: 1
  spark.executor.memory: 2g
  spark.executor.instances: 1
resources: {instance_type: Standard_E8S_V3, runtime_version: "3.3"}
identity: {type: managed}
"""
OTHER_STEPS = {"sweep": SWEEP, "parallel": PARALLEL, "spark": SPARK}
SETTINGS = """\
environment_variables: {A: b}
distribution: {type: pytorch, process_count_per_instance: 2}
resources: {instance_count: 2, shm_size: 4g}
limits: {timeout: 3600}
queue_settings: {job_tier: spot}
services: {lab: {type: jupyter_lab}}
"""
Deploy = Callable[[str], None]


@pytest.fixture(params=["az", "python"])
def deploy(
    request: pytest.FixtureRequest, workspace: FakeWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Deploy:
    """Deploys the text of a job file, as the job ``train`` and in the schedule ``nightly``."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src/main.py").write_text("print()")
    (tmp_path / "schedule.yml").write_text(SCHEDULE)
    (tmp_path / "trial.yml").write_text(TRIAL)
    az = Az(workspace)

    def by_az(text: str) -> None:
        (tmp_path / "job.yml").write_text(text)
        az("ml job create -f job.yml", check=True)
        az("ml schedule create -f schedule.yml", check=True)

    def by_python(text: str) -> None:
        (tmp_path / "job.yml").write_text(text)
        workspace.jobs.create_or_update(pytest_mlschedule.load_job("job.yml"))
        workspace.schedules.begin_create_or_update(pytest_mlschedule.load_schedule("schedule.yml"))

    return by_az if request.param == "az" else by_python


def step_text(text: str) -> str:
    """A pipeline with one step."""
    return PIPELINE + "".join(f"    {line}\n" for line in text.splitlines())


def settings_of(job: Any) -> tuple[Any, ...]:
    """How a command or a step runs, as the client's object says."""
    distribution, resources = job.distribution, job.resources
    return (
        job.environment_variables,
        (distribution.type.lower(), distribution.process_count_per_instance),
        (resources.instance_count, resources.shm_size),
        job.limits.timeout,
        job.queue_settings.job_tier.lower(),
        {name: service.type for name, service in job.services.items()},
    )


def change(client: MLClient) -> Any:
    """The job of the schedule after the client has put back what it got."""
    assert client.schedules.begin_disable("nightly").result().is_enabled is False
    found = client.schedules.get("nightly")
    found.description = "changed"
    client.schedules.begin_create_or_update(found).result()
    assert [one.name for one in client.schedules.list(list_view_type="ALL")] == ["nightly"]
    return client.schedules.get("nightly").create_job


@pytest.mark.usefixtures("_preview")
def test_the_code_of_a_command_is_an_asset(client: MLClient, workspace: FakeWorkspace, deploy: Deploy) -> None:
    deploy(COMMAND)
    assert [job.name for job in client.jobs.list()] == ["train"]
    code = client.jobs.get("train").code
    assert code.startswith(f"{workspace.id}/codes/")
    assert change(client).code == code
    job = client.jobs.get("train")
    job.description = "changed"
    assert client.jobs.create_or_update(job).code == code


def test_the_code_of_a_step_is_an_asset(client: MLClient, workspace: FakeWorkspace, deploy: Deploy) -> None:
    deploy(step_text(STEP))
    version = change(client).jobs["a"].component.rpartition("/")[2]
    component = client.components.get("azureml_anonymous", version=version)
    assert component.code.startswith(f"{workspace.id}/codes/")


KEPT = ({"A": "b"}, ("pytorch", 2), (2, "4g"), 3600, "spot", {"lab": "jupyter_lab"})


@pytest.mark.usefixtures("_preview")
def test_how_a_command_runs_is_kept(client: MLClient, deploy: Deploy) -> None:
    deploy(COMMAND + SETTINGS)
    job = client.jobs.get("train")
    assert settings_of(job)[:-1] == KEPT[:-1]
    assert settings_of(change(client)) == KEPT
    job.description = "changed"
    assert settings_of(client.jobs.create_or_update(job))[:-1] == KEPT[:-1]


@pytest.mark.usefixtures("_preview")
def test_how_a_step_runs_is_kept(client: MLClient, deploy: Deploy) -> None:
    deploy(step_text(STEP + SETTINGS))
    assert settings_of(client.schedules.get("nightly").create_job.jobs["a"]) == KEPT
    assert settings_of(change(client).jobs["a"]) == KEPT


WORDS = ("distribution", "environment_variables", "limits", "queue_settings", "resources")


@pytest.mark.usefixtures("_preview")
@pytest.mark.parametrize("kind", ["command", "step"])
def test_az_shows_the_settings_of_yaml_whoever_deployed_them(
    kind: str, client: MLClient, workspace: FakeWorkspace, folder: Path
) -> None:
    (folder / "job.yml").write_text(step_text(STEP + SETTINGS) if kind == "step" else COMMAND + SETTINGS)
    client.environments.create_or_update(Environment(name="e", version="1", image="ubuntu"))
    client.jobs.create_or_update(load_job("job.yml", params_override=[{"name": "theirs"}]))
    az = Az(workspace)
    az("ml job create -f job.yml --name ours", check=True)
    theirs, ours = (az(f"ml job show -n {name}").json() for name in ("theirs", "ours"))
    if kind == "step":
        theirs, ours = theirs["jobs"]["a"], ours["jobs"]["a"]
        assert theirs["services"] == ours["services"]
    else:
        assert theirs["code"].startswith(f"azureml:{workspace.id}/codes/")
        assert theirs["environment"] == f"azureml:{workspace.id}/environments/e/versions/1"
    assert {key: theirs[key] for key in WORDS} == {key: ours[key] for key in WORDS}


@pytest.mark.parametrize("step", OTHER_STEPS)
def test_steps_of_other_kinds_are_read_and_put_back(client: MLClient, deploy: Deploy, step: str) -> None:
    deploy(step_text(OTHER_STEPS[step]))
    assert [job.name for job in client.jobs.list()] == ["train"]
    assert client.jobs.get("train").jobs["a"].type == step
    assert change(client).jobs["a"].type == step
    job = client.jobs.get("train")
    job.description = "changed"
    assert client.jobs.create_or_update(job).description == "changed"


def wire_of(workspace: FakeWorkspace) -> Any:
    """The step of the schedule as REST answers it; assets by their kind alone."""
    shown = schedule_resource(workspace.schedules.get("nightly"), workspace)
    text = json.dumps(shown["properties"]["action"]["jobDefinition"]["jobs"]["a"])
    text = re.sub(r'/subscriptions/[^"]*/(codes|components|environments)/[^"]*', r"<\1>", text)
    step = json.loads(text.replace("azureml:e:1", "azureml:<environments>"))
    return {key: value for key, value in step.items() if value != {}}


@pytest.mark.parametrize("step", [*OTHER_STEPS, "command"])
def test_answers_are_those_for_the_same_file_from_the_client(
    workspace: FakeWorkspace, deploy: Deploy, step: str
) -> None:
    deploy(step_text({**OTHER_STEPS, "command": STEP + SETTINGS}[step]))
    theirs = FakeWorkspace()
    client = make_client(theirs)
    client.environments.create_or_update(Environment(name="e", version="1", image="ubuntu"))
    client.schedules.begin_create_or_update(load_schedule("schedule.yml")).result()
    assert wire_of(workspace) == wire_of(theirs)
    one, other = (
        Az(each)("ml schedule show -n nightly").json()["create_job"]["jobs"]["a"] for each in (workspace, theirs)
    )
    assert one.keys() == other.keys()
    # These name assets: a file by its folder and its name, the client by ids.
    named = ("component", "trial", "task")
    assert {key: one[key] for key in one if key not in named} == {key: other[key] for key in one if key not in named}


@pytest.mark.usefixtures("_preview")
@pytest.mark.parametrize(
    ("environment", "name"),
    [("azureml:e:1", "e:1"), ("azureml:e@latest", "e:1"), ("{image: ubuntu}", "CliV2AnonymousEnvironment:")],
)
def test_the_environment_of_a_command_is_an_asset(
    client: MLClient, deploy: Deploy, environment: str, name: str
) -> None:
    deploy(COMMAND.replace("azureml:e:1", environment))
    given = client.jobs.get("train").environment
    assert given.removeprefix("azureml:").startswith(name)
    change(client)
    job = client.jobs.get("train")
    job.description = "changed"
    assert client.jobs.create_or_update(job).environment == given
