"""Expectations: how they are read, what is wrong with them and where, what runs meet them."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from pytest_mlschedule import CronTrigger, DefinitionError, JobSchedule, PipelineJob, Plan, plan_runs
from pytest_mlschedule.planning.expectations import Expectation, find_unmet, read_expectations
from pytest_mlschedule.profile import ServiceProfile

BETWEEN = 'between: ["2026-03-01", "2026-03-04"]'
NIGHTLY = JobSchedule(
    name="nightly",
    trigger=CronTrigger("0 9 * * *", start_time="2026-01-01T00:00:00"),
    create_job=PipelineJob(
        inputs={
            "day": "${{creation_context.trigger_time}}",
            "job": "made by ${{name}}",
            "rows": 5,
            "share": 0.5,
            "full": True,
            "none": "",
            "data": {"type": "uri_folder", "path": "azureml:raw@latest"},
        }
    ),
)


def at(day: int, hour: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def read(*lines: str) -> Expectation:
    """The one expectation with some lines under ``expect``, ``between`` of three days where they have none."""
    given = list(lines) if any("between" in line for line in lines) else [BETWEEN, *lines]
    (found,) = read_expectations(io.StringIO("expect:\n" + "".join(f"  {line}\n" for line in given)))
    return found


def plan_of(expected: Expectation, **settings: str) -> Plan:
    return plan_runs(
        NIGHTLY,
        expected.window.start,
        expected.window.end,
        created_at=expected.created_at,
        profile=ServiceProfile(**settings),
    )


def unmet(*lines: str, **settings: str) -> list[str]:
    expected = read(*lines)
    return [str(item).partition("\n")[0] for item in find_unmet(expected, plan_of(expected, **settings))]


@pytest.mark.parametrize(
    "line",
    [
        BETWEEN,
        "between: [2026-03-01, 2026-03-04]",
        "between: [2026-03-01T00:00:00Z, 2026-03-04 00:00:00]",
        "between: {from: 2026-03-01, to: 2026-03-04}",
        'between: ["2026-02-28T16:00:00-08:00", "2026-03-04T01:00+01:00"]',
    ],
)
def test_st_9_a_window_is_written_in_many_ways(line: str) -> None:
    window = read(line, "count: 3").window
    assert (window.start, window.end) == (at(1), at(4))


@pytest.mark.parametrize("zone", ["Pacific Standard Time", "America/Los_Angeles"])
def test_times_without_an_offset_are_wall_clock_of_the_zone(zone: str) -> None:
    expected = read(
        'between: ["2026-03-07", "2026-03-09"]',
        f"zone: {zone}",
        'first: "2026-03-07T01:00"',
        "last: 2026-03-08T09:00:00Z",
    )
    assert (expected.window.start, expected.window.end) == (at(7, 8), at(9, 7))
    assert (expected.first, expected.last) == (at(7, 9), at(8, 9))
    assert list(find_unmet(expected, plan_of(expected))) == []


def test_everything_that_can_be_said_is_read() -> None:
    text = f"""
expect:
  - {BETWEEN}
    schedule: nightly
    created_at: 2026-02-01
    count: 3
    times: [2026-03-01T09:00:00Z, "2026-03-02T09:00"]
    inputs: {{rows: 5}}
  - {BETWEEN}
    first: 2026-03-01T09:00:00Z
