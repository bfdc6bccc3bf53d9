"""The transport under the client: what it hands to an application, what it gives back, and that nothing waits."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

import azure_names  # noqa: F401  first: it imports azure without its warnings
import pytest
from azure.core import PipelineClient
from azure.core.pipeline.policies import RetryPolicy
from azure.core.pipeline.transport import HttpRequest as LegacyRequest
from azure.core.rest import HttpRequest
from requests import Session
from requests.adapters import HTTPAdapter

from pytest_mlschedule.azure import RouteNotModelledError
from pytest_mlschedule.azure.transport import WsgiTransport

BASE = "https://management.azure.com"


class Service:
    """An application that keeps what it is sent and answers what it was told to."""

    def __init__(self, status: str = "200 OK", content: bytes = b'{"a": 1}', **headers: str) -> None:
        self.status, self.content = status, content
        self.headers = [
            ("Content-Type", "application/json"),
            *((name.replace("_", "-"), headers[name]) for name in headers),
        ]
        self.seen: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.seen.append({**environ, "body": environ["wsgi.input"].read()})
        start_response(self.status, self.headers)
        return [self.content]

    def body(self) -> bytes:
        return bytes(self.seen[-1]["body"])


def client_of(service: Any) -> tuple[PipelineClient[Any, Any], WsgiTransport]:
    transport = WsgiTransport(service)
    return PipelineClient(BASE, transport=transport, policies=[RetryPolicy()]), transport


def chunks() -> Iterator[bytes]:
    yield b"one "
    yield b"two"


def test_the_application_sees_the_call() -> None:
    service = Service()
    client, _ = client_of(service)
    url = "/subscriptions/s%20s/schedules/caf%C3%A9?api-version=2023-06-01-preview&name=a%26b&empty="
    client.send_request(HttpRequest("PUT", BASE + url, headers={"x-ms-test": "yes"}, json={"a": [1]}))
    (seen,) = service.seen
    assert (seen["REQUEST_METHOD"], seen["wsgi.url_scheme"], seen["HTTP_HOST"]) == (
        "PUT",
        "https",
        "management.azure.com",
    )
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/subscriptions/s s/schedules/café"
    assert seen["QUERY_STRING"] == "api-version=2023-06-01-preview&name=a%26b&empty="
    assert (seen["HTTP_X_MS_TEST"], seen["CONTENT_TYPE"]) == ("yes", "application/json")
    assert json.loads(seen["body"]) == {"a": [1]}
    assert int(seen["CONTENT_LENGTH"]) == len(seen["body"])


def test_a_port_and_plain_http_are_seen() -> None:
    service = Service()
    client_of(service)[0].send_request(HttpRequest("GET", "http://127.0.0.1:8080"))
    (seen,) = service.seen
    assert (seen["wsgi.url_scheme"], seen["HTTP_HOST"], seen["PATH_INFO"]) == ("http", "127.0.0.1:8080", "/")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, b""),
        ({"content": b"\x00bytes"}, b"\x00bytes"),
        ({"content": "te\u00e4xt"}, "te\u00e4xt".encode()),
        ({"content": io.BytesIO(b"a file")}, b"a file"),
        ({"content": chunks}, b"one two"),
        ({"data": {"grant_type": "client_credentials", "scope": "a b"}}, b"grant_type=client_credentials&scope=a+b"),
    ],
    ids=["nothing", "bytes", "text", "file", "chunks", "form"],
)
def test_every_kind_of_body_arrives(given: dict[str, Any], expected: bytes) -> None:
    service = Service()
    given = {key: value() if callable(value) else value for key, value in given.items()}
    client_of(service)[0].send_request(HttpRequest("POST", BASE, **given))
    assert service.body() == expected


def test_a_file_of_a_form_arrives() -> None:
    service = Service()
    client_of(service)[0].send_request(HttpRequest("POST", BASE, files={"part": b"content"}))
    assert service.seen[-1]["CONTENT_TYPE"].startswith("multipart/form-data; boundary=")
    assert b"\r\n\r\ncontent\r\n" in service.body()


def test_the_answer_is_one_of_azure_core() -> None:
    service = Service("404 Not Found", b'{"error": {"code": "UserError"}}', x_ms_request_id="7")
    response = client_of(service)[0].send_request(HttpRequest("GET", BASE))
    assert (response.status_code, response.reason, response.headers["X-Ms-Request-Id"]) == (404, "Not Found", "7")
    assert response.json() == {"error": {"code": "UserError"}}
    assert response.content_type == "application/json"
    response.reason = "the client writes a better one"
    assert response.reason == "the client writes a better one"


def test_requests_and_answers_of_the_old_kind_work() -> None:
    service = Service(content=b"content")
    request = LegacyRequest("PUT", f"{BASE}/old")
    request.set_streamed_data_body(chunks())
    response = WsgiTransport(service).send(request)
    assert service.body() == b"one two"
    assert (response.status_code, response.body()) == (200, b"content")


def test_an_answer_is_streamed() -> None:
    service = Service(content=b"x" * 10_000, Content_Length="10000")
    response = client_of(service)[0].send_request(HttpRequest("GET", BASE), stream=True)
    assert b"".join(response.iter_bytes()) == b"x" * 10_000


def test_an_answer_to_head_has_no_body() -> None:
    response = client_of(Service(content=b"", Content_Length="12"))[0].send_request(HttpRequest("HEAD", BASE))
    assert (response.content, response.headers["Content-Length"]) == (b"", "12")


def test_nothing_waits() -> None:
    calls: list[int] = []

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        calls.append(1)
        start_response("429 Too Many Requests" if len(calls) < 3 else "200 OK", [("Retry-After", "3600")])
        return [b""]

    client, transport = client_of(application)
    assert client.send_request(HttpRequest("GET", BASE)).status_code == 200
    assert (len(calls), transport.sleeps) == (3, [3600.0, 3600.0])


def test_a_call_that_is_not_modelled_is_raised_at_once() -> None:
    error = {"error": {"code": "NotModelled", "message": "GET /nothing is not modelled"}}
    service = Service("501 Not Implemented", json.dumps(error).encode())
    with pytest.raises(RouteNotModelledError, match=r"^GET /nothing is not modelled$"):
        client_of(service)[0].send_request(HttpRequest("GET", f"{BASE}/nothing"))
    assert len(service.seen) == 1


@pytest.mark.parametrize("content", [b"", b"[]", b'{"error": null}', b'{"error": {"code": "Other"}}', b"null"])
def test_another_501_is_an_answer(content: bytes) -> None:
    service = Service("501 Not Implemented", content)
    assert client_of(service)[0].send_request(HttpRequest("GET", BASE)).status_code == 501


def test_what_the_application_raises_is_raised() -> None:
    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        client_of(application)[0].send_request(HttpRequest("GET", BASE))


def test_a_transport_is_shared_and_closing_it_does_nothing() -> None:
    service = Service()
    client, transport = client_of(service)
    with client, transport:
        pass
    other = PipelineClient(BASE, transport=transport)
    assert client.send_request(HttpRequest("GET", BASE)).status_code == 200
    assert other.send_request(HttpRequest("GET", BASE)).status_code == 200


def test_an_adapter_serves_requests_alone() -> None:
    from pytest_mlschedule.azure.wsgi_adapter import WsgiAdapter

    service, session = Service(), Session()
    session.mount("https://", WsgiAdapter(service))
    answer = session.post(BASE, json={"a": 1}, headers={"x": b"bytes"})
    assert (answer.json(), json.loads(service.body()), answer.url) == ({"a": 1}, {"a": 1}, f"{BASE}/")
    assert service.seen[-1]["HTTP_X"] == "bytes"


def test_nothing_of_requests_is_changed_by_a_transport() -> None:
    before = HTTPAdapter.send
    client_of(Service())[0].send_request(HttpRequest("GET", BASE))
    assert HTTPAdapter.send is before
