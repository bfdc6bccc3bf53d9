"""When a schedule that is checked lives: its start, its end, the later of now and its start. All in epochs."""

from __future__ import annotations

from pytest_mlschedule.checks.rule import Situation
from pytest_mlschedule.schedules.models import Trigger
from pytest_mlschedule.triggers.window import END_EPOCH, FIRST_EPOCH, to_epoch


def start_of(trigger: Trigger, situation: Situation) -> int | None:
    """The instant of ``start_time``, None without one. Within the supported years, which other profiles may leave by a day."""
    if trigger.start is None:
        return None
    return min(max(trigger.start.instant(trigger.zone, situation.profile.start_time_offset), FIRST_EPOCH), END_EPOCH)


def end_of(trigger: Trigger, situation: Situation) -> int | None:
    """The instant of ``end_time``, None where there is none, or none in the supported years."""
    if trigger.end is None:
        return None
    epoch = trigger.end.instant(trigger.zone, situation.profile.start_time_offset)
    return epoch if FIRST_EPOCH <= epoch < END_EPOCH else None


def life_of(trigger: Trigger, situation: Situation) -> tuple[int, int | None]:
    """From when on (the later of now and the start) and until when a schedule runs that is created now."""
    now, start = to_epoch(situation.now), start_of(trigger, situation)
    return now if start is None else max(now, start), end_of(trigger, situation)
