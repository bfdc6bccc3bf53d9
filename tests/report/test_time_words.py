"""Times of day in words, understood again: what the words say is what the trigger does."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pytest_mlschedule.report.time_words import name_times, name_weekdays, show_local

DAY = range(24 * 60)
NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def numbers(text: str) -> set[int]:
    """``3``, ``1, 2 and 4``, ``8 to 12``."""
    if " to " in text:
        first, last = text.split(" to ")
        return set(range(int(first), int(last) + 1))
    return {int(part) for part in re.split(", | and ", text)}


def minute_of_day(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def understand(text: str) -> set[int]:
    """The minutes of the day that the words mean, as somebody reads them who does not know the code."""
    if text.startswith("at "):
        return {minute_of_day(part) for part in re.split(", | and ", text[3:])}
    if match := re.fullmatch(r"\d+ times, at minutes? (.+) of hours? (.+),", text):
        return {hour * 60 + minute for hour in numbers(match[2]) for minute in numbers(match[1])}
    if match := re.fullmatch(r"every hour at minutes? (.+)", text):
        return {hour * 60 + minute for hour in range(24) for minute in numbers(match[1])}
    match = re.fullmatch(
        r"every (?:(\d+) )?(minute|hour)s?(?: from minute (\d+) on)?(?: in hours? (.+))?(?: from (..:..) to (..:..))?",
        text,
    )
    assert match, text
    step = int(match[1] or 1) * (60 if match[2] == "hour" else 1)
    if match[5]:
        return set(range(minute_of_day(match[5]), minute_of_day(match[6]) + 1, step))
    hours = numbers(match[4]) if match[4] else set(range(24))
    return {
        minute for minute in DAY if minute // 60 in hours and (minute % 60 - int(match[3] or 0)) % min(step, 60) == 0
    }


def evenly(limit: int) -> st.SearchStrategy[list[int]]:
    """Numbers as cron steps make them, as often as any others."""
    steps = st.builds(
        lambda first, step: list(range(first, limit, step)), st.integers(0, limit - 1), st.integers(1, limit)
    )
    ranges = st.builds(lambda a, b: list(range(min(a, b), max(a, b) + 1)), *[st.integers(0, limit - 1)] * 2)
    return steps | ranges | st.sets(st.integers(0, limit - 1), min_size=1, max_size=limit).map(sorted)


@settings(deadline=None, max_examples=400)
@given(evenly(24), evenly(60))
@example(list(range(24)), [59])
@example([1, 2, 4], [5, 20, 35, 50])
def test_times_say_what_they_mean(hours: list[int], minutes: list[int]) -> None:
    assert understand(name_times(hours, minutes)) == {hour * 60 + minute for hour in hours for minute in minutes}


@given(st.sets(st.integers(0, 6), min_size=1).map(sorted))
def test_weekdays_say_what_they_mean(days: list[int]) -> None:
    text = name_weekdays(days)
    if text == "every day":
        meant = list(range(7))
    elif " to " in text:
        first, last = text.split(" to ")
        meant = list(range(NAMES.index(first), NAMES.index(last) + 1))
    else:
        meant = [NAMES.index(part) for part in re.split(", | and ", text.removeprefix("every "))]
    assert meant == days


@pytest.mark.parametrize(
    ("offset", "text"),
    [
        (timedelta(hours=-8), "Sun 2026-03-08 03:00 -08:00"),
        (timedelta(hours=5, minutes=45), "Sun 2026-03-08 03:00 +05:45"),
        (timedelta(0), "Sun 2026-03-08 03:00 +00:00"),
    ],
)
def test_local_times(offset: timedelta, text: str) -> None:
    moment = datetime(2026, 3, 8, 3, tzinfo=timezone(offset))
    assert show_local(moment) == text
    assert show_local(moment.replace(microsecond=5)) == text
    assert show_local(moment.replace(second=7)) == text.replace("03:00 ", "03:00:07 ")
