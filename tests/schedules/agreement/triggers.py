"""Variants of a trigger."""

from __future__ import annotations

from collections.abc import Iterator

from .documents import Variant, fill, schedule, table

WEEK = "type: recurrence\nfrequency: week\ninterval: 1\n"
MONTH = "type: recurrence\nfrequency: month\ninterval: 1\n"
CRON = "type: cron\nexpression: 0 3 * * *\n"


def _triggers(family: str, values: str, text: str) -> Iterator[Variant]:
    return fill(family, values, schedule=schedule(trigger=text))


def _recurrences() -> Iterator[Variant]:
    yield from _triggers("frequency", "frequencies", "type: recurrence\nfrequency: @@\ninterval: 1\n")
    yield from _triggers("interval", "numbers", "type: recurrence\nfrequency: day\ninterval: @@\n")
    for field, other in (("hours", "minutes"), ("minutes", "hours")):
        text = f"{WEEK}schedule:\n  {other}: 0\n  {field}: @@\n"
        yield from _triggers(f"schedule.{field}", "numbers", text)
    pattern = "schedule:\n  hours: 0\n  minutes: 0\n"
    yield from _triggers("schedule.month_days", "numbers", f"{MONTH}{pattern}  month_days: @@\n")
    yield from _triggers("schedule.week_days", "week days", f"{WEEK}{pattern}  week_days: @@\n")
    yield from _triggers("schedule", "patterns", f"{WEEK}schedule: @@\n")
    for frequency in ("minute", "hour", "day", "week", "month"):
        text = f"type: recurrence\nfrequency: {frequency}\ninterval: 1\nschedule: {{hours: 1, minutes: 2@@}}\n"
        yield from _triggers(f"{frequency} with", "pattern days", text)
    yield from _triggers("recurrence and", "recurrence more", f"{WEEK}@@\n")
    yield from _triggers("recurrence lacks", "recurrence lacks", "@@\n")


def trigger_variants() -> Iterator[Variant]:
    """Every field of both kinds of trigger."""
    yield from _triggers("cron type", "trigger types", "type: @@\nexpression: '* * * * *'\n")
    yield from _triggers("recurrence type", "trigger types", "type: @@\nfrequency: day\ninterval: 1\n")
    yield from fill("trigger", "trigger forms", schedule="name: nightly\ntrigger: @@\ncreate_job: ./job.yml\n")
    yield from _recurrences()
    yield from _triggers("expression", "expressions", "type: cron\nexpression: @@\n")
    yield from _triggers("cron lacks", "cron lacks", "@@\n")
    yield from _triggers("cron and", "cron more", f"{CRON}@@\n")
    for kind, text in (("recurrence", WEEK), ("cron", CRON)):
        for field in ("start_time", "end_time"):
            yield from _triggers(f"{kind} {field}", "instants", f"{text}{field}: @@\n")
        for limits in table("limits"):
            start, end = limits.split(" | ")
            document = schedule(trigger=f"{text}start_time: {start}\nend_time: {end}\n")
            yield Variant(f"{kind} limits: {limits}", {"schedule.yml": document})
        yield from _triggers(f"{kind} time_zone", "zones", f"{text}time_zone: @@\n")
