"""What az prints: recorded from azure-cli-core 2.91 with the commands of the ml extension 2.44 on our REST face."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mlschedule.az.az import Az
from pytest_mlschedule.az.errors import AzError
from pytest_mlschedule.az.formats import format_answer

NOSTART = ["ml", "schedule", "create", "-f", "remote.yml", "-n", "nostart", "--set", "trigger.expression=0 * * * *"]


@pytest.fixture
def made(az: Az) -> Az:
    az(NOSTART, check=True)
    return az


@pytest.mark.parametrize(
    ("query", "form", "text"),
    [
        ("trigger.expression", "tsv", "0 * * * *\n"),
        ("[name, is_enabled, tags, trigger]", "tsv", "nostart\ntrue\nNone\n0 * * * *\t2026-01-01T00:00:00\tUTC\tcron\n"),
        ("{b:name,a:is_enabled}", "tsv", "nostart\tTrue\n"),
        ("{b:name,a:is_enabled}", "json", '{\n  "a": true,\n  "b": "nostart"\n}\n'),
        ("{b:name,a:is_enabled}", "yaml", "a: true\nb: nostart\n"),
        ("{n: name, e: is_enabled, d: display_name}", "table", "N        E\n-------  ----\nnostart  True\n"),
        (
            "trigger",
            "table",
            "Start_time           Time_zone    Expression\n-------------------  -----------  ------------\n"
            "2026-01-01T00:00:00  UTC          0 * * * *\n",
        ),
        ("name", "table", "Result\n--------\nnostart\n"),
        ("[name,is_enabled]", "table", "Result\n--------\nnostart\nTrue\n"),
        ("[[name,is_enabled]]", "table", "Column1    Column2\n---------  ---------\nnostart    True\n"),
        ("[[name,tags]]", "table", "Column1    Column2\n---------  ---------\nnostart\n"),
        ("name", "yaml", "nostart\n...\n"),
        ("is_enabled", "tsv", "true\n"),
        ("is_enabled", "json", "true\n"),
        ("nope", "json", ""),
        ("nope", "tsv", ""),
        ("nope", "table", ""),
        ("tags", "table", ""),
        ("name", "none", ""),
        ("name", "jsonc", '"nostart"\n'),
        ("[name]", "yamlc", "- nostart\n"),
    ],
)  # fmt: skip
def test_one_schedule(made: Az, query: str, form: str, text: str) -> None:
    assert made(["ml", "schedule", "show", "-n", "nostart", "--query", query, "-o", form]).stdout == text


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (
            ["-o", "table"],
            "Name     Is_enabled    Provisioning_state\n-------  ------------  --------------------\nnostart  True          Succeeded\n",
        ),
        (["-o", "table", "--query", "[].{n:name,t:trigger}"], "N\n-------\nnostart\n"),
        (["-o", "table", "--query", "[].name"], "Result\n--------\nnostart\n"),
        (["-o", "table", "--query", "[?name=='zzz']"], "\n"),
        (["-o", "tsv"], "\t\tTrue\tnostart\tSucceeded\t\n"),
        (["-o", "tsv", "--query", "[].name"], "nostart\n"),
        (["-o", "tsv", "--query", "[].[name,tags]"], "nostart\tNone\n"),
        (["-o", "tsv", "--query", "[].{name:name,e:is_enabled}"], "nostart\tTrue\n"),
        (["-o", "tsv", "--query", "[].trigger"], "0 * * * *\t2026-01-01T00:00:00\tUTC\tcron\n"),
        (["-o", "tsv", "--query", "[?name=='zzz']"], ""),
        (["-o", "yaml", "--query", "[].{n:name}"], "- n: nostart\n"),
        (["-o", "yaml", "--query", "[?name=='zzz']"], "[]\n"),
        (["--query", "[]|[?name=='zzz']"], "[]\n"),
        (["-o", "JSON", "--query", "length(@)"], "1\n"),
        (["-otsv", "--query=length(@)"], "1\n"),
    ],
)  # fmt: skip
def test_a_list(made: Az, options: list[str], text: str) -> None:
    result = made(["ml", "schedule", "list", *options])
    assert (result.exit_code, result.stdout, result.stderr) == (0, text, "")


def test_the_whole_of_a_schedule(az: Az) -> None:
    az("ml schedule create --file recurrence.yml", check=True)
    shown = az("ml schedule show -n simple_recurrence_job_schedule").json()
    step = shown["create_job"]["jobs"].pop("say_hello")
    assert shown == {
        "create_job": {
            "display_name": "hello_pipeline_io",
            "experiment_name": "hello-pipelines",
            "inputs": {"hello_string_top_level_input": "hello world"},
            "jobs": {},
            "outputs": {
                "world": {
                    "path": "azureml://datastores/workspaceblobstore/paths/world/${{name}}/",
                    "type": "uri_folder",
                }
            },
            "settings": {"default_compute": "azureml:cpu-cluster"},
            "status": "NotStarted",
            "type": "pipeline",
        },
        "creation_context": {
            "created_at": "2026-01-01T00:00:00+00:00",
            "created_by": "Owner",
            "created_by_type": "User",
        },
        "description": "a simple hourly recurrence job schedule",
        "display_name": "Simple recurrence job schedule",
        "is_enabled": True,
        "name": "simple_recurrence_job_schedule",
        "provisioning_state": "Succeeded",
        "trigger": {
            "frequency": "day",
            "interval": 1,
            "schedule": {"hours": [4, 5, 10, 11, 12], "minutes": [0, 30]},
            "start_time": "2022-07-10 10:00:00",
            "time_zone": "Pacific Standard Time",
            "type": "recurrence",
        },
    }
    assert step["inputs"] == {"hello_string": {"path": "${{parent.inputs.hello_string_top_level_input}}"}}
    assert (step["outputs"], step["type"]) == ({"world": "${{parent.outputs.world}}"}, "command")


def test_json_is_sorted_and_indented_by_two(made: Az) -> None:
    result = made("ml schedule show -n nostart")
    assert result.stdout.startswith('{\n  "create_job": {\n    "experiment_name": "",\n    "id": "azureml:train",\n')


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ([{"a": 1}, {"b": "x"}], "A    B\n---  ---\n1\n     x\n"),
        ([{"name": "two\nlines", "b": 1}], "Name    B\n------  ---\ntwo     1\nlines\n"),
        ({"id": 5, "type": "x", "etag": "y", "tags": [], "shown": True}, "Shown\n-------\nTrue\n"),
        ([], "\n"),
        ("ünïcode", "Result\n--------\nünïcode\n"),
        ([None, 1], "Result\n--------\n\n1\n"),
    ],
)
def test_tables(data: Any, text: str) -> None:
    assert format_answer(data, "table", query="@") == text


@pytest.mark.parametrize("data", [{"id": "x"}, [{}], [{"nested": {}}]])
def test_what_no_table_can_show_is_an_error(data: Any) -> None:
    with pytest.raises(AzError, match="Table output unavailable"):
        format_answer(data, "table")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"b": [1, 2], "a": {"x": 1}, "c": None}, "\t2\tNone\n"),
        ([[1, [2, 3]], True, "x"], "1\t2\ntrue\nx\n"),
    ],
)
def test_tabs(data: Any, text: str) -> None:
    assert format_answer(data, "tsv") == text


def test_yaml_has_no_aliases_and_keeps_letters() -> None:
    shared = {"ü": 1}
    assert format_answer([shared, shared], "yaml") == "- ü: 1\n- ü: 1\n"


def test_whatever_has_an_arm_id_says_its_resource_group() -> None:
    data = {"id": "azureml:/subscriptions/s/resourceGroups/rg/providers/p/workspaces/w/jobs/j", "inner": {"id": "/a/b"}}
    assert format_answer(data, "tsv", query="resourceGroup") == "rg\n"
    assert format_answer(data, "json", query="inner.resourceGroup") == ""
    assert format_answer([{**data, "resourceGroup": "own"}], "tsv", query="[0].resourceGroup") == "own\n"
