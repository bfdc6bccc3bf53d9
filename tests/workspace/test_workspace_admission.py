"""What the workspace refuses to create (semantics ST-6, ST-8, JB-11, JB-12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pytest_mlschedule import (
    DefinitionError,
    FakeWorkspace,
    InstantRangeError,
    Scheduler,
    ServiceProfile,
    SimulatedClock,
    WorkspaceError,
)
from pytest_mlschedule.schedules.models import Component, JobSchedule, PipelineJob, Step
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
PACIFIC = "Pacific Standard Time"


def put(workspace: FakeWorkspace, name: str = "nightly", **fields: object) -> JobSchedule:
    given = {"trigger": CronTrigger("0 3 * * *"), "create_job": PipelineJob(), **fields}
    return workspace.schedules.begin_create_or_update(JobSchedule(name=name, **given)).result()


@pytest.fixture
def workspace() -> FakeWorkspace:
    return FakeWorkspace(clock=SimulatedClock(NOW))


@pytest.mark.parametrize(
    ("end", "zone", "refused"),
    [
        ("2026-01-01T11:59:59", "UTC", True),
        ("2026-01-01T12:00:00", "UTC", False),
        ("2026-01-01T04:00:00", PACIFIC, False),
        ("2026-01-01T03:59:59", PACIFIC, True),
        ("2026-01-01T12:00:00", PACIFIC, False),
    ],
)
def test_st_6_an_end_in_the_past_is_rejected(workspace: FakeWorkspace, end: str, zone: str, *, refused: bool) -> None:
    trigger = CronTrigger("0 3 * * *", end_time=end, time_zone=zone)
    if not refused:
        assert put(workspace, trigger=trigger).trigger.end_time == end
        return
    with pytest.raises(WorkspaceError) as caught:
        put(workspace, trigger=trigger)
    assert str(caught.value) == (f"schedule 'nightly': end_time {end} is in the past: it is 2026-01-01T12:00:00+00:00")
    assert workspace.schedules.list(list_view_type="ALL") == []
    assert (workspace.activity[-1].status, workspace.activity[-1].message) == ("Failed", str(caught.value))


def test_st_6_a_schedule_that_has_ended_can_be_disabled_and_put_again_with_its_end(workspace: FakeWorkspace) -> None:
    made = put(workspace, trigger=CronTrigger("0 3 * * *", end_time="2026-01-02T00:00:00"))
    workspace.clock.tick(timedelta(days=3))
    workspace.schedules.begin_disable("nightly")
    again = workspace.schedules.begin_create_or_update(made.replace(description="kept")).result()
    assert again.description == "kept"
    with pytest.raises(WorkspaceError, match="is in the past"):
        put(workspace, trigger=CronTrigger("0 3 * * *", end_time="2026-01-03T00:00:00"))
    assert workspace.schedules.get("nightly").description == "kept"


@pytest.mark.parametrize("end", ["2201-06-01T00:00:00", "9999-12-31T23:59:59", "9999-12-31T23:59:59-12:00"])
def test_st_6_an_end_after_the_supported_years_means_no_end(workspace: FakeWorkspace, end: str) -> None:
    made = put(workspace, trigger=CronTrigger("0 9 * * *", end_time=end))
    assert put(workspace, trigger=made.trigger).trigger.end_time == end
    assert len(Scheduler(workspace).run_until(NOW.replace(year=2027))) == 365


@pytest.mark.parametrize(("policy", "refused"), [("documented", False), ("dropped", True)])
def test_st_6_an_end_before_the_start_is_rejected_as_the_workspace_reads_them(policy: str, *, refused: bool) -> None:
    """The trigger was built by the other reading, in which its limits are in order."""
    start, end = "2026-02-01T15:00:00+10:00", "2026-02-01T00:00:00-10:00"
    trigger = RecurrenceTrigger("day", 1, start_time=start, end_time=end)
    profile = ServiceProfile(start_time_offset=policy)  # type: ignore[arg-type]
    workspace = FakeWorkspace(clock=SimulatedClock(NOW), profile=profile)
    if not refused:
        assert put(workspace, trigger=trigger).trigger == trigger
        return
    with pytest.raises(WorkspaceError) as caught:
        put(workspace, trigger=trigger)
    assert str(caught.value) == f"schedule 'nightly': end_time {end} is before start_time {start}: nothing would run"
    assert workspace.schedules.list(list_view_type="ALL") == []


def test_tz_3_a_clock_outside_the_supported_years_is_refused_in_words() -> None:
    workspace = FakeWorkspace(clock=SimulatedClock(datetime(9990, 1, 1, tzinfo=UTC)))
    with pytest.raises(InstantRangeError, match=r"9990-01-01.* is outside the supported years 1970 to 2200"):
        put(workspace)
    with pytest.raises(InstantRangeError, match="outside the supported years"):
        workspace.jobs.create_or_update(PipelineJob())


@pytest.mark.parametrize(
    ("now", "start", "refused"),
    [
        (NOW, "2075-01-01T12:00:00", False),
        (NOW, "2075-01-01T12:00:01", True),
        (NOW, "2160-01-01T00:00:00", True),
        (datetime(2024, 2, 29, tzinfo=UTC), "2073-02-28T00:00:00", False),
        (datetime(2024, 2, 29, tzinfo=UTC), "2073-02-28T00:00:01", True),
    ],
)
def test_st_8_a_start_over_49_years_ahead_is_rejected(now: datetime, start: str, *, refused: bool) -> None:
    workspace = FakeWorkspace(clock=SimulatedClock(now))
    trigger = CronTrigger("0 3 * * *", start_time=start)
    if refused:
        with pytest.raises(WorkspaceError, match=f"start_time {start} is more than 49 years ahead"):
            put(workspace, trigger=trigger)
    assert refused or put(workspace, trigger=trigger)


@pytest.mark.parametrize("name", ["", "-a", "_a", "a b", "a.b", "naïve", "a" * 256, "a\n", "٣"])
def test_jb_11_names_that_are_not_allowed(workspace: FakeWorkspace, name: str) -> None:
    with pytest.raises(DefinitionError, match="1 to 255 letters, digits, - and _"):
        put(workspace, name)


@pytest.mark.parametrize("name", ["a", "9", "A-b_9", "a" * 255])
def test_jb_11_names_that_are_allowed(workspace: FakeWorkspace, name: str) -> None:
    assert put(workspace, name).name == name


STEPS = {"prep": Step(), "train": Step(), "sub": Step(type="pipeline")}


@pytest.mark.parametrize(
    ("job", "missing"),
    [
        (PipelineJob(jobs=STEPS), "steps 'prep' and 'train'"),
        (PipelineJob(jobs={**STEPS, "prep": Step(compute="cpu")}), "step 'train'"),
        (PipelineJob(jobs=STEPS, compute="cpu"), None),
        (PipelineJob(jobs=STEPS, settings={"default_compute": "azureml:cpu"}), None),
        (PipelineJob(jobs=STEPS, settings={"default_compute": "serverless"}), None),
        (PipelineJob(jobs={}), None),
    ],
)
def test_jb_12_a_pipeline_without_compute_is_rejected(
    workspace: FakeWorkspace, job: PipelineJob, missing: str | None
) -> None:
    if missing is None:
        assert put(workspace, create_job=job).create_job == job
        assert workspace.jobs.create_or_update(job).name == "pipeline-1"
        return
    for call in (lambda: put(workspace, create_job=job), lambda: workspace.jobs.create_or_update(job)):
        with pytest.raises(WorkspaceError, match=f"Compute not set for {missing}: set compute at the step"):
            call()
    assert workspace.jobs.list() == []


def test_jb_12_compute_may_come_from_the_overrides_of_a_referenced_job(workspace: FakeWorkspace) -> None:
    workspace.jobs.create_or_update(PipelineJob(name="base", jobs=STEPS), compute="cpu")
    assert put(workspace, create_job="base").create_job == "base"
    overrides = PipelineJob(id="base", settings={"default_compute": "azureml:gpu"})
    assert put(workspace, create_job=overrides).create_job == overrides


def test_a_schedule_needs_something_to_run(workspace: FakeWorkspace) -> None:
    with pytest.raises(WorkspaceError, match="it has nothing to run"):
        put(workspace, create_job=None)


def test_all_reasons_come_at_once(workspace: FakeWorkspace) -> None:
    trigger = CronTrigger("0 3 * * *", end_time="2020-01-01T00:00:00")
    with pytest.raises(WorkspaceError) as caught:
        put(workspace, trigger=trigger, create_job=PipelineJob(jobs=STEPS))
    assert str(caught.value).count("; ") == 1


def test_jb_6_a_required_input_of_a_component_must_be_fed(workspace: FakeWorkspace) -> None:
    component = Component(inputs={"rate": {"type": "number"}, "seed": {"type": "integer", "default": 1}})
    job = PipelineJob(compute="cpu", jobs={"fit": Step(component=component)})
    with pytest.raises(WorkspaceError, match="Required input 'rate' for component 'fit' not provided"):
        put(workspace, create_job=job)
    assert list(workspace.schedules.list()) == []
    fed = PipelineJob(compute="cpu", jobs={"fit": Step(component=component, inputs={"rate": 1})})
    assert put(workspace, create_job=fed).create_job == fed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"clock": NOW}, "clock is a SimulatedClock"),
        ({"profile": {"gap": "skip"}}, "profile is a ServiceProfile"),
    ],
)
def test_a_workspace_takes_a_clock_and_a_profile(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        FakeWorkspace(**arguments)  # type: ignore[arg-type]
