"""forecast: counts by schedule, hour of the week and day, equal to those of the plan's runs."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, date, datetime, timedelta

import pytest
from forecast_estates import START, build, days_from, random_estate, read_counts

from pytest_mlschedule import CronTrigger, DefinitionError, InstantRangeError, Plan, ServiceProfile, plan_runs
from pytest_mlschedule.planning.forecasts import Forecast, forecast
from pytest_mlschedule.triggers.window import Window
from pytest_mlschedule.triggers.zones import tzdata_version

WEEK = timedelta(days=7)
PACIFIC = "Pacific Standard Time"


def busy(found: Forecast) -> dict[str, int]:
    """The hours of the week that have runs: ``Mon 03``."""
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    return {f"{names[at // 24]} {at % 24:02}": number for at, number in enumerate(found.by_hour_of_week) if number}


def test_a_week_of_three_schedules() -> None:
    estate = [
        build("hourly", "0 9-11 * * 1"),
        build("weekend", "30 3 * * 0,6"),
        build("off", "0 0 * * *", is_enabled=False),
    ]
    found = forecast(estate, START, START + WEEK)
    assert found.runs == 5
    assert found.count_by_schedule == {"hourly": 3, "off": 0, "weekend": 2}
    assert busy(found) == {"Mon 09": 1, "Mon 10": 1, "Mon 11": 1, "Sat 03": 1, "Sun 03": 1}
    assert found.by_day == dict(zip(days_from(date(2026, 3, 2), 7), [3, 0, 0, 0, 0, 1, 1], strict=True))
    assert (found.window, found.zone, found.tzdata_version) == (Window(START, START + WEEK), "UTC", tzdata_version())


@pytest.mark.parametrize(
    ("zone", "shown", "hours", "days"),
    [
        ("UTC", "UTC", {"Sat 10": 1, "Sun 10": 1, "Mon 09": 1}, {"2026-03-07": 1, "2026-03-08": 1, "2026-03-09": 1}),
        # 02:30 does not exist on 2026-03-08: it runs at 03:30
        ("America/Los_Angeles", "America/Los_Angeles", {"Sat 02": 1, "Sun 03": 1, "Mon 02": 1}, {"2026-03-06": 0, "2026-03-07": 1, "2026-03-08": 1, "2026-03-09": 1}),
        ("pacific standard time", PACIFIC, {"Sat 02": 1, "Sun 03": 1, "Mon 02": 1}, {"2026-03-06": 0, "2026-03-07": 1, "2026-03-08": 1, "2026-03-09": 1}),
        # 10:30 UTC is 16:15, 09:30 is 15:15
        ("Asia/Kathmandu", "Asia/Kathmandu", {"Sat 16": 1, "Sun 16": 1, "Mon 15": 1}, {"2026-03-07": 1, "2026-03-08": 1, "2026-03-09": 1, "2026-03-10": 0}),
    ],
)  # fmt: skip
def test_hours_and_days_are_those_of_a_zone(zone: str, shown: str, hours: dict[str, int], days: dict[str, int]) -> None:
    nightly = build("nightly", CronTrigger("30 2 * * *", time_zone=PACIFIC))
    found = forecast(nightly, datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC), zone=zone)
    assert found.zone == shown
    assert busy(found) == hours
    assert {str(day): number for day, number in found.by_day.items()} == days


@pytest.mark.parametrize("key", ["UTC", "America/Los_Angeles", "Asia/Kathmandu", "Australia/Lord_Howe"])
@pytest.mark.parametrize("seed", range(6))
def test_random_estates_agree_with_the_runs_of_their_plan(seed: int, key: str) -> None:
    start = START + timedelta(minutes=seed * 777)
    profile = ServiceProfile(
        gap="skip" if seed == 1 else "shift",
        fold="both" if seed == 2 else "first",
        first_run="instant" if seed == 3 else "scheduled",
        provisioning_delay=timedelta(hours=30 if seed == 4 else 0),
    )
    created = start - timedelta(days=seed)
    options = (random_estate(seed, 25), start, start + timedelta(days=40, minutes=11))
    plan = plan_runs(*options, created_at=created, profile=profile)
    hours, days = read_counts(plan, key)
    found = forecast(*options, created_at=created, profile=profile, zone=key)
    assert found.runs == len(plan) > 1000
    assert found.count_by_schedule == plan.count_by_schedule()
    assert list(found.count_by_schedule) == list(plan.schedules)
    assert found.by_hour_of_week == tuple(hours[place] for place in range(168))
    assert {day: number for day, number in found.by_day.items() if number} == days
    assert list(found.by_day) == days_from(next(iter(found.by_day)), len(found.by_day))
    assert forecast(plan, zone=key) == found
    assert forecast(Plan.from_dict(json.loads(json.dumps(plan.to_dict()))), zone=key) == found


def test_a_part_of_a_plan() -> None:
    plan = plan_runs(build("hourly", "0 * * * *"), START, START + WEEK)
    part = plan.between(START + timedelta(hours=22), START + timedelta(hours=26))
    found = forecast(part)
    assert found.window == part.window
    assert list(found.by_day.values()) == [2, 2]


@pytest.mark.parametrize("length", [timedelta(0), timedelta(hours=30)])
def test_without_schedules_there_are_days_without_runs(length: timedelta) -> None:
    found = forecast([], START, START + length)
    assert (found.runs, found.count_by_schedule, found.by_hour_of_week) == (0, {}, (0,) * 168)
    assert found.by_day == dict.fromkeys(days_from(START.date(), 2 if length else 0), 0)


def test_a_run_of_a_schedule_created_within_the_second_of_the_start_counts() -> None:
    """As in plan_runs: the window starts with that second."""
    start = START + timedelta(microseconds=500_000)
    schedule = build("now", CronTrigger("0 12 * * *"))
    profile = ServiceProfile(first_run="instant")
    assert forecast(schedule, start, START + WEEK, profile=profile).runs == 8
    assert forecast(schedule, start, START + WEEK, profile=profile).window.start == START


def test_the_forecast_as_data() -> None:
    found = forecast([build("a", "30 0 * * *"), build("b", "0 0 29 * *")], START, START + timedelta(days=2))
    assert json.loads(json.dumps(found.to_dict())) == {
        "window": {"start": "2026-03-02T00:00:00Z", "end": "2026-03-04T00:00:00Z"},
        "zone": "UTC",
        "runs": 4,
        "count_by_schedule": {"a": 2, "b": 2},
        "by_hour_of_week": [2, *[0] * 23, 2, *[0] * 143],
        "by_day": {"2026-03-02": 2, "2026-03-03": 2},
        "tzdata_version": tzdata_version(),
    }


def test_a_forecast_is_a_value() -> None:
    found = forecast(build("a", "0 0 * * *"), START, START + WEEK)
    with pytest.raises(TypeError, match="read-only"):
        found.by_day[date(2026, 3, 2)] = 5  # type: ignore[index]
    with pytest.raises(AttributeError):
        found.zone = "Asia/Tokyo"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(found)) == found
    assert found != forecast(build("b", "0 0 * * *"), START, START + WEEK)


def test_what_is_refused() -> None:
    schedule = build("a", "0 0 * * *")
    plan = plan_runs(schedule, START, START + WEEK)
    for options in ({"start": START}, {"end": START}, {"created_at": START}, {"profile": ServiceProfile(gap="skip")}):
        with pytest.raises(TypeError, match=r"a plan has its window, created_at and profile: plan\.between"):
            forecast(plan, **options)  # type: ignore[arg-type]
    for window in ((), (START,)):
        with pytest.raises(TypeError, match="forecast needs start and end, aware datetimes, unless it is given a plan"):
            forecast(schedule, *window)
    with pytest.raises(TypeError, match="naive"):
        forecast(schedule, datetime(2026, 3, 2), START)
    with pytest.raises(ValueError, match="before it starts"):
        forecast(schedule, START, START - WEEK)
    with pytest.raises(InstantRangeError):
        forecast(schedule, START, datetime(2300, 1, 1, tzinfo=UTC))
    with pytest.raises(DefinitionError, match="two schedules are called 'a'"):
        forecast([schedule, build("a", "1 0 * * *")], START, START + WEEK)
    with pytest.raises(TypeError, match="takes schedules"):
        forecast("nightly.yml", START, START + WEEK)  # type: ignore[arg-type]
    text = r"'PST' is not a time zone: write \"Pacific Standard Time\" if that is meant \(IANA names such as Europe/Paris work too\)"
    with pytest.raises(ValueError, match=text):
        forecast(plan, zone="PST")
