"""What ``POST /clock`` asks for."""

from __future__ import annotations

import json
from datetime import datetime

from pytest_mlschedule.errors import InstantRangeError
from pytest_mlschedule.triggers.window import parse_duration, parse_instant
from pytest_mlschedule.triggers.wording import list_names, quote

FORMS = '{"advance": "1d"} or {"until": "2026-03-08T00:00:00Z"}'


def read_move(data: bytes, now: datetime) -> datetime:
    """The instant (aware) that a body moves the clock to. Raises ValueError that says what to send."""
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise ValueError(f"the body is no JSON: send {FORMS}") from None
    if not isinstance(body, dict) or len(body) != 1 or next(iter(body)) not in ("advance", "until"):
        has = (
            f"it has {list_names(map(quote, body)) if body else 'nothing'}" if isinstance(body, dict) else "it is none"
        )
        raise ValueError(f"the body is an object with either advance or until, and {has}: send {FORMS}")
    ((key, value),) = body.items()
    if not isinstance(value, str):
        raise ValueError(f"{key} is a text: send {FORMS}")
    return _later(now, value) if key == "advance" else parse_instant(value)


def _later(now: datetime, text: str) -> datetime:
    try:
        return now + parse_duration(text)
    except OverflowError:
        raise InstantRangeError(f"{quote(text)} from now is outside the supported years 1970 to 2200") from None
