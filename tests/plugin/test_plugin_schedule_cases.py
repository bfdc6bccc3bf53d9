"""``ml_schedule``: one test case for each schedule under ini ``mlschedule_paths``; what is wrong fails its own case."""

from __future__ import annotations

import json

import pytest
from small_project import NIGHTLY, Project

SHOW = "def test_it(ml_schedule): print('|', ml_schedule.name, '|')"
LISTING = [
    {
        "name": name,
        "properties": {
            "trigger": {"triggerType": "Cron", "expression": "0 1 * * *"},
            "action": {"actionType": "CreateJob", "jobDefinition": {"jobType": "Pipeline"}},
        },
    }
    for name in ("morning", "evening")
]


def cases(result: pytest.RunResult) -> dict[str, str]:
    """Outcome by parameter id, of the report that decided."""
    found: dict[str, str] = {}
    for report in result.reprec.getreports("pytest_runtest_logreport"):
        name = report.nodeid.partition("[")[2].rstrip("]")
        if report.when == "call" or report.failed:
            found[name] = report.outcome
    return found


def test_each_file_is_a_case_named_by_its_path(project: Project) -> None:
    project.schedules()
    project.write("schedules/team/b.yaml", NIGHTLY.replace("./pipe", "../pipe"))
    project.write("schedules/README.yml", "about: nothing that runs")
    project.write("one.yml", NIGHTLY.replace("./pipe", "schedules/pipe"))
    project.ini("mlschedule_paths = one.yml schedules schedules/nightly.yml")
    result = project.run(SHOW)
    assert cases(result) == dict.fromkeys(["one.yml", "schedules/nightly.yml", "schedules/team/b.yaml"], "passed")


def test_a_file_that_does_not_load_fails_its_case_with_its_problems(project: Project) -> None:
    project.schedules()
    project.write("schedules/bad.yml", NIGHTLY.replace("30 2", "61 2").replace("Pacific", "Pacifik"))
    project.ini("mlschedule_paths = schedules")
    result = project.run(SHOW)
    assert cases(result) == {"schedules/bad.yml": "failed", "schedules/nightly.yml": "passed"}
    result.stdout.fnmatch_lines(
        [
            "_* ERROR at setup of test_it[[]schedules/bad.yml] _*",
            "schedules/bad.yml:5:16: MLS102 trigger.expression: minute 61 *",
            "schedules/bad.yml:6:14: MLS302 trigger.time_zone: *",
        ]
    )
    result.stdout.no_fnmatch_line("*schedule_cases.py*")


def test_a_path_that_is_not_there_fails_a_case(project: Project) -> None:
    project.schedules()
    project.ini("mlschedule_paths = schedules nowhere.yml no-such-*.yml")
    result = project.run(SHOW)
    assert cases(result) == {"nowhere.yml": "failed", "no-such-*.yml": "failed", "schedules/nightly.yml": "passed"}
    result.stdout.fnmatch_lines(["nowhere.yml (ini mlschedule_paths): there is no such file or directory in *"])


def test_a_pattern_stands_for_what_it_matches(project: Project) -> None:
    for team in ("red", "blue"):
        project.write(f"teams/{team}/nightly.yml", NIGHTLY.replace("./pipeline.yml", "azureml:train"))
    project.ini("mlschedule_paths = teams/*/")
    assert list(cases(project.run(SHOW))) == ["teams/blue/nightly.yml", "teams/red/nightly.yml"]


def test_a_file_of_several_schedules_gives_a_case_for_each(project: Project) -> None:
    project.write("export.json", json.dumps({"value": LISTING}))
    project.ini("mlschedule_paths = export.json")
    assert cases(project.run(SHOW)) == {"export.json::morning": "passed", "export.json::evening": "passed"}


@pytest.mark.parametrize(
    ("ini", "message"),
    [
        ("", "ml_schedule has nothing to give: ini mlschedule_paths is not set"),
        ("mlschedule_paths = empty", "ml_schedule has nothing to give: no schedule in empty (ini mlschedule_paths, *"),
    ],
)
def test_without_schedules_the_test_fails_and_says_why(project: Project, ini: str, message: str) -> None:
    project.write("empty/pipeline.yml", "jobs: {}")
    project.ini(ini)
    result = project.run(SHOW)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["_* ERROR at setup of test_it[[]no-schedule] _*", message, "  hint: *"])


