"""The same questions put to croniter, cronsim, APScheduler and dateutil.rrule, each as its documentation shows it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger as ApCronTrigger
from croniter import croniter
from cronsim import CronSim
from dateutil.rrule import MINUTELY, rrule

ZONE = ZoneInfo("America/Los_Angeles")


def local(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, ZONE)


def enumerate_croniter(cron: str, start: int, count: int) -> list[datetime]:
    iterator = croniter(cron, local(start))
    return [iterator.get_next(datetime) for _ in range(count)]


def enumerate_cronsim(cron: str, start: int, count: int) -> list[datetime]:
    return list(islice(CronSim(cron, local(start)), count))


def enumerate_apscheduler(cron: str, start: int, count: int) -> list[datetime]:
    trigger = ApCronTrigger.from_crontab(cron, timezone=ZONE)
    found: list[datetime] = []
    now = local(start)
    last = None
    for _ in range(count):
        last = trigger.get_next_fire_time(last, now)
        found.append(last)
        now = last + timedelta(microseconds=1)
    return found


def enumerate_dateutil(cron: str, start: int, count: int) -> list[datetime]:
    assert cron == "*/5 * * * *"
    return list(rrule(MINUTELY, interval=5, dtstart=local(start), count=count))


ENUMERATORS: dict[str, Callable[[str, int, int], list[datetime]]] = {
    "croniter": enumerate_croniter,
    "cronsim": enumerate_cronsim,
    "APScheduler": enumerate_apscheduler,
    "dateutil": enumerate_dateutil,
}


def next_by_croniter(cron: str) -> Callable[[datetime], object]:
    iterator = croniter(cron, datetime(2026, 1, 1, tzinfo=UTC))

    def ask(instant: datetime) -> object:
        iterator.set_current(instant, force=True)
        return iterator.get_next(datetime)

    return ask


def next_by_cronsim(cron: str) -> Callable[[datetime], object]:
    return lambda instant: next(CronSim(cron, instant))


def next_by_apscheduler(cron: str) -> Callable[[datetime], object]:
    trigger = ApCronTrigger.from_crontab(cron, timezone=ZONE)
    return lambda instant: trigger.get_next_fire_time(None, instant)


NEXT = {"croniter": next_by_croniter, "cronsim": next_by_cronsim, "APScheduler": next_by_apscheduler}
