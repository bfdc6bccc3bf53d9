"""The verbs of ``workspace.schedules`` (semantics WS-1 to WS-5, WS-10, ST-3)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pytest_mlschedule import (
    DefinitionError,
    FakeWorkspace,
    ResourceNotFoundError,
    ServiceProfile,
    SimulatedClock,
    WorkspaceError,
)
from pytest_mlschedule.schedules.models import CreationContext, JobSchedule, PipelineJob
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
PACIFIC = "Pacific Standard Time"


def schedule(name: str = "nightly", **fields: object) -> JobSchedule:
    given = {"trigger": CronTrigger("0 3 * * *"), "create_job": PipelineJob(inputs={"rows": 5}), **fields}
    return JobSchedule(name=name, **given)


@pytest.fixture
def workspace() -> FakeWorkspace:
    return FakeWorkspace()


@pytest.fixture(params=["UTC", "Asia/Tokyo"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The test runs in this time zone of the machine: what is read by it by mistake shows in one of them."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_a_workspace_begins_at_new_year_2026(workspace: FakeWorkspace) -> None:
    assert workspace.clock.now() == NEW_YEAR
    assert workspace.profile == ServiceProfile()
    assert workspace.id.endswith(f"/workspaces/{workspace.name}")
    assert repr(workspace) == "<FakeWorkspace at 2026-01-01T00:00:00+00:00: 0 schedules, 0 jobs, seen by Owner>"


def test_it_reads_the_clock_it_is_given() -> None:
    clock = SimulatedClock(datetime(2030, 5, 1, tzinfo=UTC))
    assert FakeWorkspace(clock=clock).clock is clock


def test_ws_1_a_new_schedule_shows_what_the_service_adds(workspace: FakeWorkspace) -> None:
    given = schedule(tags={"team": "ml"}, description="d", display_name="Nightly")
    poller = workspace.schedules.begin_create_or_update(given)
    assert (poller.done(), poller.status(), repr(poller)) == (True, "Succeeded", "<Poller Succeeded>")
    made = workspace.schedules.get("nightly")
    assert poller.result() == poller.result(timeout=3) == made
    assert made == given.replace(
        trigger=CronTrigger("0 3 * * *", start_time="2026-01-01T00:00:00"),
        provisioning_state="Succeeded",
        id=f"{workspace.id}/schedules/nightly",
        creation_context=CreationContext(created_at=NEW_YEAR, created_by="Owner", created_by_type="User"),
    )


def test_ws_1_a_put_replaces_everything_and_keeps_who_created_it(workspace: FakeWorkspace) -> None:
    workspace.schedules.begin_create_or_update(schedule(tags={"team": "ml"}, description="d"))
    workspace.clock.tick(timedelta(hours=1))
    scientist = workspace.as_role("AzureML Data Scientist", principal="ann")
    scientist.schedules.begin_create_or_update(schedule(tags={"cost": "7"}))
    made = workspace.schedules.get("nightly")
    assert (dict(made.tags), made.description) == ({"cost": "7"}, None)
    assert made.creation_context == CreationContext(
        created_at=NEW_YEAR,
        created_by="Owner",
        created_by_type="User",
        last_modified_at=NEW_YEAR + timedelta(hours=1),
        last_modified_by="ann",
        last_modified_by_type="User",
    )


@pytest.mark.parametrize(
    ("policy", "said", "expected"),
    [
        ("enable", {}, True),
        ("keep", {}, False),
        ("keep", {"is_enabled": True}, True),
        ("enable", {"is_enabled": False}, False),
    ],
)
def test_ws_1_a_put_on_a_disabled_schedule(policy: str, said: dict[str, bool], *, expected: bool) -> None:
    workspace = FakeWorkspace(profile=ServiceProfile(put_without_is_enabled=policy))  # type: ignore[arg-type]
    assert workspace.schedules.begin_create_or_update(schedule()).result().is_enabled
    workspace.schedules.begin_disable("nightly")
    assert workspace.schedules.begin_create_or_update(schedule(**said)).result().is_enabled is expected


def test_ws_1_keep_is_about_schedules_that_are_there() -> None:
    workspace = FakeWorkspace(profile=ServiceProfile(put_without_is_enabled="keep"))
    assert workspace.schedules.begin_create_or_update(schedule()).result().is_enabled
    assert workspace.schedules.begin_create_or_update(schedule()).result().is_enabled


def test_ws_1_provisioning_takes_simulated_time_and_no_call_waits() -> None:
    workspace = FakeWorkspace(profile=ServiceProfile(provisioning_delay=timedelta(seconds=40)))
    poller = workspace.schedules.begin_create_or_update(schedule())
    assert (poller.done(), poller.status(), repr(poller)) == (False, "Creating", "<Poller Creating>")
    poller.wait()
    assert poller.result().provisioning_state == "Creating"
    assert workspace.clock.now() == NEW_YEAR
    workspace.clock.tick(timedelta(seconds=39))
    assert workspace.schedules.get("nightly").provisioning_state == "Creating"
    workspace.clock.tick(timedelta(seconds=1))
    assert (poller.done(), poller.status(), poller.result().provisioning_state) == (True, "Succeeded", "Succeeded")
    update = workspace.schedules.begin_disable("nightly")
    assert (update.status(), update.result().provisioning_state) == ("Updating", "Updating")
    assert workspace.schedules.begin_create_or_update(schedule()).status() == "Updating"


def test_ws_2_list_shows_enabled_schedules_unless_asked(workspace: FakeWorkspace) -> None:
    for name in ("b", "a", "c"):
        workspace.schedules.begin_create_or_update(schedule(name))
    workspace.schedules.begin_disable("a")

    def names(**view: object) -> list[str]:
        return [found.name for found in workspace.schedules.list(**view)]  # type: ignore[arg-type]

    assert names() == names(list_view_type="ENABLED_ONLY") == names(list_view_type="EnabledOnly") == ["b", "c"]
    assert names(list_view_type="DISABLED_ONLY") == names(list_view_type="disabled_only") == ["a"]
    assert names(list_view_type="ALL") == ["a", "b", "c"]
    with pytest.raises(ValueError, match="ENABLED_ONLY, DISABLED_ONLY or ALL, not 'some'"):
        names(list_view_type="some")


@pytest.mark.filterwarnings("ignore")  # of libraries that the SDK imports
def test_ws_2_the_list_view_types_of_the_sdk(workspace: FakeWorkspace) -> None:
    from azure.ai.ml._restclient.arm_ml_service.models import ListViewType, ScheduleListViewType

    for name in ("a", "b"):
        workspace.schedules.begin_create_or_update(schedule(name))
    workspace.schedules.begin_disable("a")
    found = {
        view.name: [s.name for s in workspace.schedules.list(list_view_type=view)] for view in ScheduleListViewType
    }
    assert found == {"ENABLED_ONLY": ["b"], "DISABLED_ONLY": ["a"], "ALL": ["a", "b"]}
    assert [workspace.jobs.list(list_view_type=view) for view in ListViewType] == [[], [], []]


def test_ws_3_deleting_an_enabled_schedule_fails_in_the_poller_and_it_survives(workspace: FakeWorkspace) -> None:
    workspace.schedules.begin_create_or_update(schedule())
    poller = workspace.schedules.begin_delete("nightly")
    assert (poller.done(), poller.status()) == (True, "Failed")
    for ask in (poller.result, poller.wait):
        with pytest.raises(WorkspaceError) as caught:
            ask()
        assert str(caught.value) == "Cannot delete an active trigger nightly"
    assert workspace.schedules.get("nightly").is_enabled
    assert (workspace.activity[-1].status, workspace.activity[-1].message) == (
        "Failed",
        "Cannot delete an active trigger nightly",
    )


def test_ws_3_deletion_is_permanent(workspace: FakeWorkspace) -> None:
    workspace.schedules.begin_create_or_update(schedule())
    workspace.schedules.begin_disable("nightly")
    poller = workspace.schedules.begin_delete("nightly")
    assert (poller.status(), poller.result()) == ("Succeeded", None)
    for call in (workspace.schedules.get, workspace.schedules.begin_enable, workspace.schedules.begin_disable,
                 workspace.schedules.trigger, workspace.schedules.jobs):  # fmt: skip
        with pytest.raises(ResourceNotFoundError) as caught:
            call("nightly")
        assert str(caught.value) == "Resource Trigger nightly not found"
    assert workspace.schedules.list(list_view_type="ALL") == []


def test_ws_3_deleting_what_is_not_there_succeeds(workspace: FakeWorkspace) -> None:
    assert workspace.schedules.begin_delete("nightly").status() == "Succeeded"
    assert workspace.activity[-1].message == "there was nothing to delete"


def test_ws_4_enable_and_disable_are_seen(workspace: FakeWorkspace) -> None:
    workspace.schedules.begin_create_or_update(schedule(description="d"))
    assert not workspace.schedules.begin_disable("nightly").result().is_enabled
    enabled = workspace.schedules.begin_enable("nightly").result()
    assert (enabled.is_enabled, enabled.description) == (True, "d")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, NEW_YEAR),
        ("2024-02-19T00:00:00", datetime(2024, 2, 19, tzinfo=UTC)),
        ("2024-02-19T00:00:00.75Z", datetime(2024, 2, 19, tzinfo=UTC)),
        ("2024-02-19 02:00+02:00", datetime(2024, 2, 19, tzinfo=UTC)),
        (datetime(2024, 2, 19, 1, tzinfo=timezone(timedelta(hours=1))), datetime(2024, 2, 19, tzinfo=UTC)),
    ],
)
@pytest.mark.usefixtures("machine_zone")
def test_ws_5_trigger_runs_a_schedule_once(
    workspace: FakeWorkspace, given: str | datetime | None, expected: datetime
) -> None:
    workspace.schedules.begin_create_or_update(schedule())
    result = workspace.schedules.trigger("nightly", schedule_time=given)
    assert result.schedule_action_type == "CreateJob"
    [job] = workspace.schedules.jobs("nightly")
    assert job == workspace.jobs.get(result.job_name)
    assert (job.trigger_time, job.creation_context.created_at) == (expected, expected)
    assert job.display_name == f"nightly-{expected:%Y%m%dT%H%M%SZ}"
    assert workspace.activity[-1].message == f"created job {result.job_name}"


@pytest.mark.parametrize("bad", ["tomorrow", "2024-13-01T00:00:00", ""])
def test_ws_5_a_time_that_is_none_is_refused(workspace: FakeWorkspace, bad: str) -> None:
    workspace.schedules.begin_create_or_update(schedule())
    with pytest.raises(WorkspaceError, match="is not a time: write 2026-03-08T02:30:00Z"):
        workspace.schedules.trigger("nightly", schedule_time=bad)
    with pytest.raises(TypeError, match="naive"):
        workspace.schedules.trigger("nightly", schedule_time=datetime(2024, 1, 1))
    with pytest.raises(TypeError, match="schedule_time is an ISO text or an aware datetime, not int"):
        workspace.schedules.trigger("nightly", schedule_time=5)  # type: ignore[arg-type]
    assert workspace.jobs.list() == []


def test_ws_5_a_disabled_schedule_is_not_triggered_unless_the_profile_says_so() -> None:
    for policy, count in (("reject", 0), ("run", 1)):
        workspace = FakeWorkspace(profile=ServiceProfile(trigger_when_disabled=policy))  # type: ignore[arg-type]
        workspace.schedules.begin_create_or_update(schedule())
        workspace.schedules.begin_disable("nightly")
        if count:
            workspace.schedules.trigger("nightly")
        else:
            with pytest.raises(WorkspaceError, match="Cannot trigger nightly: the schedule is disabled"):
                workspace.schedules.trigger("nightly")
        assert len(workspace.jobs.list()) == count


def test_ws_5_and_ws_6_the_action_that_trigger_needs_is_a_knob() -> None:
    workspace = FakeWorkspace(profile=ServiceProfile(trigger_action="Microsoft.MachineLearningServices/x/read"))
    workspace.schedules.begin_create_or_update(schedule())
    assert workspace.as_role("Reader").schedules.trigger("nightly").job_name


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ({"create_monitor": {"compute": {}}}, "CreateMonitor"),
        ({"import_data": {"type": "uri_folder"}}, "ImportData"),
        ({"action": {"actionType": "InvokeBatchEndpoint"}}, "InvokeBatchEndpoint"),
        ({"action": {"action_type": "InvokeBatchEndpoint"}}, "InvokeBatchEndpoint"),
        ({"action": {"other": 1}}, "CreateJob"),
    ],
)
def test_ws_10_other_actions_run_and_carry_their_data(
    workspace: FakeWorkspace, action: dict[str, object], kind: str
) -> None:
    workspace.schedules.begin_create_or_update(schedule(create_job=None, **action))
    result = workspace.schedules.trigger("nightly")
    assert result.schedule_action_type == kind
    job = workspace.jobs.get(result.job_name)
    assert (dict(job.inputs), job.compute, job.type) == ({}, None, "pipeline")
    [(key, data)] = action.items()
    assert getattr(workspace.schedules.get("nightly"), key) == data


@pytest.mark.parametrize(
    ("zone", "created", "stored"),
    [
        ("UTC", datetime(2022, 11, 7, 10, 52, 6, 900_000, tzinfo=UTC), "2022-11-07T10:52:06"),
        (PACIFIC, datetime(2022, 11, 7, 10, 52, 6, tzinfo=UTC), "2022-11-07T02:52:06"),
        (PACIFIC, datetime(2022, 7, 7, 10, 52, 6, tzinfo=UTC), "2022-07-07T03:52:06"),
    ],
)
@pytest.mark.parametrize("kind", ["cron", "recurrence"])
def test_st_3_the_creation_time_is_stored_as_wall_clock(zone: str, created: datetime, stored: str, kind: str) -> None:
    workspace = FakeWorkspace(clock=SimulatedClock(created))
    trigger = (
        CronTrigger("0 3 * * *", time_zone=zone) if kind == "cron" else RecurrenceTrigger("day", 1, time_zone=zone)
    )
    made = workspace.schedules.begin_create_or_update(schedule(trigger=trigger)).result()
    assert made.trigger.start_time == stored
    workspace.clock.tick(timedelta(days=1))
    assert workspace.schedules.begin_create_or_update(made).result().trigger.start_time == stored
    workspace.schedules.begin_disable("nightly")
    assert workspace.schedules.begin_enable("nightly").result().trigger.start_time == stored
    anew = workspace.schedules.begin_create_or_update(schedule(trigger=trigger)).result().trigger.start_time
    assert anew != stored


def test_st_3_a_given_start_is_kept_as_written(workspace: FakeWorkspace) -> None:
    trigger = RecurrenceTrigger("hour", 5, start_time="2022-07-10 10:00:00", end_time="2031-01-01T00:00:00")
    assert workspace.schedules.begin_create_or_update(schedule(trigger=trigger)).result().trigger == trigger


def test_tz_2_an_iana_zone_that_the_profile_accepts_is_stored_too() -> None:
    profile = ServiceProfile(iana_zones="accept")
    workspace = FakeWorkspace(profile=profile)
    trigger = CronTrigger("0 3 * * *", time_zone="Europe/Paris", profile=profile)
    made = workspace.schedules.begin_create_or_update(schedule(trigger=trigger)).result()
    assert (made.trigger.start_time, made.trigger.time_zone) == ("2026-01-01T01:00:00", "Europe/Paris")


def test_only_schedules_are_taken(workspace: FakeWorkspace) -> None:
    with pytest.raises(TypeError):
        workspace.schedules.begin_create_or_update("nightly.yml")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        workspace.jobs.create_or_update({"type": "pipeline"})  # type: ignore[arg-type]
    with pytest.raises(DefinitionError):
        CronTrigger("* * *")
