"""Explanations: facts, next runs, clock changes, remarks."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pytest_mlschedule import (
    CronTrigger,
    JobSchedule,
    PipelineJob,
    RecurrencePattern,
    RecurrenceTrigger,
    ServiceProfile,
    load_schedule,
)
from pytest_mlschedule.report.explain import Outlook, explain_schedule
from pytest_mlschedule.report.explanation_text import write_explanation
from pytest_mlschedule.report.value_words import describe_action, show_json, show_value, show_values
from pytest_mlschedule.triggers.clock_change_words import describe_surprise
from pytest_mlschedule.triggers.dst_surprises import DstSurprise

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PACIFIC = "Pacific Standard Time"
LORD_HOWE = "Lord Howe Standard Time"


def explain(trigger, *, profile: ServiceProfile | None = None, now: datetime = NOW, **fields):
    fields = {"create_job": PipelineJob(inputs={"rows": 5}), **fields}
    schedule = JobSchedule(name="nightly", trigger=trigger, **fields)
    return explain_schedule(schedule, Outlook(now=now, profile=profile or ServiceProfile()))


def daily(time: str, **fields) -> CronTrigger:
    hour, minute = time.split(":")
    return CronTrigger(
        f"{int(minute)} {int(hour)} * * *", **{"time_zone": PACIFIC, "start_time": "2026-01-01T00:00:00", **fields}
    )


def test_the_whole_text(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pipelines").mkdir()
    Path("pipelines/train.yml").write_text("type: pipeline\ninputs: {rows: 5, date: x}\njobs: {}\n")
    text = (
        'name: monthly\ntrigger: {type: cron, expression: "30 2 1 * *", time_zone: Pacific Standard Time,\n'
        '  start_time: "2026-01-01T00:00:00", end_time: "2026-12-31T00:00:00"}\n'
        'create_job: {type: pipeline, job: ./pipelines/train.yml, inputs: {date: "${{creation_context.trigger_time}}"}}\n'
    )
    schedule = load_schedule(io.StringIO(text), base=".").replace(source="schedules/monthly.yml")
    explanation = explain_schedule(schedule, Outlook(now=NOW, runs=2))
    assert "".join(write_explanation(explanation)) == (
        "monthly (schedules/monthly.yml)\n"
        "  runs every day at 02:30 Pacific (the 1 in DAYS is ignored by Azure ML: 365 runs a year, not 12)\n"
        "\n"
        "  starts     the pipeline job in pipelines/train.yml, with other inputs\n"
        "  time zone  Pacific Standard Time = America/Los_Angeles\n"
        "  from       2026-01-01 00:00 Pacific (2026-01-01T08:00:00Z)\n"
        "  until      2026-12-31 00:00 Pacific (2026-12-31T08:00:00Z), a run at that time included\n"
        "  runs       305 in the 365 days from 2026-03-01T00:00:00Z\n"
        "\n"
        "  next runs\n"
        "    Sun 2026-03-01 02:30 -08:00  2026-03-01T10:30:00Z  monthly-20260301T103000Z\n"
        "      rows = 5\n"
        "      date = 2026-03-01T10:30:00Z\n"
        "    Mon 2026-03-02 02:30 -08:00  2026-03-02T10:30:00Z  monthly-20260302T103000Z\n"
        "\n"
        "  when the clocks change\n"
        "    Sun 2026-03-08: 02:30 does not exist, it moves to 03:30 Pacific (2026-03-08T10:30:00Z)\n"
        "\n"
        "  remarks\n"
        "    <text>:2:41: MLS103 trigger.expression: the 1 in DAYS is ignored by Azure ML: '30 2 1 * *' runs every day: "
        "365 runs a year, not 12, 30 times more than it looks\n"
        '      hint: write "*" in DAYS and MONTHS, or use a recurrence trigger with frequency month and month_days\n'
    )


def test_a_schedule_that_will_not_run_again() -> None:
    explanation = explain(daily("03:00", end_time="2026-02-01T00:00:00"))
    assert explanation.next_runs == ()
    text = "".join(write_explanation(explanation))
    assert "\n  runs       0 in the 365 days from 2026-03-01T00:00:00Z\n\n  next runs\n    none\n" in text
    assert text.startswith("nightly\n  runs every day")
    assert "remarks" not in text


def test_a_disabled_schedule_says_so() -> None:
    facts = dict(explain(daily("03:00"), is_enabled=False).facts)
    assert facts["enabled"] == "no: it does not run until it is enabled"


def test_no_start_and_no_end() -> None:
    explanation = explain(CronTrigger("0 3 * * *"))
    facts = dict(explanation.facts)
    assert facts["from"] == "its creation on (no start_time)"
    assert facts["until"] == "it is disabled (no end_time)"
    assert facts["time zone"] == "UTC = Etc/UTC"
    assert [item.code for item in explanation.diagnostics] == ["MLS506"]


def test_limits_with_an_offset_are_shown_in_the_zone() -> None:
    trigger = CronTrigger("0 3 * * *", "2022-05-10T10:15:00-04:00", "2030-01-01T00:00:00Z", PACIFIC)
    facts = dict(explain(trigger, profile=ServiceProfile(end_time="exclusive")).facts)
    assert facts["from"] == "2022-05-10 07:15 Pacific (2022-05-10T14:15:00Z)"
    assert facts["until"] == "2029-12-31 16:00 Pacific (2030-01-01T00:00:00Z), no run at that time"


def test_an_end_after_the_supported_years() -> None:
    facts = dict(explain(daily("03:00", end_time="2999-01-01T00:00:00")).facts)
    assert facts["until"] == "2999-01-01T00:00:00, after the year 2200, a run at that time included"
    assert dict(explain(daily("03:00"), now=datetime(2200, 6, 1, tzinfo=UTC)).facts)["runs"].startswith(
        "214 in the 365 days"
    )


CHANGES = [
    (daily("02:30"), {}, "Sun 2026-03-08: 02:30 does not exist, it moves to 03:30 Pacific (2026-03-08T10:30:00Z)"),
    (daily("02:30"), {"gap": "skip"}, "Sun 2026-03-08: 02:30 does not exist, it is skipped"),
    (daily("01:30"), {}, "Sun 2026-11-01: 01:30 comes twice, it runs once, the first time (2026-11-01T08:30:00Z)"),
    (daily("01:30"), {"fold": "second"}, "Sun 2026-11-01: 01:30 comes twice, it runs once, the second time (2026-11-01T09:30:00Z)"),
    (daily("01:30"), {"fold": "both"}, "Sun 2026-11-01: 01:30 comes twice, it runs both times"),
    (CronTrigger("*/15 * * * *", time_zone=PACIFIC), {}, "Sun 2026-03-08: 02:00, 02:15, 02:30 and 02:45 do not exist, they move to 03:00, 03:15, 03:30 and 03:45 Pacific (from 2026-03-08T10:00:00Z on), where runs are due anyway: one run each"),
    (CronTrigger("*/15 * * * *", time_zone=PACIFIC), {"gap": "skip"}, "Sun 2026-03-08: 02:00, 02:15, 02:30 and 02:45 do not exist, they are skipped"),
    (CronTrigger("*/15 1 * * *", time_zone=PACIFIC), {}, "Sun 2026-11-01: 01:00, 01:15, 01:30 and 01:45 come twice, they run the first time only: the repeated hour is silent"),
    (CronTrigger("*/15 1 * * *", time_zone=PACIFIC), {"fold": "second"}, "Sun 2026-11-01: 01:00, 01:15, 01:30 and 01:45 come twice, they run the second time only: the first hour is silent"),
    (CronTrigger("*/15 1 * * *", time_zone=PACIFIC), {"fold": "both"}, "Sun 2026-11-01: 01:00, 01:15, 01:30 and 01:45 come twice, they run both times"),
    (CronTrigger("0,30 2 * * *", time_zone=PACIFIC), {}, "Sun 2026-03-08: 02:00 and 02:30 do not exist, they move to 03:00 and 03:30 Pacific (from 2026-03-08T10:00:00Z on)"),
    (CronTrigger("30 2,3 * * *", time_zone=PACIFIC), {}, "Sun 2026-03-08: 02:30 does not exist, it moves to 03:30 Pacific (2026-03-08T10:30:00Z), where a run is due anyway: one run"),
    (CronTrigger("*/5 * * * *", time_zone=PACIFIC), {}, "Sun 2026-03-08: 12 times from 02:00 on do not exist, they move to 03:00 Pacific (2026-03-08T10:00:00Z) and on, where runs are due anyway: one run each"),
    (CronTrigger("*/5 2 * * *", time_zone=PACIFIC), {}, "Sun 2026-03-08: 12 times from 02:00 on do not exist, they move to 03:00 Pacific (2026-03-08T10:00:00Z) and on"),
    (CronTrigger("*/15 1,2 * * *", time_zone=LORD_HOWE), {}, "Sun 2026-04-05: 01:30 and 01:45 come twice, they run the first time only: the repeated half hour is silent"),
    (CronTrigger("*/10 2 * * *", time_zone=LORD_HOWE), {}, "Sun 2026-10-04: 02:00, 02:10 and 02:20 do not exist, they move to 02:30, 02:40 and 02:50 Lord Howe (from 2026-10-03T15:30:00Z on), where runs are due anyway: one run each"),
    (CronTrigger("0,20,30 2 * * *", time_zone=LORD_HOWE), {}, "Sun 2026-10-04: 02:00 and 02:20 do not exist, they move to 02:30 and 02:50 Lord Howe (from 2026-10-03T15:30:00Z on), and run once where another run is due"),
    (daily("03:00"), {}, "none in two years: no run falls into a change of the clocks; the wall clock stays (DST-1)"),
    (CronTrigger("0 3 * * *"), {}, "none: the clocks of UTC do not change"),
    (RecurrenceTrigger("hour", 1, time_zone=PACIFIC), {}, "it counts elapsed time: after a change of the clocks its wall clock differs (DST-4)"),
]  # fmt: skip


@pytest.mark.parametrize(("trigger", "knobs", "text"), CHANGES, ids=[text for *_, text in CHANGES])
def test_dst_5_changes_of_the_clocks(trigger, knobs, text: str) -> None:
    assert explain(trigger, profile=ServiceProfile(**knobs)).clock_changes[0] == text


def test_dst_5_two_years_after_the_start_at_most_four() -> None:
    assert len(explain(CronTrigger("*/5 * * * *", time_zone=PACIFIC)).clock_changes) == 4
    later = explain(daily("02:30", start_time="2030-06-01T00:00:00")).clock_changes
    assert [change[:14] for change in later] == ["Sun 2031-03-09", "Sun 2032-03-14"]


ACTIONS = [
    ({"create_job": "azureml:train"}, "the job train of the workspace"),
    ({"create_job": PipelineJob()}, "a pipeline job"),
    ({"create_job": PipelineJob(id="azureml:train", overrides={"inputs": {}, "tags": {}, "job": "x"})}, "the job train of the workspace, with other inputs and tags"),
    ({"create_monitor": {"compute": {}}}, "a model monitor"),
    ({"import_data": {"type": "uri_folder"}}, "a data import"),
    ({"action": {"actionType": "InvokeBatchEndpoint"}}, "the action InvokeBatchEndpoint"),
    ({"action": {}}, "another action"),
    ({}, "another action"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "text"), ACTIONS, ids=[text for _, text in ACTIONS])
def test_what_a_schedule_starts(fields, text: str) -> None:
    assert describe_action(JobSchedule(name="a", trigger=CronTrigger("0 3 * * *"), **fields)) == text


def test_values_on_one_line() -> None:
    values = {"a": "x", "b": 5, "c": True, "d": "two words", "e": "", "f": {"path": "azureml:d:1"}, "g": "é"}
    assert show_values(values) == 'a=x b=5 c=true d="two words" e="" f={"path":"azureml:d:1"} g=é'
    assert show_values({}) == ""


@pytest.mark.parametrize("text", ["\x1b[31mred", "\u2028", "\x00", "\u202eabc", "a\nb", "\U000e0001"])
def test_values_cannot_command_a_terminal(text: str) -> None:
    shown = show_value(text)
    assert shown.isprintable()
    assert shown.startswith('"')
    assert show_json({"x": text}).isprintable()


def test_dst_5_a_change_of_another_length_is_named_in_minutes() -> None:
    """Troll station changes its clock by two hours."""
    walls = datetime(2026, 3, 29, 1), datetime(2026, 3, 29, 2)
    surprise = DstSurprise("fold", walls[0], NOW, NOW, 2, walls, 0, timedelta(hours=2))
    assert describe_surprise(surprise, CronTrigger("0 * * * *")) == (
        "Sun 2026-03-29: 01:00 and 02:00 come twice, they run the first time only: the repeated 120 minutes are silent"
    )


def test_what_never_runs_says_so_with_the_reason() -> None:
    pattern = RecurrencePattern(hours=1, minutes=0, month_days=[30])
    explanation = explain(RecurrenceTrigger("month", 12, pattern, start_time="2026-02-01T00:00:00"))
    reason = "no month that it counts, every 12 from its start on, has day 30"
    assert dict(explanation.facts)["runs"] == f"never: {reason}"
    assert [item.code for item in explanation.diagnostics] == ["MLS510"]
    assert "  next runs\n    none\n" in "".join(write_explanation(explanation))
