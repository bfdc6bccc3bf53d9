"""``az ml job``."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from pytest_mlschedule.az.arguments import Option
from pytest_mlschedule.az.command import Command, Context
from pytest_mlschedule.az.definitions import read_job
from pytest_mlschedule.az.entities import in_words_of, job_data
from pytest_mlschedule.az.errors import AzError, client_error
from pytest_mlschedule.az.preparation import authorize_preparation, authorize_workspace
from pytest_mlschedule.az.schedules import GROUP, MAX_RESULTS, NAME, NEEDED_WORKSPACE, NO_WAIT, SET
from pytest_mlschedule.workspace.job import FINAL_STATUSES, Job
from pytest_mlschedule.workspace.job_changes import refuse_change
from pytest_mlschedule.workspace.workspace import FakeWorkspace, state_of

MOST_LISTED = 50
"""How many jobs ``az ml job list`` shows where nobody says how many."""


def create_job(context: Context) -> Any:
    """Submit a job: it completes at once."""
    options, workspace = context.options, context.workspace()
    overrides = [*(options.set or ()), *([("name", options.name)] if options.name else ())]
    definition = read_job(context.call, options.file, overrides)
    authorize_preparation(workspace, definition, is_submitted=True)
    there = state_of(workspace).jobs.get(definition.name) if definition.name else None
    known = None if there is None else there.definition()
    # What came over REST is written otherwise, and may be the same file: az replaces it.
    if there is not None and (known is None or known.sent is None):
        refuse_change(there.name, known, definition)
    job = workspace.jobs.create_or_update(definition)
    answer = _printed(context, job, workspace)
    if options.stream:
        context.progress += _stream(workspace.jobs.get(job.name), workspace)
    return answer


def _printed(context: Context, job: Job, workspace: FakeWorkspace) -> dict[str, Any]:
    return in_words_of(context.release, job_data(job, workspace))


def show_job(context: Context) -> Any:
    """One job."""
    workspace = context.workspace()
    return _printed(context, workspace.jobs.get(context.options.name), workspace)


def list_jobs(context: Context) -> Any:
    """The newest jobs first."""
    options, workspace = context.options, context.workspace()
    most = None if options.all_results == "true" else options.max_results or MOST_LISTED
    if most is not None:
        context.notes.append(f"Displaying top {most} results from the list command.\n")
    if options.include_archived and options.archived_only:
        raise client_error("ValueError", "Cannot provide both archived-only and include-archived.")
    view = "ALL" if options.include_archived else "ARCHIVED_ONLY" if options.archived_only else "ACTIVE_ONLY"
    found = workspace.jobs.list(parent_job_name=options.parent_job_name, list_view_type=view)
    return [_printed(context, job, workspace) for job in found[::-1][:most]]


def cancel_job(context: Context) -> None:
    """Cancel a job; nothing is printed."""
    context.workspace().jobs.begin_cancel(context.options.name)


def archive_job(context: Context) -> None:
    """Leave a job out of lists."""
    _archivable(context).jobs.archive(context.options.name)


def restore_job(context: Context) -> None:
    """Show an archived job in lists again."""
    _archivable(context).jobs.restore(context.options.name)


def _archivable(context: Context) -> FakeWorkspace:
    """The workspace, after what the client looks at before it changes a run: the job, and where the run is kept."""
    workspace = context.workspace()
    workspace.jobs.get(context.options.name)
    authorize_workspace(workspace)
    return workspace


def stream_job(context: Context) -> None:
    """The summary of a job that has ended; there are no logs. A job that has not ended is refused."""
    workspace = context.workspace()
    context.progress += _stream(workspace.jobs.get(context.options.name), workspace)


def _stream(job: Job, workspace: FakeWorkspace) -> str:
    if job.status not in FINAL_STATUSES:
        text = (
            f"Job {job.name} is {job.status}, and the streaming of a job that has not ended is not modelled: "
            "it would wait for simulated time, which only the test moves. Let the job end first"
        )
        raise AzError(text)
    head = f"RunId: {job.name}\nWeb View: https://ml.azure.com/runs/{job.name}?wsid={workspace.id}\n"
    if job.status == "Failed":
        error = {"error": {"code": "UserError", "message": f"Job {job.name} failed."}}
        raise AzError(f"Exception : \n {json.dumps(error, indent=4)} ")
    return f"{head}\nExecution Summary\n=================\n{head}\n"


def _table(jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "name": job["name"],
            "status": job["status"],
            "experiment": job["experiment_name"],
            "compute target": job.get("compute", ""),
            "job type": job["type"],
            "created on": job["creation_context"]["created_at"],
        }
        for job in jobs
    ]


_ONE = (GROUP, NEEDED_WORKSPACE, NAME)
_WEB = Option(("--web", "-e"), "flag")
COMMANDS = (
    Command("ml job archive", archive_job, _ONE, "Leave a job out of lists."),
    Command("ml job cancel", cancel_job, (*_ONE, NO_WAIT), "Cancel a job."),
    Command(
        "ml job create",
        create_job,
        (
            GROUP,
            NEEDED_WORKSPACE,
            Option(("--file", "-f"), required=True),
            replace(NAME, required=False),
            Option(("--stream", "-s"), "flag"),
            _WEB,
            SET,
            Option(("--skip-validation",), "flag"),
            Option(("--save-as", "-a"), "unmodelled"),
        ),
        "Submit a job.",
    ),
    Command(
        "ml job list",
        list_jobs,
        (
            GROUP,
            NEEDED_WORKSPACE,
            MAX_RESULTS,
            Option(("--all-results",), "yes_no"),
            Option(("--parent-job-name", "-p")),
            Option(("--include-archived",), "flag"),
            Option(("--archived-only",), "flag"),
        ),
        "List jobs, the newest first.",
        _table,
    ),
    Command("ml job restore", restore_job, _ONE, "Show an archived job in lists again."),
    Command("ml job show", show_job, (*_ONE, _WEB), "Show a job."),
    Command("ml job stream", stream_job, _ONE, "Show the summary of a job that has ended."),
)
