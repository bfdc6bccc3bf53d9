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

Follow = Callable[[Iterable[PlannedRun]], Iterable[PlannedRun]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A plan to show: its first ``limit`` runs (None: all), with their times in one more ``zone`` called ``zone_name``.

    ``kind``: all runs of a window, or the next few from its start on. ``follow`` is put around the runs while they are
    written, for a progress bar.
    """

    plan: Plan
    limit: int | None = None
    zone: tzinfo | None = None
    zone_name: str = ""
    kind: Literal["window", "next"] = "window"
    follow: Follow = iter

    def runs(self) -> Iterator[PlannedRun]:
        """The runs that are shown."""
        shown = self.plan.runs if self.hidden == 0 else self.plan.runs[: self.limit]
        return iter(self.follow(shown))

    @property
    def hidden(self) -> int:
        """How many runs are not shown."""
        return 0 if self.limit is None else max(0, len(self.plan) - self.limit)

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
        return [f"{runs} of {schedules} from {show_utc(plan.start)} on {zones}"]
    runs = f"{len(plan):,} {'run' if len(plan) == 1 else 'runs'}" if len(plan) else "no runs"
    lines = [f"{runs} of {schedules} from {show_utc(plan.start)} to {show_utc(plan.end)} {zones}"]
    if len(counts) > 1:
        lines.append(", ".join(f"{name} {count:,}" for name, count in counts.items()))
    if listing.hidden:
        lines.insert(0, f"... and {listing.hidden:,} more: --limit 0 shows all, -o csv, json and ics hold all")
    return lines
