"""Times of day and days in words, and those of ``triggers.instant_words``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pytest_mlschedule.triggers.instant_words import (
    DAY_NAMES,
    FEW_TIMES,
    SHORT_DAYS,
    name_zone,
    show_clock,
    show_local,
    show_utc,
    show_wall,
)
from pytest_mlschedule.triggers.wording import list_names

__all__ = [
    "DAY_NAMES",
    "FEW_TIMES",
    "LISTED_TIMES",
    "SHORT_DAYS",
    "count_unit",
    "name_clock",
    "name_hours",
    "name_minutes",
    "name_numbers",
    "name_times",
    "name_weekdays",
    "name_zone",
    "show_clock",
    "show_local",
    "show_utc",
    "show_wall",
]
LISTED_TIMES = 12


def name_clock(time_zone: str) -> str:
    """``Pacific time``; ``UTC`` and its offsets as they are."""
    name = name_zone(time_zone)
    return name if name.startswith("UTC") else f"{name} time"


def name_weekdays(days: Sequence[int]) -> str:
    """``every day``, ``Monday to Friday``, ``every Monday and Friday``; ascending, 0 = Monday."""
    if len(days) == 7:
        return "every day"
    if len(days) > 2 and _contiguous(days):
        return f"{DAY_NAMES[days[0]]} to {DAY_NAMES[days[-1]]}"
    return "every " + list_names(DAY_NAMES[day] for day in days)


def name_times(hours: Sequence[int], minutes: Sequence[int]) -> str:
    """When in a day: ``at 03:00``, ``every 5 minutes``, ``every 15 minutes from 09:00 to 17:45``. Both ascending.

    Those that begin with "every" speak of the whole day.
    """
    step = _minute_step(minutes)
    if len(hours) == 24:
        return _name_hourly(minutes, step)
    first, last = show_clock(hours[0], minutes[0]), show_clock(hours[-1], minutes[-1])
    if len(hours) > 1 and _contiguous(hours) and step and len(hours) * len(minutes) > FEW_TIMES:
        return f"{count_unit(step, 'minute')} from {first} to {last}"
    if len(minutes) == 1 and len(hours) >= FEW_TIMES and (apart := _distance(hours)):
        return f"{count_unit(apart, 'hour')} from {first} to {last}"
    if len(hours) * len(minutes) <= LISTED_TIMES:
        return "at " + list_names(show_clock(hour, minute) for hour in hours for minute in minutes)
    if step:
        return f"{_name_step(minutes, step)} in {name_hours(hours)}"
    return f"{len(hours) * len(minutes)} times, at {name_minutes(minutes)} of {name_hours(hours)},"


def count_unit(number: int, unit: str) -> str:
    """``every day``, ``every 3 days``."""
    return f"every {unit}" if number == 1 else f"every {number} {unit}s"


def name_minutes(minutes: Sequence[int]) -> str:
    """``minute 15``, ``minutes 0 and 30``."""
    return name_numbers("minute", minutes)


def name_hours(hours: Sequence[int]) -> str:
    """``hour 3``, ``hours 3 and 4``, ``hours 9 to 17``."""
    return name_numbers("hour", hours)


def name_numbers(unit: str, numbers: Sequence[int]) -> str:
    """``day 1``, ``days 1 and 15``, ``days 1 to 7``; ascending."""
    if len(numbers) > 2 and _contiguous(numbers):
        return f"{unit}s {numbers[0]} to {numbers[-1]}"
    return (f"{unit}s " if len(numbers) > 1 else f"{unit} ") + list_names(map(str, numbers))


def _name_hourly(minutes: Sequence[int], step: int) -> str:
    if step:
        return _name_step(minutes, step)
    if len(minutes) == 1:
        return f"every hour at minute {minutes[0]}" if minutes[0] else "every hour"
    return f"every hour at {name_minutes(minutes)}"


def _name_step(minutes: Sequence[int], step: int) -> str:
    return count_unit(step, "minute") + (f" from minute {minutes[0]} on" if minutes[0] else "")


def _minute_step(minutes: Sequence[int]) -> int:
    """The distance of minutes that go around the hour evenly; 0 where they do not."""
    step = _distance(minutes)
    return step if step and len(minutes) * step == 60 and minutes[0] < step else 0


def _distance(values: Sequence[int]) -> int:
    """The distance of values that are evenly apart; 0 where they are not, or where there is one alone."""
    distances = {b - a for a, b in pairwise(values)}
    return distances.pop() if len(distances) == 1 else 0


def _contiguous(values: Sequence[int]) -> bool:
    return _distance(values) == 1
