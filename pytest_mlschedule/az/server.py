"""The end of the line in the process of the tests: answers the processes that scripts start."""

from __future__ import annotations

import contextlib
import hmac
import json
import secrets
import socket
import threading
from typing import Any

from pytest_mlschedule.az.az import Az
from pytest_mlschedule.az.call import AzCall

_LONGEST = 64 << 20


class AzServer:
    """Listens on a port of 127.0.0.1 until it is closed; whoever does not know ``secret`` gets no answer."""

    def __init__(self, az: Az) -> None:
        self._az = az
        self.secret = secrets.token_hex(16)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._connections: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._is_closing = False
        self._accepting = threading.Thread(target=self._accept, name="mlschedule-az", daemon=True)
        self._accepting.start()

    def close(self) -> None:
        """No more answers; calls that are under way are cut off."""
        self._is_closing = True
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            pass  # wakes the thread, which waits for a connection
        self._accepting.join()
        self._listener.close()
        for connection in tuple(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._is_closing:
                connection.close()
                return
            self._connections.add(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), name="mlschedule-az-call", daemon=True)
            self._threads = [one for one in self._threads if one.is_alive()]
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            with connection.makefile("rb") as stream:
                answer = self._answer(stream.readline(_LONGEST))
            if answer is not None:
                connection.sendall(json.dumps(answer).encode())
        self._connections.discard(connection)

    def _answer(self, line: bytes) -> list[Any] | None:
        """Exit code and both outputs for the line of a call; None for anything else."""
        try:
            said = json.loads(line)
            known = hmac.compare_digest(str(said["secret"]).encode(), self.secret.encode())
            call = AzCall(tuple(said["arguments"]), said["folder"], said["environment"], said["streams"])
        except (ValueError, TypeError, KeyError):
            return None
        if not known:
            return None
        result = self._az.answer(call)
        return [result.exit_code, result.stdout, result.stderr]
