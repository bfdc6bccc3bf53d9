"""``pytest --mlschedule``: schedule files, expectations beside them, and the lock file as test items."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path

import pytest
from small_project import NIGHTLY, Project

from pytest_mlschedule import load_schedules, plan_runs
from pytest_mlschedule.planning.lock import make_lock
from pytest_mlschedule.planning.lock_document import write_lock

NOW = "--mlschedule-now=2026-01-15"
TEST = "def test_code(): pass"
EXPECT = """
expect:
  between: ["2026-03-01", "2026-04-01"]
  count: 31
  first: "2026-03-01T10:30:00Z"
  last: 2026-03-31T09:30:00Z
  inputs: {day: "${{creation_context.trigger_time}}", retries: "3"}
"""
QUIET = NIGHTLY.replace('"30 2 * * *"', '"30 5 * * *"')
# A schedule that every rule lets pass: the pipeline names its experiment, nothing runs while clocks change.
PIPELINE = """
type: pipeline
experiment_name: training
inputs:
  day: ${{creation_context.trigger_time}}
  retries: 3
settings: {default_compute: "azureml:cpu-cluster"}
jobs:
  train: {type: command, command: echo, environment: "azureml:train@latest"}
"""


@pytest.fixture
def clean(project: Project) -> Project:
    """A project with one schedule that nothing is wrong with."""
    project.write("schedules/pipeline.yml", PIPELINE)
    project.write("schedules/nightly.yml", QUIET)
    return project


def lock(project: Project) -> Path:
    """A lock of the project's schedules as they are."""
    plan = plan_runs(
        load_schedules(project.path / "schedules"),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 7, 1, tzinfo=UTC),
    )
    return project.write("schedules.lock.yml", write_lock(make_lock(plan)))


def outcomes(result: pytest.RunResult) -> dict[str, str]:
    """Node id and outcome of every item, of a verbose run."""
    found = {}
    for line in result.outlines:
        words = line.split()
        if len(words) > 1 and words[1] in ("PASSED", "FAILED", "ERROR") and "::" in words[0]:
            found[words[0]] = words[1]
    return found


def test_schedule_files_are_items_beside_tests(clean: Project) -> None:
    result = clean.run(TEST, "--mlschedule", NOW, "-v")
    assert outcomes(result) == {"schedules/nightly.yml::nightly": "PASSED", "test_it.py::test_code": "PASSED"}


def test_without_the_option_no_file_is_an_item(clean: Project) -> None:
    assert outcomes(clean.run(TEST, "-v")) == {"test_it.py::test_code": "PASSED"}


def test_the_ini_value_collects_too(clean: Project) -> None:
    clean.ini("mlschedule = true", "mlschedule_now = 2026-01-15")
    assert outcomes(clean.run(TEST, "-v"))["schedules/nightly.yml::nightly"] == "PASSED"


def test_a_finding_fails_with_its_place_and_the_way_out(clean: Project) -> None:
    clean.write("schedules/nightly.yml", QUIET.replace('"30 5 * * *"', '"30 5 1 * *"'))
    result = clean.run(TEST, "--mlschedule", NOW)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["schedules/nightly.yml:5:*: MLS103 trigger.expression: *", '5 |   expression: "30 5 1 [*] [*]"', "  hint: *"]
    )
    result.stdout.no_fnmatch_line("*collection.py*")


def test_a_file_that_does_not_load_fails(clean: Project) -> None:
    clean.write("schedules/nightly.yml", QUIET.replace("expression:", "expresion:"))
    result = clean.run(TEST, "--mlschedule", NOW)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["schedules/nightly.yml:5:3: MLS006 trigger.expresion: *"])


def test_a_problem_of_the_pipeline_fails_the_schedule(clean: Project) -> None:
    clean.write("schedules/pipeline.yml", PIPELINE.replace("type: command, command", "type: command, comand"))
    result = clean.run(TEST, "--mlschedule", NOW, "-v")
    assert outcomes(result)["schedules/nightly.yml::nightly"] == "FAILED"
    result.stdout.fnmatch_lines(["schedules/pipeline.yml:9:26: MLS006 *"])


