"""What a history is compared with: each schedule from its own creation on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from audit_histories import at

from pytest_mlschedule import DefinitionError, FakeWorkspace, JobSchedule, ServiceProfile, SimulatedClock, load_schedule
from pytest_mlschedule.history.history import History
from pytest_mlschedule.planning.audit import audit_runs
from pytest_mlschedule.planning.audit_plan import find_creation, forget_start, plan_history
from pytest_mlschedule.planning.calibration import calibrate_profile
from pytest_mlschedule.schedules.models import CreationContext

START, END = at("2026-03-02T00:00"), at("2026-03-09T00:00")
CRON = {"type": "cron", "expression": "0 3 * * *"}
DAYS = {"type": "recurrence", "frequency": "day", "interval": 2}


def schedule(trigger: dict[str, Any], **context: datetime) -> JobSchedule:
    made = load_schedule({"name": "s", "trigger": trigger, "create_job": "azureml:job"})
    return made.replace(creation_context=CreationContext(**context)) if context else made


def history(*times: str) -> History:
    return History.from_data([{"name": time, "display_name": f"s-{at(time):%Y%m%dT%H%M%SZ}"} for time in times])


def test_who_knows_when_a_schedule_was_created() -> None:
    known, unknown = schedule(CRON, created_at=START), schedule(CRON)
    ran = history("2026-03-05T03:00", "2026-03-04T03:00")
    assert find_creation(known, ran, END) == find_creation(known, History())
    assert (found := find_creation(known, ran)) is not None
    assert (found.instant, found.origin) == (START, "schedule")
    assert (found := find_creation(unknown, ran, END)) is not None
    assert (found.instant, found.origin) == (END, "given")
    assert (found := find_creation(unknown, ran)) is not None
    assert (found.instant, found.origin) == (at("2026-03-04T03:00"), "first job")
    assert find_creation(unknown, History()) is None
    assert find_creation(schedule(CRON, last_modified_at=START), History()) is None


@pytest.mark.parametrize(("late", "moved"), [(-5, True), (-6, False), (0, True), (30, True), (31, False)])
def test_st_3_runs_counted_from_the_creation_start_with_the_job_near_it(late: int, moved: bool) -> None:  # noqa: FBT001
    """The clock of the note is not that of the runs: the first job says the second from which all are counted."""
    first = START + timedelta(seconds=late)
    every = [first + timedelta(days=2 * number) for number in range(3)]
    ran = history(*(time.strftime("%Y-%m-%dT%H:%M:%S") for time in every))
    made = schedule(DAYS, created_at=START)
    found = find_creation(made, ran)
    assert found is not None
    assert found.instant == (first if moved else START)
    counts = audit_runs(plan_history(made, ran.between(START - timedelta(days=1), END)), ran)["s"].counts
    assert counts["on_time"] == (3 if moved else 0)


def test_what_somebody_submitted_is_no_first_job() -> None:
    mine = {"name": "a", "display_name": "s-20260302T030000Z", "properties": {"runSource": "MFE"}}
    assert find_creation(schedule(CRON), History.from_data([mine])) is None


@pytest.mark.parametrize(
    ("start", "context", "forgotten"),
    [
        ("2026-03-02T10:52:06", {"created_at": "2026-03-02T10:52:06.7"}, True),
        ("2026-03-02T10:52:06", {"created_at": "2026-03-02T10:51:06"}, True),
        ("2026-03-02T10:52:06", {"created_at": "2026-03-02T10:51:05"}, False),
        ("2026-03-02T10:52:06", {"created_at": "2026-03-02T10:52:11"}, True),
        ("2026-03-02T10:52:06", {"created_at": "2026-03-02T10:52:12"}, False),
        ("2026-03-02T10:52:06", {"created_at": "2026-01-01T00:00", "last_modified_at": "2026-03-02T10:52:06"}, True),
        ("2026-03-02T10:52:06", {"created_at": "2026-01-01T00:00"}, False),
        ("2026-03-02T10:52:06Z", {"created_at": "2026-03-02T10:52:06"}, False),
        ("2026-03-02T10:52:06", {}, False),
        (None, {"created_at": "2026-03-02T10:52:06"}, False),
    ],
)
def test_st_3_a_start_that_the_service_stored(start: str | None, context: dict[str, str], forgotten: bool) -> None:  # noqa: FBT001
    trigger = CRON if start is None else {**CRON, "start_time": start}
    made = schedule(trigger, **{key: at(value) for key, value in context.items()})
    found = forget_start(made)
    if forgotten:
        assert found.trigger.start_time is None
        assert found.creation_context is not None
        assert found.creation_context.created_at == at("2026-03-02T10:52:06")
    else:
        assert found is made


def test_st_3_as_the_workspace_stores_it() -> None:
    workspace = FakeWorkspace(clock=SimulatedClock(at("2026-03-02T10:52:06.123456")))
    for trigger in (CRON, DAYS, {**DAYS, "time_zone": "Pacific Standard Time"}):
        workspace.schedules.begin_create_or_update(schedule(trigger))
        (stored,) = workspace.schedules.list()
        assert stored.trigger.start_time is not None
        assert forget_start(stored).trigger == schedule(trigger).trigger


def test_a_zone_that_the_profile_takes_stays() -> None:
    profile = ServiceProfile(iana_zones="accept")
    trigger = {**CRON, "time_zone": "Europe/Paris", "start_time": "2026-03-02T11:52:06"}
    made = load_schedule({"name": "s", "trigger": trigger, "create_job": "azureml:job"}, profile=profile)
    made = made.replace(creation_context=CreationContext(created_at=at("2026-03-02T10:52:06")))
    found = forget_start(made, profile)
    assert (found.trigger.start_time, found.trigger.time_zone) == (None, "Europe/Paris")


def times(made: JobSchedule, ran: History, **more: Any) -> list[str]:
    return [f"{run.trigger_time:%d %H:%M:%S}" for run in plan_history(made, ran.between(START, END), **more)]


def test_nothing_is_missed_before_a_schedule_was_created() -> None:
    assert times(schedule(CRON, created_at=at("2026-03-06T12:00")), History()) == ["07 03:00:00", "08 03:00:00"]
    assert times(schedule(CRON), History(), created_at=at("2026-03-06T12:00")) == ["07 03:00:00", "08 03:00:00"]
    assert len(times(schedule(CRON), history("2026-03-07T03:00"))) == 7


@pytest.mark.parametrize(
    ("job", "first"),
    [
        ("2026-03-06T10:07:28", "06 10:07:28"),  # five seconds before the creation
        ("2026-03-06T10:09:33", "06 10:09:33"),  # two minutes after it
        ("2026-03-06T10:09:34", "06 10:07:33"),
        ("2026-03-06T10:07:27", "06 10:07:33"),
    ],
)
@pytest.mark.parametrize("known", ["by an export", "as given"])
def test_st_7_a_run_at_creation_is_the_job_close_to_it(job: str, first: str, known: str) -> None:
    created, profile = at("2026-03-06T10:07:33"), ServiceProfile(first_run="instant")
    ran = history(job, "2026-03-07T03:00")
    exported = schedule({**CRON, "start_time": "2026-03-06T10:07:33"}, created_at=created)
    found = (
        times(exported, ran, profile=profile)
        if known == "by an export"
        else times(schedule(CRON), ran, created_at=created, profile=profile)
    )
    assert found == [first, "07 03:00:00", "08 03:00:00"]
    assert len(times(schedule({**CRON, "start_time": "2026-01-01T00:00:00"}), ran, profile=profile)) == 7


def test_st_7_the_audit_and_the_calibration_take_the_same_job_for_the_run_at_creation() -> None:
    created, profile = at("2026-03-06T10:07:33"), ServiceProfile(first_run="instant")
    ran = history("2026-03-06T10:07:35", "2026-03-07T03:00", "2026-03-08T03:00").between(START, END)
    exported = schedule({**CRON, "start_time": "2026-03-06T10:07:33"}, created_at=created)
    assert calibrate_profile(exported, ran)["first_run"].points_to == "instant"
    assert calibrate_profile(exported, ran, profile=profile)["first_run"].verdict == "supported"
    (found,) = audit_runs(plan_history(exported, ran, profile=profile), ran)
    assert [entry.kind for entry in found.entries] == ["on_time"] * 3


def test_a_schedule_that_knows_its_creation_has_missed_what_it_missed_before_its_first_job() -> None:
    ran = history("2026-03-08T03:00").between(START, END)
    for made, early in ((schedule(CRON, created_at=at("2026-03-06T00:00")), 0), (schedule(CRON), 6)):
        (found,) = audit_runs(plan_history(made, ran), ran)
        assert found.missing_first == early
        assert found.counts["missing"] == (early or 2)


def test_what_counts_from_creation_counts_from_the_first_job() -> None:
    assert times(schedule(DAYS), history("2026-03-05T10:00:30")) == ["05 10:00:30", "07 10:00:30"]
    assert times(schedule(DAYS), History()) == ["02 00:00:00", "04 00:00:00", "06 00:00:00", "08 00:00:00"]


def test_each_schedule_has_its_own_creation() -> None:
    known = [schedule(CRON, created_at=START + timedelta(days=days)).replace(name=f"s{days}") for days in (1, 5)]
    planned = plan_history([*known, schedule(CRON)], History().between(START, END))
    assert planned.count_by_schedule() == {"s": 7, "s1": 6, "s5": 2}
    assert planned.created_at is None


def test_what_cannot_be_planned() -> None:
    with pytest.raises(ValueError, match="the history has no jobs"):
        plan_history(schedule(CRON), History())
    with pytest.raises(DefinitionError, match="two schedules are called 's'"):
        plan_history([schedule(CRON), schedule(DAYS)], History().between(START, END))
