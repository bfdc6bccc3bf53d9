"""``start_time`` and ``end_time``: the forms that are accepted and what they mean (semantics ST-1, ST-2)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from pytest_mlschedule.diagnostics import Diagnostic, error, note
from pytest_mlschedule.triggers.window import END_EPOCH, FIRST_EPOCH, FIRST_YEAR, LAST_YEAR, NAIVE_EPOCH
from pytest_mlschedule.triggers.wording import quote
from pytest_mlschedule.triggers.zones import Zone

OffsetPolicy = Literal["documented", "dropped"]

# What azure-ai-ml takes (measured, sdk.md): also one-digit month, day and hour, any Unicode digit, a final line break.
_FORM = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(\.\d{1,12})?)?(Z|[+-]\d{2}(?::?\d{2})?)?\n?"
)
_SECOND = timedelta(seconds=1)
_FORM_HINT = 'write a quoted "YYYY-MM-DDThh:mm:ss", the wall clock in time_zone'


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A time as a trigger's definition writes it.

    ``wall``: the wall clock that is written, naive, whole seconds; ``offset``: seconds east of UTC when one is written,
    else None; ``text``: exactly what was written (not part of equality).
    """

    wall: datetime
    offset: int | None = None
    text: str = field(default="", compare=False)

    def instant(self, zone: Zone, policy: OffsetPolicy = "documented") -> int:
        """The epoch it means in a zone: with an offset that instant, unless the policy drops offsets; else wall clock
        there, in a gap shifted, in a fold the first (ST-1, DST-2, DST-3). May lie outside 1970 to 2200."""
        seconds = (self.wall - NAIVE_EPOCH) // _SECOND
        if self.offset is None or policy == "dropped":
            return zone.to_epoch(seconds)
        return seconds - self.offset

    def wall_seconds(self, zone: Zone, policy: OffsetPolicy = "documented") -> int:
        """Its wall clock in a zone as wall seconds: the one written, or that of the instant when an offset is."""
        if self.offset is None or policy == "dropped":
            return (self.wall - NAIVE_EPOCH) // _SECOND
        instant = self.instant(zone, policy)
        return instant + zone.offset(instant)


def read_timestamp(value: object, key: str) -> tuple[Timestamp | None, list[Diagnostic]]:
    """The timestamp of a text or (from Python) a datetime under ``key``, with MLS301 or MLS306 if need be."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, datetime):
        return _from_datetime(value, key)
    if not isinstance(value, str):
        return None, [_bad_form(value, key)]
    match = _FORM.fullmatch(value)
    if match is None:
        return None, [_bad_form(value, key)]
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
        wall = NAIVE_EPOCH.replace(year, month, day, hour, minute, second)
        offset = _offset_seconds(match[8])
    except ValueError as reason:
        return None, [error("MLS301", f"{quote(value)} is not a time: {reason}", _FORM_HINT, (key,))]
    fraction = bool(match[7]) and bool(int(match[7][1:]))
    return Timestamp(wall, offset, value), _fraction_note(value, key) if fraction else []


def _from_datetime(value: datetime, key: str) -> tuple[Timestamp, list[Diagnostic]]:
    whole = value.replace(microsecond=0)
    offset = whole.utcoffset()
    wall = NAIVE_EPOCH + (whole.replace(tzinfo=None) - NAIVE_EPOCH)
    stamp = Timestamp(wall, None if offset is None else offset // _SECOND, whole.isoformat())
    return stamp, _fraction_note(value.isoformat(), key) if value.microsecond else []


def _offset_seconds(text: str | None) -> int | None:
    if text is None:
        return None
    if text == "Z":
        return 0
    minutes = int(text[1:3]) * 60 + (int(text[-2:]) if len(text) > 3 else 0)
    if minutes >= 24 * 60:
        raise ValueError("an offset is less than 24 hours")
    return (-60 if text[0] == "-" else 60) * minutes


def _fraction_note(text: str, key: str) -> list[Diagnostic]:
    return [note("MLS306", f"the fraction of a second in {quote(text)} is cut", "write whole seconds", (key,))]


def _bad_form(value: object, key: str) -> Diagnostic:
    if isinstance(value, date):
        return refuse_date(value, key)
    if not isinstance(value, str):
        return error("MLS301", f"{quote(value)} is not a time", _FORM_HINT, (key,))
    text, hint = value.strip(), _FORM_HINT
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        hint = f'add the time of day: "{text}T00:00:00"'
    elif _FORM.fullmatch(text.upper()):
        hint = f'write "{text.upper()}"'
    return error("MLS301", f"{quote(value)} is not a time that Azure ML takes", hint, (key,))


def refuse_date(value: date, key: str) -> Diagnostic:
    """MLS301 for what YAML makes of an unquoted time (the client takes only text), and for a date from Python."""
    text = value.isoformat() if isinstance(value, datetime) else f"{value.isoformat()}T00:00:00"
    kind = "a YAML timestamp" if isinstance(value, datetime) else "a date"
    return error("MLS301", f"{value} is {kind}, not a text", f'quote it: "{text}"', (key,))


def check_limits(
    start: Timestamp | None, end: Timestamp | None, zone: Zone, policy: OffsetPolicy = "documented"
) -> list[Diagnostic]:
    """MLS301 for times outside the supported years (TZ-3), MLS305 for an end before the start (ST-6).

    An end after 2200 is no problem: it means that the schedule does not end as far as anybody can ask.
    """
    problems = []
    years = f"{FIRST_YEAR} to {LAST_YEAR}"
    first = None if start is None else start.instant(zone, policy)
    last = None if end is None else end.instant(zone, policy)
    if start is not None and first is not None and not FIRST_EPOCH <= first < END_EPOCH:
        problems.append(
            error("MLS301", f"{quote(start.text)} is outside the supported years {years}", "", ("start_time",))
        )
    if end is not None and last is not None and last < FIRST_EPOCH:
        problems.append(error("MLS301", f"{quote(end.text)} is outside the supported years {years}", "", ("end_time",)))
    elif start is not None and end is not None and first is not None and last is not None and last < first:
        message = f"{quote(end.text)} is before start_time {quote(start.text)}: nothing would run"
        problems.append(error("MLS305", message, "move end_time after start_time, or leave it out", ("end_time",)))
    return problems
