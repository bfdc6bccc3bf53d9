"""What changes of the clocks do to a schedule, in words (semantics DST-1 to DST-5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.triggers.dst_surprises import DstSurprise
from pytest_mlschedule.triggers.instant_words import FEW_TIMES, SHORT_DAYS, name_zone, show_clock, show_utc
from pytest_mlschedule.triggers.wording import list_names


class ZonedTrigger(Protocol):
    """A trigger with the name of its zone."""

    @property
    def time_zone(self) -> str: ...


def describe_surprise(surprise: DstSurprise, trigger: ZonedTrigger, profile: ServiceProfile = DEFAULT_PROFILE) -> str:
    """``Sun 2027-03-14: 02:30 does not exist, it moves to 03:30 Pacific (2027-03-14T10:30:00Z)``."""
    wall, number = surprise.wall, surprise.wall_times
    fate = _gap(surprise, trigger) if surprise.kind == "gap" else _fold(surprise, profile)
    subject = _name_times(surprise.walls) if number <= FEW_TIMES else f"{number} times from {_clock(wall)} on"
    return f"{SHORT_DAYS[wall.weekday()]} {wall:%Y-%m-%d}: {subject} {fate}"


def _gap(surprise: DstSurprise, trigger: ZonedTrigger) -> str:
    one = surprise.wall_times == 1
    start = "does not exist, it" if one else "do not exist, they"
    if surprise.instant is None:
        return f"{start} {'is' if one else 'are'} skipped"
    zone, instant = name_zone(trigger.time_zone), show_utc(surprise.instant)
    if one:
        due = ", where a run is due anyway: one run" if surprise.joined else ""
        return f"{start} moves to {_clock(surprise.wall + surprise.length)} {zone} ({instant}){due}"
    if surprise.wall_times <= FEW_TIMES:
        moved = f"{_name_times(wall + surprise.length for wall in surprise.walls)} {zone} (from {instant} on)"
    else:
        moved = f"{_clock(surprise.wall + surprise.length)} {zone} ({instant}) and on"
    if surprise.joined == surprise.wall_times:
        return f"{start} move to {moved}, where runs are due anyway: one run each"
    return f"{start} move to {moved}" + (", and run once where another run is due" if surprise.joined else "")


def _fold(surprise: DstSurprise, profile: ServiceProfile) -> str:
    one = surprise.wall_times == 1
    start = "comes twice, it runs" if one else "come twice, they run"
    if profile.fold == "both":
        return f"{start} both times"
    if not one:
        silent = "repeated" if profile.fold == "first" else "first"
        return f"{start} the {profile.fold} time only: the {silent} {_name_length(surprise.length)} silent"
    at = "" if surprise.instant is None else f" ({show_utc(surprise.instant)})"
    return f"{start} once, the {profile.fold} time{at}"


def _clock(wall: datetime) -> str:
    return show_clock(wall.hour, wall.minute, wall.second)


def _name_times(walls: Iterable[datetime]) -> str:
    return list_names(map(_clock, walls))


def _name_length(length: timedelta) -> str:
    """``hour is``, ``half hour is``, ``20 minutes are``."""
    minutes = length // timedelta(minutes=1)
    return {60: "hour is", 30: "half hour is"}.get(minutes, f"{minutes} minutes are")
