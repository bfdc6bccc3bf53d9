"""Clients that stop in the middle of a call: they keep nobody waiting, and are not waited for."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from served import VERSION, Served

from pytest_mlschedule.serve import server

JSON = "Content-Type: application/json\r\n"


@contextmanager
def begun(served: Served, head: str, body: str = "") -> Iterator[socket.socket]:
    """A connection on which a call has begun."""
    with socket.create_connection(("127.0.0.1", served.server.port), timeout=20) as connection:
        connection.sendall(f"{head}\r\nHost: 127.0.0.1\r\n{JSON}".encode() + body.encode())
        yield connection


def read_all(connection: socket.socket) -> str:
    return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


@pytest.mark.parametrize("framing", ["Content-Length: 40\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n28\r\n{"])
@pytest.mark.parametrize("path", ["POST /clock", "PUT {id}/schedules/x?{version}", "GET {id}/schedules?{version}"])
def test_a_body_that_does_not_come_keeps_nobody_waiting(path: str, framing: str, served: Served) -> None:
    line = path.format(id=served.workspace.id, version=VERSION)
    with begun(served, f"{line} HTTP/1.1", framing):
        for _ in range(2):
            assert served.call("GET", "/state").status == 200
            assert served.call("GET", "schedules").status == 200
        assert served.move(advance="1h").status == 200


@pytest.mark.parametrize("body", ["", "Content-Length: 40\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n28\r\n{"])
@pytest.mark.parametrize("path", ["POST /clock", "PUT {id}/schedules/x?{version}"])
def test_who_stalls_is_not_waited_for(
    path: str, body: str, served: Served, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(server._QuietHandler, "timeout", 0.3)
    line = path.format(id=served.workspace.id, version=VERSION)
    with begun(served, f"{line} HTTP/1.1", body) as connection:
        answer = read_all(connection)
    assert answer == "" if not body else answer.startswith("HTTP/1.1 400")
    assert capfd.readouterr() == ("", "")
    assert served.call("GET", "/clock").data == {"now": "2026-03-02T00:00:00Z"}


@pytest.mark.parametrize("path", ["POST /clock", "PUT {id}/schedules/x?{version}"])
@pytest.mark.parametrize("chunk", ["zz\r\n{}\r\n0\r\n\r\n", "-1\r\n{}\r\n", "2\r\n{}x"])
def test_broken_chunks_are_no_content(path: str, chunk: str, served: Served) -> None:
    line = path.format(id=served.workspace.id, version=VERSION)
    with begun(served, f"{line} HTTP/1.1", f"Transfer-Encoding: chunked\r\n\r\n{chunk}") as connection:
        connection.shutdown(socket.SHUT_WR)
        answer = read_all(connection)
    assert answer.startswith("HTTP/1.1 400")
    assert (
        '"code": "InvalidRequestContent", "message": "The request content was not read: it ends early, or its chunks are broken."'
        in answer
    )
