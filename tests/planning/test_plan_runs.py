"""plan_runs: which schedules, from when, what is assumed, what is refused."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, repeat

import pytest

from pytest_mlschedule import DefinitionError, InstantRangeError, Plan, ServiceProfile, plan_runs
from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger
from pytest_mlschedule.triggers.recurrence_pattern import RecurrencePattern

START = datetime(2026, 3, 7, tzinfo=UTC)
JOB = PipelineJob(inputs={"date": "${{creation_context.trigger_time}}", "rows": 5})
PACIFIC = "Pacific Standard Time"


def build(name="nightly", trigger=None, create_job=JOB, **fields) -> JobSchedule:
    trigger = trigger or CronTrigger("0 3 * * *", time_zone=PACIFIC)
    return JobSchedule(name=name, trigger=trigger, create_job=create_job, **fields)


def days(number: float, start: datetime = START) -> datetime:
    return start + timedelta(days=number)


def times(plan: Plan) -> list[str]:
    return [f"{run.trigger_time:%m-%d %H:%M:%S}" for run in plan]


def codes(plan: Plan) -> list[str]:
    return [note.code for note in plan.notes]


def test_jb_1_display_names_over_a_change_to_daylight_time() -> None:
    plan = plan_runs(build(), START, days(3))
    assert [run.display_name for run in plan] == [
        "nightly-20260307T110000Z",
        "nightly-20260308T100000Z",
        "nightly-20260309T100000Z",
    ]


def test_a_run_carries_what_the_job_would() -> None:
    job = PipelineJob(
        experiment_name="forecast",
        inputs={"date": "${{creation_context.trigger_time}}", "label": "${{name}}", "rows": 5},
        outputs={"model": {"path": "azureml://store/${{name}}"}},
        settings={"default_compute": "azureml:cpu"},
        tags={"team": "ml"},
    )
    (run,) = plan_runs(build(create_job=job), START, days(1))
    assert run.schedule == "nightly"
    assert run.trigger_time == datetime(2026, 3, 7, 11, tzinfo=UTC)
    assert run.local_time.isoformat() == "2026-03-07T03:00:00-08:00"
    assert run.time_zone == PACIFIC
    assert run.job_name.startswith("nightly-")
    assert run.experiment_name == "forecast"
    assert run.inputs == {"date": "2026-03-07T11:00:00Z", "label": run.job_name, "rows": 5}
    assert run.outputs == {"model": {"path": f"azureml://store/{run.job_name}"}}
    assert run.settings == {"default_compute": "cpu"}
    assert run.tags == {"team": "ml"}
    assert run.compute == "cpu"
    assert not run.anchor_assumed
    assert repr(run).startswith(
        "<PlannedRun nightly-20260307T110000Z (2026-03-07T03:00:00-08:00) inputs={'date': '2026"
    )


def test_st_9_the_window_is_half_open() -> None:
    trigger = CronTrigger("0 0 * * *")
    assert times(plan_runs(build(trigger=trigger), START, days(2))) == ["03-07 00:00:00", "03-08 00:00:00"]
    inside = START + timedelta(microseconds=1)
    assert times(plan_runs(build(trigger=trigger), inside, days(1))) == []
    assert times(plan_runs(build(trigger=trigger), START, inside)) == ["03-07 00:00:00"]


def test_st_4_nothing_runs_before_the_schedule_exists() -> None:
    """The documented example: start 2017-09-07 14:00Z, every 2 days, now 2017-09-08 13:00Z."""
    trigger = RecurrenceTrigger("day", 2, start_time="2017-09-07T14:00:00Z")
    created = datetime(2017, 9, 8, 13, tzinfo=UTC)
    plan = plan_runs(build(trigger=trigger), datetime(2017, 9, 1, tzinfo=UTC), days(7, created), created_at=created)
    assert times(plan) == ["09-09 14:00:00", "09-11 14:00:00", "09-13 14:00:00", "09-15 14:00:00"][: len(plan)]
    assert len(plan) == 3
    assert plan.created_at == created


@pytest.mark.parametrize(
    ("delay", "first_run", "expected"),
    [
        (timedelta(0), "scheduled", ["03-07 00:00:00", "03-07 01:00:00", "03-07 02:00:00"]),
        (timedelta(seconds=40), "scheduled", ["03-07 01:00:00", "03-07 02:00:00"]),
        (timedelta(hours=1), "scheduled", ["03-07 01:00:00", "03-07 02:00:00"]),
        (timedelta(hours=1, microseconds=1), "instant", ["03-07 02:00:00"]),
        (timedelta(hours=3), "instant", []),
    ],
)
def test_ws_1_nothing_is_planned_while_a_schedule_is_provisioned(delay, first_run, expected) -> None:
    profile = ServiceProfile(provisioning_delay=delay, first_run=first_run)
    for trigger in (CronTrigger("0 * * * *"), RecurrenceTrigger("hour", 1)):
        for window_start, created in ((START, None), (START, START), (days(-1), START)):
            plan = plan_runs(build(trigger=trigger), window_start, days(0.125), created_at=created, profile=profile)
            assert times(plan) == expected
            assert len(plan) == len(expected)
    assert times(plan_runs(build(trigger=trigger), days(0), days(0.01), profile=profile)) == expected[: not delay]


def test_st_3_a_run_at_creation_within_a_second_has_the_time_of_that_second() -> None:
    trigger, created, end = RecurrenceTrigger("hour", 1), START + timedelta(milliseconds=500), days(1 / 12)
    expected = ["03-07 00:00:00", "03-07 01:00:00"]
    plan = plan_runs(build(trigger=trigger), created, end)
    assert (times(plan), plan.start) == (expected, START)
    later = START + timedelta(milliseconds=700)
    assert times(plan_runs(build(trigger=trigger), later, end, created_at=created)) == expected
    after = START + timedelta(seconds=1)
    assert times(plan_runs(build(trigger=trigger), after, end, created_at=created)) == expected[1:]
    fixed = RecurrenceTrigger("hour", 1, start_time="2026-03-07T00:00:00")
    for other in (fixed, CronTrigger("0 * * * *")):  # ST-4: no other occurrence before creation
        assert times(plan_runs(build(trigger=other), created, end)) == expected[1:]


def test_ties_are_in_the_order_of_names() -> None:
    hourly = CronTrigger("0 * * * *")
    plan = plan_runs([build("b", hourly), build("a", hourly), build("c", hourly)], START, START + timedelta(hours=2))
    assert [run.schedule for run in plan] == ["a", "b", "c", "a", "b", "c"]
    assert plan.schedules == ("a", "b", "c")


def test_ws_4_disabled_schedules_have_no_runs() -> None:
    plan = plan_runs([build("off", is_enabled=False), build("on")], START, days(2))
    assert plan.count_by_schedule() == {"off": 0, "on": 2}
    assert codes(plan) == ["MLS508", "MLS506"]
    assert plan.notes[0].message == "off is disabled: no runs"


def test_no_schedules_make_an_empty_plan() -> None:
    plan = plan_runs([], START, days(1))
    assert (len(plan), list(plan), plan.count_by_schedule(), plan.notes) == (0, [], {}, ())
    assert repr(plan) == "<Plan of 0 runs from 2026-03-07T00:00:00Z to 2026-03-08T00:00:00Z: no schedules>"


def pattern(**parts) -> RecurrencePattern:
    return RecurrencePattern(**{"hours": 3, "minutes": 0, **parts})


# What hangs on the time of creation: move the creation by 26 h 17 min 5 s and look whether later occurrences differ.
ANCHORED = [
    (RecurrenceTrigger("minute", 7), True),
    (RecurrenceTrigger("hour", 1), True),
    (RecurrenceTrigger("day", 1), True),
    (RecurrenceTrigger("day", 1, pattern()), False),
    (RecurrenceTrigger("day", 2, pattern()), True),
    (RecurrenceTrigger("day", 1, RecurrencePattern(hours=[], minutes=0)), True),
    (RecurrenceTrigger("day", 1, RecurrencePattern(hours=3, minutes=[])), True),
    (RecurrenceTrigger("week", 1, pattern()), True),
    (RecurrenceTrigger("week", 1, pattern(week_days=["monday"])), False),
    (RecurrenceTrigger("month", 1, pattern()), True),
    (RecurrenceTrigger("month", 1, pattern(month_days=[1, 31])), False),
    (RecurrenceTrigger("month", 1, pattern(week_days=["friday"])), False),
    (RecurrenceTrigger("month", 1, RecurrencePattern(hours=[], minutes=[], month_days=1)), True),
    (RecurrenceTrigger("day", 3, start_time="2026-01-01T00:00:00"), False),
    (CronTrigger("0 3 * * *"), False),
]


@pytest.mark.parametrize(("trigger", "hangs"), ANCHORED, ids=repr)
def test_st_3_runs_that_hang_on_the_creation_say_so(trigger, hangs) -> None:
    later, end = days(40), days(400)
    one, other = (
        trigger.timetable(created_at=created).epochs(later, end)
        for created in (START, START + timedelta(hours=26, minutes=17, seconds=5))
    )
    assert (one != other) is hangs
    plan = plan_runs(build(trigger=trigger), START, end)
    assert plan[0].anchor_assumed is hangs
    assert ("MLS505" in codes(plan)) is hangs
    soon = days(40)
    told = plan_runs(build(trigger=trigger), START, soon, created_at=START)
    assert not told[0].anchor_assumed
    assert "MLS505" not in codes(told)
    assert told == plan.between(START, soon)


def test_st_3_the_note_names_the_guess() -> None:
    schedule = build("odd", RecurrenceTrigger("day", 2), source="schedules/odd.yml")
    (note,) = plan_runs(schedule, START, days(9)).notes
    assert str(note) == (
        "schedules/odd.yml:1:1: MLS505 trigger.start_time: odd has no start_time: its times count from creation, "
        "taken to be 2026-03-07T00:00:00Z\n  hint: set start_time, or say when it is created (created_at=..., --created-at)"
    )


def test_st_7_no_start_time_carries_a_note_and_instant_adds_a_run() -> None:
    start = START + timedelta(hours=1, seconds=30)
    plan = plan_runs(build(), start, days(2))
    assert codes(plan) == ["MLS506"]
    instant = plan_runs(build(), start, days(2), profile=ServiceProfile(first_run="instant"))
    assert times(instant) == ["03-07 01:00:30", *times(plan)]
    assert instant[0].anchor_assumed
    assert codes(plan_runs(build(trigger=RecurrenceTrigger("day", 1)), start, days(2), created_at=start)) == []


def test_jb_8_references_mean_the_jobs_that_are_given() -> None:
    job = PipelineJob(name="train", inputs={"rows": 7}, experiment_name="exp")
    schedule = build(create_job="train")
    for jobs in (
        [job],
        {"train": job},
        iter([job]),
        job,
        {"azureml:train": job},
        {"azureml:/subscriptions/s/jobs/train": job},
    ):
        plan = plan_runs(schedule, START, days(1), jobs=jobs)
        assert (plan[0].inputs, plan[0].experiment_name) == ({"rows": 7}, "exp")
        assert codes(plan) == ["MLS506"]


@dataclass
class Listed:
    """A job as a workspace lists it."""

    runs: PipelineJob | None

    def definition(self) -> PipelineJob | None:
        return self.runs


def test_jb_8_jobs_of_a_workspace_are_taken_as_they_are_listed() -> None:
    job = PipelineJob(name="train", inputs={"rows": 7})
    schedule = build(create_job="train")
    for jobs in ([Listed(job), Listed(None)], Listed(job), {"train": Listed(job), "other": Listed(None)}):
        assert plan_runs(schedule, START, days(1), jobs=jobs)[0].inputs == {"rows": 7}
    unknown = plan_runs(schedule, START, days(1), jobs={"train": Listed(None)})
    assert codes(unknown) == ["MLS506", "MLS507"]


def test_jb_8_an_unknown_reference_plans_with_the_overrides_alone() -> None:
    overrides = PipelineJob(id="azureml:/subscriptions/s/jobs/train", inputs={"rows": 9})
    plan = plan_runs([build("a", create_job=overrides), build("b", create_job="train")], START, days(1))
    assert [run.inputs for run in plan] == [{"rows": 9}, {}]
    assert codes(plan) == ["MLS506", "MLS507", "MLS506", "MLS507"]
    assert plan.notes[1].message == (
        "a runs the job 'train' of the workspace, which is not known: overrides alone show"
    )
    known = plan_runs(
        build(create_job=overrides), START, days(1), jobs={"train": PipelineJob(inputs={"x": 1, "rows": 2})}
    )
    assert known[0].inputs == {"x": 1, "rows": 9}


def test_ws_10_other_actions_plan_too() -> None:
    plan = plan_runs(build(create_job=None, create_monitor={"compute": {}}), START, days(1))
    assert (len(plan), plan[0].inputs, plan[0].experiment_name) == (1, {}, "Default")


def test_a_job_in_a_list_needs_a_name() -> None:
    with pytest.raises(ValueError, match="has no name: give it one, or give a mapping"):
        plan_runs(build(), START, days(1), jobs=[PipelineJob()])


def test_two_schedules_of_one_name_are_refused() -> None:
    one, other, third = build(source="a.yml"), build(source="b.yml"), build()
    with pytest.raises(DefinitionError) as caught:
        plan_runs([one, other], START, days(1))
    assert str(caught.value) == (
        "b.yml:1:1: MLS509 name: two schedules are called 'nightly'; the other one is in a.yml\n"
        "  hint: in a workspace the second would replace the first: rename one"
    )
    with pytest.raises(DefinitionError, match=r"^MLS509 name: two schedules are called 'nightly'\n"):
        plan_runs([third, build()], START, days(1))


@pytest.mark.parametrize("wrong", ["nightly.yml", {"name": "x"}, None, 5, [None]])
def test_what_is_no_schedule_is_a_type_error(wrong) -> None:
    with pytest.raises(TypeError, match=r"plan_runs takes schedules \(see load_schedule\), not "):
        plan_runs(wrong, START, days(1))


def test_instants_are_aware_in_order_and_in_range() -> None:
    naive = datetime(2026, 1, 1)
    for arguments in ((naive, days(1)), (START, naive)):
        with pytest.raises(TypeError, match="is naive"):
            plan_runs(build(), *arguments)
    with pytest.raises(TypeError, match="is naive"):
        plan_runs([], START, days(1), created_at=naive)
    with pytest.raises(ValueError, match=r"ends at 2026-03-06T00:00:00\+00:00, before it starts at 2026-03-07"):
        plan_runs(build(), START, days(-1))
    with pytest.raises(InstantRangeError, match="outside the supported years 1970 to 2200"):
        plan_runs(build(), START, datetime(2300, 1, 1, tzinfo=UTC))
    assert len(plan_runs(build(), START, START)) == 0


def test_a_year_of_every_five_minutes_is_counted_without_being_enumerated() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    plan = plan_runs(build("often", CronTrigger("*/5 * * * *")), start, datetime(2027, 1, 1, tzinfo=UTC))
    assert len(plan) == 105_120
    expected = list(accumulate(repeat(timedelta(minutes=5), 105_119), initial=start))
    assert [run.trigger_time for run in plan] == expected
    assert plan[-1].trigger_time == expected[-1]
    assert plan[70_000].trigger_time == expected[70_000]
