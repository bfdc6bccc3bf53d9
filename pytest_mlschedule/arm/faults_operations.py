"""Faults of long-running operations: those that take long, and those that fail in the end."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from pytest_mlschedule.arm.errors import error_body
from pytest_mlschedule.arm.faults_hook import Call
from pytest_mlschedule.arm.faults_rules import Fault
from pytest_mlschedule.arm.operations import API_VERSION
from pytest_mlschedule.arm.responses import json_response
from pytest_mlschedule.arm.routes import PROVIDER

STATUS, RESULT = "operations.status", "operations.result"
_HEADER = "Azure-AsyncOperation"
_NAMESPACE = uuid.UUID("4a0f3cb2-6f2b-5d0e-9b55-7c0a1c4b8f31")
_LOCATION = "eastus"


class Slowness(Fault):
    """The operation that a call begins is under way for all but the last of so many polls."""

    def __init__(self, words: str, routes: frozenset[str], times: int | None, polls: int) -> None:
        super().__init__(words, routes, times)
        self.polls = polls


class FailedOperation(Fault):
    """The operation that a call begins fails in the end; nothing is changed, or all is (``after_commit``)."""

    def __init__(
        self, words: str, routes: frozenset[str], times: int | None, error: tuple[str, str], *, after_commit: bool
    ) -> None:
        super().__init__(words, routes, times)
        self._error = error
        self._after_commit = after_commit
        self._opened = 0

    @property
    def error(self) -> dict[str, Any]:
        """The error that the status of the operation has."""
        return error_body(*self._error)

    def before(self, call: Call) -> Response | None:
        if self._after_commit:
            return None
        self._opened += 1
        return _accept(call, str(uuid.uuid5(_NAMESPACE, f"{self} {call.path} {self._opened}")))

    def after(self, call: Call, response: Response) -> Response | None:
        return response if self._after_commit and begun_operation(response) else None


@dataclass(slots=True)
class _Pending:
    """An operation that something happened to. ``left``: how many polls find it under way; ``error``: how it ends."""

    busy: str
    cause: str
    left: int
    error: dict[str, Any] | None


class OperationFaults:
    """The operations that faults happened to, by name."""

    def __init__(self) -> None:
        self._pending: dict[str, _Pending] = {}

    def begin(self, call: Call, name: str, failed: FailedOperation | None, slow: Slowness | None) -> None:
        """Keep an operation that a call began, and what happens to it."""
        busy = "Deleting" if call.method == "DELETE" else "Creating"
        cause = " and ".join(str(fault) for fault in (failed, slow) if fault)
        left = slow.polls - 1 if slow else 0
        self._pending[name] = _Pending(busy, cause, left, failed.error if failed else None)

    def poll(self, call: Call) -> tuple[Response, str] | None:
        """The status that a fault gives an operation, and that fault in words; None: as it is."""
        pending = self._pending.get(call.name) if call.route in (STATUS, RESULT) else None
        if pending is None:
            return None
        answer: dict[str, Any] = {"id": call.path, "name": call.name, "status": pending.busy}
        if pending.left:
            pending.left -= 1
        elif pending.error:
            answer |= {"status": "Failed", "error": pending.error}
        else:
            return None
        return json_response(answer), pending.cause


def begun_operation(response: Response) -> str | None:
    """The name of the operation whose status an answer points to."""
    url = response.headers.get(_HEADER)
    return urlsplit(url).path.rpartition("/")[2] if url else None


def _accept(call: Call, operation: str) -> Response:
    """The answer to a call that begins an operation, which nothing will come of."""
    subscription = call.path.split("/")[2]
    place = f"{call.origin}/subscriptions/{subscription}/providers/{PROVIDER}/locations/{_LOCATION}"
    status, result = (
        f"{place}/{one}/{operation}?api-version={API_VERSION}" for one in ("mfeOperationsStatus", "mfeOperationResults")
    )
    headers = {"x-ms-async-operation-timeout": "PT1H", _HEADER: status, "Location": result}
    if call.method == "DELETE":
        return json_response(None, 202, headers)
    body = {"id": call.path, "properties": {"provisioningState": "Creating"}}
    return json_response(body, 201, headers)
