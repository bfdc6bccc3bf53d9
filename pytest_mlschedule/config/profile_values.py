"""Fields of a service profile as people write them: texts for durations, and what is allowed said in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from difflib import get_close_matches
from typing import Any

from pytest_mlschedule.profile import ServiceProfile, field_types
from pytest_mlschedule.triggers.window import parse_duration


def change_profile(profile: ServiceProfile, changes: Mapping[str, Any]) -> ServiceProfile:
    """The profile with some fields changed. Raises ValueError that names what is allowed."""
    return replace(profile, **{name: _read(name, value) for name, value in changes.items()})


def _read(name: str, value: Any) -> Any:
    """The value of a field, a duration from its text. What a field takes is the profile's to say."""
    kinds = field_types()
    if name not in kinds:
        near = get_close_matches(str(name), kinds, 1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise ValueError(f"a service profile has no field {name!r}: {hint}its fields are {', '.join(kinds)}")
    if kinds[name] is timedelta and isinstance(value, str):
        try:
            return parse_duration(value)
        except ValueError as reason:
            raise ValueError(f"{name}: {reason}") from None
    return value
