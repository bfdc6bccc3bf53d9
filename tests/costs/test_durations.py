"""Durations: percentiles, draws, and which one is meant for a run."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mlschedule.costs import run_durations
from pytest_mlschedule.costs.durations import LONGEST, Duration, measure
from pytest_mlschedule.costs.run_durations import RunDurations, read_duration


def test_measured_lengths_give_nearest_rank_percentiles() -> None:
    # Of 20 values the 10th is the 50th percentile (0.50 x 20 = 10), the 19th the 95th (0.95 x 20 = 19).
    assert measure(range(20, 0, -1)) == Duration(10, 19, tuple(range(1, 21)))
    assert measure([7]) == Duration(7, 7, (7,))
    assert measure([]) is None
    assert measure([0, 0]) == Duration(1, 1, (1, 1))


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=60))
def test_percentiles_are_the_smallest_values_that_so_many_do_not_exceed(lengths: list[int]) -> None:
    found = measure(lengths)
    assert found is not None
    for percentile, value in ((50, found.p50), (95, found.p95)):
        at_most = [
            one for one in sorted(set(lengths)) if 100 * sum(x <= one for x in lengths) >= percentile * len(lengths)
        ]
        assert value == at_most[0]


def test_draws_of_a_spread_are_log_normal_through_both_percentiles() -> None:
    dice = Random(7)
    drawn = sorted(Duration(1800, 3600).draw(dice) for _ in range(20_000))
    assert drawn[10_000] == pytest.approx(1800, rel=0.03)
    assert drawn[19_000] == pytest.approx(3600, rel=0.03)
    # sigma = ln(3600 / 1800) / z(0.95); the 84.13th percentile lies one sigma above the median.
    sigma = 0.6931471805599453 / NormalDist().inv_cdf(0.95)
    assert drawn[16_827] == pytest.approx(1800 * 2.718281828459045**sigma, rel=0.03)


def test_draws_without_a_spread_are_the_length_itself_and_take_no_dice() -> None:
    dice = Random(1)
    before = dice.getstate()
    assert {Duration(60).draw(dice), Duration(60, 60).draw(dice)} == {60}
    assert dice.getstate() == before


def test_draws_of_measured_lengths_are_among_them() -> None:
    found = measure([60, 120, 600])
    assert found is not None
    dice = Random(3)
    assert {found.draw(dice) for _ in range(200)} == {60, 120, 600}


@pytest.mark.parametrize(
    ("p50", "p95", "said"), [(0, None, "at least a second"), (60, 59, "p95 .59 s. is below p50 .60 s.")]
)
def test_durations_that_make_no_sense(p50: int, p95: int | None, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Duration(p50, p95)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("90s", Duration(90)),
        ("45m", Duration(2700)),
        ("1h30m", Duration(5400)),
        (timedelta(minutes=2), Duration(120)),
        ({"p50": "30m", "p95": "1h"}, Duration(1800, 3600)),
        ({"p50": timedelta(minutes=30)}, Duration(1800)),
        (Duration(5), Duration(5)),
    ],
)
def test_durations_as_people_give_them(given: object, expected: Duration) -> None:
    assert read_duration(given) == expected


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        (45, TypeError, "a duration is a text such as '45m' or a timedelta, not int: it has a unit"),
        (None, TypeError, "not NoneType"),
        ("soon", ValueError, "'soon' is not a duration"),
        ("0m", ValueError, "at least a second"),
        ({"p95": "1h"}, ValueError, "has p50 and p95"),
        ({"p50": "1h", "p99": "2h"}, ValueError, "has p50 and p95"),
        ({"p50": "1h", "p95": "30m"}, ValueError, r"p95 \(30m\) is below p50 \(1h\)"),
    ],
)
def test_other_durations_are_refused(given: object, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said):
        read_duration(given)


TABLE = RunDurations(
    configured={
        "nightly": Duration(1),
        "train": Duration(2),
        "nightly-*": Duration(3),
        "team=ml": Duration(4),
        "tag:team": Duration(5),
        "tag:owner=ann": Duration(6),
        "nightly-full/score": Duration(7),
        "*/load": Duration(8),
    },
    measured={"nightly": Duration(10, 20, (10, 20)), "weekly": Duration(11, 11, (11,))},
)


@pytest.mark.parametrize(
    ("names", "tags", "expected"),
    [
        (["nightly", "train"], {}, (1, "durations.nightly")),  # configured counts more than measured
        (["other", "train"], {}, (2, "durations.train")),
        (["nightly-full", "train"], {}, (2, "durations.train")),  # a name counts more than a pattern
        (["nightly-full"], {}, (3, "durations.nightly-*")),
        (["nightly-full"], {"team": "ml"}, (3, "durations.nightly-*")),  # a pattern counts more than a tag
        (["x"], {"team": "ml"}, (4, "durations.team=ml")),
        (["x"], {"team": "other"}, (5, "durations.tag:team")),  # a tag with its value counts more than one without
        (["x"], {"owner": "ann", "team": "other"}, (6, "durations.tag:owner=ann")),
        (["weekly"], {"team": "ml"}, (4, "durations.team=ml")),
        (["weekly"], {}, (11, "measured, 1 run of weekly")),
    ],
)
def test_which_duration_is_meant(names: list[str], tags: dict[str, str], expected: tuple[int, str]) -> None:
    found = TABLE.find(names, tags)
    assert found is not None
    assert (found.duration.p50, found.origin) == expected


def test_what_is_not_known_is_none() -> None:
    assert TABLE.find(["train2", "x"], {"team2": "ml"}) is None
    assert TABLE.find([], {}) is None
    assert (
        TABLE.find(["x", "weekly"], {}) is None
    )  # what was measured of a schedule says nothing of a pipeline of that name
    assert TABLE.find_step(["nightly-full"], "train") is None  # a pattern of schedules does not mean their steps
    assert TABLE.find_step(["any"], "load") == (Duration(8), "durations.*/load")
    assert TABLE.find_step(["nightly-full"], "score") == (Duration(7), "durations.nightly-full/score")


@pytest.mark.parametrize(
    ("keys", "names", "likely", "found"),
    [
        (["nighly"], ["nightly"], ["nightly"], {"nighly": "nightly"}),
        (["Nightly"], ["nightly"], ["nightly"], {"Nightly": "nightly"}),
        (["nightly"], ["nightly"], ["nightly"], {}),  # it is used
        (["nighly"], ["nightly"], [], {}),  # its duration is not known: the hint says it
        (["nighly", "nightly"], ["nightly"], ["nightly"], {}),  # it has a duration of its own
        (["weekly"], ["nightly"], ["nightly"], {}),  # 2 x 2 of 13 characters are the same: not near
        (["nightly"], ["nightly", "nightly2"], ["nightly2"], {}),  # of a schedule whose steps are timed
        (["nighly*", "team=nightl", "tag:nightly", "nighly/fit"], ["nightly"], ["nightly"], {}),  # no names
        (["retrian", "nighly"], ["nightly", "retrain"], ["nightly", "retrain"], {"retrian": "retrain", "nighly": "nightly"}),
        # Each name is meant by one key, each key means one name: what is most like the other.
        (["score-us", "score-usa"], ["score-us2"], ["score-us2"], {"score-us": "score-us2"}),
        (["score-us"], ["score-us2", "score-use"], ["score-us2", "score-use"], {"score-us": "score-use"}),
    ],
)  # fmt: skip
def test_misspelt_names(keys: list[str], names: list[str], likely: list[str], found: dict[str, str]) -> None:
    known = RunDurations(configured=dict.fromkeys(keys, Duration(60)))
    assert known.find_misspelt(names, likely) == found


def test_misspelt_names_are_not_looked_for_among_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    known = RunDurations(configured={"retrian": Duration(1), "nighly": Duration(1)})
    names = ["nightly", "retrain"]
    monkeypatch.setattr(run_durations, "_MOST_COMPARED", 2)  # one key with two names
    assert known.find_misspelt(names, names) == {"retrian": "retrain"}
    monkeypatch.setattr(run_durations, "_MOST_COMPARED", 1)
    assert known.find_misspelt(names, names) == {}


def test_the_typical_length_is_the_mean_of_what_was_measured_and_the_p50_of_what_is_given() -> None:
    assert Duration(1800, 3600).typical == 1800
    # (60 + 120 + 601) / 3 = 260.33; (1 + 2) / 2 = 1.5, rounded up
    assert measure([60, 120, 601]) == Duration(120, 601, (60, 120, 601))
    assert [Duration(2, 9, samples).typical for samples in ((60, 120, 601), (1, 2), (5,))] == [260, 2, 5]


def test_no_run_takes_longer_than_a_year() -> None:
    assert read_duration("366d") == Duration(LONGEST)
    with pytest.raises(ValueError, match=r"^a run takes at most 366 days, not 367$"):
        read_duration("367d")
    with pytest.raises(ValueError, match=r"^a run takes at most 366 days, not 31622401 seconds$"):
        Duration(1, LONGEST + 1)
    assert measure([5, LONGEST + 1]) == measure([5])
    wide = Duration(1, LONGEST)
    assert max(wide.draw(Random(seed)) for seed in range(2_000)) == LONGEST
