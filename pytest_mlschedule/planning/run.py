"""One planned run, and what the runs of one schedule share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.planning.equality import same_value
from pytest_mlschedule.schedules.frozen import thaw
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.triggers.window import UTC_EPOCH
from pytest_mlschedule.triggers.zones import zone


class RunSource(Protocol):
    """Where names and values of a schedule's runs come from: a RunTemplate, or a plan that was read back."""

    @property
    def schedule(self) -> str: ...
    @property
    def zone_key(self) -> str: ...
    @property
    def experiment_name(self) -> str: ...
    @property
    def settings(self) -> Mapping[str, Any]: ...
    @property
    def tags(self) -> Mapping[str, Any]: ...
    @property
    def compute(self) -> str | None: ...
    def display_name(self, epoch: int, /) -> str: ...
    def job_name(self, epoch: int, /) -> str: ...
    def inputs(self, epoch: int, /) -> Mapping[str, Any]: ...
    def outputs(self, epoch: int, /) -> Mapping[str, Any]: ...


class Occurrences(Protocol):
    """When a schedule runs: half-open windows of epoch seconds, as a Timetable answers them."""

    def epochs_between(self, start: int, end: int, /) -> Sequence[int]: ...
    def count_between(self, start: int, end: int, /) -> int: ...


@dataclass(frozen=True, slots=True, eq=False)
class ScheduleRuns:
    """All runs of one schedule: what they share (``source``) and when they are (``occurrences``).

    ``time_zone`` is the zone as the trigger names it; ``anchor_assumed`` says that the times hang on a guess of the
    creation time; ``notes`` are what else to know about them.
    """

    source: RunSource
    occurrences: Occurrences
    time_zone: str
    anchor_assumed: bool = False
    notes: tuple[Diagnostic, ...] = ()
    definition: JobSchedule | None = None
    """The schedule; None in a plan that was read back."""

    def same_runs(self, other: ScheduleRuns, start: int, end: int) -> bool:
        """Whether both have equal runs in a half-open window of epochs, told without building runs where possible."""
        if self.occurrences.count_between(start, end) != other.occurrences.count_between(start, end):
            return False
        epochs = self.occurrences.epochs_between(start, end)
        if list(epochs) != list(other.occurrences.epochs_between(start, end)):
            return False
        recipe = getattr(self.source, "recipe", None)
        if recipe is not None and same_value(recipe, getattr(other.source, "recipe", None)):
            return True
        return all(PlannedRun(self, epoch) == PlannedRun(other, epoch) for epoch in epochs)


class PlannedRun:
    """One run that a schedule would start. A frozen value: two runs are equal when everything that a job would be made
    of is equal, wherever the plans come from. Names and values are resolved when they are read.
    """

    __slots__ = ("_epoch", "_of")

    def __init__(self, of: ScheduleRuns, epoch: int) -> None:
        self._of = of
        self._epoch = epoch

    @property
    def schedule(self) -> str:
        """The name of the schedule."""
        return self._of.source.schedule

    @property
    def trigger_time(self) -> datetime:
        """The instant of the run: aware, UTC, whole seconds."""
        return UTC_EPOCH + timedelta(0, self._epoch)

    @property
    def local_time(self) -> datetime:
        """The same instant in the schedule's time zone (aware)."""
        return self.trigger_time.astimezone(zone(self._of.source.zone_key).tzinfo)

    @property
    def time_zone(self) -> str:
        """The schedule's time zone as its trigger names it ("Pacific Standard Time")."""
        return self._of.time_zone

    @property
    def anchor_assumed(self) -> bool:
        """Whether the time hangs on the guess that the schedule is created when the plan starts (semantics ST-3)."""
        return self._of.anchor_assumed

    @property
    def job_name(self) -> str:
        """The name of the job (semantics JB-2)."""
        return self._of.source.job_name(self._epoch)

    @property
    def display_name(self) -> str:
        """``<schedule>-YYYYMMDDThhmmssZ`` (semantics JB-1)."""
        return self._of.source.display_name(self._epoch)

    @property
    def experiment_name(self) -> str:
        """Semantics JB-7."""
        return self._of.source.experiment_name

    @property
    def inputs(self) -> Mapping[str, Any]:
        """Inputs by name, overridden and with macros resolved (semantics JB-4, JB-5). Read-only."""
        return self._of.source.inputs(self._epoch)

    @property
    def outputs(self) -> Mapping[str, Any]:
        """Outputs by name, overridden and with macros in their paths resolved. Read-only."""
        return self._of.source.outputs(self._epoch)

    @property
    def settings(self) -> Mapping[str, Any]:
        """Settings of the pipeline, overridden. Read-only."""
        return self._of.source.settings

    @property
    def tags(self) -> Mapping[str, Any]:
        """Tags of the job, overridden. Read-only."""
        return self._of.source.tags

    @property
    def compute(self) -> str | None:
        """The compute of the job, else the default compute of its settings, else None."""
        return self._of.source.compute

    def to_dict(self) -> dict[str, Any]:
        """Everything that equality looks at, as plain JSON data; the time as ``YYYY-MM-DDThh:mm:ssZ``."""
        return {
            "schedule": self.schedule,
            "trigger_time": f"{self.trigger_time:%Y-%m-%dT%H:%M:%SZ}",
            "local_time": self.local_time.isoformat(),
            **{name: thaw(getattr(self, name)) for name in COMPARED[2:]},
        }

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PlannedRun):
            return NotImplemented
        if self._epoch != other._epoch:
            return False
        return self._of is other._of or all(same_value(getattr(self, name), getattr(other, name)) for name in COMPARED)

    def __hash__(self) -> int:
        return hash((self.schedule, self._epoch))

    def __repr__(self) -> str:
        return f"<PlannedRun {self.display_name} ({self.local_time.isoformat()}) inputs={dict(self.inputs)}>"


COMPARED = (
    "schedule",
    "trigger_time",
    "job_name",
    "display_name",
    "experiment_name",
    "inputs",
    "outputs",
    "settings",
    "tags",
    "compute",
)
"""What makes two runs equal. Not the zone their times are shown in, nor how the anchor was found."""
