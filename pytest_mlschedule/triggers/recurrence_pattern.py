"""RecurrencePattern: the times and days of a recurrence (semantics RC-4, RC-5, RC-8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

from pytest_mlschedule.diagnostics import Diagnostic, Severity, error, warning
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.triggers.field_values import (
    Path,
    cut_note,
    read_integer,
    read_name,
    settle_items,
    wrong_type,
)
from pytest_mlschedule.triggers.wording import LONGEST, list_names, nearest, quote

WEEK_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


_GROUPS_OF_DAYS = {
    **dict.fromkeys(("weekday", "weekdays", "workday", "workdays", "monday-friday", "mon-fri"), WEEK_DAYS[:5]),
    **dict.fromkeys(("weekend", "weekends"), WEEK_DAYS[5:]),
    **dict.fromkeys(("all", "daily", "every day", "everyday", "*"), WEEK_DAYS),
}


class PatternParts(NamedTuple):
    """The fields of a pattern, read: ascending numbers without duplicates; week days count from 0 = Monday."""

    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    week_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()


def settle_pattern(given: Mapping[str, object]) -> tuple[PatternParts, list[Diagnostic]]:
    """Every field of a pattern from a mapping of those that are given, and every problem (paths from the pattern)."""
    parts: dict[str, tuple[int, ...]] = {}
    problems: list[Diagnostic] = []
    for key, settle in _SETTLERS.items():
        if key in given:
            parts[key], found = settle_items(given[key], (key,), settle)
            problems += found
        elif key in REQUIRED_KEYS:
            other = "minutes" if key == "hours" else "hours"
            hint = f"add {key}; an empty list takes them from start_time"
            problems.append(error("MLS007", f"a pattern needs {key} besides {other}", hint, (key,)))
    settled = PatternParts(**parts)
    if any(day < 0 for day in settled.month_days):
        message = "negative month days count from the end of the month; Azure ML does not document them"
        hint = "check the first run on the real service"
        problems.append(warning("MLS207", message, hint, ("month_days",)))
    if settled.week_days and settled.month_days:
        message = "week_days and month_days together are not documented; here a day must satisfy both"
        problems.append(warning("MLS208", message, "keep one of them", ("week_days",)))
    return settled, problems


def _settle_number(value: object, path: Path, *, low: int, high: int, name: str) -> tuple[int | None, list[Diagnostic]]:
    number = read_integer(value)
    if number is None:
        return None, [
            _advise_list(wrong_type(value, f"a number or a list of numbers from {low} to {high}", path), value)
        ]
    if not low <= number <= high:
        hint = "write 0 for midnight" if name == "hour" and number == 24 else ""
        return None, [error("MLS204", f"{name} {quote(number)} is not in {low}-{high}", hint, path)]
    return number, cut_note(value, number, path)


def _advise_list(problem: Diagnostic, value: object) -> Diagnostic:
    """The same problem, with the list that a range or a text of several numbers means."""
    text = value if isinstance(value, str) else ""
    numbers = [int(number) for number in re.findall(r"[0-9]{1,2}", text)]
    if re.fullmatch(r"\s*[0-9]{1,2}\s*-\s*[0-9]{1,2}\s*", text) and numbers[0] < numbers[1]:
        return replace(problem, hint=f"write a list: {list(range(numbers[0], numbers[1] + 1))}")
    if re.fullmatch(r"\s*[0-9]{1,2}(?:\s*[,; ]\s*[0-9]{1,2})+\s*", text):
        return replace(problem, hint=f"write a list: {numbers}")
    if "*" in text:
        return replace(problem, hint="* is for cron expressions; write a list, or use a cron trigger")
    return problem


def _settle_month_day(value: object, path: Path) -> tuple[int | None, list[Diagnostic]]:
    number = read_integer(value)
    if number is None:
        return None, [_advise_list(wrong_type(value, "a day of the month or a list of them", path), value)]
    if number == 0 or abs(number) > 31:
        message = f"month day {quote(number)} is not in 1-31"
        return None, [error("MLS204", message, "-1 is the last day of the month" if number == 0 else "", path)]
    return number, cut_note(value, number, path)


def _settle_week_day(value: object, path: Path) -> tuple[int | None, list[Diagnostic]]:
    text = read_name(value)
    if text is None:
        problem = wrong_type(value, "the name of a week day or a list of them", path)
        return None, [replace(problem, hint=problem.hint or "write names: monday to sunday")]
    if text.lower() in WEEK_DAYS:
        return WEEK_DAYS.index(text.lower()), []
    return None, [error("MLS204", f"{quote(text)} is not a week day", _advise_week_day(text), path)]


def _advise_week_day(text: str) -> str:
    if text.lower() in _GROUPS_OF_DAYS:
        return f"write [{', '.join(_GROUPS_OF_DAYS[text.lower()])}]"
    names = [_nearest_day(part) for part in re.split(r"[,; ]+", text[:LONGEST])]
    if None in names:
        return f"write {list_names(WEEK_DAYS, 'or')}"
    return f'write "{names[0]}"' if len(names) == 1 else f"write [{', '.join(map(str, names))}]"


def _nearest_day(text: str) -> str | None:
    near = [day for day in WEEK_DAYS if len(text) > 1 and day.startswith(text.lower())] or nearest(text, WEEK_DAYS)
    return near[0] if near else None


_SETTLERS: dict[str, Callable[[object, Path], tuple[int | None, list[Diagnostic]]]] = {
    "hours": partial(_settle_number, low=0, high=23, name="hour"),
    "minutes": partial(_settle_number, low=0, high=59, name="minute"),
    "week_days": _settle_week_day,
    "month_days": _settle_month_day,
}
PATTERN_KEYS = tuple(_SETTLERS)
REQUIRED_KEYS = ("hours", "minutes")


@dataclass(frozen=True, init=False)
class RecurrencePattern:
    """The times of day, and days, at which a recurrence fires.

    Give numbers or week-day names, one or a list, in any order; they are kept ascending, without duplicates, week days
    in lower case from Monday on. Empty ``hours`` or ``minutes`` come from the start (RC-5). ``month_days``: 1 to 31, or
    -1 to -31 from the month's end. Raises DefinitionError with every problem at once.
    """

    hours: tuple[int, ...]
    minutes: tuple[int, ...]
    week_days: tuple[str, ...]
    month_days: tuple[int, ...]
    diagnostics: tuple[Diagnostic, ...] = field(init=False, repr=False, compare=False)

    def __init__(
        self,
        hours: int | Iterable[int],
        minutes: int | Iterable[int],
        week_days: str | Iterable[str] | None = None,
        month_days: int | Iterable[int] | None = None,
    ) -> None:
        values = {"hours": hours, "minutes": minutes, "week_days": week_days, "month_days": month_days}
        self._settle({key: value for key, value in values.items() if value is not None or key in REQUIRED_KEYS})

    @classmethod
    def from_mapping(cls, given: Mapping[str, object]) -> RecurrencePattern:
        """The pattern of a mapping with the same keys; others are not looked at. Raises DefinitionError."""
        made = cls.__new__(cls)
        made._settle(given)
        return made

    def _settle(self, given: Mapping[str, object]) -> None:
        parts, problems = settle_pattern(given)
        if any(problem.severity is Severity.ERROR for problem in problems):
            raise DefinitionError(problems)
        self.__dict__.update(
            hours=parts.hours,
            minutes=parts.minutes,
            week_days=tuple(WEEK_DAYS[day] for day in parts.week_days),
            month_days=parts.month_days,
            diagnostics=tuple(problems),
        )

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing: the SDK sends such a pattern where there is none (RC-5)."""
        return not (self.hours or self.minutes or self.week_days or self.month_days)
