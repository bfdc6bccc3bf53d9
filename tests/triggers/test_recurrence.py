"""Recurrence triggers (RC-1 to RC-11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.triggers.recurrence import FREQUENCIES, LARGEST_INTERVAL, RecurrencePattern, RecurrenceTrigger

CREATED = datetime(2022, 1, 1, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def days(trigger, start="2022-01-01", end="2023-01-01", *, form="%m-%d", created=CREATED, **profile) -> list[str]:
    table = trigger.timetable(created_at=created, profile=ServiceProfile(**profile))
    return [at.strftime(form) for at in table.between(utc(start), utc(end))]


def problem_of(*args, **kwargs):
    with pytest.raises(DefinitionError) as raised:
        RecurrenceTrigger(*args, **kwargs)
    (problem,) = raised.value.diagnostics
    return problem


@pytest.mark.parametrize("frequency", FREQUENCIES)
@pytest.mark.parametrize("change", [str.lower, str.upper, str.title])
def test_rc_1_frequency_in_any_case(frequency, change):
    assert RecurrenceTrigger(change(frequency), 1).frequency == frequency


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("days", "write day"),
        ("Hours", "write hour"),
        ("dayly", "write day"),
        ("second", "write minute, hour, day, week or month"),
        ("year", "write month with interval 12"),
        ("Yearly", "write month with interval 12"),
        ("quarters", "write month with interval 3"),
        ("fortnightly", "write week with interval 2"),
        ("weekdays", "write week, and the days under schedule: week_days"),
        ("weekly", "write week"),
        ("", "write minute, hour, day, week or month"),
        (" day", "write day"),
    ],
)
def test_rc_1_other_frequencies_are_errors_that_name_the_right_one(written, hint):
    problem = problem_of(written, 1)
    assert (problem.code, problem.field, problem.hint) == ("MLS201", ("frequency",), hint)


@pytest.mark.parametrize(("written", "meant"), [(2, 2), ("2", 2), (" 3 ", 3), (1.0, 1), ("1_0", 10)])
def test_rc_1_interval_is_an_integer_in_any_dress(written, meant):
    trigger = RecurrenceTrigger("day", written)
    assert (trigger.interval, trigger.diagnostics) == (meant, ())


def test_rc_1_a_fraction_is_cut_with_a_note():
    trigger = RecurrenceTrigger("day", 1.5)
    assert trigger.interval == 1
    assert [(note.code, str(note.severity), note.field) for note in trigger.diagnostics] == [
        ("MLS209", "note", ("interval",))
    ]


@pytest.mark.parametrize("written", [0, -1, True, "x", "1.5", float("nan"), float("inf"), [1], "", 0.9])
def test_rc_1_other_intervals_are_errors(written):
    problem = problem_of("day", written)
    assert (problem.code, problem.field) == ("MLS202", ("interval",))
    assert "is not a whole number of 1 or more" in problem.message


def test_rc_1_none_is_no_value():
    assert problem_of("day", None).code == "MLS008"
    assert problem_of(None, 1).code == "MLS008"


@pytest.mark.parametrize(
    ("frequency", "hint"),
    [
        ("minute", "choose a larger frequency with a smaller interval: hour, day, week or month"),
        ("week", "choose a larger frequency with a smaller interval: month"),
        ("month", "there is no longer period: let a yearly schedule start the job, and the job look at the date"),
    ],
)
def test_rc_2_the_way_out_names_longer_periods(frequency, hint):
    assert problem_of(frequency, 100_000).hint == hint


@pytest.mark.parametrize(("frequency", "limit"), LARGEST_INTERVAL.items())
def test_rc_2_interval_limits(frequency, limit):
    assert {"month": 16, "week": 71, "day": 500, "hour": 12_000, "minute": 72_000}[frequency] == limit
    assert RecurrenceTrigger(frequency, limit).interval == limit
    problem = problem_of(frequency, limit + 1)
    assert (problem.code, problem.field) == ("MLS203", ("interval",))
    assert problem.message == f"interval {limit + 1} is above the limit for frequency {frequency}, {limit:,}"
    assert (
        problem_of(frequency, 10**400).message
        == f"interval a huge number is above the limit for frequency {frequency}, {limit:,}"
    )


def test_rc_3_minutes_and_hours_are_elapsed_time_from_the_start():
    trigger = RecurrenceTrigger("minute", 40, None, "2022-03-01T10:10:20")
    assert days(trigger, "2022-03-01", "2022-03-01T13", form="%H:%M:%S") == [
        "10:10:20", "10:50:20", "11:30:20", "12:10:20", "12:50:20"
    ]  # fmt: skip
    assert days(RecurrenceTrigger("hour", 36, None, "2022-03-01T10:00"), "2022-03-01", "2022-03-06", form="%d %H") == [
        "01 10", "02 22", "04 10", "05 22"
    ]  # fmt: skip


def test_rc_3_days_and_weeks_keep_the_wall_clock_with_seconds():
    day = RecurrenceTrigger("day", 20, None, "2022-03-01T10:10:20", time_zone="Pacific Standard Time")
    assert days(day, "2022-03-01", "2022-04-30", form="%m-%d %H:%M:%S") == [
        "03-01 18:10:20", "03-21 17:10:20", "04-10 17:10:20"
    ]  # fmt: skip
    week = RecurrenceTrigger("week", 2, None, "2022-03-03T10:00")
    assert days(week, "2022-03-01", "2022-05-01") == ["03-03", "03-17", "03-31", "04-14", "04-28"]


def test_rc_3_months_without_the_day_are_skipped_not_clamped():
    assert days(RecurrenceTrigger("month", 1, None, "2022-01-31T10:00")) == [
        "01-31", "03-31", "05-31", "07-31", "08-31", "10-31", "12-31"
    ]  # fmt: skip
    assert days(RecurrenceTrigger("month", 1, None, "2022-01-30T10:00"))[:3] == ["01-30", "03-30", "04-30"]
    assert days(RecurrenceTrigger("month", 5, None, "2022-01-15T10:00")) == ["01-15", "06-15", "11-15"]
    leap = RecurrenceTrigger("month", 12, None, "2024-02-29T10:00")
    assert days(leap, "2024-01-01", "2040-01-01", form="%Y") == ["2024", "2028", "2032", "2036"]


def test_rc_4_pattern_times_have_second_zero():
    trigger = RecurrenceTrigger("day", 1, RecurrencePattern([4, 10], [0, 30]), "2022-03-01T00:00:17")
    assert days(trigger, "2022-03-01", "2022-03-02", form="%H:%M:%S") == [
        "04:00:00",
        "04:30:00",
        "10:00:00",
        "10:30:00",
    ]


@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_rc_5_an_empty_pattern_is_no_pattern(frequency):
    empty = RecurrencePattern([], [], week_days=[], month_days=[])
    assert empty.is_empty
    trigger = RecurrenceTrigger(frequency, 1, empty, "2022-03-01T10:10:20")
    assert trigger == RecurrenceTrigger(frequency, 1, None, "2022-03-01T10:10:20")
    assert trigger.schedule is None
    assert not trigger.has_pattern


def test_rc_5_what_is_empty_comes_from_the_anchor():
    start = "2022-03-01T10:20:30"

    def first(*pattern, frequency="day"):
        trigger = RecurrenceTrigger(frequency, 1, RecurrencePattern(*pattern), start)
        return days(trigger, "2022-03-02", "2022-03-10", form="%d %H:%M:%S")[:2]

    assert first([], [15, 45]) == ["02 10:15:00", "02 10:45:00"]
    assert first([4], []) == ["02 04:20:00", "03 04:20:00"]
    assert first([], [], ["friday"], frequency="week") == ["04 10:20:00"]
    assert first([], [], [], [5, 6], frequency="month") == ["05 10:20:00", "06 10:20:00"]


def test_rc_6_days_at_multiples_of_the_interval_from_the_anchors_date():
    trigger = RecurrenceTrigger("day", 3, RecurrencePattern(9, 0), "2022-03-01T23:00:00")
    assert days(trigger, "2022-03-01", "2022-03-12") == ["03-04", "03-07", "03-10"]
    # 23:00 in Los Angeles on 1 March is 2 March in UTC: the local date counts
    west = RecurrenceTrigger(
        "day", 3, RecurrencePattern(9, 0), "2022-03-02T07:00:00Z", time_zone="Pacific Standard Time"
    )
    assert days(west, "2022-03-01", "2022-03-12") == ["03-04", "03-07", "03-10"]


def test_rc_7_weeks_start_on_monday():
    pattern = RecurrencePattern(9, 0, ["sunday", "monday"])
    # 2022-03-02 is a Wednesday; its week is Monday 28 February to Sunday 6 March
    trigger = RecurrenceTrigger("week", 2, pattern, "2022-03-02T00:00:00")
    assert days(trigger, "2022-03-01", "2022-04-08") == ["03-06", "03-14", "03-20", "03-28", "04-03"]
    assert days(trigger, "2022-03-01", "2022-04-08", week_start="sunday") == ["03-13", "03-14", "03-27", "03-28"]
    sunday = RecurrenceTrigger("week", 2, pattern, "2022-03-06T00:00:00")
    assert days(sunday, "2022-03-01", "2022-03-25") == ["03-06", "03-14", "03-20"]
    assert days(sunday, "2022-03-01", "2022-03-25", week_start="sunday") == ["03-06", "03-07", "03-20", "03-21"]


def test_rc_7_every_week_does_not_care_where_weeks_start():
    trigger = RecurrenceTrigger("week", 1, RecurrencePattern(9, 0, ["sunday", "monday"]), "2022-03-02T00:00:00")
    assert days(trigger, "2022-03-01", "2022-03-15") == ["03-06", "03-07", "03-13", "03-14"]
    assert days(trigger, week_start="sunday") == days(trigger)


def test_rc_7_without_week_days_the_anchors_weekday():
    assert days(RecurrenceTrigger("week", 1, RecurrencePattern(9, 0), "2022-03-02T00:00"), "2022-03-01", "2022-03-20") == [
        "03-02", "03-09", "03-16"
    ]  # fmt: skip


def test_rc_8_month_days():
    def chosen(*month_days, interval=1):
        pattern = RecurrencePattern(9, 0, month_days=month_days)
        return days(RecurrenceTrigger("month", interval, pattern, "2022-01-01T00:00"), end="2022-05-01")

    assert chosen(1, 31) == ["01-01", "01-31", "02-01", "03-01", "03-31", "04-01"]
    assert chosen(-1) == ["01-31", "02-28", "03-31", "04-30"]
    assert chosen(-31) == ["01-01", "03-01"]
    assert chosen(1, -31) == ["01-01", "02-01", "03-01", "04-01"]
    assert chosen(15, interval=2) == ["01-15", "03-15"]


def test_rc_8_week_days_of_a_month():
    trigger = RecurrenceTrigger("month", 2, RecurrencePattern(9, 0, ["monday"]), "2022-01-10T00:00")
    assert days(trigger, end="2022-04-01") == [
        "01-10", "01-17", "01-24", "01-31", "03-07", "03-14", "03-21", "03-28"
    ]  # fmt: skip


def test_rc_8_both_must_be_satisfied_with_a_warning():
    pattern = RecurrencePattern(9, 0, "friday", 13)
    trigger = RecurrenceTrigger("month", 1, pattern, "2022-01-01T00:00")
    assert days(trigger, end="2024-01-01", form="%Y-%m-%d") == ["2022-05-13", "2023-01-13", "2023-10-13"]
    assert [(found.code, str(found.severity), found.field) for found in trigger.diagnostics] == [
        ("MLS208", "warning", ("schedule", "week_days"))
    ]


def test_rc_8_neither_is_the_anchors_day():
    trigger = RecurrenceTrigger("month", 1, RecurrencePattern([9, 10], 0), "2022-01-31T00:00")
    assert days(trigger, end="2022-04-01", form="%m-%d %H") == ["01-31 09", "01-31 10", "03-31 09", "03-31 10"]


@pytest.mark.parametrize(
    ("interval", "start", "month_days", "week_days"),
    [
        (12, "2022-02-01T00:00", [30], []),
        (12, "2022-02-01T00:00", [30, 31], ["monday"]),
        (12, "2022-04-01T00:00", [31], []),
    ],
)
@pytest.mark.parametrize("gap", ["shift", "skip"])
def test_rc_8_a_trigger_that_can_never_fire_gives_nothing(interval, start, month_days, week_days, gap):
    pattern = RecurrencePattern(9, 0, week_days, month_days)
    trigger = RecurrenceTrigger("month", interval, pattern, start, time_zone="Pacific Standard Time")
    table = trigger.timetable(created_at=CREATED, profile=ServiceProfile(gap=gap))
    window = utc("1970-01-01"), utc("2200-12-31")
    assert table.between(*window) == list(table.iter(*window)) == []
    assert table.count(*window) == 0
    assert table.next_after(utc("1970-01-01")) is None
    assert table.previous_before(utc("2200-01-01")) is None
    assert table.select(0, 0) is None


@pytest.mark.parametrize("frequency", ["minute", "hour"])
@pytest.mark.parametrize("values", [{"hours": 1, "minutes": 1}, {"hours": [], "minutes": [], "week_days": "monday"}])
def test_rc_9_a_pattern_does_not_go_with_minutes_or_hours(frequency, values):
    problem = problem_of(frequency, 1, RecurrencePattern(**values))
    assert (problem.code, problem.field) == ("MLS205", ("schedule",))


@pytest.mark.parametrize(
    ("frequency", "values", "fields"),
    [
        ("day", {"week_days": "monday"}, ["week_days"]),
        ("day", {"month_days": 1}, ["month_days"]),
        ("week", {"month_days": 1}, ["month_days"]),
        ("day", {"month_days": 1, "week_days": "monday"}, ["week_days", "month_days"]),
        ("week", {"week_days": "monday"}, []),
        ("month", {"month_days": 1, "week_days": "monday"}, []),
        ("day", {"month_days": [], "week_days": []}, []),
    ],
)
def test_rc_9_days_that_do_not_go_with_a_frequency(frequency, values, fields):
    pattern = RecurrencePattern(1, 1, **values)
    try:
        RecurrenceTrigger(frequency, 1, pattern)
        found = []
    except DefinitionError as refused:
        found = [problem for problem in refused.diagnostics if problem.severity == "error"]
    assert [(problem.code, problem.field) for problem in found] == [("MLS206", ("schedule", name)) for name in fields]


def test_rc_10_nothing_is_earlier_than_the_anchor():
    trigger = RecurrenceTrigger("day", 1, RecurrencePattern(10, 0), "2022-03-01T10:00:30")
    assert days(trigger, end="2022-03-04") == ["03-02", "03-03"]
    exact = RecurrenceTrigger("day", 1, RecurrencePattern(10, 0), "2022-03-01T10:00:00")
    assert days(exact, end="2022-03-04") == ["03-01", "03-02", "03-03"]


@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_rc_11_the_phase_holds_however_far(frequency):
    trigger = RecurrenceTrigger(frequency, 7, None, "1971-03-01T10:00:00")
    table = trigger.timetable(created_at=datetime(1971, 1, 1, tzinfo=UTC))
    found = table.next_after(utc("2199-01-01"))
    start = utc("1971-03-01T10:00:00")
    if frequency == "month":
        months = (found.year - start.year) * 12 + found.month - start.month
        assert months % 7 == 0
        assert (found.day, found.hour) == (1, 10)
    else:
        step = {"minute": 60, "hour": 3600, "day": 86_400, "week": 7 * 86_400}[frequency] * 7
        assert (found - start) % timedelta(seconds=step) == timedelta(0)
        assert utc("2199-01-01") < found <= utc("2199-01-01") + timedelta(seconds=step)
