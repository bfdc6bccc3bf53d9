"""What standard cron, as the library croniter reads it, would make of an expression, against what Azure ML makes of it.

They differ in DAYS and MONTHS (semantics CR-4), in ranges written backwards (CR-2) and in names (CR-3). All compared on the wall
clock: clock changes are another matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from pytest_mlschedule.triggers.ncrontab import FIELDS, CronFields, FieldKind

COMPARED_DAYS = 365
SHOWN = 3
"""So many of the first differing times are kept for each side."""
_DAY = timedelta(days=1)
# Both read these alike: values, ascending ranges, steps from * or a range, lists of them, names of three letters.
_PLAIN_ITEM = re.compile(r"(?:\*|(\d{1,2}|[a-z]{3})(?:-(\d{1,2}|[a-z]{3}))?)(?:/([1-9]\d?))?", re.IGNORECASE)


class StandardCron(NamedTuple):
    """What croniter makes of an expression: the values of each field; ``days`` None for all, ``either_day`` for cron's rule
    that a day fits by DAYS *or* by DAYS-OF-WEEK where both are written."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int] | None
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool

    def runs_on(self, month: int, day: int, weekday: int) -> bool:
        """Whether it runs on a date; the weekday counts from 0 = Sunday."""
        if month not in self.months:
            return False
        by_weekday = weekday in self.weekdays
        if self.days is None:
            return by_weekday
        return by_weekday or day in self.days if self.either_day else by_weekday and day in self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Where the two differ: the first times (naive wall clock) at which one alone runs, how often each runs in 365 days."""

    ours_alone: tuple[datetime, ...]
    theirs_alone: tuple[datetime, ...]
    ours: int
    theirs: int


@lru_cache(maxsize=4096)
def reads_alike(expression: str) -> bool:
    """Whether it is plain that both read a valid expression alike; where it is not, they may still do."""
    texts = expression.lower().split()
    if texts[2] != "*" or texts[3] != "*":
        return False
    fields = zip(FIELDS, texts, strict=True)
    return all(_is_plain(item, kind) for kind, text in fields if text != "*" for item in text.split(","))


def _is_plain(item: str, kind: FieldKind) -> bool:
    match = _PLAIN_ITEM.fullmatch(item)
    if match is None:
        return False
    first, last = (None if text is None else _value(text, kind) for text in match.groups()[:2])
    if first is None:
        return match[1] is None and match[3] is not None  # a step from *
    if last is None:
        return match[2] is None and match[3] is None
    return first < last


def _value(text: str, kind: FieldKind) -> int | None:
    """A number, or a name of three letters."""
    if text.isdecimal():
        return int(text)
    return next((kind.low + place for place, name in enumerate(kind.names) if name[:3].lower() == text), None)


@lru_cache(maxsize=4096)
def read_standard_cron(expression: str) -> StandardCron | None:
    """What croniter makes of an expression, None where it rejects it."""
    from croniter import croniter
    from croniter.croniter import CroniterError  # imported late: few need it, and it costs a tenth of a second

    try:
        found = croniter.expand(expression)[0]
    except CroniterError:
        return None
    minutes, hours, days, months, weekdays = map(_read_values, FIELDS, found)
    either = found[2][0] != "*" and found[4][0] != "*"
    return StandardCron(minutes, hours, None if "*" in found[2] and not either else days, months, weekdays, either)


def _read_values(kind: FieldKind, values: Sequence[object]) -> frozenset[int]:
    if "*" in values:
        return frozenset(range(kind.low, kind.high + 1))
    return frozenset(value for value in values if isinstance(value, int))


def compare(fields: CronFields, standard: StandardCron, start: datetime, end: datetime | None) -> Comparison | None:
    """Where they differ from one wall time (naive, included) to another (included, None for never) in the next 365 days.

    None where they do not.
    """
    ours = frozenset((hour, minute) for hour in fields.hours for minute in fields.minutes)
    theirs = frozenset((hour, minute) for hour in standard.hours for minute in standard.minutes)
    # Which of the two run on a day: the times of each alone, ascending.
    alone = {
        (True, True): (sorted(ours - theirs), sorted(theirs - ours)),
        (True, False): (sorted(ours), []),
        (False, True): ([], sorted(theirs)),
        (False, False): ([], []),
    }
    found: tuple[list[datetime], list[datetime]] = [], []
    days = [0, 0]
    for place, (month, day, weekday) in enumerate(_calendar(start.toordinal())):
        runs = weekday in fields.weekdays, standard.runs_on(month, day, weekday)
        days[0] += runs[0]
        days[1] += runs[1]
        for side, times in zip(found, alone[runs], strict=True):
            if len(side) < SHOWN and times:
                side += _between(date.fromordinal(start.toordinal() + place), times, start, end)
    if not any(found):
        return None
    return Comparison(
        ours_alone=tuple(found[0][:SHOWN]),
        theirs_alone=tuple(found[1][:SHOWN]),
        ours=days[0] * len(ours),
        theirs=days[1] * len(theirs),
    )


def _between(day: date, times: list[tuple[int, int]], start: datetime, end: datetime | None) -> list[datetime]:
    """The first times of a day that lie between start and end, both included."""
    walls = (datetime(day.year, day.month, day.day, hour, minute) for hour, minute in times)
    found = []
    for wall in walls:
        if wall >= start and (end is None or wall <= end):
            found.append(wall)
            if len(found) == SHOWN:
                break
    return found


@lru_cache(maxsize=64)
def _calendar(first: int) -> tuple[tuple[int, int, int], ...]:
    """Month, day and weekday (0 = Sunday) of the days from an ordinal on."""
    days = map(date.fromordinal, range(first, first + COMPARED_DAYS))
    return tuple((day.month, day.day, day.isoweekday() % 7) for day in days)


def find_rejected(expression: str) -> int | None:
    """The index of the first field that croniter rejects by itself; None where it is none of them alone."""
    texts = expression.split()
    for index, text in enumerate(texts):
        if read_standard_cron(" ".join(text if place == index else "*" for place in range(len(texts)))) is None:
            return index
    return None


def write_expression(*values: frozenset[int]) -> str:
    """An expression that both read alike, of minutes, hours and weekdays."""
    minutes, hours, weekdays = (
        _write_field(kind, sorted(given)) for kind, given in zip((*FIELDS[:2], FIELDS[4]), values, strict=True)
    )
    return f"{minutes} {hours} * * {weekdays}"


def _write_field(kind: FieldKind, values: list[int]) -> str:
    if len(values) == kind.high - kind.low + 1:
        return "*"
    runs: list[list[int]] = []
    for value in values:
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(map(str, run)) for run in runs)


def write_values(values: frozenset[int]) -> str:
    """``1, 15``: as a list of a recurrence pattern."""
    return ", ".join(map(str, sorted(values)))
