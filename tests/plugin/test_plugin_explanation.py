"""What ``assert runs == ...`` says when it fails. Times by hand: 02:30 Pacific is 10:30Z, from 2026-03-08 on 09:30Z."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from small_project import NIGHTLY, PIPELINE

from pytest_mlschedule import FakeWorkspace, JobSchedule, Plan, Scheduler, load_job, load_schedule, plan_runs
from pytest_mlschedule.plugin.explanation import explain_equality


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pipeline.yml").write_text(PIPELINE)
    return tmp_path


@pytest.fixture
def nightly(folder: Path) -> JobSchedule:
    return load_schedule(io.StringIO(NIGHTLY), base=folder)


def explain(left: object, right: object, *, verbosity: int = 0) -> list[str]:
    lines = explain_equality(left, right, verbosity=verbosity)
    assert lines is not None
    return lines


def changed(folder: Path, **inputs: object) -> JobSchedule:
    job = {"type": "pipeline", "job": "./pipeline.yml", "inputs": inputs}
    text = NIGHTLY.replace("create_job: ./pipeline.yml\n", f"create_job: {job}\n")
    return load_schedule(io.StringIO(text), base=folder)


def march(schedules: Sequence[JobSchedule], first: int = 7, last: int = 10) -> Plan:
    return plan_runs(schedules, at(3, first), at(3, last))


def test_missing_and_extra_times_in_both_clocks(nightly: JobSchedule) -> None:
    plan = march([nightly])
    later = march([nightly], 8, 11)
    assert explain(plan.runs, list(later.runs)) == [
        "3 runs == 3 runs: 1 missing (-), 1 extra (+)",
        "  first at index 0: got 2026-03-07T10:30:00Z, expected 2026-03-08T10:30:00Z",
        "  + 2026-03-07T10:30:00Z = Sat 2026-03-07 02:30 PST  nightly",
        "  - 2026-03-10T09:30:00Z = Tue 2026-03-10 02:30 PDT  nightly",
    ]


def test_a_gap_shows_in_the_wall_clock(nightly: JobSchedule) -> None:
    assert explain(march([nightly], 8, 9).runs, []) == [
        "1 run == 0 runs: 1 extra (+)",
        "  first at index 0: got 2026-03-08T10:30:00Z, expected nothing more",
        "  + 2026-03-08T10:30:00Z = Sun 2026-03-08 03:30 PDT  nightly",
    ]


def test_what_is_expected_may_stand_on_the_left(nightly: JobSchedule) -> None:
    assert explain([], march([nightly], 8, 9).runs)[:2] == [
        "0 runs == 1 run: 1 extra (+)",
        "  first at index 0: got 2026-03-08T10:30:00Z, expected nothing more",
    ]


def test_changed_inputs_by_name_old_and_new(nightly: JobSchedule, folder: Path) -> None:
    other = changed(folder, retries=5, mode="fast")
    assert explain(march([other]).runs, march([nightly]).runs) == [
        "3 runs == 3 runs: 3 with other values (expected -> got)",
        "  first at index 0: other values at 2026-03-07T10:30:00Z",
        "    inputs.retries: 3 -> 5 at 2026-03-07T10:30:00Z and in 2 later runs",
        "    inputs.mode: (absent) -> 'fast' at 2026-03-07T10:30:00Z and in 2 later runs",
    ]


def test_long_values_are_cut_around_the_difference(folder: Path) -> None:
    path = "azureml://datastores/landing/" + "part/" * 20
    one, other = changed(folder, data=path + "2026/" + "x" * 60), changed(folder, data=path + "2027/y")
    lines = explain(march([one], 7, 8).runs, march([other], 7, 8).runs)
    new = "...rt/part/part/2026/" + "x" * 30 + "..."  # 16 characters of what is equal, 48 in all
    assert lines[2:] == [f"    inputs.data: ...rt/part/part/2027/y' -> {new} at 2026-03-07T10:30:00Z"]


def test_the_other_order(nightly: JobSchedule) -> None:
    runs = list(march([nightly]).runs)
    assert explain(runs[::-1], runs) == [
        "3 runs == 3 runs: the same runs in another order",
        "  first at index 0: got 2026-03-09T09:30:00Z, expected 2026-03-07T10:30:00Z",
    ]


def test_a_single_run_and_a_run_in_utc(nightly: JobSchedule) -> None:
    utc = load_schedule(
        {"name": "hourly", "trigger": {"type": "cron", "expression": "0 * * * *"}, "create_job": "azureml:t"}
    )
    run, other = march([nightly], 7, 8)[0], plan_runs([utc], at(3, 7), at(3, 7, 1))[0]
    assert explain(run, other) == [
        "1 run == 1 run: 1 missing (-), 1 extra (+)",
        "  first at index 0: got 2026-03-07T10:30:00Z, expected 2026-03-07T00:00:00Z",
        "  - 2026-03-07T00:00:00Z  hourly",
        "  + 2026-03-07T10:30:00Z = Sat 2026-03-07 02:30 PST  nightly",
    ]


def test_seconds_are_shown_where_there_are_some(folder: Path) -> None:
    text = (
        NIGHTLY.split("trigger:")[0]
        + 'trigger: {type: recurrence, frequency: hour, interval: 1, start_time: "2026-03-07T00:00:15", '
    )
    text += "time_zone: India Standard Time}\ncreate_job: ./pipeline.yml\n"
    schedule = load_schedule(io.StringIO(text), base=folder)
    assert explain(plan_runs([schedule], at(3, 7), at(3, 7, 1)).runs, [])[2] == (
        "  + 2026-03-07T00:30:15Z = Sat 2026-03-07 06:00:15 IST  nightly"
    )


def test_many_differences_are_cut_below_vv(nightly: JobSchedule) -> None:
    runs = march([nightly], 1, 31).runs
    lines = explain(runs, [])
    assert len(lines) == 7
    assert lines[-1] == "    and 26 more (-vv shows all)"
    assert len("".join(lines)) <= 710  # where pytest cuts
    everything = explain(runs, [], verbosity=2)
    assert len(everything) == 32


def test_plans_with_other_windows_and_schedules(nightly: JobSchedule) -> None:
    sleeper = nightly.replace(
        name="sleeper", trigger=nightly.trigger.__class__(expression="0 0 * * *", start_time="2036-01-01T00:00:00")
    )
    one, other = march([nightly]), plan_runs([nightly, sleeper], at(3, 7), at(3, 9, 12))
    assert explain(one, other) == [
        "3 runs == 3 runs: the same times and values",
        "  the plans have other windows: got 2026-03-07T00:00:00Z to 2026-03-10T00:00:00Z, "
        "expected 2026-03-07T00:00:00Z to 2026-03-09T12:00:00Z",
        "  no schedule sleeper",
    ]
    assert explain(other, one)[-1] == "  not expected: schedule sleeper"
    assert explain(one, march([nightly, sleeper]))[1:] == ["  no schedule sleeper"]


def test_a_plan_beside_a_list(nightly: JobSchedule) -> None:
    plan = march([nightly])
    assert explain(plan, list(plan.runs)) == [
        "3 runs == 3 runs: the same times and values",
        "  a plan never equals a list: compare plan.runs",
    ]


def test_lists_of_different_kinds(nightly: JobSchedule) -> None:
    plan = march([nightly], 7, 8)
    workspace = FakeWorkspace()
    workspace.schedules.begin_create_or_update(nightly).result()
    workspace.clock.move_to(at(3, 7))
    jobs = Scheduler(workspace).run_until(at(3, 8))
    same = "1 run == 1 run: the same times and values"
    names = "compare [run.display_name for run in ...]"
    assert explain(jobs, plan.runs) == [same, f"  jobs never equal planned runs: {names}"]
    assert explain(plan.runs, ["nightly-20260307T103000Z"]) == [same, f"  planned runs never equal texts: {names}"]
    times = "  jobs never equal times: compare [run.trigger_time for run in ...]"
    assert explain(jobs, [at(3, 7, 10, 30)]) == [same, times]
    assert explain(plan.runs, ["nightly-20260307T113000Z"]) == [
        "1 run == 1 run: 1 missing (-), 1 extra (+)",
        "  first at index 0: got 2026-03-07T10:30:00Z, expected 2026-03-07T11:30:00Z",
        "  + 2026-03-07T10:30:00Z = Sat 2026-03-07 02:30 PST  nightly",
        "  - 2026-03-07T11:30:00Z = Sat 2026-03-07 03:30 PST  nightly",
        f"  planned runs never equal texts: {names}",
    ]


def test_times_are_explained_where_something_of_us_is_at_hand(nightly: JobSchedule) -> None:
    times = [run.trigger_time for run in march([nightly], 7, 9)]
    # Not through explain(): the zone is that of the schedule which the function with the assertion has.
    assert explain_equality(times, [at(3, 7, 10, 30), at(3, 8, 9, 30)], verbosity=0) == [
        "2 times == 2 times: 1 missing (-), 1 extra (+)",
        "  first at index 1: got 2026-03-08T10:30:00Z, expected 2026-03-08T09:30:00Z",
        "  - 2026-03-08T09:30:00Z = Sun 2026-03-08 01:30 PST",
        "  + 2026-03-08T10:30:00Z = Sun 2026-03-08 03:30 PDT",
    ]


def test_the_zone_of_times_is_that_of_plans_and_runs_at_hand(nightly: JobSchedule) -> None:
    local = "  + 2026-03-08T10:30:00Z = Sun 2026-03-08 03:30 PDT"
    plain = "  + 2026-03-08T10:30:00Z"
    times = [at(3, 8, 10, 30)]

    def with_plan(plan: Plan) -> object:
        return explain_equality(times, [], verbosity=0)

    def with_run(run: object, runs: object) -> object:
        return explain_equality(times, [], verbosity=0)

    def with_two_zones(runs: object, other: object) -> object:
        return explain_equality(times, [], verbosity=0)

    plan = march([nightly], 8, 10)
    utc = plan_runs(
        [nightly.replace(trigger=type(nightly.trigger)(expression="0 0 * * *"))],
        plan.start,
        plan.end,
        created_at=at(1, 1),
    )
    assert with_plan(plan)[-1] == local
    assert with_run(plan[0], None)[-1] == with_run(None, plan[:2])[-1] == local
    assert with_two_zones(plan, utc)[-1] == plain


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ([1], [2]),
        (["a"], ["b"]),
        ([], []),
        ([datetime(2026, 1, 1)], [datetime(2026, 1, 2)]),
        ("text", "other"),
        ({"a": 1}, {"a": 2}),
        ([at(1, 1)], {at(1, 1)}),
        ([at(1, 1), 3], [at(1, 1)]),
        (timedelta(1), timedelta(2)),
    ],
)
def test_what_is_not_ours_is_left_to_pytest(left: object, right: object) -> None:
    assert explain_equality(left, right, verbosity=0) is None


@pytest.mark.parametrize("other", [3, None, "nightly", [1, 2], {"a": 1}, ["not a name"], [datetime(2026, 1, 1)]])
def test_runs_beside_something_else_are_left_to_pytest(nightly: JobSchedule, other: object) -> None:
    assert explain_equality(march([nightly]).runs, other, verbosity=0) is None
    assert explain_equality(other, march([nightly]), verbosity=0) is None


def test_equal_runs_have_nothing_to_explain(nightly: JobSchedule) -> None:
    assert explain_equality(march([nightly]).runs, march([nightly]).runs, verbosity=0) is None


def run_in_march(schedules: Sequence[JobSchedule], last: int) -> tuple[FakeWorkspace, Scheduler]:
    """A workspace with schedules, its clock on 7 March."""
    workspace = FakeWorkspace()
    for schedule in schedules:
        workspace.schedules.begin_create_or_update(schedule).result()
    workspace.clock.move_to(at(3, last))
    return workspace, Scheduler(workspace)


SUNDAY = "  + 2026-03-08T10:30:00Z = Sun 2026-03-08 03:30 PDT"


def test_jobs_of_a_workspace_show_the_zone_of_their_schedule(nightly: JobSchedule) -> None:
    jobs = run_in_march([nightly], 8)[1].run_until(at(3, 9))
    assert explain(jobs, [])[-1] == f"{SUNDAY}  nightly"

    # Not through explain(): the jobs are those of the function with the assertion.
    times = explain_equality([job.trigger_time for job in jobs], [], verbosity=0)
    names = explain_equality([job.display_name for job in jobs], [], verbosity=0)
    assert times is not None
    assert names is not None
    assert (times[-1], names[-1]) == (SUNDAY, f"{SUNDAY}  nightly")


def test_the_zone_of_times_is_that_of_a_workspace_at_hand(nightly: JobSchedule) -> None:
    workspace, scheduler = run_in_march([nightly], 8)
    job = workspace.jobs.create_or_update(load_job(io.StringIO("type: pipeline\nname: x\njobs: {}\n")))

    def with_(thing: object) -> str:
        lines = explain_equality([at(3, 8, 10, 30)], [], verbosity=0)
        return lines[-1] if lines else ""

    assert job.local_time is None
    assert with_(workspace) == with_(scheduler) == SUNDAY
    assert with_(job) == "  + 2026-03-08T10:30:00Z"


def test_runs_of_one_time_are_told_apart_by_their_schedules(nightly: JobSchedule) -> None:
    runs = list(march([nightly, nightly.replace(name="other")], 7, 8).runs)
    first = "  first at index 0: got 2026-03-07T10:30:00Z other, expected 2026-03-07T10:30:00Z nightly"
    assert explain(runs[::-1], runs) == ["2 runs == 2 runs: the same runs in another order", first]
    names = [run.display_name for run in runs]
    assert explain(names[::-1], names) == ["2 runs == 2 runs: the same runs in another order", first]
    assert explain(runs[1:], runs[:1])[1] == first
