"""Heat maps of text: cells, scales, headings, marks of clock changes, widths."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from pytest_mlschedule import CronTrigger, JobSchedule, Plan, RecurrenceTrigger, plan_runs
from pytest_mlschedule.report.listing import Listing
from pytest_mlschedule.report.plan_calendar import Piece, draw_calendar, write_calendar
from pytest_mlschedule.triggers.zones import tzdata_version, zone

PACIFIC = "Pacific Standard Time"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HEADINGS = "      00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23"


def plan(start: str, days: float, /, **schedules: tuple[str, str]) -> Plan:
    """The plan of cron schedules by name: expression and zone."""
    first = datetime.fromisoformat(start).replace(tzinfo=UTC)
    made = [
        JobSchedule(name=name, trigger=CronTrigger(expression, time_zone=time_zone), create_job="azureml:train")
        for name, (expression, time_zone) in schedules.items()
    ]
    return plan_runs(made, first, first + timedelta(days=days))


def text(listing: Listing, width: int = 80) -> str:
    return "".join("".join(piece.text for piece in line).rstrip() + "\n" for line in draw_calendar(listing, width))


def test_a_month_on_the_clock_of_its_zone() -> None:
    made = plan("2026-03-01T08:00", 30, nightly=("30 2 * * *", PACIFIC))
    assert "".join(write_calendar(Listing(plan=made, zone_name=PACIFIC))) == (
        "Runs by day in Pacific Standard Time\n"
        "2026  Mar\n"
        "       1  2  9 16 23 30\n"
        "Mon       1  1  1  1  1\n"
        "Tue       1  1  1  1  .\n"
        "Wed       1  1  1  1\n"
        "Thu       1  1  1  1\n"
        "Fri       1  1  1  1\n"
        "Sat       1  1  1  1\n"
        "Sun    1  1  1  1  1\n"
        "          ^\n"
        "     numbers are runs, . is none\n"
        "     most: 1 (Sun 2026-03-01 and 29 more days)\n"
        "   ^ Sun 2026-03-08: clocks go forward 1 hour in Pacific Standard Time\n"
        "\n"
        "Runs by hour and weekday in Pacific Standard Time\n"
        f"{HEADINGS}\n"
        "Mon    .  .  5  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .\n"
        "Tue    .  .  4  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .\n"
        "Wed    .  .  4  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .\n"
        "Thu    .  .  4  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .\n"
        "Fri    .  .  4  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .\n"
        "Sat    .  .  4  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .\n"
        "Sun    .  .  4  1  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .\n"
        "     numbers are runs, . is none\n"
        "     most: 5 (Mon 02:00)\n"
        "\n"
        "30 runs of 1 schedule from 2026-03-01T08:00:00Z to 2026-03-31T08:00:00Z (tzdata\n"
        f"  {tzdata_version()})\n"
    )


def test_a_year_has_a_column_of_one_digit_for_each_week() -> None:
    """288 runs a day: a ninth is 32. The first day has 192 of them, from 08:00 UTC on. 52 weeks of 12 an hour are 624."""
    trigger = CronTrigger("*/5 * * * *", start_time="2026-01-01T00:00:00", time_zone=PACIFIC)
    five = JobSchedule(name="five", trigger=trigger, create_job="azureml:train")
    start = datetime(2026, 1, 1, tzinfo=UTC)
    lines = text(Listing(plan=plan_runs(five, start, start + timedelta(days=365)))).splitlines()
    assert lines[:17] == [
        "Runs by day in UTC (--zone shows another zone)",
        "2026 Jan Feb Mar  Apr May  Jun Jul Aug  Sep Oct Nov  Dec",
        "Mon   9999999999999999999999999999999999999999999999999999",
        "Tue   9999999999999999999999999999999999999999999999999999",
        "Wed   9999999999999999999999999999999999999999999999999999",
        "Thu  69999999999999999999999999999999999999999999999999999",
        "Fri  9999999999999999999999999999999999999999999999999999",
        "Sat  9999999999999999999999999999999999999999999999999999",
        "Sun  9999999999999999999999999999999999999999999999999999",
        "              ^                                 ^",
        "     . none  1 1-32  2 33-64  3 65-96  4 97-128  5 129-160  6 161-192  7 193-224",
        "     8 225-256  9 257-288",
        "     most: 288 (Fri 2026-01-02 and 362 more days)",
        "   ^ Sun 2026-03-08: clocks go forward 1 hour in Pacific",
        "   ^ Sun 2026-11-01: clocks go back 1 hour in Pacific",
        "",
        "Runs by hour and weekday in UTC",
    ]
    assert lines[-4].startswith("     most: 636 (Thu 08:00 and ")  # 53 Thursdays


def test_a_wider_terminal_shows_two_columns_a_week() -> None:
    made = plan("2026-01-01", 365, daily=("0 0 * * 1-5", "UTC"))
    lines = text(Listing(plan=made), 120).splitlines()
    assert lines[1].startswith("2026  Jan     Feb     Mar       Apr")
    assert lines[2] == "Mon  " + "  " + " 1" * 52
    assert lines[7] == "Sat  " + " ." * 52


def test_several_years_are_one_below_the_other() -> None:
    made = plan("2025-12-29", 370, daily=("0 0 * * *", "UTC"))
    assert text(Listing(plan=made)).splitlines()[1] == "2026 Jan Feb Mar  Apr May  Jun Jul Aug  Sep Oct Nov  Dec Jan"
    made = plan("2025-12-29", 600, daily=("0 0 * * *", "UTC"))
    lines = text(Listing(plan=made)).splitlines()
    assert [line for line in lines if line.startswith("20")] == [
        "2025 Dec",
        "2026 Jan Feb Mar  Apr May  Jun Jul Aug  Sep Oct Nov  Dec",
        "2027 Jan  Feb Mar Apr May  Jun Jul Aug",
    ]
    assert [line for line in lines if line.startswith("Thu")][:3] == ["Thu", "Thu  " + "1" * 53, "Thu   " + "1" * 33]


def test_a_month_that_begins_next_to_the_first_label_has_the_place() -> None:
    made = plan("2026-02-16", 200, daily=("0 0 * * *", "UTC"))
    assert text(Listing(plan=made), 70).splitlines()[1].startswith("2026    Mar")
    made = plan("2025-12-22", 200, daily=("0 0 * * *", "UTC"))
    assert text(Listing(plan=made), 70).splitlines()[1].startswith("2026    Jan")


def test_columns_for_numbers_of_any_size() -> None:
    """1,440 a day in 5 columns; in the hours of 3 columns 60 a week fit, 120 do not."""
    made = plan("2026-03-02", 7, minutes=("* * * * *", "UTC"))
    lines = text(Listing(plan=made)).splitlines()
    assert lines[1:5] == ["2026  Mar", "         2", "Mon   1440", "Tue   1440"]
    assert lines[lines.index(HEADINGS) + 1] == "Mon  " + " 60" * 24
    lines = text(Listing(plan=plan("2026-03-02", 14, minutes=("* * * * *", "UTC")))).splitlines()
    assert lines[lines.index(HEADINGS) + 1] == "Mon  " + "  9" * 24
    assert "     . none  1 1-13  2 14-26  3 27-40  4 41-53  5 54-66  6 67-80  7 81-93" in lines
    assert text(Listing(plan=plan("2026-03-02", 14, minutes=("* * * * *", "UTC"))), 120).count(" 120" * 24) == 7


@pytest.mark.parametrize(
    ("width", "heading"),
    [
        (53, "     00  02  04  06  08  10  12  14  16  18  20  22"),
        (76, "     00  02  04  06  08  10  12  14  16  18  20  22"),
        (77, HEADINGS),
        (30, "     00 03 06 09 12 15 18 21"),
    ],
)
def test_headings_of_hours_in_a_narrow_terminal(width: int, heading: str) -> None:
    made = plan("2026-03-02", 7, daily=("0 5 * * *", "UTC"))
    lines = text(Listing(plan=made), width).splitlines()
    assert heading in lines
    assert max(map(len, lines[:-4])) <= max(width, 52)


def test_clock_changes_of_every_zone_that_has_runs() -> None:
    made = plan(
        "2026-03-01",
        240,
        west=("0 0 * * *", PACIFIC),
        east=("0 0 * * *", "Eastern Standard Time"),
        howe=("0 0 * * *", "Lord Howe Standard Time"),
    )
    lines = [line for line in text(Listing(plan=made)).splitlines() if line.startswith("   ^")]
    assert lines == [
        "   ^ Sun 2026-03-08: clocks go forward 1 hour in Eastern and Pacific",
        "   ^ Sat 2026-04-04: clocks go back 30 minutes in Lord Howe",
        "   ^ Sat 2026-10-03: clocks go forward 30 minutes in Lord Howe",
    ]
    without = plan_runs(
        [part.definition for part in made.parts if part.source.schedule == "howe"], made.start, made.end
    )
    assert "Pacific" not in text(Listing(plan=without))


def test_two_changes_of_one_day_and_a_zone_without_runs() -> None:
    off = JobSchedule(
        name="off",
        trigger=CronTrigger("0 0 * * *", time_zone=PACIFIC),
        create_job="azureml:train",
        is_enabled=False,
    )
    santiago = CronTrigger("0 0 * * *", time_zone="Pacific SA Standard Time")
    lisbon = CronTrigger("0 0 * * *", time_zone="GMT Standard Time")
    made = [
        JobSchedule(name=name, trigger=trigger, create_job="azureml:train")
        for name, trigger in (("a", santiago), ("b", lisbon))
    ]
    start = datetime(2026, 3, 1, tzinfo=UTC)
    shown = text(Listing(plan=plan_runs([off, *made], start, start + timedelta(days=40))))
    assert [line for line in shown.splitlines() if line.startswith("   ^")] == [
        "   ^ Sun 2026-03-29: clocks go forward 1 hour in London",
        "   ^ Sun 2026-04-05: clocks go back 1 hour in Pacific SA",
    ]


def test_many_changes_and_many_zones_are_cut() -> None:
    zones = [
        PACIFIC,
        "Mountain Standard Time",
        "Central Standard Time",
        "Eastern Standard Time",
        "Alaskan Standard Time",
        "Atlantic Standard Time",
    ]
    made = plan("2026-01-01", 3650, **{f"s{place}": ("0 0 * * *", name) for place, name in enumerate(zones)})
    lines = [line for line in text(Listing(plan=made)).splitlines() if line.startswith("   ^ ")]
    assert len(lines) == 9
    assert (
        lines[0] == "   ^ Sun 2026-03-08: clocks go forward 1 hour in Atlantic, Eastern, Central, Mountain and 2 more"
    )
    assert lines[-1] == "   ^ and 12 more changes of clocks"


def test_a_day_that_a_zone_left_out_is_blank() -> None:
    made = plan("2011-12-26T10:00", 7, hourly=("0 * * * *", "UTC"))
    lines = text(Listing(plan=made, zone_name="Pacific/Apia")).splitlines()
    assert next(line for line in lines if line.startswith("Fri")) == "Fri"
    assert "   ^ Sat 2011-12-31: clocks go forward 24 hours in Pacific/Apia" in lines


def test_no_runs_and_no_schedules() -> None:
    for made, schedules in (
        (plan("2026-03-02", 7), "0 schedules"),
        (plan("2026-03-02", 0.5, a=("0 18 * * *", "UTC")), "1 schedule"),
    ):
        assert text(Listing(plan=made)).startswith(f"no runs of {schedules} from 2026-03-02T00:00:00Z to ")


def test_the_busiest_schedules_are_named() -> None:
    estate = {f"s{number:02}": (f"0 {number} * * *", "UTC") for number in range(14)}
    lines = text(Listing(plan=plan("2026-03-02", 2, hourly=("0 * * * *", "UTC"), **estate))).splitlines()
    assert lines[-2:] == [
        "hourly 48, s00 2, s01 2, s02 2, s03 2, s04 2, s05 2, s06 2, s07 2, s08 2 and 5",
        "  more",
    ]


def random_plan(random: Random) -> Plan:
    zones = random.sample([PACIFIC, "UTC", "Nepal Standard Time", "AUS Eastern Standard Time"], 2)
    triggers = [
        CronTrigger(
            f"{random.choice(['*/5', '0', '*'])} {random.choice(['*', '9-17', '3'])} * * *", time_zone=zones[0]
        ),
        RecurrenceTrigger(random.choice(["hour", "day", "week", "month"]), random.choice([1, 2]), time_zone=zones[1]),
    ]
    made = [JobSchedule(name=f"s{place}", trigger=trigger, create_job="a") for place, trigger in enumerate(triggers)]
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(10**6))
    return plan_runs(made, start, start + timedelta(hours=random.choice([1, 30, 24 * 7, 24 * 40, 24 * 120])))


def numbers(lines: list[str], width: int) -> list[list[str]]:
    """The cells of seven lines of a heat map."""
    return [
        [line.ljust(200)[5 + at : 5 + at + width].strip() for at in range(0, len(line) - 5, width)] for line in lines
    ]


@pytest.mark.parametrize("seed", range(25))
def test_cells_are_the_runs_of_their_day_and_hour(seed: int) -> None:
    """Against every run read, in a terminal so wide that all numbers fit."""
    random = Random(seed)
    made, key = random_plan(random), random.choice(["UTC", "Europe/Berlin", "Asia/Kathmandu"])
    walls = [run.trigger_time.astimezone(zone(key).tzinfo) for run in made]
    lines = text(Listing(plan=made, zone_name=key), 400).splitlines()
    days, hours = (place for place, line in enumerate(lines) if line.startswith("Mon"))
    by_weekday = Counter(wall.weekday() for wall in walls)
    width = len(lines[days - 1][5:]) // len(lines[days - 1].split())
    for weekday, cells in enumerate(numbers(lines[days : days + 7], width)):
        assert sum(int(cell) for cell in cells if cell not in ("", ".")) == by_weekday[weekday]
    by_hour = Counter((wall.weekday(), wall.hour) for wall in walls)
    width = (len(lines[hours - 1]) - 5) // 24
    for weekday, cells in enumerate(numbers(lines[hours : hours + 7], width)):
        assert [0 if cell == "." else int(cell) for cell in cells] == [by_hour[weekday, hour] for hour in range(24)]


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("width", [80, 100, 120])
def test_nothing_is_wider_than_the_terminal(seed: int, width: int) -> None:
    listing = Listing(plan=random_plan(Random(seed)))
    for line in draw_calendar(listing, width):
        assert sum(len(piece.text) for piece in line) <= width


def test_levels_are_ninths_of_the_most_and_changes_are_marked() -> None:
    made = plan("2026-03-07T08:00", 71 / 24, west=("0 * * * *", PACIFIC), once=("30 5 * * 1", PACIFIC))
    cells: list[Piece] = []
    for line in draw_calendar(Listing(plan=made, zone_name=PACIFIC), 80):
        cells += [piece for piece in line if piece.level is not None]
    # 24 runs on Saturday, 23 on the day without 02:00, 25 on Monday; then the dot of the legend
    assert cells[:8] == [
        Piece(" 25", 9),
        Piece(" 24", 9),
        Piece(" 23", 9, marked=True),
        Piece(".", 0),
        *[Piece("  1", 5)] * 4,
    ]  # fmt: skip
    assert {piece.level for piece in cells} == {0, 5, 9}
