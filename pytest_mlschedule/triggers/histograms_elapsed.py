"""Occurrences that count elapsed time, added up by hour: hours repeat after a few, so one such cycle is made for each step."""

from __future__ import annotations

from collections import defaultdict
from math import gcd

from pytest_mlschedule.triggers.elapsed import ElapsedOccurrences
from pytest_mlschedule.triggers.histograms_grid import HOUR, LANE, HourGrid, Span, write_lanes


class ElapsedTally:
    """The occurrences of schedules that count elapsed time in the spans of a grid. ``finish`` follows the last ``add``."""

    def __init__(self, grid: HourGrid) -> None:
        self._grid = grid
        self._phases: defaultdict[tuple[int, Span], list[int]] = defaultdict(list)

    def add(self, occurrences: ElapsedOccurrences) -> None:
        """Count one more schedule."""
        for span in self._grid.spans:
            found = occurrences.range_between(span.start, span.end)
            if not found:
                continue
            low, high = span.start, span.end
            if occurrences.first > low:
                low += -(-(occurrences.first - low) // HOUR) * HOUR
                self._grid.count(found[0], occurrences.count(span.start, low))
            if occurrences.stop < high:
                high = max(low, high - -(-(high - occurrences.stop) // HOUR) * HOUR)
                self._grid.count(found[-1], occurrences.count(high, span.end))
            if low < high:
                self._phases[found.step, Span(low, high, span.offset)].append((found[0] - low) % found.step)

    def finish(self) -> None:
        """Put what was added into the hours of the grid."""
        for (step, span), phases in self._phases.items():
            hours = (span.end - span.start) // HOUR
            cycle = [0] * min(step // gcd(step, HOUR), hours)
            for phase in phases:
                for second in range(phase, len(cycle) * HOUR, step):
                    cycle[second // HOUR] += 1
            lanes = write_lanes(cycle) * -(-hours // len(cycle))
            self._grid.count_lanes(span.start + span.offset, HOUR, lanes[: hours * LANE])
