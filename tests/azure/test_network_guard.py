"""Nothing leaves this machine within a guard; sockets are as they were after it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from pytest_mlschedule.azure import NetworkRefusedError
from pytest_mlschedule.azure.network_guard import NetworkGuard, is_local

# Of the block that RFC 5737 keeps for documentation: nobody has it.
ELSEWHERE = "192.0.2.1"


@pytest.fixture
def guard() -> Iterator[NetworkGuard]:
    guard = NetworkGuard("allow {}")
    guard.start()
    yield guard
    guard.stop()


@pytest.fixture
def port() -> Iterator[int]:
    """A port of this machine where somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def over_tcp() -> None:
    with socket.socket() as sock:
        sock.connect((ELSEWHERE, 80))


def over_tcp_with_a_number() -> None:
    with socket.socket() as sock:
        sock.connect_ex((ELSEWHERE, 80))


def over_tcp_of_six() -> None:
    with socket.socket(socket.AF_INET6) as sock:
        sock.connect(("2001:db8::1", 80, 0, 0))


def over_udp() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.sendto(b"x", (ELSEWHERE, 53))


def over_udp_with_flags() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.sendto(b"x", 0, (ELSEWHERE, 53))


def over_udp_in_pieces() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.sendmsg([b"x"], [], 0, (ELSEWHERE, 53))


def over_create_connection() -> None:
    socket.create_connection((ELSEWHERE, 443))


def by_name() -> None:
    socket.create_connection(("example.com", 443)).close()


def by_name_in_bytes() -> None:
    socket.getaddrinfo(b"example.com", 443)


def by_name_alone() -> None:
    socket.gethostbyname("example.com")


def by_name_with_aliases() -> None:
    socket.gethostbyname_ex("example.com")


def by_address() -> None:
    socket.gethostbyaddr(ELSEWHERE)


def by_name_of_itself() -> None:
    socket.getfqdn("example.com")


def by_socket_address() -> None:
    socket.getnameinfo((ELSEWHERE, 443), 0)


def in_asyncio() -> None:
    asyncio.run(asyncio.wait_for(asyncio.open_connection("example.com", 443), 60))


def in_asyncio_by_address() -> None:
    asyncio.run(asyncio.wait_for(asyncio.open_connection(ELSEWHERE, 443), 60))


