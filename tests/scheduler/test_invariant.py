"""The invariant: what ``plan_runs`` says about a window is what ``run_until`` creates in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule import FakeWorkspace, Job, PlannedRun, Scheduler, ServiceProfile, SimulatedClock, plan_runs
from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob, Trigger
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger
from pytest_mlschedule.triggers.recurrence_pattern import RecurrencePattern

ZONES = ("UTC", "Pacific Standard Time", "Romance Standard Time", "Lord Howe Standard Time", "India Standard Time")
EXPRESSIONS = ("0 * * * *", "30 2 * * *", "*/20 1-3 * * 0,6", "15 16 * * 1", "0 9 1 * *", "59 23 * * FRI-MON")
STARTS = (None, "2026-03-08T02:30:00", "2025-10-26T02:30:00", "2026-06-01T00:00:00Z")
JOBS = (
    PipelineJob(inputs={"rows": 5}),
    PipelineJob(
        inputs={"day": "${{creation_context.trigger_time}}", "x": "a ${{ name }} b"},
        outputs={"out": {"path": "azureml://x/${{name}}"}},
        settings={"default_compute": "azureml:cpu"},
        tags={"a": "b"},
        experiment_name="exp",
    ),
    "base",
    "unknown",
    PipelineJob(id="base", inputs={"rows": 7, "more": "${{name}}"}, compute="gpu"),
    PipelineJob(id="unknown", inputs={"rows": 7}),
)
BASE = PipelineJob(name="base", inputs={"rows": 6, "day": "${{creation_context.trigger_time}}"}, tags={"base": "yes"})

limits = st.fixed_dictionaries({"start_time": st.sampled_from(STARTS), "time_zone": st.sampled_from(ZONES)})
hours = st.lists(st.integers(0, 23), min_size=1, max_size=3)
minutes = st.lists(st.integers(0, 59), min_size=1, max_size=2)


@st.composite
def triggers(draw: st.DrawFn) -> Trigger:
    given = draw(limits)
    if draw(st.booleans()):
        return CronTrigger(draw(st.sampled_from(EXPRESSIONS)), **given)
    frequency, interval = draw(
        st.sampled_from([("minute", 45), ("hour", 5), ("day", 1), ("day", 3), ("week", 1), ("week", 2), ("month", 1)])
    )
    pattern = None
    if frequency in ("day", "week", "month") and draw(st.booleans()):
        pattern = RecurrencePattern(draw(hours), draw(minutes))
    return RecurrenceTrigger(frequency, interval, pattern, **given)


@st.composite
def schedule_sets(draw: st.DrawFn) -> list[JobSchedule]:
    names = draw(st.lists(st.sampled_from(["a", "b", "c", "B-2"]), unique=True, max_size=3))
    return [
        JobSchedule(
            name=name,
            trigger=draw(triggers()),
            create_job=draw(st.sampled_from(JOBS)),
            is_enabled=draw(st.sampled_from([True, True, True, False])),
        )
        for name in names
    ]


# Around the changes to and from summer time of the zones above, with seconds and parts of one.
instants = st.sampled_from(
    [
        datetime(2026, 3, 7, 12, 0, 17),
        datetime(2026, 3, 28, 23),
        datetime(2026, 4, 4, 13, 30),
        datetime(2025, 10, 25, 20),
        datetime(2025, 10, 26, 0, 30),
        datetime(2026, 3, 7, 12, 0, 17, 250_000),
    ]
).map(lambda naive: naive.replace(tzinfo=UTC))
profiles = st.sampled_from(
    [
        ServiceProfile(),
        ServiceProfile(first_run="instant"),
        ServiceProfile(gap="skip", fold="both", trigger_time_format="%d.%m.%Y"),
        ServiceProfile(fold="second", provisioning_delay=timedelta(milliseconds=900)),
        ServiceProfile(first_run="instant", provisioning_delay=timedelta(hours=30)),
        ServiceProfile(end_time="exclusive", week_start="sunday", default_experiment="schedule_name"),
    ]
)

SHOWN = (
    "schedule",
    "trigger_time",
    "display_name",
    "experiment_name",
    "inputs",
    "outputs",
    "settings",
    "tags",
    "compute",
)


def show(run: PlannedRun | Job) -> dict[str, Any]:
    name = run.job_name if isinstance(run, PlannedRun) else run.name
    return {"name": name, **{shown: getattr(run, shown) for shown in SHOWN}}


@settings(max_examples=150, deadline=None)
@given(
    schedules=schedule_sets(),
    created_at=instants,
    wait=st.sampled_from([0, 0, 1, 3600]) | st.integers(0, 3 * 86_400),
    cuts=st.lists(st.integers(0, 40 * 86_400), min_size=1, max_size=3),
    profile=profiles,
    look=st.booleans(),
)
def test_ws_9_the_plan_is_what_happens(
    schedules: list[JobSchedule],
    created_at: datetime,
    wait: int,
    cuts: list[int],
    profile: ServiceProfile,
    *,
    look: bool,
) -> None:
    start = created_at + timedelta(seconds=wait)
    end = start + timedelta(seconds=max(cuts))
    plan = plan_runs(schedules, start, end, created_at=created_at, jobs=[BASE], profile=profile)

    workspace = FakeWorkspace(clock=SimulatedClock(created_at), profile=profile)
    workspace.jobs.create_or_update(BASE)
    for schedule in schedules:
        workspace.schedules.begin_create_or_update(schedule)
    workspace.clock.move_to(start)
    scheduler = Scheduler(workspace)
    if look:
        scheduler.on_run(lambda job: None)
    jobs = [job for cut in sorted(cuts) for job in scheduler.run_until(start + timedelta(seconds=cut))]
    assert [show(job) for job in jobs] == [show(run) for run in plan]
