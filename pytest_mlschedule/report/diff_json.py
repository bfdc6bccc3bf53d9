"""What changes between two plans, as the JSON document of ``PlanDiff.to_dict``."""

from __future__ import annotations

import json

from pytest_mlschedule.planning.diff import PlanDiff


def write_json(diff: PlanDiff) -> str:
    """The document, indented, with a line break at its end."""
    return json.dumps(diff.to_dict(), indent=2, ensure_ascii=False, default=str) + "\n"
