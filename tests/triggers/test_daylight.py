"""Daylight saving time told by clock changes, against zoneinfo's flags where countries set them as people speak."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pytest_mlschedule.triggers.daylight import daylight_saving, saves_daylight
from pytest_mlschedule.triggers.zones import zone

PLAIN = [
    "Etc/UTC",
    "America/Los_Angeles",
    "Europe/London",
    "Europe/Berlin",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Asia/Tokyo",
]


@pytest.mark.parametrize("key", PLAIN)
def test_daylight_saving_is_that_of_zoneinfo(key: str) -> None:
    moment = datetime(1995, 1, 1, 12, tzinfo=UTC)
    while moment.year < 2050:
        expected = moment.astimezone(zone(key).tzinfo).dst()
        assert expected is not None
        assert daylight_saving(key, int(moment.timestamp())) == expected.total_seconds(), moment
        moment += timedelta(days=5)


@pytest.mark.parametrize(
    ("key", "day", "hours"),
    [
        ("Europe/Dublin", "2026-01-15", 0),  # zoneinfo: an hour less than standard time
        ("Europe/Dublin", "2026-07-15", 1),
        ("Africa/Casablanca", "2026-03-01", 0),  # Ramadan
        ("Africa/Casablanca", "2025-07-01", 1),
        ("Europe/Istanbul", "2015-07-01", 1),
        ("Europe/Istanbul", "2016-07-01", 0),  # it stayed for good
        ("Europe/Istanbul", "2026-07-01", 0),
        ("Europe/Volgograd", "2019-07-01", 0),  # two years of another time are no season
        ("Pacific/Apia", "2011-12-15", 1),
        ("Pacific/Apia", "2012-01-15", 1),  # across the date line: a day is no hour saved
        ("Pacific/Apia", "2012-07-15", 0),
    ],
)
def test_odd_rules(key: str, day: str, hours: int) -> None:
    epoch = int(datetime.fromisoformat(f"{day}T12:00Z").timestamp())
    assert daylight_saving(key, epoch) == hours * 3600
    assert saves_daylight(key, epoch, epoch) is bool(hours)


def test_a_stretch_of_time() -> None:
    january, may, december = (int(datetime(2026, month, 1, tzinfo=UTC).timestamp()) for month in (1, 5, 12))
    assert not saves_daylight("Europe/Berlin", january, january + 86_400)
    assert saves_daylight("Europe/Berlin", january, may)
    assert saves_daylight("Europe/Berlin", january, december)
    assert not saves_daylight("Etc/UTC", january, december)
