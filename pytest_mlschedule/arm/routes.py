"""The calls that the REST face answers, as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from pytest_mlschedule.arm import assets, blobs, computes, deployments, history, jobs, schedules, storage, workspaces
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
SUBSCRIPTION = "/subscriptions/<subscription>"
GROUP = f"{SUBSCRIPTION}/resourceGroups/<group>"
WORKSPACE = f"{GROUP}/providers/{PROVIDER}/workspaces/<workspace>"
LOCATION = f"{SUBSCRIPTION}/providers/{PROVIDER}/locations/<location>"
ASSET_KINDS = ("codes", "components", "data", "environments", "models")
BY_PROFILE = "ServiceProfile.trigger_action"
"""The action of the trigger call: the workspace's profile says which."""

Handler = Callable[[ArmRequest], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """One call: ``name`` ("schedules.trigger"), method, path with names in angle brackets, and the action that a role
    must allow for it: "" where a token that names somebody is enough, None where no token is asked for."""

    name: str
    method: str
    path: str
    handler: Handler
    action: str | None = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.method} {self.path}"


def _asset_routes(kind: str) -> tuple[Route, ...]:
    """The calls on one kind of asset."""
    one, versions, action = f"{WORKSPACE}/{kind}/<name>", f"{WORKSPACE}/{kind}/<name>/versions", f"{WORKSPACES}/{kind}"
    version = f"{versions}/<version>"
    routes = (
        Route(f"{kind}.list", "GET", f"{WORKSPACE}/{kind}", partial(assets.list_containers, kind), f"{action}/read"),
        Route(f"{kind}.get_container", "GET", one, partial(assets.get_container, kind), f"{action}/read"),
        Route(f"{kind}.list_versions", "GET", versions, partial(assets.list_versions, kind), f"{action}/versions/read"),
        Route(f"{kind}.get", "GET", version, partial(assets.get_version, kind), f"{action}/versions/read"),
        Route(f"{kind}.put", "PUT", version, partial(assets.put_version, kind), f"{action}/versions/write"),
    )
    if kind not in ("codes", "data", "models"):
        return routes
    upload = f"{version}/startPendingUpload"
    return (*routes, Route(f"{kind}.start_upload", "POST", upload, storage.start_upload, f"{action}/versions/write"))


def _history_routes() -> tuple[Route, ...]:
    """The calls on the run of a job."""
    run = f"/history/v1.0{WORKSPACE}/runs/<name>"
    of_experiment = f"/history/v1.0{WORKSPACE}/experiments/<experiment>/runs/<name>"
    return (
        Route("runs.get", "GET", run, history.get_run, READ_JOBS),
        Route("runs.details", "GET", f"{run}/details", history.get_run_details, READ_JOBS),
        Route("runs.patch", "PATCH", of_experiment, history.patch_run, WRITE_JOBS),
        Route("runs.children", "GET", f"{run}/children", history.list_children, READ_JOBS),
    )


_DATASTORES = f"{WORKSPACES}/datastores"
_BLOB = "/blobs/<account>/<path:path>"

ROUTES = (
    Route("workspaces.list", "GET", f"{GROUP}/providers/{PROVIDER}/workspaces", workspaces.list_workspaces),
    Route("workspaces.list_all", "GET", f"{SUBSCRIPTION}/providers/{PROVIDER}/workspaces", workspaces.list_workspaces),
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
    *(route for kind in ASSET_KINDS for route in _asset_routes(kind)),
    Route("computes.list", "GET", f"{WORKSPACE}/computes", computes.list_computes, f"{WORKSPACES}/computes/read"),
    Route("computes.get", "GET", f"{WORKSPACE}/computes/<name>", computes.get_compute, f"{WORKSPACES}/computes/read"),
    Route("datastores.list", "GET", f"{WORKSPACE}/datastores", storage.list_datastores, f"{_DATASTORES}/read"),
    Route("datastores.get", "GET", f"{WORKSPACE}/datastores/<name>", storage.get_datastore, f"{_DATASTORES}/read"),
    Route(
        "datastores.list_secrets",
        "POST",
        f"{WORKSPACE}/datastores/<name>/listSecrets",
        storage.list_secrets,
        f"{_DATASTORES}/listSecrets/action",
    ),
    Route(
        "deployments.get",
        "GET",
        f"{WORKSPACE}/onlineEndpoints/<endpoint>/deployments/<name>",
        deployments.get_deployment,
        f"{WORKSPACES}/onlineEndpoints/deployments/read",
    ),
    *_history_routes(),
    Route("operations.status", "GET", f"{LOCATION}/mfeOperationsStatus/<name>", workspaces.get_operation),
    Route("operations.result", "GET", f"{LOCATION}/mfeOperationResults/<name>", workspaces.get_operation),
    Route("discovery.get", "GET", "/discovery", history.get_discovery, None),
    Route("blobs.put", "PUT", _BLOB, blobs.put_blob, None),
    Route("blobs.get", "GET", _BLOB, blobs.get_blob, None),
)


@cache
def build_map() -> Map:
    """The routes as Werkzeug matches them, on paths as ``fold_path`` gives them; built once, which takes long."""
    rules = (Rule(fold_path(route.path), methods=[route.method], endpoint=route) for route in ROUTES)
    return Map(rules, strict_slashes=False, merge_slashes=False, redirect_defaults=False)


def fold_path(path: str) -> str:
    """The path with its fixed parts in lower case, which ARM reads in any case; names, and paths of blobs, stay as they are."""
    parts = path.split("/")
    if parts[1:2] == ["blobs"]:
        return path
    for position in range(1, len(parts), 2):
        parts[position] = parts[position].lower()
        if parts[position] == "providers" and position + 1 < len(parts):
            parts[position + 1] = parts[position + 1].lower()
    return "/".join(parts)
