"""What the fixtures ``ml_client`` and ``ml_azure`` need, imported once a test asks for one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_mlschedule.azure.client import import_client
from pytest_mlschedule.azure.errors import AzureMissingError, needing_azure

if TYPE_CHECKING:
    from pytest_mlschedule.arm.cloud import Cloud
    from pytest_mlschedule.workspace.workspace import FakeWorkspace


def import_client_or_skip() -> None:
    """Import azure-ai-ml; a test that needs it is skipped, with the line to install, where it is missing."""
    __tracebackhide__ = True
    try:
        import_client()
    except AzureMissingError as missing:
        pytest.skip(str(missing))


def open_cloud_or_skip(workspace: FakeWorkspace) -> Cloud:
    """A cloud with a workspace; a test that needs it is skipped where Werkzeug is missing."""
    __tracebackhide__ = True
    try:
        with needing_azure():
            from pytest_mlschedule.arm.cloud import Cloud
    except AzureMissingError as missing:
        pytest.skip(str(missing))
    return Cloud(workspace)
