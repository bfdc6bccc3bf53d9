"""What changes between two plans, as text: the whole of it once, and each sentence."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from pytest_mlschedule import CronTrigger, JobSchedule, PipelineJob, Plan, PlanDiff, ScheduleDiff, diff_plans, plan_runs
from pytest_mlschedule.planning.diff import RunCounts
from pytest_mlschedule.report.diff_json import write_json
from pytest_mlschedule.report.diff_text import write_text
from pytest_mlschedule.report.diff_words import count_things, show_counts, show_field, show_length

START = datetime(2026, 3, 1, tzinfo=UTC)
PACIFIC = "Pacific Standard Time"


def build(name: str, expression: str, time_zone: str = "UTC", end: str | None = None, **job: object) -> JobSchedule:
    trigger = CronTrigger(expression, "2026-01-01T00:00:00", end, time_zone)
    return JobSchedule(name=name, trigger=trigger, create_job=PipelineJob(**job))


def plan(*schedules: JobSchedule, days: int = 61) -> Plan:
    return plan_runs(schedules, START, START + timedelta(days=days))


def text(old: JobSchedule, new: JobSchedule, days: int = 30) -> str:
    return "".join(write_text(diff_plans(plan(old, days=days), plan(new, days=days))))


DATE = "${{creation_context.trigger_time}}"
BEFORE = (
    build("nightly", "0 9 * * *", PACIFIC, inputs={"date": DATE, "rows": 5}, compute="cpu"),
    build("gone", "0 1 * * 1"),
    build("off", "0 1 * * 1"),
    build("london", "0 9 * * *"),
    build("kept", "0 1 * * *"),
    build("respelt", "0 1 * * 1-5"),
    build("ending", "0 9 * * *", end="2027-01-01T00:00:00"),
)
AFTER = (
    build("nightly", "0 10 * * 1-5", PACIFIC, inputs={"date": "${{name}}", "rows": 5, "x": {"type": "uri_file", "path": "a b"}}, compute="gpu"),
    build("fresh", "0 1 1 * 1"),
    build("off", "0 1 * * 1").replace(is_enabled=False),
    build("london", "0 9 * * *", "GMT Standard Time"),
    build("kept", "0 1 * * *"),
    build("respelt", "0 1 * * MON-FRI"),
    build("ending", "0 9 * * *", end="2028-01-01T00:00:00"),
)  # fmt: skip
WHOLE = """\
From 2026-03-01T00:00:00Z to 2026-05-01T00:00:00Z:
  + added   - removed   ~ changed   o disabled

~ ending: runs 61
    no run changes in this window; after it some do, first at 2027-01-01T09:00:00Z
    trigger.end_time  2027-01-01T00:00:00 → 2028-01-01T00:00:00

+ fresh: runs 0 → 9 (+9)
    when: runs every Monday at 01:00 UTC (the 1 in DAYS is ignored by Azure ML: 52 runs a year, not 1.7)
    month    old  new
    2026-03    0    5  +5
    2026-04    0    4  +4
    first runs:
      Mon 2026-03-02 01:00 UTC (2026-03-02T01:00:00Z)
      Mon 2026-03-09 01:00 UTC (2026-03-09T01:00:00Z)
      Mon 2026-03-16 01:00 UTC (2026-03-16T01:00:00Z)
      Mon 2026-03-23 01:00 UTC (2026-03-23T01:00:00Z)
      Mon 2026-03-30 01:00 UTC (2026-03-30T01:00:00Z)

- gone: runs 9 → 0 (-9)
    when: runs every Monday at 01:00 UTC
    month    old  new
    2026-03    5    0  -5
    2026-04    4    0  -4
    first runs:
      Mon 2026-03-02 01:00 UTC (2026-03-02T01:00:00Z)
      Mon 2026-03-09 01:00 UTC (2026-03-09T01:00:00Z)
      Mon 2026-03-16 01:00 UTC (2026-03-16T01:00:00Z)
      Mon 2026-03-23 01:00 UTC (2026-03-23T01:00:00Z)
      Mon 2026-03-30 01:00 UTC (2026-03-30T01:00:00Z)

~ london: runs 61
    before: runs every day at 09:00 UTC
    after: runs every day at 09:00 London
    33 runs move by 1 h (earlier) while daylight saving time is on
    trigger.time_zone  UTC → "GMT Standard Time"
    first change by daylight saving time:
      Sun 2026-03-29 09:00 UTC → Sun 2026-03-29 09:00 BST (2026-03-29T09:00:00Z → 2026-03-29T08:00:00Z)

