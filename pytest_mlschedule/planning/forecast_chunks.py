"""The parts that a forecast is counted in, here or by the workers of an executor.

What travels is small: compiled timetables to a worker, integers back. How schedules are cut depends on them alone, not on who
counts, and integers add up to the same in any order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from pytest_mlschedule.planning.run import Occurrences, ScheduleRuns
from pytest_mlschedule.triggers.histograms import WEEK_HOURS, count_by_hour
from pytest_mlschedule.triggers.zones import zone

if TYPE_CHECKING:
    from concurrent.futures import Executor

CHUNK = 1000
"""Schedules that travel together."""


class Chunk(NamedTuple):
    """What one worker counts: occurrences in a window of epochs, on the wall clock of an IANA zone."""

    occurrences: tuple[Occurrences, ...]
    zone_key: str
    window: tuple[int, int]


class Counts(NamedTuple):
    """How many occurrences each has, and all of them by hour of the week (Monday 00:00 first) and day from 1970-01-01."""

    each: tuple[int, ...]
    by_hour: tuple[int, ...]
    by_day: Mapping[int, int]


def count_chunk(chunk: Chunk) -> Counts:
    """Count a chunk. A worker finds this function by its name."""
    each = tuple(occurrences.count_between(*chunk.window) for occurrences in chunk.occurrences)
    found = count_by_hour(chunk.occurrences, zone(chunk.zone_key), *chunk.window)
    return Counts(each, found.by_hour, found.by_day)


def count_parts(
    parts: Sequence[ScheduleRuns], zone_key: str, window: tuple[int, int], executor: Executor | None
) -> tuple[dict[str, int], Counts]:
    """The runs of each schedule by name, and all of them together. Raises what a worker raises."""
    # Schedules of one zone are counted together for little more than one of them.
    ordered = sorted(parts, key=lambda part: part.source.zone_key)
    size = max(len(ordered), 1) if executor is None else CHUNK
    chunks = [
        Chunk(tuple(part.occurrences for part in ordered[first : first + size]), zone_key, window)
        for first in range(0, max(len(ordered), 1), size)  # one at least: it says which days there are
    ]
    found = add_counts(map(count_chunk, chunks) if executor is None else executor.map(count_chunk, chunks))
    names = (part.source.schedule for part in ordered)
    return dict(zip(names, found.each, strict=True)), found


def add_counts(counts: Iterable[Counts]) -> Counts:
    """The counts of all chunks together."""
    each: list[int] = []
    by_hour = [0] * WEEK_HOURS
    by_day: Counter[int] = Counter()
    for chunk in counts:
        each += chunk.each
        by_hour = list(map(add, by_hour, chunk.by_hour))
        by_day.update(chunk.by_day)
    return Counts(tuple(each), tuple(by_hour), by_day)
