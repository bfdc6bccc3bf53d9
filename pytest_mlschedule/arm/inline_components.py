"""Components that a job brings written out, as jobs of Python and of ``ml_az`` do: a client makes assets of them before it puts
the job, and gets back their ids."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pytest_mlschedule.arm.assets import ANONYMOUS, put_anonymous
from pytest_mlschedule.arm.inline_codes import name_code_of
from pytest_mlschedule.schedules.models import Component
from pytest_mlschedule.schedules.rest_steps import component_data, component_from_text
from pytest_mlschedule.workspace.workspace import FakeWorkspace


def name_components(definition: dict[str, Any], workspace: FakeWorkspace) -> None:
    """Put the id of an anonymous component in the place of each one that is written out.

    Clients send back what they got; text they would make a component of again, and look for its environment.
    """
    for owner in _owners(definition):
        spec = _read_component(owner.get("componentId") or "")
        if spec is not None:
            version = put_anonymous(workspace, _with_code(spec, workspace))
            owner["componentId"] = f"{workspace.id}/components/{ANONYMOUS}/versions/{version}"


def _with_code(spec: dict[str, Any], workspace: FakeWorkspace) -> dict[str, Any]:
    """The specification with its code as an asset, as the client writes it; a parallel component has it in its task."""
    named = {**spec, "task": dict(spec["task"])} if isinstance(spec.get("task"), dict) else dict(spec)
    for owner in (named, named.get("task")):
        name_code_of(owner, workspace)
    return named


@lru_cache(maxsize=1024)
def _read_component(text: str) -> dict[str, Any] | None:
    """The specification of a component that is written out. Reading YAML is what an answer would spend its time on."""
    component = component_from_text(text)
    if not isinstance(component, Component):
        return None
    spec: dict[str, Any] = json.loads(json.dumps(component_data(component), default=str))
    return spec


def _owners(definition: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield definition
    for step in (definition.get("jobs") or {}).values():
        if isinstance(step, dict):
            yield step
            yield from (trial for trial in (step.get("trial"),) if isinstance(trial, dict))
