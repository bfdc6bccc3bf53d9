"""What the real client deployed fires when time passes, and the client reads the jobs as Azure shows them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure_names import CronTrigger, JobSchedule, MLClient, load_job, load_schedule
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_mlschedule import FakeWorkspace, Scheduler, ServiceProfile, SimulatedClock, plan_runs
from pytest_mlschedule import load_schedule as load_ours
from pytest_mlschedule.azure import make_client

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_jobs_of_a_schedule_as_the_client_reads_them(
    client: MLClient, workspace: FakeWorkspace, folder: Path
) -> None:
    client.schedules.begin_create_or_update(load_schedule("nightly.yml")).result()
    ran = Scheduler(workspace).run_until(datetime(2026, 1, 3, 12, tzinfo=UTC))
    listed = list(client.jobs.list())
    assert [job.display_name for job in listed] == [
        "nightly-20260101T103000Z",
        "nightly-20260102T103000Z",
        "nightly-20260103T103000Z",
    ]
    assert [job.name for job in listed] == [job.name for job in ran]
    job = client.jobs.get(listed[1].name)
    assert job.name.startswith("nightly-")
    assert (job.experiment_name, job.status, job.tags) == ("scoring", "Completed", {"team": "churn"})
    assert job.creation_context.created_at == datetime(2026, 1, 2, 10, 30, tzinfo=UTC)
    assert job.properties["azureml.runLineageType"] == "genericTrigger"
    assert job.properties["azureml.genericTriggerName"] == "nightly"
    assert job.properties["runSource"] == "Schedule"
    assert json.loads(job.properties["azureml.parameters"]) == {
        "day": "2026-01-02T10:30:00Z",
        "rows": "5",
        "run": job.name,
    }


def test_what_was_disabled_does_not_fire_and_is_not_caught_up(client: MLClient, workspace: FakeWorkspace) -> None:
    trigger = CronTrigger(expression="0 2 * * *", time_zone="UTC")
    client.schedules.begin_create_or_update(
        JobSchedule(name="nightly", trigger=trigger, create_job="azureml:train")
    ).result()
    scheduler = Scheduler(workspace)
    scheduler.run_until(START + timedelta(days=2))
    client.schedules.begin_disable("nightly").result()
    assert scheduler.run_until(START + timedelta(days=4)) == []
    client.schedules.begin_enable("nightly").result()
    scheduler.run_until(START + timedelta(days=5))
    assert [job.display_name[8:16] for job in client.jobs.list()] == ["20260101", "20260102", "20260105"]


def test_a_change_moves_later_runs_alone(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    client.schedules.begin_create_or_update(load_schedule("nightly.yml")).result()
    scheduler = Scheduler(workspace)
    scheduler.run_until(START + timedelta(days=1))
    found = client.schedules.get("nightly")
    found.trigger.schedule.hours = [5]
    client.schedules.begin_create_or_update(found).result()
    scheduler.run_until(START + timedelta(days=3))
    assert [job.display_name for job in client.jobs.list()] == [
        "nightly-20260101T103000Z",
        "nightly-20260102T133000Z",
        "nightly-20260103T133000Z",
    ]


def test_a_job_in_the_workspace_may_change_between_runs(
    client: MLClient, workspace: FakeWorkspace, folder: Path
) -> None:
    base = client.jobs.create_or_update(load_job("pipeline.yml"))
    trigger = CronTrigger(expression="0 2 * * *", time_zone="UTC")
    client.schedules.begin_create_or_update(
        JobSchedule(name="nightly", trigger=trigger, create_job=f"azureml:{base.id}")
    ).result()
    (job,) = Scheduler(workspace).run_until(START + timedelta(days=1))
    found = client.jobs.get(job.name)
    assert json.loads(found.properties["azureml.parameters"])["rows"] == "5"


# The invariant: what the client deploys fires when a plan of the same file says, but for offsets, which the client drops.

ZONES = ["UTC", "Pacific Standard Time", "W. Europe Standard Time", "India Standard Time", "AUS Eastern Standard Time"]
times = st.builds(
    lambda day, minute: START + timedelta(days=day, minutes=minute), st.integers(-400, 400), st.integers(0, 1439)
)
starts = st.one_of(
    st.none(),
    times.map(lambda at: at.strftime("%Y-%m-%dT%H:%M:%S")),
    st.tuples(times, st.sampled_from(["Z", "-04:00", "+05:30", "+0100"])).map(
        lambda pair: pair[0].strftime("%Y-%m-%dT%H:%M:%S") + pair[1]
    ),
)
crons = st.fixed_dictionaries(
    {
        "type": st.just("cron"),
        "expression": st.builds(
            "{} {} * * {}".format,
            st.sampled_from(["0", "30", "*/20", "5,50"]),
            st.sampled_from(["2", "*/6", "1-3", "22-2"]),
            st.sampled_from(["*", "1", "MON-FRI", "0"]),
        ),
    }
)
recurrences = st.one_of(
    st.fixed_dictionaries(
        {
            "type": st.just("recurrence"),
            "frequency": st.sampled_from(["hour", "day", "week", "month"]),
            "interval": st.integers(1, 5),
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("recurrence"),
            "frequency": st.just("week"),
            "interval": st.integers(1, 3),
            "schedule": st.fixed_dictionaries(
                {
                    "hours": st.lists(st.integers(0, 23), min_size=1, max_size=3),
                    "minutes": st.lists(st.integers(0, 59), min_size=1, max_size=2),
                    "week_days": st.lists(st.sampled_from(["monday", "Friday", "sunday"]), min_size=1, max_size=3),
                }
            ),
        }
    ),
)


@st.composite
def triggers(draw: Any) -> dict[str, Any]:
    trigger: dict[str, Any] = draw(st.one_of(crons, recurrences))
    start = draw(starts)
    return {**trigger, "time_zone": draw(st.sampled_from(ZONES)), **({} if start is None else {"start_time": start})}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trigger=triggers())
def test_what_is_deployed_fires_when_a_plan_of_the_file_says(trigger: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "schedule.yml"
    path.write_text(json.dumps({"name": "nightly", "trigger": trigger, "create_job": "azureml:train"}))
    workspace = FakeWorkspace(clock=SimulatedClock(START))
    make_client(workspace).schedules.begin_create_or_update(load_schedule(str(path))).result()
    end = START + timedelta(days=90)
    fired = [job.trigger_time for job in Scheduler(workspace).run_until(end)]
    sent = ServiceProfile(start_time_offset="dropped")
    planned = plan_runs(load_ours(path, profile=sent), START, end, profile=sent)
    assert fired == [run.trigger_time for run in planned]
    written = plan_runs(load_ours(path), START, end)
    if not trigger.get("start_time", "").endswith(("Z", "-04:00", "+05:30", "+0100")):
        assert fired == [run.trigger_time for run in written], "without an offset both readings are one"


def test_an_offset_is_dropped_on_the_way(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    trigger = {
        "type": "recurrence", "frequency": "day", "interval": 1,
        "start_time": "2026-01-01T10:15:00-04:00", "time_zone": "Pacific Standard Time",
    }  # fmt: skip
    path = folder / "schedule.yml"
    path.write_text(json.dumps({"name": "nightly", "trigger": trigger, "create_job": "azureml:train"}))
    client.schedules.begin_create_or_update(load_schedule(str(path))).result()
    fired = Scheduler(workspace).run_until(START + timedelta(days=2))
    assert [job.display_name for job in fired] == [
        "nightly-20260101T181500Z",
        "nightly-20260102T181500Z",
    ], "10:15 in Los Angeles"
    written = plan_runs(load_ours(path), START, START + timedelta(days=2))
    assert [run.display_name for run in written] == ["nightly-20260101T141500Z", "nightly-20260102T141500Z"]


def test_is_enabled_in_a_file_is_ignored(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    trigger = {"type": "cron", "expression": "0 2 * * *"}
    path = folder / "schedule.yml"
    path.write_text(json.dumps({"name": "n", "is_enabled": False, "trigger": trigger, "create_job": "azureml:train"}))
    assert client.schedules.begin_create_or_update(load_schedule(str(path))).result().is_enabled
    assert len(Scheduler(workspace).run_until(START + timedelta(days=2))) == 2


@pytest.mark.parametrize("text", ["2026-01-01T10:15:00-04:00", "2026-01-01T14:15:00Z"])
def test_an_offset_in_python_text_arrives(client: MLClient, workspace: FakeWorkspace, text: str) -> None:
    trigger = CronTrigger(expression="* * * * *", start_time=text, time_zone="Pacific Standard Time")
    client.schedules.begin_create_or_update(
        JobSchedule(name="nightly", trigger=trigger, create_job="azureml:train")
    ).result()
    first, *_ = Scheduler(workspace).run_until(START + timedelta(days=1))
    assert first.trigger_time == datetime(2026, 1, 1, 14, 15, tzinfo=UTC)
