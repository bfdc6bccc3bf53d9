"""When plans and runs are equal: typed values, no time for long plans, nothing that can be assigned."""

from __future__ import annotations

import copy
import json
import pickle
import time
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from pytest_mlschedule import CronTrigger, JobSchedule, PipelineJob, Plan, ServiceProfile, plan_runs
from pytest_mlschedule.planning.compare import compare_runs

START = datetime(2026, 3, 1, tzinfo=UTC)
WEEK = timedelta(days=7)
DATE = "${{creation_context.trigger_time}}"


def build(expression: str = "0 3 * * *", **job: object) -> JobSchedule:
    trigger = CronTrigger(expression, "2026-01-01T00:00:00")
    return JobSchedule(name="a", trigger=trigger, create_job=PipelineJob(**job))


def plan(schedule: JobSchedule, length: timedelta = WEEK, **settings: object) -> Plan:
    return plan_runs(schedule, START, START + length, profile=ServiceProfile(**settings))


# On the wire 1 is "1", true is "True", 1.0 is "1.0" and "1" is "1" (JB-4): to the job they are different values.
@pytest.mark.parametrize(("one", "other"), [*combinations([1, True, 1.0, "1"], 2)], ids=repr)
def test_jb_4_values_that_python_takes_for_equal_are_not(one: object, other: object) -> None:
    left, right = plan(build(inputs={"x": one})), plan(build(inputs={"x": other}))
    assert left != right
    assert left[0] != right[0]
    (change,) = compare_runs(left, right).changed[0].values
    assert (change.name, repr(change.actual), repr(change.expected)) == ("inputs.x", repr(one), repr(other))
    assert plan(build(settings={"x": [{"y": one}]})) != plan(build(settings={"x": [{"y": other}]}))
    assert plan(build(inputs={"x": one, "d": DATE})) != plan(build(inputs={"x": other, "d": DATE}))


DIFFERENT = [
    build(),
    build("1 3 * * *"),
    build("0 3 * * 1-6"),
    build(inputs={"x": 1}),
    build(inputs={"x": DATE}),
    build(inputs={"x": DATE, "y": 1}),
    build(inputs={"x": "${{name}}"}),
    build(outputs={"o": {"path": DATE}}),
    build(outputs={"o": {"path": "p", "mode": "upload"}}),
    build(tags={"t": "x"}),
    build(settings={"s": ["a"]}),
    build(settings={"s": ["a", "b"]}),
    build(compute="cpu"),
    build(experiment_name="e"),
]


def test_what_differs_in_one_thing_differs() -> None:
    plans = [plan(schedule) for schedule in DIFFERENT]
    for index, one in enumerate(plans):
        assert [one == other for other in plans] == [place == index for place in range(len(plans))]
        again = plan(DIFFERENT[index])
        assert again == one
        assert list(again) == list(one)
        assert Plan.from_dict(json.loads(json.dumps(one.to_dict()))) == one == Plan.from_dict(one.to_dict())


def test_plans_that_say_the_same_in_other_words() -> None:
    written = plan(build(inputs={"x": DATE}), timedelta(days=1))
    literal = plan(build(inputs={"x": "2026-03-01T03:00:00Z"}), timedelta(days=1))
    assert written == literal
    assert plan(build(inputs={"x": DATE})) != plan(build(inputs={"x": "2026-03-01T03:00:00Z"}))
    spaced = plan(build(inputs={"x": "${{ creation_context.trigger_time }}"}))
    assert spaced == plan(build(inputs={"x": DATE}))
    other_format = plan(build(inputs={"x": DATE}), trigger_time_format="%Y")
    assert other_format != plan(build(inputs={"x": DATE}))
    assert plan(build(), trigger_time_format="%Y") == plan(build())


def test_ten_years_of_five_minutes_are_compared_at_once() -> None:
    decade = timedelta(days=3652)
    one, other = (plan(build("*/5 * * * *", inputs={"x": DATE}), decade) for _ in range(2))
    started = time.thread_time()
    assert one == other
    assert one != plan(build("*/5 * * * *", inputs={"x": DATE, "y": 1}), decade)
    assert time.thread_time() - started < 3  # seconds of this thread; 11 when every run was built
    assert len(one) == 3652 * 288


@pytest.mark.parametrize("name", ["runs", "window", "start", "schedules", "notes", "other"])
def test_a_plan_cannot_be_assigned_to(name: str) -> None:
    made = plan(build())
    with pytest.raises(AttributeError):
        setattr(made, name, [])
    assert len(made.runs) == 7
    assert made.runs is made.runs


def test_a_plan_can_be_copied() -> None:
    made = plan(build(inputs={"x": DATE}))
    assert made.runs[0] == made[0]
    assert copy.deepcopy(made) == copy.copy(made) == pickle.loads(pickle.dumps(made)) == made


def test_a_timetable_cannot_be_given_another_zone() -> None:
    trigger = CronTrigger("0 3 * * *", time_zone="Pacific Standard Time")
    timetable = trigger.timetable(created_at=START)
    with pytest.raises(AttributeError):
        timetable.zone = None
    assert timetable.zone is trigger.zone
