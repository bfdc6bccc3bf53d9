"""ServeApplication: the REST face, a page that shows what is in it, and the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from pytest_mlschedule.arm.application import ArmApplication
from pytest_mlschedule.arm.cloud import Cloud
from pytest_mlschedule.arm.errors import ArmError, error_response
from pytest_mlschedule.arm.identity import read_principal
from pytest_mlschedule.arm.requests import read_data
from pytest_mlschedule.arm.responses import json_response
from pytest_mlschedule.azure.login import LoginApplication
from pytest_mlschedule.errors import MLScheduleError
from pytest_mlschedule.serve.documents import write_clock, write_move, write_state
from pytest_mlschedule.serve.hosts import HostNames
from pytest_mlschedule.serve.moves import FORMS, read_move
from pytest_mlschedule.serve.page import HEADERS, write_page
from pytest_mlschedule.serve.simulation import Simulation
from pytest_mlschedule.workspace.roles import READ_JOBS, READ_SCHEDULES, WRITE_SCHEDULES
from pytest_mlschedule.workspace.state import Operation
from pytest_mlschedule.workspace.workspace import caller_of, state_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

OWNER = "Owner"
"""Who calls without a token."""
_READ_STATE = (
    Operation("state.get", READ_SCHEDULES, "schedules"),
    Operation("state.get", READ_JOBS, "jobs"),
)
_MOVE_CLOCK = Operation("clock.move", WRITE_SCHEDULES, "schedules")
_LARGEST = 64 * 1024
_READS = ("GET", "HEAD")
# What a browser says of requests that the page itself, or the person at the address bar, makes.
_OWN_SITE = ("same-origin", "none")
_PRIVATE = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
Log = Callable[[str], object]


class ServeApplication:
    """Answers for one workspace: ``/`` is a page, ``/clock`` and ``/state`` are JSON, the rest is the REST face.

    Calls without a token are the workspace's owner; with one, the page and ``/state`` ask for the rights to read schedules
    and jobs, a move of the clock for the right to write schedules. ``names``: by which names it may be called. Pages of
    other sites are refused, whatever they ask. ``log`` is given a line for each call to the REST face and the clock.
    """

    def __init__(self, cloud: Cloud, names: HostNames, log: Log | None = None) -> None:
        (workspace,) = cloud.workspaces
        self.cloud = cloud
        self.simulation = Simulation(workspace)
        self.names = names
        self._log = log
        self._rest = LoginApplication(OWNER, ArmApplication(cloud, default_principal=OWNER))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        answer = self._answer(request)
        if answer is None:
            answer = Response.from_app(self._rest, environ, buffered=True)
        answer.headers.update(_PRIVATE)
        if self._log is not None and request.path not in ("/", "/state"):
            path = request.path.encode("unicode_escape").decode()
            self._log(f"{request.method} {path} {answer.status_code}")
        return answer(environ, start_response)

    def _answer(self, request: Request) -> Response | None:
        """The answer of this server itself; None for a call to the REST face."""
        request.max_content_length = _LARGEST
        try:
            self._check_origin(request)
            if request.path == "/":
                return self._show_page(request)
            if request.path == "/state":
                _check_method(request, *_READS)
                with self.cloud.lock:
                    return json_response(self._read_state(request))
            if request.path == "/clock":
                return self._move_clock(request)
        except MLScheduleError as refusal:
            return error_response(refusal)
        return None

    def _check_origin(self, request: Request) -> None:
        """Raises ArmError (403) for a name that is not ours, and for what another site's page makes a browser send."""
        host = request.headers.get("Host")
        if host is not None and not self.names.has(host):
            text = f"this server is not called {host[:100]!r}: call it by the address that it printed when it started"
            raise ArmError(403, "HostNotAllowed", text)
        origin = request.headers.get("Origin")
        site = request.headers.get("Sec-Fetch-Site", "none")
        foreign = origin is not None and urlsplit(origin).netloc.lower() != (host or "").lower()
        if foreign or (request.method not in _READS and site not in _OWN_SITE):
            raise ArmError(403, "OriginNotAllowed", "pages of other sites may not call this server")

    def _authorize(self, request: Request, *operations: Operation) -> None:
        """Raises AuthorizationError where the caller's roles do not allow all of these, ArmError (401) for a wrong token."""
        principal = read_principal(request.headers.get("Authorization"), OWNER)
        workspace = self.simulation.workspace.as_principal(principal)
        for operation in operations:
            state_of(workspace).authorize(caller_of(workspace), operation)

    def _show_page(self, request: Request) -> Response:
        _check_method(request, *_READS)
        with self.cloud.lock:
            text = write_page(self._read_state(request))
        return Response(text, 200, dict(HEADERS), content_type="text/html; charset=utf-8")

    def _read_state(self, request: Request) -> dict[str, Any]:
        self._authorize(request, *_READ_STATE)
        return write_state(self.simulation)

    def _move_clock(self, request: Request) -> Response:
        _check_method(request, *_READS, "POST")
        data = _read(request) if request.method == "POST" else b""
        with self.cloud.lock:
            start = self.simulation.now
            if request.method != "POST":
                return json_response(write_clock(start))
            self._authorize(request, _MOVE_CLOCK)
            if request.mimetype != "application/json":
                raise ArmError(415, "UnsupportedMediaType", f"send JSON, with Content-Type: application/json: {FORMS}")
            try:
                jobs = self.simulation.run_until(read_move(data, start))
            except ValueError as problem:
                raise ArmError(400, "InvalidMove", str(problem)) from None
            return json_response(write_move(start, self.simulation.now, jobs))


def _read(request: Request) -> bytes:
    try:
        return read_data(request)
    except ArmError as refusal:
        if refusal.status != 413:
            raise
        raise ArmError(413, "RequestTooLarge", f"the body is larger than {_LARGEST} bytes: send {FORMS}") from None


def _check_method(request: Request, *allowed: str) -> None:
    if request.method not in allowed:
        text = f"{request.path} takes {', '.join(allowed)}"
        raise ArmError(405, "MethodNotAllowed", text, {"Allow": ", ".join(allowed)})
