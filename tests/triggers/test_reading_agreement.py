"""Reading the trigger of a document: generated documents, with the real client as oracle, and mappings of anything."""

from __future__ import annotations

from random import Random

import pytest
import sdk_client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_mlschedule.triggers.reading import read_trigger
from pytest_mlschedule.triggers.recurrence import RecurrencePattern

DAILY = {"type": "recurrence", "frequency": "day", "interval": 1}
CRON = {"type": "cron", "expression": "0 9 * * *"}
STRICTER = {
    *("MLS101", "MLS102", "MLS106"),  # cron texts that NCrontab cannot read
    *("MLS202", "MLS203", "MLS204", "MLS205", "MLS206"),  # numbers and days that cannot run
    *("MLS301", "MLS302", "MLS303", "MLS305"),  # years, zones, order of the limits
}
"""Errors of ours that the client does not check, because the value cannot run at the service."""


NUMBERS = [
    0,
    1,
    5,
    12,
    "4",
    " 7 ",
    "x",
    "",
    True,
    False,
    None,
    4.0,
    4.7,
    [],
    [1],
    ["2", 3.0],
    [True],
    [None],
    {},
    {"a": 1},
    -1,
    99,
    (1, 2),
    b"4",
]
FIELD_VALUES = {
    "type": ["recurrence", "cron", "Recurrence", "CRON", "x", None, 1],
    "expression": ["0 9 * * *", "0 9 1 * *", "0 9 * *", "", None, 5, True, b"0 9 * * *"],
    "frequency": ["day", "Week", "MONTH", "hour", "minute", "days", None, 1, ["day"], b"day"],
    "interval": [1, 2, "3", 1.5, 0, True, None, "x", 10**6, [1]],
    "start_time": ["2022-01-01T00:00:00", "2022-01-01", None, 5, "2022-01-01 00:00Z"],
    "end_time": ["2023-01-01T00:00:00", "2021-01-01T00:00:00", "never", None],
    "time_zone": ["UTC", "pacific standard time", "Europe/Paris", "", None, 5, True, b"UTC"],
    "timezone": ["UTC"],
    "colour": [1],
}
PATTERN_VALUES = {
    "hours": NUMBERS,
    "minutes": NUMBERS,
    "week_days": ["monday", "Friday", ["monday", "SUNDAY"], [], "mon", None, 1, [None], {}, (), b"monday"],
    "month_days": [*NUMBERS, -1, [31, -31], 32],
    "weekdays": [["monday"]],
}


def random_document(random: Random) -> dict[str, object]:
    kind = random.choice(["cron", "recurrence"])
    data: dict[str, object] = dict(CRON if kind == "cron" else DAILY)
    for key in random.sample(list(FIELD_VALUES), random.choice([0, 1, 1, 2, 3])):
        data[key] = random.choice(FIELD_VALUES[key])
    if random.random() < 0.6:
        pattern: dict[str, object] = {"hours": 1, "minutes": [0, 30]}
        for key in random.sample(list(PATTERN_VALUES), random.choice([0, 1, 1, 2])):
            pattern[key] = random.choice(PATTERN_VALUES[key])
        data["schedule"] = random.choice([pattern, pattern, pattern, pattern, {}, None, [], "x"])
        data["frequency"] = random.choice(["week", "month", data.get("frequency", "day")])
        if kind == "cron":
            del data["frequency"]
    for key in random.sample(sorted(data), random.choice([0, 0, 0, 1])):
        del data[key]
    return data


@pytest.mark.parametrize("batch", range(4))
def test_generated_documents_agree_with_the_real_client(batch):
    """Accepted and rejected alike, but for values that cannot run at the service; and read as the same values."""
    for number in range(batch, 1600, 4):
        data = random_document(Random(f"document {number}"))
        client = sdk_client.load(data)
        ours, problems = read_trigger(data)
        errors = {problem.code for problem in problems if problem.severity == "error"}
        assert (ours is None) == bool(errors)
        if client is None:
            assert ours is None, (data, problems)
        else:
            assert errors <= STRICTER, (data, problems)
        if client is not None and ours is not None:
            check_same_values(client, ours)


def check_same_values(client, ours) -> None:
    if ours.type == "cron":
        assert ours.expression == client.expression
        return
    assert (ours.frequency, ours.interval) == (client.frequency, client.interval)
    pattern = ours.schedule or RecurrencePattern([], [])
    for key in ("hours", "minutes", "week_days", "month_days"):
        theirs = getattr(client.schedule, key)
        listed = theirs if isinstance(theirs, list) else [] if theirs is None else [theirs]
        assert set(getattr(pattern, key)) == set(listed)


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**4000),
    st.floats(),
    st.text(max_size=12),
    st.binary(max_size=6),
    st.dates(),
    st.datetimes(),
    st.sampled_from(
        ["cron", "recurrence", "day", "month", "0 9 * * *", "2022-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"]
    ),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS, inner, max_size=3), max_leaves=5
)
KEYS = st.one_of(
    st.sampled_from(["type", "expression", "frequency", "interval", "start_time", "end_time", "time_zone"]), SCALARS
)
PATTERNS = st.dictionaries(st.sampled_from(["hours", "minutes", "week_days", "month_days", "x"]), VALUES, max_size=4)


@given(st.dictionaries(KEYS, VALUES, max_size=5), st.one_of(st.none(), PATTERNS), st.sampled_from([None, CRON, DAILY]))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_mapping_gives_a_trigger_or_errors_and_no_traceback(data, pattern, base):
    whole = {**(base or {}), **data, **({} if pattern is None else {"schedule": pattern})}
    trigger, problems = read_trigger(whole)
    assert (trigger is None) == any(problem.severity == "error" for problem in problems)
    for problem in problems:
        assert len(problem.message) < 500
        assert str(problem)