WAYS = [
    over_tcp,
    over_tcp_with_a_number,
    over_tcp_of_six,
    over_udp,
    over_udp_with_flags,
    over_udp_in_pieces,
    over_create_connection,
    by_name,
    by_name_in_bytes,
    by_name_alone,
    by_name_with_aliases,
    by_address,
    by_name_of_itself,
    by_socket_address,
    in_asyncio,
    in_asyncio_by_address,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_way_leads_out(guard: NetworkGuard, way: Callable[[], None]) -> None:
    with pytest.raises(NetworkRefusedError, match="nothing leaves this machine"):
        way()


@pytest.mark.parametrize("way", [over_create_connection, over_tcp_with_a_number], ids=lambda way: way.__name__)
@pytest.mark.filterwarnings("error")
def test_no_socket_is_left_open(guard: NetworkGuard, way: Callable[[], None]) -> None:
    with pytest.raises(NetworkRefusedError) as refused:
        way()
    sockets = [
        value
        for entry in refused.traceback
        for value in entry.frame.f_locals.values()
        if isinstance(value, socket.socket)
    ]
    assert sockets
    assert {sock.fileno() for sock in sockets} == {-1}


def test_a_socket_that_sends_to_many_stays_open(guard: NetworkGuard) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        with pytest.raises(NetworkRefusedError):
            sock.sendto(b"x", (ELSEWHERE, 53))
        assert sock.fileno() != -1


def test_the_refusal_says_what_and_how_to_allow_it(guard: NetworkGuard) -> None:
    with pytest.raises(NetworkRefusedError) as refused:
        by_name()
    assert str(refused.value) == (
        "a connection to example.com was refused: while Azure is mocked nothing leaves this machine; "
        "if the test means it: allow example.com"
    )


def test_the_refusal_of_a_host_of_azure_says_what_is_answered(guard: NetworkGuard) -> None:
    with pytest.raises(
        NetworkRefusedError, match=r"management\.azure\.com .* only what goes through requests is answered"
    ):
        socket.create_connection(("management.azure.com", 443))


def test_this_machine_is_reached(guard: NetworkGuard, port: int) -> None:
    for host in ("127.0.0.1", "localhost"):
        socket.create_connection((host, port)).close()
    reached = asyncio.run(asyncio.wait_for(_reach(port), 60))
    assert reached == ("127.0.0.1", port)


async def _reach(port: int) -> tuple[str, int]:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    name: tuple[str, int] = writer.get_extra_info("peername")
    writer.close()
    return name


def test_sockets_of_other_families_are_none_of_its_business(guard: NetworkGuard) -> None:
    one, other = socket.socketpair()
    with one, other:
        one.sendall(b"x")
        assert other.recv(1) == b"x"
    with socket.socket(socket.AF_UNIX) as sock, pytest.raises(FileNotFoundError):
        sock.connect("nobody-listens")


def test_listening_and_looking_up_oneself_work(guard: NetworkGuard) -> None:
    assert socket.getaddrinfo(None, 0)
    assert socket.getaddrinfo("127.0.0.1", 80)
    assert socket.getaddrinfo(ELSEWHERE, 80), "an address is nothing to look up"
    guard.check(socket.gethostname())


def test_names_and_messages_within_this_machine(guard: NetworkGuard, port: int) -> None:
    assert socket.gethostbyaddr("127.0.0.1")
    assert socket.getnameinfo(("127.0.0.1", port), socket.NI_NUMERICHOST)[0] == "127.0.0.1"
    assert socket.getnameinfo((ELSEWHERE, 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV) == (ELSEWHERE, "80")
    one, other = socket.socketpair()
    with one, other:
        assert one.sendmsg((b"x", b"y")) == 2
        assert other.recv(2) == b"xy"
    with socket.socket(type=socket.SOCK_DGRAM) as here, socket.socket(type=socket.SOCK_DGRAM) as there:
        there.bind(("127.0.0.1", 0))
        here.connect(there.getsockname())
        here.sendmsg((b"x",), (), 0)
        here.sendmsg([b"y"], [], 0, there.getsockname())
        assert (there.recv(1), there.recv(1)) == (b"x", b"y")


def test_an_allowed_host_is_reached_by_name_and_then_by_address(
    monkeypatch: pytest.MonkeyPatch, guard: NetworkGuard
) -> None:
    guard.stop()
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ELSEWHERE, 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    monkeypatch.setattr(socket.socket, "connect", lambda sock, address: None)
    guard.start()
    with pytest.raises(NetworkRefusedError):
        over_tcp()
    guard.allowed.add("example.com")
    by_name()
    over_tcp()
    with pytest.raises(NetworkRefusedError, match=r"example\.org"):
        socket.getaddrinfo("example.org", 80)


def test_threads_are_guarded_too(guard: NetworkGuard) -> None:
    caught: list[Exception] = []

    def run() -> None:
        try:
            over_tcp()
        except NetworkRefusedError as refused:
            caught.append(refused)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert len(caught) == 1


def test_everything_is_as_it_was_afterwards() -> None:
    before = (
        socket.getaddrinfo,
        socket.gethostbyname,
        socket.gethostbyaddr,
        socket.getnameinfo,
        *(socket.socket.__dict__.get(name) for name in ("connect", "connect_ex", "sendto", "sendmsg")),
    )
    outer, inner = NetworkGuard("{}"), NetworkGuard("{}")
    for guard in (outer, inner):
        guard.start()
    inner.stop()
    with pytest.raises(NetworkRefusedError):
        over_tcp()
    outer.stop()
    outer.stop()
    after = (
        socket.getaddrinfo,
        socket.gethostbyname,
        socket.gethostbyaddr,
        socket.getnameinfo,
        *(socket.socket.__dict__.get(name) for name in ("connect", "connect_ex", "sendto", "sendmsg")),
    )
    assert after == before


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost.", "127.0.0.1", "127.8.8.8", "::1", "::1%lo", "0.0.0.0", "::", ""]
)
def test_what_is_this_machine(host: str) -> None:
    assert is_local(host)


@pytest.mark.parametrize(
    "host", [ELSEWHERE, "10.0.0.1", "169.254.169.254", "example.com", "localhost.example.com", "2001:db8::1"]
)
def test_what_is_not(host: str) -> None:
    assert not is_local(host)
