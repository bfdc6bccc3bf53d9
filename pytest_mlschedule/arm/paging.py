"""Lists, page by page: ``value`` and an absolute ``nextLink``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from pytest_mlschedule.arm.requests import ArmRequest
from pytest_mlschedule.arm.responses import json_response

Item = TypeVar("Item")


def page_response(request: ArmRequest, items: Sequence[Item], write: Callable[[Item], Any]) -> Response:
    """The page that ``$skip`` asks for, each item written by ``write``."""
    start = request.read_count("$skip") or 0
    end = start + request.cloud.page_size
    answer: dict[str, Any] = {"value": [write(item) for item in items[start:end]], "nextLink": None}
    if end < len(items):
        kept = [(name, value) for name, value in request.http.args.items(multi=True) if name.lower() != "$skip"]
        answer["nextLink"] = f"{request.link}?{urlencode([*kept, ('$skip', str(end))])}"
    return json_response(answer)
