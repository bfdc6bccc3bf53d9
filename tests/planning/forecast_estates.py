"""Estates to forecast, and their counts found by reading every run of their plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

from pytest_mlschedule import CronTrigger, JobSchedule, Plan, RecurrencePattern, RecurrenceTrigger
from pytest_mlschedule.triggers.zones import zone

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
ZONES = ("Pacific Standard Time", "Nepal Standard Time", "UTC", "Lord Howe Standard Time", "W. Europe Standard Time")


def build(name: str, trigger: CronTrigger | RecurrenceTrigger | str, **fields: object) -> JobSchedule:
    trigger = CronTrigger(trigger) if isinstance(trigger, str) else trigger
    return JobSchedule(name=name, trigger=trigger, create_job="azureml:train", **fields)  # type: ignore[arg-type]


def random_estate(seed: int, size: int) -> list[JobSchedule]:
    """Schedules of every kind in several zones, some disabled, some without start."""
    random = Random(seed)
    return [
        build(f"s{random.randrange(10**6):06d}-{number}", _random_trigger(random), is_enabled=random.random() < 0.95)
        for number in range(size)
    ]


def _random_trigger(random: Random) -> CronTrigger | RecurrenceTrigger:
    name = random.choice(ZONES)
    start = random.choice([None, START + timedelta(minutes=random.randrange(-60_000, 60_000))])
    kind = random.choice(["cron", "minute", "hour", "day", "week", "month"])
    if kind == "cron":
        fields = f"{random.choice(['*/20', '0', '7,37'])} {random.choice(['*', '2', '9-17'])}"
        return CronTrigger(f"{fields} * * {random.choice(['*', '1-5'])}", start, time_zone=name)
    pattern = RecurrencePattern(random.sample(range(24), 2), 30) if kind in ("day", "week", "month") else None
    interval = random.choice([1, 2, 3]) * (20 if kind == "minute" else 1)
    return RecurrenceTrigger(kind, interval, pattern, start, time_zone=name)


def read_counts(plan: Plan, key: str = "UTC") -> tuple[Counter[int], Counter[date]]:
    """The runs of a plan by hour of the week and by day on the wall clock of a zone, read one by one."""
    walls = [run.trigger_time.astimezone(zone(key).tzinfo) for run in plan]
    return Counter(wall.weekday() * 24 + wall.hour for wall in walls), Counter(wall.date() for wall in walls)


def days_from(first: date, number: int) -> Sequence[date]:
    return [first + timedelta(days=place) for place in range(number)]
