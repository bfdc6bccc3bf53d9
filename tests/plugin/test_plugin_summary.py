"""The header line, the optional summary, and both under xdist."""

from __future__ import annotations

from importlib.metadata import version

import pytest
import tzdata
from small_project import NIGHTLY, Project

HEADER = f"mlschedule: {version('pytest-mlschedule')}, tzdata {tzdata.IANA_VERSION}"
SOURCE = """
from datetime import timedelta
import pytest

@pytest.mark.parametrize("days", [2, 3])
def test_runs(days, ml_schedule, ml_workspace, ml_scheduler):
    ml_workspace.schedules.begin_create_or_update(ml_schedule).result()
    ml_scheduler.advance(timedelta(days=days))

def test_by_hand(ml_workspace, ml_scheduler):
    from pytest_mlschedule import load_job, load_schedule
    data = {"name": "hourly", "trigger": {"type": "recurrence", "frequency": "hour", "interval": 1}}
    ml_workspace.jobs.create_or_update(load_job(PIPELINE))
    ml_workspace.schedules.begin_create_or_update(load_schedule({**data, "create_job": "azureml:train"})).result()
    ml_scheduler.advance(timedelta(days=1))

def test_planned_only(ml_schedule):
    pass

def test_created_only(ml_workspace):
    from pytest_mlschedule import load_job, load_schedule
    data = {"name": "quiet", "trigger": {"type": "cron", "expression": "0 * * * *"}, "create_job": "azureml:train"}
    ml_workspace.jobs.create_or_update(load_job(PIPELINE))
    ml_workspace.schedules.begin_create_or_update(load_schedule(data)).result()

PIPELINE = {"type": "pipeline", "name": "train", "settings": {"default_compute": "azureml:cpu"}, "jobs": {}}
"""
SUMMARY = [
    "*= mlschedule =*",
    "4 schedules exercised, 29 runs simulated",
    "  hourly   24 runs",
    "  nightly  5 runs",
    "  other    0 runs",
    "  quiet    0 runs",
]


@pytest.fixture
def two_schedules(project: Project) -> Project:
    project.schedules()
    other = NIGHTLY.replace("name: nightly", "name: other").replace("2026-01-01", "2036-01-01")
    project.write("schedules/other.yml", other)
    project.ini("mlschedule_paths = schedules")
    return project


def test_the_header_names_our_version_and_the_zone_data(project: Project) -> None:
    project.run("").stdout.fnmatch_lines([HEADER])
    project.run("", "-q").stdout.no_fnmatch_line("mlschedule:*")


def test_the_header_without_the_entry_point(project: Project) -> None:
    options = ["-p", "no:mlschedule", "-p", "pytest_mlschedule.plugin"]
    project.run("def test_it(ml_clock): pass", *options).stdout.fnmatch_lines([HEADER, "*1 passed*"])


def test_the_summary_counts_schedules_and_runs(two_schedules: Project) -> None:
    result = two_schedules.run(SOURCE, "--mlschedule-summary")
    result.assert_outcomes(passed=8)
    result.stdout.fnmatch_lines(SUMMARY, consecutive=True)


def test_without_the_option_there_is_no_summary(two_schedules: Project) -> None:
    two_schedules.run(SOURCE).stdout.no_fnmatch_line("*schedules exercised*")


def test_the_summary_adds_up_over_the_workers_of_xdist(two_schedules: Project) -> None:
    result = two_schedules.run_alone(SOURCE, "--mlschedule-summary", "-n2")
    result.assert_outcomes(passed=8)
    result.stdout.fnmatch_lines(SUMMARY, consecutive=True)


def test_a_worker_that_crashes_is_left_out(two_schedules: Project) -> None:
    source = SOURCE + "\ndef test_crash(ml_clock):\n    import os\n    os._exit(1)\n"
    options = ["-n1", "--mlschedule-summary", "--max-worker-restart=0"]
    result = two_schedules.run_alone(source, *options)
    result.stdout.fnmatch_lines(["*= mlschedule =*", "0 schedules exercised, 0 runs simulated"], consecutive=True)


def test_the_summary_without_xdist(two_schedules: Project) -> None:
    result = two_schedules.run(SOURCE, "--mlschedule-summary", "-p", "no:xdist")
    result.stdout.fnmatch_lines(SUMMARY, consecutive=True)


def test_a_long_summary_is_cut(project: Project) -> None:
    for number in range(25):
        text = NIGHTLY.replace("name: nightly", f"name: nightly-{number:02d}").replace(
            "./pipeline.yml", "azureml:train"
        )
        project.write(f"schedules/{number}.yml", text)
    project.ini("mlschedule_paths = schedules")
    result = project.run("def test_it(ml_schedule): pass", "--mlschedule-summary")
    result.stdout.fnmatch_lines(["25 schedules exercised, 0 runs simulated", "  nightly-00  0 runs"], consecutive=True)
    result.stdout.fnmatch_lines(["  nightly-19  0 runs", "  and 5 schedules more"], consecutive=True)


def test_an_empty_summary(project: Project) -> None:
    result = project.run("def test_it(): pass", "--mlschedule-summary")
    result.stdout.fnmatch_lines(["0 schedules exercised, 0 runs simulated"])
