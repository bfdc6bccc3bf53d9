"""MLS308 to MLS310, MLS314, MLS510: starts and ends against the time of the check."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta

from pytest_mlschedule import DefinitionError, ServiceProfile, check_schedules, load_schedule
from pytest_mlschedule.checks import cron, recurrence, times
from pytest_mlschedule.checks.rule import Situation
from pytest_mlschedule.checks.times import find_far_start, find_missing_start, find_near_start, find_past_end
from pytest_mlschedule.schedules.models import CreationContext, JobSchedule
from pytest_mlschedule.triggers.creation import counts_from_creation
from pytest_mlschedule.triggers.window import Window

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
CRON = {"type": "cron", "expression": "30 5 * * *"}
DAY = {"type": "recurrence", "frequency": "day", "interval": 1}
AT_FOUR = {"hours": 4, "minutes": 0}


def load(trigger: dict[str, object]) -> JobSchedule:
    return load_schedule({"name": "nightly", "trigger": trigger, "create_job": "azureml:j"})


def findings(code: str, trigger: dict[str, object], *, now: datetime = NOW):
    return [item for item in check_schedules(load(trigger), now=now) if item.code == code]


def situation_of(schedule: JobSchedule, profile: ServiceProfile) -> Situation:
    return Situation(schedules=(schedule,), now=NOW, window=Window(NOW, NOW + timedelta(days=31)), profile=profile)


MAY_RUN = "some documents say that a first job runs at once, at creation (ST-7)"
RUNS = "a first job runs at creation"
MOVES = "from the moment of creation, so that creating it again moves its runs; "


@pytest.mark.parametrize(
    ("trigger", "message"),
    [
        (CRON, MAY_RUN),
        ({**DAY, "schedule": AT_FOUR}, MAY_RUN),
        ({**DAY, "frequency": "week", "schedule": {**AT_FOUR, "week_days": "monday"}}, MAY_RUN),
        ({**DAY, "frequency": "month", "schedule": {**AT_FOUR, "month_days": 1}}, MAY_RUN),
        ({**DAY, "frequency": "month", "schedule": {**AT_FOUR, "week_days": "friday"}}, MAY_RUN),
        (DAY, f"its time of day comes {MOVES}{RUNS}"),
        ({**DAY, "interval": 2}, f"its time of day and the days that count come {MOVES}{RUNS}"),
        ({**DAY, "frequency": "minute", "interval": 7}, f"its times come {MOVES}{RUNS}"),
        ({**DAY, "frequency": "hour"}, f"its times come {MOVES}{RUNS}"),
        ({**DAY, "frequency": "week"}, f"its time of day and its week day come {MOVES}{RUNS}"),
        ({**DAY, "frequency": "month"}, f"its time of day and its day of the month come {MOVES}{RUNS}"),
        ({**DAY, "frequency": "week", "interval": 2, "schedule": AT_FOUR}, f"its week day and the weeks that count come {MOVES}{MAY_RUN}"),
        ({**DAY, "interval": 3, "schedule": AT_FOUR}, f"the days that count come {MOVES}{MAY_RUN}"),
        ({**DAY, "schedule": {"hours": 4, "minutes": []}}, f"its minute comes {MOVES}{MAY_RUN}"),
        ({**DAY, "schedule": {"hours": [], "minutes": 30}}, f"its hour comes {MOVES}{MAY_RUN}"),
    ],
)  # fmt: skip
def test_st_7_a_trigger_without_start_warns_and_says_what_hangs_on_creation(trigger, message):
    (found,) = findings("MLS308", trigger)
    assert found.message == f"no start_time: {message}"
    assert (str(found.severity), found.field) == ("warning", ("trigger",))
    assert "the wall clock in time_zone; it may lie in the past, nothing is caught up" in found.hint
    assert (MOVES in found.message) == counts_from_creation(load(trigger).trigger)
    assert findings("MLS308", {**trigger, "start_time": "2026-01-01T00:00:00"}) == []


def test_st_7_under_the_other_reading_a_first_job_is_certain():
    schedule = load(CRON)
    (found,) = find_missing_start(schedule, situation_of(schedule, ServiceProfile(first_run="instant")))
    assert found.message == f"no start_time: {RUNS}"


def test_st_7_the_finding_stands_at_the_trigger():
    text = 'name: n\ntrigger:\n  type: cron\n  expression: "30 5 * * *"\ncreate_job: azureml:j\n'
    (found,) = [item for item in check_schedules(load_schedule(io.StringIO(text)), now=NOW) if item.code == "MLS308"]
    assert (found.location.line, found.location.column) == (2, 1)


@pytest.mark.parametrize(
    ("frequency", "period", "words"),
    [
        ("day", relativedelta(days=1), "24 hours"),
        ("week", relativedelta(days=7), "7 days"),
        ("month", relativedelta(months=1), "one month"),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Tokyo Standard Time"])
@pytest.mark.parametrize("now", [NOW, datetime(2026, 1, 31, 3, tzinfo=UTC)])
def test_st_8_a_start_less_than_one_period_ahead_may_lose_its_first_run(frequency, period, words, zone, now):
    here = ZoneInfo("Asia/Tokyo" if zone != "UTC" else "UTC")
    end = now.astimezone(here) + period
    for start, near in [
        (now.astimezone(here), False),
        (now.astimezone(here) + timedelta(seconds=1), True),
        (end - timedelta(seconds=1), True),
        (end, False),
    ]:
        trigger = {
            **DAY, "frequency": frequency, "interval": 2, "time_zone": zone, "start_time": f"{start:%Y-%m-%dT%H:%M:%S}"
        }  # fmt: skip
        found = findings("MLS309", trigger, now=now)
        assert len(found) == near, start
        for item in found:
            assert f"less than {words}: the first run, {start:%a %Y-%m-%d %H:%M}" in item.message
            assert f"({start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}), may be lost" in item.message
            assert (str(item.severity), item.field) == ("warning", ("trigger", "start_time"))


@pytest.mark.parametrize(
    ("start", "message"),
    [
        ("2026-01-05T12:00:30", "the start is less than a minute ahead, less than 24 hours: the first run, Tue 2026-01-06 04:00 +00:00 (2026-01-06T04:00:00Z), may be lost"),
        ("2026-01-05T12:20:30", "the start is 20 minutes ahead, less than 24 hours: the first run, Tue 2026-01-06 04:00 +00:00 (2026-01-06T04:00:00Z), may be lost"),
        ("2026-01-05T13:00:00", "the start is 1 hour ahead, less than 24 hours: the first run, Tue 2026-01-06 04:00 +00:00 (2026-01-06T04:00:00Z), may be lost"),
        ("2026-01-06T05:00:00", "the start is 17 hours ahead, less than 24 hours: the first run, Wed 2026-01-07 04:00 +00:00 (2026-01-07T04:00:00Z), may be lost"),
    ],
)  # fmt: skip
def test_st_8_the_first_run_is_named(start, message):
    (found,) = findings("MLS309", {**DAY, "schedule": AT_FOUR, "start_time": start})
    assert found.message == message


@pytest.mark.parametrize(
    "trigger",
    [
        {**CRON, "start_time": "2026-01-05T13:00:00"},
        {**DAY, "frequency": "hour", "start_time": "2026-01-05T12:30:00"},
        DAY,
        {**DAY, "start_time": "2026-01-05T13:00:00", "schedule": AT_FOUR, "end_time": "2026-01-05T14:00:00"},
    ],
)
def test_st_8_cron_hours_and_what_never_runs_lose_nothing(trigger):
    assert findings("MLS309", trigger) == []


@pytest.mark.parametrize(
    ("start", "now", "far"),
    [
        ("2075-01-05T12:00:00", NOW, False),
        ("2075-01-05T12:00:01", NOW, True),
        ("2077-02-28T00:00:00", datetime(2028, 2, 29, tzinfo=UTC), False),
        ("2077-02-28T00:00:01", datetime(2028, 2, 29, tzinfo=UTC), True),
    ],
)
def test_st_8_a_start_is_49_years_ahead_at_most(start, now, far):
    found = findings("MLS310", {**CRON, "start_time": start}, now=now)
    assert len(found) == far
    for item in found:
        assert (
            item.message
            == f"{start!r} is more than 49 years ahead of {now:%Y-%m-%dT%H:%M:%SZ}: the service does not take it"
        )
        assert (str(item.severity), item.field) == ("error", ("trigger", "start_time"))


@pytest.mark.parametrize(
    ("end", "past"),
    [("2026-01-05T11:59:59", True), ("2026-01-05T12:00:00", False), ("2019-01-01T00:00:00", True), ("9999-01-01T00:00:00", False)],
)  # fmt: skip
def test_st_6_an_end_in_the_past_is_rejected_at_creation(end, past):
    found = findings("MLS314", {**CRON, "start_time": "2018-01-01T00:00:00", "end_time": end})
    assert len(found) == past
    for item in found:
        assert item.message == (
            f"{end!r} is in the past: it is 2026-01-05T12:00:00Z, and Azure ML does not create a schedule that has ended"
        )
        assert (str(item.severity), item.field) == ("error", ("trigger", "end_time"))
        assert findings("MLS510", {**CRON, "start_time": "2018-01-01T00:00:00", "end_time": end}) == []


def test_st_6_what_a_workspace_holds_was_created_in_time():
    ended = load({**CRON, "start_time": "2018-01-01T00:00:00", "end_time": "2019-01-01T00:00:00"})
    near = load({**DAY, "start_time": "2026-01-05T13:00:00"})
    for schedule, rule in ((ended, find_past_end), (near, find_near_start)):
        held = schedule.replace(creation_context=CreationContext(created_at=datetime(2018, 1, 1, tzinfo=UTC)))
        unknown = schedule.replace(creation_context=CreationContext(created_by="somebody"))
        found = [list(rule(one, situation_of(one, ServiceProfile()))) for one in (held, schedule, unknown)]
        assert [len(items) for items in found] == [0, 1, 1]


@pytest.mark.parametrize(
    ("trigger", "message"),
    [
        (
            {**DAY, "frequency": "month", "interval": 12, "start_time": "2026-02-01T00:00:00", "schedule": {**AT_FOUR, "month_days": 30}},
            "nightly never runs: no month that it counts, every 12 from its start on, has day 30",
        ),
        (
            {**CRON, "start_time": "2026-02-01T06:00:00", "end_time": "2026-02-02T05:00:00"},
            "nightly never runs: none of its times lies between its start_time and its end_time",
        ),
        (
            {**CRON, "end_time": "2026-01-06T05:00:00"},
            "nightly never runs: none of its times lies between its creation and its end_time",
        ),
        (
            {**CRON, "start_time": "2026-01-01T00:00:00", "end_time": "2026-01-06T05:00:00"},
            "nightly never runs again: none of its times lies between now, 2026-01-05T12:00:00Z, and its end_time",
        ),
        ({**CRON, "start_time": "2026-01-01T00:00:00", "end_time": "2026-01-06T05:30:00"}, None),
    ],
)  # fmt: skip
def test_rc_8_what_never_runs_is_said(trigger, message):
    found = findings("MLS510", trigger)
    assert [item.message for item in found] == ([] if message is None else [message])
    assert all((str(item.severity), item.field) == ("warning", ("trigger",)) for item in found)


def test_st_1_instants_are_those_of_the_profile():
    """A start and an end with an offset, as documented and as the client sends them."""
    near = load({**DAY, "start_time": "2026-01-05T09:00:00-10:00", "time_zone": "UTC"})
    past = load({**CRON, "start_time": "2018-01-01T00:00:00", "end_time": "2026-01-05T09:00:00-10:00"})
    far = load({**CRON, "start_time": "2075-01-05T06:00:00-10:00"})
    for schedule, rule, documented, dropped in ((near, find_near_start, 1, 0), (past, find_past_end, 0, 1), (far, find_far_start, 1, 0)):  # fmt: skip
        for policy, count in (("documented", documented), ("dropped", dropped)):
            situation = situation_of(schedule, ServiceProfile(start_time_offset=policy))
            assert len(list(rule(schedule, situation))) == count, (rule, policy)


@pytest.mark.parametrize("start", ["1970-01-01T00:00:00", "2200-12-31T23:59:59"])
@pytest.mark.parametrize("policy", ["documented", "dropped"])
def test_tz_3_no_rule_fails_at_the_ends_of_time(start, policy):
    """A start may leave the supported years under another profile than it was loaded with."""
    pattern = {**AT_FOUR, "month_days": 31}
    checked = 0
    for trigger in (CRON, DAY, {**DAY, "frequency": "month"}, {**DAY, "frequency": "month", "schedule": pattern}):
        for zone in ("UTC", "Pacific Standard Time", "Line Islands Standard Time"):
            for key, offset in product(("start_time", "end_time"), ("", "-12:00", "+14:00")):
                try:
                    schedule = load({**trigger, key: start + offset, "time_zone": zone})
                except DefinitionError:  # outside the supported years as loaded
                    continue
                checked += 1
                for now in (datetime(1970, 1, 1, tzinfo=UTC), NOW, datetime(2200, 12, 31, 23, 59, 59, tzinfo=UTC)):
                    window = Window(now, now + timedelta(seconds=1))
                    situation = Situation(
                        schedules=(schedule,), now=now, window=window, profile=ServiceProfile(start_time_offset=policy)
                    )
                    for rule in (*cron.RULES, *recurrence.RULES, *times.RULES):
                        assert all(item.message for item in rule.check(schedule, situation))
    assert checked > 20
