"""The data plane: where it is (discovery), and the run history that the client asks about one job."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from pytest_mlschedule.arm.errors import ArmError
from pytest_mlschedule.arm.requests import ArmRequest
from pytest_mlschedule.arm.responses import json_response
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.rest_fields import RestObject
from pytest_mlschedule.workspace.job import FINAL_STATUSES, Job


def get_discovery(request: ArmRequest) -> Response:
    """The hosts of the data plane: all are this one."""
    return json_response(dict.fromkeys(("api", "history", "experimentation", "modelmanagement"), request.origin))


def get_run(request: ArmRequest) -> Response:
    """The run of a job."""
    return json_response(_run(request.workspace.jobs.get(request.name)))


def get_run_details(request: ArmRequest) -> Response:
    """Status and logs of the run of a job that has ended; there are no logs.

    A client that streams asks until a run has ended. Nobody but the test moves the clock, so for a job that has not it
    would ask for ever: such a call is refused.
    """
    job = request.workspace.jobs.get(request.name)
    if job.status not in FINAL_STATUSES:
        text = (
            f"Job {job.name} is {job.status}, and the streaming of a job that has not ended is not modelled: "
            "it would wait for simulated time. Let the job end first"
        )
        raise ArmError(501, "NotModelled", text)
    error = {"error": {"code": "UserError", "message": f"Job {job.name} failed."}} if job.status == "Failed" else None
    return json_response({**_run(job), "logFiles": {}, "warnings": [], "error": error, "runDefinition": None})


def list_children(request: ArmRequest) -> Response:
    """The steps of a run: they are not emulated, so there are none."""
    request.workspace.jobs.get(request.name)
    return json_response({"value": [], "nextLink": None})


def patch_run(request: ArmRequest) -> Response:
    """Change display name, description, tags or properties of a registered job, and whether it is archived (``hidden``)."""
    given = RestObject(request.read_body(), [])
    hidden, tags, properties = given.flag("hidden"), given.text_map("tags"), given.text_map("properties")
    texts = {"display_name": given.text("displayName"), "description": given.text("description")}
    if given.found:
        raise DefinitionError(given.found)
    jobs = request.workspace.jobs
    if tags or properties or any(texts.values()):
        jobs.update(request.name, **texts, tags=tags, properties=properties)
    if hidden is not None:
        (jobs.archive if hidden else jobs.restore)(request.name)
    job = request.state.jobs.get(request.name)
    if job is None:
        raise ArmError(404, "UserError", f"Job {request.name} not found")
    return json_response(_run(job))


def _run(job: Job) -> dict[str, Any]:
    created = job.creation_context.created_at
    at = created and created.isoformat()
    return {
        "runId": job.name,
        "displayName": job.display_name,
        "experimentName": job.experiment_name,
        "status": job.status,
        "createdUtc": at,
        "startTimeUtc": at,
        "endTimeUtc": at if job.status in FINAL_STATUSES else None,
        "runType": job.type,
        "tags": dict(job.tags),
        "properties": {},
    }
