"""What the client calls before it puts a job, or a schedule of one: each of these calls needs a right of its own.

Measured with azure-ai-ml 1.35.2; tests/azure/test_az_agreement.py holds it against the client. Nothing is registered or looked up
here: only who may not make a call is refused, as the REST face refuses it. The workspace is no such call: the client
asks for its id, to name a cache, and goes on without.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pytest_mlschedule.schedules.models import Component, JobDefinition, PipelineJob, Step
from pytest_mlschedule.workspace.roles import WORKSPACES, may_read_workspace
from pytest_mlschedule.workspace.state import Operation
from pytest_mlschedule.workspace.workspace import FakeWorkspace, caller_of, state_of

_ANONYMOUS = "azureml_anonymous"
# Parts of a step, or of a component, that have an environment and code of their own.
_PARTS = ("component", "task", "trial")
_DATASTORE = "datastores/workspaceblobstore"
# The client never asks for environments whose names begin so.
_CURATED = "azureml-"
_LATEST = re.compile(r"azureml:([^/:@]+)@latest")
_ELSEWHERE = re.compile(r"azureml:|\w[\w+.-]+://|\$\{\{|/subscriptions/")
_NO_CLUSTER = ("serverless", "local")
_WORKSPACE = Operation("workspaces.get", f"{WORKSPACES}/read", "")


def authorize_preparation(workspace: FakeWorkspace, job: JobDefinition, *, is_submitted: bool = False) -> None:
    """Raises AuthorizationError where the caller may not make one of the calls; ``is_submitted``: as a job of its own."""
    state, caller = state_of(workspace), caller_of(workspace)
    for operation in _operations(job, is_submitted=is_submitted):
        state.authorize(caller, operation)


def authorize_workspace(workspace: FakeWorkspace) -> None:
    """Raises AuthorizationError where the caller may not read the workspace itself."""
    if not may_read_workspace(workspace.roles):
        state_of(workspace).authorize(caller_of(workspace), _WORKSPACE)


def _operations(job: JobDefinition, *, is_submitted: bool) -> Iterator[Operation]:
    if not isinstance(job, PipelineJob):
        content = getattr(job, "content", {})
        yield from _code_operations(content)
        yield from _environment_operations(content)
        return
    roots = tuple(job.jobs.values())
    if isinstance(job.component, Component):
        roots = (Step(type="pipeline", component=job.component),)
    steps = tuple(_steps(roots))
    contents = [content for step in steps for content in _contents(step)]
    for content in contents:
        yield from _environment_operations(content)
    for step in steps:
        yield from _data_operations(step.inputs)
    if is_submitted:
        yield from _compute_operations(job)
    for content in contents:
        yield from _code_operations(content)
    for step in steps:
        yield from _component_operations(_component_of(step))
    yield from _data_operations(job.inputs)


def _steps(steps: Iterable[Step]) -> Iterator[Step]:
    """The steps, and those of the pipeline components that they name as files."""
    for step in steps:
        yield step
        if isinstance(step.component, Component):
            yield from _steps(step.component.steps.values())


def _contents(step: Step) -> Iterator[Mapping[str, Any]]:
    """What may name an environment and code: the step, and its component."""
    if not isinstance(step.component, str):
        yield from _nested(step.content)
    if isinstance(step.component, Component):
        yield from _nested(step.component.content)


def _nested(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield content
    for part in _PARTS:
        if isinstance(content.get(part), Mapping):
            yield from _nested(content[part])


def _component_of(step: Step) -> Component | str | None:
    """The component that the client registers, or refers to: a step written inline is one."""
    return step.component or (None if step.type == "automl" else Component())


def _component_operations(component: Component | str | None) -> Iterator[Operation]:
    if isinstance(component, Component):
        yield _call("components.put", "components/versions/write", f"components/{_ANONYMOUS}")
    elif component is not None and (latest := _LATEST.fullmatch(component)):
        yield _call("components.list_versions", "components/versions/read", f"components/{latest[1]}")


def _environment_operations(content: Mapping[str, Any]) -> Iterator[Operation]:
    environment = content.get("environment")
    if isinstance(environment, Mapping):
        yield _call("environments.put", "environments/versions/write", "environments/CliV2AnonymousEnvironment")
        return
    latest = _LATEST.fullmatch(environment) if isinstance(environment, str) else None
    if latest is not None and not latest[1].lower().startswith(_CURATED):
        yield _call("environments.list_versions", "environments/versions/read", f"environments/{latest[1]}")


def _code_operations(content: Mapping[str, Any]) -> Iterator[Operation]:
    """Code of this machine: looked up by its hash, and uploaded."""
    code = content.get("code")
    if isinstance(code, str) and not _ELSEWHERE.match(code):
        yield _call("codes.list_versions", "codes/versions/read", "codes")
        yield _call("codes.put", "codes/versions/write", "codes")


def _data_operations(inputs: Mapping[str, Any]) -> Iterator[Operation]:
    """Data of this machine, which are uploaded, and the latest of what is registered."""
    for given in inputs.values():
        path = given.get("path") if isinstance(given, Mapping) else None
        if not isinstance(path, str):
            continue
        latest = _LATEST.fullmatch(path)
        if latest and str(given.get("type")).endswith("_model"):
            yield _call("models.list_versions", "models/versions/read", f"models/{latest[1]}")
        elif latest:
            yield _call("data.get_container", "data/read", f"data/{latest[1]}")
            yield _call("data.get", "data/versions/read", f"data/{latest[1]}")
        elif not _ELSEWHERE.match(path):
            yield _call("datastores.get", "datastores/read", _DATASTORE)
            yield _call("datastores.list_secrets", "datastores/listSecrets/action", _DATASTORE)


def _compute_operations(job: PipelineJob) -> Iterator[Operation]:
    """The clusters of the job and of its own steps are looked up; those of ``settings`` and deeper down are not."""
    steps = job.component.steps if isinstance(job.component, Component) else job.jobs
    for compute in dict.fromkeys((job.compute, *(step.compute for step in steps.values()))):
        if compute and compute.lower() not in _NO_CLUSTER and not compute.startswith("${{"):
            yield _call("computes.get", "computes/read", f"computes/{compute.rpartition('/')[2]}")


def _call(verb: str, right: str, resource: str) -> Operation:
    return Operation(verb, f"{WORKSPACES}/{right}", resource)
