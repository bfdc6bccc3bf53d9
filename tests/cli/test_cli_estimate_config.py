"""Which configuration an estimate takes, and which durations and computes it means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cli_runs import run
from cost_files import CONFIG, MARCH, NIGHTLY, PIPELINE, TRIGGER, document, write, write_estate

COMPUTES = CONFIG.partition("[durations]")[0]


@pytest.fixture(autouse=True)
def _estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_estate(None)


def in_pyproject(text: str) -> str:
    """The tables of a configuration under [tool.mlschedule]."""
    return text.replace("[", "[tool.mlschedule.")


def total(*arguments: str) -> str | None:
    found: str | None = document(*arguments)["total"]
    return found


def test_mlschedule_toml() -> None:
    write("mlschedule.toml", CONFIG)
    assert total() == "8.37"


def test_pyproject_toml() -> None:
    write("pyproject.toml", f'[project]\nname = "x"\n{in_pyproject(CONFIG)}')
    assert total() == "8.37"


def test_mlschedule_toml_wins_over_pyproject_toml() -> None:
    write("mlschedule.toml", CONFIG)
    write("pyproject.toml", in_pyproject(CONFIG.replace("45m", "90m")))
    assert total() == "8.37"
    Path("mlschedule.toml").unlink()
    assert total() == "16.74"


@pytest.mark.parametrize("name", ["mlschedule.toml", "pyproject.toml"])
def test_a_configuration_is_found_above_the_working_directory(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(name, CONFIG if name == "mlschedule.toml" else in_pyproject(CONFIG))
    folder = Path("team/deeper")
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    result = run("estimate", "../../schedules", *MARCH, "--prices", "../../prices.json")
    assert result.stdout.splitlines()[1].split()[-1] == "8.37"


def test_mlschedule_toml_above_wins_over_a_pyproject_toml_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    write("mlschedule.toml", CONFIG)
    write("pyproject.toml", in_pyproject(CONFIG.replace("45m", "90m")))
    write("team/pyproject.toml", '[project]\nname = "no table of ours"\n')
    monkeypatch.chdir("team")
    result = run("estimate", "../schedules", *MARCH, "--prices", "../prices.json")
    assert result.stdout.splitlines()[1].split()[-1] == "8.37"


def test_paths_of_a_configuration_are_relative_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    write("mlschedule.toml", f'paths = ["schedules"]\nprices = "prices.json"\n{CONFIG}')
    Path("team").mkdir()
    monkeypatch.chdir("team")
    result = run("estimate", *MARCH)
    assert result.stdout.splitlines()[1].split()[-1] == "8.37"


def test_another_configuration_and_none() -> None:
    write("mlschedule.toml", CONFIG)
    write("other.toml", CONFIG.replace("45m", "90m"))
    assert total("--config", "other.toml") == "16.74"
    assert total("--no-config") is None


def test_dashes_in_keys() -> None:
    more = "nodes_per_run = 2\nmin_nodes = 1\nmax_nodes = 3\nidle_minutes = 5\n"
    costs = []
    for spelt in (more, more.replace("_", "-")):
        write("mlschedule.toml", CONFIG.replace("[durations]", f"{spelt}[durations]"))
        costs.append(total())
    # 31 x (2 x 2,700 + 300) s = 176,700 s and 2,678,400 - 83,700 s of waiting, x 0.0001.
    assert costs == ["277.14", "277.14"]


@pytest.mark.parametrize("key", ["cpu", '"azureml:cpu"', "CPU", '"cpu"'])
def test_computes_by_the_name_that_jobs_say(key: str) -> None:
    write("mlschedule.toml", CONFIG.replace("computes.cpu", f"computes.{key}"))
    assert total() == "8.37"


def test_a_compute_by_its_arm_id() -> None:
    write("mlschedule.toml", CONFIG)
    workspace = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"
    write("pipelines/fit-model.yml", PIPELINE.replace("azureml:cpu", f"azureml:{workspace}/computes/cpu"))
    assert total() == "8.37"


def test_the_compute_that_the_schedule_overrides() -> None:
    write("mlschedule.toml", CONFIG.replace("computes.cpu", "computes.other"))
    write(
        "schedules/nightly.yml",
        NIGHTLY.replace("fit-model.yml", "fit-model.yml, settings: {default_compute: azureml:other}"),
    )
    assert total() == "8.37"


@pytest.mark.parametrize(
    ("key", "origin"),
    [
        ("nightly", "durations.nightly"),
        ("train", "durations.train"),  # the name that the pipeline's file says
        ("fit-model", "durations.fit-model"),  # the pipeline's file
        ('"night*"', "durations.night*"),
        ('"fit-*"', "durations.fit-*"),
        ('"team=ml"', "durations.team=ml"),
        ('"tag:team=ml"', "durations.tag:team=ml"),
        ('"tag:team"', "durations.tag:team"),
        ('"nightly/fit"', "durations.nightly/fit"),
        ('"train/fit"', "durations.train/fit"),
        ('"fit-model/fit"', "durations.fit-model/fit"),
        ('"*/fit"', "durations.*/fit"),
    ],
)
def test_durations_of_schedules_pipelines_tags_and_steps(key: str, origin: str) -> None:
    write("mlschedule.toml", f'{COMPUTES}[durations]\n{key} = "45m"\n')
    found = document()
    assert found["total"] == "8.37"
    assert found["schedules"][0]["compute"]["duration_from"] == origin


def test_the_nearest_name_counts() -> None:
    keys = ['"tag:team"', '"team=ml"', '"night*"', "fit-model", "train", "nightly"]
    for number in range(1, len(keys) + 1):
        lines = "".join(f'{key} = "{minutes}m"\n' for minutes, key in enumerate(keys[:number], start=1))
        write("mlschedule.toml", f"{COMPUTES}[durations]\n{lines}")
        (one,) = document()["schedules"]
        assert one["compute"]["duration_seconds"] == 60 * number, keys[number - 1]


@pytest.mark.parametrize("name", ["train", "fit-model"])
def test_the_duration_of_a_pipeline_of_the_workspace(name: str) -> None:
    write("schedules/nightly.yml", f"name: nightly\n{TRIGGER}create_job: azureml:{name}\n")
    if name == "fit-model":  # a pipeline without a name goes by that of its file
        write("pipelines/fit-model.yml", PIPELINE.replace("name: train\n", ""))
    write("mlschedule.toml", f'{COMPUTES}[durations]\n{name} = "45m"\n')
    found = document()
    # Its compute is not known without the pipeline itself.
    assert found["schedules"][0]["reason"] == f"the job '{name}' of the workspace is not known here"
    assert total("--jobs", "pipelines") == "8.37"
    write("mlschedule.toml", f'jobs = ["pipelines"]\n{COMPUTES}[durations]\n{name} = "45m"\n')
    assert total() == "8.37"


@pytest.mark.parametrize("length", ["2700s", "45m", "0H45m", "2700S", " 45m ", "44m60s"])
def test_lengths_as_people_write_them(length: str) -> None:
    write("mlschedule.toml", CONFIG.replace("45m", length))
    assert total() == "8.37"


@pytest.mark.parametrize(("length", "cost"), [("90s", "0.279"), ("1h30m", "16.74"), ("1d", "267.84")])
def test_lengths_of_seconds_hours_and_days(length: str, cost: str) -> None:
    write("mlschedule.toml", CONFIG.replace("45m", length))
    assert total() == cost


def test_percentiles() -> None:
    write("mlschedule.toml", CONFIG.replace('"45m"', '{p50 = "45m", p95 = "3h"}'))
    assert total() == "8.37"
    write("mlschedule.toml", CONFIG.replace('"45m"', '{p50 = "45m"}'))
    assert total() == "8.37"


STEPS = """\
type: pipeline
name: train
jobs:
  load:
    type: command
    command: echo
    environment: azureml:e@latest
    compute: azureml:cpu
    outputs: {data: {type: uri_folder}}
  fit:
    type: command
    command: echo ${{inputs.data}}
    environment: azureml:e@latest
    compute: azureml:big
    resources: {instance_count: 2}
    inputs: {data: "${{parent.jobs.load.outputs.data}}"}
