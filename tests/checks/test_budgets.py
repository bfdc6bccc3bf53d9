"""MLS701 to MLS706: budgets. The oracle of counts is zoneinfo, asked run by run."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.checks.budgets import Budget, QuietHours, find_excesses
from pytest_mlschedule.checks.check import CheckSettings, check_files
from pytest_mlschedule.checks.excess import Excess
from pytest_mlschedule.checks.periods import count_runs, find_days, find_months, find_quiet
from pytest_mlschedule.diagnostics import Location
from pytest_mlschedule.schedules.documents import read_schedules
from pytest_mlschedule.schedules.loader import LoadedFile, load_files, load_job
from pytest_mlschedule.schedules.reader import Reader
from pytest_mlschedule.triggers.window import Window
from pytest_mlschedule.triggers.zones import zone

PACIFIC = {"zone_key": "America/Los_Angeles", "zone_name": "Pacific Standard Time"}
START = datetime(2026, 3, 2, tzinfo=UTC)
MONTH = Window(START, START + timedelta(days=31))


@dataclass(frozen=True)
class Recorded:
    """Runs at given epochs."""

    schedule: str
    epochs: Sequence[int]
    computes: Sequence[str] = ()
    tags: Mapping[str, Any] = field(default_factory=dict)

    def epochs_between(self, start: int, end: int) -> Sequence[int]:
        return self.epochs[bisect_left(self.epochs, start) : bisect_left(self.epochs, end)]

    def count_between(self, start: int, end: int) -> int:
        return len(self.epochs_between(start, end))


def every(minutes: int, name: str = "often", *, start: datetime = START, days: int = 31, **more: Any) -> Recorded:
    first = int(start.timestamp())
    return Recorded(name, range(first, first + days * 86_400, minutes * 60), **more)


def excesses(budget: Budget, *starts: Recorded, window: Window = MONTH) -> list[Excess]:
    return list(find_excesses([budget], starts, window))


def said(budget: Budget, *starts: Recorded, window: Window = MONTH) -> list[str]:
    return [f"{item.code} {item.message}" for item in excesses(budget, *starts, window=window)]


# Periods.

ZONES = [
    "Etc/UTC",
    "America/Los_Angeles",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Havana",
    "Pacific/Apia",
    "Africa/Cairo",
    "Pacific/Kiritimati",
]
INSTANTS = st.integers(1_200_000_000, 1_900_000_000)


def walls(start: int, end: int, key: str) -> list[datetime]:
    """What clocks show at every quarter of an hour of a window."""
    return [datetime.fromtimestamp(at, ZoneInfo(key)) for at in range(start, end, 900)]


@settings(max_examples=60, deadline=None)
@given(start=INSTANTS, length=st.integers(1, 70 * 86_400), key=st.sampled_from(ZONES))
def test_days_and_months_are_those_of_the_clocks(start: int, length: int, key: str) -> None:
    end = start + length
    days, months = find_days(start, end, zone(key)), find_months(start, end, zone(key))
    for periods, form in ((days, "%Y-%m-%d"), (months, "%Y-%m")):
        assert periods[0].start <= start < periods[0].end
        assert periods[-1].start < end <= periods[-1].end
        assert all(one.end == after.start for one, after in pairwise(periods))
        for period in periods:
            shown = {f"{datetime.fromtimestamp(at, ZoneInfo(key)):{form}}" for at in (period.start, period.end - 1)}
            assert shown == {period.name}


@settings(max_examples=100, deadline=None)
@given(
    start=INSTANTS,
    length=st.integers(1, 3 * 86_400),
    key=st.sampled_from(ZONES),
    hours=st.tuples(st.integers(0, 95), st.integers(0, 96)).filter(lambda pair: pair[0] != pair[1]),
)
def test_quiet_hours_are_those_that_clocks_show(start: int, length: int, key: str, hours: tuple[int, int]) -> None:
    check_quiet(start, start + length, key, *(quarter * 900 for quarter in hours))


@pytest.mark.parametrize(
    ("key", "day"),
    [
        ("America/Los_Angeles", datetime(2026, 3, 8, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 11, 1, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, tzinfo=UTC)),
        ("Africa/Cairo", datetime(2026, 10, 29, tzinfo=UTC)),
        ("Pacific/Apia", datetime(2011, 12, 30, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize(
    "hours", [(0, 5400), (3600, 9000), (79_200, 5400), (82_800, 86_400), (5400, 3600), (7200, 10_800)]
)
def test_quiet_hours_follow_clock_changes(key: str, day: datetime, hours: tuple[int, int]) -> None:
    first = int(day.timestamp())
    check_quiet(first - 86_400, first + 2 * 86_400, key, *hours)


def check_quiet(start: int, end: int, key: str, begin: int, stop: int) -> None:
    periods = find_quiet(start, end, QuietHours(start=begin, end=stop, zone_key=key))
    assert all(start <= one.start < one.end <= end for one in periods)
    assert all(one.end <= after.start for one, after in pairwise(periods))
    for at, wall in zip(range(start, end, 900), walls(start, end, key), strict=True):
        second = wall.hour * 3600 + wall.minute * 60 + wall.second
        expected = begin <= second < stop if begin < stop else second >= begin or second < stop
        assert any(one.start <= at < one.end for one in periods) == expected, wall


def test_an_empty_window_has_no_periods() -> None:
    clock = zone("Etc/UTC")
    assert find_days(5, 5, clock) == find_months(5, 5, clock) == find_quiet(5, 5, QuietHours(start=0, end=1)) == []
    empty = Window(START, START)
    limits = Budget(
        scope="total",
        max_runs_per_day=0,
        max_runs_per_month=0,
        max_starts_per_minute=1,
        quiet_hours=(QuietHours(start=0, end=86_400),),
    )
    assert said(limits, every(1), every(1, "b"), every(1, "c"), window=empty) == []


def test_a_day_that_a_zone_leaves_out_is_no_day() -> None:
    start = int(datetime(2011, 12, 30, tzinfo=UTC).timestamp())
    days = find_days(start, start + 86_400, zone("Pacific/Apia"))
    assert [day.name for day in days] == ["2011-12-29", "2011-12-31"]


def test_periods_stay_inside_the_supported_years() -> None:
    (first, *_), (*_, last) = (find_months(at, at + 1, zone("America/Los_Angeles")) for at in (0, 7_289_653_199))
    assert first.start == 0
    assert last.end <= 7_289_654_400


@pytest.mark.parametrize("minutes", [1, 60])
def test_runs_are_counted_alike_however_many_there_are(minutes: int) -> None:
    days = find_days(*MONTH.epochs, zone("America/Los_Angeles"))
    runs = every(minutes, start=START - timedelta(days=3), days=40)
    assert count_runs(runs, days) == [len([at for at in runs.epochs if day.start <= at < day.end]) for day in days]


# Counts against zoneinfo.

RUNS = st.lists(
    st.integers(int(START.timestamp()) - 86_400 * 3, int(START.timestamp()) + 86_400 * 40), max_size=40
).map(sorted)


@settings(max_examples=100, deadline=None)
@given(
    runs=st.lists(RUNS, min_size=1, max_size=3),
    allowed=st.integers(0, 5),
    key=st.sampled_from(ZONES),
    limit=st.sampled_from(["max_runs_per_day", "max_runs_per_month"]),
    scope=st.sampled_from(["total", "schedule"]),
)
def test_the_worst_day_and_month_is_found(
    runs: list[list[int]], allowed: int, key: str, limit: str, scope: Any
) -> None:
    form = "%Y-%m-%d" if limit == "max_runs_per_day" else "%Y-%m"
    starts = [Recorded(f"s{index}", epochs) for index, epochs in enumerate(runs)]
    budget = replace(Budget(scope=scope, name="*", zone_key=key, zone_name=key), **{limit: allowed})
    looked_at = {f"{datetime.fromtimestamp(at, ZoneInfo(key)):{form}}" for at in range(*MONTH.epochs, 3600)}
    expected = []
    for group in [starts] if scope == "total" else [[one] for one in starts]:
        names = Counter(f"{datetime.fromtimestamp(at, ZoneInfo(key)):{form}}" for one in group for at in one.epochs)
        counts = {name: count for name, count in names.items() if name in looked_at}
        over = [count for count in counts.values() if count > allowed]
        if over:
            worst = min(name for name, count in counts.items() if count == max(over))
            expected.append((f"{worst} ({key})", max(over), len(over)))
    found = excesses(budget, *starts)
    assert [(item.period, item.count, item.periods) for item in found] == expected
    assert all(sum(count for _, count in item.schedules) == item.count for item in found)


@settings(max_examples=60, deadline=None)
@given(
    runs=st.lists(st.lists(st.integers(0, 1200), max_size=10, unique=True).map(sorted), min_size=1, max_size=8),
    allowed=st.integers(1, 6),
)
def test_the_fullest_minute_is_found(runs: list[list[int]], allowed: int) -> None:
    first = int(START.timestamp())
    starts = [
        Recorded(f"s{index}", sorted({first + at // 30 * 30 for at in epochs})) for index, epochs in enumerate(runs)
    ]
    minutes = Counter(at // 60 for one in starts for at in one.epochs)
    over = {minute: count for minute, count in minutes.items() if count > allowed}
    found = excesses(Budget(scope="total", max_starts_per_minute=allowed), *starts)
    if not over:
        assert found == []
    else:
        minute = min(minute for minute, count in over.items() if count == max(over.values()))
        ((item),) = found
        assert (item.period, item.count, item.periods) == (
            f"{datetime.fromtimestamp(minute * 60, UTC):%Y-%m-%d %H:%M} (UTC)",
            over[minute],
            len(over),
        )


def test_the_fullest_minute_of_a_long_window_is_found() -> None:
    # Looked at in strides; a tie goes to the first, a fuller one later wins.
    day = 86_400
    first = int(START.timestamp())
    at = {"a": [3, 40 * day, 70 * day], "b": [4, 40 * day + 5, 70 * day], "c": [70 * day + 9]}
    starts = [Recorded(name, [first + second for second in seconds]) for name, seconds in at.items()]
    window = Window(START, START + timedelta(days=100))
    (found,) = excesses(Budget(scope="total", max_starts_per_minute=1), *starts, window=window)
    assert (found.period, found.count, found.periods) == ("2026-05-11 00:00 (UTC)", 3, 3)
    (found,) = excesses(Budget(scope="total", max_starts_per_minute=1), *starts[:2], window=window)
    assert (found.period, found.count, found.periods) == ("2026-03-02 00:00 (UTC)", 2, 3)


@settings(max_examples=60, deadline=None)
@given(runs=RUNS, key=st.sampled_from(ZONES), begin=st.integers(0, 23), stop=st.integers(0, 24))
def test_runs_in_quiet_hours_are_found(runs: list[int], key: str, begin: int, stop: int) -> None:
    if begin == stop:
        stop = begin + 1
    inside = [at for at in runs if MONTH.epochs[0] <= at < MONTH.epochs[1]]
    hours = [datetime.fromtimestamp(at, ZoneInfo(key)).time() for at in inside]
    spans = (
        [(time(begin), time(stop) if stop < 24 else time.max)]
        if begin < stop
        else [(time(begin), time.max), (time(), time(stop))]
    )
    quiet = [at for at, hour in zip(inside, hours, strict=True) if any(low <= hour < high for low, high in spans)]
    budget = Budget(
        scope="total", quiet_hours=(QuietHours(start=begin * 3600, end=stop * 3600, zone_key=key, zone_name=key),)
    )
    found = excesses(budget, Recorded("s", runs))
    assert [item.count for item in found] == ([len(quiet)] if quiet else [])
    for item in found:
        shown = ", ".join(f"{datetime.fromtimestamp(at, ZoneInfo(key)):%Y-%m-%d %H:%M}" for at in quiet[:3])
        assert item.message.endswith(f": {shown}" + (", ..." if len(quiet) > 3 else ""))


# Who is meant, and the words.


def test_each_schedule_of_a_name_has_a_budget_of_its_own() -> None:
    budget = Budget(scope="schedule", name="nightly-?", max_runs_per_day=20)
    starts = [every(60, "nightly-a"), every(30, "nightly-b"), every(5, "nightly-10"), every(1440, "nightly-c")]
    assert said(budget, *starts) == [
        'MLS701 nightly-a starts 24 runs on 2026-03-02 (UTC); budgets.schedules."nightly-?" allows 20 a day; 30 more days have too many as well',
        'MLS701 nightly-b starts 48 runs on 2026-03-02 (UTC); budgets.schedules."nightly-?" allows 20 a day; 30 more days have too many as well',
    ]


def test_schedules_of_a_tag_share_a_budget() -> None:
    budget = Budget(scope="tag", name="team=ml", max_runs_per_month=100)
    starts = [
        every(1440, "a", tags={"team": "ml"}),
        every(720, "b", tags={"team": "ml", "x": 1}),
        every(60, "c", tags={"team": "bi"}),
        every(1440, "d", days=15, tags={"team": "ml"}),
    ]
    assert said(budget, *starts) == [
        'MLS702 schedules tagged team=ml start 105 runs in 2026-03 (UTC): b 60, a 30, d 15; budgets.tags."team=ml" allows 100 a month'
    ]
    assert said(replace(budget, name="x", max_runs_per_month=59), *starts) == [
        'MLS702 schedules tagged x start 60 runs in 2026-03 (UTC): b 60; budgets.tags."x" allows 59 a month'
    ]
    assert said(replace(budget, name="nobody", max_runs_per_month=0), *starts) == []


def test_all_schedules_share_the_total_and_the_largest_parts_are_named() -> None:
    place = Location("mlschedule.toml", 7, 1)
    budget = Budget(scope="total", max_runs_per_day=30, places={"max_runs_per_day": place}, **PACIFIC)
    starts = [every(1440, name) for name in ("d", "b", "c")] + [every(60, "a"), every(360, "z"), Recorded("idle", ())]
    (found,) = excesses(budget, *starts)
    assert found.message == (
        "all schedules start 31 runs on 2026-03-02 (Pacific Standard Time): a 24, z 4, b 1 and 2 more; "
        "budgets (mlschedule.toml:7) allows 30 a day; 28 more days have too many as well"
    )
    assert found.hint == "run less often, or raise max_runs_per_day"
    assert (found.code, found.schedule, found.largest, found.allowed) == ("MLS701", "a", starts[3], 30)
    assert found.schedules == (("a", 24), ("z", 4), ("b", 1), ("c", 1), ("d", 1))
    assert [item.count for item in excesses(replace(budget, max_runs_per_day=31), *starts)] == []


def test_one_run_too_many_and_one_day_more() -> None:
    first = int(START.timestamp())
    budget = Budget(scope="schedule", name="*", max_runs_per_day=0, location=Location("m.toml", 3, 2))
    assert said(budget, Recorded("s", [first])) == [
        'MLS701 s starts 1 run on 2026-03-02 (UTC); budgets.schedules."*" (m.toml:3) allows 0 a day'
    ]
    assert said(budget, Recorded("s", [first, first + 86_400])) == [
        'MLS701 s starts 1 run on 2026-03-02 (UTC); budgets.schedules."*" (m.toml:3) allows 0 a day; 1 more day has too many as well'
    ]


def test_too_many_starts_in_a_minute() -> None:
    budget = Budget(scope="total", max_starts_per_minute=2, **PACIFIC)
    starts = [every(60, "a"), every(60, "b"), every(120, "c")]
    (found,) = excesses(budget, *starts)
    assert found.message == (
        "all schedules start 3 runs at 2026-03-01 16:00 (Pacific Standard Time): a 1, b 1, c 1; budgets allows 2 a minute; "
        "371 more minutes have too many as well"
    )
    assert found.hint == "spread the starts over several minutes, or raise max_starts_per_minute"
    assert excesses(replace(budget, max_starts_per_minute=3), *starts) == []
    assert excesses(replace(budget, scope="schedule", name="*"), *starts) == []


def test_quiet_hours_name_the_first_runs_in_their_own_zone() -> None:
    hours = (QuietHours(start=79_200, end=21_600, **PACIFIC), QuietHours(start=0, end=86_400))
    budget = Budget(scope="total", quiet_hours=hours)
    daily = every(1440, "night", start=START + timedelta(hours=8), days=5)
    assert said(budget, daily, every(1440, "none", days=0)) == [
        "MLS703 night starts 5 runs in the quiet hours 22:00-06:00 (Pacific Standard Time) of budgets: "
        "2026-03-02 00:00, 2026-03-03 00:00, 2026-03-04 00:00, ...",
        "MLS703 night starts 5 runs in the quiet hours 00:00-24:00 (UTC) of budgets: 2026-03-02 08:00, 2026-03-03 08:00, 2026-03-04 08:00, ...",
    ]


@pytest.mark.parametrize(
    ("allowed", "compute", "expected"),
    [
        (("cpu",), "azureml:cpu", None),
        (("azureml:cpu",), "cpu", None),
        (("cpu-*", "gpu"), "cpu-large", None),
        (("serverless",), "serverless", None),
        (("cpu",), "azureml:/subscriptions/s/computes/cpu", None),
        (
            ("cpu",),
            "azureml:gpu",
            ("s uses the compute 'gpu'; budgets allows cpu", "use an allowed compute, or add it to allowed_computes"),
        ),
        (
            ("cpu-small", "gpu"),
            "cpu-smal",
            ("s uses the compute 'cpu-smal'; budgets allows cpu-small or gpu", "did you mean cpu-small?"),
        ),
        (
            ("CPU",),
            "cpu",
            ("s uses the compute 'cpu'; budgets allows CPU", "use an allowed compute, or add it to allowed_computes"),
        ),
    ],
)
def test_computes_are_allowed_by_name(allowed: tuple[str, ...], compute: str, expected: tuple[str, str] | None) -> None:
    found = excesses(
        Budget(scope="total", allowed_computes=allowed),
        Recorded("s", (), computes=(compute, compute)),
        Recorded("t", ()),
    )
    assert [(item.message, item.hint) for item in found] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("required", "tags", "expected"),
    [
        (("team",), {"team": "ml"}, []),
        (("team=ml",), {"team": "ml"}, []),
        (("level=3",), {"level": 3}, []),
        (("team",), {}, ["s has no tag team; budgets asks for team"]),
        (("team=ml",), {}, ["s has no tag team; budgets asks for team=ml"]),
        (("team=ml",), {"team": "bi"}, ["the tag team of s is 'bi'; budgets asks for 'ml'"]),
        (("a", "b"), {"c": "d"}, ["s has no tag a; budgets asks for a", "s has no tag b; budgets asks for b"]),
    ],
)
def test_tags_are_asked_for(required: tuple[str, ...], tags: dict[str, object], expected: list[str]) -> None:
    found = excesses(Budget(scope="total", required_tags=required), Recorded("s", (), tags=tags))
    assert [item.message for item in found] == expected
    assert all(item.hint.startswith("add it under tags of the schedule or of its job: ") for item in found)


def test_an_excess_is_known_again_whatever_its_size() -> None:
    total = Budget(scope="total", max_runs_per_day=20, allowed_computes=("cpu",))
    before = excesses(total, every(60, "a", computes=["gpu"]))
    after = excesses(total, every(5, "b"), every(60, "a", computes=["gpu"]))
    assert [item.key for item in before] == [item.key for item in after]
    assert len({item.key for item in after}) == 2
    own = Budget(scope="schedule", name="*", max_runs_per_day=20)
    assert {item.key for item in excesses(own, every(60, "a"))} != {item.key for item in excesses(own, every(60, "b"))}


# As rules, in files.

PIPELINE = """\
type: pipeline
tags: {team: ml, level: "1"}
settings:
  default_compute: azureml:gpu-big
