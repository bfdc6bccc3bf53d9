"""Where there is room: which schedule to move so that a compute gets less full, and which hours of the week are quiet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pytest_mlschedule.costs.compute_load import ComputeLoad
from pytest_mlschedule.costs.footprints import Clock
from pytest_mlschedule.costs.loads.load_week import HourLoad, find_quiet_hours, measure_week
from pytest_mlschedule.costs.loads.slots import Slot, find_quiet_slots
from pytest_mlschedule.triggers.instant_words import SHORT_DAYS, name_zone, show_clock, show_utc
from pytest_mlschedule.triggers.window import Window, from_epoch
from pytest_mlschedule.triggers.zones import zone

SHOWN_SLOTS = 3
QUIET_HOURS = 3
_DAILY = 0.9  # a daily schedule may miss a day at the edge of a window


@dataclass(frozen=True, slots=True)
class Move:
    """A slot, with the clock of its schedule."""

    slot: Slot
    clock: Clock
    runs_a_day: float = 1.0

    @property
    def is_daily(self) -> bool:
        """Whether a time of day says which run is meant."""
        return self.runs_a_day >= _DAILY

    @property
    def is_frequent(self) -> bool:
        """Whether it runs several times a day."""
        return self.runs_a_day > 1

    def __str__(self) -> str:
        """``move nightly from 02:00 to 03:40 (Pacific): peak 12 → 7 nodes``; with the weekday where it matters."""
        slot, where = self.slot, zone(self.clock.key).tzinfo
        old, new = (from_epoch(epoch).astimezone(where) for epoch in (slot.old_time, slot.new_time))
        by_day = old.date() != new.date() or not self.is_daily
        times = [f"{SHORT_DAYS[one.weekday()]} {one:%H:%M}" if by_day else f"{one:%H:%M}" for one in (old, new)]
        what = "all its runs alike, " if self.is_frequent else ""
        name = f"{what}{name_zone(self.clock.name)}"
        return f"move {slot.owner} from {times[0]} to {times[1]} ({name}): peak {slot.old_peak} → {slot.new_peak} nodes"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data; times in UTC."""
        slot = self.slot
        return {
            "schedule": slot.owner,
            "move_seconds": slot.seconds,
            "from": show_utc(from_epoch(slot.old_time)),
            "to": show_utc(from_epoch(slot.new_time)),
            "peak_nodes": {"old": slot.old_peak, "new": slot.new_peak},
            "text": str(self),
        }


@dataclass(frozen=True, slots=True)
class Advice:
    """For one compute: ``moves``, the best first; ``quiet``: hours of the week (UTC) with the least load.

    ``too_frequent``: schedules that run at the peak, and too often to be moved; ``not_tried``: others that were not looked at.
    """

    moves: tuple[Move, ...] = ()
    quiet: tuple[HourLoad, ...] = ()
    too_frequent: tuple[str, ...] = ()
    not_tried: tuple[str, ...] = ()


NO_ADVICE = Advice()


def find_advice(load: ComputeLoad, clocks: Mapping[str, Clock], window: Window) -> Advice:
    """What would help a compute. Moves are looked for where several runs meet; ``clocks``: by the name of a schedule."""
    if load.load is None or not load.parts:
        return NO_ADVICE
    quiet = tuple(find_quiet_hours(measure_week(load.load.profile, window.epochs), QUIET_HOURS))
    if load.load.asked_runs.height < 2:
        return Advice(quiet=quiet)
    demands = [part.share.demand for part in load.parts if part.share is not None]
    found = find_quiet_slots(demands, load.compute, window.epochs)
    days = max(1.0, window.duration / timedelta(days=1))
    runs = {demand.owner: len(demand.arrivals) / days for demand in demands}
    moves = tuple(Move(slot, clocks[slot.owner], runs[slot.owner]) for slot in found.slots[:SHOWN_SLOTS])
    return Advice(moves, quiet, found.too_frequent, found.not_tried)


def name_hour(hour: HourLoad) -> str:
    """An hour of the week: ``Sun 13:00``."""
    return f"{SHORT_DAYS[hour.hour // 24]} {show_clock(hour.hour % 24, 0)}"
