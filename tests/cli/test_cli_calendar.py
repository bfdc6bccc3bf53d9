"""``mlschedule plan -o calendar``: heat maps, in colours on a terminal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli_runs import run, write_files
from terminal_runs import in_terminal

from pytest_mlschedule import CronTrigger, JobSchedule, Plan, plan_runs
from pytest_mlschedule.cli import terminal
from pytest_mlschedule.report.listing import Listing
from pytest_mlschedule.report.plan_calendar import write_calendar

CALENDAR = ("plan", "schedules/nightly.yml", "--from", "2026-03-02", "--for", "14d", "-o", "calendar")


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)


def build_plan() -> Plan:
    trigger = CronTrigger("30 2 * * *", time_zone="Pacific Standard Time")
    start = datetime(2026, 3, 2, tzinfo=UTC)
    return plan_runs(JobSchedule(name="a", trigger=trigger, create_job="azureml:b"), start, start + timedelta(days=14))


def test_plain_text_in_a_pipe() -> None:
    result = run(*CALENDAR)
    lines = result.stdout.splitlines()
    assert lines[:4] == ["Runs by day in UTC (--zone shows another zone)", "2026  Mar", "       2  9", "Mon    1  1"]
    assert "   ^ Sun 2026-03-08: clocks go forward 1 hour in Pacific" in lines
    assert lines[-2].startswith("14 runs of 1 schedule from 2026-03-02T00:00:00Z to 2026-03-16T00:00:00Z")
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in result.stdout
    assert result.exit_code == 0


def test_days_and_hours_are_those_of_zone() -> None:
    lines = run(*CALENDAR, "--zone", "Europe/Paris").stdout.splitlines()
    assert lines[0] == "Runs by day in Europe/Paris"
    assert "Runs by hour and weekday in Europe/Paris" in lines
    # 10:30 UTC and from 2026-03-08 on 09:30 UTC are 11:30 and 10:30 in Paris
    assert "Mon    .  .  .  .  .  .  .  .  .  .  1  1  .  .  .  .  .  .  .  .  .  .  .  ." in lines


def test_limit_is_not_for_it() -> None:
    result = run(*CALENDAR, "--limit", "5")
    assert result.exit_code == 2
    assert "--limit is for table and markdown; calendar holds every run of the window" in result.stderr


@pytest.mark.parametrize("columns", [80, 120])
def test_colours_on_a_terminal(columns: int) -> None:
    shown = in_terminal(*CALENDAR, columns=columns)
    assert "Runs by hour and weekday in UTC" in shown
    assert "\x1b[" in shown


@pytest.mark.parametrize("no_color", [False, True])
def test_no_color_takes_colours_away_and_leaves_the_text(
    no_color: bool,  # noqa: FBT001 (a parameter of a test)
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in (("FORCE_COLOR", "1"), ("TERM", "xterm-256color"), ("COLORTERM", ""), ("COLUMNS", "80")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    terminal.print_calendar(Listing(plan=build_plan()))
    shown = capsys.readouterr().out
    assert ("48;5;" in shown) is not no_color  # a background of 256 colours
    assert ("38;5;" in shown) is not no_color


def test_a_terminal_without_colours_shows_what_a_pipe_shows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    listing = Listing(plan=build_plan())
    terminal.print_calendar(listing)
    printed = capsys.readouterr().out.splitlines()
    assert [line.rstrip() for line in printed] == "".join(write_calendar(listing)).splitlines()


def test_every_digit_is_read_on_its_colour() -> None:
    """The contrast of text and background, as WCAG 2 defines it, is 4.5 at least."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert len(terminal.SHADES) == 10
    for shade in terminal.SHADES[1:]:
        dark, light = sorted(map(luminance, shade.split(" on ")))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, shade