"""


def steps(durations: str) -> Any:
    write("pipelines/fit-model.yml", STEPS)
    big = COMPUTES.replace("computes.cpu", "computes.big")
    write("mlschedule.toml", f"{COMPUTES}{big}[durations]\n{durations}")
    return document()["schedules"][0]


def test_steps_on_several_computes() -> None:
    one = steps('"train/load" = "10m"\n"nightly/fit" = "20m"\n')
    # 31 x (600 + 2 x 1,200) s = 93,000 s.
    assert one["compute"]["cost"] == "9.30"
    assert (one["compute"]["names"], one["compute"]["duration_seconds"]) == (["cpu", "big"], 1_800)
    assert one["compute"]["duration_from"] == "durations.train/load and durations.nightly/fit"


def test_steps_that_lack_a_duration_are_named() -> None:
    one = steps('"train/load" = "10m"\nnightly = "45m"\n')
    assert one["reason"] == "its steps run on cpu and big, and no duration is known for step fit"
    assert one["compute"]["hint"] == 'add the duration of each step to [durations], as "nightly/fit" = "45m"'
    assert steps("")["reason"].endswith("no duration is known for steps load and fit")


def test_a_misspelt_name_is_told() -> None:
    write("mlschedule.toml", CONFIG.replace("nightly", "nigthly"))
    (one,) = document()["schedules"]
    assert one["compute"]["hint"] == (
        '[durations] has \'nigthly\'; add it to [durations], as "nightly" = "45m", or give a history of jobs'
    )
    write("mlschedule.toml", CONFIG.replace("computes.cpu", "computes.cpuu"))
    (one,) = document()["schedules"]
    assert one["compute"]["reason"] == "the compute 'cpu' is not described"
    assert one["compute"]["hint"].startswith("[computes] has cpuu; add [computes.cpu]")
