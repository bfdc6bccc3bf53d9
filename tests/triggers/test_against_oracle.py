"""The engine against the brute-force oracle: random triggers in every zone, near transitions above all.

``MLSCHEDULE_ORACLE_CASES=100000 pytest tests/triggers/test_against_oracle.py`` for the long run (2,000 by default).
"""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from dataclasses import replace
from random import Random

import pytest
from trigger_cases import ZONES, at, build_timetable, random_question, random_window
from trigger_oracle import Question, occurrences

from pytest_mlschedule.triggers.window import END_EPOCH

CASES = int(os.environ.get("MLSCHEDULE_ORACLE_CASES", "2000"))
BATCHES = 20


def check_case(random: Random, question: Question, centre: int) -> None:
    start, end = random_window(random, question, centre)
    table = build_timetable(question)
    expected = occurrences(question, start, end)
    assert table.epochs_between(start, end) == expected
    assert table.count_between(start, end) == len(expected)
    instants = [at(epoch) for epoch in expected]
    assert table.between(at(start), at(end)) == instants
    assert list(table.iter(at(start), at(end))) == instants
    check_neighbours(random, table, expected, (start, end), centre)


def check_neighbours(random, table, expected, window, centre) -> None:
    """next, previous, select and windows inside the window, at the focus and at random places."""
    start, end = window
    places = {start, end - 1, centre, centre - 1, centre + 3600, *random.sample(expected, min(3, len(expected)))}
    places |= {random.randrange(start, end) for _ in range(4) if start < end}
    for place in places:
        if not start <= place < end:
            continue
        after, before = bisect_right(expected, place), bisect_left(expected, place)
        following = table.next_epoch(place)
        if after < len(expected):
            assert following == expected[after]
        else:
            assert following is None or following >= end
        preceding = table.previous_epoch(place)
        if before:
            assert preceding == expected[before - 1]
        else:
            assert preceding is None or preceding < start
        assert table.count_between(start, place) == before
        assert table.epochs_between(place, end) == expected[before:]
        index = random.randrange(4)
        chosen = table.select(place, index)
        if before + index < len(expected):
            assert chosen == expected[before + index]
        else:
            assert chosen is None or chosen >= end


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_triggers_agree_with_the_oracle(batch: int) -> None:
    names = list(ZONES)
    for number in range(batch, CASES, BATCHES):
        random = Random(number)
        question, centre = random_question(random, names[number % len(names)])
        try:
            check_case(random, question, centre)
        except AssertionError as difference:
            raise AssertionError(f"case {number}: {question} at {centre}") from difference


@pytest.mark.parametrize("batch", range(4))
def test_dst_5_every_policy_agrees_with_the_oracle(batch: int) -> None:
    for number in range(batch, CASES // 5, 4):
        random = Random(f"policy {number}")
        question, centre = random_question(random)
        question = replace(
            question,
            gap=random.choice(["shift", "skip"]),
            fold=random.choice(["first", "second", "both"]),
            week_start=random.choice(["monday", "sunday"]),
            end_inclusive=random.random() < 0.5,
            instant=random.random() < 0.5,
        )
        try:
            check_case(random, question, centre)
        except AssertionError as difference:
            raise AssertionError(f"case {number}: {question} at {centre}") from difference


@pytest.mark.parametrize("centre", [86_400 * 5, 86_400 * 33, END_EPOCH - 86_400 * 5, END_EPOCH - 86_400 * 33])
@pytest.mark.parametrize(
    "name",
    ["Line Islands Standard Time", "Dateline Standard Time", "Pacific Standard Time", "New Zealand Standard Time"],
)
def test_tz_3_the_first_and_last_supported_months_agree_with_the_oracle(name: str, centre: int) -> None:
    start, end = max(centre - 86_400 * 40, 0), min(centre + 86_400 * 40, END_EPOCH)
    for frequency in ("day", "week", "month"):
        for hours in (None, frozenset({0, 23})):
            question = Question(
                key=ZONES[name],
                frequency=frequency,
                created=at(start),
                start=at(start),
                hours=hours,
                minutes=frozenset({0, 59}),
                month_days=frozenset({1, -1, 15}) if hours and frequency == "month" else frozenset(),
                facts={"zone": name},
            )
            expected = occurrences(question, start, end)
            table = build_timetable(question)
            assert table.epochs_between(start, end) == expected
            assert table.count_between(start, end) == len(expected)
            assert [table.next_epoch(epoch - 1) for epoch in expected] == expected
            assert [table.previous_epoch(epoch + 1) for epoch in expected] == expected
