"""What the fixtures ``ml_client`` and ``ml_azure`` do, imported once a test asks for one of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from pytest_mlschedule.azure.client import import_client, make_client, quiet_dependencies
from pytest_mlschedule.azure.environment import forget_components
from pytest_mlschedule.azure.errors import AzureMissingError, needing_azure
from pytest_mlschedule.azure.interception import MockedAzure, mock_azure

if TYPE_CHECKING:
    from azure.ai.ml import MLClient

    from pytest_mlschedule.arm.cloud import Cloud
    from pytest_mlschedule.workspace.workspace import FakeWorkspace


def import_client_or_skip() -> None:
    """Import azure-ai-ml; without it the test is skipped with the line to install."""
    __tracebackhide__ = True
    try:
        import_client()
    except AzureMissingError as missing:
        pytest.skip(str(missing))


def open_cloud_or_skip(workspace: FakeWorkspace) -> Cloud:
    """A cloud with a workspace; without Werkzeug the test is skipped with the line to install."""
    __tracebackhide__ = True
    try:
        with needing_azure():
            from pytest_mlschedule.arm.cloud import Cloud
    except AzureMissingError as missing:
        pytest.skip(str(missing))
    return Cloud(workspace)


@contextmanager
def open_client(workspace: FakeWorkspace, cloud: Cloud) -> Iterator[MLClient]:
    """The real client of a workspace; within the block warnings about the next version of its dependencies are no
    failures of the test."""
    with quiet_dependencies(), forget_components():
        yield make_client(workspace, cloud=cloud)


@contextmanager
def open_azure(workspace: FakeWorkspace, cloud: Cloud) -> Iterator[MockedAzure]:
    """A mocked Azure with a workspace, logged in as whoever it is seen by."""
    with quiet_dependencies(), mock_azure(principal=workspace.principal, cloud=cloud) as mocked:
        yield mocked
