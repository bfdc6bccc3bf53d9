"""The activity log: who did what, on what, when, and what came of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pytest_mlschedule import AuthorizationError, FakeWorkspace, ResourceNotFoundError, Scheduler
from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob
from pytest_mlschedule.triggers.cron import CronTrigger

SCHEDULE = JobSchedule(name="nightly", trigger=CronTrigger("0 3 * * *"), create_job=PipelineJob())


def test_the_log_of_a_story() -> None:
    workspace = FakeWorkspace()
    scheduler = Scheduler(workspace)
    ann = workspace.as_role("AzureML Data Scientist", principal="ann")
    bob = workspace.as_role("Reader", principal="bob")
    ann.schedules.begin_create_or_update(SCHEDULE)
    scheduler.advance(timedelta(days=1))
    with pytest.raises(AuthorizationError):
        bob.schedules.begin_disable("nightly")
    ann.schedules.begin_disable("nightly")
    with pytest.raises(ResourceNotFoundError):
        workspace.schedules.begin_enable("weekly")
    first, second = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    assert [(e.timestamp, e.caller, e.operation, e.resource, e.status) for e in workspace.activity] == [
        (first, "ann", "schedules.begin_create_or_update", "schedules/nightly", "Succeeded"),
        (second, "bob", "schedules.begin_disable", "schedules/nightly", "Denied"),
        (second, "ann", "schedules.begin_disable", "schedules/nightly", "Succeeded"),
        (second, "Owner", "schedules.begin_enable", "schedules/weekly", "Failed"),
    ]
    assert str(workspace.activity[0]) == (
        "2026-01-01T00:00:00Z ann schedules.begin_create_or_update schedules/nightly Succeeded"
    )
    assert str(workspace.activity[3]).endswith("schedules/weekly Failed: Resource Trigger weekly not found")


def test_the_log_is_a_snapshot_of_frozen_entries() -> None:
    workspace = FakeWorkspace()
    before = workspace.activity
    workspace.schedules.begin_create_or_update(SCHEDULE)
    assert (before, len(workspace.activity)) == ((), 1)
    with pytest.raises(AttributeError):
        workspace.activity[0].caller = "x"  # type: ignore[misc]
