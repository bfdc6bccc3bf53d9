"""Schedules that can never run, and why."""

from __future__ import annotations

from datetime import datetime

from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger
from pytest_mlschedule.triggers.window import LAST_YEAR, UTC_EPOCH, to_epoch_floor
from pytest_mlschedule.triggers.wording import list_names

_BEFORE_TIME = -1


def explain_never(
    trigger: CronTrigger | RecurrenceTrigger, *, created_at: datetime, profile: ServiceProfile = DEFAULT_PROFILE
) -> str | None:
    """Why a trigger never fires, as a clause ("no month that it counts has day 30"); None when it does.

    ``created_at`` (aware) matters without ``start_time`` alone; one that ended before it may have fired: None.
    """
    start, end = trigger.start, trigger.end
    stop = None if end is None else end.instant(trigger.zone, profile.start_time_offset)
    if start is None and stop is not None and stop <= to_epoch_floor(created_at):
        return None
    timetable = trigger.timetable(created_at=UTC_EPOCH if start else created_at, profile=profile)
    if timetable.next_epoch(_BEFORE_TIME) is not None:
        return None
    if end is not None:
        return f"none of its times lies between its {'start_time' if start else 'creation'} and its end_time"
    if isinstance(trigger, RecurrenceTrigger) and trigger.schedule is not None and trigger.schedule.month_days:
        days = list_names(map(str, trigger.schedule.month_days), "or")
        return f"no month that it counts, every {trigger.interval} from its start on, has day {days}"
    return f"it has no time from its start to the end of {LAST_YEAR}"
