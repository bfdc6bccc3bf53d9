"""Plan and PlannedRun as values: equality, parts of a plan, what cannot be changed."""

from datetime import UTC, datetime, timedelta

import pytest

from pytest_mlschedule import Plan, PlannedRun, plan_runs
from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.zones import tzdata_version

START, END = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)


def build(name: str, expression: str = "0 3 * * *", **inputs) -> JobSchedule:
    return JobSchedule(name=name, trigger=CronTrigger(expression), create_job=PipelineJob(inputs=inputs))


@pytest.fixture
def plan() -> Plan:
    return plan_runs([build("a"), build("b", "0 */12 * * *"), build("never", "0 0 * * 1", x=1)], START, END)


def test_counts_include_every_schedule(plan) -> None:
    assert plan.count_by_schedule() == {"a": 31, "b": 62, "never": 5}
    assert len(plan) == len(plan.runs) == 98
    assert repr(plan) == "<Plan of 98 runs from 2026-03-01T00:00:00Z to 2026-04-01T00:00:00Z: a 31, b 62, never 5>"
    assert repr(plan_runs([build(f"s{i}") for i in range(6)], START, END)).endswith("s3 31, s4 31, ...>")


def test_window_and_making(plan) -> None:
    assert (plan.start, plan.end, plan.window.start, plan.window.end) == (START, END, START, END)
    assert plan.tzdata_version == tzdata_version()
    assert plan.created_at is None
    assert [part.source.schedule for part in plan.parts] == ["a", "b", "never"]


def test_for_schedule_keeps_some(plan) -> None:
    some = plan.for_schedule("never", "a", "a")
    assert some.count_by_schedule() == {"a": 31, "never": 5}
    assert list(some) == [run for run in plan if run.schedule in ("a", "never")]
    assert [note.message.split()[0] for note in some.notes] == ["a", "never"]
    with pytest.raises(KeyError, match="the plan has no schedule 'nevr'; did you mean 'never'"):
        plan.for_schedule("nevr")


def test_between_keeps_a_part_of_the_window(plan) -> None:
    start, end = START + timedelta(days=3, hours=3), START + timedelta(days=5)
    part = plan.between(start, end)
    assert list(part) == [run for run in plan if start <= run.trigger_time < end]
    assert (part.start, part.end) == (start, end)
    assert part.count_by_schedule() == {"a": 2, "b": 3, "never": 0}
    assert plan.between(START, END) == plan
    assert len(plan.between(END, END)) == 0


def test_between_refuses_what_the_plan_does_not_cover(plan) -> None:
    for start, end in ((START - timedelta(1), END), (START, END + timedelta(1))):
        with pytest.raises(ValueError, match="is not inside the plan's window, 2026-03-01T00:00:00Z to 2026-04-01"):
            plan.between(start, end)
    with pytest.raises(ValueError, match="before it starts"):
        plan.between(END, START)
    with pytest.raises(TypeError, match="is naive"):
        plan.between(datetime(2026, 3, 2), END)


def test_plans_are_equal_when_they_say_the_same(plan) -> None:
    again = plan_runs([build("never", "0 0 * * 1", x=1), build("b", "0 */12 * * *"), build("a")], START, END)
    assert again == plan
    other_words = plan_runs(
        [build("a", "0 3 * * 0-6"), build("b", "0 0,12 * * *"), build("never", "0 0 * * 1", x=1)], START, END
    )
    assert other_words == plan
    assert plan != plan_runs([build("a"), build("b", "0 */12 * * *"), build("never", "0 0 * * 1", x=2)], START, END)
    assert plan != plan_runs([build("a"), build("b", "0 */12 * * *"), build("never", "0 1 * * 1", x=1)], START, END)
    assert plan != plan.for_schedule("a", "b")
    assert plan != plan.between(START, END - timedelta(seconds=1))
    assert plan != 5
    with pytest.raises(TypeError, match="unhashable"):
        hash(plan)


def test_runs_are_values(plan) -> None:
    again = plan_runs(build("a"), START, END)
    one, other = plan.for_schedule("a")[3], again[3]
    assert one == other
    assert one is not other
    assert hash(one) == hash(other)
    assert len({one, other, again[4]}) == 2
    assert one != again[4]
    assert one != plan_runs(build("a", x=1), START, END)[3]
    assert one != "a-20260304T030000Z"


def test_runs_cannot_be_changed(plan) -> None:
    run = plan[0]
    with pytest.raises(AttributeError):
        run.schedule = "x"
    with pytest.raises(AttributeError):
        run.other = 1
    with pytest.raises(TypeError, match="read-only"):
        plan.for_schedule("never")[0].inputs["x"] = 2


def test_membership(plan) -> None:
    assert plan[17] in plan
    assert plan[17] in plan.runs
    later = plan_runs(build("a"), END, END + timedelta(days=1))[0]
    assert later not in plan
    assert plan_runs(build("other"), START, END)[0] not in plan
    assert "a-20260304T030000Z" not in plan


def test_a_run_as_plain_data() -> None:
    job = PipelineJob(
        inputs={"n": 1, "data": {"type": "uri_file", "path": "azureml:d:1"}}, tags={"t": "x"}, compute="cpu"
    )
    run = plan_runs(JobSchedule(name="a", trigger=CronTrigger("0 3 * * *"), create_job=job), START, END)[0]
    assert isinstance(run, PlannedRun)
    assert run.to_dict() == {
        "schedule": "a",
        "trigger_time": "2026-03-01T03:00:00Z",
        "local_time": "2026-03-01T03:00:00+00:00",
        "job_name": run.job_name,
        "display_name": "a-20260301T030000Z",
        "experiment_name": "Default",
        "inputs": {"n": 1, "data": {"type": "uri_file", "path": "azureml:d:1"}},
        "outputs": {},
        "settings": {},
        "tags": {"t": "x"},
        "compute": "cpu",
    }
