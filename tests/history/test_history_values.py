"""``History``: jobs by schedule, how they ended, and the window that is covered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pytest_mlschedule.history.history import History, Outcomes
from pytest_mlschedule.history.job import HistoricJob
from pytest_mlschedule.triggers.window import END_EPOCH, Window

NOON = int(datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp())


def job(name: str, **fields: object) -> HistoricJob:
    return HistoricJob(name=name, **fields)  # type: ignore[arg-type]


def at(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def test_outcomes_apart() -> None:
    history = History(
        (
            job("a", schedule="nightly", started=0, ended=60, status="Completed", experiment="e"),
            job("b", schedule="nightly", started=0, ended=30, status="Finished"),
            job("c", schedule="nightly", started=0, ended=5, status="Failed"),
            job("d", schedule="nightly", started=0, ended=7, status="Canceled"),
            job("e", schedule="nightly", started=0, ended=8, status="Cancelled"),
            job("f", schedule="nightly", started=0, status="Running"),
            job("g", schedule="nightly", status="Queued"),
            job("h", schedule="nightly", status="Completed"),
            job("i", schedule="nightly", created=0, ended=50, status="Completed"),
            job("j", schedule="nightly", started=0, ended=9),
            job("k", schedule="nightly", started=0, ended=9, status="Unknown"),
            job("l", schedule="nightly", started=0, ended=99, status="Completed", source="user", experiment="e"),
            job("m", started=0, ended=99, status="Completed", experiment="f"),
            job("n", schedule="weekly", started=0, ended=1, status="Completed", source="schedule"),
        )
    )
    nightly = Outcomes((30, 60), (5,), (7, 8), running=2, untimed=4)
    assert history.durations() == {"nightly": nightly, "weekly": Outcomes((1,))}
    assert len(nightly) == 11
    assert history.durations(by="experiment") == {"e": Outcomes((60, 99)), "f": Outcomes((99,))}
    assert History().durations() == {}


def test_jobs_of_a_schedule_in_time_order() -> None:
    made = job("a", schedule="s", trigger_time=NOON, created=NOON + 9)
    again = job("b", schedule="s", trigger_time=NOON, created=NOON + 900)
    before = job("c", schedule="s", trigger_time=NOON - 60, created=NOON + 5_000)
    unplaced = job("d", schedule="s", created=NOON - 30)
    nowhere = job("e", schedule="s")
    by_hand = job("f", schedule="mine", source="user")
    history = History((again, made, nowhere, unplaced, before, by_hand))
    assert history.of("s") == (nowhere, before, unplaced, made, again)
    assert history.of("other") == ()
    assert history.of("mine") == (by_hand,)
    assert history.schedules == ("s",)


@pytest.mark.parametrize(
    ("fields", "instant"),
    [
        ({"trigger_time": NOON, "created": NOON + 4}, NOON),
        ({"trigger_time": NOON, "created": NOON + 86_400}, NOON),
        ({"trigger_time": NOON, "created": NOON + 86_401}, NOON + 86_401),
        ({"trigger_time": NOON, "created": NOON - 1}, NOON - 1),
        ({"trigger_time": NOON}, NOON),
        ({"trigger_time": NOON, "started": NOON + 8}, NOON),
        ({"created": NOON + 4}, NOON + 4),
        ({"started": NOON + 5}, NOON + 5),
        ({}, None),
    ],
)
def test_when_a_job_came_to_be(fields: dict[str, int], instant: int | None) -> None:
    assert job("a", **fields).instant == instant


def test_the_window_goes_from_the_first_job_to_the_last() -> None:
    assert History().window is None
    assert History((job("a"),)).window is None
    first = job("a", schedule="s", trigger_time=NOON, created=NOON + 4)
    last = job("b", created=NOON + 90)
    assert History((last, first, job("c"))).window == Window(at(NOON), at(NOON + 91))
    assert History((first,)).window == Window(at(NOON), at(NOON + 5))


def test_the_last_instant_that_is_supported_ends_the_window() -> None:
    assert History((job("a", created=NOON), job("b", created=END_EPOCH))).window == Window(at(NOON), at(END_EPOCH))


def test_a_window_that_somebody_vouches_for() -> None:
    jobs = (*(job(str(index), created=NOON + index) for index in range(10)), job("x"))
    part = History(jobs).between(at(NOON + 2), at(NOON + 5))
    assert [one.name for one in part.jobs] == ["2", "3", "4"]
    assert part.window == part.stated == Window(at(NOON + 2), at(NOON + 5))
    assert History().between(at(0), at(9)).window == Window(at(0), at(9))
    with pytest.raises(TypeError, match="naive"):
        History(jobs).between(datetime(2026, 1, 1), at(NOON))
