"""The az on PATH: what a shell script gets, from how many processes it calls, and that nothing is left."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from pytest_mlschedule import FakeWorkspace
from pytest_mlschedule.az.az import Az
from pytest_mlschedule.az.child import VARIABLE
from pytest_mlschedule.plugin.az_fixtures import open_az

BASH = shutil.which("bash") or "/bin/bash"


def run(script: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BASH, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=120,
        encoding="utf-8",
    )


def test_a_script_deploys(az_on_path: Az, workspace: FakeWorkspace) -> None:
    done = run("set -euo pipefail; az ml schedule create -f cron.yml --query name -o tsv; az ml schedule list -o table")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "simple_cron_job_schedule\n"
        "Name                      Description                        Is_enabled    Provisioning_state\n"
        "------------------------  ---------------------------------  ------------  --------------------\n"
        "simple_cron_job_schedule  a simple hourly cron job schedule  True          Succeeded\n"
    )
    assert [schedule.name for schedule in workspace.schedules.list()] == ["simple_cron_job_schedule"]
    assert [call.command for call in az_on_path.calls] == [
        "az ml schedule create -f cron.yml --query name -o tsv",
        "az ml schedule list -o table",
    ]


@pytest.mark.parametrize(("command", "exit_code"), [("delete", 1), ("shw", 2), ("show -n x", 3)])
def test_exit_codes(az_on_path: Az, command: str, exit_code: int) -> None:
    run("az ml schedule create -f remote.yml")
    done = run(f"az ml schedule {command} {'-n remote' if command == 'delete' else ''}")
    assert (done.returncode, done.stdout) == (exit_code, "")
    assert done.stderr.startswith("ERROR: ")


def test_a_folder_of_its_own(az_on_path: Az, folder: Path) -> None:
    (folder / "deploy").mkdir()
    done = run("cd deploy && az ml schedule create -f ../cron.yml --query name && az ml schedule create -f cron.yml")
    assert (done.returncode, done.stdout) == (1, '"simple_cron_job_schedule"\n')
    assert done.stderr == "ERROR: No such file or directory: cron.yml\n"


def test_texts_that_only_the_script_can_read(az_on_path: Az) -> None:
    done = run(
        "az ml schedule create -f <(sed s/remote/piped/ remote.yml) --query name -o tsv;"
        "sed s/remote/typed/ remote.yml | az ml schedule create --file=/dev/stdin --query name -o tsv;"
        "echo '[].name' | az ml schedule list -o json --query @-;"
        "sed s/0.3/x/ remote.yml | az ml schedule create -f /dev/stdin"
    )
    assert done.stdout == 'piped\ntyped\n[\n  "piped",\n  "typed"\n]\n'
    assert "ERROR: (UserError) /dev/stdin:2:35: MLS101 trigger.expression: " in done.stderr


def test_a_loop_keeps_its_input(az_on_path: Az) -> None:
    names = "printf 'a\\nb\\nc\\n'"
    done = run(f"{names} | while read -r name; do az ml schedule create -f remote.yml -n $name -o none; done")
    assert (done.returncode, done.stderr) == (0, "")
    assert az_on_path("ml schedule list --query '[].name'").json() == ["a", "b", "c"]


def test_letters_of_all_kinds(az_on_path: Az) -> None:
    done = run(
        "az ml schedule create -f remote.yml --set description='ünï ✓' --query description -o tsv",
        os.environ | {"LC_ALL": "C"},
    )
    assert done.stdout == "ünï ✓\n"
    broken = subprocess.run(["az", "ml", "schedule", "show", "-n", b"\xff"], capture_output=True, check=False)
    assert (broken.returncode, broken.stdout) == (3, b"")
    assert b"Resource Trigger \xff not found" in broken.stderr
    half = """az ml schedule create -f remote.yml; az ml schedule update -n remote --set 'description="\\ud800"' --query description"""
    assert run(half).stdout.endswith('"?"\n')


def test_variables(az_on_path: Az) -> None:
    done = run(
        "export AZURE_CORE_OUTPUT=tsv AZURE_DEFAULTS_GROUP=nope; az ml schedule list -g rg --query 'length(@)'; az ml schedule list"
    )
    assert (done.returncode, done.stdout) == (3, "0\n")


def test_path_alone_is_enough(az_on_path: Az) -> None:
    done = run(f"env -i PATH='{os.environ['PATH']}' az ml schedule list --query 'length(@)'")
    assert (done.returncode, done.stdout, done.stderr) == (0, "0\n", "")


def test_the_module(az_on_path: Az) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest_mlschedule.az", "ml", "schedule", "list"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == []


def test_many_at_once(az_on_path: Az) -> None:
    done = run("for i in $(seq 12); do az ml schedule create -f remote.yml -n job-$i --query name -o tsv & done; wait")
    assert done.stderr == ""
    assert sorted(done.stdout.split()) == sorted(f"job-{number}" for number in range(1, 13))
    assert len(az_on_path("ml schedule list").json()) == 12


def test_a_reader_that_stops_early(az_on_path: Az) -> None:
    done = run("az ml schedule list --help | head -1; az ml schedule list >&-")
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_is_left(workspace: FakeWorkspace, folder: Path) -> None:
    before = dict(os.environ)
    threads = threading.active_count()
    with open_az(workspace) as az:
        program = shutil.which("az")
        assert program is not None
        port = int(os.environ[VARIABLE].partition(":")[0])
        assert run("az ml schedule list").returncode == 0
        assert {name: value for name, value in os.environ.items() if before.get(name) != value}.keys() == {
            "PATH",
            VARIABLE,
        }
    assert dict(os.environ) == before
    assert threading.active_count() == threads
    assert not Path(program).exists()
    assert len(az.calls) == 1
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        pass


def test_an_az_without_its_test(folder: Path) -> None:
    command = [sys.executable, "-m", "pytest_mlschedule.az", "ml", "schedule", "list"]
    for where in ("", "1:secret"):
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {VARIABLE: where})
        assert (done.returncode, done.stdout) == (1, "")
        assert (
            done.stderr == "ERROR: no test is listening: this az works while the fixture ml_az of its test is there.\n"
        )


def test_a_path_that_was_not_set(workspace: FakeWorkspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PATH")
    with open_az(workspace):
        assert os.environ["PATH"].endswith(os.defpath)
        assert shutil.which("az") is not None
    assert "PATH" not in os.environ


def ask(port: int, line: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(line)
        connection.shutdown(socket.SHUT_WR)
        return connection.recv(1 << 16)


@pytest.mark.parametrize("secret", ["", "wrong", "ünïcode"])
def test_whoever_does_not_know_the_secret_gets_no_answer(az_on_path: Az, secret: str) -> None:
    port = int(os.environ[VARIABLE].partition(":")[0])
    call = {"secret": secret, "arguments": ["login"], "folder": "/", "environment": {}, "streams": {}}
    assert ask(port, json.dumps(call).encode() + b"\n") == b""
    assert az_on_path.calls == ()


@pytest.mark.parametrize("line", [b"", b"GET / HTTP/1.1\r\n", b"[]\n", b"{}\n", b"\xff\n", b'{"secret": 5}\n'])
def test_whatever_is_no_call_gets_no_answer(az_on_path: Az, line: bytes) -> None:
    assert ask(int(os.environ[VARIABLE].partition(":")[0]), line) == b""
    assert az_on_path("ml schedule list").exit_code == 0


def test_a_caller_that_says_nothing_does_not_keep_the_test(workspace: FakeWorkspace, folder: Path) -> None:
    with open_az(workspace):
        port = int(os.environ[VARIABLE].partition(":")[0])
        silent = socket.create_connection(("127.0.0.1", port))
        run("az ml schedule list")
    with silent:
        assert silent.recv(1) == b""


def test_it_listens_on_this_machine_alone(az_on_path: Az) -> None:
    port = int(os.environ[VARIABLE].partition(":")[0])
    found = Path("/proc/net/tcp")
    if found.exists():
        listening = [line.split()[1] for line in found.read_text().splitlines()[1:] if line.split()[3] == "0A"]
        assert f"0100007F:{port:04X}" in listening
