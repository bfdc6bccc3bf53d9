"""A plan as two heat maps of text: runs by day, weeks side by side, and runs by hour and weekday.

A cell holds the number of its runs where there is room for it, else a digit that a legend explains. On a terminal colours are
added; they say nothing that the text does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from pytest_mlschedule.planning.forecasts import Forecast, forecast
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.report.listing import Listing, summarize
from pytest_mlschedule.report.time_words import SHORT_DAYS, name_zone
from pytest_mlschedule.report.wrapping import wrap_line
from pytest_mlschedule.triggers.wording import list_names
from pytest_mlschedule.triggers.zones import Transition, resolve_zone, zone

WIDTH = 80
LEVELS = 9
SHOWN_CHANGES = 8
SHOWN_ZONES = 4
SHOWN_SCHEDULES = 10
_LABEL = 5  # columns before the cells: of a weekday, or a year
_CELL = 3  # columns of a cell where there is room: a day of the month or an hour stands above it
_HOURS = 24
_FIRST_DAY = date(1970, 1, 1)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Week = list[date]  # the days of one week that are shown
Changes = Mapping[date, Mapping[str, Sequence[str]]]  # what clocks do on a day, and in which zones


class Piece(NamedTuple):
    """A part of a line. ``level``: of a cell, 0 for no runs to 9 for the most; ``marked``: a day on which clocks change."""

    text: str
    level: int | None = None
    marked: bool = False


Line = list[Piece]


class _Scale(NamedTuple):
    """How numbers up to ``most`` are shown in cells of ``width`` columns."""

    most: int
    width: int

    @classmethod
    def fitting(cls, most: int, columns: int, room: int) -> _Scale:
        """Cells for the numbers themselves where they fit side by side, else as wide as there is room."""
        wanted = max(len(str(most)) + 1, _CELL)
        return cls(most, wanted if wanted * columns <= room else max(1, min(room // columns, _CELL)))

    @property
    def is_exact(self) -> bool:
        """Whether the numbers themselves are shown: with a blank before them, or alone."""
        return len(str(self.most)) <= max(self.width - 1, 1)

    def cell(self, number: int, *, marked: bool = False) -> Piece:
        """The cell of a number."""
        level = -(-number * LEVELS // self.most)
        text = str(number if self.is_exact else level) if number else "."
        return Piece(text.rjust(self.width), level, marked)

    def legend(self, room: int) -> Iterator[Line]:
        """What cells mean, in lines of so many columns."""
        margin = Piece(" " * _LABEL)
        if self.is_exact:
            yield [margin, Piece("numbers are runs, "), Piece(".", 0), Piece(" is none")]
            return
        line = [margin, Piece(".", 0), Piece(" none")]
        for level in range(1, LEVELS + 1):
            low, high = ((step * self.most // LEVELS) for step in (level - 1, level))
            entry = [Piece("  "), Piece(str(level), level), Piece(f" {low + 1:,}-{high:,}")]
            if sum(len(piece.text) for piece in (*line, *entry)) > room:
                yield line
                line, entry = [margin], entry[1:]
            line += entry
        yield line


def write_calendar(listing: Listing) -> Iterator[str]:
    """The lines without colours, 80 columns wide."""
    for line in draw_calendar(listing, WIDTH):
        yield "".join(piece.text for piece in line).rstrip() + "\n"


def draw_calendar(listing: Listing, width: int) -> Iterator[Line]:
    """Both heat maps in so many columns, the clock changes of the window, and what it all amounts to."""
    name = listing.zone_name or "UTC"
    found = forecast(listing.plan, zone=name)
    if found.runs:
        changes = _find_changes(listing.plan, found)
        yield [Piece(f"Runs by day in {name}" + ("" if listing.zone_name else " (--zone shows another zone)"))]
        yield from _draw_days(found.by_day, changes, width)
        yield from ([Piece(line)] for line in _describe_changes(changes))
        yield [Piece("")]
        yield [Piece(f"Runs by hour and weekday in {name}")]
        yield from _draw_hours(found.by_hour_of_week, width)
        yield [Piece("")]
    summary = [summarize(listing)[0], *_name_busiest(found.count_by_schedule)]
    yield from ([Piece(line)] for text in summary for line in wrap_line(text, width))


def _draw_days(by_day: Mapping[date, int], changes: Changes, width: int) -> Iterator[Line]:
    bands = _divide(list(by_day), width - _LABEL)
    scale = _Scale.fitting(max(by_day.values()), max(map(len, bands)), width - _LABEL)
    for weeks in bands:
        yield from _head_band(weeks, scale.width)
        for weekday, name in enumerate(SHORT_DAYS):
            days = (next((day for day in week if day.weekday() == weekday), None) for week in weeks)
            cells = (
                scale.cell(by_day[day], marked=day in changes) if day else Piece(" " * scale.width) for day in days
            )
            yield [Piece(name.ljust(_LABEL)), *cells]
        marks = "".join(("^" if changes.keys() & set(week) else "").rjust(scale.width) for week in weeks)
        if marks.strip():
            yield [Piece(" " * _LABEL + marks)]
    yield from scale.legend(width)
    yield _name_most([f"{SHORT_DAYS[day.weekday()]} {day}" for day in by_day], list(by_day.values()), "days")


def _divide(days: Sequence[date], room: int) -> list[list[Week]]:
    """The weeks in bands, a column for each: all where there is room, else by year, else as many as there is room for."""
    weeks = _weeks(days)
    if len(weeks) <= room:
        return [weeks]
    years = [_weeks(year) for _, year in groupby(days, key=attrgetter("year"))]
    return [year[first : first + room] for year in years for first in range(0, len(year), room)]


def _weeks(days: Iterable[date]) -> list[Week]:
    return [list(week) for _, week in groupby(days, key=_monday)]


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


def _head_band(weeks: Sequence[Week], width: int) -> Iterator[Line]:
    """The months above the weeks in which they begin, the year of the first; where there is room the first date of each week."""
    starts = {0: weeks[0][0]} | {place: day for place, week in enumerate(weeks) for day in week if day.day == 1}
    shown: list[tuple[int, date]] = []
    for place, day in starts.items():
        column = place * width + (width > 1)
        if shown and column <= shown[-1][0] + len("Jan"):
            shown.pop()
        shown.append((column, day))
    line = str(shown[0][1].year)
    for column, day in shown:
        line = line.ljust(_LABEL + column) + _MONTHS[day.month - 1]
    yield [Piece(line)]
    if width >= _CELL:
        dates = (str(week[0].day).rjust(width) for week in weeks)
        yield [Piece(" " * _LABEL + "".join(dates))]


def _draw_hours(by_hour: Sequence[int], width: int) -> Iterator[Line]:
    scale = _Scale.fitting(max(by_hour), _HOURS, width - _LABEL)
    every = -(-_CELL // scale.width)
    head = "".join(
        f"{hour:02}".rjust(scale.width).ljust(scale.width * every)[: scale.width * every]
        for hour in range(0, _HOURS, every)
    )
    yield [Piece(" " * _LABEL + head)]
    for weekday, name in enumerate(SHORT_DAYS):
        row = by_hour[weekday * _HOURS : (weekday + 1) * _HOURS]
        yield [Piece(name.ljust(_LABEL)), *map(scale.cell, row)]
    yield from scale.legend(width)
    yield _name_most([f"{day} {hour:02}:00" for day in SHORT_DAYS for hour in range(_HOURS)], by_hour, "hours")


def _name_most(names: Sequence[str], numbers: Sequence[int], unit: str) -> Line:
    """``most: 288 (Mon 2026-03-02 and 6 more days)``."""
    most = max(numbers)
    others = numbers.count(most) - 1
    more = f" and {others:,} more {unit if others > 1 else unit[:-1]}" if others else ""
    return [Piece(f"{' ' * _LABEL}most: {most:,} ({names[numbers.index(most)]}{more})")]


def _name_busiest(counts: Mapping[str, int]) -> Iterator[str]:
    """``hourly 168, nightly 7 and 3 more``, the most runs first; nothing for one schedule alone."""
    ordered = sorted(counts, key=lambda name: (-counts[name], name))
    more = len(ordered) - SHOWN_SCHEDULES
    if len(ordered) > 1:
        shown = ", ".join(f"{name} {counts[name]:,}" for name in ordered[:SHOWN_SCHEDULES])
        yield shown + (f" and {more:,} more" if more > 0 else "")


def _find_changes(plan: Plan, found: Forecast) -> Changes:
    """The clock changes of the zone that is shown and of those of schedules that run, by day of the zone that is shown."""
    shown = zone(resolve_zone(found.zone, iana="accept").key)
    names = {shown.key: found.zone}
    for part in plan.parts:
        if found.count_by_schedule[part.source.schedule]:
            names.setdefault(part.source.zone_key, name_zone(part.time_zone))
    changes = ((change, name) for key, name in names.items() for change in zone(key).transitions(*plan.window.epochs))
    days: defaultdict[date, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for change, name in sorted(changes):
        day = _FIRST_DAY + timedelta(seconds=change.instant + shown.offset(change.instant))
        days[day][_name_change(change)].append(name)
    return days


def _name_change(change: Transition) -> str:
    """``forward 1 hour``."""
    seconds = abs(change.after - change.before)
    number, unit = (seconds // 3600, "hour") if seconds % 3600 == 0 else (seconds // 60, "minute")
    return f"{'forward' if change.kind == 'gap' else 'back'} {number} {unit}{'s' if number > 1 else ''}"


def _describe_changes(changes: Changes) -> Iterator[str]:
    """``^ Sun 2026-03-08: clocks go forward 1 hour in Pacific and Eastern``."""
    entries = [(day, how, names) for day, of_day in changes.items() for how, names in of_day.items()]
    for day, how, names in entries[:SHOWN_CHANGES]:
        more = len(names) - SHOWN_ZONES
        shown = [*names[:SHOWN_ZONES], *([f"{more} more"] if more > 0 else [])]
        yield f"   ^ {SHORT_DAYS[day.weekday()]} {day}: clocks go {how} in {list_names(shown)}"
    if len(entries) > SHOWN_CHANGES:
        yield f"   ^ and {len(entries) - SHOWN_CHANGES:,} more changes of clocks"
