"""What the fixture ``ml_az`` needs, imported once a test asks for it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pytest_mlschedule.az.az import Az
from pytest_mlschedule.az.child import VARIABLE
from pytest_mlschedule.az.launcher import write_launcher
from pytest_mlschedule.az.server import AzServer
from pytest_mlschedule.workspace.workspace import FakeWorkspace


@contextmanager
def open_az(workspace: FakeWorkspace) -> Iterator[Az]:
    """An Az on the PATH of this process, and so of every process that it starts, until the end of the block."""
    az = Az(workspace)
    server = AzServer(az)
    try:
        with TemporaryDirectory(prefix="mlschedule-az-") as folder:
            write_launcher(Path(folder), server.port, server.secret)
            path = os.pathsep.join(filter(None, (folder, os.environ.get("PATH", os.defpath))))
            with _environment({"PATH": path, VARIABLE: f"{server.port}:{server.secret}"}):
                yield az
    finally:
        server.close()


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
