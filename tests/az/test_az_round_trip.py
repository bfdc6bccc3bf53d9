"""Whatever schedule the workspace holds, ``az ml schedule list`` prints it so that it can be read back, and update keeps it."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule import (
    CronTrigger,
    FakeWorkspace,
    JobSchedule,
    PipelineJob,
    RecurrencePattern,
    RecurrenceTrigger,
    load_schedule,
)
from pytest_mlschedule.az.az import Az

START = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda moment: moment.replace(microsecond=0))
LIMITS: dict[str, Any] = {
    "start_time": st.one_of(st.none(), MOMENTS.map(datetime.isoformat), MOMENTS.map(lambda moment: f"{moment}+05:30")),
    "time_zone": st.sampled_from(["UTC", "Pacific Standard Time", "India Standard Time"]),
}
HOURS = st.lists(st.integers(0, 23), max_size=3)
MINUTES = st.lists(st.integers(0, 59), max_size=3)
WEEKS = st.builds(
    RecurrencePattern,
    hours=HOURS,
    minutes=MINUTES,
    week_days=st.lists(st.sampled_from(["monday", "SUNDAY"]), max_size=2),
)
MONTHS = st.builds(RecurrencePattern, hours=HOURS, minutes=MINUTES, month_days=st.lists(st.integers(1, 31), max_size=3))
TRIGGERS = st.one_of(
    st.builds(CronTrigger, expression=st.sampled_from(["*/7 * * * *", "5 3,4 * * mon-fri"]), **LIMITS),
    st.builds(RecurrenceTrigger, frequency=st.just("hour"), interval=st.integers(1, 50), **LIMITS),
    st.builds(RecurrenceTrigger, frequency=st.just("week"), interval=st.integers(1, 3), schedule=WEEKS, **LIMITS),
    st.builds(RecurrenceTrigger, frequency=st.just("month"), interval=st.integers(1, 3), schedule=MONTHS, **LIMITS),
)
TEXTS = st.sampled_from(["x", "run ${{name}}", "${{ creation_context.trigger_time }}", "ünïcode", "1e3", "'q' \"q\""])
NAMES = st.sampled_from(["a", "b_1", "c-d"])
JOBS = st.one_of(
    st.sampled_from(["train", "/subscriptions/s/resourceGroups/g/providers/p/workspaces/w/jobs/train"]),
    st.builds(
        PipelineJob,
        id=st.sampled_from([None, "train"]),
        experiment_name=st.sampled_from([None, "exp"]),
        compute=st.sampled_from([None, "cpu"]),
        tags=st.dictionaries(NAMES, TEXTS, max_size=2),
        inputs=st.dictionaries(NAMES, st.one_of(TEXTS, st.integers(-5, 5), st.booleans()), max_size=3),
        outputs=st.dictionaries(
            NAMES, st.just({"type": "uri_folder", "path": "azureml://datastores/d/paths/${{name}}/"}), max_size=2
        ),
    ),
)
SCHEDULES = st.builds(
    JobSchedule,
    name=st.sampled_from(["nightly", "a-1"]),
    trigger=TRIGGERS,
    create_job=JOBS,
    is_enabled=st.booleans(),
    display_name=st.one_of(st.none(), TEXTS),
    description=st.one_of(st.none(), TEXTS),
    tags=st.dictionaries(NAMES, TEXTS, max_size=2),
    properties=st.dictionaries(NAMES, TEXTS, max_size=2),
)


def summary(schedule: JobSchedule) -> tuple[Any, ...]:
    """What decides how a schedule behaves."""
    job = schedule.create_job
    if isinstance(job, str):  # a reference alone, and one without overrides, are the same
        job = PipelineJob(id=job)
    assert isinstance(job, PipelineJob)
    inputs = {name: _text(value) for name, value in job.inputs.items()}
    parts = job.id, job.compute, job.tags, inputs, job.outputs
    times = schedule.trigger.timetable(created_at=START).between(START, START + timedelta(days=60))
    texts = schedule.display_name, schedule.description, schedule.tags, schedule.properties
    return schedule.name, schedule.is_enabled, *texts, parts, times


def _text(value: Any) -> Any:
    """A literal as it is on the wire."""
    return value if not isinstance(value, bool | int) else str(value)


def put(schedule: JobSchedule) -> tuple[FakeWorkspace, Az]:
    workspace = FakeWorkspace()
    workspace.schedules.begin_create_or_update(schedule)
    return workspace, Az(workspace)


@settings(max_examples=150, deadline=None)
@given(SCHEDULES)
def test_what_is_listed_can_be_read_back(schedule: JobSchedule) -> None:
    workspace, az = put(schedule)
    (listed,) = az("ml schedule list --include-disabled").json()
    again = load_schedule(_named(json.dumps(listed)))
    assert summary(again) == summary(workspace.schedules.get(schedule.name))


@settings(max_examples=150, deadline=None)
@given(SCHEDULES)
def test_an_update_of_nothing_enables_and_changes_nothing_else(schedule: JobSchedule) -> None:
    workspace, az = put(schedule)
    before = summary(workspace.schedules.get(schedule.name))
    az(f"ml schedule update -n {schedule.name}", check=True)
    after = summary(workspace.schedules.get(schedule.name))
    assert (after[0], after[2:]) == (before[0], before[2:])
    assert after[1] is True


def _named(text: str) -> io.StringIO:
    stream = io.StringIO(text)
    stream.name = "exported.json"
    return stream
