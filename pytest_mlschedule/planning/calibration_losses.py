"""What a missing run is worth: nothing in an outage, little where runs go missing anyhow."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from math import log

from pytest_mlschedule.planning.calibration_cases import Case

NEAR = 43_200
"""So far from a place another missing run tells of an outage (seconds)."""
ACCIDENT = 0.01
"""What happens by accident more often than that is no evidence."""


@dataclass(frozen=True, slots=True)
class Losses:
    """What was certainly due and never ran, all schedules together.

    ``ran``: the trigger times of all jobs, ascending; ``holes``: what one schedule lost in a row, ascending; ``lost``: every lost
    occurrence with the index of its hole, ascending; ``due``: how many occurrences there were.
    """

    ran: tuple[int, ...] = ()
    holes: tuple[tuple[int, ...], ...] = ()
    lost: tuple[tuple[int, int], ...] = ()
    due: int = 0

    def is_outage(self, epoch: int) -> bool:
        """Whether nothing ran around an instant, though in that time something else was due too.

        A schedule that lost more before and after that time was switched off, which tells nothing about others.
        """
        after = bisect_left(self.ran, epoch)
        start = self.ran[after - 1] if after else epoch - NEAR
        end = self.ran[after] if after < len(self.ran) else epoch + NEAR
        if end == epoch:
            return False
        first = bisect_left(self.lost, (max(start + 1, epoch - NEAR),))
        last = bisect_left(self.lost, (min(end, epoch + NEAR),))
        holes = (self.holes[index] for index in {index for _, index in self.lost[first:last]})
        return any(2 * (bisect_left(hole, end) - bisect_left(hole, start + 1)) > len(hole) for hole in holes)

    def may_be_accidents(self, lost: int, due: int) -> bool:
        """Whether so many of what was due may be missing for no reason, as runs are missing elsewhere (Chernoff's bound)."""
        rate, share = self.rate, lost / due
        if share <= rate or not rate:
            return share <= rate
        there = due - lost
        bound = lost * log(rate / share) + (there * log((1 - rate) / (1 - share)) if there else 0)
        return bound > log(ACCIDENT)

    @property
    def rate(self) -> float:
        """How often a run goes missing after one that was there. Once is no rate, and an outage counts once."""
        incidents = max(0, len({bisect_left(self.ran, hole[0]) for hole in self.holes}) - 1)
        return incidents / max(1, self.due - len(self.lost) + incidents)

    @property
    def warning(self) -> str:
        """What to say where a missing run may be an accident."""
        return f"one run in {round(1 / self.rate)} is missing elsewhere too, so this may be an accident"


NO_LOSSES = Losses()


def find_losses(cases: Iterable[Case], unsure: Mapping[str, frozenset[int]]) -> Losses:
    """The losses of schedules between their first and last runs. ``unsure``: occurrences that a knob decides on, by schedule."""
    ran: set[int] = set()
    holes: list[tuple[int, ...]] = []
    due = 0
    for case in cases:
        ran.update(case.times)
        certain = _find_certain(case, unsure.get(case.name, frozenset()))
        due += len(certain)
        holes += (tuple(group) for there, group in groupby(certain, frozenset(case.times).__contains__) if not there)
    lost = sorted((epoch, index) for index, hole in enumerate(holes) for epoch in hole)
    return Losses(tuple(sorted(ran)), tuple(holes), tuple(lost), due)


def _find_certain(case: Case, unsure: frozenset[int]) -> list[int]:
    """The occurrences of a schedule that were due whatever the service does, from its first to its last run."""
    first = case.first_regular
    if first is None:
        return []
    return [epoch for epoch in case.table.epochs_between(first, case.times[-1] + 1) if epoch not in unsure]
