"""Schedules as ``az ml schedule show -o json`` prints them (being written)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.schedules.models import JobSchedule


def schedule_from_entity(
    data: Mapping[str, Any], profile: ServiceProfile
) -> tuple[JobSchedule | None, list[Diagnostic]]:
    raise NotImplementedError
