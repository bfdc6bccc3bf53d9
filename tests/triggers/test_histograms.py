"""Histograms against counting one by one: random triggers in every zone, shown on the wall clock of another.

``MLSCHEDULE_ORACLE_CASES=100000 pytest tests/triggers/test_histograms.py`` for the long run (2,000 by default, of which a part
is for each test here).
"""

from __future__ import annotations

import os
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from histogram_counts import FIRST_DAY, day_counts, week_counts
from trigger_cases import YEAR, ZONES, build_timetable, focus, random_question, random_window
from trigger_oracle import Question, occurrences

from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.histograms import Histogram, count_by_hour
from pytest_mlschedule.triggers.recurrence import RecurrencePattern, RecurrenceTrigger
from pytest_mlschedule.triggers.timetable import Timetable
from pytest_mlschedule.triggers.window import END_EPOCH
from pytest_mlschedule.triggers.zones import iana_keys, zone

CASES = int(os.environ.get("MLSCHEDULE_ORACLE_CASES", "2000"))
BATCHES = 10
KEYS = sorted(iana_keys())


def epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def with_policy(random: Random, question: Question) -> Question:
    return replace(
        question,
        gap=random.choice(["shift", "skip"]),
        fold=random.choice(["first", "second", "both"]),
        week_start=random.choice(["monday", "sunday"]),
        end_inclusive=random.random() < 0.5,
        instant=random.random() < 0.5,
    )


def random_trigger(random: Random, name: str, start: int) -> CronTrigger | RecurrenceTrigger:
    """A trigger that fires up to 4 times a day, from an epoch on (mostly), often with an end."""
    hours = random.sample(range(24), random.choice([1, 2]))
    minutes = [random.randrange(60) for _ in range(random.choice([1, 2]))]
    first = datetime.fromtimestamp(start, UTC)
    end = first + timedelta(days=random.choice([0, 1, 2, 40, 400, 900]), hours=7) if random.random() < 0.5 else None
    kind = random.choice(["cron", "day", "week", "month", "minute", "hour"])
    if kind == "cron":
        fields = (",".join(map(str, sorted(set(values)))) for values in (minutes, hours))
        return CronTrigger(f"{' '.join(fields)} * * {random.choice(['*', '1-5', '0', '2,4'])}", first, end, name)
    if kind in ("minute", "hour"):
        step = random.choice([250, 600, 1441] if kind == "minute" else [5, 8, 24, 36, 12_000])
        return RecurrenceTrigger(kind, step, None, first, end, name)
    days = ["monday", "friday"] if kind == "week" and random.random() < 0.5 else None
    month_days = [1, 31, -2] if kind == "month" and random.random() < 0.5 else None
    pattern = RecurrencePattern(hours, minutes, days, month_days) if random.random() < 0.8 else None
    return RecurrenceTrigger(kind, random.choice([1, 1, 2, 3, 5]), pattern, first, end, name)


