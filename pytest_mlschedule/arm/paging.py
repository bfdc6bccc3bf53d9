"""Lists, page by page: ``value`` and an absolute ``nextLink``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from pytest_mlschedule.arm.errors import ArmError
from pytest_mlschedule.arm.requests import ArmRequest
from pytest_mlschedule.arm.responses import json_response

Item = TypeVar("Item")


def page_response(request: ArmRequest, items: Sequence[Item], write: Callable[[Item], Any]) -> Response:
    """The page that ``$skip`` asks for, each item written by ``write``."""
    start = read_skip(request)
    end = start + request.cloud.page_size
    answer: dict[str, Any] = {"value": [write(item) for item in items[start:end]], "nextLink": None}
    if end < len(items):
        kept = [(name, value) for name, value in request.http.args.items(multi=True) if name.lower() != "$skip"]
        answer["nextLink"] = f"{request.link}?{urlencode([*kept, ('$skip', str(end))])}"
    return json_response(answer)


def read_skip(request: ArmRequest) -> int:
    """How many items to leave out. Raises ArmError (400)."""
    text = request.query.get("$skip") or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise ArmError(400, "UserError", f"$skip is a number of items, not {text[:60]!r}")
    return int(text)
