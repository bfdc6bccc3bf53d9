"""``mlschedule schema``: schemas that jsonschema takes, and that take the schedules and configurations there are."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from cli_runs import run
from jsonschema import Draft7Validator

from pytest_mlschedule import DefinitionError, load_schedule
from pytest_mlschedule.config.reading import read_config
from pytest_mlschedule.config.tables import Root
from pytest_mlschedule.profile import field_types

ROOT = Path(__file__).parents[2]


def schema_of(*arguments: str) -> dict[str, Any]:
    done = run("schema", *arguments)
    assert done.exit_code == 0
    return dict(json.loads(done.stdout))


def accepts(kind: str, data: object) -> bool:
    return Draft7Validator(schema_of(kind)).is_valid(data)


@pytest.mark.parametrize("kind", ["schedule", "config"])
def test_schemas_are_schemas(kind: str) -> None:
    schema = schema_of(kind)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(schema)


def test_schedules_are_meant_where_nothing_is_said() -> None:
    assert schema_of() == schema_of("schedule")
    assert "trigger" in schema_of()["properties"]


def schedule_files() -> list[Path]:
    folders = [ROOT / "fixtures" / "seed", ROOT / "fixtures" / "valid", *sorted(ROOT.glob("examples/*/schedules"))]
    files = [path for folder in folders for path in sorted(folder.rglob("*.y*ml"))]
    return [path for path in files if re.search(r"^trigger:", path.read_text("utf-8"), re.M)]


@pytest.mark.parametrize("path", schedule_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_schedule_files_of_this_repository_are_taken(path: Path) -> None:
    load_schedule(path)
    data = yaml.safe_load(path.read_text("utf-8"))
    assert [error.message for error in Draft7Validator(schema_of()).iter_errors(data)] == []


def test_there_are_schedule_files() -> None:
    assert len(schedule_files()) > 20


CONFIGS = [
    "",
    'paths = ["schedules"]\njobs = "jobs"\nwindow = "31d"\nzone = "Europe/Paris"\nfail-on = "note"\nbaseline = "b.json"\n',
    'fail_on = "error"\nlock = "x.yml"\nvalues = {a = "x", b = 1, c = 1.5, d = true}\n',
    '[profile]\ngap = "skip"\nprovisioning_delay = "30m"\nweek-start = "sunday"\n',
    '[rules]\nselect = "MLS"\nignore = ["MLS103"]\nseverity = {MLS104 = "note"}\nshortest-period = "5m"\nmost_starts_per_minute = 3\n',
    '[rules.per-file-ignores]\n"a/*" = ["MLS1"]\n"b.yml" = "MLS2"\n',
    '[budgets]\nmax_runs_per_day = 0\nmax-runs-per-month = 3\nquiet-hours = "22:00-6:00"\nallowed_computes = ["cpu"]\n',
    '[budgets]\nquiet_hours = ["22:00-24:00", {from = "1:00", to = "24:00"}, {from = "1:00", to = "2:00", zone = "UTC"}]\n',
    '[budgets.schedules."nightly-*"]\nmax_starts_per_minute = 2\nrequired_tags = "team"\n[budgets.tags."team=ml"]\nmax_runs_per_day = 3\n',
    '[computes.cpu]\nsize = "Standard_DS3_v2"\nregion = "eastus"\nnodes-per-run = 2\nmin_nodes = 0\nmax_nodes = 4\nidle_minutes = 2.5\ntier = "low_priority"\n',
    '[durations]\nnightly = "1h30m"\n"team=ml" = {p50 = "30m", p95 = "1h"}\n[logic_app]\nactions_per_run = 3\nfree-executions = 0\nregion = "eastus"\n',
    'prices = "p.json"\nhistory = ["h.json"]\ncurrency = "EUR"\nprice_factor = 0.85\n[budgets]\nmax_cost_per_month = 499.5\nmax_concurrent_nodes = 8\n',
]


@pytest.mark.parametrize("text", CONFIGS)
def test_configurations_that_are_read_are_taken(text: str, tmp_path: Path) -> None:
    (tmp_path / "mlschedule.toml").write_text(text, encoding="utf-8")
    read_config(tmp_path / "mlschedule.toml")
    assert [error.message for error in Draft7Validator(schema_of("config")).iter_errors(tomllib.loads(text))] == []


@pytest.mark.parametrize(
    "text",
    [
        "path = ['a']",
        "paths = [1]",
        "window = 31",
        "window = '31'",
        "fail_on = 'none'",
        "values = {a = []}",
        "[profile]\ngap = 'skp'",
        "[profile]\ngapp = 'skip'",
        "[rules]\nselects = []",
        "[rules.severity]\nMLS103 = 'off'",
        "[budgets]\nmax_runs_per_day = '3'",
        "[budgets]\nmax_runs_per_day = -1",
        "[budgets]\nmax_starts_per_minute = 0",
        "[budgets]\nquiet_hours = '22-6'",
        "[budgets]\nquiet_hours = {from = '1:00'}",
        "[budgets.tags]\nml = 3",
        "[budgets.tags.ml.tags]",
        "[computes.cpu]\nsiz = 'x'",
        "[computes.cpu]\ntier = 'cheap'",
        "[computes.cpu]\nmin_nodes = -1",
        "[durations]\nnightly = 45",
        "[durations]\nnightly = {p95 = '1h'}",
        "price_factor = true",
        "[logic_app]\nactions_per_run = 0",
        "[budgets]\nmax_cost_per_month = -1",
    ],
)
def test_configurations_that_are_refused_are_marked(text: str, tmp_path: Path) -> None:
    (tmp_path / "mlschedule.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError):
        read_config(tmp_path / "mlschedule.toml")
    assert not accepts("config", tomllib.loads(text))


def test_every_key_is_described() -> None:
    schema = schema_of("config")
    assert set(schema["properties"]) == set(Root.model_fields)
    for name, one in [("", schema), *schema["definitions"].items()]:
        assert one["description"], name
        assert [key for key, value in one["properties"].items() if not value.get("description")] == []
    assert set(schema["properties"]["profile"]["properties"]) == set(field_types())
    assert "null" not in json.dumps(schema)


def test_triggers_are_described() -> None:
    definitions = schema_of()["definitions"]
    for name in ("cron", "recurrence", "pattern"):
        keys = definitions[name]["properties"].items()
        undescribed = [
            key for key, value in keys if key != "type" and "description" not in value and "$ref" not in value
        ]
        assert undescribed == []
    assert len(definitions["time_zone"]["anyOf"][0]["enum"]) == 131


def test_a_schema_can_be_written_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "schedule.schema.json"
    done = run("schema", "schedule", "-o", str(path))
    assert (done.exit_code, done.output) == (0, "")
    assert json.loads(path.read_text("utf-8")) == schema_of()


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    done = run("schema", "config", "-o", str(tmp_path / "none" / "x.json"))
    assert done.exit_code == 2
    assert done.output == f"mlschedule: {tmp_path / 'none' / 'x.json'}: cannot be written: No such file or directory\n"


def test_an_unknown_kind_is_wrong_usage() -> None:
    done = run("schema", "pipelines")
    assert done.exit_code == 2
    assert "'schedule', 'config'" in done.output
