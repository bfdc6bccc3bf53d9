"""The lazy sequence of runs against a list, with blocks so small that every border is crossed."""

import heapq
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.planning import sequence
from pytest_mlschedule.planning.recorded import RecordedRun, RecordedSource, RecordedTimes
from pytest_mlschedule.planning.run import ScheduleRuns
from pytest_mlschedule.planning.sequence import PlannedRuns

SPAN = 50


def build(name: str, epochs: list[int]) -> ScheduleRuns:
    runs = {epoch: RecordedRun("", f"{name}-{epoch}", {}, {}) for epoch in epochs}
    source = RecordedSource(
        schedule=name, zone_key="UTC", experiment_name="", settings={}, tags={}, compute=None, runs=runs
    )
    return ScheduleRuns(source, RecordedTimes(sorted(epochs)), "UTC")


def pairs(runs) -> list[tuple[int, str]]:
    return [(int(run.trigger_time.timestamp()), run.schedule) for run in runs]


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch) -> None:
    monkeypatch.setattr(sequence, "BLOCK_RUNS", 3)
    monkeypatch.setattr(sequence, "KEPT_BLOCKS", 2)


epochs = st.sets(st.integers(0, SPAN), max_size=30).map(sorted)


@settings(deadline=None, max_examples=150)
@given(st.lists(epochs, max_size=4), st.integers(0, SPAN), st.integers(0, SPAN), st.data())
def test_like_a_list(lists, one, other, data) -> None:
    start, end = min(one, other), max(one, other)
    names = "abcd"
    merged = heapq.merge(*([(epoch, name) for epoch in given] for name, given in zip(names, lists, strict=False)))
    expected = [pair for pair in merged if start <= pair[0] < end]
    runs = PlannedRuns([build(name, given) for name, given in zip(names, lists, strict=False)], start, end)
    assert len(runs) == len(expected)
    for _ in range(4):
        index = data.draw(st.integers(-len(expected) - 2, len(expected) + 1))
        if -len(expected) <= index < len(expected):
            assert pairs([runs[index]]) == [expected[index]]
        else:
            with pytest.raises(IndexError, match=f"run {index} of a plan with {len(expected)} runs"):
                runs[index]
    bounds = st.none() | st.integers(-SPAN, SPAN)
    cut = slice(data.draw(bounds), data.draw(bounds), data.draw(st.none() | st.integers(1, 3) | st.integers(-3, -1)))
    assert pairs(runs[cut]) == expected[cut]
    assert pairs(runs) == expected
    assert pairs(reversed(runs)) == expected[::-1]
    assert all(run in runs for run in runs)
    assert runs == list(runs)


def test_equality_with_sequences() -> None:
    parts = [build("a", [1, 2, 3])]
    runs, same, shorter = PlannedRuns(parts, 0, 9), PlannedRuns(parts, 0, 9), PlannedRuns(parts, 0, 3)
    assert runs == same
    assert runs == tuple(same)
    assert runs != shorter
    assert runs != [*shorter, shorter[0]]
    assert runs != {1, 2, 3}
    with pytest.raises(TypeError, match="unhashable"):
        hash(runs)


def test_indices_are_integers() -> None:
    class Second:
        def __index__(self) -> int:
            return 1

    runs = PlannedRuns([build("a", [1, 2, 3])], 0, 9)
    assert pairs([runs[Second()]]) == [(2, "a")]
    for wrong in ("1", 1.0, None):
        with pytest.raises(TypeError, match="cannot be interpreted as an integer"):
            runs[wrong]


def test_repr_shows_the_first_runs() -> None:
    assert repr(PlannedRuns([], 0, 0)) == "<0 runs: []>"
    text = repr(PlannedRuns([build("a", [1, 2, 3, 4])], 0, 9))
    assert text.startswith("<4 runs: [<PlannedRun a-1 (1970-01-01T00:00:01+00:00) inputs={}>, <PlannedRun a-2 ")
    assert text.endswith(" inputs={}>, ...]>")


def test_only_the_block_of_a_run_is_enumerated() -> None:
    asked = []

    class Counting(RecordedTimes):
        def epochs_between(self, start: int, end: int):
            asked.append((start, end))
            return super().epochs_between(start, end)

    part = build("a", list(range(0, 3000)))
    runs = PlannedRuns([ScheduleRuns(part.source, Counting(range(0, 3000)), "UTC")], 0, 3000)
    assert (len(runs), asked) == (3000, [])
    assert runs[1500].trigger_time == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=1500)
    assert asked == [(1500, 1503)]
    runs[1501], runs[1502], runs[1500]
    assert len(asked) == 1
    runs[0], runs[2999], runs[1500]  # the first block is no longer kept
    assert asked[1:] == [(0, 3), (2997, 3000), (1500, 1503)]
