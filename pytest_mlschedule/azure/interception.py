"""mock_azure: code that builds its own MLClient, and logs in by itself, meets fake workspaces."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_mlschedule.azure.child import ALLOWING, VARIABLE, forward_request
from pytest_mlschedule.azure.environment import child_variables, login_variables, set_variables
from pytest_mlschedule.azure.errors import needing_azure
from pytest_mlschedule.azure.hosts import is_azure
from pytest_mlschedule.azure.network_guard import NetworkGuard

if TYPE_CHECKING:
    from requests import PreparedRequest, Response
    from requests.adapters import HTTPAdapter

    from pytest_mlschedule.arm.cloud import Cloud
    from pytest_mlschedule.workspace.workspace import FakeWorkspace


class MockedAzure:
    """The Azure that code meets within ``mock_azure``.

    ``principal``: who ``DefaultAzureCredential`` logs in as. ``cloud``: the workspaces, as the REST face finds them.
    """

    def __init__(self, cloud: Cloud, principal: str) -> None:
        from pytest_mlschedule.arm.application import ArmApplication
        from pytest_mlschedule.azure.login import LoginApplication
        from pytest_mlschedule.azure.loopback import LoopbackServer

        self.principal = principal
        self.cloud = cloud
        self._guard = NetworkGuard(ALLOWING)
        self._application = LoginApplication(principal, ArmApplication(cloud))
        self._server = LoopbackServer(self._application)
        self._process = os.getpid()

    def __repr__(self) -> str:
        return f"<MockedAzure of {self.cloud!r} for {self.principal}>"

    @property
    def workspaces(self) -> tuple[FakeWorkspace, ...]:
        """The workspaces in the order they came; any other one is not found."""
        return self.cloud.workspaces

    def add(self, workspace: FakeWorkspace) -> None:
        """Add a workspace. Raises ValueError where another one has its ARM id."""
        self.cloud.add(workspace)

    def allow_host(self, host: str) -> None:
        """Let connections to a host through, by its name or address, also from processes started later."""
        self._guard.allowed.add(host)
        os.environ[VARIABLE] = self._where()

    def _where(self) -> str:
        return json.dumps({"port": self._server.port, "allowed": sorted(self._guard.allowed)})

    def _answer(self, adapter: HTTPAdapter, request: PreparedRequest) -> Response | None:
        from pytest_mlschedule.azure.requests_hook import HOOK
        from pytest_mlschedule.azure.wsgi_adapter import answer_request

        host = urlsplit(str(request.url)).hostname or ""
        if host in self._guard.allowed or not is_azure(host):
            self._guard.check(host)
            return None
        if os.getpid() != self._process:  # a fork has a copy of the workspaces, which nobody would see
            return forward_request(HOOK.send_on, adapter, request, self._server.port)
        return answer_request(adapter, self._application, request)

    @contextmanager
    def _active(self) -> Iterator[None]:
        from azure.core.pipeline.transport import HttpTransport

        from pytest_mlschedule.azure.requests_hook import HOOK

        with ExitStack() as undo:
            self._server.start()
            undo.callback(self._server.stop)
            undo.enter_context(set_variables(login_variables(self.principal) | child_variables(self._where())))
            HOOK.add(self._answer)
            undo.callback(HOOK.remove, self._answer)
            undo.callback(setattr, HttpTransport, "sleep", HttpTransport.sleep)
            setattr(HttpTransport, "sleep", _come_back)  # noqa: B010 - mypy lets no method be replaced
            self._guard.start()
            undo.callback(self._guard.stop)
            yield


def _come_back(transport: object, duration: float) -> None:
    """Nothing waits between polls and retries."""


@contextmanager
def mock_azure(
    *workspaces: FakeWorkspace, principal: str = "Owner", cloud: Cloud | None = None
) -> Iterator[MockedAzure]:
    """Within the block ``MLClient(DefaultAzureCredential(), ...)`` finds these workspaces by their names, and no others.

    Nothing is changed in the code under test: what it sends to Azure through requests is answered in this process, the
    login included. ``DefaultAzureCredential`` logs in as ``principal``; a credential that names somebody itself, by a
    client id or user name, is that one. Connections to anywhere but this machine raise NetworkRefusedError. Python
    processes that are started within the block are served as well. Blocks nest: the innermost answers. ``cloud``: the REST
    face's own, where faults or page sizes matter. Raises AzureMissingError without azure-ai-ml.
    """
    with needing_azure():
        import azure.core  # noqa: F401

        from pytest_mlschedule.arm.cloud import Cloud

        served = Cloud() if cloud is None else cloud
    for workspace in workspaces:
        served.add(workspace)
    mocked = MockedAzure(served, principal)  # opens a port: nothing may fail between here and the block
    with mocked._active():
        yield mocked