"""
    first, second = read_expectations(io.StringIO(text))
    assert (first.schedule, first.created_at, first.count) == ("nightly", at(1, month=2), 3)
    assert (first.times, first.inputs) == ((at(1, 9), at(2, 9)), {"rows": 5})
    assert (first.path, second.path) == (("expect", 0), ("expect", 1))
    assert (second.count, second.times, second.inputs, second.created_at) == (None, None, None, None)


def test_st_4_nothing_runs_before_the_creation() -> None:
    assert unmet("created_at: 2026-03-03", "count: 1", "first: 2026-03-03T09:00:00Z") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("count: 3\n", ":1:1: MLS007 expect: the key 'expect' is missing"),
        ("- 1\n", ":1:1: MLS007 expect: must be a mapping, not a list"),
        ("expect: 3\n", ":1:9: MLS008 expect: must be a mapping, not a number (3)"),
        (f"expect: {{{BETWEEN}}}\nexpected: 1\n", ":2:1: MLS006 expected: "),
        ("expect:\n  count: 3\n", ":1:1: MLS007 expect.between: "),
        (f"expect:\n  {BETWEEN}\n  cuont: 3\n", ":3:3: MLS006 expect.cuont: "),
        (f"expect:\n  {BETWEEN}\n  count: many\n", ":3:10: MLS008 expect.count: "),
        (f"expect:\n  {BETWEEN}\n  count: -1\n", ":3:10: MLS008 expect.count: input should be greater than or equal to 0"),
        (f"expect:\n  {BETWEEN}\n  count: true\n", ":3:10: MLS008 expect.count: "),
        ("expect:\n  between: 2026-03-01\n", ":2:12: MLS008 expect.between: must be a list of two times, or a mapping of from and to, not a date"),
        ("expect:\n  between: [2026-03-01]\n", ":2:12: MLS008 expect.between: must be a list of two times"),
        ("expect:\n  between: {from: 2026-03-01}\n", ":2:12: MLS008 expect.between: must be a list of two times"),
        ("expect:\n  between: [soon, 2026-03-01]\n", ":2:13: MLS301 expect.between[0]: 'soon' is not a time"),
        ("expect:\n  between: [2026-03-01, 5]\n", ":2:12: MLS301 expect.between: a number (5) is not a time"),
        ("expect:\n  between: [2026-03-04, 2026-03-01]\n", ":2:12: MLS009 expect.between: the window ends before it starts"),
        ("expect:\n  between: [2026-03-04, 2026-03-04]\n", ":2:12: MLS009 expect.between: the window ends before it starts"),
        (f"expect:\n  {BETWEEN}\n  zone: Mars\n", ":3:9: MLS302 expect.zone: "),
        (f"expect:\n  {BETWEEN}\n  first: never\n", ":3:10: MLS301 expect.first: 'never' is not a time"),
        (f"expect:\n  {BETWEEN}\n  last: [1]\n", ":3:9: MLS301 expect.last: a list is not a time"),
        (f"expect:\n  {BETWEEN}\n  created_at: 1750-01-01\n", ":3:15: MLS301 expect.created_at: 1750-01-01T00:00:00+00:00 is outside"),
        (f"expect:\n  {BETWEEN}\n  times: [2026-03-01T09:00Z, x]\n", ":3:30: MLS301 expect.times[1]: 'x' is not a time"),
        (f"expect:\n  {BETWEEN}\n  times: 3\n", ":3:10: MLS008 expect.times: "),
        (f"expect:\n  {BETWEEN}\n  inputs: [a]\n", ":3:11: MLS008 expect.inputs: "),
        (f"expect:\n  - {BETWEEN}\n  - {BETWEEN}\n    cuont: 1\n", ":4:5: MLS006 expect[1].cuont: "),
        (f"expect:\n  - {BETWEEN}\n  - soon\n", ":3:5: MLS008 expect[1]: must be a mapping, not text ('soon')"),
        ("expect: [\n", "MLS003"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(text: str, said: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        read_expectations(io.StringIO(text))
    assert said in str(caught.value)


def test_every_problem_is_said_at_once() -> None:
    text = f"other: 1\nexpect:\n  - {BETWEEN}\n    first: x\n    last: y\n  - {{}}\n"
    with pytest.raises(DefinitionError) as caught:
        read_expectations(io.StringIO(text))
    assert [(item.code, item.location and item.location.line) for item in caught.value.diagnostics] == [
        ("MLS006", 1),
        ("MLS301", 4),
        ("MLS301", 5),
        ("MLS007", 6),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "count: 3",
        "first: 2026-03-01T09:00:00Z",
        'last: "2026-03-03T10:00+01:00"',
        "times: [2026-03-03T09:00:00Z, 2026-03-01T09:00:00Z, 2026-03-02T09:00:00Z]",
        'inputs: {day: "${{creation_context.trigger_time}}"}',
        'inputs: {day: "${{ creation_context.trigger_time }}", job: "made by ${{name}}"}',
        "inputs: {rows: 5, share: 0.5, full: true, none: ''}",
        "inputs: {rows: '5', share: '0.5', full: 'True'}",
        "inputs: {data: {type: uri_folder, path: 'azureml:raw@latest'}}",
    ],
)
def test_what_is_met_is_silent(line: str) -> None:
    assert unmet(line) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("count: 4", "<text>:3:10: MLS804 expect.count: expected 4 runs, planned are 3"),
        (
            "first: 2026-03-01T08:00:00Z",
            "<text>:3:10: MLS804 expect.first: expected the first run at 2026-03-01T08:00:00Z, "
            "planned is 2026-03-01T09:00:00Z (Sun 2026-03-01 09:00 UTC)",
        ),
        (
            "last: 2026-03-04",
            "<text>:3:9: MLS804 expect.last: expected the last run at 2026-03-04T00:00:00Z, "
            "planned is 2026-03-03T09:00:00Z (Tue 2026-03-03 09:00 UTC)",
        ),
        (
            "times: [2026-03-01T09:00:00Z, 2026-03-02T10:00:00Z]",
            "<text>:3:10: MLS804 expect.times: 1 not planned: 2026-03-02T10:00:00Z; 2 not expected: "
            "2026-03-02T09:00:00Z (Mon 2026-03-02 09:00 UTC), 2026-03-03T09:00:00Z (Tue 2026-03-03 09:00 UTC)",
        ),
        (
            "times: [2026-03-01T09:00Z, 2026-03-01T09:00Z, 2026-03-02T09:00Z, 2026-03-03T09:00Z]",
            "<text>:3:10: MLS804 expect.times: a time is given twice",
        ),
        ("times: []", "<text>:3:10: MLS804 expect.times: 3 not expected: 2026-03-01T09:00:00Z"),
        (
            "inputs: {rows: 6}",
            "<text>:3:18: MLS804 expect.inputs.rows: expected 6, the run nightly-20260301T090000Z has 5",
        ),
        ("inputs: {rows: 5.0}", "<text>:3:18: MLS804 expect.inputs.rows: expected 5.0, the run nightly-20260301T090000Z has 5"),
        ("inputs: {rows: true}", "<text>:3:18: MLS804 expect.inputs.rows: expected True, the run nightly-20260301T090000Z has 5"),
        ("inputs: {full: 1}", "<text>:3:18: MLS804 expect.inputs.full: expected 1, the run nightly-20260301T090000Z has True"),
        ("inputs: {none: null}", "<text>:3:18: MLS804 expect.inputs.none: expected None, the run nightly-20260301T090000Z has ''"),
        (
            'inputs: {day: "2026-03-01T09:00:00Z"}',
            "<text>:3:17: MLS804 expect.inputs.day: expected '2026-03-01T09:00:00Z', the run nightly-20260302T090000Z has '2026-03-02T09:00:00Z'",
        ),
        (
            "inputs: {dya: 1}",
            "<text>:3:17: MLS804 expect.inputs.dya: expected 1, the run nightly-20260301T090000Z has no such input, "
            "but day, job, rows, share, full, none, data",
        ),
        ("inputs: {data: {type: uri_folder, path: x}}", "<text>:3:18: MLS804 expect.inputs.data"),
    ],
)  # fmt: skip
def test_what_is_not_met_says_what_runs(line: str, said: str) -> None:
    (text,) = unmet(line)
    assert text.startswith(said)


def test_a_window_without_runs_says_so() -> None:
    lines = ("between: [2026-03-01T00:00Z, 2026-03-01T05:00Z]", "first: 2026-03-01T09:00Z", "inputs: {rows: 6}")
    assert unmet(*lines) == [
        "<text>:3:10: MLS804 expect.first: expected the first run at 2026-03-01T09:00:00Z, planned is none"
    ]
    assert unmet(lines[0], "count: 0", "times: []") == []


def test_long_lists_of_times_are_cut() -> None:
    (text,) = unmet("between: [2026-03-01, 2026-03-31]", "times: []")
    assert text.count("UTC") == 5
    assert text.endswith(" and 25 more")


def test_an_input_that_the_job_does_not_have_is_said_for_jobs_without_any() -> None:
    expected = read("inputs: {rows: 5}")
    bare = NIGHTLY.replace(create_job=PipelineJob())
    (found,) = find_unmet(expected, plan_runs(bare, expected.window.start, expected.window.end))
    assert found.message.endswith("has no such input, but none at all")


def test_the_way_out_is_said() -> None:
    expected = read("count: 4")
    (found,) = find_unmet(expected, plan_of(expected))
    assert "mlschedule plan" in found.hint


@pytest.mark.parametrize("form", ["%Y-%m-%dT%H:%M:%SZ", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S.0000000Z"])
def test_jb_3_the_trigger_time_has_the_form_of_the_profile(form: str) -> None:
    line = 'inputs: {day: "${{creation_context.trigger_time}}"}'
    assert unmet(line, trigger_time_format=form) == []
    written = f"{at(1, 9):{form}}"
    (text,) = unmet(f'inputs: {{day: "{written}"}}', trigger_time_format=form)
    assert f"the run nightly-20260302T090000Z has '{at(2, 9):{form}}'" in text


def test_an_expectation_that_expects_nothing_is_refused() -> None:
    with pytest.raises(DefinitionError) as caught:
        read_expectations(io.StringIO("expect:\n- between: [2026-03-01, 2026-04-01]\n"))
    assert "MLS007 expect[0]: it expects nothing\n  hint: add count, first, last, times or inputs" in str(caught.value)
