"""What is wrong is said in one line, with the way out; exit codes tell definitions (1) from usage and files (2)."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_runs import run, write_files


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch) -> None:
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)


USAGE = [
    (["plan"], "Missing argument 'PATHS...'."),
    (["plan", "schedules", "--from", "yesterday"], "Invalid value for '--from': 'yesterday' is not a time: write 2026-03-08, "),
    (["plan", "schedules", "--to", "2026"], "Invalid value for '--to': '2026' is not a time: "),
    (["plan", "schedules", "--now", "x"], "Invalid value for '--now': 'x' is not a time: "),
    (["next", "schedules", "--created-at", "x"], "Invalid value for '--created-at': 'x' is not a time: "),
    (["plan", "schedules", "--from", "2500-01-01"], "Invalid value for '--from': 2500-01-01T00:00:00+00:00 is outside the supported years 1970 to 2200"),
    (["plan", "schedules", "--for", "3x"], "Invalid value for '--for': '3x' is not a duration: write numbers with y, w, d, h, m or s"),
    (["plan", "schedules", "--for", "900y"], "the window ends after 2200, the last year that is supported"),
    (["plan", "schedules", "--for", "9000y"], "the window ends after 2200, the last year that is supported"),
    (["plan", "schedules", "--for", "999999999y"], "Invalid value for '--for': '999999999y' is longer than any time there is"),
    (["plan", "schedules", "--to", "2026-03-01", "--for", "1d"], "--to and --for both say where the window ends; give one of them"),
    (["plan", "schedules", "--from", "2026-03-07", "--to", "2026-03-01"], "the window ends at 2026-03-01T00:00:00Z, before it starts at 2026-03-07T00:00:00Z"),
    (["plan", "schedules", "--zone", "Mars"], "Invalid value for '--zone': 'Mars' is not a time zone (write a Windows time zone name such as \"Pacific Standard Time\" or \"UTC\"; IANA names such as Europe/Paris work here too)"),
    (["plan", "schedules", "--zone", "Pacific Standart Time"], "Invalid value for '--zone': 'Pacific Standart Time' is not a time zone (did you mean \"Pacific Standard Time\""),
    (["plan", "schedules", "-o", "xml"], "Invalid value for '-o' / '--output': 'xml' is not one of 'table', 'calendar', 'json', 'csv', 'markdown', 'ics'."),
    (["plan", "schedules", "-o", "csv", "--limit", "5"], "--limit is for table and markdown; csv holds every run of the window"),
    (["next", "schedules", "-n", "0"], "Invalid value for '-n': 0 is not in the range x>=1."),
    (["frobnicate"], "No such command 'frobnicate'."),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), USAGE, ids=[" ".join(arguments) for arguments, _ in USAGE])
def test_wrong_usage(arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1].startswith(f"Error: {message}")


FILES = [
    (["plan", "nope.yml"], "mlschedule: nope.yml: no such file or directory"),
    (["next", "nope.yml", "schedules", "x/y"], "mlschedule: nope.yml, x/y: no such file or directory"),
    (["explain", "schedules", "--jobs", "nope"], "mlschedule: nope: no such file or directory"),
    (["plan", "empty"], "mlschedule: no schedules in empty: a schedule is YAML or JSON with trigger and create_job"),
    (["plan", "empty", "pipelines"], "mlschedule: no schedules in empty, pipelines: a schedule is YAML or JSON with"),
    (
        ["plan", "/dev/null"],
        "/dev/null:1:1: MLS001 cannot be read: it is not a regular file (a device, pipe or socket)",
    ),
]


@pytest.mark.parametrize(("arguments", "message"), FILES, ids=[" ".join(arguments) for arguments, _ in FILES])
def test_files_that_cannot_be_read(arguments: list[str], message: str) -> None:
    Path("empty").mkdir()
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(message)


def test_definitions_with_errors_show_all_of_them_and_no_plan() -> None:
    broken = (
        Path("schedules/monthly.yml").read_text().replace('"0 9', '"61 29').replace("Pacific", "Pacifik") + "x: 1\n"
    )
    Path("schedules/monthly.yml").write_text(broken)
    columns = [broken.splitlines()[1].index(part) + 1 for part in ("61", "29", "Pacifik")]
    for command in ("plan", "next", "explain"):
        result = run(command, "schedules", "--now", "2026-03-07")
        assert (result.exit_code, result.stdout) == (1, "")
        places = [line.split()[:2] for line in result.stderr.splitlines() if line.startswith("schedules/")]
        assert places == [
            [f"schedules/monthly.yml:2:{columns[0]}:", "MLS102"],
            [f"schedules/monthly.yml:2:{columns[1]}:", "MLS102"],
            [f"schedules/monthly.yml:2:{columns[2]}:", "MLS302"],
            ["schedules/monthly.yml:4:1:", "MLS006"],
        ]
        assert "\n  hint: " in result.stderr


def test_a_job_is_no_schedule() -> None:
    result = run("plan", "pipelines/train.yml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("pipelines/train.yml:1:1: MLS010 this is a job, not a schedule")


def test_broken_jobs() -> None:
    result = run("plan", "schedules", "--jobs", "pipelines/broken.yml", "--jobs", "pipelines/component.yml")
    assert result.exit_code == 1
    assert "pipelines/broken.yml:" in result.stderr
    assert "MLS003" in result.stderr


def test_two_schedules_of_one_name() -> None:
    Path("schedules/other.yml").write_text(Path("schedules/nightly.yml").read_text())
    result = run("plan", "schedules")
    assert (result.exit_code, result.stdout) == (1, "")
    assert (
        "schedules/other.yml:1:7: MLS509 name: two schedules are called 'nightly'; the other one is in schedules/nightly.yml"
        in result.stderr
    )


def test_stdin_that_is_no_yaml() -> None:
    result = run("plan", "-", text="a: [")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "MLS003" in result.stderr


def test_many_notes_alike_are_counted() -> None:
    for index in range(9):
        text = Path("schedules/monthly.yml").read_text().replace("monthly", f"m{index}").replace('"0 9 1', '"0 9 *')
        Path(f"schedules/m{index}.yml").write_text(text)
    Path("schedules/monthly.yml").unlink()
    result = run("plan", "schedules", "--from", "2026-03-07", "--jobs", "pipelines")
    lines = [line for line in result.stderr.splitlines() if "MLS506" in line]
    assert len(lines) == 6
    assert lines[-1] == "MLS506 ... and 4 more notes like these"
    assert "MLS507" not in result.stderr
