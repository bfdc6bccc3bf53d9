"""Runs of one schedule that catch up with themselves: from occurrences and durations, whatever waits for nodes."""

from __future__ import annotations

from itertools import compress, islice
from operator import sub
from typing import NamedTuple

from pytest_mlschedule.costs.footprints import Occurrences

LEAST_GAP = 60
"""Seconds: nothing runs more often than every minute."""


class Overlap(NamedTuple):
    """How many runs start while an earlier one of their schedule still runs, the first of them at ``first`` (epoch seconds)."""

    runs: int = 0
    first: int | None = None


NO_OVERLAP = Overlap()


def find_overlap(occurrences: Occurrences, window: tuple[int, int], length: int | None) -> Overlap | None:
    """The overlap of runs in a half-open window of epochs that take ``length`` seconds each; None where that is not known."""
    if length is None:
        return None
    if length <= LEAST_GAP:
        return NO_OVERLAP
    epochs = occurrences.epochs_between(*window)
    later = islice(epochs, 1, None)
    meets = bytes(map(length.__gt__, map(sub, later, epochs)))
    first = next(compress(islice(epochs, 1, None), meets), None)
    return Overlap(sum(meets), first)
