"""Jobs as the service answers them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pytest_mlschedule.arm.inline_codes import name_codes
from pytest_mlschedule.arm.inline_components import name_components
from pytest_mlschedule.arm.inline_environments import name_environment
from pytest_mlschedule.arm.sent import repeat
from pytest_mlschedule.schedules.frozen import thaw
from pytest_mlschedule.schedules.models import PipelineJob
from pytest_mlschedule.schedules.rest import job_to_rest
from pytest_mlschedule.workspace.job import Job
from pytest_mlschedule.workspace.workspace import FakeWorkspace, state_of

RESOURCE_TYPE = "Microsoft.MachineLearningServices/workspaces/jobs"
# Recorded: of a pipeline that a schedule started the graph is not told.
_UNTOLD = ("computeId", "componentId", "identity", "inputs", "jobs", "outputs", "settings", "sourceJobId")


def job_resource(job: Job, workspace: FakeWorkspace) -> dict[str, Any]:
    """The whole resource; what a scheduled pipeline runs is null in it (recorded)."""
    properties = _registered(job) if job.schedule is None else _scheduled(job)
    name_codes(properties, workspace)
    name_environment(properties, workspace)
    name_components(properties, workspace)
    properties["status"] = job.status
    properties["services"] = {"Studio": _studio_service(job.name, workspace.id)}
    properties["isArchived"] = job.name in state_of(workspace).jobs.archived
    context = job.creation_context
    system = {
        "createdAt": context.created_at and context.created_at.isoformat(),
        "createdBy": context.created_by,
        "createdByType": context.created_by_type,
    }
    return {
        "id": f"{workspace.id}/jobs/{job.name}",
        "name": job.name,
        "type": RESOURCE_TYPE,
        "properties": properties,
        "systemData": system,
    }


def _studio_service(name: str, workspace_id: str) -> dict[str, Any]:
    """Where studio would show a job; nothing answers there."""
    return {
        "jobServiceType": "Studio",
        "endpoint": f"https://ml.azure.com/runs/{quote(name)}?wsid={quote(workspace_id)}",
        "port": None,
        "status": None,
        "errorMessage": None,
        "properties": None,
        "nodes": None,
    }


def _registered(job: Job) -> dict[str, Any]:
    definition = job.definition()
    assert definition is not None, "a registered job has one"
    return {
        **repeat(job_to_rest(definition), definition),
        "displayName": job.display_name,
        "experimentName": job.experiment_name,
    }


def _scheduled(job: Job) -> dict[str, Any]:
    definition = job.definition()
    kind = PipelineJob if definition is None else type(definition)
    told = {} if definition is None or kind is PipelineJob else repeat(job_to_rest(definition), definition)
    untold = dict.fromkeys(_UNTOLD) if kind is PipelineJob else {}
    return {
        **untold,
        **told,
        "jobType": job.type.capitalize(),
        "description": job.description,
        "displayName": job.display_name,
        "experimentName": job.experiment_name,
        "notificationSetting": None,
        "tags": thaw(job.tags),
        "properties": run_properties(job),
    }


def run_properties(job: Job) -> dict[str, str]:
    """The properties of a job: its own, and what a schedule notes of a run that it starts (recorded)."""
    own: dict[str, str] = thaw(job.properties)
    if job.schedule is None:
        return own
    literals = {name: str(value) for name, value in job.inputs.items() if not isinstance(value, Mapping)}
    of_pipelines = {"azureml.runsource": "azureml.PipelineRun", "azureml.pipelineComponent": "pipelinerun"}
    return {
        **own,
        "azureml.DevPlatv2": "true",
        "runSource": "Schedule",
        "runType": "HTTP",
        "azureml.runLineageType": "genericTrigger",
        "azureml.genericTriggerName": job.schedule,
        "azureml.parameters": json.dumps(literals),
        **(of_pipelines if job.type == "pipeline" else {}),
    }
