"""Names of schedules (JB-11), and of jobs (WS-11)."""

from __future__ import annotations

import re
from typing import Literal

from pytest_mlschedule.diagnostics import Diagnostic, error, warning

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}")
_STAMP_LENGTH = len("-YYYYMMDDThhmmssZ")
_DISPLAY_NAME_LIMIT = 256
_RULES = {"schedule": "JB-11", "job": "WS-11"}

Owner = Literal["schedule", "job"]


def find_name_problems(name: str) -> list[Diagnostic]:
    """MLS501 for what is no name, MLS502 (a warning) for one whose jobs have too long a display name. Without a field."""
    refused = refuse_name(name, "schedule")
    if refused:
        return refused
    if len(name) + _STAMP_LENGTH > _DISPLAY_NAME_LIMIT:
        text = f"with {len(name)} characters the display name of its jobs is over {_DISPLAY_NAME_LIMIT} (JB-11)"
        return [warning("MLS502", text, f"keep it within {_DISPLAY_NAME_LIMIT - _STAMP_LENGTH} characters")]
    return []


def refuse_name(name: str, owner: Owner) -> list[Diagnostic]:
    """MLS501 for what is no name of a schedule, or of a job."""
    if _NAME.fullmatch(name):
        return []
    rule = f"1 to 255 letters, digits, - and _, starting with a letter or digit ({_RULES[owner]})"
    text = f"{name[:60]!r} is not a name of a {owner}: {rule}"
    fixed = re.sub(r"[^a-zA-Z0-9_-]+", "-", name).strip("-_")[:200]
    return [error("MLS501", text, f"for example {fixed}" if fixed else "")]