~ nightly: runs 61 → 44 (-17)
    before: runs every day at 09:00 Pacific
    after: runs Monday to Friday at 10:00 Pacific
    44 runs moved by 1 h (later), 17 runs lost
    trigger.expression  "0 9 * * *" → "0 10 * * 1-5"
    inputs.date         ${{creation_context.trigger_time}} → ${{name}}
    inputs.x            (not set) → {"type":"uri_file","path":"a b"}
    compute             cpu → gpu
    month    old  new
    2026-03   31   22  -9
    2026-04   30   22  -8
    first changes:
      Sun 2026-03-01 09:00 PST → no run (2026-03-01T17:00:00Z)
      Mon 2026-03-02 09:00 PST → Mon 2026-03-02 10:00 PST (2026-03-02T17:00:00Z → 2026-03-02T18:00:00Z)
      Tue 2026-03-03 09:00 PST → Tue 2026-03-03 10:00 PST (2026-03-03T17:00:00Z → 2026-03-03T18:00:00Z)
      Wed 2026-03-04 09:00 PST → Wed 2026-03-04 10:00 PST (2026-03-04T17:00:00Z → 2026-03-04T18:00:00Z)
      Thu 2026-03-05 09:00 PST → Thu 2026-03-05 10:00 PST (2026-03-05T17:00:00Z → 2026-03-05T18:00:00Z)

o off: runs 9 → 0 (-9)
    9 runs lost
    is_enabled  true → false
    month    old  new
    2026-03    5    0  -5
    2026-04    4    0  -4
    first changes:
      Mon 2026-03-02 01:00 UTC → no run (2026-03-02T01:00:00Z)
      Mon 2026-03-09 01:00 UTC → no run (2026-03-09T01:00:00Z)
      Mon 2026-03-16 01:00 UTC → no run (2026-03-16T01:00:00Z)
      Mon 2026-03-23 01:00 UTC → no run (2026-03-23T01:00:00Z)
      Mon 2026-03-30 01:00 UTC → no run (2026-03-30T01:00:00Z)

