"""One call as its handler sees it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Literal

from werkzeug.exceptions import HTTPException
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Request

from pytest_mlschedule.arm.cloud import Cloud
from pytest_mlschedule.arm.errors import ArmError
from pytest_mlschedule.arm.faults_hook import Call
from pytest_mlschedule.workspace.state import Operation, WorkspaceState
from pytest_mlschedule.workspace.workspace import FakeWorkspace, caller_of, state_of

# What Python calls the verbs whose calls have names of their own; the activity log knows one name for each.
_VERBS = {
    "schedules.put": "schedules.begin_create_or_update",
    "schedules.delete": "schedules.begin_delete",
    "jobs.put": "jobs.create_or_update",
    "jobs.cancel": "jobs.begin_cancel",
    "runs.patch": "jobs.update",
}


def operation_of(call: Call) -> Operation:
    """A call as the workspace authorizes and logs it."""
    return Operation(_VERBS.get(call.route, call.route), call.action, call.resource)


class ArmRequest:
    """A call that was routed and authorized.

    ``arguments``: the names in its path. ``query``: parameters by lower-case name. ``call``: what was authorized.
    """

    __slots__ = ("_workspace", "arguments", "call", "cloud", "http", "query")

    def __init__(
        self,
        http: Request,
        cloud: Cloud,
        arguments: Mapping[str, str],
        workspace: FakeWorkspace | None,
        call: Call,
    ) -> None:
        self.http = http
        self.cloud = cloud
        self.arguments = arguments
        self.call = call
        self.query = {name.lower(): value for name, value in http.args.items()}
        self._workspace = workspace

    @property
    def workspace(self) -> FakeWorkspace:
        """The workspace that the path names, as the caller sees it."""
        assert self._workspace is not None, "only routes below a workspace ask for it"
        return self._workspace

    @property
    def state(self) -> WorkspaceState:
        """What the workspace holds, for calls that Python has no verb for."""
        return state_of(self.workspace)

    def change(self) -> AbstractContextManager[list[str]]:
        """Log the call as one that changes the workspace."""
        return self.state.change(caller_of(self.workspace), operation_of(self.call))

    @property
    def name(self) -> str:
        """The name of the resource in the path."""
        return self.arguments["name"]

    @property
    def origin(self) -> str:
        """Scheme and host, as they stand in absolute links: ``https://management.azure.com``."""
        return self._url("host_url").rstrip("/")

    @property
    def link(self) -> str:
        """The URL of the call without its parameters, as it stands in absolute links."""
        return self._url("base_url")

    def _url(self, part: Literal["host_url", "base_url"]) -> str:
        try:
            return iri_to_uri(getattr(self.http, part))
        except ValueError as problem:
            raise ArmError(
                400, "InvalidHostHeader", f"The host of the call cannot stand in a URL: {problem}."
            ) from None

    def read_data(self) -> bytes:
        """What was sent."""
        return self.http.get_data()

    def read_body(self) -> dict[str, Any]:
        """The JSON object that was sent. Raises ArmError (400)."""
        try:
            body = json.loads(self.read_data(), parse_constant=_refuse_constant, parse_float=_read_float)
        except (ValueError, RecursionError) as problem:
            raise _invalid(f"it is no JSON: {problem}") from None
        if not isinstance(body, dict):
            raise _invalid("it is no JSON object")
        return body

    def read_optional_body(self) -> dict[str, Any]:
        """The JSON object that was sent; an empty one where nothing was. Raises ArmError (400)."""
        return self.read_body() if self.read_data() not in (b"", b"null") else {}

    def read_count(self, name: str) -> int | None:
        """A parameter that is a number from 0 on; None where it is absent. Raises ArmError (400)."""
        text = self.query.get(name)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 12):
            raise ArmError(400, "UserError", f"{name} is a number from 0 on, not {text[:60]!r}")
        return int(text)


def read_data(http: Request) -> bytes:
    """What was sent, kept for whoever reads it again. Raises ArmError: 413 for more than ``http.max_content_length``, 400 for what
    ends early or is in broken chunks."""
    try:
        return http.get_data()
    except HTTPException as refusal:
        status = refusal.code or 400
        reason = refusal.name if status != 400 else "it ends early, or its chunks are broken"
        raise ArmError(status, "InvalidRequestContent", f"The request content was not read: {reason}.") from None


def _read_float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:60]} is too large a number")
    return number


def _refuse_constant(text: str) -> None:
    raise ValueError(f"{text} is not JSON")


def _invalid(reason: str) -> ArmError:
    text = f"The request content was invalid and could not be deserialized: {reason}."
    return ArmError(400, "InvalidRequestContent", text)
