"""The application on a port."""

from __future__ import annotations

import errno
import socket
import ssl
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server

from pytest_mlschedule.serve.errors import ServeError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Certificate = tuple[str, str]
"""The files of a certificate and of its key (PEM)."""

PATIENCE = 30
"""So many seconds a client may say nothing, in the middle of a call too; then its connection ends."""


class Server:
    """Serves a WSGI application on an address of this machine, each call in a thread of its own.

    ``port`` 0 is one that is free. With a certificate it speaks TLS. Raises ServeError where it cannot listen.
    """

    def __init__(
        self, application: WSGIApplication, address: str, port: int, *, certificate: Certificate | None = None
    ) -> None:
        context = None if certificate is None else _load_certificate(certificate)
        with _listen(address, port) as listener:
            self._server = make_server(
                address,
                listener.getsockname()[1],
                application,
                threaded=True,
                request_handler=_QuietHandler,
                ssl_context=context,
                fd=listener.fileno(),
            )
        if isinstance(self._server.socket, ssl.SSLSocket):
            # Else a client that says nothing would keep all others waiting.
            self._server.socket.do_handshake_on_connect = False  # type: ignore[attr-defined]
        self._scheme = "http" if context is None else "https"

    @property
    def port(self) -> int:
        """The port."""
        return int(self._server.port)

    def url_of(self, host: str) -> str:
        """The address for a client, by a name or number of this machine: ``http://127.0.0.1:8765``."""
        return f"{self._scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"

    def run(self) -> None:
        """Answer until the process is interrupted (Ctrl-C) or ``stop`` is called; the port is free then."""
        self._server.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        """End ``run`` of another thread."""
        self._server.shutdown()


class _QuietHandler(WSGIRequestHandler):
    timeout = PATIENCE

    def log(self, type: str, message: str, *args: Any) -> None:
        """Calls are told by the application."""


def _listen(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family, backlog=128)
    except OSError as failure:
        reasons = {
            errno.EADDRINUSE: f"port {port} of {address} is in use, perhaps by another mlschedule serve",
            errno.EACCES: f"port {port} needs the rights of an administrator",
            errno.EADDRNOTAVAIL: f"{address} is no address of this machine",
        }
        reason = reasons.get(failure.errno or 0, f"port {port} of {address} cannot be opened: {failure.strerror}")
        raise ServeError(f"{reason}; --port 0 takes one that is free") from None


def _load_certificate(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(*certificate)
    except OSError as failure:  # an ssl.SSLError is one
        what = f"not PEM ({failure})" if isinstance(failure, ssl.SSLError) else failure.strerror
        raise ServeError(f"the certificate {' with the key '.join(certificate)} cannot be used: {what}") from None
    return context
