"""RecurrenceTrigger: a schedule by frequency, interval and pattern (semantics RC-1 to RC-11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple, cast, get_args

from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.triggers.field_values import cut_note, plain, read_integer, read_name, wrong_type
from pytest_mlschedule.triggers.occurrences import Occurrences
from pytest_mlschedule.triggers.recurrence_days import elapsed_occurrences, recurrence_pattern
from pytest_mlschedule.triggers.recurrence_pattern import PATTERN_KEYS, RecurrencePattern
from pytest_mlschedule.triggers.timestamps import Timestamp
from pytest_mlschedule.triggers.trigger_base import (
    Anchor,
    Limits,
    Trigger,
    refuse_errors,
    settle_limits,
)
from pytest_mlschedule.triggers.wall_occurrences import wall_occurrences
from pytest_mlschedule.triggers.wording import list_names, nearest, quote

Frequency = Literal["minute", "hour", "day", "week", "month"]
FREQUENCIES: tuple[Frequency, ...] = get_args(Frequency)
LARGEST_INTERVAL = {"minute": 72_000, "hour": 12_000, "day": 500, "week": 71, "month": 16}
"""RC-2, from the limits of Logic Apps, which hosts every schedule."""


_SMALLEST = "write 1 for every one, 2 for every second one, and so on"
_OTHER_PERIODS = {
    "fortnight": "write week with interval 2",
    "biweek": "write week with interval 2",
    "weekday": "write week, and the days under schedule: week_days",
    "quarter": "write month with interval 3",
    "year": "write month with interval 12",
    "annual": "write month with interval 12",
}


class RecurrenceParts(NamedTuple):
    """The fields of a recurrence trigger, read; meaningful when there was no error."""

    frequency: Frequency | None
    interval: int | None
    schedule: RecurrencePattern | None
    limits: Limits


def settle_recurrence(given: Mapping[str, object], profile: ServiceProfile) -> tuple[RecurrenceParts, list[Diagnostic]]:
    """Every field of a recurrence trigger from a mapping of those that are given, and every problem with them.

    ``schedule`` may be a pattern (also the SDK's) or a mapping.
    """
    frequency, problems = _settle_frequency(given)
    interval, found = _settle_interval(given, frequency)
    problems += found
    schedule, found = _settle_schedule(given)
    problems += found
    if schedule is not None and frequency is not None:
        problems += _check_days(frequency, schedule)
    limits, found = settle_limits(given, profile)
    return RecurrenceParts(frequency, interval, schedule, limits), problems + found


def _settle_frequency(given: Mapping[str, object]) -> tuple[Frequency | None, list[Diagnostic]]:
    at = ("frequency",)
    allowed = list_names(FREQUENCIES, "or")
    if "frequency" not in given:
        return None, [error("MLS007", "a recurrence trigger needs frequency", f"add it: {allowed}", at)]
    text = read_name(given["frequency"])
    if text is None:
        return None, [wrong_type(given["frequency"], f"a frequency: {allowed}", at)]
    if text.lower() in FREQUENCIES:
        return cast("Frequency", text.lower()), []
    single = text.lower().removesuffix("s")
    near = [single] if single in FREQUENCIES else nearest(text, FREQUENCIES)
    hint = _OTHER_PERIODS.get(single.removesuffix("ly")) or (f"write {near[0]}" if near else f"write {allowed}")
    return None, [error("MLS201", f"{quote(text)} is not a frequency", hint, at)]


def _settle_interval(given: Mapping[str, object], frequency: Frequency | None) -> tuple[int | None, list[Diagnostic]]:
    at = ("interval",)
    if "interval" not in given:
        return None, [error("MLS007", "a recurrence trigger needs interval", "add it, for example interval: 1", at)]
    value = given["interval"]
    number = read_integer(value)
    if number is None and value is None:
        return None, [wrong_type(value, "a whole number", at)]
    if number is None or number < 1:
        return None, [error("MLS202", f"{quote(value)} is not a whole number of 1 or more", _SMALLEST, at)]
    if frequency is not None and number > LARGEST_INTERVAL[frequency]:
        most = LARGEST_INTERVAL[frequency]
        message = f"interval {quote(number)} is above the limit for frequency {frequency}, {most:,}"
        return None, [error("MLS203", message, _longer_period(frequency), at)]
    return number, cut_note(plain(value), number, at)


def _longer_period(frequency: Frequency) -> str:
    longer = FREQUENCIES[FREQUENCIES.index(frequency) + 1 :]
    if not longer:
        return "there is no longer period: let a yearly schedule start the job, and the job look at the date"
    return f"choose a larger frequency with a smaller interval: {list_names(longer, 'or')}"


def _settle_schedule(given: Mapping[str, object]) -> tuple[RecurrencePattern | None, list[Diagnostic]]:
    if "schedule" not in given:
        return None, []
    value = given["schedule"]
    if isinstance(value, RecurrencePattern):
        return value, [problem.under("schedule") for problem in value.diagnostics]
    if not isinstance(value, Mapping):
        if not all(hasattr(value, key) for key in PATTERN_KEYS):
            return None, [wrong_type(value, "a mapping with hours and minutes", ("schedule",))]
        found = {key: getattr(value, key) for key in PATTERN_KEYS}  # azure.ai.ml.entities.RecurrencePattern
        value = {key: item for key, item in found.items() if item is not None}
    try:
        pattern = RecurrencePattern.from_mapping(value)
    except DefinitionError as refused:
        return None, [problem.under("schedule") for problem in refused.diagnostics]
    return pattern, [problem.under("schedule") for problem in pattern.diagnostics]


def _check_days(frequency: Frequency, schedule: RecurrencePattern) -> list[Diagnostic]:
    """RC-9: which parts of a pattern a frequency takes."""
    if schedule.is_empty:
        return []
    if frequency in ("minute", "hour"):
        message = f"a pattern does not go with frequency {frequency}: it is for day, week and month"
        hint = 'remove schedule, or use frequency day, or a cron trigger such as "*/15 9-17 * * *"'
        return [error("MLS205", message, hint, ("schedule",))]
    problems = []
    if schedule.week_days and frequency == "day":
        message, hint = "week_days does not go with frequency day", "use frequency week"
        problems.append(error("MLS206", message, hint, ("schedule", "week_days")))
    if schedule.month_days and frequency != "month":
        message, hint = f"month_days does not go with frequency {frequency}", "use frequency month"
        problems.append(error("MLS206", message, hint, ("schedule", "month_days")))
    return problems


@dataclass(frozen=True, init=False)
class RecurrenceTrigger(Trigger):
    """Fires every ``interval`` minutes, hours, days, weeks or months, on the wall clock of a time zone.

    ``schedule``: the pattern of times and days, None (also for an empty pattern) to count from the start alone.
    ``start_time``, ``end_time``: texts as in YAML, or datetimes; None when left out. ``time_zone``: a Windows time zone
    name or a member of the SDK's TimeZone enum. Raises DefinitionError with every problem at once.

    ``diagnostics`` holds warnings and notes, ``start`` and ``end`` the times read.
    """

    frequency: Frequency
    interval: int
    schedule: RecurrencePattern | None
    start_time: str | None = field(compare=False)
    end_time: str | None = field(compare=False)
    time_zone: str
    start: Timestamp | None = field(init=False, repr=False)
    end: Timestamp | None = field(init=False, repr=False)
    zone_key: str = field(init=False, repr=False, compare=False)
    diagnostics: tuple[Diagnostic, ...] = field(init=False, repr=False, compare=False)

    def __init__(
        self,
        frequency: str,
        interval: int,
        schedule: RecurrencePattern | None = None,
        start_time: str | datetime | None = None,
        end_time: str | datetime | None = None,
        time_zone: str = "UTC",
        profile: ServiceProfile = DEFAULT_PROFILE,
    ) -> None:
        optional = {"schedule": schedule, "start_time": start_time, "end_time": end_time, "time_zone": time_zone}
        given = {key: value for key, value in optional.items() if value is not None}
        self._settle({"frequency": frequency, "interval": interval, **given}, profile)

    def _settle(self, given: Mapping[str, object], profile: ServiceProfile) -> None:
        parts, problems = settle_recurrence(given, profile)
        diagnostics = refuse_errors(problems)
        start, end, match = parts.limits
        self.__dict__.update(
            frequency=parts.frequency,
            interval=parts.interval,
            schedule=None if parts.schedule is None or parts.schedule.is_empty else parts.schedule,
            start_time=start and start.text,
            end_time=end and end.text,
            time_zone=match.name,
            start=start,
            end=end,
            zone_key=match.key,
            diagnostics=diagnostics,
        )

    @property
    def type(self) -> Literal["recurrence"]:
        """The kind of trigger, as YAML writes it."""
        return "recurrence"

    @property
    def has_pattern(self) -> bool:
        """Whether there is a pattern; without one the trigger counts from its start."""
        return self.schedule is not None

    def _occurrences(self, anchor: Anchor, first: int, stop: int, profile: ServiceProfile) -> Occurrences:
        if self.frequency in ("minute", "hour"):
            return elapsed_occurrences(self.frequency, self.interval, anchor.instant, (first, stop))
        if self.schedule is None and self._in_silent_pass(anchor, profile):
            first = max(first, self.zone.to_epochs(anchor.wall)[-1] + 1)  # the other pass would be the start again
        pattern = recurrence_pattern(self, anchor, profile.week_start)
        return wall_occurrences(pattern, self.zone_key, (first, stop), profile)
