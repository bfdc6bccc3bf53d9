"""The wall clocks that a page needs: offsets of zones in a window, and what their changes do to schedules."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Any

from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.run import ScheduleRuns
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.triggers.clock_change_words import describe_surprise
from pytest_mlschedule.triggers.instant_words import name_zone
from pytest_mlschedule.triggers.window import to_epoch
from pytest_mlschedule.triggers.zones import zone

MARGIN = 15 * 86_400
"""So far around the window offsets are known, too: the page shows whole months and weeks."""


def list_zones(keys: Iterable[str]) -> list[str]:
    """The IANA keys of a page's zones, UTC first, each once."""
    return ["UTC", *sorted(set(keys) - {"UTC"})]


def write_zone(key: str, window: tuple[int, int]) -> dict[str, Any]:
    """A zone in a window of epochs: ``offsets[i]`` (seconds east of UTC) gives way to ``offsets[i + 1]`` at ``instants[i]``."""
    where = zone(key)
    first = bisect_right(where.instants, window[0] - MARGIN)
    stop = max(first, bisect_left(where.instants, window[1] + MARGIN))
    return {"key": key, "instants": where.instants[first:stop], "offsets": where.offsets[first : stop + 1]}


def write_clock_changes(plan: Plan, profile: ServiceProfile) -> list[dict[str, Any]]:
    """The clock changes of the window, in time order: zone, instant, offsets, and the schedules (by index) whose runs they touch.

    ``touched``: ``[index, words]``; ``others``: how many more schedules of the zone there are, whose runs keep their wall clock.
    """
    touched = _find_touched(plan, profile)
    changes = []
    names = _name_zones(plan.parts)
    for key, members in names.items():
        for change in zone(key).transitions(*plan.window.epochs):
            found = touched.get((key, change.instant), [])
            changes.append(
                {
                    "zone": key,
                    "names": members[0],
                    "instant": change.instant,
                    "before": change.before,
                    "after": change.after,
                    "touched": found,
                    "others": members[1] - len(found),
                }
            )
    return sorted(changes, key=lambda change: (change["instant"], change["zone"]))


def _name_zones(parts: Iterable[ScheduleRuns]) -> dict[str, tuple[list[str], int]]:
    """For each zone (IANA key) how its schedules call it, and how many they are."""
    found: dict[str, list[str]] = {}
    for part in parts:
        found.setdefault(part.source.zone_key, []).append(name_zone(part.time_zone))
    return {key: (sorted(set(names)), len(names)) for key, names in sorted(found.items())}


def _find_touched(plan: Plan, profile: ServiceProfile) -> dict[tuple[str, int], list[tuple[int, str]]]:
    found: dict[tuple[str, int], list[tuple[int, str]]] = {}
    for index, part in enumerate(plan.parts):
        find = getattr(part.occurrences, "dst_surprises", None)
        if find is None or part.definition is None:
            continue
        for surprise in find(plan.start, plan.end):
            key = (part.source.zone_key, to_epoch(surprise.transition))
            words = describe_surprise(surprise, part.definition.trigger, profile).partition(": ")[2]  # the day is known
            found.setdefault(key, []).append((index, words))
    return found
