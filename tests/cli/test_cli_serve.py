"""``mlschedule serve`` as a process: what it prints, how it ends, what it refuses."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pytest_mlschedule.cli.serve import serve

SCRIPT = "from pytest_mlschedule.cli.serve import serve; serve(prog_name='mlschedule serve')"
ID = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/fake-resource-group/providers/Microsoft.MachineLearningServices/workspaces/fake-workspace"
PIPELINE = """
type: pipeline
inputs: {day: "${{creation_context.trigger_time}}"}
settings: {default_compute: "azureml:cpu"}
jobs:
  train: {type: command, command: echo, environment: "azureml:train@latest"}
"""
NIGHTLY = """
name: nightly
trigger: {type: cron, expression: "0 3 * * *"}
create_job: ./pipeline.yml
"""
WEEKLY = """
name: weekly
trigger: {type: cron, expression: "0 4 * * SUN", start_time: "2026-01-01T00:00:00"}
create_job: azureml:pipeline
"""
ENDED = """
name: ended
trigger: {type: cron, expression: "0 4 * * *", end_time: "2026-01-01T00:00:00"}
create_job: azureml:pipeline
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two schedules and the pipeline that one of them names."""
    for name, text in {"a/nightly.yml": NIGHTLY, "a/pipeline.yml": PIPELINE, "b/weekly.yml": WEEKLY}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Process:
    """A server, its address and what it printed before it was ready."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.lines = [process.stdout.readline().rstrip("\n")]
        while not self.lines[-1].endswith("/clock") and self.lines[-1]:
            self.lines.append(process.stdout.readline().rstrip("\n"))
        found = re.search(r" at (https?://\S+) ", self.lines[0])
        assert found is not None, self.lines
        self.url = found[1]

    def ask(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.loads(answer.read())

    def end(self, how: signal.Signals) -> tuple[int, str, str]:
        """End it, as Ctrl-C or ``kill`` does: its exit status, and what it printed meanwhile."""
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=120)
        return self.process.returncode, out, err


@contextmanager
def running(*arguments: str) -> Iterator[Process]:
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    with process:
        try:
            yield Process(process)
        finally:
            process.kill()
            if process.stdout and not process.stdout.closed:
                process.communicate()


def run(*arguments: str) -> Result:
    """The outcome of a command that does not come to serving."""
    return CliRunner().invoke(serve, list(arguments), prog_name="mlschedule serve", catch_exceptions=False)


def test_it_says_where_it_is_and_what_to_try() -> None:
    with running("a", "b", "--jobs", "a/pipeline.yml", "--now", "2026-03-02", "--port", "0") as server:
        assert server.lines == [
            f"Serving 2 schedules at {server.url} (Ctrl-C ends it)",
            f"Workspace: {ID}",
            "The clock stands at 2026-03-02T00:00:00Z until it is moved.",
            "Calls without a token act as Owner; with one, whoever it names, and nothing verifies it.",
            f"Look at {server.url}/ or try:",
            f"  curl '{server.url}{ID}/schedules?api-version=2023-06-01-preview'",
            f"""  curl -H 'Content-Type: application/json' -d '{{"advance": "1d"}}' {server.url}/clock""",
        ]
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.url)
        moved = server.ask("/clock", {"advance": "1w"})
        assert [job["schedule"] for job in moved["jobs"]] == ["nightly"] * 7 + ["weekly"]
        names = [
            job["name"] for job in server.ask(f"{ID}/jobs?api-version=2024-01-01-preview&scheduled=false")["value"]
        ]
        assert names == ["pipeline"]
        status, out, err = server.end(signal.SIGINT)
        assert (status, out) == (0, "")
        assert err.splitlines()[-2:] == ["POST /clock 200", f"GET {ID}/jobs 200"]


def test_it_ends_quietly_when_it_is_told_to() -> None:
    with running("--port", "0") as server:
        assert server.lines[0].startswith("Serving 0 schedules at ")
        assert server.end(signal.SIGTERM) == (0, "", "")


def test_without_now_the_clock_starts_at_the_present() -> None:
    with running("--port", "0") as server:
        assert re.search(r"stands at 20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\dZ until", server.lines[2])


