"""Where a workspace is: its names, its ARM id, and what the id is in."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mlschedule import AuthorizationError, FakeWorkspace
from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.workspace.address import WorkspaceAddress


def test_a_workspace_has_an_address_without_asking() -> None:
    workspace = FakeWorkspace()
    assert (workspace.name, workspace.resource_group, workspace.location) == (
        "fake-workspace",
        "fake-resource-group",
        "eastus",
    )
    assert workspace.subscription_id == "00000000-0000-0000-0000-000000000000"
    assert workspace.id == (
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/fake-resource-group"
        "/providers/Microsoft.MachineLearningServices/workspaces/fake-workspace"
    )


def test_the_id_follows_the_names_and_everything_in_it_follows_the_id() -> None:
    workspace = FakeWorkspace(name="w", resource_group="g", subscription_id="s", location="westeurope")
    assert workspace.id == "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"
    assert workspace.location == "westeurope"
    schedule = JobSchedule(name="nightly", trigger=CronTrigger("0 3 * * *"), create_job=PipelineJob())
    assert workspace.schedules.begin_create_or_update(schedule).result().id == f"{workspace.id}/schedules/nightly"
    with pytest.raises(AuthorizationError, match=f"over scope '{workspace.id}/schedules/nightly'"):
        workspace.as_role("Reader").schedules.begin_disable("nightly")
    assert workspace.as_role("Reader").id == workspace.as_principal("x").id == workspace.id


@pytest.mark.parametrize("field", ["name", "resource_group", "subscription_id", "location"])
@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        (None, TypeError, "{field} is text, not NoneType"),
        (5, TypeError, "{field} is text, not int"),
        ("", ValueError, "{field} cannot be '': it is text without slashes, not empty"),
        ("  ", ValueError, "it is text without slashes, not empty"),
        ("a/b", ValueError, "{field} cannot be 'a/b'"),
    ],
)
def test_names_that_could_not_stand_in_an_id(field: str, value: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message.format(field=field)):
        FakeWorkspace(**{field: value})


def test_addresses_are_values() -> None:
    assert WorkspaceAddress(name="w") == WorkspaceAddress(name="w")
    assert len({WorkspaceAddress(), WorkspaceAddress(), WorkspaceAddress(name="w")}) == 2
