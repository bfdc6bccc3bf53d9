"""Instants, zones and times of day in words."""

from __future__ import annotations

from datetime import UTC, datetime

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Fixed, not strftime's %a: that follows the machine's locale.
SHORT_DAYS = tuple(name[:3] for name in DAY_NAMES)
FEW_TIMES = 4
"""Up to so many are always listed."""
# The one Windows name that says something else than it means: London, summer time included.
_MISNOMERS = {"GMT Standard Time": "London"}


def show_utc(instant: datetime) -> str:
    """``2026-03-08T10:00:00Z``."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def show_local(local: datetime) -> str:
    """``Sun 2026-03-08 03:00 -07:00``, the wall clock and offset of an aware datetime; seconds where there are any."""
    offset = local.isoformat()[19 + (7 if local.microsecond else 0) :]
    return f"{SHORT_DAYS[local.weekday()]} {show_wall(local)} {offset}"


def show_wall(wall: datetime) -> str:
    """``2026-03-08 03:00``; seconds where there are any."""
    return f"{wall:%Y-%m-%d} {show_clock(wall.hour, wall.minute, wall.second)}"


def show_clock(hour: int, minute: int, second: int = 0) -> str:
    """``03:00``, or ``03:00:30``."""
    return f"{hour:02d}:{minute:02d}" + (f":{second:02d}" if second else "")


def name_zone(time_zone: str) -> str:
    """A Windows zone as people call it: ``Pacific``, ``W. Europe``, ``UTC``."""
    return _MISNOMERS.get(time_zone) or time_zone.replace(" Standard Time", "")
