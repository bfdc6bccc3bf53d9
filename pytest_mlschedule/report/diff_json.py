"""What changes between two plans, as the JSON document of ``PlanDiff.to_dict``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pytest_mlschedule.planning.diff import PlanDiff

if TYPE_CHECKING:
    from pytest_mlschedule.planning.diff_costs import CostDiff


def write_json(diff: PlanDiff, more: Mapping[str, Any] = MappingProxyType({}), costs: CostDiff | None = None) -> str:
    """The document, indented, with a line break at its end; ``more``: what stands in it besides.

    ``costs``: what both sides cost, of each schedule and in total.
    """
    document = {**diff.to_dict(), **more}
    if costs is not None:
        _add_costs(document, costs)
    return json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n"


def _add_costs(document: dict[str, Any], costs: CostDiff) -> None:
    for schedule in document["schedules"]:
        schedule.update(costs.schedules[schedule["name"]].to_dict())
    found = costs.to_dict()
    document["total"].update(found.pop("total"))
    document.update(found)