def test_findings_below_the_configured_severity_pass(clean: Project) -> None:
    clean.write("schedules/nightly.yml", QUIET.replace('"30 5 * * *"', '"30 5 1 * *"'))
    clean.write("mlschedule.toml", 'fail_on = "error"')
    assert outcomes(clean.run(TEST, "--mlschedule", NOW, "-v"))["schedules/nightly.yml::nightly"] == "PASSED"


def test_rules_over_several_files_see_all_of_them(clean: Project) -> None:
    clean.write("schedules/other.yml", QUIET)
    result = clean.run(TEST, "--mlschedule", NOW, "-v")
    assert sorted(outcomes(result).values()) == ["FAILED", "PASSED", "PASSED"]
    result.stdout.fnmatch_lines(["schedules/other.yml:2:*: MLS509 *"])


def test_other_yaml_is_left_alone(clean: Project) -> None:
    clean.write("ci.yml", "on: [push]")
    clean.write("broken.yml", "a: [")
    clean.write("data.json", "[1, 2]")
    assert len(outcomes(clean.run(TEST, "--mlschedule", NOW, "-v"))) == 2


def test_expectations_are_an_item_of_their_own(clean: Project) -> None:
    clean.write("schedules/nightly.expect.yml", EXPECT.replace("10:30", "13:30").replace("09:30", "12:30"))
    found = outcomes(clean.run(TEST, "--mlschedule", NOW, "-v"))
    assert found["schedules/nightly.yml::nightly[expect]"] == "PASSED"


def test_expectations_that_are_not_met_say_what_runs(clean: Project) -> None:
    clean.write("schedules/nightly.expect.yml", EXPECT.replace("31\n", "30\n"))
    result = clean.run(TEST, "--mlschedule", NOW)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "schedules/nightly.expect.yml:4:10: MLS804 expect.count: expected 30 runs, planned are 31",
            "4 |   count: 30",
            "*:5:10: MLS804 expect.first: expected the first run at 2026-03-01T10:30:00Z, planned is 2026-03-01T13:30:00Z *",
        ]
    )


def test_expectations_of_a_file_that_does_not_load_show_why(clean: Project) -> None:
    clean.write("schedules/nightly.expect.yml", EXPECT)
    clean.write("schedules/nightly.yml", QUIET.replace("expression:", "expresion:"))
    result = clean.run(TEST, "--mlschedule", NOW)
    result.assert_outcomes(passed=1, failed=2)


def test_expectations_without_their_schedule_file_fail(clean: Project) -> None:
    clean.write("schedules/nigthly.expect.yml", EXPECT)
    result = clean.run(TEST, "--mlschedule", NOW)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "schedules/nigthly.expect.yml:1:1: MLS401 there is no schedule file beside it: nigthly.yml, *",
            "  hint: name it after the file that it is about",
        ]
    )


def test_expectations_that_cannot_be_read_fail(clean: Project) -> None:
    clean.write("schedules/nightly.expect.yml", EXPECT.replace("count:", "cont:"))
    result = clean.run(TEST, "--mlschedule", NOW)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["schedules/nightly.expect.yml:4:3: MLS006 expect.cont: *"])


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("", "MLS007 expect.schedule: which of the schedules of list.json is meant?"),
        ("  schedule: twoo\n", "MLS009 expect.schedule: list.json has no schedule 'twoo'"),
        ("  schedule: two\n", None),
    ],
)
def test_expectations_of_a_file_of_several_name_one(project: Project, line: str, text: str | None) -> None:
    trigger = {"type": "cron", "expression": "30 5 * * *", "start_time": "2026-01-01T00:00:00", "time_zone": "UTC"}
    listed = [
        {"name": name, "trigger": trigger, "create_job": f"azureml:{name}", "provisioning_state": "Succeeded"}
        for name in ("one", "two")
    ]
    project.write("list.json", json.dumps(listed))
    project.write("list.expect.yml", f"expect:\n  between: [2026-03-01, 2026-03-02]\n  count: 1\n{line}")
    result = project.run(TEST, "--mlschedule", NOW, "-v")
    assert outcomes(result)["list.json::list[expect]"] == ("PASSED" if text is None else "FAILED")
    if text is not None:
        result.stdout.fnmatch_lines([f"*{text}*"])