1 schedule written otherwise, same behaviour: proved for all time
1 schedule unchanged
Plan: 1 added, 1 removed, 3 changed, 1 cosmetic, 1 unchanged, 1 disabled; runs 306 → 280 (-26)
"""


def whole() -> PlanDiff:
    return diff_plans(plan(*BEFORE), plan(*AFTER))


def test_the_whole_text() -> None:
    assert "".join(write_text(whole())) == WHOLE


def test_the_json_text_is_the_document() -> None:
    assert json.loads(write_json(whole())) == whole().to_dict()
    assert write_json(whole()).endswith("}\n")


def test_nothing_changes() -> None:
    one = plan(build("a", "0 9 * * *"), days=30)
    lines = "".join(write_text(diff_plans(one, one))).splitlines()
    assert lines[1:] == ["", "No schedule changes what it does.", "1 schedule unchanged", "Plan: 1 unchanged; runs 30"]
    nothing = "".join(write_text(diff_plans(plan(), plan())))
    assert nothing.endswith("does.\nPlan: no schedules; runs 0\n")


def test_lines_are_wrapped_to_a_terminal() -> None:
    lines = list(write_text(whole(), 80))
    assert max(len(line.split(" → ")[0]) for line in lines) <= 81
    assert "".join(lines).split() == WHOLE.split()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (build("a", "0 9 * * *"), build("a", "0 9 * * 1-5"), "    9 runs lost\n"),
        (build("a", "0 9 * * 1"), build("a", "0 9 * * *"), "    25 runs gained\n"),
        (build("a", "0 9 * * *", end="2026-03-01T10:00:00"), build("a", "0 10 * * *", end="2026-03-01T10:00:00"), "    1 run moved by 1 h (later)\n"),
        (build("a", "0 0 * * *"), build("a", "30 22 * * *"), "    30 runs moved by 22 h 30 min (later)\n"),
        (build("a", "30 22 * * *"), build("a", "0 0 * * *"), "    30 runs moved by 22 h 30 min (earlier)\n"),
        (build("a", "0 9 * * *", PACIFIC), build("a", "0 12 * * *", PACIFIC, compute="x"), "    compute             (not set) → x\n"),
        (build("a", "0 9 * * *", end="2026-02-01T00:00:00"), build("a", "0 9 * * *", end="2026-02-01T00:00:00", compute="x"), "    no run in this window: what changes shows later\n"),
        (build("a", "0 9 * * *", "US Mountain Standard Time", end="2026-03-08T23:00:00"), build("a", "0 9 * * *", "Mountain Standard Time", end="2026-03-08T23:00:00"), "    1 run moves by 1 h (earlier) while daylight saving time is on\n"),
    ],
)  # fmt: skip
def test_sentences(old: JobSchedule, new: JobSchedule, sentence: str) -> None:
    assert sentence in text(old, new)


def test_what_differs_before_the_window_says_so() -> None:
    created = datetime(2026, 1, 1, tzinfo=UTC)
    sides = (
        JobSchedule(name="a", trigger=CronTrigger("0 9 * * *", f"2026-0{month}-01T00:00:00"), create_job=PipelineJob())
        for month in (1, 2)
    )
    plans = (plan_runs(side, START, START + timedelta(days=30), created_at=created) for side in sides)
    shown = "".join(write_text(diff_plans(*plans)))
    assert "    no run changes in this window; before it some did, first at 2026-01-01T09:00:00Z\n" in shown


def test_many_lengths_of_moves_are_not_all_listed() -> None:
    """Hours 0 to 6 go to 7, 9 and so on: each by an hour more than the one before. In one time zone for another: 23 and 7 days."""
    shown = text(build("a", "0 0-6 * * *"), build("a", "0 7,9,11,13,15,17,19 * * *"), 1)
    lengths = ", ".join(f"1 by {hours} h (later)" for hours in (7, 8, 9, 10, 11))
    assert f"    7 runs moved, {lengths}, 2 by other lengths\n" in shown
    zones = text(build("a", "0 9 * * *"), build("a", "0 9 * * *", PACIFIC))
    assert "    30 runs moved, 23 by 7 h (later), 7 by 8 h (later)\n" in zones


def test_long_lists_are_cut() -> None:
    many = {f"x{index:03}": index for index in range(60)}
    shown = text(build("a", "0 9 * * *"), build("a", "0 9 * * *", inputs=many))
    assert "    inputs.x039  (not set) → 39\n    and 20 fields more\n" in shown
    years = text(build("a", "0 9 * * *"), build("a", "0 9 * * 1"), 3 * 365)
    assert years.count("\n    20") == 24
    assert "\n    and 12 months more\n" in years


def test_one_month_needs_no_table() -> None:
    assert "month " not in text(build("a", "0 9 * * *"), build("a", "0 9 * * 1"))


def test_hostile_values_stay_on_their_line() -> None:
    shown = text(
        build("a", "0 9 * * *"), build("a", "0 9 * * *", inputs={"x\ny": "a\nb\x1b[31m\u202e", "long": "z" * 500})
    )
    assert '"inputs.x\\ny"' in shown
    assert '"a\\nb\\u001b[31m\\u202e"' in shown
    assert "(500 characters)" in shown
    assert max(map(len, shown.splitlines())) < 260


def test_cosmetic_schedules_say_how_that_is_known() -> None:
    proved = (build("a", "0 9 * * 1-5"), build("a", "0 9 * * MON-FRI"))
    assert "1 schedule written otherwise, same behaviour: proved for all time\n" in text(*proved)
    saved = [
        Plan.from_dict(plan(build("b", "0 9 * * *", zone)).to_dict()) for zone in ("UTC", "Greenwich Standard Time")
    ]
    assert "same behaviour: looked for in this window only\n" in "".join(write_text(diff_plans(*saved)))


def test_both_kinds_of_knowledge() -> None:
    slow = [plan(build("a", f"0 9 * * {days}"), build("b", "0 9 * * *", zone)) for days, zone in (("1-5", "UTC"), ("MON-FRI", "Greenwich Standard Time"))]  # fmt: skip
    found = diff_plans(*slow)
    mixed = PlanDiff(found.window, (found.schedules[0], _in_window(slow)))
    assert "2 schedules written otherwise, same behaviour: 1 proved for all time, 1 looked for in this window only\n" in "".join(write_text(mixed))  # fmt: skip


def _in_window(plans: list[Plan]) -> ScheduleDiff:
    return diff_plans(*(Plan.from_dict(each.for_schedule("b").to_dict()) for each in plans)).schedules[0]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(1, "1 s"), (60, "1 min"), (-3600, "1 h"), (5400, "1 h 30 min"), (90_061, "1 d 1 h 1 min 1 s"), (172_800, "2 d")],
)
def test_lengths(seconds: int, expected: str) -> None:
    assert show_length(seconds) == expected


def test_numbers_and_values() -> None:
    assert show_counts(RunCounts(1000, 2000)) == "1,000 → 2,000 (+1,000)"
    assert show_counts(RunCounts(5, 5)) == "5"
    assert (count_things(1, "run"), count_things(2000, "run"), count_things(0, "run")) == (
        "1 run",
        "2,000 runs",
        "0 runs",
    )
    assert show_field("x" * 160) == "x" * 160
    assert show_field("x" * 161) == "x" * 160 + "… (161 characters)"
