"""Which wall times a recurrence means, once its anchor is known (semantics RC-3 to RC-8)."""

from __future__ import annotations

from typing import Literal, Protocol

from pytest_mlschedule.triggers.day_times import DayTimes, day_times
from pytest_mlschedule.triggers.elapsed import ElapsedOccurrences
from pytest_mlschedule.triggers.month_patterns import STARTS, MonthPattern, month_of, sheet_days
from pytest_mlschedule.triggers.recurrence_pattern import WEEK_DAYS, RecurrencePattern
from pytest_mlschedule.triggers.trigger_base import Anchor
from pytest_mlschedule.triggers.wall_patterns import WallPattern, day_pattern

WeekStart = Literal["monday", "sunday"]


class Recurrence(Protocol):
    """The fields of a recurrence trigger that decide its days and times."""

    @property
    def frequency(self) -> str:
        """day, week or month."""

    @property
    def interval(self) -> int:
        """How many of them lie between."""

    @property
    def schedule(self) -> RecurrencePattern | None:
        """The pattern, None for none."""


def elapsed_occurrences(frequency: str, interval: int, anchor: int, limits: tuple[int, int]) -> ElapsedOccurrences:
    """Every so many minutes or hours of elapsed time from an epoch, within (first, stop) (DST-4, RC-3)."""
    return ElapsedOccurrences(anchor, interval * (60 if frequency == "minute" else 3600), *limits)


def recurrence_pattern(recurrence: Recurrence, anchor: Anchor, week_start: WeekStart) -> WallPattern:
    """The wall times of a day, week or month recurrence that counts from an anchor."""
    times = _times(recurrence.schedule, anchor)
    if recurrence.frequency == "day":
        return day_pattern(times, recurrence.interval, anchor.day % recurrence.interval)
    if recurrence.frequency == "week":
        return _week_pattern(recurrence, times, anchor.day, week_start)
    schedule = recurrence.schedule
    weekdays = tuple(WEEK_DAYS.index(day) for day in schedule.week_days) if schedule else ()
    month_days = schedule.month_days if schedule else ()
    if not weekdays and not month_days:
        month_days = (anchor.day - STARTS[month_of(anchor.day)] + 1,)
    return MonthPattern(times, recurrence.interval, anchor.day, sheet_days(month_days, weekdays))


def _times(schedule: RecurrencePattern | None, anchor: Anchor) -> DayTimes:
    """The pattern's times of day at second 0; what it leaves out comes from the anchor, all of it without a pattern."""
    hour, minute = anchor.second // 3600, anchor.second // 60 % 60
    if schedule is None:
        return day_times((hour,), (minute,), anchor.second % 60)
    return day_times(schedule.hours or (hour,), schedule.minutes or (minute,))


def _week_pattern(recurrence: Recurrence, times: DayTimes, anchor_day: int, week_start: WeekStart) -> WallPattern:
    """Days of the weeks at multiples of the interval from the week that holds the anchor (RC-7)."""
    weekday = (anchor_day + 3) % 7  # 0 = Monday; 1970-01-01 was a Thursday
    named = recurrence.schedule.week_days if recurrence.schedule else ()
    shift = 0 if week_start == "monday" else 1  # days from the start of the week to its Monday
    places = sorted((WEEK_DAYS.index(day) + shift) % 7 for day in named) or [(weekday + shift) % 7]
    period = 7 * recurrence.interval
    first_day = anchor_day - (weekday + shift) % 7
    return day_pattern(times, period, first_day % period, tuple(places))
