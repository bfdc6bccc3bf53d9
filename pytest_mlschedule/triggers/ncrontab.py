"""The NCrontab dialect: five fields to sets of minutes, hours and weekdays (semantics CR-1 to CR-4).

The library that reads these expressions at the service differs from cron: reversed ranges are swapped, names are
prefixes, steps below 1 act as 1. Facts from https://github.com/atifaziz/NCrontab (CrontabFieldImpl, run).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from pytest_mlschedule.diagnostics import Diagnostic, Severity, error, warning
from pytest_mlschedule.triggers.wording import at_offset, list_names, quote

WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_NUMBER = re.compile(r"[0-9]+")
_YEAR = re.compile(r"[0-9]{4}\b.*")
_LONGEST = 10_000  # characters; more is an attack, not a schedule
_LONGEST_NUMBER = 9  # digits; messages quote what is longer as a text, cut
_STEP = re.compile(r"[+-]?[0-9]{1,10}")
_FORM = "MINUTES HOURS DAYS MONTHS DAYS-OF-WEEK"
_FIRST_AGAIN = {
    ("minute", "60"): "write 0 for the full hour",
    ("hour", "24"): "write 0 for midnight",
    ("weekday", "7"): "write 0 for Sunday",
}
_MACROS = {
    "@yearly": "use a recurrence trigger with frequency month and interval 12",
    "@annually": "use a recurrence trigger with frequency month and interval 12",
    "@monthly": "use a recurrence trigger with frequency month and interval 1",
    "@weekly": 'write "0 0 * * 0"',
    "@daily": 'write "0 0 * * *"',
    "@midnight": 'write "0 0 * * *"',
    "@hourly": 'write "0 * * * *"',
}


@dataclass(frozen=True, slots=True)
class FieldKind:
    """One of the five fields: its name in messages, smallest and largest value, names of values (or none)."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """The values as messages state them."""
        return f"{self.low}-{self.high}" + (" (0 is Sunday)" if self.names is WEEKDAYS else "")

    @property
    def article(self) -> str:
        """``an`` for the hour, else ``a``."""
        return "an" if self.name == "hour" else "a"

    def value_name(self, value: int) -> str:
        """``Monday`` for a weekday, ``June`` for a month, else the number."""
        return self.names[value - self.low] if self.names else str(value)


FIELDS = (
    FieldKind("minute", 0, 59),
    FieldKind("hour", 0, 23),
    FieldKind("day", 1, 31),
    FieldKind("month", 1, 12, MONTHS),
    FieldKind("weekday", 0, 6, WEEKDAYS),
)


@dataclass(frozen=True, slots=True)
class CronFields:
    """What an expression means: ascending values of each field; weekdays count from 0 = Sunday.

    ``days`` and ``months`` are what was written; Azure ML ignores them.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]


