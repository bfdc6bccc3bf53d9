"""``mlschedule audit``: a history against schedules, what it prints, and how it ends."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cli_runs import run, write_files
from click.testing import Result
from terminal_runs import in_terminal

NIGHTS = [datetime(2026, 3, day, 10 if day < 8 else 9, 30, tzinfo=UTC) for day in range(2, 12)]
"""02:30 in Los Angeles; on the 8th it does not exist and is shifted to 03:30 = 10:30Z."""
NIGHTS[6] = datetime(2026, 3, 8, 10, 30, tzinfo=UTC)
CONTRADICTED = 'gap = "skip"'


def job(name: str, instant: datetime, late: int = 5, /, **changes: Any) -> dict[str, Any]:
    return {
        "name": f"{name}-{instant:%d%H%M%S}",
        "display_name": f"{name}-{instant:%Y%m%dT%H%M%SZ}",
        "status": "Completed",
        "creation_context": {"created_at": (instant + timedelta(seconds=late)).isoformat()},
        "properties": {"runSource": "Schedule"},
        **changes,
    }


def history(*nights: datetime) -> str:
    return json.dumps([job("nightly", instant) for instant in nights])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_files(tmp_path)
    (tmp_path / "schedules" / "monthly.yml").unlink()
    (tmp_path / "jobs.json").write_text(history(*NIGHTS))
    (tmp_path / "skipped.json").write_text(history(*NIGHTS[:6], *NIGHTS[7:]))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def audit(*arguments: str, text: str | None = None) -> Result:
    return run("audit", *arguments, text=text)


def document(*arguments: str) -> dict[str, Any]:
    result = audit(*arguments, "-o", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)  # type: ignore[no-any-return]


def test_all_is_well() -> None:
    result = audit("jobs.json", "schedules", "--fail-on", "deviation")
    assert result.exit_code == 0
    assert result.stdout == (
        "schedule  due  on time  late  missing  extra  manual  delay p50  p95  max\n"
        "nightly    10       10     0        0      0       0         5s   5s   5s\n"
        "\n"
        "Audit of 2026-03-02T10:30:00Z to 2026-03-11T09:30:06Z: 10 due: 10 on time\n"
    )
    assert result.stderr == ""


def test_something_is_missing() -> None:
    result = audit("skipped.json", "schedules")
    assert result.exit_code == 0
    assert "nightly:\n  2026-03-08T10:30:00Z (Sun 2026-03-08 03:30 -07:00): missing\n" in result.stdout
    strict = audit("skipped.json", "schedules", "--fail-on", "deviation")
    assert strict.exit_code == 1
    assert strict.stdout == result.stdout
    assert strict.stderr == "mlschedule: 1 missing (--fail-on deviation)\n"


def test_paths_of_the_configuration(folder: Path) -> None:
    (folder / "mlschedule.toml").write_text('paths = ["schedules"]\nzone = "Europe/Paris"\n[profile]\ngap = "skip"\n')
    result = audit("jobs.json")
    assert (
        "  2026-03-08T10:30:00Z (Sun 2026-03-08 11:30 +01:00): extra, nothing was due, job nightly-08103000\n"
        in result.stdout
    )
    assert "as planned" not in result.stdout
    assert audit("skipped.json", "--fail-on", "deviation").exit_code == 0
    assert audit("skipped.json", "--fail-on", "deviation", "--no-config", "schedules").exit_code == 1


def test_formats() -> None:
    found = document("skipped.json", "schedules")
    assert (found["as_planned"], found["missing"]) == (False, 1)
    assert [entry["kind"] for entry in found["schedules"][0]["entries"]].count("on_time") == 9
    assert (
        "| `nightly` | 10 | 9 | 0 | 1 | 0 | 0 | 5s | 5s | 5s |"
        in audit("skipped.json", "schedules", "-o", "markdown").stdout
    )


def test_the_window_is_what_the_history_covers_or_what_is_said() -> None:
    assert document("jobs.json", "schedules")["window"] == {
        "start": "2026-03-02T10:30:00Z",
        "end": "2026-03-11T09:30:06Z",
    }
    said = document("jobs.json", "schedules", "--from", "2026-02-28", "--to", "2026-03-14")
    assert said["window"] == {"start": "2026-02-28T00:00:00Z", "end": "2026-03-14T00:00:00Z"}
    assert (said["missing"], said["schedules"][0]["missing_before_first_job"]) == (4, 2)
    # With the start alone, what is due in the last five minutes before the last job is left out.
    early = document("jobs.json", "schedules", "--from", "2026-03-10")
    assert early["window"] == {"start": "2026-03-10T00:00:00Z", "end": "2026-03-11T09:25:06Z"}
    assert (
        document("jobs.json", "schedules", "--from", "2026-03-10", "--late-after", "1m")["window"]["end"]
        == "2026-03-11T09:29:06Z"
    )
    assert document("jobs.json", "schedules", "--to", "2026-03-05")["on_time"] == 3


def test_late_after(folder: Path) -> None:
    (folder / "late.json").write_text(json.dumps([job("nightly", instant, 90) for instant in NIGHTS]))
    assert document("late.json", "schedules")["late"] == 0
    assert document("late.json", "schedules", "--late-after", "90s")["late"] == 0
    assert document("late.json", "schedules", "--late-after", "1m")["late"] == 10


def test_several_histories(folder: Path) -> None:
    (folder / "one.json").write_text(history(*NIGHTS[:5]))
    (folder / "two.json").write_text(history(*NIGHTS[4:]))
    assert document("one.json", "schedules", "--history", "two.json")["on_time"] == 10


def test_a_history_from_a_pipe(folder: Path) -> None:
    text = (folder / "skipped.json").read_text()
    assert "nightly    10        9     0        1" in audit("-", "schedules", text=text).stdout
    both = audit("-", "-", text=text)
    assert both.exit_code == 2
    assert "- (stdin) can be read once, as the history or as schedules" in both.stderr
    assert audit("-", "schedules", "--history", "-", text=text).exit_code == 2
    assert (
        audit("jobs.json", "-", text=(folder / "schedules" / "nightly.yml").read_text()).exit_code == 1
    )  # ../pipelines is elsewhere


def test_created_at() -> None:
    jobs = "skipped.json", "schedules", "--from", "2026-02-25"
    assert document(*jobs)["missing"] == 6
    assert document(*jobs, "--created-at", "2026-03-01")["missing"] == 2  # the 1st and the 8th
    assert document(*jobs, "--created-at", "2026-03-09")["missing"] == 0


def test_an_export_says_when_schedules_were_created(folder: Path) -> None:
    trigger = {"type": "cron", "expression": "0 3 * * *", "time_zone": "UTC", "start_time": "2026-01-01T00:00:00"}
    entity = {"name": "s", "trigger": trigger, "create_job": {"id": "azureml:job", "type": "pipeline"}}
    export = [{**entity, "creation_context": {"created_at": "2026-03-04T12:00:00+00:00"}}]
    (folder / "export.json").write_text(json.dumps(export))
    (folder / "s.json").write_text(json.dumps([job("s", datetime(2026, 3, day, 3, tzinfo=UTC)) for day in (5, 6)]))
    found = document("s.json", "export.json", "--from", "2026-03-01")
    assert (found["on_time"], found["missing"]) == (1, 0)


def test_schedules_that_are_disabled_are_noted(folder: Path) -> None:
    entity = {
        "name": "s",
        "trigger": {"type": "cron", "expression": "0 3 * * *"},
        "is_enabled": False,
        "create_job": {"id": "azureml:job", "type": "pipeline"},
    }
    (folder / "export.json").write_text(json.dumps([entity]))
    result = audit("jobs.json", "export.json")
    assert "MLS508 is_enabled: s is disabled: no runs" in result.stderr
    assert "MLS507" not in result.stderr


# Calibration.


def test_calibration() -> None:
    result = audit("jobs.json", "schedules", "--calibrate", "--fail-on", "deviation")
    assert result.exit_code == 0
    assert "supported     gap: shift, as assumed (1 place)\n" in result.stdout
    assert CONTRADICTED not in result.stdout


def test_calibration_of_a_service_that_deviates(folder: Path) -> None:
    result = audit("skipped.json", "schedules", "--calibrate", "--fail-on", "deviation")
    assert result.exit_code == 1
    assert result.stderr == "mlschedule: the history contradicts gap (--fail-on deviation)\n"
    assert f"\n[profile]\n{CONTRADICTED}\n" in result.stdout
    assert audit("skipped.json", "schedules", "--calibrate", "-o", "json").exit_code == 0
    assert json.loads(audit("skipped.json", "schedules", "--calibrate", "-o", "json").stdout)["contradicted"] == ["gap"]
    assert "| contradicted | `gap` |" in audit("skipped.json", "schedules", "--calibrate", "-o", "markdown").stdout
    # What it says to write is what the configuration takes, and then nothing is contradicted.
    (folder / "mlschedule.toml").write_text(f"[profile]\n{CONTRADICTED}\n")
    assert audit("skipped.json", "schedules", "--calibrate", "--fail-on", "deviation").exit_code == 0


def test_calibration_of_texts_that_no_format_gives(folder: Path) -> None:
    (folder / "inputs.json").write_text(
        json.dumps([job("nightly", one, inputs={"date": f"{one.timestamp():.0f}"}) for one in NIGHTS])
    )
    result = audit("inputs.json", "schedules", "--calibrate", "--fail-on", "deviation")
    assert result.exit_code == 1
    assert result.stderr == "mlschedule: the history contradicts trigger_time_format (--fail-on deviation)\n"
    assert "found 1772447400 (%Y-%m-%dT%H:%M:%SZ: 2026-03-02T10:30:00Z)" in result.stdout
    assert "[profile]" not in result.stdout


# In a terminal.


def test_in_a_terminal(folder: Path) -> None:
    wide = in_terminal("audit", "skipped.json", "schedules", columns=100)
    assert "delay p50" in wide
    narrow = in_terminal("audit", "skipped.json", "schedules", columns=60)
    assert "delay p50" not in narrow
    assert max(map(len, narrow.splitlines())) <= 60
    colourful = in_terminal("audit", "skipped.json", "schedules", "--calibrate", columns=80)
    assert "\x1b[31m\x1b[1mcontradicted\x1b[0m  gap: shift is assumed" in colourful


# What cannot be done.


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Missing argument 'HISTORY'"),
        (("none.json", "schedules"), "mlschedule: none.json: no such file or directory\n"),
        (("jobs.json", "schedules", "--history", "none.json"), "mlschedule: none.json: no such file or directory\n"),
        (("schedules", "schedules"), "schedules:1:1: MLS001 cannot be read: it is a directory"),
        (("pipelines/notes.txt", "schedules"), "pipelines/notes.txt:1:1: MLS003 is not valid JSON: expecting value"),
        (("schedules.json", "schedules"), "schedules.json:1:2: MLS008 [0]: must be a job, not a schedule"),
        (("empty.json", "schedules"), "mlschedule: empty.json has no jobs: name the window with --from and --to, or export again\n"),
        (("jobs.json", "schedules", "--from", "2026-04-01"), "the window ends at 2026-03-11T09:25:06Z, not after it starts at 2026-04-01T00:00:00Z"),
        (("jobs.json", "schedules", "--from", "tomorrow"), "'tomorrow' is not a time"),
        (("jobs.json", "nowhere"), "mlschedule: nowhere: no such file or directory\n"),
        (("jobs.json",), "Missing argument 'PATHS...'"),
        (("jobs.json", "schedules", "-o", "xml"), "'xml' is not one of 'table', 'json', 'markdown'"),
    ],
)  # fmt: skip
def test_wrong_usage(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    (folder / "schedules.json").write_text('[{"name": "s", "trigger": {}}]')
    (folder / "empty.json").write_text("[]")
    result = audit(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_an_empty_history_of_a_window_that_is_named(folder: Path) -> None:
    (folder / "empty.json").write_text("[]")
    result = audit("empty.json", "schedules", "--from", "2026-03-01", "--to", "2026-03-04")
    assert "- no job at all: nightly\n" in result.stdout
    assert result.stdout.endswith(": 3 due: 3 missing\n")


@pytest.mark.parametrize("more", [(), ("--calibrate",)])
def test_schedules_with_errors(folder: Path, more: tuple[str, ...]) -> None:
    (folder / "schedules" / "again.yml").write_text((folder / "schedules" / "nightly.yml").read_text())
    result = audit("jobs.json", "schedules", *more)
    assert result.exit_code == 1
    assert "MLS509 name: two schedules are called 'nightly'" in result.stderr
    (folder / "schedules" / "again.yml").write_text("name: x\ntrigger: {type: cron}\ncreate_job: azureml:j\n")
    assert audit("jobs.json", "schedules", *more).exit_code == 1


def test_what_could_not_be_read_of_jobs_is_noted(folder: Path) -> None:
    jobs = [job("nightly", instant, properties={"StartTimeUtc": "soon"}) for instant in NIGHTS]
    (folder / "odd.json").write_text(json.dumps(jobs))
    result = audit("odd.json", "schedules")
    assert result.exit_code == 0
    assert "odd.json:1:2: MLS009 [0].StartTimeUtc: 'soon' is not a time; it counts as not given" in result.stderr
    assert "... and 5 more notes like these" in result.stderr


def test_help() -> None:
    result = audit("--help")
    assert result.stdout.startswith("Usage: mlschedule audit [OPTIONS] HISTORY [PATHS]...\n")
    assert "1 when --fail-on is met or a definition has errors;" in " ".join(result.stdout.split())
