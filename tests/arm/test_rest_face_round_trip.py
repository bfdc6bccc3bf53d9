"""Any schedule that is put over REST is the schedule that Python shows, and what a GET answers can be put again."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from rest_face import Face

from pytest_mlschedule import FakeWorkspace
from pytest_mlschedule.arm.definitions import schedule_resource
from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob
from pytest_mlschedule.schedules.rest import schedule_from_rest
from pytest_mlschedule.schedules.template import compile_run
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrencePattern, RecurrenceTrigger
from pytest_mlschedule.triggers.window import to_epoch

WORKSPACE = FakeWorkspace()
MOMENTS = st.sampled_from([None, "2026-05-10T10:15:00", "2025-03-09 02:30:00", "2026-05-10T10:15:00-04:00"])
LIMITS = {"start_time": MOMENTS, "time_zone": st.sampled_from(["UTC", "Pacific Standard Time", "India Standard Time"])}
PATTERNS = st.builds(
    RecurrencePattern,
    hours=st.lists(st.integers(0, 23), max_size=3),
    minutes=st.lists(st.integers(0, 59), max_size=3),
)
TRIGGERS = st.one_of(
    st.builds(CronTrigger, expression=st.sampled_from(["*/7 * * * *", "5 3,4 * * mon-fri"]), **LIMITS),
    st.builds(RecurrenceTrigger, frequency=st.sampled_from(["minute", "hour"]), interval=st.integers(1, 50), **LIMITS),
    st.builds(RecurrenceTrigger, frequency=st.sampled_from(["day", "week", "month"]), interval=st.integers(1, 3), schedule=PATTERNS, **LIMITS),
)  # fmt: skip
TEXTS = st.sampled_from(["x", "", "run ${{name}}", "${{ creation_context.trigger_time }}", "ünïcode"])
VALUES = st.one_of(
    TEXTS, st.integers(-5, 5), st.booleans(), st.just({"type": "uri_file", "path": "azureml:d:1", "mode": "download"})
)
JOBS = st.one_of(
    st.sampled_from(["train", "Elsewhere"]),
    st.builds(
        PipelineJob,
        id=st.sampled_from([None, "train"]),
        experiment_name=st.sampled_from([None, "exp"]),
        compute=st.sampled_from([None, "cpu"]),
        tags=st.dictionaries(st.sampled_from(["a", "b.c"]), TEXTS, max_size=2),
        inputs=st.dictionaries(st.sampled_from(["a", "b"]), VALUES, max_size=2),
        settings=st.sampled_from([{}, {"default_compute": "azureml:cpu", "force_rerun": True}]),
    ),
)
SCHEDULES = st.builds(
    JobSchedule,
    name=st.sampled_from(["nightly", "a-1"]),
    trigger=TRIGGERS,
    create_job=JOBS,
    is_enabled=st.booleans(),
    display_name=st.sampled_from([None, "Nightly"]),
    tags=st.dictionaries(st.sampled_from(["a", "b"]), st.one_of(TEXTS, st.integers()), max_size=2),
)


def wire(schedule: JobSchedule) -> Any:
    return json.loads(json.dumps(schedule_resource(schedule, WORKSPACE)))


@settings(max_examples=120, deadline=None)
@given(SCHEDULES)
def test_put_then_get_gives_the_same_schedule(schedule: JobSchedule) -> None:
    face = Face()
    base = PipelineJob(name="train", experiment_name="theirs", settings={"default_compute": "azureml:cpu"})
    face.workspace.jobs.create_or_update(base)
    sent = wire(schedule)
    face.put(f"schedules/{schedule.name}", sent)
    got = face.get(f"schedules/{schedule.name}")
    shown = face.workspace.schedules.get(schedule.name)
    assert got == wire(shown)
    # All that was said came back: the start and who made it are filled in.
    filled = got["properties"]["trigger"].pop("startTime")
    said = sent["properties"]["trigger"].pop("startTime")
    assert said in (None, filled)
    assert {**got["properties"], "provisioningState": None} == sent["properties"]
    # It fires and runs as the one that was never on the wire, registered in Python.
    direct = Face()
    direct.workspace.jobs.create_or_update(base)
    given, _ = schedule_from_rest(wire(schedule))
    assert given is not None
    direct.workspace.schedules.begin_create_or_update(given)
    other = direct.workspace.schedules.get(schedule.name)
    epoch = to_epoch(face.workspace.clock.now())
    times = [
        one.trigger.timetable(created_at=face.workspace.clock.now()).epochs_between(epoch, epoch + 40 * 86400)
        for one in (shown, other)
    ]
    assert times[0] == times[1]
    runs = [compile_run(one, {"train": base}.get) for one in (shown, other)]
    assert runs[0].recipe == runs[1].recipe


@settings(max_examples=60, deadline=None)
@given(SCHEDULES)
def test_what_a_get_answers_can_be_put_again_and_changes_nothing(schedule: JobSchedule) -> None:
    face = Face()
    face.put(f"schedules/{schedule.name}", wire(schedule))
    first = face.get(f"schedules/{schedule.name}")
    face.put(f"schedules/{schedule.name}", first)
    again = face.get(f"schedules/{schedule.name}")
    assert again["properties"] == first["properties"]
    assert again["systemData"]["createdAt"] == first["systemData"]["createdAt"]
