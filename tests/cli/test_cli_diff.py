"""``mlschedule diff``: what a branch changes, read from git, folders, saved plans and exports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_runs import TRAIN, run
from click.testing import Result
from git_repository import Repository, make_repository

NIGHTLY = """\
name: nightly
trigger: {type: cron, expression: "30 2 * * *", time_zone: UTC, start_time: "2026-01-01T00:00:00"}
create_job: ../pipelines/train.yml
"""
WEEKLY = """\
name: weekly
trigger: {type: cron, expression: "0 4 * * 1", time_zone: UTC, start_time: "2026-01-01T00:00:00"}
create_job: ../pipelines/train.yml
"""
WINDOW = ("--from", "2026-03-01", "--for", "7d")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """main with a nightly and a weekly schedule of one pipeline; the branch feature, which is as main."""
    made = make_repository(tmp_path / "repo", monkeypatch)
    made.commit(schedules__nightly=NIGHTLY, schedules__weekly=WEEKLY, pipelines__train=TRAIN)
    made.git("checkout", "--quiet", "-b", "feature")
    monkeypatch.chdir(made.path)
    return made


def diff(*arguments: str) -> Result:
    return run("diff", *WINDOW, *arguments)


def document(*arguments: str, status: int = 0) -> dict[str, Any]:
    result = diff("-o", "json", *arguments)
    assert result.exit_code == status, result.output
    return json.loads(result.stdout)  # type: ignore[no-any-return]


def changes(*arguments: str) -> dict[str, str]:
    return {item["name"]: item["change"] for item in document(*arguments)["schedules"]}


def one(found: dict[str, Any], name: str) -> dict[str, Any]:
    (item,) = (item for item in found["schedules"] if item["name"] == name)
    return item  # type: ignore[no-any-return]


# Git: which files are on which side.


def test_nothing_changes(repository: Repository) -> None:
    result = diff("--base", "main", "schedules")
    head = repository.git("rev-parse", "HEAD")[:10]
    assert result.exit_code == 0
    assert result.stderr == f"mlschedule: old side: main where HEAD left it ({head}), new side: the work tree\n"
    assert "No schedule changes what it does." in result.stdout
    assert changes("--base", "main") == {"nightly": "unchanged", "weekly": "unchanged"}


def test_the_work_tree_is_the_new_side_and_nothing_is_touched(repository: Repository) -> None:
    repository.write("schedules/nightly.yml", NIGHTLY.replace("30 2", "30 3"))
    repository.git("add", "--all")
    repository.write("schedules/nightly.yml", NIGHTLY.replace("30 2", "30 4"))
    repository.write("schedules/new.yml", NIGHTLY.replace("nightly", "untracked"))
    (repository.path / "schedules" / "weekly.yml").unlink()
    before = repository.git("status", "--porcelain"), (repository.path / ".git" / "index").read_bytes()
    kept = {path: path.stat().st_mtime_ns for path in sorted((repository.path / ".git").rglob("*")) if path.is_file()}
    found = document("--base", "main")
    assert {item["name"]: item["change"] for item in found["schedules"]} == {
        "nightly": "changed",
        "untracked": "added",
        "weekly": "removed",
    }
    assert one(found, "nightly")["first"][0] == {"old": "2026-03-01T02:30:00Z", "new": "2026-03-01T04:30:00Z"}
    assert found["total"]["runs"] == {"old": 8, "new": 14}
    assert {
        path: path.stat().st_mtime_ns for path in sorted((repository.path / ".git").rglob("*")) if path.is_file()
    } == kept
    assert (repository.git("status", "--porcelain"), (repository.path / ".git" / "index").read_bytes()) == before


def test_what_main_changed_meanwhile_is_not_the_branch_s_doing(repository: Repository) -> None:
    repository.commit(schedules__weekly=WEEKLY.replace("0 4", "0 5"))
    repository.git("checkout", "--quiet", "main")
    repository.commit(schedules__nightly=NIGHTLY.replace("30 2", "30 3"), pipelines__train=TRAIN.replace("5", "6"))
    repository.git("checkout", "--quiet", "feature")
    assert changes("--base", "main") == {"nightly": "unchanged", "weekly": "changed"}
    exactly = document("--base", "main", "--no-merge-base")
    assert {item["change"] for item in exactly["schedules"]} == {"changed"}
    assert {"name": "inputs.rows", "old": 6, "new": 5} in one(exactly, "nightly")["fields"]
    assert "old side: main itself (" in diff("--base", "main", "--no-merge-base").stderr


def test_a_shared_pipeline_changes_all_its_schedules(repository: Repository) -> None:
    repository.write("pipelines/train.yml", TRAIN.replace("5", "6"))
    found = document("--base", "main", "schedules")
    assert {item["change"] for item in found["schedules"]} == {"changed"}
    assert [item["fields"] for item in found["schedules"]] == [[{"name": "inputs.rows", "old": 5, "new": 6}]] * 2


def test_a_component_changes_what_its_pipelines_do(repository: Repository) -> None:
    step = "type: pipeline\njobs:\n  a: {type: command, component: ./part.yml}\n"
    part = "type: command\ncommand: ls\nenvironment: azureml:e@latest\n"
    repository.commit(pipelines__train=step, pipelines__part=part)
    repository.git("branch", "base")
    repository.write("pipelines/part.yml", part.replace("ls", "ls -l"))
    assert changes("--base", "base") == {"nightly": "changed", "weekly": "changed"}


def test_a_renamed_file_is_no_change(repository: Repository) -> None:
    repository.git("mv", "schedules/nightly.yml", "schedules/every-night.yml")
    assert changes("--base", "main") == {"nightly": "unchanged", "weekly": "unchanged"}


def test_paths_that_one_side_has_alone(repository: Repository) -> None:
    repository.write("more/new.yml", NIGHTLY.replace("nightly", "new"))
    repository.git("rm", "-r", "--quiet", "schedules")
    assert changes("--base", "main", "more") == {"new": "added"}
    assert changes("--base", "main", "schedules") == {"nightly": "removed", "weekly": "removed"}
    assert changes("--base", "main", "schedules/weekly.yml", "more/new.yml") == {"new": "added", "weekly": "removed"}
    result = diff("--base", "main", "nowhere", "schedules")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "mlschedule: nowhere: no such file or directory\n"


def test_paths_from_a_folder_below_the_top(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.write("schedules/nightly.yml", NIGHTLY.replace("30 2", "30 3"))
    monkeypatch.chdir("schedules")
    assert changes("--base", "main") == {"nightly": "changed", "weekly": "unchanged"}
    monkeypatch.chdir("../pipelines")
    assert changes("--base", "main", "../schedules/nightly.yml") == {"nightly": "changed"}
    assert changes("--base", "main", str(repository.path / "schedules")) == {
        "nightly": "changed",
        "weekly": "unchanged",
    }


def test_paths_jobs_and_window_of_the_configuration(repository: Repository) -> None:
    report = 'name: report\ntrigger: {type: cron, expression: "0 9 * * *", start_time: "2026-01-01T00:00:00"}\ncreate_job: azureml:report\n'
    job = "type: pipeline\ninputs: {pages: 7}\njobs: {}\n"
    (repository.path / "mlschedule.toml").write_text('paths = ["reports"]\njobs = ["jobs"]\nwindow = "3d"\n')
    repository.commit(reports__daily=report, jobs__report=job)
    repository.git("branch", "base")
    repository.write("jobs/report.yml", job.replace("7", "8"))
    result = run("diff", "--base", "base", "--from", "2026-03-01", "-o", "json")
    found = json.loads(result.stdout)
    assert found["window"] == {"start": "2026-03-01T00:00:00Z", "end": "2026-03-04T00:00:00Z"}
    (item,) = found["schedules"]
    assert (item["name"], item["change"]) == ("report", "changed")
    assert item["fields"] == [{"name": "inputs.pages", "old": 7, "new": 8}]


def test_jobs_that_one_side_has_alone(repository: Repository) -> None:
    repository.commit(schedules__nightly=NIGHTLY.replace("../pipelines/train.yml", "azureml:report"))
    repository.git("branch", "base")
    repository.write("jobs/report.yml", "type: pipeline\ninputs: {pages: 7}\njobs: {}\n")
    found = document("--base", "base", "schedules/nightly.yml", "--jobs", "jobs")
    assert {"name": "inputs.pages", "old": None, "new": 7} in one(found, "nightly")["fields"]
    repository.write("jobs/report.yml", "type: pipeline\njobs: 5\n")
    repository.commit()
    repository.write("jobs/report.yml", "type: pipeline\ninputs: {pages: 7}\njobs: {}\n")
    result = diff("--base", "HEAD", "schedules/nightly.yml", "--jobs", "jobs/report.yml")
    assert (result.exit_code, "HEAD:jobs/report.yml:2:7: MLS008" in result.stderr) == (0, True)
    repository.write("jobs/report.yml", "type: pipeline\njobs: 5\n")
    assert diff("--base", "base", "schedules/nightly.yml", "--jobs", "jobs").exit_code == 1


def test_what_does_not_load_on_the_new_side_stops(repository: Repository) -> None:
    repository.write("schedules/nightly.yml", NIGHTLY.replace("30 2", "61 25"))
    result = diff("--base", "main")
    assert (result.exit_code, result.stdout) == (1, "")
    lines = [line for line in result.stderr.splitlines() if "MLS" in line]
    assert [line.split()[:2] for line in lines] == [
        ["schedules/nightly.yml:2:36:", "MLS102"],
        ["schedules/nightly.yml:2:39:", "MLS102"],
    ]


def test_what_does_not_load_on_the_old_side_counts_as_absent(repository: Repository) -> None:
    repository.commit(schedules__nightly=NIGHTLY.replace("30 2", "61 25"))
    repository.write("schedules/nightly.yml", NIGHTLY)
    result = diff("--base", "HEAD", "-o", "json")
    assert result.exit_code == 0
    note = (
        "HEAD:schedules/nightly.yml:2:36: MLS102 trigger.expression: minute 61 is not in 0-59, and 1 more error: "
        "HEAD:schedules/nightly.yml does not load and counts as absent on the old side"
    )
    assert result.stderr.splitlines()[1] == note
    found = json.loads(result.stdout)
    assert found["notes"] == [note]
    assert one(found, "nightly")["change"] == "added"
    assert "counts as absent on the old side" in diff("--base", "HEAD", "-o", "markdown").stdout


def test_two_schedules_of_one_name(repository: Repository) -> None:
    repository.write("schedules/second.yml", NIGHTLY.replace("30 2", "30 3"))
    result = diff("--base", "main")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "schedules/second.yml:1:7: MLS509 name: two schedules are called 'nightly'" in result.stderr
    repository.commit()
    (repository.path / "schedules" / "second.yml").unlink()
    result = diff("--base", "HEAD", "-o", "json")
    assert result.exit_code == 0
    assert (
        "HEAD:schedules/second.yml:1:7: MLS509 name: two schedules are called 'nightly' on the old side: "
        "the one in schedules/nightly.yml is compared"
    ) in result.stderr
    assert one(json.loads(result.stdout), "nightly")["change"] == "unchanged"


def test_templates_are_filled_on_both_sides(repository: Repository) -> None:
    template = NIGHTLY.replace("nightly", "{{ env }}-nightly").replace("30 2", "{{ minute }} 2")
    repository.commit(schedules__nightly=template)
    repository.git("branch", "base")
    repository.write("schedules/nightly.yml", template.replace("2 *", "3 *").replace("UTC", "{{ zone }}"))
    values = ("--set", "env=prod", "--set", "minute=30", "--set", "zone=UTC")
    found = document("--base", "base", "schedules", *values)
    assert one(found, "prod-nightly")["first"][0] == {"old": "2026-03-01T02:30:00Z", "new": "2026-03-01T03:30:00Z"}
    # A placeholder that one side has alone is used; one that neither has is not.
    said = diff("--base", "base", *values, "--set", "old=1").stderr.splitlines()[1:]
    assert said == ["mlschedule: --set old: no file has this placeholder"]
    without = diff("--base", "base")
    assert (without.exit_code, "schedules/nightly.yml:1:1: MLS017 this file is a template" in without.stderr) == (
        1,
        True,
    )


def test_a_template_that_loads_as_it_stands_is_compared_with_a_warning(repository: Repository) -> None:
    repository.commit(schedules__nightly=NIGHTLY.replace("name: nightly", "name: nightly\ndescription: for $(team)"))
    result = diff("--base", "HEAD")
    assert (result.exit_code, "schedules/nightly.yml:1:1: MLS017" in result.stderr) == (0, True)


def test_git_says_what_is_wrong(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = diff("--base", "origin/main")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "mlschedule: git knows no revision 'origin/main': fetch it first (git fetch origin main; in CI check out with fetch-depth: 0)\n"
    )
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit(other="a: 1")
    assert "; HEAD and main have no commit in common here" in diff("--base", "main").stderr
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    result = diff("--base", "main")
    assert (result.exit_code, "not a git repository" in result.stderr) == (2, True)


def test_nothing_to_compare(repository: Repository) -> None:
    result = diff("--base", "main", "pipelines")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1].startswith("mlschedule: no schedules in pipelines, on either side")


# Folders, saved plans, exports.


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """old/ with nightly and weekly, new/ with a later nightly alone."""
    monkeypatch.chdir(tmp_path)
    for side, files in (
        ("old", {"nightly": NIGHTLY, "weekly": WEEKLY}),
        ("new", {"nightly": NIGHTLY.replace("30 2", "30 3")}),
    ):
        for name, text in files.items():
            path = tmp_path / side / "schedules" / f"{name}.yml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (tmp_path / side / "pipelines").mkdir()
        (tmp_path / side / "pipelines" / "train.yml").write_text(TRAIN)
    return tmp_path


def save(folder: str, name: str, *arguments: str) -> None:
    result = run("plan", folder, "-o", "json", *arguments)
    assert result.exit_code == 0, result.stderr
    Path(name).write_text(result.stdout)


@pytest.mark.usefixtures("folders")
def test_folders_and_files() -> None:
    assert changes("old", "new") == {"nightly": "changed", "weekly": "removed"}
    assert changes("old/schedules/nightly.yml", "new") == {"nightly": "changed"}
    assert diff("old", "new").stderr == ""
    Path("old/schedules/weekly.yml").write_text("name: [\ntrigger:\ncreate_job:\n")
    result = diff("old", "new")
    assert result.stderr.startswith("old/schedules/weekly.yml:3:11: MLS003 ")
    assert "old/schedules/weekly.yml does not load and counts as absent on the old side" in result.stderr


@pytest.mark.parametrize("options", [["--for", "0d"], ["--to", "2026-03-01"]])
@pytest.mark.usefixtures("folders")
def test_an_empty_window_is_refused(options: list[str]) -> None:
    found = run("diff", "old", "new", "--from", "2026-03-01", *options)
    assert found.exit_code == 2
    assert "the window is empty: it starts and ends at 2026-03-01" in found.output


@pytest.mark.usefixtures("folders")
def test_saved_plans_bring_their_window() -> None:
    save("old", "old.json", "--from", "2026-03-01", "--for", "3d")
    save("new", "new.json", "--from", "2026-03-02", "--for", "3d")
    for arguments, window in (
        (("old.json", "new"), ("2026-03-01", "2026-03-04")),
        (("old", "new.json"), ("2026-03-02", "2026-03-05")),
        (("old.json", "new.json"), ("2026-03-02", "2026-03-04")),
        (("old.json", "new", "--from", "2026-03-02"), ("2026-03-02", "2026-03-04")),
        (("old.json", "new", "--for", "1d"), ("2026-03-01", "2026-03-02")),
        (("old.json", "new", "--from", "2026-03-02", "--to", "2026-03-03"), ("2026-03-02", "2026-03-03")),
    ):
        result = run("diff", *arguments, "-o", "json")
        assert result.exit_code == 0, result.stderr
        found = json.loads(result.stdout)
        assert found["window"] == dict(zip(("start", "end"), (f"{day}T00:00:00Z" for day in window), strict=True))
        assert one(found, "nightly")["change"] == "changed"


@pytest.mark.usefixtures("folders")
def test_a_saved_plan_of_the_same_files_is_unchanged() -> None:
    """Without start_time the times count from creation: a saved plan's own is taken for the other side."""
    text = "name: fortnight\ntrigger: {type: recurrence, frequency: week, interval: 2}\ncreate_job: ../pipelines/train.yml\n"
    Path("old/schedules/fortnight.yml").write_text(text)
    save("old", "plan.json", "--from", "2026-03-02", "--for", "30d", "--created-at", "2026-02-27")
    for arguments in (("plan.json", "old"), ("old", "plan.json"), ("plan.json", "plan.json")):
        result = run("diff", *arguments, "-o", "json")
        assert {item["change"] for item in json.loads(result.stdout)["schedules"]} <= {"unchanged", "cosmetic"}, (
            result.stdout
        )


