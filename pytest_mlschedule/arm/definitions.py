"""Schedules as the service answers them: what the definition of a job leaves open is filled in (recorded)."""

from __future__ import annotations

from typing import Any

from pytest_mlschedule.arm.inline_codes import name_codes
from pytest_mlschedule.arm.inline_components import name_components
from pytest_mlschedule.arm.inline_environments import name_environment
from pytest_mlschedule.arm.sent import repeat
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.schedules.rest import schedule_to_rest
from pytest_mlschedule.workspace.workspace import FakeWorkspace

_MODES = {"inputs": ("jobInputType", "ReadOnlyMount"), "outputs": ("jobOutputType", "ReadWriteMount")}


def schedule_resource(schedule: JobSchedule, workspace: FakeWorkspace) -> dict[str, Any]:
    """The whole resource. Computes and components have their ARM ids, as the client sends them; data without a mode are
    mounted."""
    answer = schedule_to_rest(schedule)
    action = answer["properties"]["action"]
    if isinstance(schedule.create_job, JobDefinition):
        action["jobDefinition"] = repeat(action["jobDefinition"], schedule.create_job)
    if isinstance(action.get("jobDefinition"), dict):
        _fill_job(action["jobDefinition"], workspace.id)
        name_codes(action["jobDefinition"], workspace)
        name_environment(action["jobDefinition"], workspace)
        name_components(action["jobDefinition"], workspace)
    return answer


def _fill_job(job: dict[str, Any], workspace_id: str) -> None:
    for owner in (job, *(step for step in (job.get("jobs") or {}).values() if isinstance(step, dict))):
        if _is_name(owner.get("computeId")):
            owner["computeId"] = f"{workspace_id}/computes/{owner['computeId']}"
    for ports, (kind, mode) in _MODES.items():
        for port in (job.get(ports) or {}).values():
            if isinstance(port, dict) and port.get(kind) not in (None, "literal") and port.get("mode", "") is None:
                port["mode"] = mode


def _is_name(compute: Any) -> bool:
    """Whether it is the name of a cluster, no ARM id, no binding, and not the compute that has no cluster."""
    return (
        isinstance(compute, str)
        and bool(compute)
        and not any(mark in compute for mark in "/$")
        and compute != "serverless"
    )
