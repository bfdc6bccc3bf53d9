"""Whether the times of a trigger are known before it is known when its schedule is created (semantics ST-3)."""

from __future__ import annotations

from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger


def counts_from_creation(trigger: CronTrigger | RecurrenceTrigger) -> bool:
    """Whether other times would come out of another time of creation, beyond that nothing runs before it."""
    if trigger.start is not None or isinstance(trigger, CronTrigger):
        return False
    pattern = trigger.schedule
    if trigger.interval > 1 or pattern is None or not pattern.hours or not pattern.minutes:
        return True
    if trigger.frequency == "day":
        return False
    return not pattern.week_days and not (trigger.frequency == "month" and pattern.month_days)
