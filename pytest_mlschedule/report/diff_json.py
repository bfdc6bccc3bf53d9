"""What changes between two plans, as the JSON document of ``PlanDiff.to_dict``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pytest_mlschedule.planning.diff import PlanDiff


def write_json(diff: PlanDiff, more: Mapping[str, Any] = MappingProxyType({})) -> str:
    """The document, indented, with a line break at its end; ``more``: what stands in it besides."""
    return json.dumps({**diff.to_dict(), **more}, indent=2, ensure_ascii=False, default=str) + "\n"
