"""The triggers that the engine is measured on: W1 to W5 of the goals, and a fleet of random schedules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrencePattern, RecurrenceTrigger
from pytest_mlschedule.triggers.timetable import Timetable
from pytest_mlschedule.triggers.zone_names import SDK_ZONES

PACIFIC = "Pacific Standard Time"
CREATED = datetime(1990, 1, 1, tzinfo=UTC)
DAY = 86_400
YEAR = 365 * DAY
START = int(datetime(2026, 1, 1, 8, tzinfo=UTC).timestamp())


@dataclass(frozen=True)
class Workload:
    """A trigger and how long a window it is enumerated over."""

    name: str
    text: str
    trigger: CronTrigger | RecurrenceTrigger
    seconds: int
    cron: str | None = None
    """The same occurrences as a five-field cron, where there is one."""

    @property
    def timetable(self) -> Timetable:
        return self.trigger.timetable(created_at=CREATED)


TEN_HOURS = (0, 1, 3, 6, 8, 10, 13, 16, 19, 22)
WORKLOADS = {
    "W1": Workload("W1", "*/5 * * * *, 1 year", CronTrigger("*/5 * * * *", time_zone=PACIFIC), YEAR, "*/5 * * * *"),
    "W2": Workload(
        "W2", "30 2 * * 1-5, 10 years", CronTrigger("30 2 * * 1-5", time_zone=PACIFIC), 10 * YEAR, "30 2 * * 1-5"
    ),
    "W3": Workload(
        "W3",
        "day, 10 times a day, 10 years",
        RecurrenceTrigger("day", 1, RecurrencePattern(TEN_HOURS, 20), time_zone=PACIFIC),
        10 * YEAR,
        f"20 {','.join(map(str, TEN_HOURS))} * * *",
    ),
    "W4": Workload(
        "W4",
        "month days 1, 15, 31, 50 years",
        RecurrenceTrigger("month", 1, RecurrencePattern(9, 30, month_days=[1, 15, 31]), time_zone=PACIFIC),
        50 * YEAR,
        "30 9 1,15,31 * *",
    ),
    "W5": Workload("W5", "every 7 minutes, 1 year", RecurrenceTrigger("minute", 7, time_zone=PACIFIC), YEAR),
}

_FLEET_ZONES = [
    *("Pacific Standard Time", "Eastern Standard Time", "Central Standard Time", "Mountain Standard Time"),
    *("GMT Standard Time", "W. Europe Standard Time", "Romance Standard Time", "India Standard Time"),
    *("Nepal Standard Time", "AUS Eastern Standard Time", "Cen. Australia Standard Time", "Newfoundland Standard Time"),
    *("E. South America Standard Time", "Tokyo Standard Time", "Singapore Standard Time", "UTC", "UTC", "UTC"),
    *("Arabian Standard Time", "Egypt Standard Time", "Middle East Standard Time", "Cuba Standard Time"),
    *("Pacific SA Standard Time", "New Zealand Standard Time", "Korea Standard Time", "China Standard Time"),
]
assert set(_FLEET_ZONES) <= set(SDK_ZONES)


def make_fleet(size: int, seed: int = 7) -> list[Timetable]:
    """Timetables of random schedules: 45 % cron, 20 % day, 15 % week, 10 % month, 10 % minute and hour."""
    random = Random(seed)
    created = datetime.fromtimestamp(START, UTC) - timedelta(days=800)
    return [_random_trigger(random).timetable(created_at=created) for _ in range(size)]


def _random_trigger(random: Random) -> CronTrigger | RecurrenceTrigger:
    zone = random.choice(_FLEET_ZONES)
    kind = random.random()
    if kind < 0.45:
        minute = random.choice(
            ["*/5", "*/10", "*/15", "*/30", "0", "0", "30", "0,30", "5-55/10", str(random.randrange(60))]
        )
        hour = random.choice(["*", "*/2", "*/6", "9-17", "0", "2", "8,20", str(random.randrange(24))])
        weekday = random.choice(["*", "*", "1-5", "0", "6", "1,3,5", str(random.randrange(7))])
        return CronTrigger(f"{minute} {hour} * * {weekday}", time_zone=zone)
    start = datetime.fromtimestamp(START - random.randrange(0, DAY * 700, 60), UTC)
    hours = random.sample(range(24), random.choice([1, 1, 2, 3, 5]))
    minutes = random.sample(range(0, 60, 5), random.choice([1, 1, 2, 4]))
    if kind < 0.65:
        pattern = RecurrencePattern(hours, minutes)
        return RecurrenceTrigger("day", random.choice([1, 1, 1, 2, 3, 7]), pattern, start, time_zone=zone)
    if kind < 0.80:
        names = random.sample(["monday", "tuesday", "wednesday", "thursday", "friday"], random.choice([1, 1, 2, 5]))
        pattern = RecurrencePattern(hours, minutes, names)
        return RecurrenceTrigger("week", random.choice([1, 1, 1, 2, 4]), pattern, start, time_zone=zone)
    if kind < 0.90:
        days = random.sample(range(1, 32), random.choice([1, 1, 2, 3]))
        pattern = RecurrencePattern(hours, minutes, month_days=days)
        return RecurrenceTrigger("month", random.choice([1, 1, 1, 2, 3, 6, 12]), pattern, start, time_zone=zone)
    if kind < 0.95:
        return RecurrenceTrigger("minute", random.choice([5, 7, 10, 15, 20, 30, 45, 90]), None, start, time_zone=zone)
    return RecurrenceTrigger("hour", random.choice([1, 2, 3, 4, 6, 8, 12, 24, 36]), None, start, time_zone=zone)
