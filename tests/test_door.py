"""The package root loads nothing until a name is asked for, has every public name, and type checkers see them all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pytest_mlschedule
import pytest_mlschedule.api as api

ROOT = Path(__file__).parents[1]


def run_python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT).stdout


def test_importing_the_package_loads_nothing_else() -> None:
    code = "import sys, typing; old = set(sys.modules); import pytest_mlschedule; print(sorted(set(sys.modules) - old))"
    assert run_python(code).strip() == "['pytest_mlschedule']"


def test_a_name_is_loaded_when_it_is_asked_for() -> None:
    code = "import pytest_mlschedule as p; print(p.SimulatedClock.__module__, 'SimulatedClock' in dir(p))"
    assert run_python(code).split() == ["pytest_mlschedule.clock", "True"]


@pytest.mark.parametrize("name", api.__all__)
def test_the_root_has_every_public_name(name: str) -> None:
    assert getattr(pytest_mlschedule, name) is getattr(api, name)
    assert name in dir(pytest_mlschedule)


def test_the_list_of_public_names_is_sorted_and_complete() -> None:
    assert sorted(api.__all__) == api.__all__
    assert len(set(api.__all__)) == len(api.__all__)
    defined = {name for name in vars(api) if name.isidentifier() and not name.startswith("_")}
    assert defined == set(api.__all__), "an import in api that is not public, or a public name that is not imported"


def test_a_star_import_brings_the_public_names() -> None:
    code = "from pytest_mlschedule import *; print(load_schedule.__name__, Timetable.__name__)"
    assert run_python(code).split() == ["load_schedule", "Timetable"]


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'load_schedul'; it has .*SimulatedClock"):
        _ = pytest_mlschedule.load_schedul  # type: ignore[attr-defined]


def test_a_protocol_probe_does_not_load_the_engine() -> None:
    code = (
        "import sys, pytest_mlschedule as p; print(hasattr(p, '__wrapped__'), 'pytest_mlschedule.api' in sys.modules)"
    )
    assert run_python(code).split() == ["False", "False"]


def test_type_checkers_see_the_names_and_nothing_else(tmp_path: Path) -> None:
    script = tmp_path / "client.py"
    script.write_text("from pytest_mlschedule import SimulatedClock, SimulatedClok\nreveal_type(SimulatedClock.now)\n")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--follow-imports=silent",
        "--no-error-summary",
        "--config-file=",
        str(script),
    ]
    environment = {"MYPYPATH": str(ROOT), "MYPY_CACHE_DIR": str(tmp_path / "cache")}
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    wrong, revealed = result.stdout.splitlines()
    assert 'has no attribute "SimulatedClok"' in wrong
    assert revealed.endswith('"def (self: pytest_mlschedule.clock.SimulatedClock) -> datetime.datetime"')
