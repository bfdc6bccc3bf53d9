"""What deploy scripts do around schedules with the real client: components, environments, data, computes, workspaces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from azure_names import (
    CronTrigger,
    Data,
    Environment,
    Input,
    JobSchedule,
    MLClient,
    ResourceNotFoundError,
    load_component,
    pipeline,
)

from pytest_mlschedule import FakeWorkspace
from pytest_mlschedule.azure import RouteNotModelledError

COMPONENT = """\
type: command
name: count
version: "2"
inputs: {data: {type: uri_file}}
command: wc ${{inputs.data}}
environment: azureml:count-env:1
"""


def test_a_workspace_is_read(client: MLClient, workspace: FakeWorkspace) -> None:
    found = client.workspaces.get(workspace.name)
    assert (found.name, found.location, found.resource_group) == (workspace.name, "eastus", workspace.resource_group)
    assert [one.name for one in client.workspaces.list()] == [workspace.name]
    with pytest.raises(ResourceNotFoundError):
        client.workspaces.get("other")


def test_a_component_is_registered_and_used(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    (folder / "count.yml").write_text(COMPONENT)
    made = client.components.create_or_update(load_component("count.yml"))
    assert (made.name, made.version) == ("count", "2")
    count = client.components.get("count", "2")
    assert [found.name for found in client.components.list()] == ["count"]
    assert client.components.get("count", label="latest").version == "2"

    @pipeline(default_compute="cpu-cluster")
    def build(rows):  # type: ignore[no-untyped-def]  # the client looks at annotations
        count(data=rows)

    job = build(rows=Input(type="uri_file", path="azureml:rows:1"))
    schedule = JobSchedule(name="nightly", trigger=CronTrigger(expression="0 2 * * *"), create_job=job)
    stored = client.schedules.begin_create_or_update(schedule).result()
    assert stored.create_job.jobs["count"].component.endswith("components/count/versions/2")


def test_an_environment_is_registered(client: MLClient) -> None:
    made = client.environments.create_or_update(Environment(name="count-env", version="1", image="python:3.12"))
    assert client.environments.get("count-env", "1").image == made.image == "python:3.12"
    assert client.environments.get("count-env", label="latest").version == "1"
    with pytest.raises(ResourceNotFoundError):
        client.environments.get("count-env", "2")


def test_data_is_uploaded_and_registered(client: MLClient, folder: Path) -> None:
    (folder / "rows.csv").write_text("a,b\n1,2\n")
    made = client.data.create_or_update(Data(name="rows", version="1", type="uri_file", path="rows.csv"))
    assert made.path.endswith("rows.csv")
    assert client.data.get("rows", "1").path == made.path
    assert [found.name for found in client.data.list()] == ["rows"]


def test_a_compute_and_a_datastore_are_read(client: MLClient) -> None:
    assert client.compute.get("cpu-cluster").type == "amlcompute"
    assert client.datastores.get_default().name == "workspaceblobstore"


def test_a_client_is_built_from_a_file(workspace: FakeWorkspace, folder: Path) -> None:
    import json

    from azure_names import DefaultAzureCredential

    from pytest_mlschedule.azure import mock_azure

    names = {"subscription_id": workspace.subscription_id, "resource_group": workspace.resource_group}
    (folder / "config.json").write_text(json.dumps({**names, "workspace_name": workspace.name}))
    with mock_azure(workspace):
        client = MLClient.from_config(DefaultAzureCredential(), path=str(folder))
        assert client.workspaces.get(client.workspace_name).name == workspace.name


NOT_THERE: dict[str, Any] = {
    "online endpoints": lambda client: client.online_endpoints.get("x"),
    "batch endpoints": lambda client: client.batch_endpoints.get("x"),
    "connections": lambda client: list(client.connections.list()),
    "feature sets": lambda client: list(client.feature_sets.list()),
}


@pytest.mark.parametrize("name", NOT_THERE)
def test_what_is_not_there_says_so(client: MLClient, name: str) -> None:
    with pytest.raises(RouteNotModelledError, match="is not modelled by pytest-mlschedule"):
        NOT_THERE[name](client)
