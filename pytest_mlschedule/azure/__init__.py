"""azure-ai-ml itself against fake workspaces: ``make_client`` builds a client, ``mock_azure`` meets those that code builds.

Importing this package imports nothing of azure; the functions do when they are called.
"""

from pytest_mlschedule.azure.client import client_workspace, import_client, make_client
from pytest_mlschedule.azure.credential import FakeCredential
from pytest_mlschedule.azure.errors import AzureMissingError, NetworkRefusedError, RouteNotModelledError
from pytest_mlschedule.azure.interception import MockedAzure, mock_azure

__all__ = [
    "AzureMissingError",
    "FakeCredential",
    "MockedAzure",
    "NetworkRefusedError",
    "RouteNotModelledError",
    "client_workspace",
    "import_client",
    "make_client",
    "mock_azure",
]
