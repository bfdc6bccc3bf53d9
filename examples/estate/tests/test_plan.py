"""What the estate starts in April: how often, with what, and on which days clocks surprise."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_mlschedule import load_schedules, plan_runs

ROOT = Path(__file__).parents[1]
DAYS, WORKING_DAYS, SATURDAYS = 30, 22, 4  # of April 2026


@pytest.fixture(scope="module")
def april():
    return plan_runs(
        load_schedules(ROOT / "schedules"), datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("schedule", "runs"),
    [
        ("ingest-orders", 4 * 6 * WORKING_DAYS),
        ("features-sessions", 15 * DAYS),
        ("features-catalog", 6 * DAYS),
        ("score-fraud", 4 * DAYS),
        ("quality-orders", 6 * DAYS),
        ("score-us", DAYS),
        ("score-au", DAYS),
        ("score-campaign", 0),
        ("forecast-stores", WORKING_DAYS),
        ("finetune-search", 4),
        ("retrain-churn", SATURDAYS),
        ("backtest", 2),
        ("report-revenue", 1),
        ("report-credit", 1),
    ],
)
def test_how_often_schedules_run(april, schedule, runs):
    assert april.count_by_schedule()[schedule] == runs


def test_every_country_is_scored_each_night_for_itself(april):
    scored = [run for run in april if run.schedule.startswith("score-") and run.inputs["country"] != "all"]
    assert len(scored) == 11 * DAYS
    assert len({(run.inputs["country"], run.trigger_time) for run in scored}) == len(scored)


def test_runs_know_when_they_were_due(april):
    assert all(
        run.inputs["scored_at"] == f"{run.trigger_time:%Y-%m-%dT%H:%M:%SZ}" for run in april.for_schedule("score-de")
    )


def test_two_in_the_morning_is_crowded(april):
    first = [run.schedule for run in april if run.trigger_time == datetime(2026, 4, 1, 2, tzinfo=UTC)]
    assert sorted(first) == [
        "export-customers",
        "ingest-stock",
        *(f"score-{country}" for country in ("br", "ca", "de", "es", "fr", "mx", "uk", "us")),
    ]


def test_sydney_is_scored_once_in_the_night_that_has_half_past_two_twice(april):
    night = [run for run in april.for_schedule("score-au") if f"{run.local_time:%m-%d}" == "04-05"]
    assert [f"{run.local_time:%H:%M%z}" for run in night] == ["02:30+1100"]
