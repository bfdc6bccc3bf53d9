"""Other schedulers as oracles where they mean the same, and the list of where they do not."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter
from croniter.croniter import CroniterBadCronError
from cronsim import CronSim, CronSimError
from dateutil.rrule import DAILY, HOURLY, MINUTELY, MO, MONTHLY, WEEKLY, rrule, weekday

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrencePattern, RecurrenceTrigger
from pytest_mlschedule.triggers.recurrence_pattern import WEEK_DAYS

DIFFERENCES = json.loads((Path(__file__).parents[2] / "fixtures/occurrences/peers_disagree.json").read_text("utf-8"))
PACIFIC = ZoneInfo("America/Los_Angeles")
CREATED = datetime(2020, 1, 1, tzinfo=UTC)
QUIET = [
    ("UTC", ZoneInfo("UTC"), datetime(2026, 1, 1), datetime(2027, 1, 1)),
    ("Tokyo Standard Time", ZoneInfo("Asia/Tokyo"), datetime(2024, 1, 1), datetime(2025, 1, 1)),
    ("Nepal Standard Time", ZoneInfo("Asia/Kathmandu"), datetime(2030, 6, 1), datetime(2031, 1, 1)),
    ("Pacific Standard Time", PACIFIC, datetime(2026, 3, 9), datetime(2026, 10, 31)),
    ("Pacific Standard Time", PACIFIC, datetime(2026, 11, 2), datetime(2027, 3, 13)),
]
"""Windows without a clock change."""


def field(random: Random, low: int, high: int) -> str:
    """One cron field in forms that every dialect shares."""
    first, last = sorted(random.sample(range(low, high + 1), 2))
    return random.choice(
        ["*", "*", str(first), f"{first}-{last}", f"{first},{last}", f"{first}-{last}/2", "*/5", "*/3"]
    )


def cron_texts(number: int) -> str:
    random = Random(f"cron {number}")
    return f"{field(random, 0, 59)} {field(random, 0, 23)} * * {field(random, 0, 6)}"


@pytest.mark.parametrize("number", range(60))
def test_cr_5_agrees_with_croniter_and_cronsim_away_from_clock_changes(number):
    expression = cron_texts(number)
    name, tz, start, end = QUIET[number % len(QUIET)]
    first, last = start.replace(tzinfo=tz), end.replace(tzinfo=tz)
    table = CronTrigger(expression, time_zone=name).timetable(created_at=CREATED)
    before = first - timedelta(seconds=1)
    iterator = croniter(expression, before)
    found = table.between(first, last)
    assert [iterator.get_next(datetime) for _ in found[:60]] == found[:60]
    simulated = CronSim(expression, before)
    assert [next(simulated) for _ in found[:60]] == found[:60]
    if len(found) < 60:
        assert next(simulated) >= last


FREQUENCIES = {"minute": MINUTELY, "hour": HOURLY, "day": DAILY, "week": WEEKLY, "month": MONTHLY}


@pytest.mark.parametrize("number", range(120))
def test_rc_11_agrees_with_dateutil_in_utc(number):
    """rrule's BYDAY and BYMONTHDAY limit each other as ours do (RC-8), and weeks start on Monday (RC-7)."""
    random = Random(f"rrule {number}")
    frequency = random.choice(list(FREQUENCIES))
    interval = random.choice([1, 2, 3, 5, 11])
    start = datetime(2024, 1, 1) + timedelta(seconds=random.randrange(400 * 86_400))
    rules: dict[str, object] = {}
    pattern = None
    if frequency in ("day", "week", "month") and random.random() < 0.7:
        hours, minutes = random.sample(range(24), 3), random.sample(range(60), 2)
        names = random.sample(WEEK_DAYS, 2) if frequency != "day" and random.random() < 0.6 else []
        month_days = random.sample([*range(1, 32), -1, -3], 4) if frequency == "month" and random.random() < 0.6 else []
        pattern = RecurrencePattern(hours, minutes, names, month_days)
        rules = {"byhour": sorted(hours), "byminute": sorted(minutes), "bysecond": 0}
        if names:
            rules["byweekday"] = [weekday(WEEK_DAYS.index(name)) for name in names]
        if month_days:
            rules["bymonthday"] = month_days
    theirs = rrule(FREQUENCIES[frequency], dtstart=start, interval=interval, wkst=MO, count=150, **rules)
    expected = [moment.replace(tzinfo=UTC) for moment in theirs]
    table = RecurrenceTrigger(frequency, interval, pattern, start).timetable(created_at=CREATED)
    assert table.between(CREATED, expected[-1] + timedelta(seconds=1)) == expected


def by_us(expression, start, end):
    table = CronTrigger(expression, time_zone="Pacific Standard Time").timetable(created_at=CREATED)
    return table.between(start, end)


def by_croniter(expression, start, end):
    iterator, found = croniter(expression, start - timedelta(seconds=1)), []
    while (moment := iterator.get_next(datetime)) < end:
        found.append(moment)
    return found


def by_cronsim(expression, start, end):
    found = []
    for moment in CronSim(expression, start - timedelta(seconds=1)):
        if moment >= end:
            break
        found.append(moment)
    return found


@pytest.mark.parametrize("who", ["ours", "croniter", "cronsim"])
@pytest.mark.parametrize("case", DIFFERENCES["cases"], ids=lambda case: case["expression"])
def test_the_list_of_differences_is_true(case, who):
    """The table of docs/cron-differences.md, held against the installed versions."""
    start, end = (datetime.fromisoformat(case[key]).replace(tzinfo=PACIFIC) for key in ("from", "to"))
    try:
        found = {"ours": by_us, "croniter": by_croniter, "cronsim": by_cronsim}[who](case["expression"], start, end)
    except (DefinitionError, CroniterBadCronError, CronSimError):
        assert case[who] == "error"
        return
    assert [f"{moment.astimezone(UTC):%m-%d %H:%M}" for moment in found] == case[who]


def test_every_difference_is_one():
    for case in DIFFERENCES["cases"]:
        assert case["ours"] != case["croniter"] or case["ours"] != case["cronsim"]