def test_principals_have_roles_and_the_workspace_its_names() -> None:
    identity = "/subscriptions/s-1/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws"
    options = ("--principal", "ci=reader", "--principal", "ops=AzureML Data Scientist", "--workspace-id", identity)
    with running("a", "--port", "0", "--now", "2026-03-02", *options) as server:
        assert server.lines[1] == f"Workspace: {identity}"
        form = b"grant_type=client_credentials&client_id=%s&client_secret=x&scope=https://management.azure.com/.default"
        statuses = []
        for name in (b"ci", b"ops", b"nobody"):
            with urllib.request.urlopen(f"{server.url}/common/oauth2/v2.0/token", form % name) as answer:
                token = json.loads(answer.read())["access_token"]
            url = f"{server.url}{identity}/schedules/nightly/trigger?api-version=2024-01-01-preview"
            request = urllib.request.Request(url, b"", {"Authorization": f"Bearer {token}"}, method="POST")
            try:
                with urllib.request.urlopen(request) as answer:
                    statuses.append(answer.status)
            except urllib.error.HTTPError as refusal:
                with refusal:
                    statuses.append(refusal.code)
        assert statuses == [403, 200, 403]


def test_other_machines_are_let_in_when_it_is_meant() -> None:
    with running("--host", "0.0.0.0", "--allow-non-loopback", "--port", "0") as server:
        assert server.url.startswith("http://localhost:")
        assert server.ask("/state")["schedules"] == []


def test_with_a_certificate_it_speaks_tls(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    span = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, *span).add_extension(
        x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False
    )
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "my cert.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(encoding))
    (folder / "key.pem").write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    with running("--tls", "my cert.pem", "key.pem", "--port", "0", "--host", "localhost") as server:
        assert server.url.startswith("https://localhost:")
        assert server.lines[-1].startswith("  curl --cacert 'my cert.pem' -H")
        context = ssl.create_default_context(cafile="my cert.pem")
        with urllib.request.urlopen(f"{server.url}/clock", context=context) as answer:
            assert answer.status == 200


def test_a_configuration_says_which_paths(folder: Path) -> None:
    (folder / "mlschedule.toml").write_text('paths = ["a"]\n', encoding="utf-8")
    with running("--port", "0") as server:
        assert server.lines[0].startswith("Serving 1 schedule at ")


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("a", "--port", str(port))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(
        f"mlschedule: port {port} of 127.0.0.1 is in use, perhaps by another mlschedule serve; --port 0 takes one that is free\n"
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_other_machines_are_not_let_in(host: str) -> None:
    result = run("--host", host)
    assert result.exit_code == 2
    assert result.stderr == (
        f"mlschedule: {host} can be reached from other machines, and the server knows no passwords: whoever reaches it may "
        "read and change everything in it. Leave --host out for 127.0.0.1, or say --allow-non-loopback\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--principal", "ci"), "'ci' names nobody with a role: write name=role, such as ci=Reader"),
        (("--principal", "=Reader"), "'=Reader' names nobody with a role"),
        (("--principal", "ci=Raeder"), "'Raeder' is not a built-in role; did you mean Reader?\n"),
        (("--workspace-id", "ws"), "'ws' is not the id of a workspace: write /subscriptions/S/resourceGroups/G/"),
        (("--port", "70000"), "70000 is not in the range 0<=x<=65535"),
        (("--tls", "cert.pem"), "requires 2 arguments"),
        (("missing",), "missing: no such file or directory"),
        (("--host", "no host"), "'no host' is no host of this machine: leave --host out for 127.0.0.1"),
        (("--tls", "c.pem", "k.pem"), "the certificate c.pem with the key k.pem cannot be used: No such file"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_a_definition_with_errors(folder: Path) -> None:
    (folder / "a" / "nightly.yml").write_text(NIGHTLY.replace("0 3 * * *", "0 25 * * *"), encoding="utf-8")
    result = run("a")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "nightly.yml:3:" in result.stderr


def test_what_the_workspace_refuses(folder: Path) -> None:
    (folder / "b" / "ended.yml").write_text(ENDED, encoding="utf-8")
    (folder / "a" / "pipeline.yml").write_text(
        PIPELINE.replace('settings: {default_compute: "azureml:cpu"}\n', ""), encoding="utf-8"
    )
    result = run("b", "--jobs", "a/pipeline.yml", "--now", "2026-03-02")
    assert (result.exit_code, result.stdout) == (1, "")
    refused = [line for line in result.stderr.splitlines() if line.startswith("mlschedule: ")]
    assert len(refused) == 2
    assert "Compute not set for step 'train'" in refused[0]
    assert refused[1] == (
        "mlschedule: schedule 'ended': end_time 2026-01-01T00:00:00 is in the past: it is 2026-03-02T00:00:00+00:00"
    )


def test_without_werkzeug_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("pytest_mlschedule.arm", "pytest_mlschedule.serve"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "werkzeug", None)
    monkeypatch.setitem(sys.modules, "werkzeug.wrappers", None)
    result = run()
    assert result.exit_code == 2
    assert result.stderr.startswith("mlschedule: serve needs Werkzeug, and there is no werkzeug")
    assert result.stderr.endswith(": pip install Werkzeug\n")
