"""Laying the overrides of ``create_job`` over a job (JB-5), and finding the job that a reference means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pytest_mlschedule.schedules.fields import read_flag
from pytest_mlschedule.schedules.frozen import EMPTY, FrozenDict
from pytest_mlschedule.schedules.models import Component, JobDefinition, JobSchedule, PipelineJob, Step
from pytest_mlschedule.schedules.problems import found_by

FindJob = Callable[[str], JobDefinition | None]

# What a schedule may override; a name is taken and ignored (JB-2: the service names triggered jobs).
_FIELDS = (
    "display_name",
    "description",
    "experiment_name",
    "tags",
    "properties",
    "services",
    "compute",
    "identity",
    "inputs",
    "outputs",
    "settings",
    "content",
)


def merge(base: Any, delta: Any) -> Any:
    """``delta`` over ``base``: mappings merge key by key, everything else is replaced. Neither is changed."""
    if isinstance(base, Mapping) and isinstance(delta, Mapping):
        merged = dict(base)
        for key, value in delta.items():
            merged[key] = merge(base[key], value) if key in base else value
        return FrozenDict(merged)
    return delta


def lay_over(base: JobDefinition, overrides: JobDefinition) -> JobDefinition:
    """A copy of ``base`` with every field that ``overrides`` sets laid over it. The base is not changed."""
    given = overrides.model_fields_set
    update = {name: merge(getattr(base, name), getattr(overrides, name)) for name in _FIELDS if name in given}
    for name, output in (overrides.overrides.get("outputs") or {}).items():
        if output is None:  # a null replaces the base's output, as any scalar does; {} would merge into it
            update["outputs"] = FrozenDict({**update["outputs"], name: EMPTY})
    return base.model_copy(update={**update, "base": base, "overrides": overrides.overrides})


def reference_name(reference: str) -> str:
    """The job's name in the workspace: of an ARM id its last part, otherwise the reference as it is."""
    text = reference.removeprefix("azureml:")
    return text.rstrip("/").rsplit("/", 1)[-1] if text.startswith("/") else text


def workspace_reference(schedule: JobSchedule) -> str | None:
    """The name of the job in the workspace that a schedule runs; None for a job that it brings itself, and without one."""
    job = schedule.create_job
    target = job if isinstance(job, str) or job is None else job.id
    return None if target is None else reference_name(target)


def effective_job(schedule: JobSchedule, find: FindJob) -> JobDefinition | None:
    """The job that a run of this schedule starts, overrides applied.

    ``find`` gives the workspace's job of a name, or None. None is also the answer for schedules with another action, and for
    a plain reference that ``find`` does not know; overrides of an unknown job stand alone.
    """
    job = schedule.create_job
    if isinstance(job, str):
        return find(reference_name(job))
    if job is None or job.id is None:
        return job
    base = find(reference_name(job.id))
    return job if base is None else lay_over(base, job)


def missing_compute(job: JobDefinition) -> list[str]:
    """Names of the steps that no compute is set for, at the step, the job or in settings.default_compute (JB-12)."""
    if not isinstance(job, PipelineJob) or job.compute or job.settings.get("default_compute"):
        return []
    return [name for name, step in job.jobs.items() if _needs_compute(step)]


def missing_inputs(job: JobDefinition) -> list[tuple[str, str]]:
    """Step and input for each required input of a component that the step does not feed (JB-6).

    Known only where the component is a file or written out.
    """
    if not isinstance(job, PipelineJob):
        return []
    return [
        (name, key)
        for name, step in job.jobs.items()
        if isinstance(step.component, Component)
        for key, declared in step.component.inputs.items()
        if key not in step.inputs and is_required(declared) and key not in _search_space(step)
    ]


def is_required(declared: Any) -> bool:
    """Whether an input that a component declares must be fed: it has neither a default nor ``optional``."""
    if not isinstance(declared, Mapping):  # a component that a service gave, which is not checked
        return False
    return declared.get("default") is None and not found_by(read_flag, declared.get("optional", False))[0]


def _search_space(step: Step) -> Any:
    """What the search of a sweep step gives to its trial."""
    return step.content.get("search_space") or () if step.type == "sweep" else ()


def _needs_compute(step: Step) -> bool:
    return step.compute is None and step.type not in ("pipeline", "automl", "if_else", "do_while", "parallel_for")
