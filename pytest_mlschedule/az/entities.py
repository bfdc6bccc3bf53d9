"""Schedules and jobs as ``az ml`` prints them."""

from __future__ import annotations

import re
from datetime import timedelta, timezone
from typing import Any
from urllib.parse import quote

from pytest_mlschedule.arm.job_bodies import run_properties
from pytest_mlschedule.az.releases import Release
from pytest_mlschedule.schedules.entity import context_data, schedule_to_entity
from pytest_mlschedule.schedules.entity_jobs import entity_job_data
from pytest_mlschedule.schedules.frozen import thaw
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.triggers.timestamps import Timestamp
from pytest_mlschedule.workspace.job import Job
from pytest_mlschedule.workspace.workspace import FakeWorkspace

TENANT = "00000000-0000-0000-0000-0000000000aa"
_QUALIFIED = {
    "status": "JobStatus",
    "provisioning_state": "ScheduleProvisioningStatus",
    "created_by_type": "CreatedByType",
    "last_modified_by_type": "CreatedByType",
}


def schedule_data(schedule: JobSchedule) -> dict[str, Any]:
    """A schedule as ``az ml schedule show`` prints it, its words as the service says them."""
    data = schedule_to_entity(schedule)
    if isinstance(data.get("create_job"), dict):
        data["create_job"]["status"] = "NotStarted"
    return data


def job_data(job: Job, workspace: FakeWorkspace) -> dict[str, Any]:
    """A job as ``az ml job show`` prints it. Of a pipeline that a schedule started the graph is not told (recorded)."""
    definition = job.definition()
    is_told = definition is not None and (job.schedule is None or definition.type != "pipeline")
    told = entity_job_data(definition) if is_told else None
    link = f"https://ml.azure.com/runs/{quote(job.name)}?wsid={quote(workspace.id)}&tid={TENANT}"
    data = {
        **(told or {}),
        "creation_context": context_data(job.creation_context),
        "description": job.description,
        "display_name": job.display_name,
        "experiment_name": job.experiment_name,
        "id": f"azureml:{workspace.id}/jobs/{job.name}",
        "name": job.name,
        "properties": dict(sorted(run_properties(job).items())) or None,
        "services": {"Studio": {"endpoint": link, "type": "Studio"}},
        "status": job.status,
        "tags": thaw(job.tags) or None,
        "type": job.type,
    }
    return {key: value for key, value in data.items() if value is not None}


def in_words_of(release: Release, data: dict[str, Any]) -> dict[str, Any]:
    """The data with states as a release prints them: ``Succeeded``, or ``ScheduleProvisioningStatus.SUCCEEDED``."""
    if not release.qualifies_words:
        return data
    inner = ("creation_context", "create_job")
    copy: dict[str, Any] = dict(data)
    for key, value in data.items():
        if key in inner and isinstance(value, dict):
            copy[key] = in_words_of(release, value)
        elif key in _QUALIFIED and isinstance(value, str):
            copy[key] = f"{_QUALIFIED[key]}.{_shout(value)}"
    return copy


def _shout(word: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word).upper()


def time_as_sent(written: Timestamp | None, release: Release) -> str | None:
    """A start or end as the client sends it: a space for the T, and without its offset where the release drops it."""
    if written is None:
        return None
    wall = written.wall
    if written.offset is not None and not release.drops_offsets:
        wall = wall.replace(tzinfo=timezone(timedelta(seconds=written.offset)))
    return wall.isoformat(sep=" ")
