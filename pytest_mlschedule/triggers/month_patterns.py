"""Wall times on some days of every n-th month (semantics RC-3, RC-8), by rank and select like ``wall_patterns``."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from functools import lru_cache
from itertools import accumulate

from pytest_mlschedule.triggers.day_times import DAY, DayTimes
from pytest_mlschedule.triggers.window import FIRST_YEAR, LAST_YEAR

_FIRST = FIRST_YEAR - 1  # a year of margin on both sides: local dates differ from UTC dates
_YEARS = range(_FIRST, LAST_YEAR + 2)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
STARTS = [date(year, month, 1).toordinal() - _EPOCH_ORDINAL for year in _YEARS for month in range(1, 13)]
"""The first day of every month, in days from 1970-01-01, from January 1969 on."""
_MIDNIGHTS = [day * DAY for day in STARTS]
_LENGTHS = [b - a for a, b in zip(STARTS, [*STARTS[1:], STARTS[-1] + 31], strict=True)]
# A month looks like one of 28 calendar sheets: its length and the weekday (0 = Monday) of its first day.
SHEETS = [(length - 28) * 7 + (start + 3) % 7 for start, length in zip(STARTS, _LENGTHS, strict=True)]


def month_of(day: int) -> int:
    """The index in STARTS of the month that holds a day; the linear guess is off by one at most."""
    guess = (day - STARTS[0]) * 4800 // 146_097
    if STARTS[guess] > day:
        return guess - 1
    if guess + 1 < len(STARTS) and STARTS[guess + 1] <= day:
        return guess + 1
    return guess


@lru_cache(maxsize=1024)
def sheet_days(month_days: tuple[int, ...], weekdays: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """For each of the 28 calendar sheets the days of the month that fit, counted from 0, ascending.

    ``month_days``: 1 to 31, or -1 to -31 from the month's end; ``weekdays``: 0 = Monday. Empty means any; a day must
    satisfy both. Days that a month lacks are left out.
    """
    sheets = []
    for length in (28, 29, 30, 31):
        chosen = {number - 1 if number > 0 else length + number for number in month_days} or set(range(length))
        days = sorted(day for day in chosen if 0 <= day < length)
        for first in range(7):
            sheets.append(tuple(day for day in days if not weekdays or (first + day) % 7 in weekdays))
    return tuple(sheets)


@lru_cache(maxsize=1024)
def _ranks(every: int, first_month: int, day_counts: tuple[int, ...]) -> tuple[int, ...]:
    """How many chosen days lie before each chosen month; one entry more than there are chosen months."""
    return tuple(accumulate((day_counts[sheet] for sheet in SHEETS[first_month::every]), initial=0))


class MonthPattern:
    """The times on the chosen days of every ``every``-th month, counted from the month of ``anchor_day``."""

    __slots__ = ("_days", "_every", "_first", "_rank_table", "times")

    def __init__(self, times: DayTimes, every: int, anchor_day: int, days: tuple[tuple[int, ...], ...]) -> None:
        self.times = times
        self._every = every
        self._first = month_of(anchor_day) % every
        self._days = days
        self._rank_table: tuple[int, ...] | None = None

    def _ranks(self) -> tuple[int, ...]:
        if self._rank_table is None:
            self._rank_table = _ranks(self._every, self._first, tuple(map(len, self._days)))
        return self._rank_table

    def _day_rank(self, day: int) -> tuple[int, bool]:
        """How many chosen days lie before a day, and whether it is one."""
        month = month_of(day)
        cycle, beside = divmod(month - self._first, self._every)
        table = self._ranks()
        if beside:
            return table[cycle + 1], False
        days = self._days[SHEETS[month]]
        place = bisect_left(days, day - STARTS[month])
        return table[cycle] + place, place < len(days) and days[place] == day - STARTS[month]

    def rank(self, wall: int) -> int:
        """See WallPattern; O(log months)."""
        day, second = divmod(wall, DAY)
        days, chosen = self._day_rank(day)
        rank = days * self.times.count
        return rank + bisect_left(self.times.seconds, second) if chosen else rank

    def select(self, index: int) -> int | None:
        """See WallPattern; O(log months). None before 1969 and after 2201."""
        table = self._ranks()
        day_index, place = divmod(index, self.times.count)
        if not 0 <= day_index < table[-1]:
            return None
        cycle = bisect_right(table, day_index) - 1
        month = self._first + cycle * self._every
        day = STARTS[month] + self._days[SHEETS[month]][day_index - table[cycle]]
        return day * DAY + self.times.seconds[place]

    def first_from(self, wall: int) -> int | None:
        """See WallPattern; O(log months)."""
        return self.select(self.rank(wall))

    def has_day(self, day: int) -> bool:
        """See WallPattern."""
        return self._day_rank(day)[1]

    def walls(self, start: int, stop: int) -> list[int]:
        """See WallPattern."""
        if stop <= start:
            return []
        first, last = month_of(start // DAY), month_of((stop - 1) // DAY)
        first += (self._first - first) % self._every
        chosen = slice(first, last + 1, self._every)
        time = self.times.seconds[0] if self.times.count == 1 else 0
        places = [[day * DAY + time for day in days] for days in self._days]
        months = zip(_MIDNIGHTS[chosen], SHEETS[chosen], strict=True)
        days = [midnight + place for midnight, sheet in months for place in places[sheet]]
        walls = [day + second for day in days for second in self.times.seconds] if self.times.count > 1 else days
        return walls[bisect_left(walls, start) : bisect_left(walls, stop)]

    def days(self, first: int, stop: int) -> list[int]:
        """See WallPattern."""
        begin, last = month_of(first), month_of(stop - 1)
        begin += (self._first - begin) % self._every
        months = range(begin, last + 1, self._every)
        return [
            day
            for month in months
            for place in self._days[SHEETS[month]]
            if first <= (day := STARTS[month] + place) < stop
        ]

    @property
    def signature(self) -> tuple[object, ...]:
        """See WallPattern."""
        return self.times.seconds, self._every, self._first, self._days
