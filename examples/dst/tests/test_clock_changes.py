"""What clock changes do to reports. The dates are those of 2026."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_mlschedule import ServiceProfile, load_schedule, plan_runs

SCHEDULES = Path(__file__).parents[1] / "schedules"
DAY = timedelta(days=1)


def file_of(name):
    (path,) = SCHEDULES.glob(f"*/{name}.yml")
    return path


def times(name, start, end, **knobs):
    """(local time, UTC time) of the runs of a schedule."""
    plan = plan_runs(load_schedule(file_of(name)), start, end, profile=ServiceProfile(**knobs))
    return [(f"{run.local_time:%d %H:%M}", f"{run.trigger_time:%d %H:%MZ}") for run in plan]


def test_a_time_that_does_not_exist_moves_forward():
    start = datetime(2026, 3, 7, 8, tzinfo=UTC)
    assert times("los-angeles", start, start + 3 * DAY) == [
        ("07 02:30", "07 10:30Z"),
        ("08 03:30", "08 10:30Z"),
        ("09 02:30", "09 09:30Z"),
    ]


def test_a_time_that_exists_twice_runs_once():
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert times("berlin", start, start + 2 * DAY) == [("25 02:30", "25 00:30Z"), ("26 02:30", "26 01:30Z")]


def test_the_south_changes_the_other_way():
    start = datetime(2026, 10, 3, 14, tzinfo=UTC)
    assert times("sydney", start, start + 2 * DAY) == [("04 03:30", "03 16:30Z"), ("05 02:30", "04 15:30Z")]


@pytest.mark.parametrize("name", ["delhi", "utc"])
def test_some_zones_never_change(name):
    plan = plan_runs(
        load_schedule(file_of(name)), datetime(2026, 1, 2, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    )
    assert {run.local_time.utcoffset() for run in plan} == {plan[0].local_time.utcoffset()}


def test_what_azure_does_not_document_has_knobs():
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert len(times("berlin", start, start + DAY, fold="both")) == 2
    start = datetime(2026, 3, 8, 8, tzinfo=UTC)
    assert times("los-angeles", start, start + DAY, gap="skip") == []


def test_elapsed_time_knows_no_clock_change():
    start, end = datetime(2026, 11, 1, 7, tzinfo=UTC), datetime(2026, 11, 2, 8, tzinfo=UTC)
    assert len(times("every-quarter-hour", start, end)) == 25 * 4


def test_the_repeated_hour_is_silent_for_cron():
    start, end = datetime(2026, 11, 1, 7, tzinfo=UTC), datetime(2026, 11, 2, 8, tzinfo=UTC)
    assert len(times("quarter-hours-by-cron", start, end)) == 24 * 4


def test_every_report_runs_once_a_day_all_year(ml_schedule):
    plan = plan_runs(ml_schedule, datetime(2026, 1, 3, tzinfo=UTC), datetime(2027, 1, 3, tzinfo=UTC))
    days = [run.local_time.date() for run in plan]
    assert len(days) == 365
    assert len(set(days)) == 365
