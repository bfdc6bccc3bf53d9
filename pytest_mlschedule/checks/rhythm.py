"""How often and when a trigger really fires, as people say it: computed from its times, not read from its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise

from pytest_mlschedule.triggers.instant_words import SHORT_DAYS, name_zone, show_clock
from pytest_mlschedule.triggers.timetable import Timetable
from pytest_mlschedule.triggers.window import END_EPOCH
from pytest_mlschedule.triggers.wording import list_names

MINUTE, HOUR, DAY = 60, 3_600, 86_400
WEEK = 7 * DAY
_SAMPLE = 48
_SPAN = 28
_FEW = 4
_MONTH = range(28 * DAY - HOUR, 31 * DAY + HOUR + 1)


class Rhythm:
    """The times of a timetable from an epoch on: a sample of 48 occurrences, and the days of four weeks.

    Days and times of day are those of the trigger's own wall clock; days of the week count from 0 = Monday.
    """

    def __init__(self, timetable: Timetable, start: int) -> None:
        self._timetable = timetable
        last = timetable.select(start, _SAMPLE - 1)
        self.epochs = timetable.epochs_between(start, END_EPOCH if last is None else last + 1)
        self.gaps = [after - before for before, after in pairwise(self.epochs)]

    @property
    def is_known(self) -> bool:
        """Whether there are enough times to speak of a rhythm; what else is here needs that."""
        return len(self.gaps) > 1

    @property
    def is_local(self) -> bool:
        """Whether the trigger's zone is a place. Those who write their times in UTC may think of another clock."""
        return any(self._timetable.zone.offsets)

    @cached_property
    def usual_gap(self) -> int:
        """The seconds from one occurrence to the next that are most frequent; of several the shortest."""
        counts = Counter(self.gaps)
        return min(counts, key=lambda gap: (-counts[gap], gap))

    @cached_property
    def middle_gap(self) -> int:
        """The median of the distances, in seconds."""
        return sorted(self.gaps)[len(self.gaps) // 2]

    @cached_property
    def walls(self) -> list[int]:
        """The sample in wall seconds of the trigger's zone."""
        offset = self._timetable.zone.offset
        return [epoch + offset(epoch) for epoch in self.epochs]

    @cached_property
    def runs_per_day(self) -> dict[int, int]:
        """The occurrences of each day that has some, for four weeks from the first on; days count from 1970-01-01."""
        offset, first = self.walls[0] - self.epochs[0], self.walls[0] // DAY
        if self.epochs[-1] - self.epochs[0] >= _SPAN * DAY:
            days = Counter(wall // DAY for wall in self.walls)
            return {day: count for day, count in days.items() if day < first + _SPAN}
        edges = [day * DAY - offset for day in range(first, first + _SPAN + 1)]
        counts = [self._timetable.count_between(low, high) for low, high in pairwise(edges)]
        return {first + index: count for index, count in enumerate(counts) if count}

    @property
    def most_per_day(self) -> int:
        """The most occurrences of one day."""
        return max(self.runs_per_day.values())

    @cached_property
    def week_days(self) -> frozenset[int]:
        """The days of the week that have occurrences."""
        return frozenset((day + 3) % 7 for day in self.runs_per_day)

    def shift_week_days(self, seconds: int) -> frozenset[int]:
        """The same on a clock that is so many seconds ahead, as far as the sample tells."""
        return frozenset([((wall + seconds) // DAY + 3) % 7 for wall in self.walls])

    @cached_property
    def times(self) -> tuple[int, ...]:
        """The seconds of the day at which it fires, on the trigger's clock; without those that clock changes make."""
        if self.middle_gap >= DAY:
            return _frequent_times(self.walls)
        offset = self._timetable.zone.offset
        return _frequent_times(epoch + offset(epoch) for epoch in self._first_day)

    @cached_property
    def utc_times(self) -> tuple[int, ...]:
        """The same in UTC; twice as many where there is daylight saving time."""
        return _frequent_times(self.epochs if self.middle_gap >= DAY else self._first_day)

    @cached_property
    def _first_day(self) -> list[int]:
        first = self.epochs[0]
        return self._timetable.epochs_between(first, first + DAY)

    def describe(self, time_zone: str) -> str:
        """``every 30 minutes, 10 times a day``, ``once a day on Mon, Tue and Wed at 09:00 (Pacific)``."""
        words, days = self._often()
        if days and len(self.week_days) < 7:
            words += f" on {list_names(SHORT_DAYS[day] for day in sorted(self.week_days))}"
        if len(self.times) <= _FEW:
            clocks = (show_clock(time // HOUR, time // MINUTE % 60, time % MINUTE) for time in self.times)
            words += f" at {list_names(clocks)} ({name_zone(time_zone)})"
        return words

    def _often(self) -> tuple[str, bool]:
        """How often, and whether the days of the week say more."""
        if self.most_per_day > _FEW:
            unit, name = (HOUR, "hour") if self.usual_gap % HOUR == 0 else (MINUTE, "minute")
            return f"every {_count(self.usual_gap // unit, name)}, {self.most_per_day} times a day", True
        if self.middle_gap <= DAY + HOUR:
            often = {1: "once", 2: "twice"}.get(self.most_per_day, f"{self.most_per_day} times")
            return f"{often} a day", True
        if max(self.gaps) <= WEEK + HOUR and len(self.week_days) < 7:
            return "every week", True
        if self.middle_gap in _MONTH and max(self.gaps) <= _MONTH[-1]:
            return "once a month", False
        return f"about every {_count(round(self.middle_gap / DAY), 'day')}", False


def _frequent_times(seconds: Iterable[int]) -> tuple[int, ...]:
    """The seconds of the day that are not rare, ascending."""
    counts = Counter(second % DAY for second in seconds)
    most = max(counts.values())
    return tuple(sorted(time for time, count in counts.items() if count * 10 >= most))


def _count(number: int, unit: str) -> str:
    """``hour``, ``2 hours``."""
    return unit if number == 1 else f"{number} {unit}s"