class _FieldError(Exception):
    """Why a part of a field cannot be read."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        self.code, self.message, self.hint = code, message, hint
        super().__init__(message)


@lru_cache(maxsize=1024)
def parse_ncrontab(expression: str) -> tuple[CronFields | None, tuple[Diagnostic, ...]]:
    """The fields of an expression (None when it has an error) and everything to say about it.

    Diagnostics carry the field ``("expression",)`` and the offset of the offending part: MLS101 for the number of
    fields, MLS102 for values out of range, MLS103 for DAYS and MONTHS that are ignored, MLS104 for reversed ranges,
    MLS105 for names that fit several values, MLS106 for anything else that NCrontab cannot read.
    """
    shape = _check_shape(expression)
    if shape is not None:
        return None, (shape,)
    problems: list[Diagnostic] = []
    values = [
        _parse_field(kind, match.group(), match.start(), problems)
        for kind, match in zip(FIELDS, re.finditer("[^ ]+", expression), strict=True)
    ]
    if any(problem.severity is Severity.ERROR for problem in problems):
        return None, tuple(problems)
    fields = CronFields(*map(tuple, values))
    problems += _ignored_fields(expression, fields)
    return fields, tuple(problems)


def _check_shape(expression: str) -> Diagnostic | None:
    """What is wrong with the expression as a whole, before its fields are read."""
    at = ("expression",)
    if len(expression) > _LONGEST:
        return error("MLS101", f"the expression is {len(expression):,} characters long", f"write {_FORM}", at)
    fields = [part for part in expression.split(" ") if part]
    strange = re.search(r"[^\S ]", expression)
    if strange:
        message = f"{quote(strange.group())} separates nothing: fields are separated by spaces alone"
        return at_offset(
            error("MLS101", message, f"write {_FORM} on one line with spaces between", at), strange.start()
        )
    if fields and fields[0].startswith("@"):
        hint = _MACROS.get(fields[0].lower(), f"write {_FORM}")
        return error("MLS101", f"{quote(fields[0])} is not taken: macros are not part of NCrontab", hint, at)
    if len(fields) == len(FIELDS):
        return None
    hint = f"write {_FORM}"
    if len(fields) == len(FIELDS) + 1:
        kept = " ".join(fields[:-1] if _YEAR.fullmatch(fields[-1]) else fields[1:])
        if parse_ncrontab(kept)[0] is None:
            hint += "; the items of a list have commas between them and no spaces"
        else:
            hint = f"there is no field for seconds or years; {hint}, for example {quote(kept)}"
    count = "1 field" if len(fields) == 1 else f"{len(fields)} fields"
    return error("MLS101", f"{quote(expression)} has {count}; a cron expression has exactly 5", hint, at)


def _parse_field(kind: FieldKind, text: str, offset: int, problems: list[Diagnostic]) -> list[int]:
    """The ascending values of a field; problems are added to the list."""
    values: set[int] = set()
    place = offset
    for item in text.split(","):
        try:
            values |= _parse_item(kind, item, place, problems)
        except _FieldError as problem:
            found = error(problem.code, problem.message, problem.hint, ("expression",))
            problems.append(at_offset(found, place))
        place += len(item) + 1
    return sorted(values)


def _parse_item(kind: FieldKind, item: str, offset: int, problems: list[Diagnostic]) -> set[int]:
    """The values of one item of a list: ``*``, a value or a range, with or without a step."""
    if not item:
        raise _FieldError("MLS106", f"an item of the {kind.name} field is empty", "remove the extra comma")
    body, slash, step_text = item.partition("/")
    if slash and not (body and _STEP.fullmatch(step_text) and abs(int(step_text)) < 2**31):
        raise _FieldError("MLS106", f"{quote(item)} has no whole number after /", "write a step such as */5 or 0-30/10")
    step = max(int(step_text), 1) if slash else 1
    if body == "*":
        first, last = kind.low, kind.high
    elif body.find("-") > 0:
        first, last = _parse_range(kind, body, offset, problems)
    else:
        first = _parse_value(kind, body, offset, problems)
        last = kind.high if slash else first
    return set(range(first, last + 1, step))


def _parse_range(kind: FieldKind, body: str, offset: int, problems: list[Diagnostic]) -> tuple[int, int]:
    """Smaller and larger end of ``a-b``: NCrontab swaps a reversed range, it does not wrap (CR-2)."""
    left, _, right = body.partition("-")
    if not right:
        raise _FieldError("MLS106", f"{quote(body)} is a range without an end", "write both ends, such as 1-5")
    first = _parse_value(kind, left, offset, problems)
    last = _parse_value(kind, right, offset + len(left) + 1, problems)
    if first <= last:
        return first, last
    meant = f"{kind.value_name(last)} to {kind.value_name(first)}"
    message = f"{quote(body)} is reversed: it is read as {meant}, it does not wrap around"
    spans = ((first, kind.high), (kind.low, last))
    split = ",".join(str(low) if low == high else f"{low}-{high}" for low, high in spans)
    hint = f'to run past the end of the {kind.name}s write "{split}"'
    problems.append(at_offset(warning("MLS104", message, hint, ("expression",)), offset))
    return last, first


def _parse_value(kind: FieldKind, text: str, offset: int, problems: list[Diagnostic]) -> int:
    """A number in range, or a prefix of a month's or weekday's English name, the first in calendar order (CR-3)."""
    if text[0] in "0123456789":
        if not _NUMBER.fullmatch(text):
            raise _FieldError("MLS106", f"{quote(text)} is not {kind.article} {kind.name}", _advice(kind, text))
        digits = text.lstrip("0") or "0"
        if len(digits) > 2 or not kind.low <= int(digits) <= kind.high:
            hint = _FIRST_AGAIN.get((kind.name, digits), "")
            shown = digits if len(digits) <= _LONGEST_NUMBER else quote(text)
            raise _FieldError("MLS102", f"{kind.name} {shown} is not in {kind.allowed}", hint)
        return int(digits)
    fitting = [name for name in kind.names if name.lower().startswith(text.lower())]
    if not fitting:
        raise _FieldError("MLS106", f"{quote(text)} is not {kind.article} {kind.name}", _advice(kind, text))
    if len(fitting) > 1:
        message = f"{quote(text)} fits {list_names(fitting)}; the first, {fitting[0]}, counts"
        hint = f'write "{fitting[0][:3]}" or "{fitting[1][:3]}"'
        problems.append(at_offset(warning("MLS105", message, hint, ("expression",)), offset))
    return kind.low + kind.names.index(fitting[0])


def _advice(kind: FieldKind, text: str) -> str:
    """The way out for the signs of other cron dialects."""
    allowed = f"the {kind.name} field takes {kind.allowed}" + (
        f" and names such as {kind.names[1][:3]}" if kind.names else ""
    )
    if text.startswith("?"):
        return "write * instead of ?"
    if text.startswith("*"):
        return "write * alone, or */n for every n-th"
    if text.startswith("-"):
        return f"{allowed}; negative values do not exist"
    if kind.name == "day" and re.fullmatch(r"(?i)l|lw|\d+w|l-\d+", text):
        return "Azure ML ignores the day field: use a recurrence trigger with frequency month and month_days"
    if "#" in text or re.fullmatch(r"(?i)\d+l|l", text):
        return "use a recurrence trigger with frequency month and week_days"
    if text[0] in "hH" and not kind.names:
        return f"Jenkins' H does not exist; {allowed}"
    return allowed


def _ignored_fields(expression: str, fields: CronFields) -> list[Diagnostic]:
    """The warning that DAYS and MONTHS do not count, with its effect (CR-4)."""
    matches = list(re.finditer("[^ ]+", expression))[2:4]
    ignored = [
        (kind.name.upper() + "S", match)
        for kind, match, values in zip(FIELDS[2:4], matches, (fields.days, fields.months), strict=True)
        if len(values) < kind.high - kind.low + 1
    ]
    if not ignored:
        return []
    what = list_names(f"the {match.group()} in {name}" for name, match in ignored)
    verb = "are" if len(ignored) > 1 else "is"
    message = f"{what} {verb} ignored by Azure ML: {quote(expression)} {_effect(fields)}"
    way = (
        "frequency month and month_days"
        if len(fields.months) == len(MONTHS)
        else f"{recur_in(fields.months)}, and month_days"
    )
    hint = f'write "*" in DAYS and MONTHS, or use a recurrence trigger with {way}'
    return [at_offset(warning("MLS103", message, hint, ("expression",)), ignored[0][1].start())]


def _effect(fields: CronFields) -> str:
    """How often an expression runs and how often it looks as if it ran, both as averages of a year.

    It looks as in standard cron, where days of the month and weekdays that are both given add up.
    """
    per_week = len(fields.weekdays) / 7
    times = len(fields.minutes) * len(fields.hours)
    runs = (365 if per_week == 1 else 365.2425 * per_week) * times
    lengths = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    days: float = sum(sum(day <= lengths[month - 1] for day in fields.days) for month in fields.months)
    if not days and 29 in fields.days:
        days = 0.2425  # February 29
    elsewhere = sum(lengths[month - 1] for month in fields.months) - days
    adding = per_week < 1 and len(fields.days) < lengths[0]
    looks = (days + elsewhere * per_week if adding else days * per_week) * times
    named = "day" if per_week == 1 else list_names(WEEKDAYS[weekday] for weekday in fields.weekdays)
    more = f", {_number(runs / looks)} times more than it looks" if looks and runs / looks >= 1.5 else ""
    return f"runs every {named}: {_number(runs)} runs a year, not {_number(looks)}{more}"


def recur_in(months: Collection[int]) -> str:
    """How a recurrence trigger gets to run in these months alone, as a clause."""
    ordered = sorted(months)
    every = len(MONTHS) // len(ordered)
    if every == 1 and len(ordered) == len(MONTHS):
        return "frequency month, interval 1"
    if ordered == list(range(ordered[0], len(MONTHS) + 1, every)) and every * len(ordered) == len(MONTHS):
        return f"frequency month, interval {every}, a start_time in {MONTHS[ordered[0] - 1]}"
    return "frequency month, interval 12, a start_time in each month (one schedule for each)"


def _number(value: float) -> str:
    """``365``, ``1.7``, ``105,120``: one decimal only below ten."""
    return f"{value:.1f}".removesuffix(".0") if value < 10 else f"{value:,.0f}"
