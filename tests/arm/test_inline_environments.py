"""Environments of jobs that name them as YAML does."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mlschedule import FakeWorkspace
from pytest_mlschedule.arm.inline_environments import name_environment
from pytest_mlschedule.workspace.asset_store import Asset
from pytest_mlschedule.workspace.workspace import state_of


@pytest.mark.parametrize(
    ("given", "version"),
    [("azureml:e:1", "1"), ("azureml:e:2", "2"), ("azureml:e@latest", "7"), ("azureml:f@latest", "1")],
)
def test_names_become_ids(given: str, version: str) -> None:
    workspace = FakeWorkspace()
    for number in ("3", "7"):
        asset = Asset("environments", "e", number, {}, workspace.clock.now(), "Owner")
        state_of(workspace).assets.put(asset)
    definition = {"environmentId": given}
    name_environment(definition, workspace)
    assert definition["environmentId"] == f"{workspace.id}/environments/{given[8]}/versions/{version}"


@pytest.mark.parametrize(
    "given", [None, "", "e:1", "azureml:e", "azureml://registries/r/environments/e/versions/1", "/subscriptions/s/e", 5]
)
def test_what_is_no_name_stays(given: Any) -> None:
    definition = {"environmentId": given}
    name_environment(definition, FakeWorkspace())
    assert definition["environmentId"] == given


def test_what_is_written_out_is_an_asset() -> None:
    workspace = FakeWorkspace()
    found = []
    for image in ("a", "b", "a"):
        definition: dict[str, Any] = {"environmentId": {"image": image}}
        name_environment(definition, workspace)
        found.append(definition["environmentId"])
    assert found[0] == found[2] != found[1]
    assets = state_of(workspace).assets.of_kind("environments")
    assert [asset.properties["image"] for asset in assets] == ["a", "b"]
