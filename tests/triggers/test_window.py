"""Instants at the edge: datetimes, texts, windows and durations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pytest_mlschedule.errors import InstantRangeError
from pytest_mlschedule.triggers.window import (
    END_EPOCH,
    Window,
    from_epoch,
    parse_duration,
    parse_instant,
    to_epoch,
    to_epoch_floor,
)

NOON = datetime(2026, 3, 8, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def test_epochs_of_aware_datetimes():
    assert to_epoch(NOON) == to_epoch_floor(NOON) == int(NOON.timestamp())
    assert to_epoch(NOON.astimezone(timezone(timedelta(hours=-8)))) == to_epoch(NOON)
    assert (to_epoch(NOON + TICK), to_epoch_floor(NOON + TICK)) == (to_epoch(NOON) + 1, to_epoch(NOON))
    assert (to_epoch(NOON - TICK), to_epoch_floor(NOON - TICK)) == (to_epoch(NOON), to_epoch(NOON) - 1)
    assert from_epoch(to_epoch(NOON)) == NOON
    assert from_epoch(0).tzinfo is UTC


@pytest.mark.parametrize("convert", [to_epoch, to_epoch_floor])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        (datetime(2026, 3, 8, 12), r"datetime.datetime\(2026, 3, 8, 12, 0\) is naive: give it a time zone"),
        ("2026-03-08", "an instant is an aware datetime, not str"),
        (5, "an instant is an aware datetime, not int"),
        (None, "an instant is an aware datetime, not NoneType"),
    ],
)
def test_only_aware_datetimes_are_instants(convert, value, message):
    with pytest.raises(TypeError, match=message):
        convert(value)


@pytest.mark.parametrize(
    "moment", [datetime(1969, 12, 31, 23, 59, 59), datetime(2201, 1, 1, 0, 0, 1), datetime(9999, 1, 1)]
)
def test_tz_3_instants_outside_the_supported_years(moment):
    with pytest.raises(InstantRangeError, match=f"^{moment.isoformat()}.* is outside the supported years 1970 to 2200"):
        to_epoch(moment.replace(tzinfo=UTC))
    with pytest.raises(InstantRangeError):
        to_epoch_floor(moment.replace(tzinfo=UTC))


def test_tz_3_the_ends_of_the_supported_years():
    assert to_epoch(datetime(1970, 1, 1, tzinfo=UTC)) == 0
    assert to_epoch(datetime(2201, 1, 1, tzinfo=UTC)) == END_EPOCH
    assert from_epoch(END_EPOCH - 1).year == 2200
    for epoch in (-1, END_EPOCH + 1, 10**18):
        with pytest.raises(InstantRangeError):
            from_epoch(epoch)


def test_st_9_a_window_is_half_open():
    window = Window(NOON, NOON + timedelta(hours=1))
    assert NOON in window
    assert NOON + timedelta(hours=1) not in window
    assert NOON - TICK not in window
    assert window.duration == timedelta(hours=1)
    assert window.epochs == (to_epoch(NOON), to_epoch(NOON) + 3600)
    empty = Window(NOON, NOON - timedelta(hours=1))
    assert NOON not in empty
    assert empty.duration == timedelta(0)
    with pytest.raises(TypeError, match="is naive"):
        Window(NOON, datetime(2026, 3, 8, 13))


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-03-08", "UTC", "2026-03-08T00:00:00"),
        ("2026-03-08T12:30", "UTC", "2026-03-08T12:30:00"),
        (" 2026-03-08 12:30:15 ", "UTC", "2026-03-08T12:30:15"),
        ("2026-03-08T12:30:15Z", "America/Los_Angeles", "2026-03-08T12:30:15"),
        ("2026-03-08T12:30:15-08:00", "UTC", "2026-03-08T20:30:15"),
        ("2026-03-08T12:30:15.25", "UTC", "2026-03-08T12:30:15.250000"),
        ("2026-03-08T12:30:15.25+00:00", "UTC", "2026-03-08T12:30:15.250000"),
        ("2026-03-08", "America/Los_Angeles", "2026-03-08T08:00:00"),
        ("2026-03-08T02:30", "America/Los_Angeles", "2026-03-08T10:30:00"),
        ("2026-11-01T01:30", "America/Los_Angeles", "2026-11-01T08:30:00"),
    ],
)
def test_texts_are_instants(text, zone, expected):
    assert parse_instant(text, zone) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "2026", "2026-03", "20260308", "2026-W10-1", "2026-02-30", "12:30", "٢٠٢٦-03-08"]
)
def test_other_texts_are_refused_with_the_forms(text):
    with pytest.raises(ValueError, match="is not a time: write 2026-03-08, 2026-03-08T02:30 or"):
        parse_instant(text)


@pytest.mark.parametrize("text", ["1969-12-31", "2201-01-02", "9999-12-31T23:59:59-10:00", "0001-01-01"])
def test_tz_3_texts_outside_the_supported_years(text):
    with pytest.raises(InstantRangeError):
        parse_instant(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30d", timedelta(days=30)),
        ("2w", timedelta(days=14)),
        ("12h", timedelta(hours=12)),
        ("90m", timedelta(minutes=90)),
        ("1y", timedelta(days=365)),
        (" 3 D ", timedelta(days=3)),
        ("0d", timedelta(0)),
        ("90s", timedelta(seconds=90)),
        ("1h30m", timedelta(minutes=90)),
        ("1D 2H 3m4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
    ],
)
def test_durations(text, expected):
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", ["1M", "1h 30M", "3M4s"])
def test_a_month_is_no_minute(text):
    with pytest.raises(ValueError, match="is not a duration: m is a minute, and M could be a month; write 1m, or 30d"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["", "d", "3", "3 months", "-1d", "1.5d", "1d2", "30m1h", "1h1h", "9999999999d", "٣d"])
def test_other_durations_are_refused_with_the_form(text):
    with pytest.raises(ValueError, match="is not a duration: write numbers with y, w, d, h, m or s"):
        parse_duration(text)
