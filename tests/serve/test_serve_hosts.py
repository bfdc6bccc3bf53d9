"""Where a server may listen, and by which names it may be called."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from pytest_mlschedule.serve.errors import ServeError
from pytest_mlschedule.serve.hosts import HostNames, find_address

NAMES = {
    "box.example": ["127.0.0.1", "::1"],
    "six.example": ["::1"],
    "shared.example": ["127.0.0.1", "192.168.1.7"],
    "lan.example": ["192.168.1.7"],
}


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that knows these names."""
    real = socket.getaddrinfo

    def look_up(host: str, *args: Any, **options: Any) -> Any:
        if host.endswith(".example"):
            if host not in NAMES:
                raise socket.gaierror(-2, "Name or service not known")
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in NAMES[host]]
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.2", "127.0.0.2"),
        ("localhost", "127.0.0.1"),
        ("box.example", "127.0.0.1"),
        ("six.example", "::1"),
    ],
)
def test_this_machine_alone(host: str, address: str) -> None:
    assert find_address(host, is_open=False) == address
    assert find_address(host, is_open=True) == address


@pytest.mark.parametrize(
    ("host", "said", "address"),
    [
        ("0.0.0.0", "0.0.0.0 can be", "0.0.0.0"),
        ("0", "0, which is 0.0.0.0, can be", "0.0.0.0"),
        ("", "every address, which is 0.0.0.0, can be", "0.0.0.0"),
        ("192.168.1.7", "192.168.1.7 can be", "192.168.1.7"),
        ("lan.example", "lan.example, which is 192.168.1.7, can be", "192.168.1.7"),
        ("shared.example", "shared.example, which is 192.168.1.7, can be", "127.0.0.1"),
    ],
)
def test_what_others_reach_is_refused_unless_it_is_meant(host: str, said: str, address: str) -> None:
    with pytest.raises(ServeError) as failure:
        find_address(host, is_open=False)
    assert str(failure.value) == (
        f"{said} reached from other machines, and the server knows no passwords: whoever reaches it may read and change "
        "everything in it. Leave --host out for 127.0.0.1, or say --allow-non-loopback"
    )
    assert find_address(host, is_open=True) == address


@pytest.mark.parametrize("host", ["nowhere.example", "not a host", "x" * 300])
def test_a_host_that_nobody_knows(host: str) -> None:
    with pytest.raises(ServeError, match="is no host of this machine: leave --host out for"):
        find_address(host, is_open=True)


OURS = ["127.0.0.1", "127.0.0.1:80", "127.8.9.1", "localhost", "Localhost.:5", "a.localhost", "[::1]", "[::1]:80", "[0:0::1]"]  # fmt: skip
NUMBERS = ["10.0.0.3:8765", "0.0.0.0", "[2001:db8::1]:80"]
SHORT = ["mlschedule", "mlschedule:8765"]
FOREIGN = ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example", "xlocalhost.example"]
BROKEN = ["", ":80", "a b", "a/b", "user@localhost", "[::1", "::1", "localhost:x", "localhost:123456", "[zz]"]


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize(
    ("names", "closed", "opened"),
    [
        (OURS, True, True),
        (NUMBERS, False, True),
        (SHORT, False, True),
        (FOREIGN, False, False),
        (BROKEN, False, False),
    ],
)
def test_names(*, names: list[str], closed: bool, opened: bool, is_open: bool) -> None:
    known = {name: HostNames("127.0.0.1", is_open).has(name) for name in names}
    assert known == dict.fromkeys(names, opened if is_open else closed)


def test_the_name_that_it_was_told_is_its_own() -> None:
    names = HostNames("Box.Example.")
    assert names.has("box.example:8765")
    assert names.has("BOX.EXAMPLE")
    assert not names.has("other.example")
