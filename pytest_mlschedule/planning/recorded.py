"""Runs that are known rather than computed: what a plan holds when it is read back."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class RecordedTimes:
    """Given epochs (ascending), answered like a Timetable."""

    epochs: Sequence[int]

    def epochs_between(self, start: int, end: int) -> Sequence[int]:
        """The epochs in ``[start, end)``."""
        return self.epochs[bisect_left(self.epochs, start) : bisect_left(self.epochs, end)]

    def count_between(self, start: int, end: int) -> int:
        """How many epochs lie in ``[start, end)``."""
        return max(0, bisect_left(self.epochs, end) - bisect_left(self.epochs, start))


class RecordedRun(NamedTuple):
    """What one run has of its own."""

    job_name: str
    display_name: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSource:
    """Names and values of the runs of one schedule, by epoch."""

    schedule: str
    zone_key: str
    experiment_name: str
    settings: Mapping[str, Any]
    tags: Mapping[str, Any]
    compute: str | None
    runs: Mapping[int, RecordedRun]

    def job_name(self, epoch: int) -> str:
        """The name of the job that runs at an epoch."""
        return self.runs[epoch].job_name

    def display_name(self, epoch: int) -> str:
        """The display name of the run at an epoch."""
        return self.runs[epoch].display_name

    def inputs(self, epoch: int) -> Mapping[str, Any]:
        """The resolved inputs of the run at an epoch."""
        return self.runs[epoch].inputs

    def outputs(self, epoch: int) -> Mapping[str, Any]:
        """The resolved outputs of the run at an epoch."""
        return self.runs[epoch].outputs
