"""Occurrences that count elapsed time: every so many seconds from an anchor, untouched by DST (semantics DST-4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import repeat

from pytest_mlschedule.triggers.occurrences import add_up
from pytest_mlschedule.triggers.window import UTC_EPOCH


class ElapsedOccurrences:
    """``anchor + k * step`` seconds, from ``first`` (an epoch) on and before ``stop``."""

    def __init__(self, anchor: int, step: int, first: int, stop: int) -> None:
        self._step = step
        self._first = first + (anchor - first) % step
        self._stop = stop

    def _range(self, start: int, end: int) -> range:
        low = max(start, self._first)
        return range(low + (self._first - low) % self._step, min(end, self._stop), self._step)

    def epochs(self, start: int, end: int) -> list[int]:
        """See Occurrences."""
        return list(self._range(start, end))

    def instants(self, start: int, end: int) -> list[datetime]:
        """See Occurrences."""
        found = self._range(start, end)
        if not found:
            return []
        return add_up(UTC_EPOCH + timedelta(0, found[0]), repeat(timedelta(0, self._step), len(found) - 1))

    def count(self, start: int, end: int) -> int:
        """See Occurrences."""
        return len(self._range(start, end))

    def next(self, epoch: int) -> int | None:
        """See Occurrences."""
        found = self._range(epoch + 1, self._stop)
        return found[0] if found else None

    def previous(self, epoch: int) -> int | None:
        """See Occurrences."""
        found = self._range(self._first, epoch)
        return found[-1] if found else None

    def select(self, start: int, index: int) -> int | None:
        """See Occurrences."""
        found = self._range(start, self._stop)
        return found[index] if 0 <= index < len(found) else None