def check(tables: list[Timetable], epochs: list[int], key: str, window: tuple[int, int]) -> None:
    found = count_by_hour(tables, zone(key), *window)
    assert found.by_hour == week_counts(epochs, key)
    assert found.by_day == day_counts(epochs, key, *window)
    assert list(found.by_day) == sorted(found.by_day)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_triggers_agree_with_the_oracle(batch: int) -> None:
    names = list(ZONES)
    for number in range(batch, CASES // 4, BATCHES):
        random = Random(f"histogram {number}")
        question, centre = random_question(random, names[number % len(names)])
        if random.random() < 0.4:
            question = with_policy(random, question)
        window = random_window(random, question, centre)
        key = random.choice(["UTC", question.key, question.key, random.choice(KEYS)])
        try:
            check([build_timetable(question)], occurrences(question, *window), key, window)
        except AssertionError as difference:
            raise AssertionError(f"case {number}: {question} in {window} shown in {key}") from difference


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_estates_agree_with_their_occurrences(batch: int) -> None:
    """Several schedules at once, some in one zone; around a clock change of the zone that is shown."""
    for number in range(batch, CASES // 10, BATCHES):
        random = Random(f"estate {number}")
        key = random.choice(KEYS)
        centre = focus(random, key)
        questions = [random_question(random, random.choice([*list(ZONES)[:3], *ZONES]))[0] for _ in range(6)]
        questions = [with_policy(random, question) if random.random() < 0.3 else question for question in questions]
        created = datetime.fromtimestamp(centre - random.choice([0, 86_400 * 3, YEAR]), UTC)
        tables = [build_timetable(replace(question, created=created, end=None)) for question in questions]
        reach = random.choice([1800, 7200, 86_400, 86_400 * 9])
        window = centre - random.randrange(reach), centre + random.randrange(1, reach)
        epochs = [at for table in tables for at in table.epochs_between(*window)]
        try:
            check(tables, epochs, key, window)
        except AssertionError as difference:
            raise AssertionError(f"case {number}: {questions} in {window} shown in {key}") from difference


@pytest.mark.parametrize("batch", range(BATCHES))
def test_limits_inside_long_windows_agree_with_the_occurrences(batch: int) -> None:
    for number in range(batch, CASES // 40, BATCHES):
        random = Random(f"limits {number}")
        name = random.choice(list(ZONES))
        centre = focus(random, ZONES[name])
        window = centre - random.randrange(YEAR), centre + random.randrange(2 * YEAR)
        starts = [centre + random.randrange(-3 * 86_400, 3 * 86_400), random.randrange(*window), window[0] - YEAR]
        created = datetime.fromtimestamp(window[0] - 2 * YEAR, UTC)
        triggers = [random_trigger(random, name, start) for start in starts for _ in range(2)]
        profile = ServiceProfile(gap=random.choice(["shift", "shift", "skip"]), fold=random.choice(["first", "both"]))
        tables = [trigger.timetable(created_at=created, profile=profile) for trigger in triggers]
        epochs = [at for table in tables for at in table.epochs_between(*window)]
        key = random.choice(["UTC", ZONES[name], random.choice(KEYS)])
        try:
            check(tables, epochs, key, window)
        except AssertionError as difference:
            raise AssertionError(f"case {number}: {triggers} in {window} shown in {key}") from difference


ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
PACIFIC, NEPAL = "Pacific Standard Time", "Nepal Standard Time"
MONDAY, SUNDAY = 0, 6


def table_of(expression: str, time_zone: str = "UTC") -> Timetable:
    return CronTrigger(expression, time_zone=time_zone).timetable(created_at=ALWAYS)


def busy_hours(found: Histogram) -> dict[tuple[int, int], int]:
    """What is not 0, by weekday (0 = Monday) and hour."""
    return {divmod(place, 24): number for place, number in enumerate(found.by_hour) if number}


def test_every_five_minutes_over_52_weeks_of_local_time() -> None:
    """12 an hour, 52 weeks. On 2026-03-08 the hour from 02:00 does not exist: its times meet those from 03:00 (DST-2).

    On 2026-11-01 the hour from 01:00 comes twice, and fires in its first pass alone (DST-3).
    """
    window = epoch("2026-01-05T08:00"), epoch("2027-01-04T08:00")
    found = count_by_hour([table_of("*/5 * * * *", PACIFIC)], zone("America/Los_Angeles"), *window)
    assert busy_hours(found).pop((SUNDAY, 2)) == 12 * 51
    assert set(found.by_hour) == {12 * 52, 12 * 51}
    assert len(found.by_hour) == 168
    days = {str(FIRST_DAY + timedelta(days=day)): number for day, number in found.by_day.items() if number != 12 * 24}
    assert days == {"2026-03-08": 12 * 23}
    assert len(found.by_day) == 52 * 7


@pytest.mark.parametrize("end", ["2008-03-09T03:31", "2008-03-09T04:10", "2008-03-09T05:00", "2008-03-10T00:00"])
def test_a_gap_whose_shifted_times_lie_in_two_hours(end: str) -> None:
    """Newfoundland went from 00:01 to 01:01, 03:31 UTC. 00:15 shifts onto 01:15, 03:45 UTC; 01:00 to 02:00 alone, 04:30 UTC."""
    window = epoch("2008-03-09T02:00"), epoch(end)
    found = count_by_hour([table_of("0,15 0,1 * * *", "Newfoundland Standard Time")], zone("UTC"), *window)
    hours = [hour for at, hour in (("T03:30", 3), ("T03:45", 3), ("T04:30", 4)) if f"2008-03-09{at}" < end]
    assert busy_hours(found) == {(SUNDAY, hour): hours.count(hour) for hour in hours}


def test_the_same_in_utc_has_an_hour_without_runs() -> None:
    window = epoch("2026-11-01T00:00"), epoch("2026-11-02T00:00")
    found = count_by_hour([table_of("*/5 * * * *", PACIFIC)], zone("UTC"), *window)
    assert busy_hours(found) == {(SUNDAY, hour): 12 for hour in range(24) if hour != 9}  # the second 01:00 PST


def test_one_time_a_day_moves_by_an_hour_where_the_zone_does() -> None:
    """02:30 is 10:30Z in winter; on 2026-03-08 03:30 PDT, the same 10:30Z; from the next day on 09:30Z."""
    window = epoch("2026-03-06T00:00"), epoch("2026-03-11T00:00")
    found = count_by_hour([table_of("30 2 * * *", PACIFIC)], zone("UTC"), *window)
    assert busy_hours(found) == {(4, 10): 1, (5, 10): 1, (SUNDAY, 10): 1, (MONDAY, 9): 1, (1, 9): 1}
    assert list(found.by_day.values()) == [1] * 5


def test_offsets_of_a_quarter_hour() -> None:
    """00:10 UTC is 05:55 in Kathmandu, 00:20 is 06:05; midnight there is 18:15 UTC."""
    window = epoch("2026-03-02T00:00"), epoch("2026-03-03T00:00")  # a Monday
    tables = [table_of("10,20 0 * * *"), table_of("0 0 * * *", NEPAL)]
    assert busy_hours(count_by_hour(tables, zone("Asia/Kathmandu"), *window)) == {
        (MONDAY, 5): 1,
        (MONDAY, 6): 1,
        (1, 0): 1,
    }
    assert busy_hours(count_by_hour(tables, zone("UTC"), *window)) == {(MONDAY, 0): 2, (MONDAY, 18): 1}


def test_offsets_of_half_a_minute() -> None:
    """Monrovia was 44:30 behind UTC up to 1972: midnight there is 00:44:30 UTC, and 00:44 UTC is 23:59:30 of the day before."""
    profile = ServiceProfile(iana_zones="accept")
    monrovia = CronTrigger("0 0 * * *", time_zone="Africa/Monrovia", profile=profile).timetable(created_at=ALWAYS)
    window = epoch("1971-03-01T00:00"), epoch("1971-03-02T00:00")  # a Monday
    assert busy_hours(count_by_hour([monrovia], zone("UTC"), *window)) == {(MONDAY, 0): 1}
    shown = count_by_hour([monrovia, table_of("44,45 0 * * *")], zone("Africa/Monrovia"), *window)
    assert busy_hours(shown) == {(MONDAY, 0): 2, (SUNDAY, 23): 1}


def test_a_day_that_a_zone_left_out_is_none() -> None:
    """Samoa went from 2011-12-29 to 2011-12-31."""
    window = epoch("2011-12-29T10:00"), epoch("2012-01-01T10:00")  # local midnights
    found = count_by_hour([table_of("0 * * * *")], zone("Pacific/Apia"), *window)
    assert {str(FIRST_DAY + timedelta(days=day)): number for day, number in found.by_day.items()} == {
        "2011-12-29": 24,
        "2011-12-31": 24,
        "2012-01-01": 24,
    }


@pytest.mark.parametrize("start", [0, epoch("2026-03-02T10:20"), END_EPOCH])
def test_an_empty_window(start: int) -> None:
    assert count_by_hour([table_of("* * * * *")], zone("UTC"), start, start) == Histogram((0,) * 168, {})


@pytest.mark.parametrize("key", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_tz_3_from_the_first_to_the_last_supported_second(key: str) -> None:
    """231 years have 84,371 days: 231 times 365, and 56 leap days (2000 is one, 2100 and 2200 are not).

    West of UTC 1969-12-31 counts too. Kiritimati was west up to 1994-12-31, a day that it left out, then east: 2201-01-01.
    """
    tables = [table_of("* * * * *", PACIFIC), table_of("*/7 * * * *")]
    found = count_by_hour(tables, zone(key), 0, END_EPOCH)
    assert sum(found.by_hour) == sum(table.count_between(0, END_EPOCH) for table in tables)
    assert sum(found.by_day.values()) == sum(found.by_hour)
    assert len(found.by_day) == 84_371 + (key != "UTC")


def test_memory_does_not_grow_with_occurrences() -> None:
    """200 schedules, once a minute for 10 years: a thousand million occurrences."""
    tables = [table_of("* * * * *", name) for name in (PACIFIC, NEPAL)] * 100
    window = epoch("2026-01-01T00:00"), epoch("2036-01-01T00:00")
    count_by_hour(tables[:2], zone("UTC"), *window)
    tracemalloc.start()
    found = count_by_hour(tables, zone("UTC"), *window)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(found.by_hour) > 1_000_000_000
    assert peak < 5_000_000


def test_other_things_that_fire_are_listed() -> None:
    class Times:
        """What a plan that was read back holds."""

        epochs = [
            epoch(text) for text in ("2026-03-02T00:10", "2026-03-02T00:50", "2026-03-02T23:10", "2026-03-03T00:05")
        ]

        def epochs_between(self, start: int, end: int) -> list[int]:
            return [at for at in self.epochs if start <= at < end]

        def count_between(self, start: int, end: int) -> int:
            return len(self.epochs_between(start, end))

    window = epoch("2026-03-02T00:20"), epoch("2026-03-03T00:30")
    found = count_by_hour([Times(), table_of("30 12 * * *")], zone("UTC"), *window)
    assert busy_hours(found) == {(MONDAY, 0): 1, (MONDAY, 12): 1, (MONDAY, 23): 1, (1, 0): 1}
    assert list(found.by_day.values()) == [3, 1]
