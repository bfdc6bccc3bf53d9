"""Runs as few integers: what is decoded is what was coded, and a regular schedule takes no more for a longer window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mlschedule import CronTrigger
from pytest_mlschedule.report.page.run_code import decode_runs, encode_runs, encode_waits

START = datetime(2026, 1, 1, tzinfo=UTC)


def rising(deltas: list[int]) -> list[int]:
    return list(accumulate(deltas, initial=1_767_225_600))


@pytest.mark.parametrize(
    ("epochs", "code"),
    [
        ([], []),
        ([7], [7]),
        ([7, 9], [7, 2, 1]),
        ([0, 10, 20, 30, 35], [0, 10, 3, 5, 1]),
        # 1, 2, 1, 2, 1, 2: the first two pairs are written, and come twice more.
        ([0, 1, 3, 4, 6, 7, 9], [0, 1, 1, 2, 1, -2, 2]),
        # 1, 2, 3 and once more, then 4.
        ([0, 1, 3, 6, 7, 9, 12, 16], [0, 1, 1, 2, 1, 3, 1, -3, 1, 4, 1]),
    ],
)
def test_the_code_of_some_runs(epochs: list[int], code: list[int]) -> None:
    assert encode_runs(epochs) == code
    assert decode_runs(code) == epochs


@given(st.lists(st.integers(1, 3) | st.integers(1, 100_000), max_size=200))
def test_any_runs_are_decoded_again(deltas: list[int]) -> None:
    assert decode_runs(encode_runs(rising(deltas))) == rising(deltas)


@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=12), st.integers(1, 30), st.lists(st.integers(1, 9), max_size=5)
)
def test_repeated_pieces_are_decoded_again(piece: list[int], times: int, rest: list[int]) -> None:
    epochs = rising(piece * times + rest)
    assert decode_runs(encode_runs(epochs)) == epochs


@pytest.mark.parametrize(
    "expression", ["*/5 * * * *", "15 6,10,14,18 * * MON-FRI", "0,20,35 8-18 * * MON,WED,SAT", "30 2 * * *"]
)
def test_a_longer_window_costs_little(expression: str) -> None:
    trigger = CronTrigger(expression, time_zone="Pacific Standard Time", start_time="2026-01-01T00:00:00")
    timetable = trigger.timetable(created_at=START)
    month, year = (timetable.epochs(START, START + timedelta(days=days)) for days in (31, 365))
    assert decode_runs(encode_runs(year)) == year
    assert len(encode_runs(year)) <= 4 * len(encode_runs(month)) + 12


@pytest.mark.parametrize(
    ("waits", "code"),
    [([], []), ([0, 0], []), ([5], [0, 5]), ([0, 0, 5, 6, 0, 7, 0], [2, 5, 0, 6, 1, 7])],
)
def test_the_code_of_waits(waits: list[int], code: list[int]) -> None:
    assert encode_waits(waits) == code
