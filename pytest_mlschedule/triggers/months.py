"""Calendar months of UTC, by which runs are counted and bills are made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from pytest_mlschedule.triggers.window import Window, to_epoch


def months_of(window: Window) -> Iterator[tuple[str, int, int]]:
    """The months of UTC that a window touches: name ("2026-03"), first epoch, epoch of the next month."""
    moment = window.start.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while moment < window.end:
        following = datetime(moment.year + moment.month // 12, moment.month % 12 + 1, 1, tzinfo=UTC)
        yield f"{moment:%Y-%m}", to_epoch(moment), to_epoch(following)
        moment = following
