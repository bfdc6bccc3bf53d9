"""``mlschedule explain``, ``--version``, ``--help``, the entry point, and what the command does not load."""

from __future__ import annotations

import io
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from cli_runs import run, write_files

from pytest_mlschedule.cli import main
from pytest_mlschedule.triggers.zones import tzdata_version


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch) -> None:
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)


def test_explain() -> None:
    result = run("explain", "schedules", "-n", "1", "--now", "2026-03-01", "--jobs", "pipelines")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "monthly (schedules/monthly.yml)\n"
        "  runs every day at 09:00 Pacific (the 1 in DAYS is ignored by Azure ML: 365 runs a year, not 12)\n"
        "\n"
        "  starts     the job report of the workspace\n"
        "  time zone  Pacific Standard Time = America/Los_Angeles\n"
        "  from       its creation on (no start_time)\n"
        "  until      it is disabled (no end_time)\n"
        "  runs       365 in the 365 days from 2026-03-01T00:00:00Z\n"
        "\n"
        "  next runs\n"
        "    Sun 2026-03-01 09:00 -08:00  2026-03-01T17:00:00Z  monthly-20260301T170000Z\n"
        "      pages = 7\n"
        "\n"
        "  when the clocks change\n"
        "    none in two years: no run falls into a change of the clocks; the wall clock stays (DST-1)\n"
        "\n"
        "  remarks\n"
        "    schedules/monthly.yml:2:40: MLS103 trigger.expression: the 1 in DAYS is ignored by Azure ML: '0 9 1 * *' runs "
        "every day: 365 runs a year, not 12, 30 times more than it looks\n"
        '      hint: write "*" in DAYS and MONTHS, or use a recurrence trigger with frequency month and month_days\n'
        "    schedules/monthly.yml:2:1: MLS506 trigger.start_time: monthly has no start_time: some documents say that a first "
        "job runs at creation (ST-7)\n"
        '      hint: set start_time; ServiceProfile(first_run="instant") plans that job\n'
        "\n"
        "nightly (schedules/nightly.yml)\n"
        "  runs every day at 02:30 Pacific\n"
        "\n"
        "  starts     the pipeline job in pipelines/train.yml, with other inputs\n"
        "  time zone  Pacific Standard Time = America/Los_Angeles\n"
        "  from       2026-01-01 00:00 Pacific (2026-01-01T08:00:00Z)\n"
        "  until      it is disabled (no end_time)\n"
        "  runs       365 in the 365 days from 2026-03-01T00:00:00Z\n"
        "\n"
        "  next runs\n"
        "    Sun 2026-03-01 02:30 -08:00  2026-03-01T10:30:00Z  nightly-20260301T103000Z\n"
        "      rows = 5\n"
        "      date = 2026-03-01T10:30:00Z\n"
        "\n"
        "  when the clocks change\n"
        "    Sun 2026-03-08: 02:30 does not exist, it moves to 03:30 Pacific (2026-03-08T10:30:00Z)\n"
        "    Sun 2027-03-14: 02:30 does not exist, it moves to 03:30 Pacific (2027-03-14T10:30:00Z)\n"
    )


def test_version() -> None:
    result = run("--version")
    assert result.stdout == f"mlschedule {version('pytest-mlschedule')} (tzdata {tzdata_version()})\n"


def test_help_names_the_commands_and_exit_codes() -> None:
    text = run("-h").stdout
    for part in ("plan", "next", "explain", "Exit status: 0; 1 when a definition has errors; 2 for wrong usage"):
        assert part in text
    assert "--created-at TIME" in run("plan", "--help").stdout


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)


def test_the_entry_point_loads_no_more_than_it_needs() -> None:
    code = (
        "import sys; from pytest_mlschedule.cli import main\n"
        "try: main()\n"
        "finally: print(sorted({'rich', 'pytest', 'freezegun', 'croniter', 'jmespath', 'azure', 'werkzeug'} & set(sys.modules)))"
    )
    result = python(code, "next", "schedules/nightly.yml", "-n", "1", "--now", "2026-03-07")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1] == "[]"


def test_the_entry_point_exits_with_the_code_of_the_command() -> None:
    command = [sys.executable, "-m", "pytest_mlschedule.cli", "plan"]
    assert subprocess.run([*command, "nope.yml"], capture_output=True, check=False).returncode == 2
    assert subprocess.run([*command, "pipelines/train.yml"], capture_output=True, check=False).returncode == 1


def test_characters_that_the_output_cannot_show() -> None:
    text = Path("schedules/nightly.yml").read_text().replace("inputs: {", "inputs: {who: 漢, ")
    Path("schedules/nightly.yml").write_text(text, encoding="utf-8")
    code = (
        "import io, sys\n"
        "sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='latin-1')\n"
        "from pytest_mlschedule.cli import main; main()"
    )
    result = python(code, "next", "schedules/nightly.yml", "-n", "1", "--now", "2026-03-07")
    assert (result.returncode, result.stderr) == (0, "")
    assert "who=\\u6f22" in result.stdout


def test_main(monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["mlschedule", "--version"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("mlschedule ")


def test_main_takes_streams_that_cannot_be_changed(monkeypatch) -> None:
    output = io.StringIO()
    monkeypatch.setattr(sys, "argv", ["mlschedule", "--version"])
    monkeypatch.setattr(sys, "stdout", output)
    with pytest.raises(SystemExit):
        main()
    assert output.getvalue().startswith("mlschedule ")
