"""What a terminal shows: tables in its width, and a progress bar where it takes long."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import pytest

from pytest_mlschedule import CronTrigger, JobSchedule, PipelineJob, Plan, plan_runs
from pytest_mlschedule.cli import output, terminal
from pytest_mlschedule.report.listing import Listing
from pytest_mlschedule.triggers.zones import tzdata_version, zone

START, END = datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)


def build(name: str, **inputs) -> JobSchedule:
    trigger = CronTrigger("30 2 * * *", time_zone="Pacific Standard Time", start_time="2026-01-01T00:00:00")
    return JobSchedule(name=name, trigger=trigger, create_job=PipelineJob(inputs=inputs))


@pytest.fixture
def plan() -> Plan:
    return plan_runs([build("nightly", note="[red]x[/red]"), build("bare")], START, END)


def show(listing: Listing, width: int, monkeypatch, capsys) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    terminal.print_table(listing)
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def test_a_wide_terminal(plan, monkeypatch, capsys) -> None:
    lines = show(Listing(plan=plan), 120, monkeypatch, capsys)
    assert lines[0].split() == ["schedule", "local", "time", "UTC", "inputs"]
    assert set(lines[1]) == {"─"}
    assert lines[2:] == [
        "bare       Sat 2026-03-07 02:30 -08:00   2026-03-07T10:30:00Z",
        'nightly    Sat 2026-03-07 02:30 -08:00   2026-03-07T10:30:00Z   note="[red]x[/red]"',
        "bare       Sun 2026-03-08 03:30 -07:00   2026-03-08T10:30:00Z",
        'nightly    Sun 2026-03-08 03:30 -07:00   2026-03-08T10:30:00Z   note="[red]x[/red]"',
        f"4 runs of 2 schedules from 2026-03-07T00:00:00Z to 2026-03-09T00:00:00Z (tzdata {tzdata_version()})",
        "bare 2, nightly 2",
    ]


def test_a_narrow_terminal(plan, monkeypatch, capsys) -> None:
    lines = show(Listing(plan=plan), 80, monkeypatch, capsys)
    assert lines[:3] == [
        "Sat 2026-03-07 02:30 -08:00  2026-03-07T10:30:00Z  bare",
        "Sat 2026-03-07 02:30 -08:00  2026-03-07T10:30:00Z  nightly",
        '    note="[red]x[/red]"',
    ]


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_one_schedule_is_a_title(plan, width: int, monkeypatch, capsys) -> None:
    berlin = zone("Europe/Berlin").tzinfo
    listing = Listing(plan=plan.for_schedule("nightly"), zone=berlin, zone_name="Europe/Berlin")
    lines = show(listing, width, monkeypatch, capsys)
    assert lines[0] == "nightly"
    text = " ".join(lines)
    for part in ("Sat 2026-03-07 02:30 -08:00", "2026-03-07T10:30:00Z", 'note="[red]x[/red]"'):
        assert part in text
    assert max(map(len, lines)) <= width


def test_long_inputs_are_folded_not_cut(monkeypatch, capsys) -> None:
    plan = plan_runs(build("a", long="x" * 500), START, END)
    for width in (60, 120):
        lines = show(Listing(plan=plan, limit=1), width, monkeypatch, capsys)
        assert sum(line.count("x") for line in lines) == 500
        assert max(map(len, lines)) <= width


def test_an_empty_plan(monkeypatch, capsys) -> None:
    lines = show(Listing(plan=plan_runs([], START, END)), 120, monkeypatch, capsys)
    assert lines[0].startswith("no runs of 0 schedules")


def test_a_table_goes_to_rich_on_a_terminal_alone(plan, monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "120")
    output.write_listing(Listing(plan=plan), "table", START)
    assert "───" in capsys.readouterr().out
    output.write_listing(Listing(plan=plan), "csv", START)
    assert capsys.readouterr().out.startswith("schedule,trigger_time,")


@pytest.mark.parametrize(("out", "err", "tracked"), [(False, True, True), (True, True, False), (False, False, False)])
def test_progress_is_for_people_at_a_terminal(out, err, tracked, monkeypatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: out)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: err)
    assert (output.follow_progress(5) is not iter) is tracked


@pytest.mark.parametrize("patience", [-1.0, 60.0])
def test_progress_passes_every_run_on(plan, patience: float, monkeypatch, capsys) -> None:
    monkeypatch.setattr(output, "PATIENCE", patience)
    monkeypatch.setattr(output, "CHECKED_EVERY", 1)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    follow = output.follow_progress(len(plan))
    assert list(follow(plan.runs)) == list(plan)
    assert ("writing runs" in capsys.readouterr().err) is (patience < 0)
