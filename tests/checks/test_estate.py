"""MLS601 to MLS603: what schedules do together. Counts are held against the times themselves."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import reduce
from operator import or_
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_findings import NOW, find, find_in_files

from pytest_mlschedule import CronTrigger, JobSchedule, PipelineJob, RecurrencePattern, RecurrenceTrigger
from pytest_mlschedule.checks.estate import RULES, find_computes
from pytest_mlschedule.checks.minute_counts import MinuteCounts
from pytest_mlschedule.schedules.models import CommandJob, Step

SAME_JOB, PILE_UP, TOO_OFTEN = RULES
START = "2026-01-01T00:00:00"
PIPELINE = "type: pipeline\nsettings: {default_compute: azureml:cpu}\ninputs: {region: eu}\njobs: {}\n"


def cron(expression: str, **more: str) -> CronTrigger:
    return CronTrigger(expression, **{"start_time": START, **more})


def schedule(name: str, trigger: Any, job: Any = "train", **more: Any) -> JobSchedule:
    return JobSchedule(name=name, trigger=trigger, create_job=job, **more)


def yaml(name: str, expression: str, inputs: str = "") -> str:
    action = f"\n  type: pipeline\n  job: ./p.yml\n  inputs: {inputs}" if inputs else " ./p.yml"
    return f'name: {name}\ntrigger: {{type: cron, expression: "{expression}", start_time: "{START}"}}\ncreate_job:{action}\n'


def test_two_schedules_start_one_job_in_one_minute(tmp_path: Path) -> None:
    files = {
        "a.yml": yaml("a", "30 2 * * *"),
        "sub/b.yml": yaml("b", "30 * * * 1").replace("./p.yml", "../p.yml"),
        "p.yml": PIPELINE,
    }
    assert find_in_files([SAME_JOB], tmp_path, files, "a.yml", "sub/b.yml") == [
        "sub/b.yml:2:35: MLS601 trigger.expression: b starts p.yml in the same minute and with the same inputs as a (a.yml:1:7), "
        "5 times between 2026-03-01T00:00:00Z and 2026-04-01T00:00:00Z: 2026-03-02T02:30Z, 2026-03-09T02:30Z, 2026-03-16T02:30Z, ...\n"
        "  hint: drop one of them, give it other inputs, or move it"
    ]


@pytest.mark.parametrize(
    ("inputs", "other", "alike"),
    [
        ("{region: eu}", "{region: us}", False),
        ("{region: us}", "{region: us}", True),
        ("{region: 5}", '{region: "5"}', True),
        ("{region: eu}", "", True),
        ("{region: '${{name}}'}", "{region: '${{name}}'}", True),
        ("{region: {type: uri_file, path: azureml:x:1}}", "{region: {type: uri_file, path: azureml:x:2}}", False),
    ],
)
def test_jb_5_other_effective_inputs_are_a_fan_out(tmp_path: Path, inputs: str, other: str, *, alike: bool) -> None:
    files = {"a.yml": yaml("a", "30 2 * * *", inputs), "b.yml": yaml("b", "30 2 * * *", other), "p.yml": PIPELINE}
    assert len(find_in_files([SAME_JOB], tmp_path, files, "a.yml", "b.yml")) == alike


def test_other_outputs_are_a_fan_out() -> None:
    one, other = (
        PipelineJob(id="train", outputs={"model": {"path": f"azureml://{region}"}}) for region in ("eu", "us")
    )
    assert find([SAME_JOB], schedule("a", cron("0 1 * * *"), one), schedule("b", cron("0 1 * * *"), other)) == []


def test_jb_8_the_same_job_of_a_workspace_by_name_and_id() -> None:
    given = ["train", "/subscriptions/s/providers/x/jobs/train", PipelineJob(id="azureml:train")]
    found = find([SAME_JOB], *(schedule(f"s{index}", cron("0 1 1 * *"), job) for index, job in enumerate(given)))
    assert [item.message.partition(",")[0] for item in found] == [
        "s1 starts azureml:train in the same minute and with the same inputs as s0",
        "s2 starts azureml:train in the same minute and with the same inputs as s0 and s1",
    ]
    assert find([SAME_JOB], schedule("a", cron("0 1 * * *")), schedule("b", cron("0 1 * * *"), "score")) == []


@pytest.mark.parametrize(
    "other",
    [
        schedule("b", cron("1 1 * * *")),
        schedule("b", cron("0 1 * * *"), is_enabled=False),
        schedule("a", cron("0 1 * * *")),  # MLS509 says so
        schedule("b", RecurrenceTrigger("day", 1)),  # counts from a creation that is not known
        schedule("b", cron("0 1 * * *", end_time="2026-02-01T00:00:00")),
        schedule("b", cron("0 1 * * *"), PipelineJob()),
        JobSchedule(name="b", trigger=cron("0 1 * * *"), create_monitor={"compute": {}}),
    ],
    ids=["minutes", "disabled", "name", "creation", "ended", "own job", "monitor"],
)
def test_schedules_that_do_not_coincide(other: JobSchedule) -> None:
    assert find([SAME_JOB], schedule("a", cron("0 1 * * *")), other) == []


def test_seconds_of_one_minute_are_one_minute() -> None:
    late = RecurrenceTrigger("hour", 1, start_time="2026-01-01T00:00:42")
    (found,) = find([SAME_JOB], schedule("a", cron("0 1 31 * 2")), schedule("b", late))
    assert "5 times" in found.message
    (once,) = find([SAME_JOB], schedule("a", cron("0 1 * * *")), schedule("b", late), days=1)
    assert ", 1 time between" in once.message
    assert once.message.endswith(": 2026-03-01T01:00Z")


def test_many_that_coincide_are_named_up_to_five() -> None:
    found = find([SAME_JOB], *(schedule(f"s{number}", cron("0 1 * * *")) for number in range(8)))
    assert len(found) == 7
    assert "as s0, s1, s2, s3 and s4, 31 times" in found[4].message
    assert "as s0, s1, s2, s3, s4 and others, 31 times" in found[5].message


def test_each_minute_that_coincides_is_explained() -> None:
    triggers = [cron("0 1 * * *"), cron("0 2 * * *"), cron("0 1,2 * * *")]
    (found,) = find([SAME_JOB], *(schedule(f"s{index}", trigger) for index, trigger in enumerate(triggers)))
    assert "as s0 and s1, 62 times" in found.message


@pytest.mark.parametrize(
    ("trigger", "field"),
    [
        (cron("0 1 * * *"), "trigger.expression"),
        (RecurrenceTrigger("day", 1, start_time=START), "trigger.interval"),
        (RecurrenceTrigger("day", 1, RecurrencePattern(hours=1, minutes=0)), "trigger.schedule.minutes"),
    ],
)
def test_findings_stand_where_the_times_are_written(trigger: Any, field: str) -> None:
    (found,) = find([SAME_JOB], schedule("a", trigger), schedule("b", trigger))
    assert found.field_name == field


def on(compute: str, **more: Any) -> PipelineJob:
    return PipelineJob(compute=compute, **more)


def test_a_pile_up_on_one_compute() -> None:
    busy = [schedule(f"busy{number}", cron("0 6 * * 1,2"), on("CPU" if number else "cpu")) for number in range(4)]
    others = [
        schedule("elsewhere", cron("0 6 * * *"), on("gpu")),
        schedule("early", cron("59 5 * * *"), on("cpu")),
        schedule("off", cron("0 6 * * *"), on("cpu"), is_enabled=False),
    ]
    (found,) = find([PILE_UP], *busy, *others, most_starts_per_minute=3)
    assert found.message == (
        "4 schedules start on cpu at 2026-03-02T06:00Z, 3 are allowed: busy0, busy1, busy2 and busy3; over the limit in 10 minutes "
        "between 2026-03-01T00:00:00Z and 2026-04-01T00:00:00Z"
    )
    assert found.field == ("trigger", "expression")
    assert find([PILE_UP], *busy, *others, most_starts_per_minute=4) == []


def test_the_worst_minute_is_told_and_five_names() -> None:
    many = [schedule(f"s{number}", cron(f"0 {'6' if number < 7 else '5,6'} * * *"), on("cpu")) for number in range(12)]
    (found,) = find([PILE_UP], *many)
    assert found.message.startswith(
        "12 schedules start on cpu at 2026-03-01T06:00Z, 10 are allowed: s0, s1, s2, s3, s4 and 7 more; "
    )
    (once,) = find([PILE_UP], *many, days=1)
    assert "over the limit in 1 minute between" in once.message


def test_schedules_on_one_compute_that_never_meet() -> None:
    assert (
        find([PILE_UP], *(schedule(f"s{minute}", cron(f"{minute} 6 * * *"), on("cpu")) for minute in range(60))) == []
    )


@pytest.mark.parametrize(
    ("job", "computes"),
    [
        (None, []),
        (PipelineJob(), []),
        (CommandJob(compute="azureml:cpu"), ["cpu"]),
        (
            PipelineJob(settings={"default_compute": "azureml:cpu"}, jobs={"a": Step(), "b": Step(compute="gpu")}),
            ["gpu", "cpu"],
        ),
        (PipelineJob(compute="cpu", jobs={"a": Step(compute="gpu"), "b": Step(compute="gpu")}), ["gpu"]),
        (PipelineJob(compute="Serverless", jobs={"a": Step(compute="${{parent.inputs.compute}}"), "b": Step()}), []),
    ],
)
def test_jb_12_the_computes_of_a_run(job: Any, computes: list[str]) -> None:
    assert sorted(find_computes(job)) == sorted(computes)


@pytest.mark.parametrize(
    ("trigger", "message"),
    [
        (cron("* * * * *"), "runs follow one another after 1 minute, the shortest allowed is 5 minutes; 44,640 runs "),
        (cron("*/5 * * * *"), None),
        (cron("0,2 9 * * 1"), "runs follow one another after 2 minutes, the shortest allowed is 5 minutes; 10 runs "),
        (cron("0 9 * * 1"), None),
        (
            RecurrenceTrigger("minute", 3),
            "runs follow one another after 3 minutes, the shortest allowed is 5 minutes; 14,880 runs ",
        ),
        (RecurrenceTrigger("hour", 1), None),
        (cron("30 2,3 * * *", time_zone="Pacific Standard Time"), None),  # one minute apart by a clock change alone
        (cron("59 2 * * *", time_zone="Pacific Standard Time"), None),
        (cron("0 0 * * *", end_time="2026-03-01T12:00:00"), None),
    ],
)
def test_runs_that_follow_one_another_fast(trigger: Any, message: str | None) -> None:
    found = find([TOO_OFTEN], schedule("s", trigger))
    assert [item.message.partition("between")[0] for item in found] == ([message] if message else [])
    assert find([TOO_OFTEN], schedule("s", trigger, is_enabled=False)) == []


@pytest.mark.parametrize(
    ("shortest", "words"),
    [
        (timedelta(days=1), "1 day"),
        (timedelta(hours=2), "2 hours"),
        (timedelta(seconds=3_601), "3601 seconds"),
    ],
)
def test_any_shortest_period(shortest: timedelta, words: str) -> None:
    (found,) = find([TOO_OFTEN], schedule("s", cron("0 * * * *")), shortest_period=shortest)
    assert f"after 1 hour, the shortest allowed is {words};" in found.message


@settings(max_examples=100, deadline=None)
@given(sets=st.lists(st.sets(st.integers(0, 40), max_size=12), max_size=20), limit=st.integers(0, 20))
def test_counters_count(sets: list[set[int]], limit: int) -> None:
    counts = MinuteCounts()
    for one in sets:
        counts.add(reduce(or_, (1 << minute for minute in one), 0))
    plain = Counter(minute for one in sets for minute in one)
    most = max(plain.values(), default=0)
    number, minutes = counts.find_most()
    assert number == most
    assert minutes == sum(1 << minute for minute, count in plain.items() if count == most)
    assert counts.find_above(limit) == sum(1 << minute for minute, count in plain.items() if count > limit)


def test_pairs_and_pile_ups_against_the_times_themselves() -> None:
    """A hundred random schedules of one job, in several zones over the clock change of March."""
    dice = Random(3)
    zones = ("UTC", "Pacific Standard Time", "India Standard Time")
    schedules = [
        schedule(
            f"s{number}",
            cron(
                f"{dice.randrange(0, 60, 10)} {dice.randrange(24)} * * {dice.randrange(7)}",
                time_zone=dice.choice(zones),
            ),
            on("cpu", id="train"),
        )
        for number in range(100)
    ]
    times = [item.trigger.timetable(created_at=NOW).between(NOW, NOW + timedelta(days=31)) for item in schedules]
    coincide = {
        late.name
        for index, late in enumerate(schedules)
        if any(set(times[index]) & set(times[before]) for before in range(index))
    }
    assert {item.message.split()[0] for item in find([SAME_JOB], *schedules)} == coincide
    starts = Counter(at for found in times for at in found)
    (most,) = find([PILE_UP], *schedules, most_starts_per_minute=1)
    worst = min(at for at, count in starts.items() if count == max(starts.values()))
    assert most.message.startswith(f"{max(starts.values())} schedules start on cpu at {worst:%Y-%m-%dT%H:%MZ}")
    assert f" in {sum(count > 1 for count in starts.values())} minutes " in most.message


def test_nothing_runs_in_an_empty_window() -> None:
    assert (
        find(RULES, schedule("a", cron("* * * * *"), on("cpu")), schedule("b", cron("* * * * *"), on("cpu")), days=0)
        == []
    )
