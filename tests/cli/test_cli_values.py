"""Templates on the command line: --set and --values for every command, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_runs import TRAIN, run

COMMANDS = ("plan", "next", "explain", "check")
TEMPLATE = """\
name: {{ environment }}-nightly
trigger: {type: cron, expression: "${minute} $(hour) * * *", time_zone: #{zone}#, start_time: "2026-01-01T00:00:00"}
create_job:
  type: pipeline
  job: ../pipelines/{{ environment }}.yml
"""
VALUES = ["--set", "environment=prod", "--set", "minute=30", "--set", "hour=2", "--set", "zone=UTC"]


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("schedules").mkdir()
    Path("pipelines").mkdir()
    Path("schedules/nightly.yml").write_text(TEMPLATE)
    for environment in ("prod", "test"):
        Path(f"pipelines/{environment}.yml").write_text(TRAIN.replace("5", str(len(environment))))


def planned(*arguments: str, text: str | None = None) -> list[tuple[str, str]]:
    result = run("plan", *arguments, "-o", "json", "--from", "2026-03-01", "--for", "1d", text=text)
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return [(item["schedule"], item["trigger_time"]) for item in json.loads(result.stdout)["runs"]]


PROD = [("prod-nightly", "2026-03-01T02:30:00Z")]
TEST = [("test-nightly", "2026-03-01T02:30:00Z")]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_values(command: str) -> None:
    result = run(command, "schedules", *VALUES, "--now", "2026-03-01")
    assert (result.exit_code, "MLS01" in result.stdout + result.stderr) == (0, False), result.output
    assert command == "check" or "prod-nightly" in result.stdout


def test_values_of_files_and_who_counts_more() -> None:
    assert planned("schedules", *VALUES) == PROD
    Path("a.yml").write_text("environment: test\nminute: 10\nhour: 2\n")
    Path("b.json").write_text('{"minute": 30, "zone": "UTC"}')
    assert planned("schedules", "--values", "a.yml", "--values", "b.json") == TEST
    assert planned("schedules", "--values", "b.json", "--values", "a.yml") == [("test-nightly", "2026-03-01T02:10:00Z")]
    assert planned("schedules", "--set", "environment=prod", "--values", "a.yml", "--values", "b.json") == PROD
    assert planned("schedules", "--values", "a.yml", "--values", "b.json", "--set", "hour=3", "--set", "hour=4") == [
        ("test-nightly", "2026-03-01T04:30:00Z")
    ]


def test_values_of_the_configuration_count_least() -> None:
    Path("mlschedule.toml").write_text('[values]\nenvironment = "test"\nminute = 30\nhour = 2\nzone = "UTC"\n')
    assert planned("schedules") == TEST
    assert planned("schedules", "--set", "environment=prod") == PROD
    assert run("plan", "schedules", "--no-config").exit_code == 1


def test_names_with_dots_and_values_with_signs() -> None:
    Path("schedules/nightly.yml").write_text(
        TEMPLATE.replace("{{ environment }}-nightly", "{{ team.name }}={{ x }}").replace("=", "-")
    )
    Path("v.yml").write_text("team: {name: ml}\nenvironment: prod\nminute: 30\nhour: 2\nzone: UTC\n")
    assert planned("schedules", "--values", "v.yml", "--set", "x=a") == [("ml-a", "2026-03-01T02:30:00Z")]


def test_stdin_is_filled_too() -> None:
    text = TEMPLATE.replace("../pipelines", "pipelines")
    assert planned("-", *VALUES, text=text) == PROD
    result = run("check", "-", *VALUES, "--now", "2026-03-01", text=text)
    assert result.exit_code == 0, result.stdout


def test_a_template_without_values_says_so_before_its_errors() -> None:
    Path("schedules/nightly.yml").write_text(TEMPLATE.replace("#{zone}#", "UTC"))
    for command in ("plan", "next", "explain"):
        result = run(command, "schedules")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(
            "schedules/nightly.yml:1:1: MLS017 this file is a template: {{ environment }}, ${minute} and $(hour) have no value\n"
            "  hint: give values: --set environment=... --set minute=... --set hour=..., or --values FILE\n"
            "schedules/nightly.yml:1:24: MLS003 "
        )
    found = run("check", "schedules", "--now", "2026-03-01").stdout
    assert found.index("MLS017") < found.index("MLS003")


def test_a_template_that_loads_as_it_stands_is_a_warning() -> None:
    Path("schedules/nightly.yml").write_text(
        'name: nightly\ntrigger: {type: cron, expression: "0 2 * * *", start_time: "2026-01-01T00:00:00"}\n'
        "create_job: azureml:train-$(environment)\n"
    )
    result = run("check", "schedules", "--now", "2026-03-01")
    assert (result.exit_code, "schedules/nightly.yml:1:1: MLS017 " in result.stdout) == (1, True)
    assert run("check", "schedules", "--now", "2026-03-01", "--fail-on", "error").exit_code == 0
    assert run("plan", "schedules").exit_code == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_a_placeholder_without_value_among_values_is_an_error_at_its_place(command: str) -> None:
    result = run(command, "schedules", *VALUES[2:], "--set", "enviroment=prod", "--now", "2026-03-01")
    assert result.exit_code == 1
    assert (
        "schedules/nightly.yml:1:7: MLS016 {{ environment }} has no value; there are values for enviroment, hour, minute and zone"
        in result.output
    )
    assert "hint: did you mean enviroment? Else give it one: --set environment=..." in result.output


def test_a_name_that_no_file_uses_is_said() -> None:
    result = run("plan", "schedules", *VALUES, "--set", "enviroment=prod", "--set", "quux=red")
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "mlschedule: --set enviroment: no file has this placeholder; did you mean environment?",
        "mlschedule: --set quux: no file has this placeholder",
    ]
    Path("v.yml").write_text("more: 1\n")
    assert run("plan", "schedules", *VALUES, "--values", "v.yml").stderr == ""
    # What could not be read may have any placeholder.
    assert "--set quux" not in run("check", "schedules", *VALUES[2:], "--set", "quux=red").stderr
    checked = run("check", "schedules", *VALUES, "--set", "quux=red", "--now", "2026-03-01")
    assert checked.stderr == "mlschedule: --set quux: no file has this placeholder\n"


USAGE = [
    (["--set", "environment"], "Error: Invalid value for '--set': 'environment' has no '=': write name=value"),
    (
        ["--set", "1=2"],
        "Error: Invalid value for '--set': '1' is no name: letters, digits, _, . and -, a letter or _ first",
    ),
    (
        ["--set", "=2"],
        "Error: Invalid value for '--set': '' is no name: letters, digits, _, . and -, a letter or _ first",
    ),
    (
        ["--set", "a=x\ny"],
        "Error: Invalid value for '--set': the value of a has several lines: a value is one line of text",
    ),
    (["--values", "nope.yml"], "mlschedule: nope.yml: no such file or directory"),
    (["--values", "pipelines"], "pipelines:1:1: MLS001 cannot be read: it is a directory"),
    (["--values", "list.yml"], "list.yml:1:4: MLS008 a: a list is no value of a placeholder"),
]


@pytest.mark.parametrize(("arguments", "message"), USAGE, ids=[message for _, message in USAGE])
def test_wrong_values(arguments: list[str], message: str) -> None:
    Path("list.yml").write_text("a: [1]\n")
    for command in COMMANDS:
        result = run(command, "schedules", *arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert message in result.stderr


def test_jobs_are_templates_too() -> None:
    Path("pipelines/prod.yml").write_text(TRAIN.replace("train", "{{ environment }}-train"))
    Path("schedules/nightly.yml").write_text(
        'name: nightly\ntrigger: {type: cron, expression: "0 2 * * *", start_time: "2026-01-01T00:00:00"}\ncreate_job: azureml:prod-train\n'
    )
    result = run(
        "plan",
        "schedules",
        "--jobs",
        "pipelines/prod.yml",
        "--set",
        "environment=prod",
        "--from",
        "2026-03-01",
        "--for",
        "1d",
    )
    assert "rows=5" in result.stdout
    assert result.stderr == ""


def test_the_carets_stand_under_the_placeholder() -> None:
    text = run("check", "schedules", *VALUES[2:], "--set", "x=1").stdout
    assert "1 | name: {{ environment }}-nightly\n  |       ^^^^^^^^^^^^^^^^^ error\n" in text
    assert "../pipelines/{{ environment }}.yml\n  |                     ^^^^^^^^^^^^^^^^^ error\n" in text
