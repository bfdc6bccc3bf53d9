"""``mlschedule estimate`` in a terminal: tables in its width, names of any kind, no colours in the answer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cost_files import CONFIG, MARCH, NIGHTLY, PIPELINE, estimate, write, write_estate
from terminal_runs import in_terminal

LONG = "score-customers-of-all-countries-nightly-" + "x" * 120


@pytest.fixture(autouse=True)
def _estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_estate()


def shown(columns: int, *arguments: str) -> list[str]:
    return in_terminal(
        "estimate", "schedules", *MARCH, "--prices", "prices.json", *arguments, columns=columns
    ).splitlines()


def piped(*arguments: str, **environment: str) -> str:
    """What the command writes to a pipe."""
    command = [
        sys.executable,
        "-m",
        "pytest_mlschedule.cli",
        "estimate",
        "schedules",
        *MARCH,
        "--prices",
        "prices.json",
    ]
    done = subprocess.run(
        [*command, *arguments], env={**os.environ, **environment}, capture_output=True, check=True, encoding="utf-8"
    )
    return done.stdout


@pytest.mark.parametrize(
    ("columns", "headings", "left_out"),
    [
        (100, "schedule runs duration compute nodes node hours compute cost logic app total", ""),
        (80, "schedule runs duration compute node hours compute cost logic app total", "; left out: nodes"),
        (60, "schedule runs compute node hours compute cost total", "; left out: duration, nodes, logic app"),
        (50, "schedule runs compute node hours total", "; left out: duration, nodes, compute cost, logic app"),
    ],
)
def test_a_table_has_room(columns: int, headings: str, left_out: str) -> None:
    lines = shown(columns)
    assert max(map(len, lines)) <= columns
    assert " ".join(lines[0].split()) == headings
    assert f"from 2026-03-01T00:00:00Z to 2026-04-01T00:00:00Z{left_out}" in " ".join(" ".join(lines).split())
    assert lines[1].startswith("nightly ")
    assert lines[1].endswith(" 8.37")


@pytest.mark.parametrize("columns", [40, 80, 100])
def test_long_names_are_shortened(columns: int) -> None:
    write("schedules/long.yml", NIGHTLY.replace("nightly", LONG))
    write("mlschedule.toml", CONFIG.replace("nightly", '"*"').replace("computes.cpu", f'computes."{LONG}"') + "\n")
    write("pipelines/fit-model.yml", PIPELINE.replace("azureml:cpu", f"azureml:{LONG}"))
    lines = shown(columns)
    table = lines[: next(index for index, line in enumerate(lines) if not line)]
    assert max(map(len, table)) <= columns
    assert table[2].startswith("score-")
    assert (table[2].split()[1], table[2].split()[-1]) == ("31", "8.37")
    # Words are not cut: they may be copied.
    assert LONG in "\n".join(lines)
    assert LONG in piped().splitlines()[2]


@pytest.mark.parametrize("name", ["größe", "計算", "[red]gpu[/red]", "a|b", "*x*", "💥"])
def test_computes_of_any_name(name: str) -> None:
    write("mlschedule.toml", f'[computes."{name}"]\nmin_nodes = 1\nsize = "Standard_A"\nregion = "eastus"\n')
    texts = {
        form: estimate("--prices", "prices.json", "-o", form).stdout for form in ("table", "json", "csv", "markdown")
    }
    assert f"\n({name} always on) " in texts["table"]
    assert f'"{name}"' in texts["json"]
    assert f"\ncompute {name}," in texts["csv"]
    assert "always on)`" in texts["markdown"]
    assert any(line.startswith(f"({name} always on)") for line in shown(80))


def test_no_colours_in_the_answer() -> None:
    text = "\n".join(shown(100))
    assert "\x1b" not in text
    assert piped() == piped(NO_COLOR="1") == piped(FORCE_COLOR="1")
    assert "\x1b" not in piped(FORCE_COLOR="1")


def test_what_is_piped_is_whole() -> None:
    lines = piped(COLUMNS="40").splitlines()
    assert lines[0] == "schedule     runs  duration  compute  nodes  node hours  compute cost  logic app  total"
    assert any(len(line) > 100 for line in lines)
    assert not any("left out" in line for line in lines)


@pytest.mark.parametrize("form", ["json", "csv", "markdown"])
def test_other_formats_are_whole_in_a_terminal_too(form: str) -> None:
    assert "\n".join(shown(40, "-o", form)) + "\n" == piped("-o", form)
