"""requests without a network: a WSGI application in this process answers.

azure-core, azure-identity and azure-storage-blob send through requests. An adapter is where requests meets the wire, so
everything above it is the real thing: responses, streams, retries, errors.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse
from werkzeug.test import EnvironBuilder, run_wsgi_app

from pytest_mlschedule.azure.errors import refuse_unmodelled

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class WsgiAdapter(HTTPAdapter):
    """An adapter of requests that calls a WSGI application; mount it on a session in place of the network."""

    def __init__(self, application: WSGIApplication) -> None:
        super().__init__()
        self.application = application

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,  # noqa: FBT001 - the signature of requests
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """The answer of the application. Raises RouteNotModelledError for a call that it does not know, and whatever
        the application raises."""
        return answer_request(self, self.application, request)


def answer_request(adapter: HTTPAdapter, application: WSGIApplication, request: PreparedRequest) -> Response:
    """What the application answers, as a response that ``adapter`` gives to requests."""
    chunks, status, headers = run_wsgi_app(application, _environ_of(request), buffered=True)
    content = b"".join(chunks)
    code, _, reason = status.partition(" ")
    raw = HTTPResponse(
        body=io.BytesIO(content),
        headers=HTTPHeaderDict(headers.items()),
        status=int(code),
        reason=reason,
        preload_content=False,
        request_method=request.method,
    )
    refuse_unmodelled(int(code), content)
    return adapter.build_response(request, raw)


def _environ_of(request: PreparedRequest) -> dict[str, Any]:
    url, _, query = str(request.url).partition("?")
    scheme, _, rest = url.partition("://")
    host, _, path = rest.partition("/")
    builder = EnvironBuilder(
        path=f"/{path}",
        base_url=f"{scheme}://{host}/",
        query_string=query.partition("#")[0],
        method=request.method or "GET",
        headers=[(name, _text(value)) for name, value in request.headers.items()],
        data=_read_body(request.body),
    )
    return builder.get_environ()


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _read_body(body: Any) -> bytes:
    """The body as bytes, whatever requests takes: bytes, text, a file, an iterable of chunks."""
    if body is None:
        return b""
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str | bytes | bytearray):
        return body.encode() if isinstance(body, str) else bytes(body)
    return b"".join(map(_read_body, body))