@pytest.mark.usefixtures("folders")
def test_saved_plans_that_do_not_cover_the_window() -> None:
    save("old", "old.json", "--from", "2026-03-01", "--for", "3d")
    save("new", "new.json", "--from", "2026-04-01", "--for", "3d")
    result = run("diff", "old.json", "new.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "mlschedule: the saved plans are of windows that nothing is compared in: 2026-03-01T00:00:00Z to 2026-03-04T00:00:00Z and "
        "2026-04-01T00:00:00Z to 2026-04-04T00:00:00Z, from 2026-04-01T00:00:00Z on\n"
    )
    result = run("diff", "old.json", "new", "--for", "9d")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(
        "mlschedule: old.json: 2026-03-01T00:00:00+00:00 to 2026-03-10T00:00:00+00:00 is not inside"
    )
    assert run("diff", "old.json", "new", "--from", "2026-05-01").exit_code == 2


@pytest.mark.usefixtures("folders")
def test_json_that_is_no_plan() -> None:
    save("old", "plan.json", "--from", "2026-03-01", "--for", "3d")
    data = json.loads(Path("plan.json").read_text())
    Path("plan.json").write_text(json.dumps({**data, "version": 99}))
    for arguments in (("plan.json", "new"), ("new", "plan.json")):
        result = run("diff", *arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(
            "plan.json:1:1: MLS009 version: is a plan of version 99; this release reads version 1"
        )
    for text in ("{", '{"a": 1}', "[" * 200_000, "[1]"):
        Path("plan.json").write_text(text)
        result = run("diff", "new", "plan.json")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("plan.json:1:")


@pytest.mark.usefixtures("folders")
def test_drift_between_an_export_and_the_repository() -> None:
    """What is deployed, as ``az ml schedule list -o json`` says it, against the files."""
    deployed = [
        {
            "name": name,
            "is_enabled": enabled,
            "provisioning_state": "Succeeded",
            "trigger": {
                "type": "cron",
                "expression": expression,
                "start_time": "2026-01-01T00:00:00",
                "time_zone": "UTC",
            },
            "create_job": {"type": "pipeline", "id": "azureml:train", "inputs": {}},
        }
        for name, expression, enabled in (
            ("nightly", "30 2 * * *", True),
            ("weekly", "0 4 * * 1", False),
            ("forgotten", "0 5 * * *", True),
        )
    ]
    Path("deployed.json").write_text(json.dumps(deployed))
    for name in ("nightly", "weekly"):
        path = Path(f"old/schedules/{name}.yml")
        path.write_text(path.read_text().replace("../pipelines/train.yml", "azureml:train"))
    found = document("deployed.json", "old")
    assert {item["name"]: item["change"] for item in found["schedules"]} == {
        "forgotten": "removed",
        "nightly": "unchanged",
        "weekly": "changed",
    }
    assert one(found, "weekly")["runs"] == {"old": 0, "new": 1}
    back = document("old", "deployed.json")
    assert {item["name"]: item["change"] for item in back["schedules"]}["weekly"] == "disabled"


USAGE = [
    ([], "Error: name --base REV [PATHS], or OLD and NEW: two folders, files or saved plans (none given)"),
    (["old"], "Error: name --base REV [PATHS], or OLD and NEW: two folders, files or saved plans (1 given)"),
    (
        ["old", "new", "old"],
        "Error: name --base REV [PATHS], or OLD and NEW: two folders, files or saved plans (3 given)",
    ),
    (["old", "nope"], "mlschedule: nope: no such file or directory"),
    (["old", "-"], "Error: - (stdin) has no other side to compare with"),
    (["--base", "main", "-"], "Error: - (stdin) has no other side to compare with"),
    (["old", "new", "--to", "2026-02-01"], "Error: --to and --for both say where the window ends; give one of them"),
    (["old", "new", "--fail-on", "budget"], "Error: --fail-on budget: the configuration has no budgets"),
    (
        ["old", "new", "--fail-on", "x"],
        "Error: Invalid value for '--fail-on': 'x' is not one of 'none', 'behaviour', 'increase', 'budget', 'cost'.",
    ),
]


@pytest.mark.usefixtures("folders")
@pytest.mark.parametrize(("arguments", "message"), USAGE, ids=[" ".join(arguments) for arguments, _ in USAGE])
def test_wrong_usage(arguments: list[str], message: str) -> None:
    result = diff(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == message


@pytest.mark.usefixtures("folders")
def test_the_window_is_30_days_from_now_on() -> None:
    found = json.loads(run("diff", "old", "new", "-o", "json", "--now", "2026-03-01T12:00:00Z").stdout)
    assert found["window"] == {"start": "2026-03-01T12:00:00Z", "end": "2026-03-31T12:00:00Z"}


# What fails.


@pytest.mark.usefixtures("folders")
def test_fail_on() -> None:
    cases = {
        ("old", "new"): {"none": 0, "behaviour": 1, "increase": 0},
        ("new", "old"): {"none": 0, "behaviour": 1, "increase": 1},
        ("old", "old"): {"none": 0, "behaviour": 0, "increase": 0},
    }
    for paths, statuses in cases.items():
        for fail_on, status in statuses.items():
            assert diff(*paths, "--fail-on", fail_on).exit_code == status, (paths, fail_on)
    assert (
        diff("old", "new", "--fail-on", "behaviour").stderr
        == "mlschedule: 2 schedules change what they do (--fail-on behaviour)\n"
    )
    assert (
        diff("new", "old", "--fail-on", "increase").stderr
        == "mlschedule: there are more runs than before: 7 → 8 (--fail-on increase)\n"
    )
    one_changes = diff("old/schedules/nightly.yml", "new", "--fail-on", "behaviour")
    assert one_changes.stderr == "mlschedule: 1 schedule changes what it does (--fail-on behaviour)\n"


def test_a_text_that_people_read_is_no_behaviour(repository: Repository) -> None:
    repository.write("schedules/nightly.yml", NIGHTLY + "description: every night\n# nothing else\n")
    result = diff("--base", "main", "--fail-on", "behaviour", "-o", "json")
    assert (result.exit_code, one(json.loads(result.stdout), "nightly")["change"]) == (0, "cosmetic")


BUDGETS = """\
[budgets.schedules.nightly]
max_runs_per_day = 1
allowed_computes = ["cpu-*"]
[budgets.schedules.weekly]
quiet_hours = "03:30-05:00"
required_tags = ["team"]
"""


def budgets(result: Result) -> list[tuple[str, str, Any, int, str]]:
    found = json.loads(result.stdout)["budgets"]
    return [(item["code"], item["schedules"][0]["name"], item["old"], item["new"], item["since"]) for item in found]


def test_budgets_tell_what_the_change_exceeds_from_what_was_so_before(repository: Repository) -> None:
    (repository.path / "mlschedule.toml").write_text(BUDGETS)
    arguments = ("--base", "main", "schedules", "--fail-on", "budget")
    kept = diff(*arguments, "-o", "json")
    assert (kept.exit_code, budgets(kept)) == (
        0,
        [("MLS703", "weekly", 1, 1, "before"), ("MLS705", "weekly", 0, 0, "before")],
    )
    text = diff(*arguments).stdout
    assert "\nBudgets that were exceeded before:\n  schedules/weekly.yml:2:1: MLS703 " in text
    assert "that this change exceeds" not in text

    repository.write("schedules/nightly.yml", NIGHTLY.replace("30 2", "0 */12"))
    repository.write("pipelines/train.yml", TRAIN + "compute: azureml:gpu\n")
    worse = diff(*arguments, "-o", "json")
    assert worse.exit_code == 1
    assert budgets(worse)[:2] == [
        ("MLS701", "nightly", None, 2, "this change"),
        ("MLS704", "nightly", None, 0, "this change"),
    ]
    assert worse.stderr.endswith("mlschedule: the change exceeds 2 limits (--fail-on budget)\n")
    (place,) = {
        (item["path"], item["line"]) for item in json.loads(worse.stdout)["budgets"] if item["code"] == "MLS704"
    }
    assert place == ("pipelines/train.yml", 6)
    text = diff(*arguments).stdout
    assert text.index("Budgets that this change exceeds:") < text.index("Budgets that were exceeded before:")
    comment = diff(*arguments, "-o", "markdown").stdout
    assert comment.index("MLS701") < comment.index("MLS703")
    assert "(since this change)" in comment
    assert "(as before this change)" in comment
    assert diff("--base", "main", "schedules").exit_code == 0


def test_budgets_that_are_exceeded_further(repository: Repository) -> None:
    (repository.path / "mlschedule.toml").write_text("[budgets]\nmax_runs_per_day = 1\n")
    repository.commit(schedules__weekly=WEEKLY.replace("0 4 * * 1", "0 4 * * 1-5"))
    repository.git("branch", "base")
    arguments = ("--base", "base", "schedules", "--fail-on", "budget")
    assert diff(*arguments).exit_code == 0
    repository.write("schedules/weekly.yml", WEEKLY.replace("0 4 * * 1", "0 4 * * *"))
    more_often = diff(*arguments)
    assert (more_often.exit_code, "(more often than before)" in more_often.stdout) == (1, True)
    repository.write("schedules/weekly.yml", WEEKLY.replace("0 4 * * 1", "0 4,5 * * 1-5"))
    more = diff(*arguments)
    assert (more.exit_code, "(2 before this change)" in more.stdout) == (1, True)
    assert more.stderr.endswith("mlschedule: the change exceeds 1 limit (--fail-on budget)\n")
    repository.write("schedules/weekly.yml", WEEKLY)
    less = diff(*arguments, "-o", "json")
    assert (less.exit_code, budgets(less)[0][2:]) == (0, (2, 2, "before"))


@pytest.mark.usefixtures("folders")
def test_budgets_of_saved_plans() -> None:
    Path("mlschedule.toml").write_text(
        '[budgets]\nmax_runs_per_day = 0\nrequired_tags = ["team"]\nallowed_computes = ["cpu"]\n'
    )
    Path("new/pipelines/train.yml").write_text(TRAIN + "compute: azureml:gpu\n")
    save("old", "old.json", "--from", "2026-03-01", "--for", "3d")
    save("new", "new.json", "--from", "2026-03-01", "--for", "3d")
    result = run("diff", "old.json", "new.json", "-o", "json", "--fail-on", "budget")
    assert result.exit_code == 1
    assert budgets(result) == [
        ("MLS701", "nightly", 2, 1, "before"),
        ("MLS704", "nightly", None, 0, "this change"),
        ("MLS705", "nightly", 0, 0, "before"),
    ]
    assert json.loads(result.stdout)["budgets"][0]["path"] is None


@pytest.mark.usefixtures("folders")
def test_months_that_a_saved_plan_knows_in_part_are_compared_in_part() -> None:
    """April has 30 nights, of which the saved plan knows 9."""
    Path("mlschedule.toml").write_text("[budgets.schedules.nightly]\nmax_runs_per_month = 8\n")
    save("old", "old.json", "--from", "2026-04-01", "--for", "9d")
    for arguments in (("old.json", "old"), ("old", "old.json")):
        result = run("diff", *arguments, "-o", "json", "--fail-on", "budget")
        assert (result.exit_code, budgets(result)) == (0, [("MLS702", "nightly", 9, 9, "before")])
    assert budgets(run("diff", "old", "old", "-o", "json", "--from", "2026-04-01", "--for", "9d"))[0][2:4] == (30, 30)


@pytest.mark.parametrize(
    ("sides", "change"), [(("none.json", "schedules"), "added"), (("schedules", "none.json"), "removed")]
)
def test_the_export_of_a_workspace_without_schedules(sides: tuple[str, str], change: str, tmp_path: Path) -> None:
    schedules = tmp_path / "schedules"
    schedules.mkdir()
    (schedules / "a.yml").write_text(
        "name: a\ntrigger: {type: cron, expression: '0 6 * * *', start_time: '2026-01-01T00:00:00'}\ncreate_job: azureml:j\n"
    )
    (tmp_path / "none.json").write_text("[]\n")
    result = run(
        "diff", *(str(tmp_path / side) for side in sides), "--from", "2026-03-01", "--for", "30d", "-o", "json"
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert [item["change"] for item in json.loads(result.stdout)["schedules"]] == [change]
