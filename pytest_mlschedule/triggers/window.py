"""Instants at the edge: aware datetimes and texts to epoch seconds and back, half-open windows, durations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pytest_mlschedule.errors import InstantRangeError

FIRST_YEAR, LAST_YEAR = 1970, 2200
NAIVE_EPOCH = datetime(1970, 1, 1)  # wall clocks count from here
UTC_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_EPOCH = 0
END_EPOCH = (datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC) - UTC_EPOCH) // timedelta(seconds=1)
"""The first instant after the supported years; it may end a window."""

FARTHEST_START = 49
"""So many years ahead a start may lie (ST-8)."""

_DAY = 86_400
_SECOND = timedelta(seconds=1)
# From the longest on: the order in which a duration names them.
_UNITS = {
    "y": timedelta(days=365),
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": _SECOND,
}
_DURATION = re.compile(r"\s*".join(rf"(?:(\d{{1,9}})\s*{unit})?" for unit in _UNITS), re.ASCII | re.IGNORECASE)
DURATION_FORM = "write numbers with y, w, d, h, m or s, for example 30d, 2w, 12h, 1h30m, 90s, 1y"


def check_epoch(epoch: int) -> int:
    """The epoch itself. Raises InstantRangeError outside 1970 to 2200 (semantics TZ-3)."""
    if FIRST_EPOCH <= epoch <= END_EPOCH:
        return epoch
    try:
        text = (UTC_EPOCH + timedelta(0, epoch)).isoformat()
    except OverflowError:
        text = f"{epoch} seconds after 1970"
    raise InstantRangeError(f"{text} is outside the supported years {FIRST_YEAR} to {LAST_YEAR}")


def to_epoch(instant: datetime) -> int:
    """Whole epoch seconds of an aware datetime, a fraction rounded *up*.

    Occurrences have whole seconds, so rounding both ends of a half-open window up keeps exactly its occurrences.
    Raises TypeError for a naive datetime, InstantRangeError outside 1970 to 2200.
    """
    try:
        distance = instant - UTC_EPOCH
    except TypeError:
        raise _refusal(instant) from None
    epoch = distance.days * _DAY + distance.seconds + (distance.microseconds > 0)
    return epoch if FIRST_EPOCH <= epoch <= END_EPOCH else check_epoch(epoch)


def to_epoch_floor(instant: datetime) -> int:
    """Whole epoch seconds of an aware datetime, a fraction cut. Raises like ``to_epoch``."""
    try:
        distance = instant - UTC_EPOCH
    except TypeError:
        raise _refusal(instant) from None
    epoch = distance.days * _DAY + distance.seconds
    return epoch if FIRST_EPOCH <= epoch <= END_EPOCH else check_epoch(epoch)


def _refusal(value: object) -> TypeError:
    if not isinstance(value, datetime):
        return TypeError(f"an instant is an aware datetime, not {type(value).__name__}")
    return TypeError(f"{value!r} is naive: give it a time zone, for example tzinfo=datetime.UTC")


def from_epoch(epoch: int) -> datetime:
    """The aware UTC datetime of an epoch. Raises InstantRangeError outside 1970 to 2200."""
    return UTC_EPOCH + timedelta(0, check_epoch(epoch))


def years_later(now: datetime, years: int) -> int:
    """The last whole second of a calendar span from an aware datetime on, as an epoch; it may lie after 2200."""
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return (now.replace(year=now.year + years, day=day) - UTC_EPOCH) // _SECOND


@dataclass(frozen=True, slots=True)
class Window:
    """Half-open: ``start <= t < end``, aware datetimes (semantics ST-9). Empty when ``end <= start``."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        to_epoch(self.start)
        to_epoch(self.end)

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= instant < self.end

    @property
    def epochs(self) -> tuple[int, int]:
        """Start and end in whole epoch seconds; every occurrence of the window is in them and no other."""
        return to_epoch(self.start), to_epoch(self.end)

    @property
    def duration(self) -> timedelta:
        """How long the window is; zero when empty."""
        return max(self.end - self.start, timedelta(0))


def parse_instant(text: str, zone_key: str = "UTC") -> datetime:
    """The instant (aware, UTC) of an ISO text on a command line or in an ini file.

    Without an offset it is wall clock in the IANA zone ``zone_key``, in a gap shifted forward, in a fold the first; a
    date alone is its midnight. Raises ValueError with the allowed forms, InstantRangeError outside 1970 to 2200.
    """
    from pytest_mlschedule.triggers.zones import zone

    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None or re.match(r"\d{4}-\d\d-\d\d", text.strip(), re.ASCII) is None:
        raise ValueError(
            f"{text!r} is not a time: write 2026-03-08, 2026-03-08T02:30 or 2026-03-08T02:30:00, with or without an "
            "offset (Z, -08:00)"
        )
    if moment.tzinfo is not None:
        return from_epoch(to_epoch_floor(moment)) + timedelta(microseconds=moment.microsecond)
    wall = moment - NAIVE_EPOCH
    return from_epoch(zone(zone_key).to_epoch(wall // _SECOND)) + timedelta(microseconds=moment.microsecond)


def parse_duration(text: str) -> timedelta:
    """The length of ``30d``, ``2w``, ``12h``, ``1h30m``, ``90s`` or ``1y`` (365 days), the longest unit first.

    Units may be in capitals, but for minutes: ``1M`` is a month to many. Raises ValueError with the form, OverflowError for what is
    longer than any time there is.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is not None and "M" in text:
        raise ValueError(f"{text!r} is not a duration: m is a minute, and M could be a month; write 1m, or 30d")
    if match is None or not any(match.groups()):
        raise ValueError(f"{text!r} is not a duration: {DURATION_FORM}")
    numbers = (int(number or 0) for number in match.groups())
    return sum((number * unit for number, unit in zip(numbers, _UNITS.values(), strict=True)), timedelta(0))
