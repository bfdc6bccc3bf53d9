"""Nothing leaves this machine while Azure is mocked. Standard library alone: processes that a test starts use it, too."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

from pytest_mlschedule.azure.errors import NetworkRefusedError
from pytest_mlschedule.azure.hosts import is_azure

_LOCAL_NAMES = frozenset({"", "localhost", "localhost.localdomain", "ip6-localhost", "0.0.0.0", "::"})
_CONNECTING = ("connect", "connect_ex")
_SENDING = ("sendto", "sendmsg")
_LOOKING_UP = ("getaddrinfo", "gethostbyname", "gethostbyname_ex")
_LOOKING_BACK = ("gethostbyaddr", "getnameinfo")


class NetworkGuard:
    """Refuses to look up names and to connect to addresses outside of this machine, but for hosts that were allowed.

    ``hint``: how to allow a host, with a place for its name. ``allowed``: their names, at first that of this machine.
    """

    def __init__(self, hint: str) -> None:
        self.hint = hint
        self.allowed: set[str] = {socket.gethostname()}
        self._addresses: set[str] = set()
        self._undo: list[Callable[[], None]] = []

    def start(self) -> None:
        """From here on sockets of this process ask."""
        for name in (*_CONNECTING, *_SENDING):
            if hasattr(socket.socket, name):  # sendmsg is not everywhere
                self._guard_method(name)
        for name in _LOOKING_UP:
            self._guard_function(name)
        for name in _LOOKING_BACK:
            self._guard_reverse(name)

    def stop(self) -> None:
        """As it was before ``start``."""
        while self._undo:
            self._undo.pop()()

    def check(self, host: Any) -> None:
        """Raises NetworkRefusedError for a host that is neither this machine nor allowed."""
        name = _text(host)
        if name in self.allowed or name in self._addresses or is_local(name):
            return
        way = "only what goes through requests is answered" if is_azure(name) else "nothing leaves this machine"
        raise NetworkRefusedError(
            f"a connection to {name} was refused: while Azure is mocked {way}; "
            f"if the test means it: {self.hint.format(name)}"
        )

    def _guard_function(self, name: str) -> None:
        function = getattr(socket, name)

        def guarded(host: Any, *args: Any, **keywords: Any) -> Any:
            """The function of socket, guarded."""
            if not _is_address(_text(host)):  # an address is not asked for on the network
                self.check(host)
            found = function(host, *args, **keywords)
            if name == "getaddrinfo" and _text(host) in self.allowed:
                self._addresses |= {str(entry[4][0]) for entry in found}
            return found

        setattr(socket, name, guarded)
        self._undo.append(lambda: setattr(socket, name, function))

    def _guard_reverse(self, name: str) -> None:
        function = getattr(socket, name)

        def guarded(asked: Any, *flags: int) -> Any:
            """The function of socket, guarded: the name of an address is asked for on the network."""
            if not any(flag & socket.NI_NUMERICHOST for flag in flags):
                self.check(asked[0] if isinstance(asked, tuple) else asked)
            return function(asked, *flags)

        setattr(socket, name, guarded)
        self._undo.append(lambda: setattr(socket, name, function))

    def _guard_method(self, name: str) -> None:
        inherited = name not in vars(socket.socket)
        method = getattr(socket.socket, name)

        def guarded(sock: socket.socket, *args: Any) -> Any:
            """The method of the socket, guarded."""
            address = _address_of(name, args)
            if sock.family in (socket.AF_INET, socket.AF_INET6) and address:
                try:
                    self.check(address[0])
                except NetworkRefusedError:
                    if name in _CONNECTING:
                        sock.close()  # as it is no OSError, create_connection would leave the socket open
                    raise
            return method(sock, *args)

        setattr(socket.socket, name, guarded)
        if inherited:
            self._undo.append(lambda: delattr(socket.socket, name))
        else:
            self._undo.append(lambda: setattr(socket.socket, name, method))


def _address_of(method: str, arguments: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """The address among the arguments of a method; None where there is none. That of ``sendmsg`` is the fourth."""
    last = arguments[3:] if method == "sendmsg" else arguments[-1:]
    return last[0] if last and isinstance(last[0], tuple) else None


def is_local(host: str) -> bool:
    """Whether a name or an address is this machine."""
    if host.lower().rstrip(".") in _LOCAL_NAMES:
        return True
    return _is_address(host) and ipaddress.ip_address(host.partition("%")[0]).is_loopback


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _text(host: Any) -> str:
    if host is None:
        return ""
    return host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else str(host)