def test_items_are_chosen_by_name_and_by_marker(clean: Project) -> None:
    clean.write("schedules/weekly.yml", QUIET.replace("nightly", "weekly").replace("30 5", "30 6"))
    assert list(outcomes(clean.run(TEST, "--mlschedule", NOW, "-v", "-k", "weekly"))) == [
        "schedules/weekly.yml::weekly"
    ]
    assert "test_it.py::test_code" not in outcomes(clean.run(TEST, "--mlschedule", NOW, "-v", "-m", "mlschedule"))
    named = clean.run(TEST, "--mlschedule", NOW, "-v", "schedules/weekly.yml::weekly")
    assert list(outcomes(named)) == ["schedules/weekly.yml::weekly"]


def test_last_failed_runs_what_failed(clean: Project) -> None:
    clean.write("schedules/weekly.yml", QUIET.replace("nightly", "weekly").replace("30 5 * * *", "30 6 1 * *"))
    clean.run(TEST, "--mlschedule", NOW)
    again = clean.run(TEST, "--mlschedule", NOW, "-v", "--lf")
    assert outcomes(again) == {"schedules/weekly.yml::weekly": "FAILED"}


def test_junit_names_the_file_and_the_problem(clean: Project) -> None:
    clean.write("schedules/nightly.yml", QUIET.replace('"30 5 * * *"', '"30 5 1 * *"'))
    clean.run(TEST, "--mlschedule", NOW, "--junitxml=report.xml")
    (case,) = [case for case in ET.parse(clean.path / "report.xml").iter("testcase") if case.get("name") == "nightly"]
    (failure,) = case.iter("failure")
    assert "schedules/nightly.yml:5:" in (failure.text or "")


def test_workers_of_xdist_collect_the_same(clean: Project) -> None:
    clean.write("schedules/weekly.yml", QUIET.replace("nightly", "weekly").replace("30 5 * * *", "30 6 1 * *"))
    clean.write("tests/test_more.py", TEST)
    clean.ini("testpaths = tests", "mlschedule_paths = schedules")
    result = clean.run_alone(TEST, "--mlschedule", NOW, "-n", "2", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=2, failed=1)


def test_paths_of_ini_and_configuration_are_searched_beside_testpaths(clean: Project) -> None:
    clean.write("tests/test_more.py", TEST)
    clean.write(
        "team/nightly.yml", QUIET.replace("./pipeline.yml", "../schedules/pipeline.yml").replace("nightly", "team")
    )
    clean.write("mlschedule.toml", 'paths = ["team"]')
    clean.ini("testpaths = tests", "mlschedule_paths = schedules")
    found = outcomes(clean.run(TEST, "--mlschedule", NOW, "-v"))
    assert set(found) == {"tests/test_more.py::test_code", "schedules/nightly.yml::nightly", "team/nightly.yml::team"}


def test_the_plugin_can_be_left_out(clean: Project) -> None:
    assert outcomes(clean.run_alone(TEST, "-v", "-p", "no:mlschedule")) == {"test_it.py::test_code": "PASSED"}


def test_a_lock_is_an_item_for_each_schedule(clean: Project) -> None:
    lock(clean)
    found = outcomes(clean.run(TEST, "--mlschedule-lock=schedules.lock.yml", "-v"))
    assert found == {"schedules.lock.yml::nightly": "PASSED", "test_it.py::test_code": "PASSED"}


