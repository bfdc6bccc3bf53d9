"""What changes of the clocks do to a schedule, in words (semantics DST-1 to DST-5)."""

from __future__ import annotations

from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.report.time_words import SHORT_DAYS, name_zone, show_clock, show_utc
from pytest_mlschedule.schedules.models import Trigger
from pytest_mlschedule.triggers.dst_surprises import DstSurprise
from pytest_mlschedule.triggers.window import to_epoch


def describe_surprise(surprise: DstSurprise, trigger: Trigger, profile: ServiceProfile = DEFAULT_PROFILE) -> str:
    """``Sun 2027-03-14: 02:30 does not exist, it moves to 03:30 Pacific (2027-03-14T10:30:00Z)``."""
    wall, number = surprise.wall, surprise.wall_times
    clock = show_clock(wall.hour, wall.minute, wall.second)
    fate = _gap(surprise, trigger) if surprise.kind == "gap" else _fold(surprise, profile)
    subject = clock if number == 1 else f"{number} times from {clock} on"
    return f"{SHORT_DAYS[wall.weekday()]} {wall:%Y-%m-%d}: {subject} {fate}"


def _gap(surprise: DstSurprise, trigger: Trigger) -> str:
    one = surprise.wall_times == 1
    start = "does not exist, it" if one else "do not exist, they"
    if surprise.instant is None:
        return f"{start} {'is' if one else 'are'} skipped"
    wall = trigger.zone.wall(to_epoch(surprise.instant))
    moved = f"{show_clock(wall.hour, wall.minute, wall.second)} {name_zone(trigger.time_zone)} ({show_utc(surprise.instant)})"
    if one:
        return f"{start} moves to {moved}"
    return f"{start} move to {moved} and on, and run once where another run is due"


def _fold(surprise: DstSurprise, profile: ServiceProfile) -> str:
    one = surprise.wall_times == 1
    start = "comes twice, it runs" if one else "come twice, they run"
    if profile.fold == "both":
        return f"{start} both times"
    if not one:
        return f"{start} the {profile.fold} time only: the {'repeated' if profile.fold == 'first' else 'first'} hour is silent"
    at = "" if surprise.instant is None else f" ({show_utc(surprise.instant)})"
    return f"{start} once, the {profile.fold} time{at}"
