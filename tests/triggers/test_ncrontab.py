"""The NCrontab dialect (CR-1 to CR-5), with the library's own test facts as vectors."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.ncrontab import FIELDS, WEEKDAYS, parse_ncrontab, recur_in

FACTS = json.loads((Path(__file__).parents[2] / "fixtures/occurrences/ncrontab.json").read_text("utf-8"))
ALL = {"minute": range(60), "hour": range(24), "day": range(1, 32), "month": range(1, 13), "weekday": range(7)}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def problems_of(expression: str) -> list[tuple[str, str, int | None]]:
    return [(problem.code, str(problem.severity), problem.offset) for problem in parse_ncrontab(expression)[1]]


def values(place: int, text: str) -> list[int]:
    """The values of one field, the other four being *."""
    fields = ["*"] * 5
    fields[place] = text
    found, problems = parse_ncrontab(" ".join(fields))
    assert found is not None, problems
    return list((found.minutes, found.hours, found.days, found.months, found.weekdays)[place])


def refusal(place: int, text: str) -> tuple[str, str, str]:
    """Code, message and hint of the only error."""
    fields = ["*"] * 5
    fields[place] = text
    found, problems = parse_ncrontab(" ".join(fields))
    errors = [problem for problem in problems if problem.severity == "error"]
    assert found is None
    assert len(errors) == 1
    assert errors[0].field == ("expression",)
    return errors[0].code, errors[0].message, errors[0].hint


@pytest.mark.parametrize(("expression", "after", "expected"), FACTS["next"])
def test_published_next_occurrences(expression, after, expected):
    table = CronTrigger(expression).timetable(created_at=utc("1999-01-01"))
    assert table.next_after(utc(after)) == utc(expected)


@pytest.mark.parametrize(("expression", "start", "end"), FACTS["none"])
def test_published_windows_without_occurrence(expression, start, end):
    table = CronTrigger(expression).timetable(created_at=utc("1999-01-01"))
    assert table.next_after(utc(start)) >= utc(end)


@pytest.mark.parametrize(("one", "other"), FACTS["same_fields"])
def test_published_expressions_that_mean_the_same(one, other):
    assert parse_ncrontab(one)[0] == parse_ncrontab(other)[0] is not None


@pytest.mark.parametrize("expression", FACTS["rejected"])
def test_published_rejections(expression):
    with pytest.raises(DefinitionError):
        CronTrigger(expression)


@pytest.mark.parametrize("expression", ["0 9 * * *", "  0   9 * *  * ", "0 9 * * 0-6", "00 09 * * *"])
def test_cr_1_runs_of_spaces_are_fine(expression):
    fields, problems = parse_ncrontab(expression)
    assert (fields.minutes, fields.hours, fields.weekdays, problems) == ((0,), (9,), tuple(range(7)), ())


@pytest.mark.parametrize(
    ("expression", "message", "hint"),
    [
        (
            "0 9 * *",
            "'0 9 * *' has 4 fields; a cron expression has exactly 5",
            "write MINUTES HOURS DAYS MONTHS DAYS-OF-WEEK",
        ),
        ("", "'' has 0 fields; a cron expression has exactly 5", "write MINUTES HOURS DAYS MONTHS DAYS-OF-WEEK"),
        (
            "0 0 9 * * 1",
            "has 6 fields",
            "there is no field for seconds or years; write MINUTES HOURS DAYS MONTHS DAYS-OF-WEEK, "
            "for example '0 9 * * 1'",
        ),
        ("9", "'9' has 1 field; a cron expression has exactly 5", "write MINUTES HOURS DAYS MONTHS DAYS-OF-WEEK"),
        ("* * * * * 2026", "has 6 fields", "no field for seconds or years"),
        ("0 9 * * 1 2026", "has 6 fields", "for example '0 9 * * 1'"),
        ("0 9 * * 1 2026-2030", "has 6 fields", "for example '0 9 * * 1'"),
        ("0 0 9 * * 12026", "has 6 fields", "commas between them and no spaces"),
        ("0 9 * * MON, FRI", "has 6 fields", "commas between them and no spaces"),
        (
            "0\t9 * * *",
            "'\\t' separates nothing: fields are separated by spaces alone",
            "on one line with spaces between",
        ),
        ("0 9 * * *\n", "'\\n' separates nothing", "on one line"),
        ("0\u00a09 * * *", "separates nothing", "on one line"),
        ("@daily", "'@daily' is not taken: macros are not part of NCrontab", 'write "0 0 * * *"'),
        ("@Hourly", "'@Hourly' is not taken", 'write "0 * * * *"'),
        ("@monthly", "is not taken", "use a recurrence trigger with frequency month and interval 1"),
        ("@reboot", "is not taken", "write MINUTES HOURS"),
        ("* " * 6000, "the expression is 12,000 characters long", "write MINUTES HOURS"),
    ],
)
def test_cr_1_five_fields_separated_by_spaces(expression, message, hint):
    fields, (problem,) = parse_ncrontab(expression)
    assert (fields, problem.code) == (None, "MLS101")
    assert message in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("place", "text", "hint"),
    [
        (2, "L", "use a recurrence trigger with frequency month and month_days"),
        (2, "15W", "use a recurrence trigger with frequency month and month_days"),
        (2, "LW", "use a recurrence trigger with frequency month and month_days"),
        (4, "5L", "use a recurrence trigger with frequency month and week_days"),
        (4, "1#2", "use a recurrence trigger with frequency month and week_days"),
        (2, "?", "write * instead of ?"),
        (0, "H", "Jenkins' H does not exist; the minute field takes 0-59"),
        (1, "٣", "the hour field takes 0-23"),
    ],
)
def test_cr_1_signs_of_other_dialects_say_what_to_write(place, text, hint):
    code, message, found = refusal(place, text)
    assert code == "MLS106"
    assert message.startswith(f"'{text}' is not {'an hour' if place == 1 else 'a '}")
    assert hint in found


@pytest.mark.parametrize(
    ("place", "text", "expected"),
    [
        (0, "5", [5]),
        (0, "5-8", [5, 6, 7, 8]),
        (0, "7-7", [7]),
        (0, "1,3,5-6,3", [1, 3, 5, 6]),
        (0, "*/20", [0, 20, 40]),
        (0, "5/15", [5, 20, 35, 50]),
        (0, "10-40/15", [10, 25, 40]),
        (0, "59/5", [59]),
        (0, "*/99", [0]),
        (0, "*/2147483647", [0]),
        (0, "50-55/0", [50, 51, 52, 53, 54, 55]),
        (0, "50-55/-3", [50, 51, 52, 53, 54, 55]),
        (0, "50-55/+3", [50, 53]),
        (0, "0005", [5]),
        (1, "22/1", [22, 23]),
        (2, "*/10", [1, 11, 21, 31]),
        (3, "jan/6", [1, 7]),
        (4, "mon/2", [1, 3, 5]),
        (4, "Tue-Thu", [2, 3, 4]),
    ],
)
def test_cr_2_values_ranges_lists_and_steps(place, text, expected):
    assert values(place, text) == expected


@pytest.mark.parametrize(
    ("place", "text", "code", "message"),
    [
        (0, "1,,2", "MLS106", "an item of the minute field is empty"),
        (0, "1,", "MLS106", "an item of the minute field is empty"),
        (0, "1-", "MLS106", "'1-' is a range without an end"),
        (0, "-5", "MLS106", "'-5' is not a minute"),
        (0, "*5", "MLS106", "'*5' is not a minute"),
        (0, "1-2-3", "MLS106", "'2-3' is not a minute"),
        (0, "*/", "MLS106", "'*/' has no whole number after /"),
        (0, "*/x", "MLS106", "'*/x' has no whole number after /"),
        (0, "*/1/2", "MLS106", "'*/1/2' has no whole number after /"),
        (0, "/5", "MLS106", "'/5' has no whole number after /"),
        (0, "*/2147483648", "MLS106", "'*/2147483648' has no whole number after /"),
        (0, "1x", "MLS106", "'1x' is not a minute"),
        (0, "60", "MLS102", "minute 60 is not in 0-59"),
        (0, "5-61", "MLS102", "minute 61 is not in 0-59"),
        (0, "70/5", "MLS102", "minute 70 is not in 0-59"),
        (0, "999999999", "MLS102", "minute 999999999 is not in 0-59"),
        (0, "9" * 20, "MLS102", "minute '99999999999999999999' is not in 0-59"),
        (0, "9" * 5000, "MLS102", f"minute '{'9' * 60}'… is not in 0-59"),
        (1, "24", "MLS102", "hour 24 is not in 0-23"),
        (2, "0", "MLS102", "day 0 is not in 1-31"),
        (2, "32", "MLS102", "day 32 is not in 1-31"),
        (3, "13", "MLS102", "month 13 is not in 1-12"),
        (4, "Mondays", "MLS106", "'Mondays' is not a weekday"),
        (3, "Mond", "MLS106", "'Mond' is not a month"),
    ],
)
def test_cr_2_what_cannot_be_read(place, text, code, message):
    found_code, found_message, _ = refusal(place, text)
    assert (found_code, found_message) == (code, message)


@pytest.mark.parametrize(
    ("place", "text", "expected", "message", "hint"),
    [
        (4, "FRI-MON", [1, 2, 3, 4, 5], "'FRI-MON' is reversed: it is read as Monday to Friday", '"5-6,0-1"'),
        (
            1,
            "22-2",
            list(range(2, 23)),
            "'22-2' is reversed: it is read as 2 to 22, it does not wrap around",
            '"22-23,0-2"',
        ),
        (0, "50-10/20", [10, 30, 50], "'50-10' is reversed", '"50-59,0-10"'),
        (3, "Nov-Feb", list(range(2, 12)), "'Nov-Feb' is reversed: it is read as February to November", '"11-12,1-2"'),
    ],
)
def test_cr_2_a_reversed_range_is_swapped(place, text, expected, message, hint):
    assert values(place, text) == expected
    fields = ["*"] * 5
    fields[place] = text
    problem = next(found for found in parse_ncrontab(" ".join(fields))[1] if found.code == "MLS104")
    assert message in problem.message
    assert hint in problem.hint
    assert problem.offset == 2 * place


@pytest.mark.parametrize(
    ("text", "expected"),
    [("M", 1), ("Mon", 1), ("MONDAY", 1), ("W", 3), ("w", 3), ("S", 0), ("Sa", 6), ("th", 4), ("tuesda", 2)],
)
def test_cr_3_weekday_names_are_prefixes_in_any_case(text, expected):
    assert values(4, text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"), [("j", 1), ("Ju", 6), ("jul", 7), ("MA", 3), ("may", 5), ("A", 4), ("SEPT", 9)]
)
def test_cr_3_month_names_are_prefixes_in_any_case(text, expected):
    assert values(3, text) == [expected]


@pytest.mark.parametrize(
    ("expression", "message", "hint"),
    [
        ("0 0 * * T", "'T' fits Tuesday and Thursday; the first, Tuesday, counts", 'write "Tue" or "Thu"'),
        ("0 0 * * 1,s", "'s' fits Sunday and Saturday; the first, Sunday, counts", 'write "Sun" or "Sat"'),
        ("0 0 * ju *", "'ju' fits June and July; the first, June, counts", 'write "Jun" or "Jul"'),
        ("0 0 * m-n *", "'m' fits March and May; the first, March, counts", 'write "Mar" or "May"'),
        ("0 0 * j *", "'j' fits January, June and July; the first, January, counts", 'write "Jan" or "Jun"'),
    ],
)
def test_cr_3_an_ambiguous_prefix_is_a_warning(expression, message, hint):
    (problem,) = [found for found in parse_ncrontab(expression)[1] if found.code == "MLS105"]
    assert (problem.message, problem.hint, str(problem.severity)) == (message, hint, "warning")
    assert expression[problem.offset :].startswith(message[1])


def test_cr_2_one_past_the_last_is_the_first():
    assert refusal(0, "60") == ("MLS102", "minute 60 is not in 0-59", "write 0 for the full hour")
    assert refusal(1, "24") == ("MLS102", "hour 24 is not in 0-23", "write 0 for midnight")
    assert refusal(1, "25") == ("MLS102", "hour 25 is not in 0-23", "")


def test_cr_3_weekday_seven_is_an_error():
    assert refusal(4, "7") == ("MLS102", "weekday 7 is not in 0-6 (0 is Sunday)", "write 0 for Sunday")
    assert refusal(4, "8")[2] == ""


def test_cr_3_saturday_to_sunday_is_every_day():
    assert values(4, "Sat-Sun") == list(range(7))
    assert values(4, "Mon-Sun") == [0, 1]
    assert [code for code, *_ in problems_of("0 0 * * Mon-Sun")] == ["MLS104"]
    assert '"6,0"' in parse_ncrontab("0 0 * * Sat-Sun")[1][0].hint


@pytest.mark.parametrize(
    ("expression", "effect"),
    [
        (
            "0 9 1 * *",
            "the 1 in DAYS is ignored by Azure ML: '0 9 1 * *' runs every day: "
            "365 runs a year, not 12, 30 times more than it looks",
        ),
        (
            "0 9 * 6 *",
            "the 6 in MONTHS is ignored by Azure ML: '0 9 * 6 *' runs every day: "
            "365 runs a year, not 30, 12 times more than it looks",
        ),
        (
            "0 9 1 1 *",
            "the 1 in DAYS and the 1 in MONTHS are ignored by Azure ML: '0 9 1 1 *' runs every day: "
            "365 runs a year, not 1, 365 times more than it looks",
        ),
        (
            "0 9 1 * 1",
            "the 1 in DAYS is ignored by Azure ML: '0 9 1 * 1' runs every Monday: 52 runs a year, not 62",
        ),
        (
            "0 9 31 2 *",
            "the 31 in DAYS and the 2 in MONTHS are ignored by Azure ML: '0 9 31 2 *' runs every day: "
            "365 runs a year, not 0",
        ),
        (
            "0 9 29 2 *",
            "the 29 in DAYS and the 2 in MONTHS are ignored by Azure ML: '0 9 29 2 *' runs every day: "
            "365 runs a year, not 0.2, 1,505 times more than it looks",
        ),
        (
            "*/5 * 1-30 * *",
            "the 1-30 in DAYS is ignored by Azure ML: '*/5 * 1-30 * *' runs every day: "
            "105,120 runs a year, not 103,104",
        ),
        (
            "0 9 1 * 1,3",
            "the 1 in DAYS is ignored by Azure ML: '0 9 1 * 1,3' runs every Monday and Wednesday: "
            "104 runs a year, not 113",
        ),
    ],
)
def test_cr_4_days_and_months_are_ignored_with_a_warning_that_says_the_effect(expression, effect):
    fields, (problem,) = parse_ncrontab(expression)
    assert fields is not None
    assert (problem.code, str(problem.severity), problem.message) == ("MLS103", "warning", effect)
    assert problem.offset == (4 if expression.split()[2] != "*" else 6) + (2 if expression.startswith("*/5") else 0)


@pytest.mark.parametrize(
    ("months", "way"),
    [
        ("*", "frequency month and month_days"),
        ("6", "frequency month, interval 12, a start_time in June, and month_days"),
        ("2/3", "frequency month, interval 3, a start_time in February, and month_days"),
        ("jan,jul", "frequency month, interval 6, a start_time in January, and month_days"),
        ("1,2", "frequency month, interval 12, a start_time in each month (one schedule for each), and month_days"),
        ("8,10", "frequency month, interval 12, a start_time in each month (one schedule for each), and month_days"),
    ],
)
def test_cr_4_the_way_out_counts_months(months, way):
    (problem,) = parse_ncrontab(f"0 9 1 {months} *")[1]
    assert problem.hint == f'write "*" in DAYS and MONTHS, or use a recurrence trigger with {way}'


def test_cr_4_every_month_is_an_interval_of_one():
    assert recur_in(range(1, 13)) == "frequency month, interval 1"


def test_cr_4_ignored_fields_do_not_change_when_it_fires():
    created, window = utc("2026-01-01"), (utc("2026-01-01"), utc("2027-01-01"))
    every_day = CronTrigger("0 9 * * *").timetable(created_at=created)
    first_of_month = CronTrigger("0 9 1 2 *").timetable(created_at=created)
    assert first_of_month.between(*window) == every_day.between(*window)
    assert every_day.count(*window) == 365


@pytest.mark.parametrize("expression", ["0 9 * * *", "0 9 */1 * *", "0 9 1-31 1-12 *", "0 9 1/1 jan-dec *"])
def test_cr_4_fields_that_say_every_value_need_no_warning(expression):
    assert problems_of(expression) == []


def test_cr_4_ignored_fields_are_still_checked():
    assert problems_of("0 9 0 Foo *") == [("MLS102", "error", 4), ("MLS106", "error", 6)]


def test_cr_5_fires_at_second_zero_of_every_matching_minute_from_the_start_on():
    trigger = CronTrigger("*/30 9 * * 1", "2026-01-05T09:00:01", time_zone="Tokyo Standard Time")
    table = trigger.timetable(created_at=utc("2026-01-01"))
    found = table.between(utc("2026-01-01"), utc("2026-01-13"))
    assert [f"{at:%a %d %H:%M:%S}" for at in found] == ["Mon 05 00:30:00", "Mon 12 00:00:00", "Mon 12 00:30:00"]


def test_every_problem_is_reported_with_its_place():
    expression = "61 25 * * 9,Foo"
    assert problems_of(expression) == [
        ("MLS102", "error", 0),
        ("MLS102", "error", 3),
        ("MLS102", "error", 10),
        ("MLS106", "error", 12),
    ]
    with pytest.raises(DefinitionError) as raised:
        CronTrigger(expression)
    assert len(raised.value.diagnostics) == 4


def test_the_names_are_the_calendars():
    assert len(WEEKDAYS) == 7
    assert [kind.name for kind in FIELDS] == list(ALL)
    assert [list(range(kind.low, kind.high + 1)) for kind in FIELDS] == [list(values) for values in ALL.values()]


def test_cr_4_days_and_weekdays_look_as_if_they_added_up() -> None:
    (found,) = parse_ncrontab("0 9 13 * FRI")[1]
    # 12 thirteenths, 52 Fridays, 12 / 7 of them on a thirteenth: 62 in standard cron.
    assert found.message.endswith("runs every Friday: 52 runs a year, not 62")
    (found,) = parse_ncrontab("0 9 1 1 MON-FRI")[1]
    assert ": 261 runs a year, not 22, 12 times more than it looks" in found.message
