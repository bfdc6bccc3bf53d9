"""``audit_runs``: each occurrence and each job counted once, by trigger time."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from audit_histories import at, history_of, job_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule import JobSchedule, Plan, load_schedule, plan_runs
from pytest_mlschedule.history.history import History
from pytest_mlschedule.planning.audit import audit_runs
from pytest_mlschedule.planning.audit_result import KINDS, Audit, Lateness, ScheduleAudit, measure_lateness

START, END = at("2026-03-02T00:00"), at("2026-03-09T00:00")


def schedule(name: str, expression: str = "0 3 * * *", **more: Any) -> JobSchedule:
    trigger = {"type": "cron", "expression": expression, "start_time": "2026-01-01T00:00:00", **more}
    return load_schedule({"name": name, "trigger": trigger, "create_job": "azureml:job"})


def plan(*schedules: JobSchedule, start: datetime = START, end: datetime = END) -> Plan:
    return plan_runs(schedules or schedule("nightly"), start, end, created_at=at("2026-01-01T00:00"))


def triggered(name: str, time: str, /, **changes: Any) -> dict[str, Any]:
    """A job of a schedule by its trigger time, created at once."""
    instant = at(time)
    entity: dict[str, Any] = {
        "name": f"{name}-{time}",
        "display_name": f"{name}-{instant:%Y%m%dT%H%M%SZ}",
        "status": "Completed",
        "creation_context": {"created_at": instant.isoformat()},
        "properties": {"runSource": "Schedule"},
    }
    return {**entity, **changes}


def audit(
    entities: list[dict[str, Any]], planned: Plan | None = None, late_after: timedelta = timedelta(minutes=5)
) -> Audit:
    return audit_runs(
        plan() if planned is None else planned, History.from_data(entities).between(START, END), late_after=late_after
    )


def told(found: ScheduleAudit) -> list[tuple[str, str]]:
    return [(f"{entry.instant:%d %H:%M:%S}", entry.kind) for entry in found.entries]


def test_everything_as_it_should_be() -> None:
    found = audit_runs(plan(), history_of(plan()).between(START, END))
    assert found
    assert found.counts == {"on_time": 7, "late": 0, "missing": 0, "extra": 0, "manual": 0}
    assert found["nightly"].due == 7
    assert found["nightly"].lateness == Lateness(4, 4, 4)
    assert found["nightly"].is_quiet
    assert found.deviations == []


def test_a_day_of_each_kind() -> None:
    found = audit(
        [
            triggered("nightly", "2026-03-02T03:00"),
            triggered("nightly", "2026-03-03T03:00", creation_context={"created_at": "2026-03-03T03:05:00.9Z"}),
            triggered("nightly", "2026-03-04T03:00", creation_context={"created_at": "2026-03-04T03:05:01Z"}),
            # nothing on the 5th
            triggered("nightly", "2026-03-06T03:00"),
            triggered(
                "nightly", "2026-03-06T03:00", name="again", creation_context={"created_at": "2026-03-06T03:01:00Z"}
            ),
            triggered("nightly", "2026-03-07T03:00"),
            triggered("nightly", "2026-03-07T04:00"),
            triggered("nightly", "2026-03-07T04:30:17"),
            triggered("nightly", "2026-03-08T03:00", properties={"runSource": "MFE"}),
        ]
    )
    (nightly,) = found
    assert told(nightly) == [
        ("02 03:00:00", "on_time"),
        ("03 03:00:00", "on_time"),
        ("04 03:00:00", "late"),
        ("05 03:00:00", "missing"),
        ("06 03:00:00", "on_time"),
        ("06 03:00:00", "manual"),
        ("07 03:00:00", "on_time"),
        ("07 04:00:00", "extra"),
        ("07 04:30:17", "manual"),
        ("08 03:00:00", "missing"),
        ("08 03:00:00", "manual"),
    ]
    assert not found
    assert nightly.due == 7
    assert [(entry.kind, entry.late_by) for entry in found.deviations] == [
        ("late", 301),
        ("missing", None),
        ("extra", 0),
        ("missing", None),
    ]
    # 0, 300, 301, 0 and 0 seconds: the third of five is 0, the fifth 301
    assert nightly.lateness == Lateness(0, 301, 301)


def test_the_first_of_several_jobs_is_the_occurrence_wherever_it_stands_in_the_file() -> None:
    late = triggered(
        "nightly", "2026-03-02T03:00", name="late", creation_context={"created_at": "2026-03-02T09:00:00Z"}
    )
    prompt = triggered("nightly", "2026-03-02T03:00", name="prompt")
    for entities in ([late, prompt], [prompt, late]):
        entries = audit(entities)["nightly"].entries[:2]
        assert [(entry.kind, entry.job and entry.job.name) for entry in entries] == [
            ("on_time", "prompt"),
            ("manual", "late"),
        ]


def test_two_jobs_when_nothing_was_due_are_one_extra_and_one_by_hand() -> None:
    twice = [triggered("nightly", "2026-03-02T07:00", name=name) for name in "ab"]
    assert told(audit(twice)["nightly"])[1:3] == [("02 07:00:00", "extra"), ("02 07:00:00", "manual")]


@pytest.mark.parametrize(
    ("changes", "late_by", "kind"),
    [
        ({"creation_context": {}, "properties": {"StartTimeUtc": "2026-03-02 03:10:00"}}, 600, "late"),
        ({"creation_context": {}, "properties": {"StartTimeUtc": "2026-03-02 03:01:00"}}, 60, "on_time"),
        ({"creation_context": {}, "properties": {}}, None, "on_time"),
        ({"creation_context": {"created_at": "2026-03-02T02:59:00Z"}}, -60, "on_time"),
        (
            {
                "creation_context": {"created_at": "2026-03-02T03:00:30Z"},
                "properties": {"StartTimeUtc": "2026-03-02 08:00:00"},
            },
            30,
            "on_time",
        ),
    ],
)
def test_late_is_what_was_created_late(changes: dict[str, Any], late_by: int | None, kind: str) -> None:
    entry = audit([triggered("nightly", "2026-03-02T03:00", **changes)])["nightly"].entries[0]
    assert (entry.late_by, entry.kind) == (late_by, kind)


def test_the_tolerance_is_given() -> None:
    jobs = [triggered("nightly", "2026-03-02T03:00", creation_context={"created_at": "2026-03-02T03:00:01Z"})]
    assert audit(jobs, late_after=timedelta(0)).counts["late"] == 1
    assert audit(jobs, late_after=timedelta(seconds=1)).counts["late"] == 0


def test_only_what_the_history_covers_is_looked_at() -> None:
    planned = plan(schedule("nightly"), schedule("dense", "*/10 * * * *"))
    jobs = [job_of(run) for run in planned if at("2026-03-03T00:00") <= run.trigger_time < at("2026-03-05T12:00")]
    found = audit_runs(planned, History.from_data(jobs))
    # The last job is the one of 11:50, created 4 seconds later; its window ends with that second.
    assert found.window.start == at("2026-03-03T00:00")
    assert found.window.end == at("2026-03-05T11:50:05")
    assert found
    assert found.counts["on_time"] == 3 + 2 * 144 + 72


def test_what_was_due_at_the_very_end_may_still_come() -> None:
    planned = plan(
        schedule("one", "0 3 * * *"),
        schedule("two", "0 3 * * *"),
        schedule("three", "56 2 * * *"),
        schedule("four", "55 2 * * *"),
    )
    jobs = [triggered(name, "2026-03-02T03:00") for name in ("one",)]
    found = audit_runs(planned, History.from_data([triggered("four", "2026-03-02T02:00"), *jobs]))
    # The history ends at 03:00:01: 02:56 is less than five minutes before that, 02:55:00 is not.
    assert [(part.name, part.pending, part.counts["missing"]) for part in found] == [
        ("four", 0, 1),
        ("one", 0, 0),
        ("three", 1, 0),
        ("two", 1, 0),
    ]
    stated = audit_runs(planned, History.from_data(jobs).between(START, at("2026-03-02T03:00:01")))
    assert [(part.pending, part.counts["missing"]) for part in stated] == [(0, 1), (0, 0), (0, 1), (0, 1)]


def test_a_plan_may_be_shorter_than_the_history() -> None:
    found = audit_runs(plan(end=at("2026-03-04T00:00")), history_of(plan()).between(START, END))
    assert found.window.end == at("2026-03-04T00:00")
    assert found.counts["on_time"] == 2


@pytest.mark.parametrize(
    "history", [History(), history_of(plan()).between(at("2027-01-01T00:00"), at("2027-02-01T00:00"))]
)
def test_nothing_to_look_at(history: History) -> None:
    found = audit_runs(plan(), history)
    assert found
    assert found.window.duration == timedelta(0)
    assert found["nightly"].lateness is None
    assert found["nightly"].due == 0


def test_jobs_of_nobody_s_schedule() -> None:
    found = audit(
        [
            triggered("other", "2026-03-02T05:00"),
            triggered("other", "2026-03-03T05:00"),
            triggered("outside", "2026-04-03T05:00"),
            triggered("mine", "2026-03-02T05:00", properties={"runSource": "MFE"}),
            {"name": "notebook", "creation_context": {"created_at": "2026-03-02T05:00:00Z"}},
            {"name": "undated"},
        ]
    )
    assert found.unknown == {"other": 2}
    assert found.others == 2
    assert found.counts["missing"] == 7
    assert found["nightly"].never_ran


def test_jobs_without_a_trigger_time() -> None:
    renamed = {"azureml.genericTriggerName": "nightly", "runSource": "Schedule"}
    jobs = [
        triggered("nightly", "2026-03-02T03:00"),
        triggered("nightly", "2026-03-03T03:00", display_name="a better name", properties=renamed),
        triggered(
            "nightly",
            "2026-03-04T03:00",
            display_name="mine",
            properties={**renamed, "runSource": "MFE", "azureml.runLineageType": ""},
        ),
    ]
    (nightly,) = audit(jobs)
    assert nightly.unplaced == 1
    assert nightly.counts["missing"] == 6
    assert not nightly.is_quiet


def test_jobs_of_schedules_that_nothing_tells() -> None:
    entities = [
        triggered("nightly", "2026-03-02T03:00"),
        triggered("nightly", "2026-03-03T03:00", display_name="a better name"),
        triggered("nightly", "2026-03-04T03:00", display_name="nightly-20260304T030000Z-retry"),
        triggered("nightly", "2026-04-04T03:00", display_name="after the window"),
    ]
    found = audit(entities)
    assert (found.unplaced, found.others, found["nightly"].unplaced) == (2, 0, 0)
    entities[1]["name"] = "nightly-5f2b1c9e-0d3a-4e11-9b7c-1a2b3c4d5e6f"
    found = audit(entities)
    assert (found.unplaced, found.others, found["nightly"].unplaced) == (1, 0, 1)


def test_what_is_missing_before_the_first_job() -> None:
    (nightly,) = audit([triggered("nightly", "2026-03-05T03:00"), triggered("nightly", "2026-03-07T03:00")])
    assert (nightly.missing_first, nightly.counts["missing"], nightly.never_ran) == (3, 5, False)
    (nothing,) = audit([])
    assert (nothing.missing_first, nothing.never_ran) == (0, True)


def test_a_trigger_without_a_pattern_has_the_second_of_its_start() -> None:
    trigger = {
        "type": "recurrence",
        "frequency": "hour",
        "interval": 6,
        "start_time": "2026-03-01T00:00:20",
        "time_zone": "UTC",
    }
    made = load_schedule({"name": "six", "trigger": trigger, "create_job": "azureml:job"})
    jobs = [
        triggered("six", "2026-03-02T00:00:20"),
        triggered("six", "2026-03-02T01:00:20"),
        triggered("six", "2026-03-02T01:00"),
    ]
    assert told(audit(jobs, plan(made))["six"])[:3] == [
        ("02 00:00:20", "on_time"),
        ("02 01:00:00", "manual"),
        ("02 01:00:20", "extra"),
    ]


def test_a_plan_that_was_read_back() -> None:
    known = Plan.from_dict(plan().to_dict())
    assert told(audit([triggered("nightly", "2026-03-02T03:00:09")], known)["nightly"])[:2] == [
        ("02 03:00:00", "missing"),
        ("02 03:00:09", "manual"),
    ]
    empty = Plan.from_dict(plan(schedule("nightly", end_time="2026-02-01T00:00:00")).to_dict())
    assert told(audit([triggered("nightly", "2026-03-02T03:00:09")], empty)["nightly"]) == [("02 03:00:09", "extra")]


def test_a_disabled_schedule_should_not_have_run() -> None:
    found = audit([triggered("nightly", "2026-03-02T03:00")], plan(schedule("nightly").replace(is_enabled=False)))
    assert told(found["nightly"]) == [("02 03:00:00", "extra")]


def test_dst_2_the_night_of_the_gap() -> None:
    planned = plan(schedule("nightly", "30 2 * * *", time_zone="Pacific Standard Time"))
    assert audit([triggered("nightly", "2026-03-08T10:30")], planned)["nightly"].entries[-1].kind == "on_time"
    assert told(audit([triggered("nightly", "2026-03-08T09:30")], planned)["nightly"])[-2:] == [
        ("08 09:30:00", "extra"),
        ("08 10:30:00", "missing"),
    ]


def test_schedules_by_name() -> None:
    found = audit([], plan(schedule("a"), schedule("b")))
    assert [part.name for part in found] == ["a", "b"]
    assert found["b"].name == "b"
    with pytest.raises(KeyError, match="c"):
        found["c"]


def test_as_plain_data() -> None:
    late = triggered("nightly", "2026-03-03T03:00", creation_context={"created_at": "2026-03-03T04:00:00Z"})
    found = audit([late, triggered("nightly", "2026-03-02T03:00")], plan(end=at("2026-03-04T00:00"))).to_dict()
    job = {"name": "nightly-2026-03-03T03:00", "display_name": "nightly-20260303T030000Z", "status": "Completed"}
    (nightly,) = found.pop("schedules")
    assert found == {
        "window": {"start": "2026-03-02T00:00:00Z", "end": "2026-03-04T00:00:00Z"},
        "late_after": 300,
        "as_planned": False,
        "on_time": 1,
        "late": 1,
        "missing": 0,
        "extra": 0,
        "manual": 0,
        "unknown_schedules": {},
        "unplaced": 0,
        "other_jobs": 0,
    }
    assert nightly.pop("entries")[1] == {
        "trigger_time": "2026-03-03T03:00:00Z",
        "kind": "late",
        "late_by": 3600,
        "job": job,
    }
    assert nightly == {
        "name": "nightly",
        "due": 2,
        "on_time": 1,
        "late": 1,
        "missing": 0,
        "extra": 0,
        "manual": 0,
        "pending": 0,
        "unplaced": 0,
        "missing_before_first_job": 0,
        "lateness": {"p50": 0, "p95": 3600, "max": 3600},
    }
    (gone,) = audit([], plan(end=at("2026-03-03T00:00"))).to_dict()["schedules"]
    assert gone["lateness"] is None
    assert gone["entries"] == [
        {"trigger_time": "2026-03-02T03:00:00Z", "kind": "missing", "late_by": None, "job": None}
    ]


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([], None),
        ([7], (7, 7, 7)),
        ([1, 2], (1, 2, 2)),
        (range(1, 101), (50, 95, 100)),
        (range(1, 21), (10, 19, 20)),
        ([-5, 3], (0, 3, 3)),
    ],
)
def test_percentiles_are_the_nearest_rank(lengths: list[int], expected: tuple[int, int, int] | None) -> None:
    assert measure_lateness(iter(lengths)) == expected


MOVES = st.sampled_from(["kept", "late", "dropped", "twice", "an hour on", "17 seconds on", "by somebody"])


@settings(max_examples=60, deadline=None)
@given(st.lists(MOVES, min_size=28, max_size=28))
def test_every_occurrence_and_every_job_counts_once(moves: list[str]) -> None:
    planned = plan(schedule("six", "0 */6 * * *"))
    entities: list[dict[str, Any]] = []
    expected: Counter[str] = Counter()
    for index, (run, move) in enumerate(zip(planned, moves, strict=True)):
        time = run.trigger_time
        if move in ("an hour on", "17 seconds on"):
            time += timedelta(hours=1) if move == "an hour on" else timedelta(seconds=17)
        created = time + timedelta(seconds=4 if move != "late" else 301)
        entity = triggered(
            "six", f"{time:%Y-%m-%dT%H:%M:%S}", name=str(index), creation_context={"created_at": created.isoformat()}
        )
        if move == "by somebody":
            entity["properties"] = {"runSource": "MFE"}
        entities += [] if move == "dropped" else [entity]
        entities += [{**entity, "name": f"{index} again"}] if move == "twice" else []
        expected += Counter(
            {
                "kept": ["on_time"],
                "late": ["late"],
                "dropped": ["missing"],
                "twice": ["on_time", "manual"],
                "an hour on": ["missing", "extra"],
                "17 seconds on": ["missing", "manual"],
                "by somebody": ["missing", "manual"],
            }[move]
        )
    found = audit(entities, planned)
    assert found.counts == {kind: expected[kind] for kind in KINDS}
    named = [entry.job.name for entry in found["six"].entries if entry.job is not None]
    assert sorted(map(str, named)) == sorted(entity["name"] for entity in entities)
    assert bool(found) == (set(moves) <= {"kept", "twice"})
