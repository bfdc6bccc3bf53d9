"""Documents that only a fuzzer or an unlucky folder brings along: each has one answer, every time."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from pytest_mlschedule import DefinitionError, load_schedule, load_schedules

NIGHTLY = {
    "name": "nightly",
    "trigger": {"type": "cron", "expression": "0 3 * * *", "start_time": "2026-01-01T00:00:00"},
    "create_job": "azureml:score",
}


def codes_of(source: object) -> list[str]:
    with pytest.raises(DefinitionError) as refused:
        load_schedule(source)
    return [problem.code for problem in refused.value.diagnostics]


def test_a_folder_may_hold_other_json_and_links_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "nightly.json").write_text(json.dumps(NIGHTLY))
    (tmp_path / "numbers.json").write_text("[1, 2]")
    (tmp_path / "empty.json").write_text("[]")
    (tmp_path / "text.yml").write_text("only text")
    (tmp_path / "gone.yml").symlink_to(tmp_path / "nowhere.yml")
    assert [schedule.name for schedule in load_schedules(tmp_path)] == ["nightly"]


def test_a_file_of_two_schedules_is_not_one(tmp_path: Path) -> None:
    exported = {**NIGHTLY, "is_enabled": True}
    path = tmp_path / "two.json"
    path.write_text(json.dumps([exported, {**exported, "name": "hourly"}]))
    with pytest.raises(DefinitionError, match="MLS009 holds 2 schedules, not one"):
        load_schedule(path)
    assert [schedule.name for schedule in load_schedules(path)] == ["nightly", "hourly"]


def test_json_has_no_nan(tmp_path: Path) -> None:
    path = tmp_path / "nightly.json"
    path.write_text(json.dumps({**NIGHTLY, "tags": {"rate": float("nan")}}))
    with pytest.raises(DefinitionError, match="MLS003 is not valid JSON: NaN is no value of JSON"):
        load_schedule(path)


def test_a_date_that_does_not_exist_is_a_syntax_error_of_yaml() -> None:
    text = "name: nightly\ntrigger: {type: cron, expression: '0 3 * * *', start_time: 2026-02-30}\ncreate_job: azureml:score\n"
    assert codes_of(io.StringIO(text)) == ["MLS003"]


def test_a_misspelt_action_of_the_rest_api_is_named() -> None:
    trigger = {"triggerType": "Cron", "expression": "0 3 * * *", "startTime": "2026-01-01T00:00:00"}
    action = {"actionType": "CreateJobs", "jobDefinition": {"jobType": "Pipeline", "sourceJobId": "score"}}
    assert codes_of({"name": "nightly", "properties": {"trigger": trigger, "action": action}}) == ["MLS009"]


def test_places_of_json_that_is_no_yaml_are_the_start_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "nightly.json"
    path.write_text(json.dumps({**NIGHTLY, "name": "a/b", "description": "\N{OWL}"}))
    assert r"\ud83e\udd89" in path.read_text(), "YAML knows no halves of characters"
    with pytest.raises(DefinitionError, match=r"nightly\.json:1:1: MLS501 name: 'a/b'"):
        load_schedule(path)
