"""Whether two timetables fire alike at all supported times, and if not, when they first differ.

Nothing is enumerated but a few occurrences at the start and the days around clock changes. Between clock changes a rule is a set
of days times a set of seconds of the day, both shifted by the zone's offset; two such sets are compared as bit masks of days,
one for each group of seconds that the two rules treat alike.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pytest_mlschedule.triggers.day_times import DAY, DayTimes
from pytest_mlschedule.triggers.elapsed import ElapsedOccurrences
from pytest_mlschedule.triggers.occurrences import Occurrences, PolicyOccurrences, Segments, segments
from pytest_mlschedule.triggers.timetable import Timetable
from pytest_mlschedule.triggers.wall_patterns import WallPattern, day_pattern
from pytest_mlschedule.triggers.window import END_EPOCH, FIRST_EPOCH

_AT_ONCE = 2_000  # occurrences that are looked at one by one before sets are


class Verdict(NamedTuple):
    """``same``: whether two timetables fire alike, None where that was not decided; ``first``: the first epoch at which one alone
    fires, where they do not."""

    same: bool | None
    first: int | None = None


def same_occurrences(one: Timetable, other: Timetable) -> bool | None:
    """Whether two timetables fire at the same instants from 1970 to 2200; None where that cannot be decided."""
    return compare_timetables(one, other).same


def same_rule(one: Timetable, other: Timetable) -> bool:
    """Whether two timetables are made of the same parts, which costs next to nothing to see; False decides nothing."""
    return one.extra == other.extra and _parts(one.regular) == _parts(other.regular)


def compare_timetables(one: Timetable, other: Timetable) -> Verdict:
    """Whether two timetables fire alike from 1970 to 2200, and the first time at which one fires alone."""
    if same_rule(one, other):
        return Verdict(True)
    firsts = [side.next_epoch(FIRST_EPOCH - 1) for side in (one, other)]
    lasts = [side.previous_epoch(END_EPOCH) for side in (one, other)]
    if firsts[0] != firsts[1]:
        return Verdict(False, min(epoch for epoch in firsts if epoch is not None))
    if firsts[0] is None or lasts[0] is None or lasts[1] is None:
        return Verdict(True)
    # From the second occurrence to the last common one neither the limits of a rule count nor an extra occurrence.
    common = min(lasts)  # type: ignore[type-var]
    verdict = _compare_rules(one.regular, other.regular, firsts[0] + 1, common + 1)  # type: ignore[operator]
    if not verdict.same or lasts[0] == lasts[1]:
        return verdict
    longer = one if lasts[0] > lasts[1] else other
    return Verdict(False, longer.next_epoch(common))  # type: ignore[arg-type]


def _parts(occurrences: Occurrences) -> object:
    if isinstance(occurrences, PolicyOccurrences):
        return occurrences.rows, occurrences.pattern.signature, occurrences.first, occurrences.stop
    if isinstance(occurrences, ElapsedOccurrences):
        return occurrences.step, occurrences.first, occurrences.stop
    return occurrences


def _compare_rules(one: Occurrences, other: Occurrences, start: int, end: int) -> Verdict:
    """The same for rules without limits, in a half-open window of epochs."""
    ends = [end, *(side.select(start, _AT_ONCE) for side in (one, other))]
    near = min(epoch for epoch in ends if epoch is not None)
    first = _first_apart(one, other, start, near)
    if first is not None or near >= end:
        return Verdict(first is None, first)
    rules = _rule(one), _rule(other)
    if rules[0] is None or rules[1] is None:
        elapsed = (
            isinstance(one, ElapsedOccurrences) and isinstance(other, ElapsedOccurrences) and one.step == other.step
        )
        return Verdict(True if elapsed else None)
    first = _Sets(rules[0], rules[1], near, end).first_apart(one, other)
    return Verdict(first is None, first)


def _first_apart(one: Occurrences, other: Occurrences, start: int, end: int) -> int | None:
    """The first epoch of a window at which one of two fires alone, found one by one."""
    mine, theirs = one.epochs(start, end), other.epochs(start, end)
    return None if mine == theirs else min({*mine}.symmetric_difference(theirs))


class _Rule(NamedTuple):
    """Wall times and the segments of offset that make them instants."""

    pattern: WallPattern
    rows: Segments

    def near_clock(self, start: int, end: int) -> tuple[list[int], ...]:
        """All that the segments say about a window."""
        rows = self.rows
        low, high = bisect_right(rows.instants, start - 2 * DAY), bisect_left(rows.instants, end + 2 * DAY)
        return (
            rows.instants[low:high],
            rows.offsets[low : high + 1],
            rows.lows[low + 1 : high + 1],
            rows.highs[low:high],
        )

    def offset(self, epoch: int) -> int:
        """Seconds east of UTC."""
        return self.rows.offsets[bisect_right(self.rows.instants, epoch)]


def _rule(occurrences: Occurrences) -> _Rule | None:
    """The rule of occurrences; of elapsed time where it goes into days, or days go into it."""
    if isinstance(occurrences, PolicyOccurrences):
        return _Rule(occurrences.pattern, occurrences.rows)
    if not isinstance(occurrences, ElapsedOccurrences):
        return None
    step, first = occurrences.step, occurrences.first
    if DAY % step and step % DAY:
        return None
    times = DayTimes(tuple(range(first % min(step, DAY), DAY, step)))
    every = max(step // DAY, 1)
    return _Rule(day_pattern(times, every, first // DAY % every), segments("Etc/UTC"))


class _Sets:
    """Two rules in a window of epochs, as sets of days and of seconds of the day."""

    def __init__(self, one: _Rule, other: _Rule, start: int, end: int) -> None:
        self._rules = one, other
        self._start, self._end = start, end
        self._base, stop = start // DAY - 2, end // DAY + 3
        self._days = [tuple(rule.pattern.days(self._base, stop)) for rule in self._rules]
        self._masks: list[int] = []
        self._shifts: dict[tuple[int, int], set[tuple[int | None, int | None]]] = {}

    def first_apart(self, one: Occurrences, other: Occurrences) -> int | None:
        """The first epoch of the window at which one of the rules fires alone."""
        mine, theirs = self._rules
        clocks = [rule.near_clock(self._start, self._end) for rule in self._rules]
        if clocks[0] == clocks[1] and mine.pattern.times.seconds == theirs.pattern.times.seconds and self._same_days():
            return None
        self._masks = [_mask(days, self._base) for days in self._days]
        for first, stop, quiet in self._stretches({*clocks[0][0], *clocks[1][0]}):
            span: tuple[int, int] | None = (max(first * DAY, self._start), min(stop * DAY, self._end))
            if quiet:
                day = self._day_apart(first, stop)
                span = None if day is None else (day * DAY, (day + 1) * DAY)
            found = None if span is None else _first_apart(one, other, *span)
            if found is not None:
                return found
        return None

    def _same_days(self) -> bool:
        return self._days[0] == self._days[1]

    def _stretches(self, instants: set[int]) -> Iterator[tuple[int, int, bool]]:
        """The days (of UTC) of the window, first and stop, in turn those near clock changes and limits and the quiet ones."""
        first, last = self._start // DAY, self._end // DAY
        done = first + 1
        yield first, done, False
        for day in sorted(at // DAY for at in instants):
            near, stop = min(max(day - 1, done), last), min(day + 2, last)
            if near > done:
                yield done, near, True
            if stop > max(near, done):
                yield max(near, done), stop, False
            done = max(done, stop)
        if done < last:
            yield done, last, True
        yield max(done, last), last + 1, False

    def _day_apart(self, first: int, stop: int) -> int | None:
        """The first of some days with constant offsets on which the rules differ."""
        offsets = self._rules[0].offset(first * DAY), self._rules[1].offset(first * DAY)
        shifts = self._shifts.get(offsets)
        if shifts is None:
            shifts = self._shifts[offsets] = self._pair_shifts(offsets)
        apart = 0
        for pair in shifts:
            mine, theirs = (
                0 if shift is None else mask >> (first - shift - self._base)
                for shift, mask in zip(pair, self._masks, strict=True)
            )
            apart |= mine ^ theirs
        apart &= (1 << (stop - first)) - 1
        return first + (apart & -apart).bit_length() - 1 if apart else None

    def _pair_shifts(self, offsets: tuple[int, int]) -> set[tuple[int | None, int | None]]:
        """By how many days the offsets move seconds of the wall clock: each pair that some second of the UTC day has."""
        mine, theirs = (
            {second: day for day, second in (divmod(time - offset, DAY) for time in rule.pattern.times.seconds)}
            for rule, offset in zip(self._rules, offsets, strict=True)
        )
        return {(mine.get(second), theirs.get(second)) for second in {*mine, *theirs}}


def _mask(days: Sequence[int], base: int) -> int:
    """Bit ``day - base`` for every day."""
    bits = bytearray(b"0" * (days[-1] - base + 1)) if days else bytearray(b"0")
    for day in days:
        bits[base - day - 1] = 49  # from the end: the lowest bit is written last
    return int(bits, 2)