def test_behaviour_that_changed_without_the_lock_fails_and_says_what(clean: Project) -> None:
    lock(clean)
    clean.ini("mlschedule_lock = schedules.lock.yml")
    clean.write("schedules/nightly.yml", QUIET.replace('"30 5 * * *"', '"30 5 * * 1"'))
    clean.write("schedules/weekly.yml", QUIET.replace("nightly", "weekly"))
    result = clean.run(TEST, "-v")
    assert outcomes(result)["schedules.lock.yml::nightly"] == "FAILED"
    assert outcomes(result)["schedules.lock.yml::weekly"] == "FAILED"
    result.stdout.fnmatch_lines(
        [
            "schedules/nightly.yml:3:1: MLS801 trigger: nightly behaves otherwise than locked: runs 181 → 26 *",
            "schedules/weekly.yml:2:7: MLS802 name: weekly is not in the lock file",
        ]
    )


def test_the_lock_of_the_configuration_counts(clean: Project) -> None:
    lock(clean)
    clean.write("mlschedule.toml", 'lock = "schedules.lock.yml"\npaths = ["schedules"]')
    assert outcomes(clean.run(TEST, "--mlschedule", NOW, "-v"))["schedules.lock.yml::nightly"] == "PASSED"


@pytest.mark.parametrize(
    ("broken", "text"),
    [
        ("schedules.lock.yml", "schedules.lock.yml:*: MLS003 *"),
        ("schedules/nightly.yml", "schedules/nightly.yml:*: MLS003 *"),
    ],
)
def test_a_lock_that_cannot_be_read_is_one_failed_item(clean: Project, broken: str, text: str) -> None:
    lock(clean)
    clean.write(broken, "trigger: {\ncreate_job: [")
    result = clean.run(TEST, "--mlschedule-lock=schedules.lock.yml", "-v")
    assert outcomes(result)["schedules.lock.yml::lock"] == "FAILED"
    result.stdout.fnmatch_lines([text])


@pytest.mark.parametrize(
    ("files", "options", "text"),
    [
        ({}, ["--mlschedule-lock=no.lock.yml"], "*there is no lock file *no.lock.yml: write it with mlschedule lock*"),
        ({"mlschedule.toml": "windo = 3"}, ["--mlschedule"], "*mlschedule.toml:1:1: MLS006 windo: *"),
        (
            {"mlschedule.toml": 'jobs = ["jobs"]', "jobs/a.yml": "type: pipeline\njobz: {}"},
            ["--mlschedule"],
            "*a.yml:2:1: MLS006*",
        ),
    ],
)
def test_what_cannot_be_used_is_a_usage_error(
    clean: Project, files: dict[str, str], options: list[str], text: str
) -> None:
    for name, content in files.items():
        clean.write(name, content)
    result = clean.run(TEST, *options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([text])


def test_paths_are_shown_from_where_pytest_runs(clean: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    clean.write("schedules/nightly.yml", QUIET.replace('"30 5 * * *"', '"30 5 1 * *"'))
    monkeypatch.chdir(clean.path / "schedules")
    result = clean.run(TEST, "--mlschedule", NOW, os.fspath(clean.path))
    result.stdout.fnmatch_lines(["nightly.yml:5:*: MLS103 *"])


def test_templates_take_the_values_of_the_configuration(clean: Project) -> None:
    path = lock(clean)
    clean.write("schedules/nightly.yml", QUIET.replace('"30 5 * * *"', '"${minute} 5 * * *"'))
    clean.write("mlschedule.toml", 'lock = "schedules.lock.yml"\npaths = ["schedules"]\n[values]\nminute = 30\n')
    found = outcomes(clean.run(TEST, "--mlschedule", NOW, "-v"))
    assert found["schedules/nightly.yml::nightly"] == found["schedules.lock.yml::nightly"] == "PASSED"
    assert outcomes(clean.run(TEST, f"--mlschedule-lock={path}", "-v"))["schedules.lock.yml::nightly"] == "PASSED"


def test_an_item_runs_by_the_name_that_pytest_shows(clean: Project) -> None:
    clean.write("schedules/nightly.expect.yml", EXPECT.replace("10:30", "13:30").replace("09:30", "12:30"))
    for name in ("schedules/nightly.yml::nightly", "schedules/nightly.yml::nightly[expect]"):
        assert name in outcomes(clean.run(TEST, "--mlschedule", NOW, "-v", name))
