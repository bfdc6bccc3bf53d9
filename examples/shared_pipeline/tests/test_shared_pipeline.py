"""One pipeline, three schedules: what each of them makes of it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from pytest_mlschedule import load_job, load_schedules, plan_runs

ROOT = Path(__file__).parents[1]
LONGEST_RUN = timedelta(minutes=45)


@pytest.fixture(scope="module")
def year():
    schedules = load_schedules(ROOT / "schedules")
    return plan_runs(schedules, datetime(2026, 1, 5, tzinfo=UTC), datetime(2027, 1, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("schedule", "batch_size", "compute"),
    [("score-us", 5000, "cpu-large"), ("score-europe", 2000, "cpu-large"), ("score-japan", 1000, "cpu-small")],
)
def test_each_schedule_has_its_inputs(year, schedule, batch_size, compute):
    run = year.for_schedule(schedule)[0]
    assert run.inputs == {"region": schedule.removeprefix("score-"), "batch_size": batch_size}
    assert run.compute == compute


def test_the_pipeline_itself_is_never_changed():
    load_schedules(ROOT / "schedules")
    assert load_job(ROOT / "pipelines" / "score-market.yml").inputs == {"region": "none", "batch_size": 1000}


def test_runs_never_share_a_compute(year):
    for compute in ("cpu-small", "cpu-large"):
        times = [run.trigger_time for run in year if run.compute == compute]
        assert all(later - earlier >= LONGEST_RUN for earlier, later in pairwise(times))


def test_no_two_runs_write_to_one_place(year):
    paths = [run.outputs["scores"]["path"] for run in year]
    assert len(set(paths)) == len(paths)


def test_markets_are_scored_on_working_days(year):
    assert {run.local_time.weekday() for run in year} == {0, 1, 2, 3, 4}


def test_europe_stays_at_six_all_year(year):
    europe = list(year.for_schedule("score-europe"))
    assert {f"{run.local_time:%H:%M}" for run in europe} == {"06:00"}
    assert {f"{run.trigger_time:%H:%M}" for run in europe} == {"04:00", "05:00"}
