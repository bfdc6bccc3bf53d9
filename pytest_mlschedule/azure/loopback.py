"""The application on a port of this machine, for the processes that a test starts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server

from pytest_mlschedule.azure.hosts import ORIGIN_HEADER

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class LoopbackServer:
    """Serves a WSGI application on a free port of 127.0.0.1, in threads of its own, until it is stopped."""

    def __init__(self, application: WSGIApplication) -> None:
        served = _OriginApplication(application)
        self._server = make_server("127.0.0.1", 0, served, threaded=True, request_handler=_QuietHandler)
        self._stopping = False
        self._thread = threading.Thread(target=self._serve, name="mlschedule-loopback", daemon=True)

    @property
    def port(self) -> int:
        """The port."""
        return int(self._server.server_port)

    def start(self) -> None:
        """From here on it answers."""
        self._thread.start()

    def stop(self) -> None:
        """No more answers; the port is free again."""
        self._stopping = True
        with socket.create_connection(("127.0.0.1", self.port)):
            pass  # wakes the thread, which waits for a connection
        self._thread.join()
        self._server.server_close()

    def _serve(self) -> None:
        while not self._stopping:
            self._server.handle_request()


class _QuietHandler(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Nothing is written to the terminal of the tests."""


class _OriginApplication:
    """Gives a request that was sent on the host that it was meant for."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        origin = environ.pop(f"HTTP_{ORIGIN_HEADER.upper().replace('-', '_')}", None)
        if origin is not None:
            environ["wsgi.url_scheme"], _, environ["HTTP_HOST"] = origin.partition("://")
        return self._application(environ, start_response)
