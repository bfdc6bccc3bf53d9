"""The oracle: occurrences found by walking over wall-clock days and minutes with datetime and zoneinfo alone.

Slow and simple on purpose. It shares no code with the engine but the zone data (tzdata's files, read by zoneinfo).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@cache
def zone_info(key: str) -> ZoneInfo:
    with resources.files("tzdata").joinpath("zoneinfo", *key.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A trigger, already in simple values, and how it is asked.

    ``start``/``end``: naive (wall clock) or aware; ``created``: aware. Cron: frequency "cron" with hours, minutes and
    week_days. ``hours is None``: no pattern.
    """

    key: str
    frequency: str
    created: datetime
    interval: int = 1
    start: datetime | None = None
    end: datetime | None = None
    hours: frozenset[int] | None = None
    minutes: frozenset[int] = frozenset()
    week_days: frozenset[str] = frozenset()
    month_days: frozenset[int] = frozenset()
    gap: str = "shift"
    fold: str = "first"
    week_start: str = "monday"
    end_inclusive: bool = True
    instant: bool = False
    facts: dict[str, object] = field(default_factory=dict, compare=False)


def occurrences(question: Question, start: int, end: int) -> list[int]:
    """Every occurrence in the half-open window of epochs, ascending."""
    tz = zone_info(question.key)
    created = question.created.timestamp()
    if question.start is None:
        anchor = question.created.replace(microsecond=0).astimezone(tz)
    elif question.start.tzinfo is None:
        anchor = question.start.replace(tzinfo=tz, fold=0)
    else:
        anchor = question.start.astimezone(tz)
    wall = anchor.replace(tzinfo=None, fold=0)
    earliest = max(anchor.timestamp(), created)
    patternless = question.hours is None
    if question.start is None and patternless:
        earliest = anchor.timestamp()
    found = set()
    if question.frequency in ("minute", "hour"):
        found.update(_elapsed(question, int(anchor.timestamp()), start, end))
    else:
        times = _times_of_day(question, wall)
        for day in _days(question, wall, start, end):
            for time_of_day in times:
                found.update(_instants(question, datetime.combine(day, time_of_day), tz))
        if patternless and (question.start is None or question.start.tzinfo):  # the start is an instant
            found = _with_start(found, question, anchor)
    found = {at for at in found if at >= earliest}
    if question.instant and question.start is None and not patternless:
        found.add(int(anchor.timestamp()))
    if question.end is not None:
        last = question.end.replace(tzinfo=question.end.tzinfo or tz, fold=0).timestamp()
        found = {at for at in found if at < last or (at == last and question.end_inclusive)}
    return sorted(at for at in found if start <= at < end)


def _with_start(found: set[int], question: Question, anchor: datetime) -> set[int]:
    """The start is the first occurrence, in whatever pass of a fold; its wall clock does not fire besides."""
    wall, tz = anchor.replace(tzinfo=None, fold=0), zone_info(question.key)
    if int(anchor.timestamp()) in _instants(question, wall, tz):
        return found
    passes = {int(wall.replace(tzinfo=tz, fold=fold).timestamp()) for fold in (0, 1)}
    return found - passes | {int(anchor.timestamp())}


def _elapsed(question: Question, anchor: int, start: int, end: int) -> Iterator[int]:
    step = question.interval * {"minute": 60, "hour": 3600}[question.frequency]
    moment = anchor if anchor >= start else anchor + (start - anchor) // step * step
    while moment < end:
        yield moment
        moment += step


def _days(question: Question, anchor: datetime, start: int, end: int) -> Iterator[date]:
    day = datetime.fromtimestamp(start, UTC).date() - timedelta(days=3)
    last = datetime.fromtimestamp(end, UTC).date() + timedelta(days=3)
    while day <= last:
        if _fits(question, anchor.date(), day):
            yield day
        day += timedelta(days=1)


def _fits(question: Question, anchor: date, day: date) -> bool:
    frequency, interval = question.frequency, question.interval
    named = WEEK[day.weekday()] in question.week_days
    if frequency == "cron":
        return named
    if frequency == "day":
        return (day - anchor).days % interval == 0
    if frequency == "week":
        if not (named or (not question.week_days and day.weekday() == anchor.weekday())):
            return False
        return (_week_of(question, day) - _week_of(question, anchor)).days // 7 % interval == 0
    if ((day.year - anchor.year) * 12 + day.month - anchor.month) % interval:
        return False
    if not question.week_days and not question.month_days:
        return day.day == anchor.day
    length = calendar.monthrange(day.year, day.month)[1]
    in_month = not question.month_days or day.day in question.month_days or day.day - length - 1 in question.month_days
    return in_month and (named or not question.week_days)


def _week_of(question: Question, day: date) -> date:
    """The first day of the week that holds a day."""
    while WEEK[day.weekday()] != question.week_start:
        day -= timedelta(days=1)
    return day


def _times_of_day(question: Question, anchor: datetime) -> list[time]:
    """The times of a day that fit, found minute by minute."""
    if question.hours is None:
        return [anchor.time()]
    hours = question.hours or {anchor.hour}
    minutes = question.minutes or {anchor.minute}
    return [time(hour, minute) for hour in range(24) for minute in range(60) if hour in hours and minute in minutes]


def _instants(question: Question, moment: datetime, tz: ZoneInfo) -> set[int]:
    """When a wall time fires under the policy."""
    first, second = moment.replace(tzinfo=tz).astimezone(UTC), moment.replace(tzinfo=tz, fold=1).astimezone(UTC)
    if first == second:
        return {int(first.timestamp())}
    if first > second:  # PEP 495: in a gap, fold=0 reads the time by the offset before it
        return {int(first.timestamp())} if question.gap == "shift" else set()
    chosen = {"first": {first}, "second": {second}, "both": {first, second}}[question.fold]
    return {int(at.timestamp()) for at in chosen}
