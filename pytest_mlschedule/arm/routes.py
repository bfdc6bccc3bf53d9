"""The calls that the REST face answers, as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from pytest_mlschedule.arm import jobs, schedules, workspaces
from pytest_mlschedule.arm.requests import ArmRequest
from pytest_mlschedule.workspace.roles import (
    CANCEL_JOBS,
    DELETE_SCHEDULES,
    READ_JOBS,
    READ_SCHEDULES,
    WORKSPACES,
    WRITE_JOBS,
    WRITE_SCHEDULES,
)

PROVIDER = "Microsoft.MachineLearningServices"
WORKSPACE = f"/subscriptions/<subscription>/resourceGroups/<group>/providers/{PROVIDER}/workspaces/<workspace>"
LOCATION = f"/subscriptions/<subscription>/providers/{PROVIDER}/locations/<location>"
BY_PROFILE = "ServiceProfile.trigger_action"
"""The action of the trigger call: the workspace's profile says which."""

Handler = Callable[[ArmRequest], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """One call: ``name`` ("schedules.trigger"), method, path with names in angle brackets, and the action that a role
    must allow for it; "" where a token that names somebody is enough."""

    name: str
    method: str
    path: str
    handler: Handler
    action: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.method} {self.path}"


ROUTES = (
    Route("workspaces.get", "GET", WORKSPACE, workspaces.get_workspace, f"{WORKSPACES}/read"),
    Route("schedules.list", "GET", f"{WORKSPACE}/schedules", schedules.list_schedules, READ_SCHEDULES),
    Route("schedules.get", "GET", f"{WORKSPACE}/schedules/<name>", schedules.get_schedule, READ_SCHEDULES),
    Route("schedules.put", "PUT", f"{WORKSPACE}/schedules/<name>", schedules.put_schedule, WRITE_SCHEDULES),
    Route("schedules.delete", "DELETE", f"{WORKSPACE}/schedules/<name>", schedules.delete_schedule, DELETE_SCHEDULES),
    Route("schedules.trigger", "POST", f"{WORKSPACE}/schedules/<name>/trigger", schedules.trigger_schedule, BY_PROFILE),
    Route("jobs.list", "GET", f"{WORKSPACE}/jobs", jobs.list_jobs, READ_JOBS),
    Route("jobs.get", "GET", f"{WORKSPACE}/jobs/<name>", jobs.get_job, READ_JOBS),
    Route("jobs.put", "PUT", f"{WORKSPACE}/jobs/<name>", jobs.put_job, WRITE_JOBS),
    Route("jobs.cancel", "POST", f"{WORKSPACE}/jobs/<name>/cancel", jobs.cancel_job, CANCEL_JOBS),
    Route("operations.status", "GET", f"{LOCATION}/mfeOperationsStatus/<name>", workspaces.get_operation),
    Route("operations.result", "GET", f"{LOCATION}/mfeOperationResults/<name>", workspaces.get_operation),
)


def build_map() -> Map:
    """The routes as Werkzeug matches them: on paths as ``fold_path`` gives them."""
    rules = (Rule(fold_path(route.path), methods=[route.method], endpoint=route) for route in ROUTES)
    return Map(rules, strict_slashes=False, merge_slashes=False, redirect_defaults=False)


def fold_path(path: str) -> str:
    """The path with its fixed parts in lower case, which ARM reads in any case; names stay as they are."""
    parts = path.split("/")
    for position in range(1, len(parts), 2):
        parts[position] = parts[position].lower()
        if parts[position] == "providers" and position + 1 < len(parts):
            parts[position + 1] = parts[position + 1].lower()
    return "/".join(parts)
