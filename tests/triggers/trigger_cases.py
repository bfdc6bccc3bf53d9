"""Random questions, most of them around a transition of their zone, and the trigger and timetable of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from trigger_oracle import WEEK, Question

from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import LARGEST_INTERVAL, RecurrencePattern, RecurrenceTrigger
from pytest_mlschedule.triggers.timetable import Timetable
from pytest_mlschedule.triggers.zone_names import OTHER_ZONES, SDK_ZONES
from pytest_mlschedule.triggers.zones import zone

ZONES = {**SDK_ZONES, **OTHER_ZONES}
YEAR = 31_556_952
SECOND = timedelta(seconds=1)
NAIVE = datetime(1970, 1, 1)


def at(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def focus(random: Random, key: str) -> int:
    """An epoch from 1975 to 2195 to ask about, two times in three a transition of the zone, mostly a near one."""
    low, high = (5 * YEAR, 225 * YEAR) if random.random() < 0.3 else (30 * YEAR, 80 * YEAR)
    transitions = zone(key).transitions(low, high)
    if transitions and random.random() < 0.7:
        return random.choice(transitions).instant
    return random.randrange(low, high)


def _some(random: Random, values: list[int], near: int) -> frozenset[int]:
    """A few values, often the one near the focus, sometimes all or a regular row."""
    kind = random.random()
    if kind < 0.15:
        return frozenset(values)
    if kind < 0.3:
        return frozenset(values[:: random.choice([2, 3, 4, 5, 6, 7, 15])])
    chosen = set(random.sample(values, random.choice([1, 1, 2, 3, 5])))
    if random.random() < 0.7:
        chosen |= {(near + shift) % len(values) for shift in random.sample([-1, 0, 0, 1, 2], 2)}
    return frozenset(chosen)


def random_question(random: Random, name: str | None = None) -> tuple[Question, int]:
    """A question and the epoch it is about; ``facts["zone"]`` is the Windows name."""
    name = name or random.choice(list(ZONES))
    key = ZONES[name]
    centre = focus(random, key)
    wall = NAIVE + timedelta(seconds=centre + zone(key).offset(centre))
    frequency = random.choice(["cron", "cron", "minute", "hour", "day", "day", "week", "week", "month", "month"])
    back = random.choice([0, 1, 3600, 5400, 86_400, 7 * 86_400, 40 * 86_400, 400 * 86_400])
    created = at(centre - random.randrange(back + 1))
    created += timedelta(microseconds=random.choice([0, 0, 0, 1, 500_000, 999_999]))
    question = Question(key=key, frequency=frequency, created=created, facts={"zone": name})
    hours = _some(random, list(range(24)), wall.hour)
    minutes = _some(random, list(range(60)), wall.minute)
    week_days = frozenset(random.sample(WEEK, random.choice([1, 2, 3, 5, 7])))
    if frequency == "cron":
        question = replace(question, hours=hours, minutes=minutes, week_days=week_days)
    else:
        small = random.choice([1, 1, 2, 3, 5, LARGEST_INTERVAL[frequency]])
        question = replace(question, interval=min(small, LARGEST_INTERVAL[frequency]))
        question = _with_pattern(random, question, (hours, minutes, week_days))
    return _with_limits(random, question, centre), centre


def _with_pattern(
    random: Random, question: Question, parts: tuple[frozenset[int], frozenset[int], frozenset[str]]
) -> Question:
    hours, minutes, week_days = parts
    frequency = question.frequency
    if frequency in ("minute", "hour") or random.random() < 0.3:
        return question
    days: frozenset[str] = week_days if frequency in ("week", "month") and random.random() < 0.5 else frozenset()
    numbers = [*range(1, 32), -1, -2, -31]
    month_days: frozenset[int] = frozenset()
    if frequency == "month" and random.random() < 0.6:
        month_days = frozenset(random.sample(numbers, random.choice([1, 2, 3, 20])))
    if random.random() < 0.15:
        hours = frozenset()
    if random.random() < 0.15:
        minutes = frozenset()
    if not (hours or minutes or days or month_days):
        return question
    return replace(question, hours=hours, minutes=minutes, week_days=days, month_days=month_days)


def _with_limits(random: Random, question: Question, centre: int) -> Question:
    """A start and an end, naive or with an offset, near the focus, sometimes far."""
    offset = zone(question.key).offset(centre)
    if random.random() < 0.7:
        distance = random.choice([0, 1, 1800, 3600, 5400, 86_400, 30 * 86_400, 900 * 86_400])
        start = centre + random.choice([-1, -1, 1]) * random.randrange(distance + 1)
        start -= start % random.choice([1, 60, 900])
        question = replace(question, start=_written(random, start, offset))
    if random.random() < 0.3:
        end = centre + random.choice([0, 1800, 3600, 7200, 86_400, 10 * 86_400]) + random.choice([-1, 0, 0, 1])
        end -= end % random.choice([1, 60, 900])
        written = _written(random, end, offset)
        if question.start is None or _instant(question, written) >= _instant(question, question.start):
            question = replace(question, end=written)
    return question


def _written(random: Random, epoch: int, offset: int) -> datetime:
    if random.random() < 0.3:
        return at(epoch)
    return NAIVE + timedelta(seconds=epoch + offset + random.choice([0, 0, 1800, 3600]))


def _instant(question: Question, moment: datetime) -> float:
    if moment.tzinfo is not None:
        return moment.timestamp()
    return zone(question.key).to_epoch((moment - NAIVE) // SECOND)


def build_trigger(question: Question) -> CronTrigger | RecurrenceTrigger:
    """The trigger of a question, through the public constructors."""
    name = str(question.facts["zone"])
    if question.frequency == "cron":
        hours = ",".join(map(str, sorted(question.hours or ())))
        minutes = ",".join(map(str, sorted(question.minutes)))
        days = ",".join(str((WEEK.index(day) + 1) % 7) for day in sorted(question.week_days))
        return CronTrigger(f"{minutes} {hours} * * {days}", question.start, question.end, name)
    pattern = None
    if question.hours is not None:
        pattern = RecurrencePattern(question.hours, question.minutes, question.week_days, question.month_days)
    return RecurrenceTrigger(question.frequency, question.interval, pattern, question.start, question.end, name)


def build_timetable(question: Question) -> Timetable:
    profile = ServiceProfile(
        gap=question.gap,
        fold=question.fold,
        week_start=question.week_start,
        end_time="inclusive" if question.end_inclusive else "exclusive",
        first_run="instant" if question.instant else "scheduled",
    )
    return build_trigger(question).timetable(created_at=question.created, profile=profile)


def random_window(random: Random, question: Question, centre: int) -> tuple[int, int]:
    """A window around the focus: a few days, for sparse triggers a few years."""
    dense = question.frequency in ("cron", "minute", "hour") or (question.frequency == "day" and question.interval < 9)
    per_day = len(question.hours or "1") * len(question.minutes or "1")
    reach = random.choice(([1] if per_day > 200 else [2, 3, 5]) if dense else [5, 60, 800])
    if per_day * reach > 5000:
        reach = 5
    if question.frequency in ("minute", "hour") and question.interval * 60 > 3600:
        reach = 60
    return centre - random.randrange(reach * 86_400), centre + random.randrange(reach * 86_400)
