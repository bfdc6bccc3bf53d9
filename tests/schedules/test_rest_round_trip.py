"""Any schedule, to the REST shape and back, means the same: same times, same runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob
from pytest_mlschedule.schedules.rest import schedule_from_rest, schedule_to_rest
from pytest_mlschedule.schedules.template import compile_run
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrencePattern, RecurrenceTrigger

CREATED = datetime(2026, 1, 1, tzinfo=UTC)

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda moment: moment.replace(microsecond=0))
TIMES = st.one_of(
    st.none(),
    MOMENTS.map(lambda moment: moment.isoformat()),
    MOMENTS.map(lambda moment: f"{moment} +02".replace(" +", "+")),
)
LIMITS = {"start_time": TIMES, "time_zone": st.sampled_from(["UTC", "Pacific Standard Time", "India Standard Time"])}
HOURS = st.lists(st.integers(0, 23), max_size=3)
MINUTES = st.lists(st.integers(0, 59), max_size=3)
DAYS = st.lists(st.sampled_from(["monday", "Tuesday", "SUNDAY"]), max_size=2)
PATTERNS = st.builds(RecurrencePattern, hours=HOURS, minutes=MINUTES)
WEEKS = st.builds(RecurrencePattern, hours=HOURS, minutes=MINUTES, week_days=DAYS)
MONTHS = st.builds(RecurrencePattern, hours=HOURS, minutes=MINUTES, month_days=st.lists(st.integers(1, 31), max_size=3))
TRIGGERS = st.one_of(
    st.builds(CronTrigger, expression=st.sampled_from(["*/7 * * * *", "5 3,4 * * mon-fri", "0 0 1 1 *"]), **LIMITS),
    st.builds(RecurrenceTrigger, frequency=st.sampled_from(["minute", "hour"]), interval=st.integers(1, 50), **LIMITS),
    st.builds(RecurrenceTrigger, frequency=st.just("day"), interval=st.integers(1, 9), schedule=PATTERNS, **LIMITS),
    st.builds(RecurrenceTrigger, frequency=st.just("week"), interval=st.integers(1, 3), schedule=WEEKS, **LIMITS),
    st.builds(RecurrenceTrigger, frequency=st.just("month"), interval=st.integers(1, 3), schedule=MONTHS, **LIMITS),
)
NAMES = st.sampled_from(["a", "b_1", "c.d"])
TEXTS = st.sampled_from(["x", "", "run ${{name}}", "${{ creation_context.trigger_time }}", "ünïcode", "1e3"])
LITERALS = st.one_of(TEXTS, st.integers(-5, 5), st.booleans(), st.floats(-10, 10))
DATA = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["uri_file", "mltable"]),
        "path": st.sampled_from(["azureml:d:1", "azureml:d", "./x", "https://h/p"]),
    },
    optional={"mode": st.sampled_from(["ro_mount", "download", "direct"])},
)
OUTPUTS = st.fixed_dictionaries(
    {"type": st.just("uri_folder")},
    optional={
        "path": st.sampled_from(["azureml://datastores/d/paths/${{name}}/"]),
        "mode": st.sampled_from(["rw_mount", "upload"]),
    },
)
JOBS = st.one_of(
    st.sampled_from(["train", "/subscriptions/s/jobs/train"]),
    st.builds(
        PipelineJob,
        id=st.sampled_from([None, "train"]),
        experiment_name=st.sampled_from([None, "exp"]),
        compute=st.sampled_from([None, "cpu"]),
        tags=st.dictionaries(NAMES, TEXTS, max_size=2),
        inputs=st.dictionaries(NAMES, st.one_of(LITERALS, DATA), max_size=3),
        outputs=st.dictionaries(NAMES, OUTPUTS, max_size=2),
        settings=st.sampled_from([{}, {"default_compute": "azureml:cpu", "force_rerun": True, "odd": [1, None]}]),
    ),
)
SCHEDULES = st.builds(
    JobSchedule,
    name=st.sampled_from(["nightly", "a-1"]),
    trigger=TRIGGERS,
    create_job=JOBS,
    is_enabled=st.booleans(),
    tags=st.dictionaries(NAMES, st.one_of(TEXTS, st.integers()), max_size=2),
)


def as_text(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, Mapping) else str(value) for name, value in inputs.items()}


@settings(max_examples=150, deadline=None)
@given(SCHEDULES)
def test_any_schedule_means_the_same_after_the_way_there_and_back(schedule: JobSchedule) -> None:
    again, found = schedule_from_rest(json.loads(json.dumps(schedule_to_rest(schedule))))
    assert again is not None, found
    assert (again.name, again.is_enabled, again.tags) == (schedule.name, schedule.is_enabled, schedule.tags)
    windows = (CREATED, CREATED + timedelta(days=60))
    times, times_again = (one.trigger.timetable(created_at=CREATED).between(*windows) for one in (schedule, again))
    assert times == times_again
    base = PipelineJob(
        name="train", experiment_name="theirs", inputs={"a": 1}, settings={"default_compute": "serverless"}
    )
    one, other = (compile_run(each, {"train": base}.get) for each in (schedule, again))
    for epoch in (1767225600, 1767300000):
        assert as_text(one.inputs(epoch)) == as_text(other.inputs(epoch))
        assert one.outputs(epoch) == other.outputs(epoch)
        assert one.display_name(epoch) == other.display_name(epoch)
    assert (one.experiment_name, one.settings, one.tags, one.compute) == (
        other.experiment_name,
        other.settings,
        other.tags,
        other.compute,
    )
