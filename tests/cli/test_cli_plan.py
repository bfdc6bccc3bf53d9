"""``mlschedule plan`` and ``next``: windows, zones, formats, limits."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import icalendar
import pytest
from cli_runs import run, write_files

from pytest_mlschedule import Plan
from pytest_mlschedule.triggers.zones import tzdata_version

TZDATA = f"(tzdata {tzdata_version()})"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch) -> None:
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)


def test_a_table() -> None:
    result = run("plan", "schedules/nightly.yml", "--from", "2026-03-07", "--to", "2026-03-09")
    assert result.stderr == ""
    assert result.stdout == (
        "schedule  local time                   UTC                   inputs\n"
        "nightly   Sat 2026-03-07 02:30 -08:00  2026-03-07T10:30:00Z  rows=5 date=2026-03-07T10:30:00Z\n"
        "nightly   Sun 2026-03-08 03:30 -07:00  2026-03-08T10:30:00Z  rows=5 date=2026-03-08T10:30:00Z\n"
        "\n"
        f"2 runs of 1 schedule from 2026-03-07T00:00:00Z to 2026-03-09T00:00:00Z {TZDATA}\n"
    )
    assert result.exit_code == 0


def test_remarks_go_to_stderr() -> None:
    result = run("plan", "schedules", "--from", "2026-03-07", "--for", "1d")
    assert result.stderr.splitlines() == [
        "schedules/monthly.yml:2:40: MLS103 trigger.expression: the 1 in DAYS is ignored by Azure ML: '0 9 1 * *' runs every "
        "day: 365 runs a year, not 12, 30 times more than it looks",
        '  hint: write "*" in DAYS and MONTHS, or use a recurrence trigger with frequency month and month_days',
        "schedules/monthly.yml:2:1: MLS506 trigger.start_time: monthly has no start_time: some documents say that a first "
        "job runs at creation (ST-7)",
        '  hint: set start_time; ServiceProfile(first_run="instant") plans that job',
        "schedules/monthly.yml:3:1: MLS507 create_job: monthly runs the job 'report' of the workspace, which is not known: "
        "overrides alone show",
        "  hint: say what it is (jobs=..., --jobs on the command line)",
    ]
    assert result.exit_code == 0
    assert "monthly 1, nightly 1" in result.stdout


@pytest.mark.parametrize(
    "jobs", [["pipelines"], ["pipelines/report.yml"], ["pipelines/train.yml", "pipelines/report.yml"]]
)
def test_jobs_say_what_references_mean(jobs: list[str]) -> None:
    options = [part for path in jobs for part in ("--jobs", path)]
    result = run("plan", "schedules/monthly.yml", "--from", "2026-03-07", "--for", "1d", *options)
    assert "MLS507" not in result.stderr
    assert "2026-03-07T17:00:00Z  pages=7\n" in result.stdout


def window(*options: str) -> tuple[str, str]:
    document = json.loads(run("plan", "schedules/nightly.yml", "-o", "json", *options).stdout)
    return document["window"]["start"], document["window"]["end"]


WINDOWS = [
    (["--from", "2026-03-07", "--to", "2026-03-09T12:30"], ("2026-03-07T00:00:00Z", "2026-03-09T12:30:00Z")),
    (["--from", "2026-03-07", "--for", "36h"], ("2026-03-07T00:00:00Z", "2026-03-08T12:00:00Z")),
    (["--from", "2026-03-07T01:00:00-08:00", "--for", "2w"], ("2026-03-07T09:00:00Z", "2026-03-21T09:00:00Z")),
    (["--now", "2026-03-07"], ("2026-03-07T00:00:00Z", "2026-03-14T00:00:00Z")),
    (["--now", "2026-03-07", "--to", "2026-03-08"], ("2026-03-07T00:00:00Z", "2026-03-08T00:00:00Z")),
    (["--from", "2026-03-07", "--for", "1d", "--zone", "Pacific Standard Time"], ("2026-03-07T08:00:00Z", "2026-03-08T08:00:00Z")),
    (["--now", "2026-03-07", "--for", "1d", "--zone", "america/los_angeles"], ("2026-03-07T08:00:00Z", "2026-03-08T08:00:00Z")),
    (["--from", "2026-03-07T00:00Z", "--for", "1d", "--zone", "Asia/Tokyo"], ("2026-03-07T00:00:00Z", "2026-03-08T00:00:00Z")),
    (["--from", "2200-12-31", "--to", "2201-01-01"], ("2200-12-31T00:00:00Z", "2201-01-01T00:00:00Z")),
    (["--from", "2026-03-07", "--to", "2026-03-07"], ("2026-03-07T00:00:00Z", "2026-03-07T00:00:00Z")),
]  # fmt: skip


@pytest.mark.parametrize(("options", "expected"), WINDOWS, ids=[" ".join(options) for options, _ in WINDOWS])
def test_windows(options: list[str], expected: tuple[str, str]) -> None:
    assert window(*options) == expected


def test_now_is_the_machines_clock_where_nothing_is_said() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    start = datetime.fromisoformat(window()[0])
    assert before <= start <= datetime.now(UTC)
    assert start.microsecond == 0


def test_another_zone_is_one_more_column() -> None:
    result = run(
        "plan", "schedules/nightly.yml", "--from", "2026-03-07", "--for", "1d", "--zone", "w. europe standard time"
    )
    assert result.stdout.splitlines()[:2] == [
        "schedule  local time                   UTC                   W. Europe Standard Time      inputs",
        "nightly   Sat 2026-03-07 02:30 -08:00  2026-03-07T10:30:00Z  Sat 2026-03-07 11:30 +01:00  rows=5 date=2026-03-07T10:30:00Z",
    ]


def test_created_at_is_where_runs_begin() -> None:
    options = ("plan", "schedules/nightly.yml", "--from", "2026-03-07", "--for", "3d", "-o", "json")
    document = json.loads(run(*options, "--created-at", "2026-03-08T11:00").stdout)
    assert document["created_at"] == "2026-03-08T11:00:00Z"
    assert [entry["trigger_time"] for entry in document["runs"]] == ["2026-03-09T09:30:00Z"]


def test_every_format_holds_every_run() -> None:
    options = ("plan", "schedules/nightly.yml", "--from", "2026-01-01", "--for", "4y", "--now", "2026-02-01", "-o")
    texts = {form: run(*options, form).stdout for form in ("table", "json", "csv", "markdown", "ics")}
    plan = Plan.from_dict(json.loads(texts["json"]))
    assert len(plan) == 1460
    names = [run.display_name for run in plan]
    assert [row["display_name"] for row in csv.DictReader(io.StringIO(texts["csv"]))] == names
    events = icalendar.Calendar.from_ical(texts["ics"]).walk("VEVENT")
    assert [str(event["description"]).splitlines()[0] for event in events] == names
    assert {event["dtstamp"].dt for event in events} == {datetime(2026, 2, 1, tzinfo=UTC)}
    assert texts["table"].count("\nnightly ") == texts["markdown"].count("| `nightly` |") == 500
    assert "... and 960 more: --limit 0 shows all, -o csv, json and ics hold all\n" in texts["table"]
    everything = run(*options, "table", "--limit", "0").stdout
    assert everything.count("\nnightly ") == 1460
    assert "more" not in everything
    assert run(*options, "markdown", "--limit", "3").stdout.count("| `nightly` |") == 3


def test_plain_text_has_no_colours_and_no_cut_lines() -> None:
    Path("schedules/nightly.yml").write_text(
        Path("schedules/nightly.yml").read_text().replace("inputs: {", f"inputs: {{long: {'x' * 300}, ")
    )
    result = run("plan", "schedules", "--from", "2026-03-07", "--for", "1d")
    assert "x" * 300 in result.stdout
    assert "\x1b" not in result.stdout + result.stderr


def test_next() -> None:
    result = run("next", "schedules/nightly.yml", "-n", "2", "--now", "2026-03-07T10:30")
    assert result.stdout == (
        "schedule  local time                   UTC                   inputs\n"
        "nightly   Sat 2026-03-07 02:30 -08:00  2026-03-07T10:30:00Z  rows=5 date=2026-03-07T10:30:00Z\n"
        "nightly   Sun 2026-03-08 03:30 -07:00  2026-03-08T10:30:00Z  rows=5 date=2026-03-08T10:30:00Z\n"
        "\n"
        f"the next 2 runs of 1 schedule from 2026-03-07T10:30:00Z on {TZDATA}\n"
    )
    assert run("next", "schedules/nightly.yml", "--now", "2026-03-07").stdout.count("\nnightly ") == 10
    later = run("next", "schedules/nightly.yml", "-n", "1", "--from", "2030-01-01", "--now", "2026-03-07").stdout
    assert "2030-01-01T10:30:00Z" in later


def test_next_of_several_schedules_is_in_time_order_and_cuts_ties() -> None:
    Path("schedules/twin.yml").write_text(Path("schedules/nightly.yml").read_text().replace("nightly", "twin"))
    lines = run("next", "schedules", "-n", "4", "--now", "2026-03-07").stdout.splitlines()
    assert [line.split()[0] for line in lines[1:5]] == ["nightly", "twin", "monthly", "nightly"]
    assert lines[5:] == ["", f"the next 4 runs of 3 schedules from 2026-03-07T00:00:00Z on {TZDATA}"]


def test_next_of_a_schedule_that_has_ended() -> None:
    ended = (
        Path("schedules/nightly.yml").read_text().replace("create_job", '  end_time: "2026-03-08T00:00:00"\ncreate_job')
    )
    Path("schedules/nightly.yml").write_text(ended)
    assert run("next", "schedules/nightly.yml", "--now", "2026-03-07").stdout.count("\nnightly ") == 1
    assert run("next", "schedules/nightly.yml", "--now", "2026-04-07").stdout.startswith("no more runs of 1 schedule")


def test_stdin() -> None:
    text = Path("schedules/nightly.yml").read_text().replace("../pipelines", "./pipelines")
    result = run("next", "-", "-n", "1", "--now", "2026-03-07", text=text)
    assert "2026-03-07T10:30:00Z  rows=5" in result.stdout
    both = run("plan", "-", "schedules/monthly.yml", "--from", "2026-03-07", "--for", "1d", text=text)
    assert "monthly 1, nightly 1" in both.stdout
