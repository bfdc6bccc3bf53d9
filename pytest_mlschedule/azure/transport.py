"""WsgiTransport: what goes under MLClient in place of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure.core.pipeline.transport import RequestsTransport
from requests import Session

from pytest_mlschedule.azure.wsgi_adapter import WsgiAdapter

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class WsgiTransport(RequestsTransport):  # type: ignore[misc] # azure-core gives it out as Any
    """A transport of azure-core whose requests a WSGI application answers, in this process and without sockets.

    Nothing waits: between polls and retries ``sleep`` comes back at once. ``sleeps`` holds the seconds that were asked for.
    One transport serves all the pipelines of a client; closing it does nothing.
    """

    def __init__(self, application: WSGIApplication) -> None:
        session = Session()
        session.trust_env = False
        for scheme in ("https://", "http://"):
            session.mount(scheme, WsgiAdapter(application))
        super().__init__(session=session, session_owner=False)
        self.sleeps: list[float] = []

    def sleep(self, duration: float) -> None:
        """Comes back at once."""
        self.sleeps.append(duration)
