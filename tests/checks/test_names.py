"""MLS507 to MLS511: names, and texts against times."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rule_findings import NOW, find, find_in_files

from pytest_mlschedule import CronTrigger, JobSchedule, PipelineJob, RecurrencePattern, RecurrenceTrigger, load_schedule
from pytest_mlschedule.checks.names import RULES
from pytest_mlschedule.checks.rhythm import Rhythm

UNKNOWN_JOB, DISABLED, SAME_NAME, DESCRIPTION = RULES
START = "2026-01-05T00:00:00"  # a Monday
PACIFIC = {"time_zone": "Pacific Standard Time"}


def cron(expression: str, **more: str) -> CronTrigger:
    return CronTrigger(expression, **{"start_time": START, **more})


def every(interval: int, frequency: str, **more: Any) -> RecurrenceTrigger:
    return RecurrenceTrigger(frequency, interval, **{"start_time": START, **more})


def schedule(name: str = "n", trigger: Any = None, **more: Any) -> JobSchedule:
    return JobSchedule(name=name, trigger=trigger or cron("30 2 * * *"), **{"create_job": PipelineJob(), **more})


@pytest.mark.parametrize("job", ["train", PipelineJob(id="/subscriptions/s/jobs/train")])
def test_jb_8_a_job_of_the_workspace_that_is_not_known(job: Any) -> None:
    one = schedule(create_job=job)
    (found,) = find([UNKNOWN_JOB], one)
    assert found.field == ("create_job",)
    assert (
        found.message
        == "the job 'train' of the workspace is not known here: its inputs, outputs and compute are not checked"
    )
    assert find([UNKNOWN_JOB], one, jobs={"train": PipelineJob()}) == []
    assert find([UNKNOWN_JOB], schedule()) == []


def test_ws_4_disabled_schedules() -> None:
    (found,) = find([DISABLED], schedule(is_enabled=False), schedule("other"))
    assert (found.field, found.message) == (("is_enabled",), "n is disabled: no runs")


def test_jb_11_one_name_in_two_files(tmp_path: Path) -> None:
    text = f'name: nightly\ntrigger: {{type: cron, expression: "30 2 * * *", start_time: "{START}"}}\ncreate_job: azureml:j\n'
    files = {"b.yml": text, "a.yml": f"# one\n{text}", "c.yml": text, "d.yml": text.replace("nightly", "Nightly")}
    assert find_in_files([SAME_NAME], tmp_path, files, "b.yml", "a.yml", "c.yml", "d.yml") == [
        f"{place}: MLS509 name: two schedules are called 'nightly'; the other one is at b.yml:1:7\n"
        "  hint: in a workspace the second would replace the first: rename one"
        for place in ("a.yml:2:7", "c.yml:1:7")
    ]


def test_jb_11_one_name_twice_in_one_export(tmp_path: Path) -> None:
    one = '{"name": "nightly", "provisioning_state": "Succeeded", "trigger": {"type": "cron", "expression": "0 1 * * *"}, "create_job": "azureml:j"}'
    (found,) = find_in_files([SAME_NAME], tmp_path, {"all.json": f"[{one},\n {one}]"}, "all.json")
    assert found.startswith(
        "all.json:2:11: MLS509 name: two schedules are called 'nightly'; the other one is at all.json:1:11\n"
    )


def test_jb_11_one_name_without_files() -> None:
    (found,) = find([SAME_NAME], schedule("a"), schedule("a"), schedule("b"))
    assert (found.message, found.location) == ("two schedules are called 'a'", None)


HOURLY, DAILY, WEEKDAYS, MONTHLY_CRON = (
    cron("0 * * * *"),
    cron("0 9 * * *", **PACIFIC),
    cron("0 9 * * 1-5", **PACIFIC),
    cron("0 9 1 * *"),
)
WEEKLY, MONTHLY = (
    cron("0 9 * * 1", **PACIFIC),
    every(1, "month", schedule=RecurrencePattern(hours=9, minutes=0, month_days=[1])),
)
HALF_HOURS = every(1, "day", schedule=RecurrencePattern(hours=[4, 5, 10, 11, 12], minutes=[0, 30]))
FORTNIGHT, QUARTER, YEAR = every(2, "week"), every(3, "month"), every(12, "month")
OFFICE = cron("0 9-17 * * 1-5", **PACIFIC)
TEXTS: tuple[tuple[str, Any, str | None], ...] = (
    # how often
    ("a simple hourly recurrence job schedule", HALF_HOURS, "hourly"),
    ("a simple hourly cron job schedule", HOURLY, None),
    ("Hourly scoring", DAILY, "Hourly"),
    ("hourly in office hours", OFFICE, None),
    ("Every hour", every(2, "hour"), "Every hour"),
    ("monthly retraining", MONTHLY_CRON, "monthly"),
    ("sends the monthly report", MONTHLY_CRON, None),
    ("Retrain on the first of the month", MONTHLY_CRON, "first of the month"),
    ("Retrain on the first of the month", MONTHLY, None),
    ("monthly", MONTHLY, None),
    ("monthly", every(1, "month", start_time="2026-01-31T00:00:00"), None),
    ("monthly", WEEKLY, "monthly"),
    ("monthly", YEAR, "monthly"),
    ("weekly", WEEKLY, None),
    ("weekly", cron("0 9 * * 1,4"), None),
    ("weekly", DAILY, "weekly"),
    ("weekly", FORTNIGHT, "weekly"),
    ("weekly", MONTHLY, "weekly"),
    ("bi-weekly", DAILY, None),
    ("biweekly", DAILY, None),
    ("every two weeks", FORTNIGHT, None),
    ("every other week", WEEKLY, "every other week"),
    ("fortnightly", FORTNIGHT, None),
    ("fortnightly", WEEKLY, "fortnightly"),
    ("every 3 months", QUARTER, None),
    ("every 3 months", MONTHLY, "every 3 months"),
    ("every 1 month", MONTHLY, None),
    ("every 1 week", DAILY, "every 1 week"),
    ("quarterly", QUARTER, None),
    ("quarterly", MONTHLY, "quarterly"),
    ("yearly", YEAR, None),
    ("once a year", QUARTER, "once a year"),
    ("daily", DAILY, None),
    ("daily", WEEKDAYS, None),
    ("daily", cron("0 8,12,16 * * *"), None),
    ("daily", HOURLY, "daily"),
    ("daily", every(2, "day"), "daily"),
    ("every day", WEEKLY, "every day"),
    ("every 24 hours", DAILY, None),
    ("every other day", every(2, "day"), None),
    ("every 2 days", DAILY, "every 2 days"),
    ("once a day", cron("0 8,12 * * *"), "once a day"),
    ("twice a day", cron("0 8,12 * * *"), None),
    ("twice daily", DAILY, "twice daily"),
    ("three times a day", cron("0 8,12,16 * * *"), None),
    ("Nightly", cron("0 2 * * *", **PACIFIC), None),
    ("Nightly", cron("0 14 * * *", **PACIFIC), "Nightly"),
    ("Nightly", cron("0 14 * * *"), None),  # night somewhere
    ("every night", HOURLY, "every night"),
    ("every morning", DAILY, None),
    ("every 15 minutes", cron("*/15 * * * *"), None),
    ("every 15 min", cron("*/10 * * * *"), "every 15 min"),
    ("every fifteen minutes", every(15, "minute"), None),
    ("every 7 minutes", cron("*/7 * * * *"), None),
    ("every minute", cron("* * * * *"), None),
    ("every minute", cron("*/5 * * * *"), "every minute"),
    ("every half hour", cron("*/30 * * * *"), None),
    ("every half-hour", HOURLY, "every half-hour"),
    ("every 6 hours", cron("0 */6 * * *"), None),
    ("every 6 hrs", cron("6 * * * *"), "every 6 hrs"),
    # other things are said besides
    ("Daily scoring of hourly data", DAILY, None),
    ("Scores hourly sales data", DAILY, None),
    ("Loads the weekly figures", DAILY, None),
    ("hourly while there is demand, weekly otherwise", WEEKLY, None),
    ("not hourly, that was too expensive", DAILY, None),
    ("Runs instead of the hourly job", DAILY, None),
    ("was hourly", DAILY, None),
    ("from hourly batches", DAILY, None),
    ("for the weekly meeting", DAILY, None),
    ("no longer runs hourly", DAILY, None),
    ("semi-hourly", DAILY, None),
    ("", DAILY, None),
    # on which days
    ("every Monday", WEEKLY, None),
    ("every Monday", DAILY, "every Monday"),
    ("every Tuesday at 9 am", WEEKLY, "every Tuesday"),
    ("Mondays and Thursdays", cron("0 9 * * 1,4"), None),
    ("every Monday, Wednesday and Friday", cron("0 9 * * 1,3", **PACIFIC), "every Monday, Wednesday and Friday"),
    ("runs on Sunday", WEEKLY, "runs on Sunday"),
    ("on Sunday", WEEKLY, None),
    ("uses Sunday's data", WEEKLY, None),
    ("weekdays", WEEKDAYS, None),
    ("every weekday", DAILY, "every weekday"),
    ("every business day", DAILY, "every business day"),
    ("on working days", cron("0 9 * * 0-4", **PACIFIC), None),
    ("Mon-Fri", WEEKDAYS, None),
    ("Mon\u2013Fri", DAILY, "Mon\u2013Fri"),
    ("Monday to Saturday", WEEKDAYS, "Monday to Saturday"),
    ("Sat-Mon", cron("0 9 * * 6,0,1"), None),
    ("weekends", cron("0 9 * * 0,6", **PACIFIC), None),
    ("every weekend", cron("0 9 * * 6", **PACIFIC), None),
    ("on weekends", WEEKDAYS, "on weekends"),
    ("weekdays, and on Saturdays", cron("0 9 * * 1-6", **PACIFIC), None),
    ("every weekday except Friday", cron("0 9 * * 1-4", **PACIFIC), None),
    ("not on weekends", WEEKDAYS, None),
    ("every Monday", cron("30 1 * * 2", **PACIFIC), None),  # Monday night
    ("every Monday", cron("0 3 * * 2"), None),  # Monday evening in America
    ("every Monday", cron("0 3 * * 4"), "every Monday"),
    ("every Monday", RecurrenceTrigger("week", 1), None),  # counts from creation
    ("weekdays in office hours", cron("*/5 9-17 * * 1-5", **PACIFIC), None),
    ("weekdays in office hours", cron("*/5 9-17 * * *", **PACIFIC), "weekdays"),
    # at what time
    ("daily at 9 am", DAILY, None),
    ("daily at 9am", cron("45 9 * * *", **PACIFIC), None),
    ("daily at 9:30", DAILY, "9:30"),
    ("runs daily at 9:00 p.m.", cron("0 21 * * *", **PACIFIC), None),
    ("runs at 9 pm", DAILY, "9 pm"),
    ("runs at 9:00", cron("0 21 * * *", **PACIFIC), None),  # of the evening
    ("every day at noon", cron("0 12 * * *", **PACIFIC), None),
    ("every day at midnight", DAILY, "midnight"),
    ("daily at 12 am", cron("0 0 * * *", **PACIFIC), None),
    ("daily at 17:00 UTC", DAILY, None),
    ("daily at 9:00 UTC", DAILY, "9:00 UTC"),
    ("daily at 9 (UTC)", cron("0 9 * * *"), None),
    ("daily at 9 (UTC)", cron("0 10 * * *"), "9 (UTC"),
    ("daily at 9:00 GMT", cron("0 9 * * *"), None),
    ("daily at 9:00 CET", DAILY, None),
    ("daily at 10:00 EST", DAILY, None),
    ("daily at 10:00 local time", DAILY, None),
    ("daily at 10 am Eastern", DAILY, None),
    ("daily at 2 am", cron("0 10 * * *"), None),  # of another clock than UTC
    ("daily at 9", DAILY, None),
    ("daily at 9", cron("0 12 * * *", **PACIFIC), None),
    ("daily at 99:99", DAILY, None),
    ("daily at 13 pm", DAILY, None),
    ("data arrives at 7 am", DAILY, None),
    ("not daily at 7 am", DAILY, None),
    ("every hour, each day at 9:30 first", OFFICE, "9:30"),
    ("runs at 9 am", RecurrenceTrigger("day", 1), None),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "trigger", "said"), TEXTS, ids=[f"{index}-{text}" for index, (text, *_) in enumerate(TEXTS)]
)
@pytest.mark.parametrize("key", ["description", "display_name"])
def test_texts_against_triggers(key: str, text: str, trigger: Any, said: str | None) -> None:
    found = find([DESCRIPTION], schedule(trigger=trigger, **{key: text}))
    assert [item.message.split('"')[1] for item in found] == ([said] if said else [])
    assert [(item.field, item.offset) for item in found] == ([((key,), text.index(said))] if said else [])


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        (HALF_HOURS, "every 30 minutes, 10 times a day"),
        (HOURLY, "every hour, 24 times a day"),
        (every(5, "hour"), "every 5 hours, 5 times a day"),
        (OFFICE, "every hour, 9 times a day on Mon, Tue, Wed, Thu and Fri"),
        (DAILY, "once a day at 09:00 (Pacific)"),
        (cron("0 8,12 * * *"), "twice a day at 08:00 and 12:00 (UTC)"),
        (cron("0 8,12,16 * * *"), "3 times a day at 08:00, 12:00 and 16:00 (UTC)"),
        (WEEKLY, "every week on Mon at 09:00 (Pacific)"),
        (cron("0 9 * * 2,4"), "every week on Tue and Thu at 09:00 (UTC)"),
        (FORTNIGHT, "about every 14 days at 00:00 (UTC)"),
        (MONTHLY, "once a month at 09:00 (UTC)"),
        (every(1, "month", start_time="2026-01-31T00:00:30"), "about every 61 days at 00:00:30 (UTC)"),
        (every(2, "day"), "about every 2 days at 00:00 (UTC)"),
    ],
)
def test_rhythms_in_words(trigger: Any, words: str) -> None:
    rhythm = Rhythm(trigger.timetable(created_at=NOW), int(NOW.timestamp()))
    assert rhythm.describe(trigger.time_zone) == words


def test_the_message_says_both(tmp_path: Path) -> None:
    text = f'name: n\ndescription: "Scores hourly, for all"\ntrigger: {{type: cron, expression: "0 9 * * *", start_time: "{START}"}}\n'
    assert find_in_files([DESCRIPTION], tmp_path, {"n.yml": text + "create_job: azureml:j"}, "n.yml") == [
        'n.yml:2:22: MLS511 description: it says "hourly", and the trigger runs once a day at 09:00 (UTC)\n'
        "  hint: correct the description, or the trigger where the description is what is meant"
    ]


def test_both_texts_are_read() -> None:
    found = find([DESCRIPTION], schedule(trigger=DAILY, display_name="Hourly", description="weekly"))
    assert [item.field for item in found] == [("display_name",), ("description",)]


def test_few_times_are_no_rhythm() -> None:
    assert (
        find([DESCRIPTION], schedule(trigger=cron("0 9 * * *", end_time="2026-03-02T23:00:00"), description="hourly"))
        == []
    )
    assert (
        find([DESCRIPTION], schedule(trigger=cron("0 9 * * *", end_time="2026-02-01T00:00:00"), description="hourly"))
        == []
    )


def test_the_official_sample() -> None:
    """fixtures/seed: the description of the first is wrong, that of the second right."""
    seed = Path(__file__).parents[2] / "fixtures" / "seed"
    found = find(
        [DESCRIPTION],
        *(load_schedule(seed / name) for name in ("recurrence.yml", "cron.yml", "cron-with-settings.yml")),
    )
    assert [
        (Path(item.location.path).name, item.location.line, item.location.column) for item in found if item.location
    ] == [("recurrence.yml", 4, 23)]


def test_very_long_texts_are_read_in_part() -> None:
    text = "x " * 2_000 + "hourly"
    assert find([DESCRIPTION], schedule(trigger=DAILY, description=text)) == []
    hostile = "every Monday, " * 5_000 + "every at at at"
    loaded = load_schedule(
        io.StringIO(
            f"name: n\ndescription: {hostile}\ntrigger: {{type: cron, expression: '0 9 * * *'}}\ncreate_job: azureml:j"
        )
    )
    assert len(find([DESCRIPTION], loaded)) == 1
