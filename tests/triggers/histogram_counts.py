"""Histograms by counting one occurrence after the other, with datetime and zoneinfo alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from trigger_oracle import zone_info

FIRST_DAY = date(1970, 1, 1)


def week_counts(epochs: Iterable[int], key: str) -> tuple[int, ...]:
    """Occurrences by hour of the week on the wall clock of a zone, Monday 00:00 first."""
    tz = zone_info(key)
    walls = (datetime.fromtimestamp(epoch, UTC).astimezone(tz) for epoch in epochs)
    found = Counter(wall.weekday() * 24 + wall.hour for wall in walls)
    return tuple(found[hour] for hour in range(168))


def day_counts(epochs: Iterable[int], key: str, start: int, end: int) -> dict[int, int]:
    """Occurrences by day from 1970-01-01, for every day that some second of the window has.

    Looked for every 15 minutes, in the last two hours every minute: clocks that go from 00:01 back to 23:01 touch a day shortly.
    """
    tz = zone_info(key)

    def day(epoch: int) -> int:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=epoch)
        return (moment.astimezone(tz).date() - FIRST_DAY).days

    found = Counter(map(day, epochs))
    touched = {
        day(epoch) for epoch in (*range(start, end, 900), *range(end - 7200, end, 60), end - 1) if epoch >= start
    }
    return {number: found[number] for number in sorted(touched)}
