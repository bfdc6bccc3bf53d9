"""Where a server may listen, and by which names a client may call it."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass

from pytest_mlschedule.serve.errors import ServeError
from pytest_mlschedule.triggers.wording import list_names, quote

_HOST = re.compile(r"\[(?P<six>[0-9a-fA-F:.]+)\](:\d{1,5})?|(?P<name>[^:\[\]/@\s]+)(:\d{1,5})?")


def find_address(host: str, *, is_open: bool) -> str:
    """The address of a host to listen on, one of IPv4 where there is a choice.

    Raises ServeError for a host that nobody knows and, unless ``is_open``, for one that other machines reach.
    """
    try:
        found = socket.getaddrinfo(host or "0.0.0.0", None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ServeError(f"{quote(host)} is no host of this machine: leave --host out for 127.0.0.1") from None
    addresses = sorted({str(entry[4][0]) for entry in found}, key=lambda address: (":" in address, address))
    others = [address for address in addresses if not _is_loopback(address)]
    if others and not is_open:
        meant = "" if others == [host] else f", which is {list_names(others)},"
        raise ServeError(
            f"{host or 'every address'}{meant} can be reached from other machines, and the server knows no passwords: "
            "whoever reaches it may read and change everything in it. Leave --host out for 127.0.0.1, or say "
            "--allow-non-loopback"
        )
    return addresses[0]


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


@dataclass(frozen=True, slots=True)
class HostNames:
    """By which names clients may call: numbers and names of this machine, and ``host``, what it was told to listen on.

    A page of the web that has its name resolved to this machine calls by its own name, and is refused. Where other machines
    may call (``is_open``), so may they by any number, and by names without a dot, which nobody can own in the web.
    """

    host: str
    is_open: bool = False

    def has(self, header: str) -> bool:
        """Whether a Host header names this server; its port does not matter."""
        match = _HOST.fullmatch(header)
        if match is None:
            return False
        name = (match["six"] or match["name"]).lower().rstrip(".")
        if name == "localhost" or name.endswith(".localhost") or name == self.host.lower().rstrip("."):
            return True
        try:
            return ipaddress.ip_address(name).is_loopback or self.is_open
        except ValueError:
            return self.is_open and "." not in name
