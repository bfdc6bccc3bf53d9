"""The code under test sees the simulated time, and nothing else of the session does."""

# ruff: noqa: DTZ005, DTZ011  naive times are what is tested
from __future__ import annotations

import asyncio
import concurrent.futures
import datetime as datetime_module
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from time import monotonic, perf_counter_ns
from time import time as imported_time

import freezegun
import freezegun.api
import pydantic
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_project import Project

from pytest_mlschedule import FakeWorkspace, JobSchedule, Scheduler, SimulatedClock, load_schedule

START = datetime(2026, 1, 1, tzinfo=UTC)
EPOCH = 1_767_225_600


def test_every_wall_clock_follows(ml_clock: SimulatedClock) -> None:
    for step in (timedelta(0), timedelta(hours=30, seconds=1), timedelta(days=400, microseconds=5)):
        ml_clock.tick(step)
        now, naive = ml_clock.now(), ml_clock.now().replace(tzinfo=None)
        assert datetime.now(UTC) == now
        assert datetime.now() == datetime_module.datetime.today() == naive
        assert date.today() == datetime_module.date.today() == naive.date()
        assert imported_time() == time.time() == pytest.approx((now - START).total_seconds() + EPOCH, abs=1e-6)
        assert time.time_ns() // 10**9 == int(time.time())
        assert time.gmtime()[:6] == now.timetuple()[:6]
        assert time.strftime("%Y-%m-%d %H:%M", time.gmtime()) == f"{now:%Y-%m-%d %H:%M}"


def test_stopwatches_stay_real(ml_clock: SimulatedClock) -> None:
    before = [time.monotonic(), monotonic(), time.perf_counter(), time.perf_counter_ns() / 1e9, perf_counter_ns() / 1e9]
    ml_clock.tick(timedelta(days=3650))
    after = [time.monotonic(), monotonic(), time.perf_counter(), time.perf_counter_ns() / 1e9, perf_counter_ns() / 1e9]
    assert all(0 <= late - early < 60 for early, late in zip(before, after, strict=True))
    assert time.monotonic() == pytest.approx(freezegun.api.real_monotonic(), abs=60)


def test_a_thread_sees_the_simulated_time(ml_clock: SimulatedClock) -> None:
    seen: list[float] = []
    thread = threading.Thread(target=lambda: seen.append(time.time()))
    thread.start()
    thread.join()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        seen.append(pool.submit(time.time).result(timeout=60))
    assert seen == [EPOCH, EPOCH]


def test_a_callback_of_the_scheduler_sees_its_instant(ml_workspace: FakeWorkspace, ml_scheduler: Scheduler) -> None:
    seen = []
    ml_workspace.schedules.begin_create_or_update(hourly()).result()
    factory = freezegun.api.freeze_factories[-1]
    ml_scheduler.on_run(lambda job: seen.append((job.trigger_time, datetime.now(UTC), time.time())))
    ml_scheduler.advance(timedelta(hours=3))
    assert [now for now, _, _ in seen] == [now for _, now, _ in seen]
    assert [seconds for _, _, seconds in seen] == [EPOCH, EPOCH + 3600, EPOCH + 7200]
    assert freezegun.api.freeze_factories == [factory]  # moved, never started again


def hourly() -> JobSchedule:
    trigger = {"type": "recurrence", "frequency": "hour", "interval": 1}
    return load_schedule({"name": "hourly", "trigger": trigger, "create_job": "azureml:train"})


def test_our_modules_keep_the_real_datetime(ml_clock: SimulatedClock) -> None:
    real = freezegun.api.real_datetime
    assert datetime is not real
    ours = [module for name, module in sys.modules.items() if name.startswith("pytest_mlschedule")]
    kept = [module.datetime for module in ours if hasattr(module, "datetime")]
    assert len(kept) > 5
    assert all(value is real for value in kept)
    assert type(ml_clock.now()) is real


def test_freezegun_inside_wins_and_ours_comes_back(ml_clock: SimulatedClock) -> None:
    with freezegun.freeze_time("2030-05-05") as inner:
        assert datetime.now() == datetime(2030, 5, 5)
        ml_clock.tick(timedelta(hours=1))
        inner.tick(timedelta(minutes=1))
        assert datetime.now() == datetime(2030, 5, 5, 0, 1)
    assert datetime.now(UTC) == START + timedelta(hours=1)


@freezegun.freeze_time("2030-05-05")
def test_freezegun_as_a_decorator_wins(ml_clock: SimulatedClock) -> None:
    ml_clock.tick(timedelta(hours=1))
    assert datetime.now() == datetime(2030, 5, 5)
    assert ml_clock.now() == START + timedelta(hours=1)


@pytest.fixture
def outer_freeze() -> object:
    with freezegun.freeze_time("2030-05-05", ignore=["_pytest.timing"]) as frozen:
        yield frozen


