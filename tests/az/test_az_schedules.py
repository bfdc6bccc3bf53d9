"""The verbs of ``az ml schedule``: what they do to the workspace, and how they fail."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pytest_mlschedule import FakeWorkspace, Scheduler, load_schedules
from pytest_mlschedule.az.az import Az
from pytest_mlschedule.az.errors import AzCommandError
from pytest_mlschedule.az.releases import RELEASES

NAME = "simple_cron_job_schedule"
MISSING = "Resource Trigger x not found"


def service_error(code: str, message: str) -> str:
    return f"ERROR: ({code}) {message}\nCode: {code}\nMessage: {message}\n"


def test_what_is_deployed_fires(az: Az, workspace: FakeWorkspace) -> None:
    az("ml schedule create --file cron.yml -o none", check=True)
    Scheduler(workspace).run_until(datetime(2026, 1, 1, 3, tzinfo=UTC))
    names = [f"{NAME}-20260101T0{hour}0000Z" for hour in (2, 1, 0)]
    assert az("ml job list --query '[].display_name'").json() == names


@pytest.mark.parametrize(
    "command",
    [
        "ml schedule show -n x",
        "ml schedule enable -n x",
        "ml schedule disable -n x --no-wait",
        "ml schedule update -n x --set description=y",
        "ml schedule trigger -n x",
    ],
)
def test_a_schedule_that_is_not_there(az: Az, command: str) -> None:
    result = az(command)
    assert (result.exit_code, result.stdout, result.stderr) == (3, "", service_error("UserError", MISSING))


def test_create_replaces(az: Az, workspace: FakeWorkspace) -> None:
    az("ml schedule create -f cron.yml --set tags.a=b", check=True)
    replaced = az(f"ml schedule create -f remote.yml -n {NAME}").json()
    assert (replaced.get("tags"), replaced.get("display_name"), replaced["create_job"]["id"]) == (
        None,
        None,
        "azureml:train",
    )
    assert [schedule.name for schedule in workspace.schedules.list()] == [NAME]


def test_lists(az: Az) -> None:
    for name in ("c", "a", "b"):
        az(f"ml schedule create -f remote.yml -n {name}", check=True)
    az("ml schedule disable -n b", check=True)
    names = "--query '[].name'"
    assert az(f"ml schedule list {names}").json() == ["a", "c"]
    assert az(f"ml schedule list --include-disabled {names}").json() == ["a", "b", "c"]
    assert az(f"ml schedule list --disabled-only {names}").json() == ["b"]
    assert az(f"ml schedule list --max-results 0 {names}").json() == ["a", "c"]
    result = az(f"ml schedule list --max-results 1 {names}")
    assert (result.json(), result.stderr) == (["a"], "Displaying top 1 results from the list command.\n")
    assert az("ml schedule list --include-disabled --disabled-only").stderr == (
        "ERROR: Met error <class 'ValueError'>:Cannot provide both disabled-only and include-disabled.\n"
        "Please check log by running the command with '--debug' for more details.\n"
    )


def test_disable_and_enable(az: Az, workspace: FakeWorkspace) -> None:
    az("ml schedule create -f cron.yml", check=True)
    assert az(f"ml schedule disable -n {NAME} --query is_enabled").json() is False
    assert workspace.schedules.get(NAME).is_enabled is False
    assert az(f"ml schedule enable -n {NAME} --query is_enabled").json() is True


@pytest.mark.parametrize(
    "verb", ["create -f remote.yml", "update -n remote --set description=x", "disable -n remote", "enable -n remote"]
)
def test_no_wait_prints_nothing(az: Az, verb: str) -> None:
    az("ml schedule create -f remote.yml", check=True)
    result = az(f"ml schedule {verb} --no-wait")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


def test_delete(az: Az, workspace: FakeWorkspace) -> None:
    az("ml schedule create -f cron.yml", check=True)
    refused = az(f"ml schedule delete -n {NAME}")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == service_error("UserError", f"Cannot delete an active trigger {NAME}")
    assert az(f"ml schedule delete -n {NAME} --no-wait").exit_code == 0
    assert [schedule.name for schedule in workspace.schedules.list()] == [NAME]
    az(f"ml schedule disable -n {NAME}", check=True)
    deleted = az(f"ml schedule delete -n {NAME}")
    assert (deleted.exit_code, deleted.stdout, deleted.stderr) == (0, "", "")
    assert az(f"ml schedule delete -n {NAME}").exit_code == 0
    assert az(f"ml schedule show -n {NAME}").exit_code == 3


def test_trigger(az: Az, workspace: FakeWorkspace) -> None:
    az("ml schedule create -f cron.yml", check=True)
    (job,) = [az(f"ml schedule trigger -n {NAME}").json()]
    assert job == {"job_name": workspace.schedules.jobs(NAME)[0].name, "schedule_action_type": "CreateJob"}
    az(f"ml schedule disable -n {NAME}", check=True)
    said = f"Cannot trigger {NAME}: the schedule is disabled; enable it first"
    assert az(f"ml schedule trigger -n {NAME}").stderr == service_error("UserError", said)


def test_a_job_is_no_schedule(az: Az) -> None:
    result = az("ml schedule create --file simple-pipeline-job.yml --no-wait")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "ERROR: Validation for JobScheduleSchema failed:\n\n"
        "simple-pipeline-job.yml:1:1: MLS010 this is a job, not a schedule: it has no trigger and no create_job\n"
        "  hint: pass the schedule file whose create_job names this job\n"
    )


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("", "", "ERROR: Validation for JobScheduleSchema failed:\n\nfile.yml:1:1: MLS008 the document is empty"),
        ("", "--set a=b", "ERROR: Validation for JobScheduleSchema failed:\n\nfile.yml:1:1: MLS008 the document is empty"),
        ("a: [1\n", "", "ERROR: Error while parsing yaml file: file.yml\n\nfile.yml:2:1: MLS003"),
        ("a: [1\n", "-n x", "ERROR: Error while parsing yaml file: file.yml\n\nfile.yml:2:1: MLS003"),
        ("trigger: {type: cron, expression: '0 * * * *'}\ncreate_job: azureml:x\n", "", "file.yml:1:1: MLS007 name: the key 'name' is missing"),
        ("name: x\ntriger: {}\ncreate_job: azureml:x\n", "", "file.yml:2:1: MLS006 triger: the key 'triger' is not known here"),
        (None, "", "ERROR: No such file or directory: file.yml\n"),
        (None, "-n x", "ERROR: No such file or directory: file.yml\n"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_used(az: Az, folder: Path, text: str | None, options: str, message: str) -> None:
    if text is not None:
        (folder / "file.yml").write_text(text, encoding="utf-8")
    result = az(f"ml schedule create -f file.yml {options}")
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr


def test_a_file_of_another_folder(az: Az, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "deploy").mkdir()
    monkeypatch.chdir(folder / "deploy")
    assert az("ml schedule create -f ../cron.yml --query name").json() == NAME
    assert az(f"ml schedule create -f {folder / 'cron.yml'} --set description=x --query description").json() == "x"


def test_a_role_that_allows_nothing_but_reading(workspace: FakeWorkspace, folder: Path) -> None:
    Az(workspace)("ml schedule create -f remote.yml", check=True)
    reader = Az(workspace.as_role("Reader"))
    assert reader("ml schedule list --query '[].name'").json() == ["remote"]
    assert reader("account show --query user.name").json() == "Reader"
    for verb, action in (
        ("create -f remote.yml", "write"),
        ("update -n remote --set description=x", "write"),
        ("disable -n remote", "write"),
        ("enable -n remote --no-wait", "write"),
        ("trigger -n remote", "write"),
        ("delete -n remote", "delete"),
    ):
        result = reader(f"ml schedule {verb}")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(
            "ERROR: (AuthorizationFailed) The client 'Reader' with role 'Reader' does not have authorization to perform action "
            f"'Microsoft.MachineLearningServices/workspaces/schedules/{action}' over scope '{workspace.id}/schedules/remote'\n"
            "Code: AuthorizationFailed\n"
        )
    assert reader("ml job create -f simple-pipeline-job.yml").exit_code == 1


def test_check(az: Az) -> None:
    with pytest.raises(
        AzCommandError, match=r"az ml schedule show -n x: exit code 3\nERROR: .UserError. Resource Trigger x"
    ) as caught:
        az("ml schedule show -n x", check=True)
    assert caught.value.result.exit_code == 3


def test_at_file(az: Az, folder: Path) -> None:
    (folder / "text").write_text("ünïcode\n", encoding="utf-8")
    (folder / "query").write_text("description", encoding="utf-8")
    create = "ml schedule create -f remote.yml --set description=@text --query @query"
    assert az(create).json() == "ünïcode"
    assert az("ml schedule create -f remote.yml --set description=@nothere --query @query").json() == "@nothere"
    assert az("ml schedule create -f remote.yml --set description=@ --query @query").json() == "@"
    (folder / "text").write_bytes(b"\xff\xfe\xff")
    assert az(create).stderr == "ERROR: Failed to decode file text - unknown decoding\n"


def test_a_mistake_of_ours_is_shown(az: Az, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace.schedules, "list", lambda **_: [None])
    result = az("ml schedule list")
    assert result.exit_code == 1
    assert result.stderr.startswith(
        "ERROR: The command failed with an unexpected error. Here is the traceback:\nTraceback"
    )


def test_what_list_prints_are_the_schedules(az: Az, workspace: FakeWorkspace, folder: Path) -> None:
    for file in ("cron.yml", "recurrence.yml", "cron-with-settings.yml", "remote.yml"):
        az(f"ml schedule create -f {file}", check=True)
    az("ml schedule disable -n remote", check=True)
    (folder / "exported.json").write_text(az("ml schedule list --include-disabled").stdout, encoding="utf-8")
    loaded = {schedule.name: schedule for schedule in load_schedules(folder / "exported.json")}
    stored = {schedule.name: schedule for schedule in workspace.schedules.list(list_view_type="ALL")}
    assert loaded.keys() == stored.keys()
    for name, schedule in loaded.items():
        kept = stored[name]
        assert (schedule.trigger, schedule.is_enabled) == (kept.trigger, kept.is_enabled)
        assert (schedule.display_name, schedule.description, schedule.tags) == (
            kept.display_name,
            kept.description,
            kept.tags,
        )


def test_releases(az: Az, folder: Path) -> None:
    (folder / "offset.yml").write_text(
        "name: offset\ntrigger:\n  type: cron\n  expression: '0 3 * * *'\n"
        '  start_time: "2026-05-10T10:15:00-04:00"\n  time_zone: Pacific Standard Time\ncreate_job: azureml:train\n',
        encoding="utf-8",
    )
    seen = {}
    for release in RELEASES:
        az.release = release
        made = az("ml schedule create -f offset.yml --query '[trigger.start_time, provisioning_state]' -o json")
        words = az("ml schedule show -n offset --query '[create_job.status, creation_context.created_by_type]'").json()
        update = az("ml schedule update -n offset --set description=x --query description")
        seen[release] = (made.stdout[:1], *made.json(), *words, update.exit_code)
    assert seen == {
        "documented": ("[", "2026-05-10 10:15:00-04:00", "Succeeded", "NotStarted", "User", 0),
        "2.44": (".", "2026-05-10 10:15:00-04:00", "Succeeded", "NotStarted", "User", 1),
        "2.45": (
            ".",
            "2026-05-10 10:15:00",
            "ScheduleProvisioningStatus.SUCCEEDED",
            "JobStatus.NOT_STARTED",
            "CreatedByType.USER",
            1,
        ),
    }
    assert update.stderr == (
        "ERROR: Met error <class 'TypeError'>:JobSchedule.__init__() missing 1 required keyword-only argument: 'create_job'\n"
        "Please check log by running the command with '--debug' for more details.\n"
    )
    refused = az("ml schedule delete -n offset")
    assert (refused.stdout, refused.exit_code) == (".", 1)
    assert az("ml schedule delete -n nothere").stdout == ""
    assert json.loads(az("ml schedule list --query '[].name'").stdout) == ["offset"]
    with pytest.raises(ValueError, match=r"release cannot be '2\.0': it is 'documented', '2\.44' or '2\.45'"):
        az.release = "2.0"


def test_the_names_in_an_az(az: Az, workspace: FakeWorkspace) -> None:
    assert az.workspaces == (workspace,)
    assert (az.release, repr(az)) == ("documented", "<Az of ws: 0 calls>")


def test_a_monitor(az: Az, folder: Path) -> None:
    (folder / "monitor.yml").write_text(
        "name: drift\ntrigger: {type: cron, expression: '0 3 * * *'}\n"
        "create_monitor:\n  compute: {instance_type: standard_e4s_v3, runtime_version: '3.4'}\n",
        encoding="utf-8",
    )
    az.release = "2.45"
    created = az("ml schedule create -f monitor.yml").json()
    assert "create_job" not in created
    assert created["create_monitor"]["compute"]["instance_type"] == "standard_e4s_v3"
    assert az("ml schedule update -n drift --set description=x --query description").json() == "x"
    assert az("ml schedule trigger -n drift --query schedule_action_type").json() == "CreateMonitor"
