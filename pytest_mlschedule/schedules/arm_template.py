"""Schedules in ARM templates (being written)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, PathPart

Resource = tuple[tuple[PathPart, ...], Mapping[str, Any]]


def find_schedule_resources(template: Mapping[str, Any]) -> tuple[list[Resource], list[Diagnostic]]:
    return [], []
