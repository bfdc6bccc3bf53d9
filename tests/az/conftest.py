"""An az on a workspace of its own, at a time of its own; its folder has the schedules of the seed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pytest_mlschedule import FakeWorkspace, SimulatedClock
from pytest_mlschedule.az.az import Az
from pytest_mlschedule.plugin.az_fixtures import open_az

SEED = Path(__file__).parents[2] / "fixtures" / "seed"


@pytest.fixture
def workspace() -> FakeWorkspace:
    return FakeWorkspace(clock=SimulatedClock(datetime(2026, 1, 1, tzinfo=UTC)), name="ws", resource_group="rg")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that scripts and calls stand in."""
    for file in SEED.glob("*.yml"):
        shutil.copy(file, tmp_path)
    (tmp_path / "remote.yml").write_text(
        'name: remote\ntrigger: {type: cron, expression: "0 3 * * *"}\ncreate_job: azureml:train\n', encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def az(workspace: FakeWorkspace, folder: Path) -> Az:
    """An az in this process alone."""
    return Az(workspace)


@pytest.fixture
def az_on_path(workspace: FakeWorkspace, folder: Path) -> Iterator[Az]:
    """An az for the processes that a test starts."""
    with open_az(workspace) as opened:
        yield opened
