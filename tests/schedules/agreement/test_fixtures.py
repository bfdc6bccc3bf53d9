"""The client agrees with what the fixtures say: it loads the valid ones, and what it rejects has an error beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .client import load_with_client

FIXTURES = Path(__file__).parents[3] / "fixtures"
# What the client itself says; other errors come from the service, at create, or from check alone.
OF_THE_CLIENT = {
    *("MLS002", "MLS003", "MLS004", "MLS006", "MLS007", "MLS008", "MLS009", "MLS010", "MLS012"),
    *("MLS201", "MLS204", "MLS301", "MLS401", "MLS403", "MLS405", "MLS406", "MLS407", "MLS408"),
}


@pytest.mark.parametrize("path", sorted((FIXTURES / "valid").glob("*.yml")), ids=lambda path: path.stem)
def test_the_client_loads_a_valid_fixture(path: Path) -> None:
    schedule, said = load_with_client(path)
    assert schedule is not None, said


@pytest.mark.parametrize("path", sorted((FIXTURES / "invalid").glob("*.yml")), ids=lambda path: path.stem)
def test_what_the_client_rejects_is_expected_to_be_an_error(path: Path) -> None:
    lines = path.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
    codes = {line.split(": ", 1)[1].split()[0] for line in lines if " error " in line}
    schedule, _ = load_with_client(path)
    if schedule is None:
        assert codes & OF_THE_CLIENT
    else:
        assert not codes & (OF_THE_CLIENT - {"MLS204"}), "the client loads it"
