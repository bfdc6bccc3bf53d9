"""What the configuration says is the default of every command; options count more."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cli_runs import run, write_files

COMMANDS = ("plan", "next", "explain", "check")
CONFIG = """\
paths = ["schedules"]
jobs = ["pipelines/report.yml"]
window = "2d"
zone = "Asia/Tokyo"
"""


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)


def configure(text: str, name: str = "mlschedule.toml") -> None:
    Path(name).write_text(text)


def plan(*arguments: str) -> dict[str, object]:
    result = run("plan", "-o", "json", "--now", "2026-03-01T00:00:00Z", *arguments)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)  # type: ignore[no-any-return]


def test_paths_come_from_the_configuration() -> None:
    configure('paths = ["schedules"]')
    for command in COMMANDS:
        found = run(command, "--now", "2026-03-01")
        assert "nightly" in found.stdout + found.stderr, command
    assert list(plan()["schedules"]) == ["monthly", "nightly"]  # type: ignore[call-overload]
    assert list(plan("schedules/nightly.yml")["schedules"]) == ["nightly"]  # type: ignore[call-overload]


@pytest.mark.parametrize("command", COMMANDS)
def test_without_paths_anywhere_the_error_says_both_ways_out(command: str) -> None:
    configure('window = "2d"')
    result = run(command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == (
        "Error: Missing argument 'PATHS...'. Name schedule files or folders, or set paths in mlschedule.toml or [tool.mlschedule]."
    )


def test_window_and_zone_come_from_the_configuration() -> None:
    configure(CONFIG)
    made = plan("--from", "2026-03-01")
    assert made["window"] == {"start": "2026-02-28T15:00:00Z", "end": "2026-03-02T15:00:00Z"}
    assert plan("--for", "1d")["window"] == {"start": "2026-03-01T00:00:00Z", "end": "2026-03-02T00:00:00Z"}
    assert plan("--zone", "UTC", "--from", "2026-03-01")["window"] == {
        "start": "2026-03-01T00:00:00Z",
        "end": "2026-03-03T00:00:00Z",
    }
    table = run("plan", "--from", "2026-03-01").stdout
    assert "Asia/Tokyo" in table.splitlines()[0]


def test_jobs_come_from_the_configuration() -> None:
    configure('paths = ["schedules"]\njobs = ["pipelines/report.yml"]')
    assert "pages=7" in run("plan", "--from", "2026-03-01", "--for", "1d").stdout
    result = run("plan", "--from", "2026-03-01", "--for", "1d", "--jobs", "pipelines/train.yml")
    assert "pages=7" not in result.stdout
    assert "MLS507" in result.stderr


def test_the_profile_comes_from_the_configuration() -> None:
    configure('paths = ["schedules/monthly.yml"]\njobs = ["pipelines"]\n[profile]\nprovisioning_delay = "12h"\n')
    assert [run["trigger_time"] for run in plan("--for", "2d")["runs"]] == [
        "2026-03-01T17:00:00Z",
        "2026-03-02T17:00:00Z",
    ]  # type: ignore[attr-defined]
    configure('paths = ["schedules/monthly.yml"]\njobs = ["pipelines"]\n[profile]\nprovisioning_delay = "20h"\n')
    assert [run["trigger_time"] for run in plan("--for", "2d")["runs"]] == ["2026-03-02T17:00:00Z"]  # type: ignore[attr-defined]
    explained = run("explain", "--now", "2026-03-01").stdout
    assert "Sun 2026-03-01" not in explained


def test_the_configuration_above_a_folder_counts_with_its_own_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    configure('[project]\nname = "x"\n[tool.mlschedule]\npaths = ["schedules/nightly.yml"]\n', "pyproject.toml")
    monkeypatch.chdir("pipelines")
    assert list(plan()["schedules"]) == ["nightly"]  # type: ignore[call-overload]


def test_another_file_and_none() -> None:
    configure('paths = ["schedules"]')
    configure('paths = ["schedules/nightly.yml"]', "other.toml")
    assert list(plan("--config", "other.toml")["schedules"]) == ["nightly"]  # type: ignore[call-overload]
    result = run("plan", "--no-config")
    assert (result.exit_code, "Missing argument" in result.stderr) == (2, True)
    both = run("plan", "--config", "other.toml", "--no-config")
    assert both.exit_code == 2
    assert both.stderr.splitlines()[-1] == "Error: --config and --no-config contradict each other; give one of them"
    missing = run("plan", "--config", "nope.toml")
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert missing.stderr.startswith("nope.toml:1:1: MLS001 cannot be read: No such file or directory")


@pytest.mark.parametrize("command", [*COMMANDS, "diff"])
def test_a_wrong_configuration_stops_every_command_with_its_places(command: str) -> None:
    configure('paths = ["schedules"]\nwindow = "soon"\ncolour = 1\n')
    result = run(command, "schedules", "pipelines")
    assert (result.exit_code, result.stdout) == (2, "")
    places = [line.split()[:2] for line in result.stderr.splitlines() if line.startswith("mlschedule.toml")]
    assert places == [["mlschedule.toml:2:10:", "MLS009"], ["mlschedule.toml:3:1:", "MLS006"]]
    assert (
        run(
            command, "schedules", "pipelines", "--no-config", "--for=bad" if command == "diff" else "--now=bad"
        ).exit_code
        == 2
    )


def test_check_takes_rules_budgets_and_severity_from_the_configuration() -> None:
    configure('paths = ["schedules/nightly.yml"]\nfail_on = "error"\n[budgets]\nmax_runs_per_month = 3\n')
    result = run("check", "--now", "2026-03-01")
    assert (result.exit_code, "MLS702" in result.stdout) == (1, True)
    configure('paths = ["schedules/monthly.yml"]\nfail_on = "error"\n[rules]\nignore = ["MLS5"]\n')
    result = run("check", "--now", "2026-03-01")
    assert (result.exit_code, "MLS103" in result.stdout, "MLS5" in result.stdout) == (0, True, False)
    assert run("check", "--now", "2026-03-01", "--fail-on", "warning").exit_code == 1


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ('[budgets.schedules.nihgtly]', "budgets.schedules.\"nihgtly\" (mlschedule.toml:3) limits nothing: no schedule here has this name; did you mean 'nightly'?"),
        ('[budgets.schedules."zzz-*"]', 'budgets.schedules."zzz-*" (mlschedule.toml:3) limits nothing: no schedule here has this name'),
        ('[budgets.tags."team=zz"]', 'budgets.tags."team=zz" (mlschedule.toml:3) limits nothing: no schedule here has this tag'),
        ('[budgets.schedules."night*"]', ""),
    ],
)  # fmt: skip
def test_a_budget_that_limits_nothing_is_told(budget: str, said: str) -> None:
    text = f'paths = ["schedules"]\njobs = ["pipelines/report.yml"]\n{budget}\nmax_runs_per_month = 99\n'
    configure(text)
    result = run("check", "--now", "2026-03-01", "--fail-on", "error")
    assert (result.exit_code, result.stderr) == (0, f"mlschedule: {said}\n" if said else "")
    # Others may have the name: of one file, and of broken ones, nothing is said. Nor of tags of jobs that are not known.
    assert run("check", "schedules/nightly.yml", "--now", "2026-03-01", "--fail-on", "error").stderr == ""
    configure(text.replace('jobs = ["pipelines/report.yml"]', ""))
    unknown_job = run("check", "--now", "2026-03-01", "--fail-on", "error")
    assert bool(unknown_job.stderr) is bool(said and "tags" not in budget)


def test_tags_of_jobs_and_schedules_are_known_to_budgets() -> None:
    schedule = Path("schedules/nightly.yml")
    schedule.write_text(schedule.read_text() + "tags: {team: ml}\n")
    text = 'paths = ["schedules"]\njobs = ["pipelines/report.yml"]\n[budgets.tags."{}"]\nmax_runs_per_month = 99\n'
    for tag in ("team", "team=ml"):
        configure(text.format(tag))
        assert run("check", "--now", "2026-03-01", "--fail-on", "error").stderr == ""


def test_without_a_configuration_its_models_are_not_imported() -> None:
    """A desk without a configuration answers faster: pydantic models of it cost a third of an answer."""
    script = (
        "import sys\nfrom pytest_mlschedule.cli.commands import commands\n"
        "commands(['next', 'schedules/nightly.yml'], standalone_mode=False)\n"
        "print(sorted(name for name in sys.modules if name in ('pytest_mlschedule.config.reading', 'rich', 'pytest_mlschedule.cli.diff')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
