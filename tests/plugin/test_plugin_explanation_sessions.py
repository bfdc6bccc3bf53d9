"""What a whole session says of a failing ``assert runs == ...``, and where it keeps out."""

from __future__ import annotations

from small_project import Project

HEADING = """
import io
from datetime import UTC, datetime
from pathlib import Path
from pytest_mlschedule import load_schedule, plan_runs

nightly = load_schedule("schedules/nightly.yml")
plan = plan_runs([nightly], datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC))
"""


def test_in_a_session(project: Project) -> None:
    project.schedules()
    source = (
        HEADING
        + """
def test_runs(): assert plan.runs == []
def test_times(): assert [run.trigger_time for run in plan] == []
def test_names(): assert ["nightly-20260307T103000Z"] == [run.display_name for run in plan]
def test_not_equal(): assert plan.runs != plan.runs
def test_others(): assert [1, 2] == [1, 3]
def test_member(): assert plan[0] in plan[1:]
"""
    )
    result = project.run(source)
    result.assert_outcomes(failed=6)
    result.stdout.fnmatch_lines(
        [
            "E   *assert 3 runs == 0 runs: 3 extra (+)",
            "E       first at index 0: got 2026-03-07T10:30:00Z, expected nothing more",
            "E       + 2026-03-07T10:30:00Z = Sat 2026-03-07 02:30 PST  nightly",
            "E   *assert 3 times == 0 times: 3 extra (+)",
            "E       + 2026-03-07T10:30:00Z = Sat 2026-03-07 02:30 PST",
            "E   *assert 1 run == 3 runs: 2 missing (-)",
            "E       - 2026-03-08T10:30:00Z = Sun 2026-03-08 03:30 PDT  nightly",
            "E   *assert <3 runs: *> != <3 runs: *>",
            "E   *assert [[]1, 2] == [[]1, 3]",
            "E   *assert <PlannedRun *> in *",
            "FAILED test_it.py::test_runs - *assert 3 runs == 0 runs: 3 extra (+)",
        ]
    )
    result.stdout.no_fnmatch_line("*Full output truncated*")


def test_times_of_a_project_that_does_not_use_us_are_left_to_pytest(project: Project) -> None:
    source = """
from datetime import UTC, datetime

def test_times(): assert [datetime(2026, 1, 1, tzinfo=UTC)] == [datetime(2026, 1, 2, tzinfo=UTC)]
"""
    result = project.run(source)
    result.stdout.fnmatch_lines(["E     At index 0 diff: *"])
    result.stdout.no_fnmatch_line("*missing (-)*")


def test_times_of_a_function_that_does_not_use_us_are_left_to_pytest(project: Project) -> None:
    source = (
        HEADING
        + """
def test_foreign(): assert [datetime(2026, 1, 1, tzinfo=UTC)] == [datetime(2026, 1, 2, tzinfo=UTC)]
def test_ours(): assert [run.trigger_time for run in plan_runs(nightly, plan.start, plan.end)] == []
def test_inside(): assert list(map(lambda name: load_schedule(name) and datetime(2026, 1, 1, tzinfo=UTC), ["schedules/nightly.yml"])) == []
"""
    )
    project.schedules()
    result = project.run(source)
    result.stdout.fnmatch_lines(
        [
            "E     At index 0 diff: *",
            "E   *assert 3 times == 0 times: 3 extra (+)",
            "E   *assert 1 time == 0 times: 1 extra (+)",
        ]
    )
