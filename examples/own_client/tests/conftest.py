"""The workspaces of both stages, by the names that the deploy script uses."""

import tomllib
from pathlib import Path

import pytest
from pytest_mlschedule import FakeWorkspace
from pytest_mlschedule.azure import import_client

import_client()  # without what its dependencies warn of at that time

STAGES = tomllib.loads((Path(__file__).parents[1] / "stages.toml").read_text())


def make_workspace(stage, clock):
    place = STAGES[stage]
    return FakeWorkspace(
        clock=clock,
        name=place["workspace"],
        resource_group=place["group"],
        subscription_id=place["subscription"],
    )


@pytest.fixture
def ml_workspace(ml_clock):
    """Production: ``ml_azure``, ``ml_client`` and ``ml_scheduler`` follow."""
    return make_workspace("prod", ml_clock)


@pytest.fixture
def test_stage(ml_azure, ml_clock):
    """The other workspace, known to the same Azure."""
    workspace = make_workspace("test", ml_clock)
    ml_azure.add(workspace)
    return workspace
