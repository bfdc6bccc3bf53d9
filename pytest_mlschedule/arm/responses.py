"""Answers: JSON, or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

_JSON = "application/json; charset=utf-8"


def json_response(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with a JSON body."""
    return Response(json.dumps(data), status, dict(headers or {}), content_type=_JSON)


def empty_response(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """An answer without a body."""
    answer = Response(b"", status, dict(headers or {}))
    del answer.headers["Content-Type"]
    return answer
