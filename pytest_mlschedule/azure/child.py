"""In a process that a test started while Azure is mocked: what is meant for Azure goes to the test's own port.

The folder ``child_path``, put on PYTHONPATH, has these functions called when socket, requests and azure-core are imported,
with what VARIABLE said when the process started.
"""

from __future__ import annotations

import json
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pytest_mlschedule.azure.errors import refuse_unmodelled
from pytest_mlschedule.azure.hosts import ORIGIN_HEADER, is_azure
from pytest_mlschedule.azure.network_guard import NetworkGuard

if TYPE_CHECKING:
    from collections.abc import Callable

    from requests import PreparedRequest, Response

VARIABLE = "MLSCHEDULE_AZURE"
"""The environment variable that says where the test's Azure is: JSON with ``port`` and ``allowed`` hosts."""
ALLOWING = 'allow_host("{}"), of mock_azure or the fixture ml_azure'
"""What to do where a connection is refused."""


def guard_sockets(module: ModuleType, said: str) -> None:
    """From here on sockets of this process are guarded: ``module``, which is socket, has just been loaded."""
    _start_guard(said)


def connect_requests(module: ModuleType, said: str) -> None:
    """What ``module``, which is requests.adapters, sends to Azure goes to the port of the test; the rest is refused."""
    port = int(json.loads(said)["port"])
    module.HTTPAdapter.send = _forwarding(module.HTTPAdapter.send, port, _start_guard(said))


def hurry_transports(module: ModuleType, said: str) -> None:
    """Nothing waits between polls and retries: ``module`` is that of azure-core's transports."""
    module.HttpTransport.sleep = lambda transport, duration: None


def forward_request(send: Callable[..., Response], adapter: Any, request: PreparedRequest, port: int) -> Response:
    """The answer of an application on a port of this machine to a request that is meant for another host.

    Raises RouteNotModelledError for a call that the application does not know.
    """
    url = urlsplit(str(request.url))
    sent = request.copy()
    sent.headers[ORIGIN_HEADER] = f"{url.scheme}://{url.netloc}"
    sent.url = url._replace(scheme="http", netloc=f"127.0.0.1:{port}").geturl()
    answer = send(adapter, sent, proxies=None)
    answer.request, answer.url = request, str(request.url)
    if answer.status_code == 501:  # the content of others stays in its stream
        refuse_unmodelled(answer.status_code, answer.content)
    return answer


@cache
def _start_guard(said: str) -> NetworkGuard:
    """The guard of this process, started when it is first asked for."""
    guard = NetworkGuard(ALLOWING)
    guard.allowed |= set(json.loads(said)["allowed"])
    guard.start()
    return guard


def _forwarding(send: Callable[..., Response], port: int, guard: NetworkGuard) -> Callable[..., Response]:
    def send_to_test(adapter: Any, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """HTTPAdapter.send, but to the test."""
        host = urlsplit(str(request.url)).hostname or ""
        if is_azure(host) and host not in guard.allowed:
            return forward_request(send, adapter, request, port)
        guard.check(host)
        return send(adapter, request, *args, **options)

    return send_to_test
