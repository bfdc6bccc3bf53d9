"""What an English text claims about the days and times of day at which a schedule runs (MLS511)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_mlschedule.checks.claims import Claim, Predicate, is_meant
from pytest_mlschedule.checks.rhythm import DAY, HOUR, MINUTE, Rhythm

_STARTS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_SHORT = rf"(?:{_DAY}|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)"
_AND = r"(?:\s*,\s*(?:and\s+)?|\s*[&/]\s*|\s+and\s+)(?:on\s+)?"
_WORK_WEEK, _WEEKEND = frozenset(range(5)), frozenset({5, 6})
_SUNDAY_TO_THURSDAY = frozenset({6, 0, 1, 2, 3})  # the working week of many countries
_WEEK_DAYS = re.compile(
    r"(?<![\w-])(?:"
    rf"(?P<low>{_SHORT})s?\s*(?:-|\u2013|to|through|thru)\s*(?P<high>{_SHORT})s?"
    r"|(?P<working>(?:every |each |on )?weekdays?|(?:every|each) (?:business|working) day|on (?:business|working) days|workdays)"
    r"|(?P<weekend>(?:every |each |on )?weekends?)"
    rf"|(?:every|each)\s+(?P<named>{_DAY}(?:{_AND}{_DAY})*)"
    rf"|(?:runs?|starts?|fires?|weekly|scheduled|triggered|executed)\s+(?:every|on)\s+(?P<on>{_DAY}(?:{_AND}{_DAY})*)"
    rf"|(?P<plural>{_DAY}s(?:{_AND}{_DAY}s)*)"
    r")(?![\w'\u2019-])",
    re.IGNORECASE,
)
_EXCEPTION = re.compile(r"\b(?:except\w*|excluding|other than|but|apart from|besides)\b", re.IGNORECASE)
_TIME = re.compile(
    r"(?<![\w-])(?i:runs?|starts?|scheduled|triggered|fires?|executed|daily|nightly|weekly|monthly|days?|nights?|weeks?|months?"
    rf"|weekdays?|weekends?|mornings?|evenings?|afternoons?|{_DAY}s?),? (?i:at) (?P<time>(?P<word>(?i:noon|midnight))"
    r"|(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?(?: ?(?P<half>(?i:[ap])\.?(?i:m)\b\.?))?)(?![\w:.]*\d)"
    r"(?: ?\(?(?:(?P<utc>(?i:UTC|GMT)\b|Z\b)|(?P<zone>[A-Z]{2,5}\b|(?i:local|pacific|eastern|central|mountain)\b"
    r"|\w+(?: \w+)?(?i: time\b))))?"
)


def find_day_claims(text: str) -> list[Claim]:
    """``every Monday``, ``Tuesdays and Fridays``, ``Mon-Fri``, ``weekdays``, ``weekends``. None where the text makes exceptions.

    Several together ("weekdays, and on Saturdays") are one claim.
    """
    found = [match for match in _WEEK_DAYS.finditer(text) if is_meant(text, match.start())]
    if not found or _EXCEPTION.search(text):
        return []
    sets = [_read_days(match) for match in found]
    together = frozenset().union(*sets)
    return [Claim(match[0], match.start(), _on_days({days, together})) for match, days in zip(found, sets, strict=True)]


def _read_days(match: re.Match[str]) -> frozenset[int]:
    if match["low"] is not None:
        low, high = (_STARTS.index(match[side][:3].lower()) for side in ("low", "high"))
        return frozenset((low + step) % 7 for step in range((high - low) % 7 + 1))
    if match["working"] is not None:
        return _WORK_WEEK
    if match["weekend"] is not None:
        return _WEEKEND
    names = re.findall(_DAY, match["named"] or match["on"] or match["plural"], re.IGNORECASE)
    return frozenset(_STARTS.index(name[:3].lower()) for name in names)


def _on_days(sets: set[frozenset[int]]) -> Predicate:
    def holds(rhythm: Rhythm) -> bool:
        return any(
            days in sets or (days <= _WEEKEND and _WEEKEND in sets) or _is_work_week(days, sets)
            for days in _readings(rhythm)
        )

    return holds


def _is_work_week(days: frozenset[int], sets: set[frozenset[int]]) -> bool:
    return days == _SUNDAY_TO_THURSDAY and _WORK_WEEK in sets


def _readings(rhythm: Rhythm) -> Iterator[frozenset[int]]:
    """The days as the clock says, and as people may count them: a run after midnight belongs to the night before; who writes
    times in UTC may think of another place's days."""
    yield rhythm.week_days
    if all(time < 6 * HOUR for time in rhythm.times):
        yield rhythm.shift_week_days(-6 * HOUR)
    if not rhythm.is_local:
        for hours in range(-12, 15):
            yield rhythm.shift_week_days(hours * HOUR)


def find_time_claims(text: str) -> Iterator[Claim]:
    """``runs at 9 am``, ``daily at 17:30 UTC``, ``every night at midnight``; times of named zones are left alone."""
    for match in _TIME.finditer(text):
        seconds = _read_time(match)
        if seconds and match["zone"] is None and is_meant(text, match.start()):
            end = match.end("utc") if match["utc"] else match.end("time")
            start = match.start("time")
            exact = match["minute"] is not None or match["word"] is not None
            yield Claim(text[start:end], start, _at(seconds, exact, match["utc"] is not None))


def _read_time(match: re.Match[str]) -> tuple[int, ...]:
    """The seconds of the day that may be meant; none for a number that is no time."""
    if match["word"] is not None:
        return (12 * HOUR,) if match["word"].lower() == "noon" else (0,)
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if minute > 59 or hour > 23 or not (match["minute"] or match["half"] or match["utc"]):
        return ()
    if match["half"]:
        return (
            (hour % 12 * HOUR + (12 * HOUR if match["half"][0].lower() == "p" else 0) + minute * MINUTE,)
            if hour <= 12
            else ()
        )
    other = (hour + 12) * HOUR + minute * MINUTE
    return (hour * HOUR + minute * MINUTE, *((other,) if hour < 12 and match["utc"] is None else ()))


def _at(seconds: tuple[int, ...], exact: bool, utc: bool) -> Predicate:  # noqa: FBT001
    """Some occurrence at one of these times of day, or within its hour where no minute is said.

    Without a zone in the text, a trigger in UTC is believed: its times may be another clock's.
    """
    length = MINUTE if exact else HOUR

    def holds(rhythm: Rhythm) -> bool:
        if not utc and not rhythm.is_local:
            return True
        times = rhythm.utc_times if utc else rhythm.times
        return any(0 <= (time - wanted) % DAY < length for time in times for wanted in seconds)

    return holds
