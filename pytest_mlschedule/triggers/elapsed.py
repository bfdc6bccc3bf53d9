"""Occurrences that count elapsed time: every so many seconds from an anchor, untouched by DST (semantics DST-4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import repeat

from pytest_mlschedule.triggers.occurrences import add_up
from pytest_mlschedule.triggers.window import UTC_EPOCH


class ElapsedOccurrences:
    """``anchor + k * step`` seconds, from ``first`` (an epoch) on and before ``stop``."""

    def __init__(self, anchor: int, step: int, first: int, stop: int) -> None:
        self.step = step
        self.first = first + (anchor - first) % step
        self.stop = stop

    def range_between(self, start: int, end: int) -> range:
        """The occurrences of a window, none of them made."""
        low = max(start, self.first)
        return range(low + (self.first - low) % self.step, min(end, self.stop), self.step)

    def epochs(self, start: int, end: int) -> list[int]:
        """See Occurrences."""
        return list(self.range_between(start, end))

    def instants(self, start: int, end: int) -> list[datetime]:
        """See Occurrences."""
        found = self.range_between(start, end)
        if not found:
            return []
        return add_up(UTC_EPOCH + timedelta(0, found[0]), repeat(timedelta(0, self.step), len(found) - 1))

    def count(self, start: int, end: int) -> int:
        """See Occurrences."""
        return len(self.range_between(start, end))

    def next(self, epoch: int) -> int | None:
        """See Occurrences."""
        found = self.range_between(epoch + 1, self.stop)
        return found[0] if found else None

    def previous(self, epoch: int) -> int | None:
        """See Occurrences."""
        found = self.range_between(self.first, epoch)
        return found[-1] if found else None

    def select(self, start: int, index: int) -> int | None:
        """See Occurrences."""
        found = self.range_between(start, self.stop)
        return found[index] if 0 <= index < len(found) else None
