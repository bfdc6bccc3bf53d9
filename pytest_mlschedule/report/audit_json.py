"""Audits and calibrations as the JSON documents of their ``to_dict``."""

from __future__ import annotations

import json

from pytest_mlschedule.planning.audit_result import Audit
from pytest_mlschedule.planning.calibration_result import Calibration


def write_json(found: Audit | Calibration) -> str:
    """The document, indented, with a line break at its end."""
    return json.dumps(found.to_dict(), indent=2, ensure_ascii=False) + "\n"
