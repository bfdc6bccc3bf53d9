"""Servers that tests talk to, and a browser that looks at their page."""

from __future__ import annotations

import ipaddress
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from served import SCHEDULES, START, Served

from pytest_mlschedule import FakeWorkspace, SimulatedClock, load_schedules
from pytest_mlschedule.serve.hosts import HostNames

sys.path.append(str(Path(__file__).parents[1] / "browser"))
from chromium import INSTALL, Chromium, find_chromium, is_required
from visits import WIDE, Visit

Look = Callable[[Visit], None]


@pytest.fixture
def workspace() -> FakeWorkspace:
    """The schedules of the quickstart: 4 runs a working day, one a night, one a week."""
    workspace = FakeWorkspace(clock=SimulatedClock(START))
    for schedule in load_schedules(SCHEDULES):
        workspace.schedules.begin_create_or_update(schedule)
    return workspace


@pytest.fixture
def served(workspace: FakeWorkspace) -> Iterator[Served]:
    """A server in a thread of this process."""
    served = Served(workspace, HostNames("127.0.0.1"))
    thread = threading.Thread(target=served.server.run)
    thread.start()
    yield served
    served.server.stop()
    thread.join()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A certificate for 127.0.0.1 that signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mlschedule")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(private)
    return str(folder / "cert.pem"), str(folder / "key.pem")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The browser, started once."""
    path = find_chromium()
    if path is None:
        (pytest.fail if is_required() else pytest.skip)(INSTALL)
    browser = Chromium(path)
    yield browser
    browser.close()


@pytest.fixture
def browse(chromium: Chromium, served: Served) -> Iterator[Callable[..., None]]:
    """Look at the page in the thread of the browser: ``browse(look)``. Nothing may go wrong on it."""
    problems: list[str] = []

    def browse(look: Look, **options: Any) -> None:
        def visit() -> None:
            context = chromium.new_context(**{"viewport": WIDE, "timezone_id": "America/New_York", **options})
            found = Visit(context)
            found.page.set_default_timeout(20_000)
            try:
                found.page.goto(served.url)
                look(found)
            finally:
                context.close()
            problems.extend(found.problems)
            problems.extend(url for url in found.requests if not url.startswith((served.url, "data:")))

        chromium.call(visit)

    yield browse
    assert problems == []
