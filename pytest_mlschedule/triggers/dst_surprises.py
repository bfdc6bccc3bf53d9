"""What clock changes do to a trigger: times that a gap moves or swallows, times that come twice (semantics DST-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pytest_mlschedule.triggers.occurrences import Occurrences, PolicyOccurrences
from pytest_mlschedule.triggers.window import NAIVE_EPOCH, from_epoch
from pytest_mlschedule.triggers.zones import Transition, Zone


@dataclass(frozen=True, slots=True)
class DstSurprise:
    """The times of a trigger that fall into one gap or one fold.

    ``wall``: the first of them as written (naive, wall clock of the zone); ``instant``: when it fires, aware UTC, None
    when the policy skips it; ``transition``: when the clock changes, aware UTC; ``wall_times``: how many of them there
    are (12 for ``*/5`` in an hour); ``walls``: all of them; ``joined``: how many a gap moves to where another run is due;
    ``length``: how much the clock is set forward or back.
    """

    kind: Literal["gap", "fold"]
    wall: datetime
    instant: datetime | None
    transition: datetime
    wall_times: int
    walls: tuple[datetime, ...]
    joined: int
    length: timedelta


def find_surprises(occurrences: Occurrences, zone: Zone, start: int, end: int) -> list[DstSurprise]:
    """One entry for each clock change in the window of epochs that touches a wall-clock trigger within its limits."""
    if not isinstance(occurrences, PolicyOccurrences):
        return []  # elapsed time does not know the wall clock
    found = (_surprise(occurrences, change) for change in zone.transitions(start, end))
    return [surprise for surprise in found if surprise is not None]


def _surprise(occurrences: PolicyOccurrences, change: Transition) -> DstSurprise | None:
    low, high = sorted((change.instant + change.before, change.instant + change.after))
    walls = occurrences.pattern.walls(low, high)
    # Within the limits: by the instant that the times have before the change, which is theirs by default.
    walls = [wall for wall in walls if occurrences.first <= wall - change.before < occurrences.stop]
    if not walls:
        return None
    images = [walls[0] - change.before, walls[0] - change.after]
    if change.kind == "gap":  # the second would be the instant of another wall time, an hour earlier
        images = images[:1] if occurrences.rows.may_collide else []
    fires = [image for image in images if occurrences.count(image, image + 1)]
    length = high - low
    due = set(occurrences.pattern.walls(high, high + length)) if change.kind == "gap" and fires else set()
    return DstSurprise(
        change.kind,
        NAIVE_EPOCH + timedelta(0, walls[0]),
        from_epoch(fires[0]) if fires else None,
        from_epoch(change.instant),
        len(walls),
        tuple(NAIVE_EPOCH + timedelta(0, wall) for wall in walls),
        sum(wall + length in due for wall in walls),
        timedelta(0, length),
    )
