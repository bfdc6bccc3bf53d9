"""What a test runs with: ``now``, ``role`` and ``profile`` from its markers, the command line and the ini file.

The closest place that names a thing decides: function marker, class marker, module marker, option, ini, default. A profile
is decided field by field, so ``profile={"gap": "skip"}`` on a test leaves the other fields as they are outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

from pytest_mlschedule.errors import WorkspaceError
from pytest_mlschedule.plugin.profile_values import change_profile, split_pairs
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.triggers.window import from_epoch, parse_instant, to_epoch
from pytest_mlschedule.workspace.roles import RoleDefinition, find_role
from pytest_mlschedule.workspace.workspace import FIRST_INSTANT

MARKER = "mlschedule"
NAMES = ("now", "role", "profile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """``now``: where the clock starts (aware, UTC); ``role``: as whom the workspace is used, None for its owner."""

    now: datetime = FIRST_INSTANT
    role: str | RoleDefinition | None = None
    profile: ServiceProfile = DEFAULT_PROFILE


class _Place(NamedTuple):
    """A place that settings come from: how each name is written there, and the values it gives."""

    spelling: str
    values: Mapping[str, Any]


def settings_of(item: pytest.Item) -> Settings:
    """The settings of one test. Fails the test, without our frames, when one of them cannot be used."""
    __tracebackhide__ = True
    try:
        return _resolve([*_marks_of(item), *_places_of(item.config)])
    except ValueError as reason:
        problem = str(reason)
    pytest.fail(problem, pytrace=False)


def profile_of(item: pytest.Item) -> ServiceProfile:
    """The profile of a test that is being collected; the default one where ``settings_of`` is going to fail it."""
    try:
        return _resolve([*_marks_of(item), *_places_of(item.config)]).profile
    except ValueError:
        return DEFAULT_PROFILE


def check_config(config: pytest.Config) -> None:
    """Raise pytest.UsageError when an option or an ini value cannot be used."""
    try:
        _resolve(list(_places_of(config)))
    except ValueError as reason:
        raise pytest.UsageError(str(reason)) from None


def _marks_of(item: pytest.Item) -> Iterator[_Place]:
    for mark in item.iter_markers(MARKER):
        unknown = [repr(name) for name in mark.kwargs if name not in NAMES]
        if mark.args or unknown:
            what = (
                f"does not know {', '.join(unknown)}" if unknown else f"takes no values by position ({mark.args[0]!r})"
            )
            raise ValueError(f"@pytest.mark.{MARKER} {what}: it takes {'=, '.join(NAMES)}=")
        yield _Place(f"@pytest.mark.{MARKER}({{}}=...)", mark.kwargs)


def _places_of(config: pytest.Config) -> Iterator[_Place]:
    options = {name: config.getoption(f"{MARKER}_{name}") for name in NAMES}
    yield _Place(f"--{MARKER}-{{}}", options)
    yield _Place(f"ini {MARKER}_{{}}", {name: config.getini(f"{MARKER}_{name}") or None for name in NAMES})


def _resolve(places: list[_Place]) -> Settings:
    """The settings of some places, the closest first. Raises ValueError that names the place."""
    chosen: dict[str, Any] = {}
    profile = DEFAULT_PROFILE
    for place in reversed(places):
        for name, value in place.values.items():
            if value is None:
                continue
            try:
                if name == "now":
                    chosen[name] = read_instant(value)
                elif name == "role":
                    chosen[name] = read_role(value)
                else:
                    profile = read_profile(profile, value)
            except ValueError as reason:
                raise ValueError(f"{place.spelling.format(name)}: {reason}") from None
    return Settings(**chosen, profile=profile)


def read_instant(value: Any) -> datetime:
    """The instant (aware, UTC) of a text, without offset UTC, or of an aware datetime. Raises ValueError otherwise."""
    if isinstance(value, str):
        return parse_instant(value)
    if not isinstance(value, datetime):
        raise ValueError(f"{value!r} is neither a text like '2026-03-08T02:30' nor an aware datetime")
    try:
        from_epoch(to_epoch(value))
    except TypeError:
        raise ValueError(
            f"{value!r} is naive: give it a time zone, for example tzinfo=datetime.UTC, or write a text, which is UTC"
        ) from None
    return value.astimezone(UTC)


def read_role(value: Any) -> str | RoleDefinition:
    """A built-in role's name or a role definition. Raises ValueError that names the roles there are."""
    if not isinstance(value, str | RoleDefinition):
        raise ValueError(f"{value!r} is neither the name of a built-in role nor a RoleDefinition")
    try:
        find_role(value)
    except WorkspaceError as reason:
        raise ValueError(str(reason)) from None
    return value


def read_profile(outer: ServiceProfile, value: Any) -> ServiceProfile:
    """The profile that ``value`` makes of the outer one: a ServiceProfile replaces it, a mapping or text changes fields."""
    if isinstance(value, ServiceProfile):
        return value
    if isinstance(value, str):
        value = split_pairs(value)
    if not isinstance(value, Mapping):
        raise ValueError(
            f"{value!r} is neither a ServiceProfile nor a mapping of its fields nor a text like 'gap=skip'"
        )
    return change_profile(outer, value)
