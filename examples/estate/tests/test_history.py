"""What really ran in March: the night of the outage, and how long things took."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest
from pytest_mlschedule import read_history

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def history():
    return read_history(ROOT / "history" / "jobs.json")


def test_nothing_ran_in_the_outage(history):
    march = history.between(datetime(2026, 3, 17, 5, 50, tzinfo=UTC), datetime(2026, 3, 17, 8, 40, tzinfo=UTC))
    assert [job.display_name for job in march.jobs if job.schedule] == []


def test_sessions_take_longer_than_the_hour_that_they_have(history):
    assert median(history.durations()["features-sessions"].completed) > timedelta(hours=1).total_seconds()


def test_the_campaign_ended_with_its_last_run(history):
    assert history.of("score-campaign")[-1].display_name == "score-campaign-20260327T060000Z"


@pytest.mark.parametrize("schedule", ["forecast-europe", "reconcile-billing", "score-au"])
def test_no_night_is_lost_when_clocks_change(history, schedule):
    days = {job.display_name[-16:-8] for job in history.of(schedule)}
    assert len(days) == 35
