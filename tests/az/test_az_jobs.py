"""The verbs of ``az ml job``, and that what they list is a history."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from pytest_mlschedule import FakeWorkspace, Scheduler, read_history
from pytest_mlschedule.az.az import Az
from pytest_mlschedule.cli.commands import commands
from pytest_mlschedule.workspace.job import JobStatus
from pytest_mlschedule.workspace.workspace import state_of

FIFTY = "Displaying top 50 results from the list command.\n"


def service_error(message: str) -> str:
    return f"ERROR: (UserError) {message}\nCode: UserError\nMessage: {message}\n"


def test_create_and_show(az: Az, workspace: FakeWorkspace) -> None:
    created = az("ml job create -f simple-pipeline-job.yml -n j1 --set inputs.hello_string_top_level_input=hey").json()
    shown = az("ml job show -n j1").json()
    assert created == shown
    assert list(shown["jobs"]) == ["say_hello"]
    del shown["jobs"]
    assert shown == {
        "creation_context": {
            "created_at": "2026-01-01T00:00:00+00:00",
            "created_by": "Owner",
            "created_by_type": "User",
        },
        "display_name": "hello_pipeline_io",
        "experiment_name": "hello-pipelines",
        "id": f"azureml:{workspace.id}/jobs/j1",
        "inputs": {"hello_string_top_level_input": "hey"},
        "name": "j1",
        "outputs": {
            "world": {"path": "azureml://datastores/workspaceblobstore/paths/world/${{name}}/", "type": "uri_folder"}
        },
        "resourceGroup": "rg",
        "services": {
            "Studio": {
                "endpoint": f"https://ml.azure.com/runs/j1?wsid={workspace.id}&tid=00000000-0000-0000-0000-0000000000aa",
                "type": "Studio",
            }
        },
        "settings": {"default_compute": "azureml:cpu-cluster"},
        "status": "Completed",
        "type": "pipeline",
    }
    assert az("ml job show -n j1 -o table").stdout == (
        "Display_name       Experiment_name    Name    ResourceGroup    Status\n"
        "-----------------  -----------------  ------  ---------------  ---------\n"
        "hello_pipeline_io  hello-pipelines    j1      rg               Completed\n"
    )


def test_a_triggered_job(az: Az, workspace: FakeWorkspace) -> None:
    az("ml schedule create -f cron.yml", check=True)
    name = az("ml schedule trigger -n simple_cron_job_schedule --query job_name -o tsv").stdout.strip()
    shown = az(f"ml job show -n {name}").json()
    assert shown == {
        "creation_context": {
            "created_at": "2026-01-01T00:00:00+00:00",
            "created_by": "Owner",
            "created_by_type": "User",
        },
        "display_name": "simple_cron_job_schedule-20260101T000000Z",
        "experiment_name": "hello-pipelines",
        "id": f"azureml:{workspace.id}/jobs/{name}",
        "name": name,
        "properties": {
            "azureml.DevPlatv2": "true",
            "azureml.genericTriggerName": "simple_cron_job_schedule",
            "azureml.parameters": '{"hello_string_top_level_input": "hello world"}',
            "azureml.pipelineComponent": "pipelinerun",
            "azureml.runLineageType": "genericTrigger",
            "azureml.runsource": "azureml.PipelineRun",
            "runSource": "Schedule",
            "runType": "HTTP",
        },
        "resourceGroup": "rg",
        "services": {
            "Studio": {
                "endpoint": f"https://ml.azure.com/runs/{name}?wsid={workspace.id}&tid=00000000-0000-0000-0000-0000000000aa",
                "type": "Studio",
            }
        },
        "status": "Completed",
        "type": "pipeline",
    }
    assert az("ml job list -o table").stdout.splitlines()[2].split() == [
        name,
        "Completed",
        "hello-pipelines",
        "pipeline",
        "2026-01-01T00:00:00+00:00",
    ]


def test_a_job_of_a_reference_that_nobody_knows(az: Az, workspace: FakeWorkspace) -> None:
    az("ml schedule create -f remote.yml", check=True)
    name = az("ml schedule trigger -n remote --query job_name -o tsv").stdout.strip()
    shown = az(f"ml job show -n {name}").json()
    assert (shown["experiment_name"], shown["properties"]["azureml.genericTriggerName"]) == ("remote", "remote")


def test_lists_begin_with_the_newest(az: Az, workspace: FakeWorkspace) -> None:
    az("ml schedule create -f cron.yml", check=True)
    Scheduler(workspace).run_until(datetime(2026, 1, 3, 12, tzinfo=UTC))
    listed = az("ml job list --query '[].creation_context.created_at'")
    assert (len(listed.json()), listed.json()[0], listed.stderr) == (50, "2026-01-03T11:00:00+00:00", FIFTY)
    for words in ("--all-results", "--all-results true"):
        everything = az(f"ml job list {words} --query 'length(@)'")
        assert (everything.json(), everything.stderr) == (60, "")
    assert az("ml job list --all-results false --query 'length(@)'").json() == 50
    few = az("ml job list --max-results 2 --query '[].creation_context.created_at'")
    assert few.json() == ["2026-01-03T11:00:00+00:00", "2026-01-03T10:00:00+00:00"]
    assert few.stderr == "Displaying top 2 results from the list command.\n"


def test_archived_jobs(az: Az) -> None:
    for name in ("a", "b"):
        az(f"ml job create -f simple-pipeline-job.yml -n {name}", check=True)
    assert az("ml job archive -n a").stdout == ""
    names = "--query '[].name'"
    assert az(f"ml job list {names}").json() == ["b"]
    assert az(f"ml job list --archived-only {names}").json() == ["a"]
    assert az(f"ml job list --include-archived {names}").json() == ["b", "a"]
    assert (
        "Cannot provide both archived-only and include-archived."
        in az("ml job list --include-archived --archived-only").stderr
    )
    az("ml job restore -n a", check=True)
    assert az(f"ml job list {names}").json() == ["b", "a"]


@pytest.mark.parametrize("verb", ["show", "cancel", "stream", "archive", "restore"])
def test_a_job_that_is_not_there(az: Az, verb: str) -> None:
    result = az(f"ml job {verb} -n nope")
    assert (result.exit_code, result.stdout, result.stderr) == (3, "", service_error("Job nope not found"))


def test_children(az: Az) -> None:
    az("ml job create -f simple-pipeline-job.yml -n a", check=True)
    assert az("ml job list --parent-job-name a").json() == []
    result = az("ml job list -p nope")
    assert (result.exit_code, result.stderr) == (3, FIFTY + service_error("Job nope not found"))


def put_in_status(workspace: FakeWorkspace, status: JobStatus) -> None:
    state_of(workspace).jobs.set_status(0, status)


def test_cancel(az: Az, workspace: FakeWorkspace) -> None:
    az("ml job create -f simple-pipeline-job.yml -n a", check=True)
    put_in_status(workspace, "Running")
    cancelled = az("ml job cancel -n a --no-wait")
    assert (cancelled.exit_code, cancelled.stdout) == (0, "")
    assert az("ml job show -n a --query status").json() == "Canceled"


def test_stream(az: Az, workspace: FakeWorkspace) -> None:
    head = f"RunId: a\nWeb View: https://ml.azure.com/runs/a?wsid={workspace.id}\n"
    summary = f"{head}\nExecution Summary\n=================\n{head}\n"
    created = az("ml job create -f simple-pipeline-job.yml -n a --stream --query name")
    assert created.stdout == f'{summary}"a"\n'
    assert az("ml job stream -n a").stdout == summary
    put_in_status(workspace, "Failed")
    failed = az("ml job stream -n a")
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert '"message": "Job a failed."' in failed.stderr
    put_in_status(workspace, "Running")
    assert az("ml job stream -n a").stderr == (
        "ERROR: Job a is Running, and the streaming of a job that has not ended is not modelled: "
        "it would wait for simulated time, which only the test moves. Let the job end first\n"
    )


def test_files_that_are_no_job(az: Az) -> None:
    refused = az("ml job create -f cron.yml")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("ERROR: Validation for PipelineJobSchema failed:\n\ncron.yml:")
    assert "this is a schedule, not a job" in refused.stderr
    assert az("ml job create -f nothere.yml").stderr == "ERROR: No such file or directory: nothere.yml\n"


def test_the_newest_release_says_what_enum_a_status_is_of(az: Az) -> None:
    az.release = "2.45"
    assert az("ml job create -f simple-pipeline-job.yml -n a --query status").json() == "JobStatus.COMPLETED"


def test_what_list_prints_is_a_history(az: Az, workspace: FakeWorkspace, folder: Path) -> None:
    az("ml schedule create -f cron.yml", check=True)
    az("ml job create -f simple-pipeline-job.yml -n by-hand", check=True)
    Scheduler(workspace).run_until(datetime(2026, 1, 1, 6, tzinfo=UTC))
    jobs = folder / "jobs.json"
    jobs.write_text(az("ml job list -o json").stdout, encoding="utf-8")
    history = read_history(jobs)
    assert (history.schedules, history.notes, len(history)) == (("simple_cron_job_schedule",), (), 7)
    first = history.of("simple_cron_job_schedule")[0]
    assert (first.trigger_time, first.source, first.outcome) == (1767225600, "schedule", "completed")
    assert dict(first.inputs) == {"hello_string_top_level_input": "hello world"}
    audit = CliRunner().invoke(commands, ["audit", str(jobs), str(folder / "cron.yml")])
    assert audit.exit_code == 0, audit.output
    assert "6 due: 6 on time" in audit.output