def test_freezegun_outside_gives_way_and_comes_back(outer_freeze: object, request: pytest.FixtureRequest) -> None:
    stopwatch = time.monotonic
    clock = request.getfixturevalue("ml_clock")
    clock.tick(timedelta(hours=1))
    assert datetime.now(UTC) == START + timedelta(hours=1)
    assert time.monotonic is stopwatch is not freezegun.api.real_monotonic  # theirs to decide


def test_a_pydantic_model_may_be_defined_inside(ml_clock: SimulatedClock) -> None:
    class Report(pydantic.BaseModel):
        at: datetime_module.datetime
        day: datetime_module.date

    report = Report(at=datetime.now(UTC), day="2026-01-01")
    assert report.at == START
    assert report.day == START.date()


@pytest.mark.asyncio
async def test_an_event_loop_does_not_hang(ml_clock: SimulatedClock) -> None:
    began = monotonic()
    await asyncio.sleep(0.01)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), timeout=0.01)
    ml_clock.tick(timedelta(days=365))
    await asyncio.sleep(0.01)
    assert 0.03 <= monotonic() - began < 30
    assert datetime.now(UTC) == START + timedelta(days=365)


@settings(max_examples=5, deadline=timedelta(seconds=20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.integers(1, 400))
def test_hypothesis_does_not_take_simulated_days_for_slowness(ml_clock: SimulatedClock, days: int) -> None:
    before = datetime.now(UTC)
    ml_clock.tick(timedelta(days=days))
    assert datetime.now(UTC) - before == timedelta(days=days)


TWICE = """
import time
from datetime import datetime, UTC, timedelta

def test_moves_a_year(ml_clock):
    ml_clock.tick(timedelta(days=365))
    assert datetime.now(UTC).year == 2027

def test_begins_anew(ml_clock):
    assert datetime.now(UTC) == datetime(2026, 1, 1, tzinfo=UTC)

def test_real_time_is_back():
    assert type(datetime.now()).__name__ == "datetime"
    assert time.time.__module__ == "time" and abs(datetime.now().timestamp() - time.time()) < 60
"""


def test_the_real_time_is_back_after_each_test_and_durations_are_real(project: Project) -> None:
    for _ in range(2):
        result = project.run(TWICE)
        result.assert_outcomes(passed=3)
        reports = result.reprec.getreports("pytest_runtest_logreport")
        assert len(reports) == 9
        assert all(0 <= report.duration < 60 for report in reports)
        assert all(abs(time.time() - moment) < 600 for report in reports for moment in (report.start, report.stop))
        assert not hasattr(freezegun.api.FakeDatetime, "__get_pydantic_core_schema__")


def test_a_module_of_ours_that_is_first_imported_inside_is_not_left_with_a_fake(project: Project) -> None:
    source = """
import sys
import freezegun.api

NAME = "pytest_mlschedule.plugin.explanation"

def test_before():
    sys.modules.pop(NAME, None)

def test_imports(ml_clock):
    __import__(NAME)
    assert sys.modules[NAME].datetime is freezegun.api.FakeDatetime

def test_after():
    assert sys.modules[NAME].datetime is freezegun.api.real_datetime
"""
    project.run(source).assert_outcomes(passed=3)


def test_a_test_that_fails_or_breaks_in_setup_leaves_real_time_behind(project: Project) -> None:
    source = """
import pytest, time

@pytest.fixture
def broken(ml_clock):
    raise RuntimeError

def test_error(broken): pass
def test_failure(ml_clock): assert False
def test_real(): assert time.time.__module__ == "time"
"""
    project.run(source).assert_outcomes(passed=1, failed=1, errors=1)


UNITTEST = """
import unittest
from datetime import datetime, UTC
import freezegun, pytest

@pytest.mark.mlschedule(now="2026-03-08")
@pytest.mark.usefixtures("ml_clock")
class TestWithMark(unittest.TestCase):
    def test_now(self):
        self.assertEqual(datetime.now(UTC), datetime(2026, 3, 8, tzinfo=UTC))

class TestWithAutouse(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def give(self, ml_scheduler, ml_workspace):
        self.scheduler, self.workspace = ml_scheduler, ml_workspace

    def test_now(self):
        self.assertEqual(self.scheduler.clock.now(), datetime.now(UTC))
        self.assertIs(self.scheduler.workspace, self.workspace)

@freezegun.freeze_time("2030-05-05")
@pytest.mark.usefixtures("ml_clock")
class TestFrozenClass(unittest.TestCase):
    def test_now(self):
        self.assertEqual(datetime.now(UTC), datetime(2030, 5, 5, tzinfo=UTC))

def test_real():
    assert type(datetime.now()).__name__ == "datetime"
"""


def test_unittest_classes(project: Project) -> None:
    project.run(UNITTEST).assert_outcomes(passed=4)


OUTSIDE = """
from datetime import UTC, datetime
import pytest
import time_machine

OTHER = datetime(2030, 5, 5, tzinfo=UTC)

@pytest.fixture
def travelling():
    with time_machine.travel(datetime(2029, 1, 1, tzinfo=UTC)):
        yield

def travel_again():
    with time_machine.travel(OTHER, tick=False):
        assert datetime.now(UTC) == OTHER
"""
TIME_MACHINE = """
import os
import time
from datetime import UTC, datetime, timedelta
import pytest
import time_machine

START = datetime(2026, 1, 1, tzinfo=UTC)
OTHER = datetime(2030, 5, 5, tzinfo=UTC)

def test_follows(ml_clock):
    assert datetime.now() == datetime(2026, 1, 1)
    ml_clock.tick(timedelta(hours=1))
    assert datetime.now(UTC) == START + timedelta(hours=1)
    assert datetime.now() == datetime(2026, 1, 1, 1)
    assert time.time() == 1767225600 + 3600

def test_inside(ml_clock):
    with time_machine.travel(OTHER, tick=False):
        assert datetime.now(UTC) == OTHER
        ml_clock.tick(timedelta(hours=1))
        assert datetime.now(UTC) == OTHER
    assert datetime.now(UTC) == START + timedelta(hours=1)

@time_machine.travel(OTHER, tick=False)
def test_decorator(ml_scheduler):
    ml_scheduler.advance(timedelta(hours=1))
    assert datetime.now(UTC) == OTHER

def test_its_fixture(time_machine, ml_clock):
    time_machine.move_to(OTHER, tick=False)
    assert datetime.now(UTC) == OTHER

@pytest.fixture
def outside():
    with time_machine.travel(OTHER, tick=False):
        yield
        assert datetime.now(UTC) == OTHER

def test_outside(outside, ml_clock):
    assert datetime.now(UTC) == START

def test_real():
    assert datetime.now(UTC) not in (START, OTHER) and os.environ["TZ"] == "Asia/Tokyo"
"""


@pytest.fixture
def in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_tokyo")
def test_time_machine(project: Project) -> None:
    project.run(TIME_MACHINE).assert_outcomes(passed=6)


@pytest.mark.usefixtures("in_tokyo")
def test_naive_times_are_utc_wherever_the_machine_stands(project: Project) -> None:
    source = """
from datetime import datetime, timedelta

def test_it(ml_clock):
    ml_clock.tick(timedelta(hours=1))
    assert datetime.now() == datetime(2026, 1, 1, 1)
"""
    project.run(source).assert_outcomes(passed=1)


def test_time_machine_that_the_module_does_not_name(project: Project) -> None:
    project.write("conftest.py", OUTSIDE)
    source = """
import conftest
from datetime import UTC, datetime

def test_its_fixture(ml_clock, time_machine):
    time_machine.move_to(conftest.OTHER, tick=False)
    assert datetime.now(UTC) == conftest.OTHER

def test_travelling_when_it_starts(travelling, ml_clock):
    assert datetime.now(UTC) == ml_clock.now()
    conftest.travel_again()
"""
    project.run(source).assert_outcomes(passed=2)


def test_time_machine_that_is_only_installed_changes_nothing(project: Project) -> None:
    source = """
from datetime import datetime
import sys

def test_it(ml_clock):
    assert "time_machine" in sys.modules
    assert datetime.__name__ == "FakeDatetime"

def test_without_it(request, monkeypatch):
    monkeypatch.delitem(sys.modules, "time_machine")
    request.getfixturevalue("ml_clock")
    assert datetime.__name__ == "FakeDatetime"
"""
    project.run(source).assert_outcomes(passed=2)


def test_a_doctest_gets_the_fixtures(project: Project) -> None:
    source = '''
def now():
    """
    >>> clock = getfixture("ml_clock")
    >>> import datetime
    >>> datetime.datetime.now(datetime.UTC) == clock.now()
    True
    """
'''
    project.run(source, "--doctest-modules").assert_outcomes(passed=1)


def test_a_clock_of_your_own_freezes_nothing(project: Project) -> None:
    source = """
import pytest, sys
from datetime import UTC, datetime
from pytest_mlschedule import SimulatedClock

@pytest.fixture
def ml_clock():
    return SimulatedClock(datetime(2030, 5, 5, tzinfo=UTC))

def test_it(ml_scheduler, ml_workspace):
    assert ml_scheduler.clock.now() == ml_workspace.clock.now() == datetime(2030, 5, 5, tzinfo=UTC)
    assert type(datetime.now()).__name__ == "datetime"
"""
    project.run(source).assert_outcomes(passed=1)


def test_freezegun_s_own_ignore_list_still_counts(project: Project) -> None:
    source = """
import freezegun, sys, time
from datetime import datetime

def test_it(ml_clock, monkeypatch):
    now = time.time()
    monkeypatch.setattr(sys.modules[__name__], "__name__", "selenium")
    assert abs(time.time() - now) > 86400

def test_other(ml_clock):
    assert time.time() == 1767225600
"""
    project.run(source).assert_outcomes(passed=2)
