"""Recurrence triggers as values: what Python users pass in, equality, copies."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import warnings
from enum import Enum

import pytest

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.triggers.recurrence import RecurrencePattern, RecurrenceTrigger


def problem_of(*args, **kwargs):
    with pytest.raises(DefinitionError) as raised:
        RecurrenceTrigger(*args, **kwargs)
    (problem,) = raised.value.diagnostics
    return problem


class FakeTimeZone(str, Enum):  # noqa: UP042 (as the SDK declares them)
    TOKYO = "Tokyo Standard Time"


class FakeFrequency(str, Enum):  # noqa: UP042 (as the SDK declares them)
    DAY = "Day"


class FakeWeekDay(str, Enum):  # noqa: UP042 (as the SDK declares them)
    FRIDAY = "Friday"


def test_members_of_text_enums_are_taken():
    pattern = RecurrencePattern(1, 2, [FakeWeekDay.FRIDAY])
    trigger = RecurrenceTrigger(FakeFrequency.DAY, 1, time_zone=FakeTimeZone.TOKYO)
    assert (trigger.frequency, trigger.time_zone, pattern.week_days) == ("day", "Tokyo Standard Time", ("friday",))
    assert type(trigger.time_zone) is str
    assert trigger.zone.key == "Asia/Tokyo"


def test_the_sdks_own_pattern_and_enums_are_taken():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from azure.ai.ml.constants import TimeZone
        from azure.ai.ml.entities import RecurrencePattern as SdkPattern

    theirs = SdkPattern(hours=[4, 5], minutes=30, week_days=["monday"])
    trigger = RecurrenceTrigger("week", 1, theirs, time_zone=TimeZone.TOKYO_STANDARD_TIME)
    assert trigger == RecurrenceTrigger(
        "week", 1, RecurrencePattern([4, 5], 30, "monday"), time_zone="tokyo standard time"
    )
    assert problem_of("week", 1, SdkPattern(hours=[25], minutes=30)).field == ("schedule", "hours", 0)


def test_a_schedule_of_another_type_is_an_error():
    problem = problem_of("day", 1, 5)
    assert (problem.code, problem.field) == ("MLS008", ("schedule",))


def test_triggers_are_values():
    trigger = RecurrenceTrigger(
        "month", 1, RecurrencePattern(9, 0, month_days=[-1]), "2022-01-15T10:00", time_zone="UTC"
    )
    assert pickle.loads(pickle.dumps(trigger)) == copy.deepcopy(trigger) == trigger
    assert hash(trigger) == hash(copy.copy(trigger))
    assert dataclasses.replace(trigger, interval=2).interval == 2
    assert trigger.type == "recurrence"
    assert trigger.has_pattern
    with pytest.raises(dataclasses.FrozenInstanceError):
        trigger.interval = 3
    assert repr(trigger) == (
        "RecurrenceTrigger(frequency='month', interval=1, schedule=RecurrencePattern(hours=(9,), minutes=(0,), "
        "week_days=(), month_days=(-1,)), start_time='2022-01-15T10:00', end_time=None, time_zone='UTC')"
    )


def test_iana_zones_are_taken_when_the_profile_says_so():
    problem = problem_of("day", 1, time_zone="Europe/Paris")
    assert (problem.code, problem.field) == ("MLS303", ("time_zone",))
    accepted = RecurrenceTrigger("day", 1, time_zone="Europe/Paris", profile=ServiceProfile(iana_zones="accept"))
    assert (accepted.time_zone, accepted.zone_key) == ("Europe/Paris", "Europe/Paris")
