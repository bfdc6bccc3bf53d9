"""What was found in several files, told once: a pipeline that ten schedules run has its warning once, not ten times."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pytest_mlschedule.diagnostics import Diagnostic, Location
from pytest_mlschedule.triggers.wording import list_names

SHOWN_USERS = 5


def tell_once(groups: Iterable[tuple[str, Sequence[Diagnostic]]]) -> list[list[Diagnostic]]:
    """For each of some (name, what was found for it) what to show there: each diagnostic where it comes first.

    Paths are as short as they can be; one that several names share says who they are.
    """
    users: dict[Diagnostic, dict[str, None]] = {}
    told: list[list[Diagnostic]] = []
    for name, found in groups:
        mine = dict.fromkeys(map(_shorten_path, found))
        told.append([item for item in mine if item not in users])
        for item in mine:
            users.setdefault(item, {})[name] = None
    return [[name_users(item, list(users[item])) for item in items] for items in told]


def _shorten_path(item: Diagnostic) -> Diagnostic:
    place = item.location
    if place is None or place.path.startswith("<"):
        return item
    return item.at(Location(os.path.normpath(place.path), place.line, place.column))


def name_users(item: Diagnostic, users: Sequence[str]) -> Diagnostic:
    """The diagnostic, its message with who uses what it is about where several do."""
    if len(users) <= 1:
        return item
    more = len(users) - SHOWN_USERS
    shown = users if more <= 0 else [*users[:SHOWN_USERS], f"{more} more"]
    return replace(item, message=f"{item.message} (used by {list_names(shown)})")
