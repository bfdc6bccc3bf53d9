"""Several schedules at once: what they share is told once, each is seen in ``next``; what a terminal wraps."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from cli_runs import run, write_files

from pytest_mlschedule.diagnostics import Location, warning
from pytest_mlschedule.report.findings import tell_once
from pytest_mlschedule.report.wrapping import wrap_line

SHARED = """\
name: {name}
trigger: {{type: cron, expression: "{expression}", start_time: "2026-01-01T00:00:00"}}
create_job: ../pipelines/shared.yml
"""


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch) -> None:
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    Path("pipelines/shared.yml").write_text("type: pipeline\ninputs: {rows: 0x10}\njobs: {}\n")
    Path("shared").mkdir()
    for name, expression in (("one", "*/5 * * * *"), ("two", "0 0 * * 1"), ("three", "0 3 * * *")):
        Path(f"shared/{name}.yml").write_text(SHARED.format(name=name, expression=expression))


def test_a_warning_in_a_shared_file_is_told_once() -> None:
    result = run("plan", "shared", "--from", "2026-03-01", "--for", "1d")
    (line,) = (line for line in result.stderr.splitlines() if "MLS" in line)
    assert line.startswith("pipelines/shared.yml:2:16: MLS011 ")
    assert line.endswith("(used by one, three and two)")
    alone = run("plan", "shared/one.yml", "--from", "2026-03-01", "--for", "1d").stderr
    assert alone.startswith("pipelines/shared.yml:2:16: MLS011 ")
    assert "used by" not in alone
    explained = run("explain", "shared", "--now", "2026-03-01").stdout
    assert explained.count("MLS011") == explained.count("(used by one, three and two)") == 1
    assert explained.index("MLS011") < explained.index("three (shared/three.yml)")


def test_an_error_in_a_shared_file_names_the_files() -> None:
    Path("pipelines/shared.yml").write_text("type: pipeline\nnonsense: 1\njobs: {}\n")
    result = run("plan", "shared")
    assert result.exit_code == 1
    (line,) = (line for line in result.stderr.splitlines() if "MLS006" in line)
    assert line.endswith("(used by shared/one.yml, shared/three.yml and shared/two.yml)")


def test_explain_shows_warnings_beside_errors() -> None:
    Path("shared/bad.yml").write_text(SHARED.format(name="bad", expression="61 * * * *"))
    result = run("explain", "shared")
    assert (result.exit_code, result.stdout) == (1, "")
    assert ("MLS102" in result.stderr, "MLS011" in result.stderr) == (True, True)


def test_many_users_are_counted() -> None:
    found = warning("MLS011", "odd").at(Location("a/../b.yml", 2, 3))
    told = tell_once([(f"s{number}", [found, found]) for number in range(8)])
    assert [len(items) for items in told] == [1, 0, 0, 0, 0, 0, 0, 0]
    assert str(told[0][0]) == "b.yml:2:3: MLS011 odd (used by s0, s1, s2, s3, s4 and 3 more)"
    nowhere = [warning("MLS011", "odd"), warning("MLS011", "odd").at(Location("<text>", 1, 1))]
    assert tell_once([("a", nowhere)]) == [nowhere]


def test_next_shows_every_schedule() -> None:
    result = run("next", "shared", "-n", "2", "--from", "2026-03-01")
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:3]] == ["one", "one"]
    assert lines[4:6] == [
        "three  not before Sun 2026-03-01 03:00 +00:00 = 2026-03-01T03:00:00Z",
        "two    not before Mon 2026-03-02 00:00 +00:00 = 2026-03-02T00:00:00Z",
    ]
    assert lines[6].startswith("the next 2 runs of 3 schedules from 2026-03-01T00:00:00Z on")
    assert "not before" not in run("next", "shared", "-n", "400", "--from", "2026-03-01").stdout


def test_next_counts_schedules_that_are_too_many_to_show() -> None:
    for number in range(13):
        Path(f"shared/n{number}.yml").write_text(SHARED.format(name=f"n{number:02}", expression="0 4 * * *"))
    ended = SHARED.format(name="ended", expression="0 4 * * *").replace(
        '00:00"', '00:00", end_time: "2026-02-01T00:00:00"'
    )
    Path("shared/ended.yml").write_text(ended)
    lines = run("next", "shared", "-n", "1", "--from", "2026-03-01").stdout.splitlines()
    assert sum("not before" in line for line in lines) == 10
    assert "... and 5 more schedules run later" in lines
    assert not any("ended" in line for line in lines)


def test_next_finds_runs_that_are_far_away() -> None:
    yearly = "name: far\ntrigger: {type: recurrence, frequency: month, interval: 12, "
    yearly += 'start_time: "2031-01-01T00:00:00"}\ncreate_job: ../pipelines/shared.yml\n'
    Path("shared/far.yml").write_text(yearly)
    text = run("next", "shared", "-n", "1", "--from", "2026-03-01").stdout
    assert "far    not before Wed 2031-01-01 00:00 +00:00 = 2031-01-01T00:00:00Z" in text


def test_the_table_is_aligned_where_times_have_seconds() -> None:
    Path("odd.yml").write_text(
        'name: odd\ntrigger: {type: recurrence, frequency: day, interval: 1, start_time: "2026-03-01T00:00:30"}\n'
        "create_job: azureml:x\n"
    )
    arguments = ("plan", "odd.yml", "shared/three.yml", "--from", "2026-03-01", "--for", "2d", "--zone", "Asia/Tokyo")
    lines = run(*arguments).stdout.splitlines()
    head, *rows = lines[:5]
    column = head.index("UTC")
    assert {row[column : column + 9] for row in rows} == {"2026-03-0"}
    assert [row[column - 2 : column] for row in rows] == ["  "] * 4
    inputs = head.index("inputs")
    assert {row[inputs - 2 : inputs].strip() for row in rows} == {""}
    # What is not shown needs no room.
    assert run(*arguments, "--limit", "1").stdout.splitlines()[0].index("UTC") == column
    assert run("plan", "shared/three.yml").stdout.splitlines()[0].index("UTC") == column - 3


def test_help_says_how_long_a_year_is() -> None:
    assert "365 days" in run("plan", "--help").stdout


def test_lines_are_wrapped_at_words() -> None:
    assert list(wrap_line("    one two-three four", None)) == ["    one two-three four"]
    assert list(wrap_line("    one two-three four five six", 24)) == ["    one two-three four", "five six"]
    text = "  starts     the pipeline job in pipelines/train.yml, with other inputs and tags"
    assert list(wrap_line(text, 50, 13)) == [
        "  starts     the pipeline job in",
        "             pipelines/train.yml, with other",
        "             inputs and tags",
    ]
    assert list(wrap_line("a/long-path/of-one.yml and more words here", 20)) == [
        "a/long-path/of-one.yml",
        "and more words here",
    ]


def test_a_terminal_wraps_explanations_and_diagnostics(monkeypatch, capsys) -> None:
    from pytest_mlschedule.cli.commands import commands

    monkeypatch.setenv("COLUMNS", "72")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    commands(["explain", "schedules/monthly.yml", "--now", "2026-03-01"], standalone_mode=False)
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 72
    assert "hint: write" in shown
    plain = run("explain", "schedules/monthly.yml", "--now", "2026-03-01").stdout
    assert shown.split() == plain.split()
    assert max(map(len, plain.splitlines())) > 100
    commands(["plan", "schedules/monthly.yml", "--from", "2026-03-01", "-o", "json"], standalone_mode=False)
    errors = capsys.readouterr().err
    assert max(map(len, errors.splitlines())) <= 72 + len("\x1b[33m\x1b[1m\x1b[0m")
    assert "MLS103" in errors


def test_files_are_counted_where_reading_them_takes_long(monkeypatch, capsys) -> None:
    from pytest_mlschedule.cli import output

    monkeypatch.setattr(output, "PATIENCE", -1.0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    assert list(output.follow_files(iter("abcd"))) == list("abcd")
    assert "reading files" in capsys.readouterr().err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    assert list(output.follow_files(iter("abcd"))) == list("abcd")
    assert capsys.readouterr().err == ""
