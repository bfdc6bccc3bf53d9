"""The real MLClient, wired to a fake workspace."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary, finalize

from pytest_mlschedule.azure.credential import FakeCredential
from pytest_mlschedule.azure.errors import needing_azure

if TYPE_CHECKING:
    from azure.ai.ml import MLClient
    from requests import PreparedRequest, Response
    from requests.adapters import HTTPAdapter

    from pytest_mlschedule.arm.application import ArmApplication
    from pytest_mlschedule.arm.cloud import Cloud
    from pytest_mlschedule.workspace.workspace import FakeWorkspace

_WORKSPACES: WeakKeyDictionary[MLClient, FakeWorkspace] = WeakKeyDictionary()


def make_client(
    workspace: FakeWorkspace | None = None, *, principal: str | None = None, cloud: Cloud | None = None
) -> MLClient:
    """The real ``azure.ai.ml.MLClient`` for a fake workspace, a new one when none is given: no network, no login.

    ``principal``: who calls, by default whoever ``workspace`` is seen by ("Owner"); role assignments say what it may do.
    ``cloud``: the REST face's own that the workspace is in, where faults or page sizes matter; by default a new one.
    Raises AzureMissingError, with the line to install, without azure-ai-ml.
    """
    from pytest_mlschedule.workspace.workspace import FakeWorkspace

    import_client()
    from azure.ai.ml import MLClient

    from pytest_mlschedule.arm.application import ArmApplication
    from pytest_mlschedule.arm.cloud import Cloud
    from pytest_mlschedule.azure.transport import WsgiTransport

    found = FakeWorkspace() if workspace is None else workspace
    application = ArmApplication(Cloud(found) if cloud is None else cloud)
    client = MLClient(
        FakeCredential(found.principal if principal is None else principal),
        found.subscription_id,
        found.resource_group,
        found.name,
        transport=WsgiTransport(application),
        enable_telemetry=False,
    )
    _WORKSPACES[client] = found
    _answer_uploads(client, application, found)
    return client


def client_workspace(client: MLClient) -> FakeWorkspace:
    """The fake workspace behind a client of ``make_client``. Raises LookupError for any other client."""
    if client not in _WORKSPACES:
        raise LookupError("this client was not made by make_client: there is no fake workspace behind it")
    return _WORKSPACES[client]


@contextmanager
def quiet_dependencies() -> Iterator[None]:
    """Within the block the library that azure-ai-ml reads YAML with says nothing about its own next version."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*(marshmallow 4|Schema.dict_class|should not be instantiated)")
        yield


def import_client() -> None:
    """Import azure-ai-ml, which takes two seconds, without what its dependencies warn of at that time.

    For a ``conftest.py``, where warnings are errors and code under test imports it. Raises AzureMissingError.
    """
    with needing_azure(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import azure.ai.ml
        import azure.ai.ml.entities
        import azure.identity  # noqa: F401

        import pytest_mlschedule.arm.application  # noqa: F401


def _answer_uploads(client: MLClient, application: ArmApplication, workspace: FakeWorkspace) -> None:
    """As long as the client lives, uploads to the workspace's storage, a host that nobody has, are answered as well: the
    client uses no transport that it was given for them."""
    from pytest_mlschedule.arm.storage import storage_account
    from pytest_mlschedule.azure.requests_hook import HOOK
    from pytest_mlschedule.azure.wsgi_adapter import answer_request

    storage = f"{storage_account(workspace)}.blob.core.windows.net"

    def answer(adapter: HTTPAdapter, request: PreparedRequest) -> Response | None:
        host = urlsplit(str(request.url)).hostname
        return answer_request(adapter, application, request) if host == storage else None

    HOOK.add(answer)
    finalize(client, HOOK.remove, answer)
