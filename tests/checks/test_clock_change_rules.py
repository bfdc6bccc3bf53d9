"""MLS311 to MLS313: gaps and folds with their dates, held against zoneinfo."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from pytest_mlschedule import ServiceProfile, check_schedules, load_schedule
from pytest_mlschedule.checks.clock_changes import RULES
from pytest_mlschedule.checks.rule import Situation
from pytest_mlschedule.triggers.window import Window
from pytest_mlschedule.triggers.zone_names import SDK_ZONES
from pytest_mlschedule.triggers.zones import zone

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
PACIFIC = {"time_zone": "Pacific Standard Time", "start_time": "2026-01-01T00:00:00"}
CODES = {"MLS311", "MLS312", "MLS313"}


def cron(expression: str, **more: object) -> dict[str, object]:
    return {"type": "cron", "expression": expression, **PACIFIC, **more}


def day(**more: object) -> dict[str, object]:
    return {"type": "recurrence", "frequency": "day", "interval": 1, **PACIFIC, **more}


def findings(trigger: dict[str, object], *, now: datetime = NOW, **policies: str):
    schedule = load_schedule({"name": "n", "trigger": trigger, "create_job": "azureml:j"})
    situation = Situation(
        schedules=(schedule,), now=now, window=Window(now, now + timedelta(1)), profile=ServiceProfile(**policies)
    )
    return [item for rule in RULES for item in rule.check(schedule, situation)]


def messages(trigger: dict[str, object], **policies: str) -> dict[str, str]:
    return {item.code: item.message for item in findings(trigger, **policies)}


GAPS = ("Sun 2026-03-08", "Sun 2027-03-14")
FOLDS = ("Sun 2026-11-01", "Sun 2027-11-07")


def on(dates: tuple[str, ...], *texts: str) -> str:
    return "; ".join(f"{date}: {text}" for date, text in zip(dates, texts, strict=True))


@pytest.mark.parametrize(
    ("trigger", "field"),
    [
        (cron("30 2 * * *"), ("expression",)),
        (day(schedule={"hours": [2], "minutes": [30]}), ("schedule", "hours")),
        (day(start_time="2026-01-01T02:30:00"), ("start_time",)),
        (day(start_time="2026-01-01T02:30:00", schedule={"hours": [], "minutes": [30]}), ("start_time",)),
    ],
)
def test_dst_5_times_in_a_gap_are_named_with_what_happens_instead(trigger, field):
    (found,) = findings(trigger)
    assert (found.code, str(found.severity), found.field) == ("MLS311", "warning", ("trigger", *field))
    assert found.message == on(
        GAPS,
        "02:30 does not exist, it moves to 03:30 Pacific (2026-03-08T10:30:00Z)",
        "02:30 does not exist, it moves to 03:30 Pacific (2027-03-14T10:30:00Z)",
    )
    assert found.hint == "choose a time of day outside 02:00 to 03:00, or time_zone UTC, whose clock does not change"


def test_dst_5_times_in_a_fold_are_named_with_what_happens_instead():
    (found,) = findings(cron("30 1 * * *"))
    assert (found.code, str(found.severity)) == ("MLS312", "warning")
    assert found.message == on(
        FOLDS,
        "01:30 comes twice, it runs once, the first time (2026-11-01T08:30:00Z)",
        "01:30 comes twice, it runs once, the first time (2027-11-07T08:30:00Z)",
    )
    assert found.hint == "choose a time of day outside 01:00 to 02:00, or time_zone UTC, whose clock does not change"


def test_dst_5_dense_patterns_get_a_note_instead():
    (found,) = findings(cron("*/5 * * * *"))
    assert (found.code, str(found.severity)) == ("MLS313", "note")
    text = "12 times from 01:00 on come twice, they run the first time only: the repeated hour is silent"
    assert found.message == on(FOLDS, text, text)


@pytest.mark.parametrize(
    "trigger",
    [cron("0 * * * *"), day(schedule={"hours": list(range(24)), "minutes": 0})],
    ids=["cron", "pattern"],
)
def test_dst_5_every_hour_is_dense(trigger):
    (found,) = findings(trigger)
    assert found.code == "MLS313"
    assert found.message == (
        on(
            FOLDS,
            "01:00 comes twice, it runs once, the first time (2026-11-01T08:00:00Z)",
            "01:00 comes twice, it runs once, the first time (2027-11-07T08:00:00Z)",
        )
        + ": the repeated hour is silent"
    )
    assert "the first hour is silent" in messages(trigger, fold="second")["MLS313"]
    assert messages(trigger, gap="skip").keys() == {"MLS313"}
    assert messages(trigger, fold="both") == {}


@pytest.mark.parametrize(
    ("trigger", "codes"),
    [
        (cron("0 3 * * *"), set()),
        (cron("30 2 * * 1-6"), set()),
        (cron("30 1,2 * * *"), {"MLS311", "MLS312"}),
        (cron("30 2,3 * * *"), {"MLS311"}),
        (cron("0,30 2 * * *"), {"MLS311"}),
        (cron("0,30 1 * * *"), {"MLS313"}),
        (cron("0,30 1,2 * * *"), {"MLS311", "MLS313"}),
        (cron("0,30 1-3 * * *"), {"MLS313"}),
        (cron("30 2 * * *", time_zone="UTC"), set()),
        (cron("30 2 * * *", time_zone="Tokyo Standard Time"), set()),
        (cron("30 2 * * *", end_time="2026-03-08T02:29:59"), set()),
        (cron("30 2 * * *", end_time="2026-03-08T04:00:00"), {"MLS311"}),
        (cron("30 2 * * *", end_time="2026-01-01T00:00:00"), set()),
        (cron("30 2 * * *", end_time="9999-12-31T00:00:00"), {"MLS311"}),
        (cron("0 * * * *", time_zone="Lord Howe Standard Time"), {"MLS311"}),  # 02:00 to 02:30, 01:30 to 02:00
        (cron("45 * * * *", time_zone="Lord Howe Standard Time"), {"MLS313"}),
        ({"type": "recurrence", "frequency": "hour", "interval": 1, **PACIFIC}, set()),
        ({"type": "recurrence", "frequency": "minute", "interval": 5, **PACIFIC}, set()),
        (day(schedule={"hours": 2, "minutes": []}, start_time="2026-01-01T00:59:00"), {"MLS311"}),
    ],
)  # fmt: skip
def test_dst_5_who_is_told_what(trigger, codes):
    assert messages(trigger).keys() == codes


def test_dst_5_without_a_start_a_time_of_day_that_is_written_counts():
    trigger = {"type": "recurrence", "frequency": "day", "interval": 1, "time_zone": "Pacific Standard Time"}
    at_two = datetime(2026, 1, 5, 10, 30, tzinfo=UTC)
    assert findings(trigger, now=at_two) == []
    assert findings({**trigger, "schedule": {"hours": [], "minutes": 30}}, now=at_two) == []
    assert len(findings({**trigger, "schedule": {"hours": 2, "minutes": 30}}, now=NOW)) == 1


@pytest.mark.parametrize(
    ("expression", "policies", "texts"),
    [
        ("30 2 * * *", {"gap": "skip"}, {"MLS311": on(GAPS, *["02:30 does not exist, it is skipped"] * 2)}),
        ("*/20 2 * * *", {"gap": "skip"}, {"MLS311": on(GAPS, *["02:00, 02:20 and 02:40 do not exist, they are skipped"] * 2)}),
        ("30 1 * * *", {"fold": "both"}, {"MLS312": on(FOLDS, *["01:30 comes twice, it runs both times"] * 2)}),
        ("0,30 1 * * *", {"fold": "both"}, {}),
        (
            "30 1 * * *",
            {"fold": "second"},
            {"MLS312": on(FOLDS, "01:30 comes twice, it runs once, the second time (2026-11-01T09:30:00Z)", "01:30 comes twice, it runs once, the second time (2027-11-07T09:30:00Z)")},
        ),
        ("*/30 1 * * *", {"fold": "second"}, {"MLS313": on(FOLDS, *["01:00 and 01:30 come twice, they run the second time only: the first hour is silent"] * 2)}),
    ],
)  # fmt: skip
def test_dst_5_knobs_say_what_they_do(expression, policies, texts):
    assert messages(cron(expression), **policies) == texts


def test_dst_5_two_years_after_the_later_of_now_and_the_start():
    assert re.findall(
        r"\d{4}-\d\d-\d\d:", messages(cron("30 2 * * *", start_time="2030-06-01T00:00:00"))["MLS311"]
    ) == [
        "2031-03-09:",
        "2032-03-14:",
    ]
    assert messages(cron("30 2 * * *", start_time="2000-01-01T00:00:00"))["MLS311"].startswith("Sun 2026-03-08: ")


def test_dst_5_four_dates_at_most(monkeypatch):
    monkeypatch.setattr("pytest_mlschedule.checks.clock_changes._LOOKED_AHEAD", 10 * 365 * 86_400)
    message = messages(cron("30 2 * * *"))["MLS311"]
    assert message.count("does not exist") == 4
    assert message.endswith("; and 6 more in two years")


def test_dst_5_findings_stand_at_the_value():
    text = (
        "name: n\ntrigger:\n  type: recurrence\n  frequency: day\n  interval: 1\n  time_zone: Pacific Standard Time\n"
        '  start_time: "2026-01-01T00:00:00"\n  schedule:\n    hours: [2]\n    minutes: [30]\ncreate_job: azureml:j\n'
    )
    (found,) = [item for item in check_schedules(load_schedule(io.StringIO(text)), now=NOW) if item.code in CODES]
    assert (found.location.line, found.location.column) == (9, 12)


CHANGING = [
    name for name, key in sorted(SDK_ZONES.items()) if zone(key).transitions(*Window(NOW, NOW + timedelta(365)).epochs)
]


def wall_kind(wall: datetime, here: ZoneInfo) -> str:
    """Whether zoneinfo shows a wall time never, once or twice."""
    shown = {(wall.replace(tzinfo=here, fold=fold).astimezone(UTC)) for fold in (0, 1)}
    real = [instant for instant in shown if instant.astimezone(here).replace(tzinfo=None) == wall]
    return ("gap", "once", "fold")[len(real)]


@pytest.mark.parametrize("number", range(60))
def test_dst_5_the_dates_are_those_of_zoneinfo(number):
    """Once a day at a random time, most at night, in zones whose clocks change, for two years from a random day on."""
    random = Random(f"changes {number}")
    name = random.choice(CHANGING)
    here = zone(SDK_ZONES[name]).tzinfo  # zoneinfo, with the data of the tzdata package
    hour, minute = random.choice([0, 1, 1, 2, 2, 2, 3, random.randrange(24)]), random.choice([0, 15, 30, 59])
    start = datetime(2015 + random.randrange(20), random.randrange(1, 13), random.randrange(1, 29), 12)
    trigger = cron(f"{minute} {hour} * * *", time_zone=name, start_time=start.isoformat())
    first = start.replace(tzinfo=here).astimezone(UTC)
    expected: dict[str, list[str]] = {"gap": [], "once": [], "fold": []}
    for step in range(1, 731):
        wall = (start + timedelta(days=step)).replace(hour=hour, minute=minute)
        if wall.replace(tzinfo=here).astimezone(UTC) < first + timedelta(days=730):
            expected[wall_kind(wall, here)].append(f"{wall:%Y-%m-%d}")
    found = {item.code: item.message for item in findings(trigger, now=min(first, NOW))}
    for code, kind in (("MLS311", "gap"), ("MLS312", "fold")):
        assert re.findall(r"(\d{4}-\d\d-\d\d):", found.get(code, "")) == expected[kind][:4]
