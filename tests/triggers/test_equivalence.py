"""Whether timetables fire alike for all time: hand-made pairs, and random ones against the occurrences themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.triggers import equivalence
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.equivalence import Verdict, compare_timetables, same_occurrences, same_rule
from pytest_mlschedule.triggers.recurrence import RecurrencePattern, RecurrenceTrigger
from pytest_mlschedule.triggers.timetable import Timetable
from pytest_mlschedule.triggers.window import END_EPOCH, from_epoch
from pytest_mlschedule.triggers.zones import zone

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
START = "2026-01-01T00:00:00"
WORKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]
WEEK = [*WORKDAYS, "saturday", "sunday"]
Trigger = CronTrigger | RecurrenceTrigger


def cron(expression: str, time_zone: str = "UTC", start: str | None = START, end: str | None = None) -> CronTrigger:
    return CronTrigger(expression, start, end, time_zone)


def every(frequency: str, interval: int, time_zone: str = "UTC", start: str = START, **pattern: object) -> Trigger:
    schedule = RecurrencePattern(**pattern) if pattern else None  # type: ignore[arg-type]
    return RecurrenceTrigger(frequency, interval, schedule, start, None, time_zone)


def table(trigger: Trigger, profile: ServiceProfile | None = None, created: datetime = CREATED) -> Timetable:
    return trigger.timetable(created_at=created, profile=profile or ServiceProfile())


PACIFIC = "Pacific Standard Time"
SAME = [
    (cron("0 9 * * 1-5"), cron("0 9 * * MON-FRI")),
    (cron("0 9 * * 1-5"), cron("0  9  *  *  5,4,3,2,1")),
    (cron("0 9 * * 1-5"), cron("0 9 13 6 1-5")),  # DAYS and MONTHS are ignored: CR-4
    (cron("0 9 * * 1-5"), every("week", 1, hours=9, minutes=0, week_days=WORKDAYS)),
    (cron("0 9 * * 1-5", PACIFIC), every("week", 1, PACIFIC, hours=9, minutes=0, week_days=WORKDAYS)),
    (cron("*/5 * * * *"), cron("0-59/5 * * * *")),
    (cron("*/5 * * * *"), every("minute", 5)),
    (cron("*/5 * * * *", "Tokyo Standard Time"), every("minute", 5)),  # UTC+9 all year: five-minute walls are the same
    (cron("0 */12 * * *"), every("hour", 12)),
    (cron("0 0 * * *"), every("hour", 24)),
    (every("day", 2), every("hour", 48)),
    (every("day", 1, hours=9, minutes=30), every("week", 1, hours=9, minutes=30, week_days=WEEK)),
    (every("day", 7), every("week", 1)),
    (every("day", 14, PACIFIC), every("week", 2, PACIFIC)),
    (every("month", 1, hours=9, minutes=0, month_days=list(range(1, 32))), every("day", 1, hours=9, minutes=0)),
    (every("month", 1, hours=9, minutes=0, week_days=["monday"]), cron("0 9 * * 1")),
    (every("month", 12, start="2026-01-31T00:00:00"), every("month", 12, start="2026-01-31T00:00:00", hours=0, minutes=0)),
    (cron("0 9 * * *"), cron("0 9 * * *", "Greenwich Standard Time")),
    (cron("0 9 * * *"), cron("0 10 * * *", "W. Central Africa Standard Time")),
    (cron("0 9 * * *", "Romance Standard Time"), cron("0 9 * * *", "W. Europe Standard Time")),  # Paris and Berlin
    (cron("0 9 * * *", "GMT Standard Time"), cron("0 10 * * *", "W. Europe Standard Time")),  # an hour apart all year
    (cron("0 9 * * *", PACIFIC), cron("0 10 * * *", "Mountain Standard Time")),  # the clocks change an hour apart
    (cron("0 9 * * 1", PACIFIC), cron("0 12 * * 1", "Eastern Standard Time")),
    (cron("30 23 * * 1"), cron("30 8 * * 2", "Tokyo Standard Time", start="2026-01-01T09:00:00")),
    (cron("0 9 * * *", start=None), cron("0 9 * * *")),  # created when it starts
    (cron("0 9 * * *", end="2027-01-01T09:00:00"), cron("0 9 * * *", end="2027-01-02T08:59:59")),
    (cron("0 9 * * *", start="2025-01-01T00:00:00"), cron("0 9 * * *", start="2019-07-01T00:00:00")),  # before creation
    (cron("0 9 * * *", end="2020-01-01T00:00:00", start=None), cron("0 17 * * *", end="2021-01-01T00:00:00", start=None)),  # never
    (cron("0 9 * * 1", end="2026-01-10T00:00:00"), cron("0 9 * * *", end="2026-01-05T09:00:00", start="2026-01-05T00:00:00")),  # one run
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_triggers_that_fire_alike(one: Trigger, other: Trigger) -> None:
    assert compare_timetables(table(one), table(other)) == Verdict(True)
    assert same_occurrences(table(other), table(one)) is True


DIFFERENT = [
    (cron("0 9 * * *"), cron("0 10 * * *"), "2026-01-01T09:00"),
    (cron("0 9 * * *"), cron("0 9 * * 1-5"), "2026-01-03T09:00"),  # a Saturday
    (cron("0 9 * * *"), cron("0 9 * * *", "GMT Standard Time"), "2026-03-29T08:00"),  # the first day of summer time
    (cron("0 9 * * *", end="2027-06-30T09:00:00"), cron("0 9 * * *"), "2027-07-01T09:00"),
    (cron("0 9 * * *"), cron("0 9 * * *", start="2026-01-02T00:00:00"), "2026-01-01T09:00"),
    (cron("*/5 * * * *"), cron("*/10 * * * *"), "2026-01-01T00:05"),
    (cron("0 0 * * *", PACIFIC, start=START + "-08:00"), every("hour", 24, PACIFIC), "2026-03-09T07:00"),  # elapsed time: DST-4
    (every("minute", 7), every("minute", 14), "2026-01-01T00:07"),
    (every("minute", 7), cron("*/7 * * * *"), "2026-01-01T01:00"),
    (every("month", 1), every("month", 1, month_days=[1], hours=[], minutes=30), "2026-01-01T00:00"),
    (every("month", 1, hours=9, minutes=0, month_days=31), every("month", 1, hours=9, minutes=0, month_days=-1), "2026-02-28T09:00"),
    (every("month", 12, start="2027-02-28T09:00:00"), every("month", 12, start="2027-02-28T09:00:00", hours=9, minutes=0, month_days=-1), "2028-02-28T09:00"),
    (cron("0 9 * * *", end="2025-01-01T00:00:00", start=None), cron("0 9 * * *"), "2026-01-01T09:00"),  # one never fires
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "first"), DIFFERENT)
def test_the_first_time_at_which_one_fires_alone(one: Trigger, other: Trigger, first: str) -> None:
    expected = int(datetime.fromisoformat(first).replace(tzinfo=UTC).timestamp())
    assert compare_timetables(table(one), table(other)) == Verdict(False, expected)
    assert compare_timetables(table(other), table(one)) == Verdict(False, expected)
    assert same_occurrences(table(one), table(other)) is False


def test_a_difference_of_the_far_future_is_found() -> None:
    """29 February comes in 2096, and then in 2104: 2100 is no leap year."""
    always = every("month", 12, start="2028-02-29T00:00:00")
    ending = RecurrenceTrigger("month", 12, None, "2028-02-29T00:00:00", "2100-01-01T00:00:00")
    verdict = compare_timetables(table(always), table(ending))
    assert verdict.first is not None
    assert from_epoch(verdict.first) == datetime(2104, 2, 29, tzinfo=UTC)
    daily, but_one = cron("0 9 * * *", PACIFIC), cron("0 9 * * *", PACIFIC, end="2199-12-30T09:00:00")
    verdict = compare_timetables(table(daily), table(but_one))
    assert verdict.first is not None
    assert from_epoch(verdict.first) == datetime(2199, 12, 31, 17, tzinfo=UTC)


def test_the_same_step_with_another_end() -> None:
    """Steps that no day is a multiple of cannot be told by days; two of elapsed time can be told by themselves."""
    one, other = (
        RecurrenceTrigger("minute", 7, None, START, end) for end in ("2100-01-01T00:00:00", "2100-01-01T00:07:00")
    )
    first = compare_timetables(table(one), table(other)).first
    assert first is not None
    assert from_epoch(first).isoformat()[:10] in ("2099-12-31", "2100-01-01")
    assert first == table(other).previous_epoch(END_EPOCH)


@pytest.mark.parametrize("field", [{"gap": "skip"}, {"fold": "second"}, {"fold": "both"}, {"first_run": "instant"}])
def test_dst_5_policies_are_told_apart_where_they_matter(field: dict[str, str]) -> None:
    """02:30 is in the gap of Los Angeles, 01:30 in the fold; the instant first run needs a missing start (ST-7)."""
    profile = ServiceProfile(**field)  # type: ignore[arg-type]
    night = cron("30 1,2 * * *", PACIFIC, start=None)
    verdict = compare_timetables(table(night), table(night, profile))
    times = [table(night, each).epochs_between(0, END_EPOCH) for each in (None, profile)]
    assert verdict == Verdict(False, min({*times[0]} ^ {*times[1]}))
    noon = cron("0 12 * * *", PACIFIC)
    assert same_occurrences(table(noon), table(noon, profile)) is True


@dataclass
class Unknown:
    """Occurrences of a kind that no rule is known of: every hour of a range."""

    start: int = 0
    stop: int = END_EPOCH

    def _range(self, start: int, end: int) -> range:
        low = max(start, self.start)
        return range(low + -low % 3600, min(end, self.stop), 3600)

    def epochs(self, start: int, end: int) -> list[int]:
        return list(self._range(start, end))

    def instants(self, start: int, end: int) -> list[datetime]:
        return [from_epoch(epoch) for epoch in self._range(start, end)]

    def count(self, start: int, end: int) -> int:
        return len(self._range(start, end))

    def next(self, epoch: int) -> int | None:
        return next(iter(self._range(epoch + 1, self.stop)), None)

    def previous(self, epoch: int) -> int | None:
        found = self._range(self.start, epoch)
        return found[-1] if found else None

    def select(self, start: int, index: int) -> int | None:
        found = self._range(start, self.stop)
        return found[index] if index < len(found) else None


def test_what_cannot_be_decided_is_not_decided() -> None:
    hourly = table(every("hour", 1, start="1970-01-01T00:00:00"), created=from_epoch(0))
    unknown = Timetable(Unknown(), zone("Etc/UTC"))
    assert compare_timetables(hourly, unknown) == Verdict(None)
    assert same_occurrences(unknown, hourly) is None
    assert same_occurrences(unknown, unknown) is True
    assert compare_timetables(table(every("hour", 2)), unknown) == Verdict(False, 0)
    few = Timetable(Unknown(0, 100 * 3600), zone("Etc/UTC"))
    ended = RecurrenceTrigger("hour", 1, None, "1970-01-01T00:00:00", "1970-01-05T03:00:00")
    assert same_occurrences(table(ended, created=from_epoch(0)), few) is True  # all of them could be looked at


def test_the_same_rule_is_seen_at_a_glance() -> None:
    assert same_rule(table(cron("0 9 * * 1-5")), table(cron("0 9 * * MON-FRI")))
    assert same_rule(table(every("minute", 7)), table(every("minute", 7)))
    assert same_rule(table(every("month", 2, month_days=3, hours=1, minutes=1)), table(every("month", 2, month_days=3, hours=1, minutes=1)))  # fmt: skip
    assert not same_rule(table(cron("0 9 * * *")), table(cron("0 9 * * *", "Greenwich Standard Time")))
    assert not same_rule(table(cron("0 9 * * *")), table(every("minute", 7)))
    assert not same_rule(table(every("day", 1, month_days=[], hours=1, minutes=1)), table(every("month", 1, hours=1, minutes=1)))  # fmt: skip


ZONES = [
    "UTC", "Greenwich Standard Time", "GMT Standard Time", "W. Europe Standard Time", "Romance Standard Time", PACIFIC,
    "Samoa Standard Time", "Morocco Standard Time", "Lord Howe Standard Time", "Tokyo Standard Time", "Korea Standard Time",
    "W. Central Africa Standard Time", "Egypt Standard Time", "India Standard Time", "Eastern Standard Time", "Russian Standard Time",
]  # fmt: skip
STARTS = [START, "2026-03-08T02:30:00", "2026-01-05T09:00:00", "2010-12-29T23:00:00", "2026-10-25T01:30:00"]
PATTERNS = [
    {},
    {"hours": 9, "minutes": 0},
    {"hours": [1, 2], "minutes": 30},
    {"hours": 9, "minutes": 0, "week_days": WORKDAYS},
    {"hours": 9, "minutes": 0, "week_days": WEEK},
    {"hours": 9, "minutes": 0, "month_days": [29, 30, 31]},
    {"hours": 9, "minutes": 0, "month_days": [*range(1, 32)]},
    {"hours": 9, "minutes": 0, "month_days": [-1]},
]
INTERVALS = {
    "minute": (720, 1440, 1500),
    "hour": (12, 24, 36, 168),
    "day": (1, 2, 7, 14),
    "week": (1, 2),
    "month": (1, 12),
}
Make = Callable[[str | None], Trigger]


@st.composite
def makers(draw: st.DrawFn) -> Make:
    """A trigger that only waits for its end."""
    time_zone, start = draw(st.sampled_from(ZONES)), draw(st.sampled_from(STARTS))
    frequency = draw(st.sampled_from(["cron", *INTERVALS]))
    if frequency == "cron":
        hours = draw(st.sampled_from(["9", "10", "8", "2", "1,2", "*/12", "23", "0"]))
        days = draw(st.sampled_from(["*", "1-5", "0-6", "1"]))
        minute = draw(st.sampled_from(["0", "30"]))
        return lambda end: CronTrigger(f"{minute} {hours} * * {days}", start, end, time_zone)
    interval = draw(st.sampled_from(INTERVALS[frequency]))
    pattern = draw(st.sampled_from(PATTERNS))

    def make(end: str | None) -> Trigger:
        try:
            schedule = RecurrencePattern(**pattern) if pattern else None  # type: ignore[arg-type]
            return RecurrenceTrigger(frequency, interval, schedule, start, end, time_zone)
        except DefinitionError:  # the pattern does not go with the frequency
            return RecurrenceTrigger(frequency, interval, None, start, end, time_zone)

    return make


profiles = st.builds(
    ServiceProfile,
    gap=st.sampled_from(["shift", "shift", "skip"]),
    fold=st.sampled_from(["first", "first", "second", "both"]),
    first_run=st.sampled_from(["scheduled", "instant"]),
)


@given(
    makers(),
    makers(),
    st.tuples(profiles, profiles),
    st.sampled_from([0, 1, 50]),
    st.sampled_from([None, timedelta(days=3), timedelta(days=500)]),
)
@settings(max_examples=400, deadline=None, derandomize=True)  # the same branches each time
def test_verdicts_against_the_occurrences_themselves(
    one: Make, other: Make, policies: tuple[ServiceProfile, ServiceProfile], at_once: int, length: timedelta | None
) -> None:
    """Whole, and cut at the first difference, where different rules fire alike; with few occurrences looked at one by one."""
    end = None if length is None else f"{datetime(2026, 10, 25, 2, 0) + length:%Y-%m-%dT%H:%M:%S}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(equivalence, "_AT_ONCE", at_once)
        first = check_verdict((one, other), (end, end), policies)
        if first is not None:
            for shift in (-1, 0):
                cut = from_epoch(first + shift).isoformat()
                check_verdict((one, other), (cut, cut), policies)


def check_verdict(
    makers: tuple[Make, Make], ends: tuple[str | None, str | None], policies: tuple[ServiceProfile, ServiceProfile]
) -> int | None:
    try:
        tables = [table(make(end), policy) for make, end, policy in zip(makers, ends, policies, strict=True)]
    except DefinitionError:  # it ends before it starts
        return None
    one, other = (each.epochs_between(0, END_EPOCH) for each in tables)
    first = None if one == other else min({*one} ^ {*other})
    verdict = compare_timetables(*tables)
    known = verdict.same is not None  # a step of 25 h against days, with few occurrences looked at: not decided
    assert not known or verdict == Verdict(first is None, first)
    return first
