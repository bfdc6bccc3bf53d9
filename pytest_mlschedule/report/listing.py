"""What a listing of a plan shows, and the cells of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import Literal

from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.run import PlannedRun
from pytest_mlschedule.report.time_words import show_local, show_utc
from pytest_mlschedule.report.value_words import show_values
from pytest_mlschedule.triggers.window import to_epoch

MINUTE = 60
SHOWN_LATER = 10

Follow = Callable[[Iterable[PlannedRun]], Iterable[PlannedRun]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A plan to show: its first ``limit`` runs (None: all), with their times in one more ``zone`` called ``zone_name``.

    ``kind``: all runs of a window, or the next few from its start on. ``follow`` is put around the runs while they are
    written, for a progress bar. ``later``: the next run of schedules that have none among these.
    """

    plan: Plan
    limit: int | None = None
    zone: tzinfo | None = None
    zone_name: str = ""
    kind: Literal["window", "next"] = "window"
    follow: Follow = iter
    later: tuple[PlannedRun, ...] = ()

    def runs(self) -> Iterator[PlannedRun]:
        """The runs that are shown."""
        shown = self.plan.runs if self.hidden == 0 else self.plan.runs[: self.limit]
        return iter(self.follow(shown))

    @property
    def hidden(self) -> int:
        """How many runs are not shown."""
        return 0 if self.limit is None else max(0, len(self.plan) - self.limit)

    @property
    def has_seconds(self) -> bool:
        """Whether a run that is shown is not at a full minute."""
        start, end = self.plan.window.epochs
        if self.hidden and self.limit:
            end = to_epoch(self.plan.runs[self.limit - 1].trigger_time) + 1
        parts = self.plan.parts
        return any(epoch % MINUTE for part in parts for epoch in part.occurrences.epochs_between(start, end))

    @property
    def headings(self) -> list[str]:
        """The headings of ``cells``."""
        extra = [self.zone_name] if self.zone else []
        return ["schedule", "local time", "UTC", *extra, "inputs"]

    def cells(self, run: PlannedRun) -> list[str]:
        """One row: the schedule, the time in its zone, in UTC and in the extra zone, the inputs."""
        extra = [show_local(run.trigger_time.astimezone(self.zone))] if self.zone else []
        return [run.schedule, show_local(run.local_time), show_utc(run.trigger_time), *extra, show_values(run.inputs)]


def summarize(listing: Listing) -> list[str]:
    """The lines under a table: what is not shown, how many runs of what, and with which zone data."""
    plan = listing.plan
    counts = plan.count_by_schedule()
    schedules = f"{len(counts):,} schedule" + ("" if len(counts) == 1 else "s")
    zones = f"(tzdata {plan.tzdata_version})"
    if listing.kind == "next":
        shown = len(plan) - listing.hidden
        runs = "no more runs" if not shown else "the next run" if shown == 1 else f"the next {shown:,} runs"
        return [*_later(listing), f"{runs} of {schedules} from {show_utc(plan.start)} on {zones}"]
    runs = f"{len(plan):,} {'run' if len(plan) == 1 else 'runs'}" if len(plan) else "no runs"
    lines = [f"{runs} of {schedules} from {show_utc(plan.start)} to {show_utc(plan.end)} {zones}"]
    if len(counts) > 1:
        lines.append(", ".join(f"{name} {count:,}" for name, count in counts.items()))
    if listing.hidden:
        lines.insert(0, f"... and {listing.hidden:,} more: --limit 0 shows all, -o csv, json and ics hold all")
    return lines


def _later(listing: Listing) -> Iterator[str]:
    """When the schedules run next that the table does not show."""
    width = max((len(run.schedule) for run in listing.later[:SHOWN_LATER]), default=0)
    for run in listing.later[:SHOWN_LATER]:
        yield f"{run.schedule.ljust(width)}  not before {show_local(run.local_time)} = {show_utc(run.trigger_time)}"
    if (more := len(listing.later) - SHOWN_LATER) > 0:
        yield f"... and {more:,} more schedules run later"