def test_the_profile_of_the_test_is_the_one_it_is_loaded_with(project: Project) -> None:
    project.schedules()
    project.write("schedules/nightly.yml", NIGHTLY.replace("Pacific Standard Time", "America/Los_Angeles"))
    project.ini("mlschedule_paths = schedules")
    source = """
import pytest

@pytest.mark.mlschedule(profile={"iana_zones": "accept"})
def test_accepts(ml_schedule): pass

def test_rejects(ml_schedule): pass
"""
    project.run(source).assert_outcomes(passed=1, errors=1)


def test_it_goes_with_other_parameters_and_can_be_replaced(project: Project) -> None:
    project.schedules()
    project.ini("mlschedule_paths = schedules")
    source = """
import pytest

@pytest.mark.parametrize("days", [1, 2])
def test_product(days, ml_schedule): assert ml_schedule.name == "nightly"

@pytest.mark.parametrize("ml_schedule", ["by hand"])
def test_parametrized(ml_schedule): assert ml_schedule == "by hand"

class TestOwn:
    @pytest.fixture
    def ml_schedule(self): return "own"

    def test_own(self, ml_schedule): assert ml_schedule == "own"

class TestMore:
    @pytest.fixture
    def ml_schedule(self, ml_schedule): return ml_schedule.replace(name="changed")

    def test_more(self, ml_schedule): assert ml_schedule.name == "changed"
"""
    project.run(source).assert_outcomes(passed=5)


def test_paths_start_at_the_root_directory(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.schedules()
    project.ini("mlschedule_paths = schedules")
    (project.path / "deep").mkdir()
    monkeypatch.chdir(project.path / "deep")
    result = project.run(SHOW, "--rootdir=..", "-c", "../pytest.ini", "..")
    assert cases(result) == {"schedules/nightly.yml": "passed"}


def test_a_file_beside_the_root_directory(project: Project) -> None:
    project.write("shared/nightly.yml", NIGHTLY.replace("./pipeline.yml", "azureml:train"))
    project.write(
        "sub/pytest.ini", "[pytest]\nasyncio_default_fixture_loop_scope = function\nmlschedule_paths = ../shared\n"
    )
    project.write("sub/test_sub.py", SHOW)
    result = project.run("", "--rootdir=sub", "-c", "sub/pytest.ini", "sub")
    assert cases(result) == {"../shared/nightly.yml": "passed"}


def test_a_case_is_chosen_by_its_id(project: Project) -> None:
    project.write("export.json", json.dumps({"value": LISTING}))
    project.ini("mlschedule_paths = export.json")
    project.run(SHOW)
    result = project.run(SHOW, "test_it.py::test_it[export.json::evening]")
    assert cases(result) == {"export.json::evening": "passed"}


def test_a_file_on_another_drive_keeps_its_path(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: object, start: object) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    project.schedules()
    project.ini("mlschedule_paths = schedules")
    monkeypatch.setattr("pytest_mlschedule.plugin.schedule_cases.os.path.relpath", fail)
    source = "def test_it(ml_schedule, request): assert request.node.callspec.id.endswith('schedules/nightly.yml')"
    project.run(source).assert_outcomes(passed=1)


def test_templates_are_filled_with_the_values_of_the_configuration(project: Project) -> None:
    project.schedules()
    project.write("schedules/nightly.yml", NIGHTLY.replace("name: nightly", "name: nightly-{{ env }}"))
    project.write("mlschedule.toml", '[values]\nenv = "prod"')
    project.ini("mlschedule_paths = schedules")
    test = "def test_it(ml_schedule): assert ml_schedule.name == 'nightly-prod'"
    project.run(test).assert_outcomes(passed=1)
    project.write("mlschedule.toml", "[valuez]")
    result = project.run(test)
    assert result.ret != 0
    result.stdout.fnmatch_lines(["*mlschedule.toml:1:2: MLS006 valuez: *"])
