"""How long a run takes: one length, two percentiles, or lengths that were measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log
from random import Random

from pytest_mlschedule.costs.loads.percentiles import find_spread

LONGEST = 366 * 86_400
"""Seconds: no run takes longer."""
_Z95 = 1.6448536269514722  # the 95th percentile of the standard normal distribution


@dataclass(frozen=True, slots=True)
class Duration:
    """How long runs take, in whole seconds.

    ``p95``: of a spread, else None. ``samples``: measured lengths, ascending; empty where none are known. Without samples a
    spread is log-normal through both percentiles.
    """

    p50: int
    p95: int | None = None
    samples: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.p50 < 1:
            raise ValueError(f"a run takes at least a second, not {self.p50}")
        if self.p95 is not None and self.p95 < self.p50:
            raise ValueError(f"p95 ({self.p95} s) is below p50 ({self.p50} s)")
        if max(self.p50, self.p95 or 0) > LONGEST:
            raise ValueError(
                f"a run takes at most {LONGEST // 86_400} days, not {max(self.p50, self.p95 or 0)} seconds"
            )

    @property
    def typical(self) -> int:
        """The length with which plain figures are computed: the mean of what was measured, else ``p50``.

        A sum of many runs comes to their mean, and that of measured lengths is usually above their median.
        """
        return (2 * sum(self.samples) + len(self.samples)) // (2 * len(self.samples)) if self.samples else self.p50

    @property
    def is_spread(self) -> bool:
        """Whether runs differ in length."""
        return self.p95 is not None and self.p95 > self.p50

    def draw(self, dice: Random) -> int:
        """A random length: one of the samples, else of the log-normal distribution; ``p50`` where there is no spread."""
        if not self.is_spread:
            return self.p50
        if self.samples:
            return self.samples[int(dice.random() * len(self.samples))]
        assert self.p95 is not None
        sigma = log(self.p95 / self.p50) / _Z95
        return min(LONGEST, max(1, round(self.p50 * exp(sigma * dice.gauss(0.0, 1.0)))))


def measure(lengths: Iterable[int]) -> Duration | None:
    """The distribution of measured lengths (seconds, nearest-rank percentiles); None without any. What took years took part of
    that time only on the clock: it is left out."""
    samples = tuple(sorted(max(1, length) for length in lengths if length <= LONGEST))
    if not samples:
        return None
    return Duration(*find_spread(samples), samples)
