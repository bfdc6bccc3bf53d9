"""A server that a test talks to."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from pytest_mlschedule import FakeWorkspace
from pytest_mlschedule.arm.cloud import Cloud
from pytest_mlschedule.serve.application import ServeApplication
from pytest_mlschedule.serve.hosts import HostNames
from pytest_mlschedule.serve.server import Server

SCHEDULES = Path(__file__).parents[2] / "examples" / "quickstart" / "schedules"
START = datetime(2026, 3, 2, tzinfo=UTC)
VERSION = "api-version=2024-01-01-preview"
JSON = {"Content-Type": "application/json"}
CRON: dict[str, Any] = {
    "properties": {
        "trigger": {"triggerType": "Cron", "expression": "0 3 * * *", "timeZone": "UTC"},
        "action": {"actionType": "CreateJob", "jobDefinition": {"jobType": "Pipeline", "sourceJobId": "train"}},
    }
}


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str

    @property
    def data(self) -> Any:
        return json.loads(self.text)


class Served:
    """A server for one workspace, and calls to it over a real socket."""

    def __init__(self, workspace: FakeWorkspace, names: HostNames, port: int = 0) -> None:
        self.workspace = workspace
        self.log: list[str] = []
        self.application = ServeApplication(Cloud(workspace), names, self.log.append)
        self.server = Server(self.application, "127.0.0.1", port)
        self.url = self.server.url_of("127.0.0.1")

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """``path``: from the root, or below the workspace. A body that is no text is sent as JSON."""
        url = path if path.startswith("http") else self.url + path
        if not path.startswith(("/", "http")):
            url = f"{self.url}{self.workspace.id}/{path}?{VERSION}"
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        data = None
        if body is not None:
            data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            given = {**JSON, **given}
        request = urllib.request.Request(url, data, given, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return Answer(answer.status, dict(answer.headers), answer.read().decode())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return Answer(refusal.code, dict(refusal.headers), refusal.read().decode())

    def move(self, **body: str) -> Answer:
        return self.call("POST", "/clock", body)
