"""What the process of a script does, in this process: the same code, seen by coverage."""

from __future__ import annotations

import io
import os
import runpy
import sys
from pathlib import Path

import pytest

from pytest_mlschedule.az import child
from pytest_mlschedule.az.az import Az


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["az", *arguments])
    return child.main()


def test_it_prints_the_answer(
    az_on_path: Az, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "ml", "schedule", "show", "-n", "x") == 3
    assert call(monkeypatch, "ml", "schedule", "list") == 0
    printed = capfd.readouterr()
    assert (printed.out, printed.err.splitlines()[0]) == ("[]\n", "ERROR: (UserError) Resource Trigger x not found")


def test_it_sends_variables_and_the_folder(az_on_path: Az, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "inner").mkdir()
    monkeypatch.chdir(folder / "inner")
    monkeypatch.setenv("AZURE_DEFAULTS_WORKSPACE", "nope")
    assert call(monkeypatch, "ml", "schedule", "create", "-f", "../remote.yml") == 3
    assert call(monkeypatch, "ml", "schedule", "create", "-f", "../remote.yml", "-w", "ws", "-o", "none") == 0


def test_a_folder_that_was_removed(
    az_on_path: Az, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    removed = folder / "removed"
    removed.mkdir()
    monkeypatch.chdir(removed)
    removed.rmdir()
    assert call(monkeypatch, "ml", "schedule", "create", "-f", f"{folder}/remote.yml", "-o", "none") == 0
    assert call(monkeypatch, "ml", "schedule", "list", "--query", "[].name", "-o", "tsv") == 0
    assert capfd.readouterr() == ("remote\n", "")
    assert call(monkeypatch, "ml", "schedule", "create", "-f", "remote.yml") == 1
    gone = "ERROR: remote.yml cannot be found: the folder that az was called in was removed\n"
    assert capfd.readouterr().err == gone == az_on_path("ml schedule create -f remote.yml").stderr
    (folder / "broken.yml").write_text("a: [1\n", encoding="utf-8")
    said = az_on_path(f"ml schedule create -f {folder}/broken.yml").stderr
    assert said.startswith(
        f"ERROR: Error while parsing yaml file: {folder}/broken.yml\n\n{folder}/broken.yml:2:1: MLS003"
    )
    change = "ml schedule update -n remote --query description --set description="
    assert az_on_path(f"{change}@nobody").json() == "@nobody"


def test_it_sends_streams(
    az_on_path: Az, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("[].name\n"))
    with (folder / "remote.yml").open() as file:
        path = f"/dev/fd/{file.fileno()}"
        assert call(monkeypatch, "ml", "schedule", "create", f"--file={path}", "-o", "none") == 0
    assert call(monkeypatch, "ml", "schedule", "list", "--query", "@-") == 0
    assert capfd.readouterr().out == '[\n  "remote"\n]\n'


def test_half_a_character(az_on_path: Az, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    assert call(monkeypatch, "ml", "schedule", "create", "-f", "remote.yml", "-o", "none") == 0
    change = 'description="\\ud800"'
    assert call(monkeypatch, "ml", "schedule", "update", "-n", "remote", "--set", change, "--query", "description") == 0
    assert capfd.readouterr().out == '"?"\n'


@pytest.mark.parametrize("where", ["", "x:y", "1:secret"])
def test_no_test(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], where: str) -> None:
    monkeypatch.setenv(child.VARIABLE, where)
    assert call(monkeypatch, "ml", "schedule", "list") == 1
    assert capfd.readouterr().err.startswith("ERROR: no test is listening")


def test_a_wrong_secret(az_on_path: Az, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(child.VARIABLE, os.environ[child.VARIABLE].partition(":")[0] + ":guess")
    assert call(monkeypatch, "ml", "schedule", "list") == 1


@pytest.mark.parametrize("problem", [BrokenPipeError, OSError])
def test_nobody_reads(az_on_path: Az, monkeypatch: pytest.MonkeyPatch, problem: type[OSError]) -> None:
    def refuse(*_: object) -> int:
        raise problem

    monkeypatch.setattr(os, "write", refuse)
    assert call(monkeypatch, "ml", "schedule", "list") == 0


@pytest.mark.parametrize("name", ["__main__.py", "child.py"])
def test_it_is_a_program(az_on_path: Az, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(sys, "argv", ["az", "ml", "schedule", "list"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(Path(child.__file__).with_name(name)), run_name="__main__")
    assert caught.value.code == 0
