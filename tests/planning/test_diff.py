"""What changes between two plans: every kind of change, proofs, the JSON document, and what holds for any two plans."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from diff_plans_of import DATE, MONTH, START, counts, cron, diff, fields, plan, recorded, schedule
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule import (
    CronTrigger,
    JobSchedule,
    Plan,
    RecurrencePattern,
    RecurrenceTrigger,
    ServiceProfile,
    diff_plans,
    load_schedule,
    plan_runs,
)
from pytest_mlschedule.planning.diff import BEHAVIOUR, CHANGES


def test_each_kind_of_change() -> None:
    old = plan(
        schedule("0 9 * * *", "kept"),
        schedule("0 9 * * 1-5", "respelt"),
        schedule("0 9 * * *", "moved"),
        schedule("0 9 * * *", "off"),
        schedule("0 9 * * *", "on").replace(is_enabled=False),
        schedule("0 9 * * *", "gone"),
    )
    new = plan(
        schedule("0 9 * * *", "kept"),
        schedule("0 9 * * MON-FRI", "respelt"),
        schedule("0 10 * * *", "moved"),
        schedule("0 9 * * *", "off").replace(is_enabled=False),
        schedule("0 9 * * *", "on"),
        schedule("0 9 * * 1", "fresh"),
    )
    found = diff_plans(old, new)
    assert {one.name: one.change for one in found.schedules} == {
        "fresh": "added",
        "gone": "removed",
        "kept": "unchanged",
        "moved": "changed",
        "off": "disabled",
        "on": "changed",
        "respelt": "cosmetic",
    }
    assert [one.name for one in found.schedules] == sorted(one.name for one in found.schedules)
    assert found
    by_name = {one.name: one for one in found.schedules}
    assert counts(by_name["off"]) == {"lost": 30}
    assert counts(by_name["on"]) == {"gained": 30}
    assert fields(by_name["on"]) == {"is_enabled": (False, True)}
    assert counts(by_name["fresh"]) == {"gained": 5}
    assert counts(by_name["gone"]) == {"lost": 30}
    assert by_name["fresh"].first[0].new == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert [change.old for change in by_name["fresh"].first] == [None] * 5
    assert len(by_name["gone"].first) == 5
    total = dict(found.total)
    assert total.pop("runs") == (30 + 21 + 30 + 30 + 0 + 30, 30 + 21 + 30 + 0 + 30 + 5)
    assert total == {
        "gained": 35, "lost": 60, "moved": 30, "moved_by_dst": 0, "added": 1, "removed": 1, "changed": 2, "cosmetic": 1,
        "unchanged": 1, "disabled": 1,
    }  # fmt: skip


def test_nothing_changes() -> None:
    some = plan(schedule("0 9 * * *"), schedule("*/5 * * * *", "b", inputs={"date": DATE}))
    found = diff_plans(some, some)
    assert not found
    assert [one.change for one in found.schedules] == ["unchanged", "unchanged"]
    assert [one.proof for one in found.schedules] == ["all time", "all time"]
    assert not diff_plans(plan(), plan())
    assert not diff_plans(recorded(some), recorded(some))


def test_windows_must_be_equal() -> None:
    one, other = plan(schedule("0 9 * * *")), plan(schedule("0 9 * * *"), length=timedelta(days=7))
    with pytest.raises(
        ValueError, match=r"2026-03-01T00:00:00\+00:00 to 2026-03-31.*, the new one of .* to 2026-03-08"
    ):
        diff_plans(one, other)


def test_only_cosmetic_changes_are_no_change_of_behaviour() -> None:
    assert not diff_plans(plan(schedule("0 9 * * 1-5")), plan(schedule("0 9 * * MON-FRI")))
    assert {*BEHAVIOUR} == {*CHANGES} - {"cosmetic", "unchanged"}


def week(start: str = "2026-01-01T00:00:00") -> RecurrenceTrigger:
    days = ["monday", "tuesday", "wednesday", "thursday", "friday"]
    return RecurrenceTrigger("week", 1, RecurrencePattern(9, 0, days), start)


def test_a_proof_for_all_time() -> None:
    found = diff(schedule("0 9 * * 1-5"), schedule(week()))
    assert (found.change, found.proof) == ("cosmetic", "all time")
    assert fields(found)["trigger.type"] == ("cron", "recurrence")
    assert fields(found)["trigger.expression"] == ("0 9 * * 1-5", None)
    assert fields(found)["trigger.schedule.hours"] == (None, [9])


def test_what_differs_after_the_window_is_a_change() -> None:
    found = diff(
        schedule(cron("0 9 * * *", end="2027-01-01T00:00:00")), schedule(cron("0 9 * * *", end="2028-01-01T00:00:00"))
    )
    assert (found.change, found.proof, counts(found)) == ("changed", None, {})
    assert found.outside == datetime(2027, 1, 1, 9, tzinfo=UTC)
    assert fields(found) == {"trigger.end_time": ("2027-01-01T00:00:00", "2028-01-01T00:00:00")}


def test_what_differs_before_the_window_is_a_change() -> None:
    created = datetime(2026, 1, 1, tzinfo=UTC)
    triggers = (CronTrigger("0 9 * * *", f"2026-0{month}-01T00:00:00") for month in (1, 2))
    found = diff(*(plan(schedule(trigger), created_at=created) for trigger in triggers))
    assert (found.change, found.outside) == ("changed", datetime(2026, 1, 1, 9, tzinfo=UTC))


def test_a_change_outside_is_not_told_where_the_window_has_one() -> None:
    found = diff(schedule("0 9 * * *"), schedule(cron("0 10 * * *", end="2027-01-01T00:00:00")))
    assert (found.change, found.outside) == ("changed", None)


def test_where_nobody_knows_the_rule_the_window_decides() -> None:
    slow = ServiceProfile(provisioning_delay=timedelta(hours=1))
    found = diff(plan(schedule("0 9 * * 1-5"), profile=slow), plan(schedule("0 9 * * MON-FRI"), profile=slow))
    assert (found.change, found.proof) == ("cosmetic", "window")
    saved = diff(recorded(plan(schedule("0 9 * * 1-5"))), plan(schedule("0 9 * * MON-FRI")))
    assert (saved.change, saved.proof) == ("unchanged", "window")  # a saved plan has no words to compare


def test_disabled_on_both_sides() -> None:
    """Nothing runs; what would run, once it is enabled, is compared all the same."""
    sides = [schedule(text).replace(is_enabled=False) for text in ("0 9 * * 1-5", "0 9 * * MON-FRI", "0 10 * * 1-5")]
    assert diff(sides[0], sides[0]).change == "unchanged"
    assert (diff(sides[0], sides[1]).change, diff(sides[0], sides[1]).proof) == ("cosmetic", "all time")
    changed = diff(sides[0], sides[2])
    assert (changed.change, counts(changed), changed.runs) == ("changed", {}, (0, 0))
    assert diff(*(recorded(plan(side)) for side in sides[:2])).change == "unchanged"


def test_saved_plans_know_who_is_disabled() -> None:
    on = schedule("0 9 * * *")
    off = on.replace(is_enabled=False)
    assert diff(recorded(plan(on)), recorded(plan(off))).change == "disabled"
    assert diff(recorded(plan(on)), plan(off)).change == "disabled"
    assert diff(plan(off), recorded(plan(on))).change == "changed"
    never = schedule(cron("0 9 * * *", end="2026-01-02T00:00:00"))
    found = diff(never, never.replace(is_enabled=False))  # not a run in either plan
    assert (found.change, found.runs) == ("disabled", (0, 0))
    assert diff(never.replace(is_enabled=False), never).change == "changed"


TEXT = """\
name: nightly
trigger: {type: cron, expression: '0 9 * * 1-5', start_time: '2026-01-01T00:00:00'}
create_job: {type: pipeline, job: azureml:base}
"""


def load(text: str, folder: Path) -> JobSchedule:
    return load_schedule(io.StringIO(text), base=folder)


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("", "", "unchanged"),
        ("name: nightly", "name: nightly  # every night", "cosmetic"),
        ("name: nightly", "name: 'nightly'", "cosmetic"),
        ("1-5", "MON-FRI", "cosmetic"),
        ("azureml:base", "azureml:other", "changed"),
        ("name: nightly", "name: nightly\ndescription: Scores.", "cosmetic"),
        ("name: nightly", "name: nightly\ntags: {team: ml}", "cosmetic"),
    ],
)
def test_texts(old: str, new: str, change: str, tmp_path: Path) -> None:
    found = diff(load(TEXT, tmp_path), load(TEXT.replace(old, new) if old else TEXT, tmp_path))
    assert found.change == change
    if change != "changed":
        assert found.proof == "all time"


def test_two_languages_are_not_compared_letter_by_letter(tmp_path: Path) -> None:
    """What is deployed, as JSON, against a file."""
    data = {"name": "nightly", "trigger": {"type": "cron", "expression": "0 9 * * 1-5", "start_time": "2026-01-01T00:00:00"},
            "create_job": {"type": "pipeline", "job": "azureml:base"}}  # fmt: skip
    deployed = load(json.dumps(data), tmp_path)
    assert diff(deployed, load(TEXT, tmp_path)).change == "unchanged"
    mapping = load_schedule(data, base=tmp_path)
    assert diff(mapping, load(TEXT, tmp_path)).change == "unchanged"


def test_months() -> None:
    found = diff(schedule("0 9 * * *"), schedule("0 9 * * 1"), length=timedelta(days=61))
    assert dict(found.months) == {"2026-03": (31, 5), "2026-04": (30, 4)}
    parts = diff(
        schedule("0 9 * * *"), schedule("0 9 * * *"), start=START + timedelta(days=20), length=timedelta(days=20)
    )
    assert dict(parts.months) == {"2026-03": (11, 11), "2026-04": (9, 9)}
    added = diff_plans(plan(), plan(schedule("0 9 * * 1"))).schedules[0]
    assert dict(added.months) == {"2026-03": (0, 5)}
    year = diff(schedule("0 9 * * *"), schedule("0 9 * * *"), length=timedelta(days=365))
    assert list(year.months)[9:] == ["2026-12", "2027-01", "2027-02"]


def test_the_json_document() -> None:
    found = diff_plans(
        plan(schedule("0 9 * * *", inputs={"date": DATE, "rows": 5})),
        plan(
            schedule("0 10 * * 1-5", inputs={"date": DATE, "rows": 6}, tags={"team": "ml"}),
            schedule("0 1 * * 0", "b"),
        ),
    )
    data = found.to_dict()
    assert json.loads(json.dumps(data)) == data
    assert data["window"] == {"start": "2026-03-01T00:00:00Z", "end": "2026-03-31T00:00:00Z"}
    one, other = data["schedules"]
    assert one == {
        "name": "a",
        "change": "changed",
        "runs": {"old": 30, "new": 21},
        "gained": 0,
        "lost": 9,
        "moved": 21,
        "moved_by_dst": 0,
        "fields": [
            {"name": "trigger.expression", "old": "0 9 * * *", "new": "0 10 * * 1-5"},
            {"name": "inputs.rows", "old": 5, "new": 6},
            {"name": "tags.team", "old": None, "new": "ml"},
        ],
        "months": {"2026-03": {"old": 30, "new": 21}},
        "first": [
            {"old": "2026-03-01T09:00:00Z", "new": None},
            *({"old": f"2026-03-0{day}T09:00:00Z", "new": f"2026-03-0{day}T10:00:00Z"} for day in (2, 3, 4, 5)),
        ],
        "first_by_dst": None,
        "moved_by": [{"seconds": 3600, "runs": 21, "dst": False}],
        "proof": None,
        "outside": None,
        "time_zone": {"old": "UTC", "new": "UTC"},
    }
    assert (other["change"], other["gained"], other["time_zone"]) == ("added", 5, {"old": None, "new": "UTC"})
    assert data["total"] == {
        "runs": {"old": 30, "new": 26}, "gained": 5, "lost": 9, "moved": 21, "moved_by_dst": 0,
        "added": 1, "removed": 0, "changed": 1, "cosmetic": 0, "unchanged": 0, "disabled": 0,
    }  # fmt: skip


def test_the_json_document_of_other_times() -> None:
    by_dst = diff(schedule("0 9 * * *"), schedule("0 9 * * *", time_zone="GMT Standard Time")).to_dict()
    assert by_dst["first_by_dst"] == {"old": "2026-03-29T09:00:00Z", "new": "2026-03-29T08:00:00Z"}
    assert by_dst["moved_by"] == [{"seconds": -3600, "runs": 2, "dst": True}]
    later = diff(schedule("0 9 * * *"), schedule(cron("0 9 * * *", end="2027-01-01T00:00:00"))).to_dict()
    assert later["outside"] == "2027-01-01T09:00:00Z"


triggers = st.sampled_from(
    [
        cron("0 9 * * *"),
        cron("0 9 * * MON-FRI"),
        cron("0 9 * * 1-5"),
        cron("0 10 * * 1-5"),
        cron("0 * * * *"),
        cron("*/7 1-5 * * *"),
        cron("0 9 * * *", "GMT Standard Time"),
        cron("30 2 * * *", "Pacific Standard Time"),
        cron("0 9 * * *", end="2026-03-10T00:00:00"),
        week(),
        RecurrenceTrigger("hour", 25, None, "2026-01-01T00:00:00"),
        RecurrenceTrigger("month", 1, None, "2026-01-31T09:00:00"),
    ]
)
jobs = st.sampled_from(
    [{}, {"inputs": {"x": 1}}, {"inputs": {"x": DATE}}, {"compute": "cpu"}, {"description": "words"}]
)
schedules = st.builds(
    lambda trigger, job, on: schedule(trigger, **job).replace(is_enabled=on), triggers, jobs, st.booleans()
)
estates = st.dictionaries(st.sampled_from("abc"), schedules).map(
    lambda found: [one.replace(name=name) for name, one in found.items()]
)


@given(estates, estates, st.sampled_from([lambda made: made, recorded]))
@settings(max_examples=150, deadline=None)
def test_what_holds_for_any_two_plans(
    before: list[JobSchedule], after: list[JobSchedule], come: Callable[[Plan], Plan]
) -> None:
    old, new = come(plan(*before)), come(plan(*after))
    found, back = diff_plans(old, new), diff_plans(new, old)
    opposite = {"added": "removed", "removed": "added", "disabled": "changed"}
    for one, other in zip(found.schedules, back.schedules, strict=True):
        assert one.name == other.name
        assert one.gained - one.lost == one.runs.new - one.runs.old
        assert (one.gained, one.lost, one.moved, one.moved_by_dst) == (
            other.lost,
            other.gained,
            other.moved,
            other.moved_by_dst,
        )
        assert opposite.get(one.change, other.change) == other.change
        assert {(item.name, repr(item.old), repr(item.new)) for item in one.fields} == {
            (item.name, repr(item.new), repr(item.old)) for item in other.fields
        }
        assert (one.proof, one.outside) == (other.proof, other.outside)
        assert [sum(counts) for counts in zip(*one.months.values(), strict=True)] == list(one.runs)
        assert len(one.first) <= 5
        if one.change in ("cosmetic", "unchanged"):
            assert list(old.for_schedule(one.name)) == list(new.for_schedule(one.name))
    assert found or old == new
    assert bool(found) == bool(back)
    assert not diff_plans(old, old)


def test_a_thousand_schedules(tmp_path: Path) -> None:
    """Only what changed is enumerated; a year of runs every five minutes costs nothing where it stays."""
    estate = [schedule(f"*/5 {index % 24} * * *", f"s{index:04}", inputs={"date": DATE}) for index in range(1000)]
    edited = [one.replace(trigger=cron("0 9 * * *")) if index == 500 else one for index, one in enumerate(estate)]
    found = diff_plans(plan(*estate, length=12 * MONTH), plan(*edited, length=12 * MONTH))
    assert [one.name for one in found.schedules if one.change != "unchanged"] == ["s0500"]
    assert found.total["runs"] == (1000 * 12 * 360, 1000 * 12 * 360 - 11 * 360)


def test_equal_windows_may_be_written_in_any_zone() -> None:
    there = timezone(timedelta(hours=9))
    one, other = (plan_runs(schedule("0 9 * * *"), start, start + MONTH) for start in (START, START.astimezone(there)))
    assert not diff_plans(one, other)