jobs:
  fit:
    type: command
    command: python fit.py
    environment: azureml:e@latest
    compute: azureml:gpu-huge
  score:
    type: command
    command: python score.py
    environment: azureml:e@latest
"""
SCHEDULE = """\
name: {name}
trigger:
  type: cron
  expression: "{expression}"
create_job:
  type: pipeline
  job: {job}
{more}"""
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def check(folder: Path, budget: Budget, *texts: str, jobs: Mapping[str, Any] | None = None) -> list[str]:
    """What budgets say of some schedule files, with places, sorted; the folder left out."""
    (folder / "pipeline.yml").write_text(PIPELINE, encoding="utf-8")
    for number, text in enumerate(texts, 1):
        (folder / f"{number}.yml").write_text(text, encoding="utf-8")
    reader = Reader()
    files = list(load_files([folder / f"{number + 1}.yml" for number in range(len(texts))], reader=reader))
    result = check_files(files, CheckSettings(now=NOW, budgets=(budget,), jobs=jobs or {}, reader=reader))
    found = [str(item).partition("\n")[0] for item in result.findings if item.code.startswith("MLS7")]
    return sorted(text.replace(f"{folder}/", "") for text in found)


def schedule(name: str = "s", expression: str = "0 3 * * *", job: str = "./pipeline.yml", more: str = "") -> str:
    return SCHEDULE.format(name=name, expression=expression, job=job, more=more)


def test_too_many_runs_stand_at_the_trigger_of_the_largest_part(tmp_path: Path) -> None:
    budget = Budget(scope="total", max_runs_per_day=24)
    assert check(tmp_path, budget, schedule("a"), schedule("b", "*/30 * * * *")) == [
        "2.yml:2:1: MLS701 trigger: all schedules start 49 runs on 2026-03-02 (UTC): b 48, a 1; budgets allows 24 a day; "
        "30 more days have too many as well"
    ]  # fmt: skip


def test_computes_stand_where_they_are_named(tmp_path: Path) -> None:
    budget = Budget(scope="total", allowed_computes=("cpu",))
    own = schedule("own", more="  compute: azureml:tpu\n  settings: {default_compute: azureml:npu}\n")
    assert check(tmp_path, budget, schedule("plain"), own) == [
        "2.yml:8:12: MLS704 create_job.compute: own uses the compute 'tpu'; budgets allows cpu",
        "2.yml:9:31: MLS704 create_job.settings.default_compute: own uses the compute 'npu'; budgets allows cpu",
        "pipeline.yml:10:14: MLS704 jobs.fit.compute: own uses the compute 'gpu-huge'; budgets allows cpu",
        "pipeline.yml:10:14: MLS704 jobs.fit.compute: plain uses the compute 'gpu-huge'; budgets allows cpu",
        "pipeline.yml:4:20: MLS704 settings.default_compute: plain uses the compute 'gpu-big'; budgets allows cpu",
    ]


def test_a_job_of_the_workspace_stands_at_create_job(tmp_path: Path) -> None:
    (tmp_path / "known.yml").write_text(PIPELINE, encoding="utf-8")
    jobs = {"known": load_job(tmp_path / "known.yml")}
    budget = Budget(scope="total", allowed_computes=("gpu-big",), required_tags=("team=bi",))
    plain = "name: s\ntrigger: {type: cron, expression: 0 3 * * *}\ncreate_job: azureml:known\n"
    assert check(tmp_path, budget, plain, jobs=jobs) == [
        "1.yml:3:1: MLS704 create_job.jobs.fit.compute: s uses the compute 'gpu-huge'; budgets allows gpu-big",
        "1.yml:3:1: MLS705 create_job.tags.team: the tag team of s is 'ml'; budgets asks for 'bi'",
    ]
    # Nothing is known of it: no compute, no tags.
    assert check(tmp_path, budget, plain) == ["1.yml:1:7: MLS705 name: s has no tag team; budgets asks for team=bi"]


def test_tags_stand_where_they_are(tmp_path: Path) -> None:
    budget = Budget(scope="total", required_tags=("team=bi", "level=2", "owner"))
    tagged = schedule("own").replace("trigger:", "tags:\n  team: dx\ntrigger:")
    assert check(tmp_path, budget, tagged) == [
        "1.yml:2:1: MLS705 tags: own has no tag owner; budgets asks for owner",
        "1.yml:3:9: MLS705 tags.team: the tag team of own is 'dx'; budgets asks for 'bi'",
        "pipeline.yml:2:25: MLS705 tags.level: the tag level of own is '1'; budgets asks for '2'",
    ]


def test_two_schedules_of_one_name_are_both_looked_at(tmp_path: Path) -> None:
    budget = Budget(scope="schedule", name="s", allowed_computes=("gpu-*",))
    found = check(tmp_path, budget, schedule(), schedule(more="  compute: azureml:cpu\n"))
    assert found == [
        "2.yml:8:12: MLS704 create_job.compute: s uses the compute 'cpu'; budgets.schedules.\"s\" allows gpu-*"
    ]


def test_disabled_schedules_do_not_run_and_have_tags(tmp_path: Path) -> None:
    text = schedule().replace("./pipeline.yml", "azureml:known")
    (path := tmp_path / "s.yml").write_text(text, encoding="utf-8")
    reader = Reader()
    document = reader.document(path, str(path))
    (one,), _ = read_schedules(document, reader, CheckSettings(now=NOW).profile)
    file = LoadedFile(path, (one.replace(is_enabled=False),), (), document)
    limits = Budget(
        scope="total",
        max_runs_per_day=0,
        quiet_hours=(QuietHours(start=0, end=86_400),),
        required_tags=("team",),
        max_starts_per_minute=1,
    )
    result = check_files([file], CheckSettings(now=NOW, budgets=(limits,)))
    assert [item.code for item in result.findings if item.code.startswith("MLS7")] == ["MLS705"]
    again = check_files([LoadedFile(path, (one,), (), document)], CheckSettings(now=NOW, budgets=(limits,)))
    assert [item.code for item in again.findings if item.code.startswith("MLS7")] == ["MLS705", "MLS701", "MLS703"]


def test_expressions_are_no_computes(tmp_path: Path) -> None:
    budget = Budget(scope="total", allowed_computes=("gpu-*",))
    assert check(tmp_path, budget, schedule(more='  compute: "${{parent.inputs.compute}}"\n')) == []


def test_a_command_job_has_no_steps(tmp_path: Path) -> None:
    (tmp_path / "train.yml").write_text(
        "type: command\ncommand: python x\nenvironment: azureml:e@latest\ncompute: azureml:cpu\n", encoding="utf-8"
    )
    text = "name: s\ntrigger: {type: cron, expression: 0 3 * * *}\ncreate_job: ./train.yml\n"
    assert check(tmp_path, Budget(scope="total", allowed_computes=("gpu",)), text) == [
        "train.yml:4:10: MLS704 compute: s uses the compute 'cpu'; budgets allows gpu"
    ]


def test_without_budgets_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert check(tmp_path, Budget(scope="total"), schedule()) == []
