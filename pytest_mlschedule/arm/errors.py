"""Refusals in the form of Azure Resource Manager."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.wrappers import Response

from pytest_mlschedule.arm.responses import json_response
from pytest_mlschedule.errors import AuthorizationError, MLScheduleError, ResourceExistsError, ResourceNotFoundError

# Recorded: the service calls most of what it refuses UserError, a missing schedule too.
_KINDS: tuple[tuple[type[MLScheduleError], int, str], ...] = (
    (AuthorizationError, 403, "AuthorizationFailed"),
    (ResourceNotFoundError, 404, "UserError"),
    (ResourceExistsError, 409, "UserError"),
    (MLScheduleError, 400, "UserError"),
)


class ArmError(MLScheduleError):
    """A refusal of the REST face itself: an HTTP status and the code of the error body."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})


def error_body(code: str, message: str) -> dict[str, object]:
    """The ``error`` of an ARM body, and of an operation that failed."""
    return {"code": code, "message": message, "target": None, "details": [], "additionalInfo": []}


def error_response(failure: MLScheduleError) -> Response:
    """The answer to a call that was refused."""
    if isinstance(failure, ArmError):
        status, code, headers = failure.status, failure.code, failure.headers
    else:
        headers = {}
        status, code = next((status, code) for kind, status, code in _KINDS if isinstance(failure, kind))
    return json_response({"error": error_body(code, str(failure))}, status, headers)
