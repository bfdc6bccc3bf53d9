"""What an English text claims about how often a schedule runs, and whether that is so (MLS511).

Few false alarms count more than every mistake: what is denied, compared or said of data ("hourly data") is no claim.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pytest_mlschedule.checks.rhythm import DAY, HOUR, MINUTE, WEEK, Rhythm

Predicate = Callable[[Rhythm], bool]


@dataclass(frozen=True, slots=True)
class Claim:
    """Some words of a text, where they start in it, and whether they are true of a rhythm."""

    words: str
    offset: int
    holds: Predicate


_DENIAL = re.compile(
    r"\b(?:not|no longer|non|never|without|isn'?t|doesn'?t|don'?t|instead of|rather than|replac\w+|former\w*|previous\w*|used to"
    r"|was|were|unlike|than|except\w*|excluding)\b[^.;]{0,24}$"
    r"|\b(?:of|for|from|since|if|last|past|old|using|with|at least|at most|up to)\s+(?:(?:the|its|a|an|our)\s+)?$",
    re.IGNORECASE,
)


def is_meant(text: str, offset: int) -> bool:
    """Whether words at this offset are said of the schedule as it is: not denied, not compared, not part of a phrase about data."""
    return _DENIAL.search(text, max(offset - 60, 0), offset) is None


def _is_on_most_days(rhythm: Rhythm) -> bool:
    return len(rhythm.week_days) >= 5 and rhythm.middle_gap <= DAY + HOUR


def _is_daily(rhythm: Rhythm) -> bool:
    """On five days a week or more, a few times a day at most: people call all of that daily."""
    return _is_on_most_days(rhythm) and rhythm.most_per_day <= 4


def _is_nightly(rhythm: Rhythm) -> bool:
    by_day = rhythm.is_local and all(10 * HOUR <= time < 17 * HOUR for time in rhythm.times)
    return _is_daily(rhythm) and not by_day


def _times_a_day(number: int) -> Predicate:
    return lambda rhythm: _is_on_most_days(rhythm) and rhythm.most_per_day == number


def _is_weekly(rhythm: Rhythm) -> bool:
    return 3 <= len(rhythm.runs_per_day) <= 12 and max(rhythm.gaps) <= WEEK + DAY


def _is_monthly(rhythm: Rhythm) -> bool:
    """Up to two days a month; months that lack the day are skipped (RC-3), so two months may lie between."""
    return len(rhythm.runs_per_day) <= 2 and max(rhythm.gaps) <= 62 * DAY + HOUR


def _longest_gap(low: int, high: int) -> Predicate:
    """Whether the longest distance is of so many days."""
    return lambda rhythm: low * DAY - HOUR <= max(rhythm.gaps) <= high * DAY + HOUR


def _gap(seconds: int) -> Predicate:
    """Whether the shortest or the usual distance is that, give or take a clock change for days."""
    tolerance = HOUR if seconds >= DAY else 0
    return lambda rhythm: any(abs(gap - seconds) <= tolerance for gap in (min(rhythm.gaps), rhythm.usual_gap))


# Longer phrases first: "twice daily" is not "daily". "Biweekly" says two things, so it says nothing here.
_PHRASES: tuple[tuple[str, Predicate], ...] = (
    (r"once (?:a|an|per|every) hour|hourly|(?:every|each) hour", _gap(HOUR)),
    (r"once (?:a|per|every) minute|(?:every|each) minute", _gap(MINUTE)),
    (r"every half(?:[ -]an)?[ -]hour|half-hourly", _gap(30 * MINUTE)),
    (r"once (?:a|per|every) day|once daily", _times_a_day(1)),
    (r"(?:twice|two times) (?:a|per|every) day|twice daily", _times_a_day(2)),
    (r"three times (?:a|per|every) day|three times daily", _times_a_day(3)),
    (r"nightly|(?:every|each) night", _is_nightly),
    (r"daily|(?:every|each) (?:day|morning|evening|afternoon)", _is_daily),
    (r"once (?:a|per|every) week|once weekly|weekly|(?:every|each) week", _is_weekly),
    (r"fortnightly|every fortnight", _longest_gap(8, 15)),
    (r"once (?:a|per|every) month|monthly|(?:every|each) month", _is_monthly),
    (r"(?:first|last|1st) (?:day )?of (?:the|each|every) month", _is_monthly),
    (r"quarterly|(?:every|each) quarter|once (?:a|per) quarter", _longest_gap(89, 93)),
    (r"yearly|(?:every|each) year|once (?:a|per) year", _longest_gap(364, 367)),
)  # fmt: skip
_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: number for number, word in enumerate(_WORDS, 2)} | {
    "other": 2, "second": 2, "third": 3, "fifteen": 15, "twenty": 20, "thirty": 30
}  # fmt: skip
_UNITS = {"min": MINUTE, "hour": HOUR, "hr": HOUR, "day": DAY, "week": WEEK, "month": 30 * DAY}
# An adjective before these words is said of data.
_DATA = (
    r"aggregat\w+|average\w*|bars?|budgets?|candles?|counts?|data\w*|demand|exports?|extracts?|features?|feeds?|figures?|files?"
    r"|forecasts?|granularity|horizons?|intervals?|logs?|metrics?|partitions?|predictions?|prices?|quotas?|rates?|readings?"
    r"|reports?|resolution|sales|seasonality|series|snapshots?|statistics|stats|summar(?:y|ies)|tables?|totals?|usage|values?|windows?"
)
_FREQUENCY = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(f"({words})" for words, _ in _PHRASES)
    + rf"|every (?P<number>[1-9]\d{{0,3}}|{'|'.join(_NUMBERS)})[ -]?(?P<unit>{'|'.join(_UNITS)})(?:ute)?s?)(?![\w-])"
    + rf"(?!\s+(?:\w+\s+)?(?:{_DATA})\b)",
    re.IGNORECASE,
)


def find_frequency_claims(text: str) -> Iterator[Claim]:
    """``hourly``, ``every 15 minutes``, ``twice a day``, ``first of the month`` …"""
    for match in _FREQUENCY.finditer(text):
        if is_meant(text, match.start()):
            yield Claim(match[0], match.start(), _read(match))


def _read(match: re.Match[str]) -> Predicate:
    if match["number"] is None:
        return _PHRASES[(match.lastindex or 1) - 1][1]
    word, unit = match["number"].lower(), _UNITS[match["unit"].lower()]
    number = int(word) if word.isdigit() else _NUMBERS[word]
    if unit <= DAY:
        return _is_daily if number * unit == DAY else _gap(number * unit)
    if number == 1:
        return _is_weekly if unit == WEEK else _is_monthly
    return (
        _longest_gap(7 * number - 6, 7 * number + 1)
        if unit == WEEK
        else _longest_gap(28 * number - 3, 31 * number + 31)
    )
