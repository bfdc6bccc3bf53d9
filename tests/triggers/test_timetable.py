"""Timetable: what the public methods promise beyond the single rules."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from freezegun import freeze_time
from trigger_cases import at, build_timetable, random_question

from pytest_mlschedule.errors import InstantRangeError
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.occurrences import _Distances, to_datetimes
from pytest_mlschedule.triggers.recurrence import RecurrencePattern, RecurrenceTrigger
from pytest_mlschedule.triggers.window import END_EPOCH

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = CREATED, datetime(2027, 1, 1, tzinfo=UTC)
PACIFIC = "Pacific Standard Time"
TRIGGERS = {
    "five minutes": CronTrigger("*/5 * * * *", time_zone=PACIFIC),
    "weekdays": CronTrigger("*/5 9-17 * * 1-5", time_zone=PACIFIC),
    "days": RecurrenceTrigger("day", 3, RecurrencePattern([1, 2, 3], [0, 30]), time_zone=PACIFIC),
    "months": RecurrenceTrigger("month", 1, RecurrencePattern([2, 3], 30, month_days=[1, 8, 31]), time_zone=PACIFIC),
    "elapsed": RecurrenceTrigger("minute", 7, time_zone=PACIFIC),
}


@pytest.fixture(params=list(TRIGGERS))
def table(request):
    return TRIGGERS[request.param].timetable(created_at=CREATED)


def test_all_methods_tell_the_same(table):
    found = table.between(*YEAR)
    assert found == list(table.iter(*YEAR)) == sorted(set(found))
    assert all(instant.tzinfo is UTC and type(instant) is datetime for instant in found)
    assert table.epochs(*YEAR) == [int(instant.timestamp()) for instant in found]
    assert table.count(*YEAR) == len(found)
    for index in (0, 1, len(found) // 3, len(found) - 1):
        assert table.select(int(CREATED.timestamp()), index) == int(found[index].timestamp())
    for before, after in itertools.islice(itertools.pairwise(found), 0, None, 97):
        assert table.next_after(before) == after
        assert table.previous_before(after) == before


def test_windows_add_up(table):
    random = Random(5)
    cuts = sorted(at(random.randrange(int(YEAR[0].timestamp()), int(YEAR[1].timestamp()))) for _ in range(40))
    cuts = [YEAR[0], *cuts, datetime(2026, 3, 8, 10, 30, tzinfo=UTC), YEAR[1]]
    cuts.sort()
    parts = [table.between(start, end) for start, end in itertools.pairwise(cuts)]
    assert list(itertools.chain.from_iterable(parts)) == table.between(*YEAR)
    assert sum(table.count(start, end) for start, end in itertools.pairwise(cuts)) == table.count(*YEAR)


def test_naive_datetimes_are_a_type_error(table):
    naive = datetime(2026, 1, 1)
    for ask in (table.next_after, table.previous_before):
        with pytest.raises(TypeError, match="is naive"):
            ask(naive)
    for ask in (table.between, table.iter, table.epochs, table.count, table.dst_surprises):
        with pytest.raises(TypeError, match="is naive"):
            ask(CREATED, naive)
    with pytest.raises(TypeError, match="is naive"):
        TRIGGERS["days"].timetable(created_at=naive)


def test_tz_3_instants_outside_the_supported_years_are_errors(table):
    early, late = datetime(1969, 1, 1, tzinfo=UTC), datetime(2202, 1, 1, tzinfo=UTC)
    for ask in (table.between, table.iter, table.epochs, table.count):
        with pytest.raises(InstantRangeError):
            ask(early, CREATED)
        with pytest.raises(InstantRangeError):
            ask(CREATED, late)
    with pytest.raises(InstantRangeError):
        table.next_after(late)
    with pytest.raises(InstantRangeError):
        TRIGGERS["days"].timetable(created_at=late)


def test_the_supported_years_have_an_end(table):
    last = table.previous_before(datetime(2201, 1, 1, tzinfo=UTC))
    assert last.year == 2200
    assert table.next_after(last) is None
    assert table.select(int(last.timestamp()), 0) == int(last.timestamp())
    assert table.select(int(last.timestamp()), 1) is None
    assert table.count_between(int(last.timestamp()), END_EPOCH) == 1


def test_select_outside_is_none(table):
    start = int(CREATED.timestamp())
    assert table.select(start, -1) is None
    assert table.select(start, 10**9) is None
    assert table.select(0, 0) == table.next_epoch(0)


def test_iter_takes_constant_memory():
    table = TRIGGERS["five minutes"].timetable(created_at=CREATED)
    end = datetime(2036, 1, 1, tzinfo=UTC)
    tracemalloc.start()
    count = sum(1 for _ in table.iter(CREATED, end))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == table.count(CREATED, end)
    assert peak < 1_000_000


def test_iter_checks_its_window_at_once():
    with pytest.raises(TypeError, match="is naive"):
        TRIGGERS["days"].timetable(created_at=CREATED).iter(CREATED, datetime(2026, 1, 2))


@pytest.mark.parametrize("policy", [ServiceProfile(), ServiceProfile(gap="skip", fold="both")])
def test_sparse_and_dense_triggers_answer_quickly(policy):
    every_minute = CronTrigger("* * * * *", time_zone=PACIFIC).timetable(created_at=CREATED, profile=policy)
    pattern = RecurrencePattern(2, 30, month_days=31)
    rare = RecurrenceTrigger("month", 16, pattern, time_zone=PACIFIC).timetable(created_at=CREATED, profile=policy)
    began = time.thread_time()
    for table in (every_minute, rare):
        assert table.count(CREATED, datetime(2200, 1, 1, tzinfo=UTC)) > 80
        assert table.next_after(datetime(2150, 1, 1, tzinfo=UTC)) is not None
        assert table.previous_before(datetime(2150, 1, 1, tzinfo=UTC)) is not None
        assert table.select(int(CREATED.timestamp()), 80) is not None
    assert time.thread_time() - began < 1


def test_freezegun_changes_nothing():
    """Also what was made while the clock was frozen is of plain types."""
    with freeze_time("2030-06-01"):
        trigger = CronTrigger("0 9 * * *", "2026-01-05T00:00:00", time_zone=PACIFIC)
        found = trigger.timetable(created_at=CREATED).between(CREATED, CREATED + timedelta(days=9))
    assert trigger == CronTrigger("0 9 * * *", "2026-01-05T00:00:00", time_zone=PACIFIC)
    assert [type(instant) for instant in found] == [datetime] * 5
    assert type(trigger.start.wall) is datetime


def test_the_machines_zone_and_hash_seed_do_not_count():
    program = (
        "from datetime import *\n"
        "from pytest_mlschedule.triggers.cron import CronTrigger\n"
        "t = CronTrigger('30 2 * * *', time_zone='Central Standard Time')\n"
        "w = [datetime(2019, 3, d, tzinfo=timezone.utc) for d in (9, 12)]\n"
        "print(t.timetable(created_at=w[0]).epochs(*w))"
    )
    answers = set()
    for machine in ({"TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "1"}, {"TZ": "America/Chicago", "PYTHONHASHSEED": "2"}):
        done = subprocess.run(
            [sys.executable, "-c", program], env=machine, capture_output=True, text=True, check=True, timeout=120
        )
        answers.add(done.stdout)
    assert answers == {"[1552120200, 1552206600, 1552289400]\n"}


def test_datetimes_by_distances():
    epochs = [0, 60, 61, 10**9]
    assert to_datetimes(epochs) == [at(epoch) for epoch in epochs]
    assert to_datetimes([]) == []
    distances = _Distances()
    for seconds in range(20_001):
        assert distances[seconds] == timedelta(seconds=seconds)
    assert len(distances) == 1  # bounded: it started anew


def test_one_trigger_many_timetables():
    """The anchor of a trigger without start is its own in every timetable."""
    trigger = RecurrenceTrigger("hour", 5)
    tables = [trigger.timetable(created_at=CREATED + timedelta(minutes=shift)) for shift in (0, 7)]
    assert [table.next_after(CREATED + timedelta(hours=1)).minute for table in tables] == [0, 7]


def test_timetables_of_random_triggers_never_go_back():
    for number in range(60):
        random = Random(f"walk {number}")
        question, centre = random_question(random)
        table = build_timetable(question)
        epoch, seen = centre - 90_000, []
        while len(seen) < 30 and (following := table.next_epoch(epoch)) is not None:
            assert following > epoch
            seen.append(following)
            epoch = following
        for before, after in itertools.pairwise(seen):
            assert table.previous_epoch(after) == before
