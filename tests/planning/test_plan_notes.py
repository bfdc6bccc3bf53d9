"""Notes of plans: several at once, at their places in the file, and schedules that never run."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pytest_mlschedule import (
    CronTrigger,
    DefinitionError,
    JobSchedule,
    PipelineJob,
    Plan,
    RecurrencePattern,
    RecurrenceTrigger,
    ServiceProfile,
    load_schedule,
    load_schedules,
    plan_runs,
)

START = datetime(2026, 3, 1, tzinfo=UTC)
WEEK = timedelta(days=7)


def build(trigger: CronTrigger | RecurrenceTrigger) -> JobSchedule:
    return JobSchedule(name="a", trigger=trigger, create_job=PipelineJob())


def places(plan: Plan) -> list[str]:
    return [f"{item.code} {item.location}" for item in plan.notes]


def test_st_7_the_note_stands_beside_that_of_a_guessed_creation() -> None:
    trigger = RecurrenceTrigger("month", 2, RecurrencePattern(hours=9, minutes=0, week_days=["monday"]))
    plan = plan_runs(build(trigger), START, START + WEEK)
    assert [item.code for item in plan.notes] == ["MLS505", "MLS506"]
    told = plan_runs(build(trigger), START, START + WEEK, created_at=START)
    assert [item.code for item in told.notes] == ["MLS506"]
    # A profile that plans the run at creation needs no note of it.
    instant = ServiceProfile(first_run="instant")
    planned = plan_runs(build(trigger), START, START + WEEK, created_at=START, profile=instant)
    assert (planned.notes, planned[0].trigger_time) == ((), START)


YAML = """\
# a comment
name: late
create_job:
  job: azureml:train
  inputs: {rows: 1}
trigger:
  type: recurrence
  frequency: day
  interval: 2
"""


def test_notes_stand_at_the_keys_of_yaml(tmp_path: Path) -> None:
    path = tmp_path / "late.yml"
    path.write_text(YAML.replace("  job:", "  type: pipeline\n  job:"))
    schedule = load_schedule(path)
    plan = plan_runs(schedule, START, START + WEEK)
    assert places(plan) == [f"MLS505 {path}:7:1", f"MLS507 {path}:5:8"]
    again = plan_runs(schedule.replace(name="other"), START, START + WEEK)
    assert places(again) == places(plan)
    path.write_text("name: short\ncreate_job: azureml:train\ntrigger: {type: cron, expression: 0 3 * * *}\n")
    assert places(plan_runs(load_schedule(path), START, START + WEEK)) == [f"MLS506 {path}:3:1", f"MLS507 {path}:2:1"]
    with pytest.raises(DefinitionError) as caught:
        plan_runs([schedule.replace(name="short"), load_schedule(path)], START, START + WEEK)
    assert str(caught.value.diagnostics[0].location) == f"{path}:1:7"


def test_notes_stand_at_the_item_of_a_json_list(tmp_path: Path) -> None:
    def resource(name: str, *, enabled: bool) -> dict[str, object]:
        action = {"actionType": "CreateJob", "jobDefinition": {"jobType": "Pipeline", "sourceJobId": "train"}}
        trigger = {"triggerType": "Recurrence", "frequency": "Day", "interval": 2}
        return {"name": name, "properties": {"isEnabled": enabled, "trigger": trigger, "action": action}}

    path = tmp_path / "all.json"
    text = json.dumps([resource("one", enabled=True), resource("two", enabled=False)], indent=2)
    path.write_text(text)
    lines = text.splitlines()
    plan = plan_runs(load_schedules(path), START, START + WEEK)
    found = [(item.code, item.location) for item in plan.notes]
    shown = [(code, lines[place.line - 1][place.column - 1 :].partition(":")[0]) for code, place in found if place]
    assert shown == [("MLS505", '"trigger"'), ("MLS507", '"action"'), ("MLS508", "false,")]
    assert [place.line for _, place in found if place][2] > len(lines) // 2
    shuffled = {"value": [resource("one", enabled=False)]}
    path.write_text(
        json.dumps(shuffled, indent=2).replace('"isEnabled": false,', "").replace("Recurrence", "recurrence")
    )
    assert next(item.code for item in plan_runs(load_schedules(path), START, START + WEEK).notes) == "MLS505"


def test_a_schedule_without_a_place_has_none_and_a_source_alone_its_start() -> None:
    schedule = build(RecurrenceTrigger("day", 2))
    assert places(plan_runs(schedule, START, START + WEEK)) == ["MLS505 None"]
    assert places(plan_runs(schedule.replace(source="x.yml"), START, START + WEEK)) == ["MLS505 x.yml:1:1"]
    moved = load_schedule(io.StringIO(YAML.replace("  job:", "  type: pipeline\n  job:"))).replace(source="y.yml")
    assert places(plan_runs(moved, START, START + WEEK))[0] == "MLS505 y.yml:7:1"
    mapping = {"name": "m", "trigger": {"type": "cron", "expression": "0 3 * * *"}, "create_job": "azureml:t"}
    assert places(plan_runs(load_schedule(mapping), START, START + WEEK))[0] == "MLS506 <mapping>:1:1"


def month_days(*days: int, interval: int = 12, start: str | None = "2026-02-01T00:00:00") -> RecurrenceTrigger:
    pattern = RecurrencePattern(hours=1, minutes=0, month_days=days)
    return RecurrenceTrigger("month", interval, pattern, start_time=start)


# By the calendar: no February has a day 30; the months that an interval of 12 or 6 counts follow from the start.
NEVER = [
    (month_days(30), "no month that it counts, every 12 from its start on, has day 30"),
    (month_days(30, 31), "no month that it counts, every 12 from its start on, has day 30 or 31"),
    (month_days(29), None),
    (month_days(30, interval=6), None),
    (month_days(31, interval=7), None),
    (
        CronTrigger("0 3 * * *", "2026-01-01T04:00:00", "2026-01-01T05:00:00"),
        "none of its times lies between its start_time and its end_time",
    ),
    (CronTrigger("0 3 * * *", "2026-01-01T02:00:00", "2026-01-01T05:00:00"), None),
    (
        CronTrigger("0 3 * * *", end_time="2026-03-01T02:00:00"),
        "none of its times lies between its creation and its end_time",
    ),
    (CronTrigger("0 3 * * *", end_time="2026-02-01T00:00:00"), None),
    (CronTrigger("0 3 * * *", end_time="2026-03-01T05:00:00"), None),
    (CronTrigger("0 3 * * *", "2200-12-31T04:00:00"), "it has no time from its start to the end of 2200"),
    (
        RecurrenceTrigger("day", 2, RecurrencePattern(hours=3, minutes=0), start_time="2200-12-31T04:00:00"),
        "it has no time from its start to the end of 2200",
    ),
    (RecurrenceTrigger("day", 1, start_time="2200-12-31T04:00:00"), None),
]


@pytest.mark.parametrize(("trigger", "reason"), NEVER, ids=repr)
def test_rc_8_what_never_runs_says_why(trigger, reason: str | None) -> None:
    plan = plan_runs(build(trigger), START, START + WEEK)
    found = [item for item in plan.notes if item.code == "MLS510"]
    assert [item.message for item in found] == ([] if reason is None else [f"a never runs: {reason}"])
    assert [item.severity.value for item in found] == ["warning"] * len(found)


def test_a_schedule_that_has_ended_is_not_one_that_never_runs() -> None:
    trigger = CronTrigger("0 3 * * *", "2025-01-01T00:00:00", "2025-02-01T00:00:00")
    assert plan_runs(build(trigger), START, START + WEEK).notes == ()
