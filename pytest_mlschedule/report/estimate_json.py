"""An estimate as the JSON document of ``Estimate.to_dict``."""

from __future__ import annotations

import json

from pytest_mlschedule.costs.estimate import Estimate


def write_json(estimate: Estimate) -> str:
    """The document, indented, with a line break at its end."""
    return json.dumps(estimate.to_dict(), indent=2, ensure_ascii=False) + "\n"
