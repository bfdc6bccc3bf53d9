"""What the tests of the REST face share: a client of the application, bearer tokens, bodies as the real client sends them."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from werkzeug.test import Client, EnvironBuilder, TestResponse
from werkzeug.wrappers import Response

from pytest_mlschedule.arm.application import ArmApplication
from pytest_mlschedule.arm.cloud import Cloud
from pytest_mlschedule.workspace.workspace import FakeWorkspace

VERSION = "api-version=2023-06-01-preview"
ML = "Microsoft.MachineLearningServices/workspaces"

PIPELINE = {
    "jobType": "Pipeline",
    "experimentName": "exp",
    "isArchived": False,
    "settings": {"default_compute": "cpu"},
    "inputs": {"when": {"jobInputType": "literal", "value": "${{creation_context.trigger_time}}"}},
    "jobs": {"train": {"type": "command", "componentId": "c:1", "inputs": {}}},
}
DAILY = {"triggerType": "recurrence", "frequency": "day", "interval": 1}
CRON = {"triggerType": "cron", "expression": "0 3 * * *", "startTime": "2026-01-01 00:00:00", "timeZone": "UTC"}


def schedule_body(trigger: Mapping[str, Any] = CRON, job: Any = PIPELINE, **properties: Any) -> dict[str, Any]:
    """A schedule as the client puts it."""
    action = {"actionType": "CreateJob", "jobDefinition": job}
    return {"properties": {"trigger": trigger, "action": action, "isEnabled": True, **properties}}


def token(**claims: Any) -> str:
    """An unsigned JWT."""
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(
        [*(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts), "x"]
    )


def run(application: ArmApplication, method: str, url: str, body: Any = None, **environ: str) -> Response:
    """The answer to a call whose environ is changed afterwards, past what a client could send."""
    path, _, query = url.partition("?")
    builder = EnvironBuilder(path=path, query_string=query, method=method, **({} if body is None else {"json": body}))
    return Response.from_app(application, {**builder.get_environ(), **environ})


class Face:
    """A client of the application over some workspaces. Calls go to the first one, by Owner unless somebody is named."""

    def __init__(self, *workspaces: FakeWorkspace, cloud: Cloud | None = None) -> None:
        self.workspace = workspaces[0] if workspaces else FakeWorkspace()
        self.cloud = cloud or Cloud(*(workspaces or (self.workspace,)))
        self.application = ArmApplication(self.cloud)
        self._client = Client(self.application)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        principal: str | None = "Owner",
        host: str = "management.azure.com",
    ) -> TestResponse:
        """``path``: below the workspace (``schedules/nightly?listViewType=All``), or whole (with a slash). The api-version
        is added to what has none."""
        url = path if path.startswith("/") else f"{self.workspace.id}/{path}".rstrip("/")
        if "api-version" not in url:
            url += ("&" if "?" in url else "?") + VERSION
        headers = {"Authorization": f"Bearer {token(oid=principal)}"} if principal is not None else {}
        given = {"data": body} if isinstance(body, bytes | str) else {} if body is None else {"json": body}
        return self._client.open(url, method=method, base_url=f"https://{host}", headers=headers, **given)

    def follow(self, url: str, *, principal: str | None = "Owner") -> TestResponse:
        """GET of an absolute link that was answered."""
        scheme, _, rest = url.partition("://")
        assert scheme == "https"
        host, _, path = rest.partition("/")
        return self.call("GET", f"/{path}", principal=principal, host=host)

    def get(self, path: str) -> Any:
        """The JSON of a GET that must succeed."""
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.json

    def put(self, path: str, body: Any) -> Any:
        """The JSON of a PUT that must succeed."""
        answer = self.call("PUT", path, body)
        assert answer.status_code in (200, 201), answer.get_data(as_text=True)
        return answer.json


def error_of(answer: Response) -> tuple[int, str, str]:
    """Status, code and message of a refusal; checks the rest of the body."""
    assert answer.json is not None
    error = answer.json["error"]
    assert (error["target"], error["details"], error["additionalInfo"]) == (None, [], [])
    assert list(answer.json) == ["error"]
    return answer.status_code, error["code"], error["message"]
