"""Where requests meets the network, who answers instead: handlers, the last one asked first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

Handler = Callable[[HTTPAdapter, PreparedRequest], Response | None]
"""Gives an answer, or None for a request that is not its business; raises to refuse it."""


class RequestsHook:
    """Handlers that answer requests in place of ``HTTPAdapter.send``, which is as it was when there are none."""

    def __init__(self) -> None:
        self._handlers: tuple[Handler, ...] = ()
        self._lock = threading.RLock()
        self._send: Callable[..., Response] = HTTPAdapter.send
        self._ours = self._ask

    def add(self, handler: Handler) -> None:
        """From here on ``handler`` is asked first."""
        with self._lock:
            if not self._handlers:
                self._send = HTTPAdapter.send
                self._ours = self._wrap()
                setattr(HTTPAdapter, "send", self._ours)  # noqa: B010 - mypy lets no method be replaced
            self._handlers = (*self._handlers, handler)

    def remove(self, handler: Handler) -> None:
        """``handler`` is no longer asked."""
        with self._lock:
            self._handlers = tuple(one for one in self._handlers if one != handler)
            if not self._handlers and HTTPAdapter.send is self._ours:
                setattr(HTTPAdapter, "send", self._send)  # noqa: B010

    def send_on(self, adapter: HTTPAdapter, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Send a request as if there were no handlers."""
        return self._send(adapter, request, *args, **options)

    def _ask(self, adapter: HTTPAdapter, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        for handler in reversed(self._handlers):
            answer = handler(adapter, request)
            if answer is not None:
                return answer
        return self._send(adapter, request, *args, **options)

    def _wrap(self) -> Callable[..., Response]:
        def send(adapter: HTTPAdapter, request: PreparedRequest, *args: Any, **options: Any) -> Response:
            """HTTPAdapter.send, but handlers are asked before."""
            return self._ask(adapter, request, *args, **options)

        return send


HOOK = RequestsHook()
"""The one of this process."""
