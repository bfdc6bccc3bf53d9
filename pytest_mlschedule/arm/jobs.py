"""Calls on ``jobs``."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from pytest_mlschedule.arm.errors import ArmError
from pytest_mlschedule.arm.job_bodies import job_resource
from pytest_mlschedule.arm.paging import page_response
from pytest_mlschedule.arm.requests import ArmRequest
from pytest_mlschedule.arm.responses import empty_response, json_response
from pytest_mlschedule.arm.sent import remember
from pytest_mlschedule.diagnostics import Severity
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.models import JobDefinition
from pytest_mlschedule.schedules.overrides import lay_over, reference_name
from pytest_mlschedule.schedules.rest import job_from_rest
from pytest_mlschedule.schedules.rest_fields import RestObject
from pytest_mlschedule.schedules.rest_jobs import OTHER_TYPES
from pytest_mlschedule.workspace.job import Job
from pytest_mlschedule.workspace.job_changes import given_texts, refuse_change

_FLAGS = {"true": True, "false": False}


def put_job(request: ArmRequest) -> Response:
    """Create: 201; or change the texts of a job that runs the same (WS-11): 200."""
    workspace = request.workspace
    jobs = request.state.jobs
    properties = RestObject(request.read_body(), []).value("properties")
    if not isinstance(properties, dict):
        raise ArmError(400, "UserError", "a job has properties with jobType")
    definition = _read_definition(request, properties)
    position = jobs.find_exact(request.name)
    if position is None or _is_written_elsewhere(jobs[position]):
        job = workspace.jobs.create_or_update(definition.model_copy(update={"name": request.name}))
    else:
        with request.change():
            # Null in an answer about a scheduled job is the same in a put: what it does not tell cannot be told back.
            shown, _ = job_from_rest(job_resource(jobs[position], workspace)["properties"])
            assert isinstance(shown, JobDefinition), "only a reference is none"
            refuse_change(request.name, shown, definition)
            job = jobs.rewrite(position, given_texts(definition))
    hidden = RestObject(properties, []).value("isArchived")
    if isinstance(hidden, bool) and hidden is not (job.name in jobs.archived):
        set_archived(request, hidden=hidden)
    return json_response(job_resource(job, workspace), 201 if position is None else 200)


def _is_written_elsewhere(job: Job) -> bool:
    """Whether Python or az registered a job. The client writes the same file otherwise, so what it puts takes its place."""
    definition = job.definition()
    return job.schedule is None and definition is not None and definition.sent is None


def set_archived(request: ArmRequest, *, hidden: bool) -> None:
    """Archive a job, or restore it."""
    jobs = request.workspace.jobs
    (jobs.archive if hidden else jobs.restore)(request.name)


def _read_definition(request: ArmRequest, properties: dict[str, Any]) -> JobDefinition:
    kind = RestObject(properties, []).value("jobType")
    if isinstance(kind, str) and kind.lower() in OTHER_TYPES:
        text = f"Jobs of type {kind} are not modelled by pytest-mlschedule: pipeline, command and spark jobs are"
        raise ArmError(501, "NotModelled", text)
    job, found = job_from_rest(properties)
    if job is None:
        raise DefinitionError(item for item in found if item.severity is Severity.ERROR)
    reference = job if isinstance(job, str) else job.id
    if reference is None:
        assert isinstance(job, JobDefinition)
        return remember(job, properties)
    base = request.state.jobs.find(reference_name(reference))
    if base is None:
        raise ArmError(404, "UserError", f"Source job {reference_name(reference)} not found")
    return base if isinstance(job, str) else lay_over(base, job)


def get_job(request: ArmRequest) -> Response:
    """The job, or 404."""
    return json_response(job_resource(request.workspace.jobs.get(request.name), request.workspace))


def list_jobs(request: ArmRequest) -> Response:
    """A page of the jobs that the parameters select, in the order they were made.

    ``listViewType``: ``ActiveOnly`` by default; ``scheduled``: true or false; ``scheduleId``: the name or ARM id of a
    schedule; ``tag``: a name, or ``name=value``; ``jobType``.
    """
    view = request.query.get("listviewtype") or "ActiveOnly"
    try:
        jobs = request.workspace.jobs.list(list_view_type=view)
    except ValueError:
        text = f"listViewType is ActiveOnly, ArchivedOnly or All, not {view[:60]!r}"
        raise ArmError(400, "UserError", text) from None
    return page_response(request, _select(jobs, request.query), lambda job: job_resource(job, request.workspace))


def _select(jobs: list[Job], query: dict[str, str]) -> list[Job]:
    scheduled = _read_flag(query.get("scheduled"))
    if scheduled is not None:
        jobs = [job for job in jobs if (job.schedule is not None) is scheduled]
    if query.get("scheduleid"):
        name = query["scheduleid"].rstrip("/").rsplit("/", 1)[-1]
        jobs = [job for job in jobs if job.schedule == name]
    if query.get("tag"):
        jobs = [job for job in jobs if _has_tag(job.tags, query["tag"])]
    if query.get("jobtype"):
        jobs = [job for job in jobs if job.type == query["jobtype"].lower()]
    return jobs


def _read_flag(text: str | None) -> bool | None:
    if not text:
        return None
    if text.lower() not in _FLAGS:
        raise ArmError(400, "UserError", f"scheduled is true or false, not {text[:60]!r}")
    return _FLAGS[text.lower()]


def _has_tag(tags: Any, wanted: str) -> bool:
    name, separator, value = wanted.partition("=")
    return name in tags and (not separator or str(tags[name]) == value)


def cancel_job(request: ArmRequest) -> Response:
    """Cancel the job; one that has ended stays as it is."""
    request.workspace.jobs.begin_cancel(request.name)
    return empty_response(200)
