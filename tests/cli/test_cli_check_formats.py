"""``mlschedule check -o``: every format from the command line, in a repository and below its root."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from cli_runs import run

from pytest_mlschedule.cli.check_formats import FORMATS

NOW = ("--now", "2026-01-15")
SCHEDULE = """\
name: nightly
trigger:
  type: cron
  expression: "0 9 1 * *" {comment}
  start_time: "2025-01-06T00:00:00"
create_job: azureml:score
"""


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a schedule in ``ml/schedules``; the tests are in ``ml``."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "ml" / "schedules").mkdir(parents=True)
    (tmp_path / "ml" / "schedules" / "nightly.yml").write_text(SCHEDULE.format(comment=""))
    monkeypatch.chdir(tmp_path / "ml")
    return tmp_path


@pytest.mark.parametrize("form", FORMATS)
def test_the_exit_status_does_not_depend_on_the_format(form: str) -> None:
    assert run("check", "schedules", "-o", form, *NOW).exit_code == 1
    assert run("check", "schedules", "-o", form, "--fail-on", "error", *NOW).exit_code == 0
    assert run("check", "schedules/none", "-o", form, *NOW).exit_code == 2


def test_annotations_see_paths_from_the_root_of_the_repository() -> None:
    assert (
        "::warning file=ml/schedules/nightly.yml,line=4,col=20,"
        in run("check", "schedules", "-o", "github", *NOW).stdout
    )
    assert ";sourcepath=ml/schedules/nightly.yml;linenumber=4;" in run("check", "schedules", "-o", "azure", *NOW).stdout
    log = json.loads(run("check", "schedules", "-o", "sarif", *NOW).stdout)
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "ml/schedules/nightly.yml"
    assert place["region"] == {"startLine": 4, "startColumn": 20, "endColumn": 21}


def test_programs_see_paths_as_they_were_given() -> None:
    document = json.loads(run("check", "schedules", "-o", "json", *NOW).stdout)
    assert {item["path"] for item in document["findings"]} == {"schedules/nightly.yml"}
    assert [item["code"] for item in document["findings"]] == ["MLS103", "MLS107", "MLS507"]
    root = ElementTree.fromstring(run("check", "schedules", "-o", "junit", *NOW).stdout)
    assert [case.get("name") for case in root.iter("testcase")] == ["schedules/nightly.yml"]


def test_the_threshold_decides_what_fails_in_junit() -> None:
    def failures(*options: str) -> str | None:
        root = ElementTree.fromstring(run("check", "schedules", "-o", "junit", *options, *NOW).stdout)
        return root[0].get("failures")

    assert (failures(), failures("--fail-on", "error")) == ("1", "0")


def test_what_a_comment_ignores_is_a_suppressed_result() -> None:
    Path("schedules/nightly.yml").write_text(SCHEDULE.format(comment="# mls: ignore[MLS103] meant"))
    log = json.loads(run("check", "schedules", "-o", "sarif", *NOW).stdout)
    kinds = {one["ruleId"]: one.get("suppressions") for one in log["runs"][0]["results"]}
    assert kinds == {"MLS107": None, "MLS507": None, "MLS103": [{"kind": "inSource"}]}


def test_text_from_stdin_is_checked_in_every_format() -> None:
    for form in FORMATS:
        done = run("check", "-", "-o", form, *NOW, text=SCHEDULE.format(comment=""))
        assert done.exit_code == 1, form
        assert "MLS103" in done.stdout, form
