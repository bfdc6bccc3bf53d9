"""Runs of one schedule that catch up with themselves, by hand and against a count of every pair."""

from __future__ import annotations

import pytest
from bill_data import CPU, MARCH_1, estimate, pipeline, runs, with_fields
from hypothesis import given
from hypothesis import strategies as st

from pytest_mlschedule.costs.overlaps import Overlap, find_overlap
from pytest_mlschedule.planning.recorded import RecordedTimes

HOUR = 3_600


@pytest.mark.parametrize(
    ("length", "found"),
    [
        (60, Overlap()),
        # Starts at 0, 2, 4 and 7 h: those of 2 and 4 h start while the one before still runs.
        (2 * HOUR, Overlap()),
        (2 * HOUR + 1, Overlap(2, 2 * HOUR)),
        (3 * HOUR + 1, Overlap(3, 2 * HOUR)),
    ],
)
def test_by_hand(length: int, found: Overlap) -> None:
    times = RecordedTimes([0, 2 * HOUR, 4 * HOUR, 7 * HOUR])
    assert find_overlap(times, (0, 24 * HOUR), length) == found
    assert find_overlap(times, (0, 1), length) == Overlap()
    assert find_overlap(times, (0, 24 * HOUR), None) is None


@given(epochs=st.lists(st.integers(0, 5_000), max_size=20, unique=True).map(sorted), length=st.integers(61, 2_000))
def test_every_pair_is_looked_at(epochs: list[int], length: int) -> None:
    late = [at for at in epochs if any(other < at < other + length for other in epochs)]
    assert find_overlap(RecordedTimes(epochs), (0, 5_001), length) == Overlap(len(late), late[0] if late else None)


def test_the_steps_of_a_run_count_together_whatever_waits() -> None:
    """1 h on cpu, then 100 min on gpu, every 2 h: no step reaches the next one, the run does. A queue changes nothing."""
    steps = pipeline("prep cpu 1 -", "fit gpu 1 prep")
    lengths = {"train/prep": "1h", "train/fit": "1h40m"}
    times = [hour * HOUR for hour in range(0, 24, 2)]
    for most in (1, 9):
        computes = [with_fields(CPU, max_nodes=most), with_fields(CPU, name="gpu", max_nodes=most)]
        found = estimate([runs("train", times, compute=None, job=steps)], computes, lengths)
        assert found.schedules[0].overlap == Overlap(11, MARCH_1 + 2 * HOUR)
        for one in found.computes:
            assert one.load is not None
            assert one.load.delays.delayed == 0


def test_a_queue_makes_no_overlap() -> None:
    # 20 minutes every half hour, behind another that takes the node for a day: they wait, and were never too long.
    busy = runs("busy", range(0, 10 * HOUR, 1_800))
    found = estimate([runs("all", [0]), busy], [with_fields(CPU, max_nodes=1)], {"all": "24h", "busy": "20m"})
    assert found.of("busy").overlap == Overlap()
    assert found.computes[0].load is not None
    assert found.computes[0].load.delays.delayed == 20
