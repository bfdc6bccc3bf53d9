"""Job files: pipeline jobs with all their parts; command and spark jobs as far as a schedule needs them (JB-8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, error, warning
from pytest_mlschedule.schedules.frozen import EMPTY, FrozenDict, freeze
from pytest_mlschedule.schedules.models import CommandJob, Component, JobDefinition, PipelineJob, SparkJob
from pytest_mlschedule.schedules.problems import closest, describe, validate
from pytest_mlschedule.schedules.reader import Reader, follow, has_errors, locate_all
from pytest_mlschedule.schedules.source import Document
from pytest_mlschedule.schedules.steps import StepReader, check_bindings

JobResult = tuple[JobDefinition | None, list[Diagnostic]]

# Dropped from a file whatever their value, unless it is null (sdk.md: read-only).
READ_ONLY = ("$schema", "id", "status", "creation_context", "log_files")
COMMON_KEYS = (
    "compute", "description", "display_name", "experiment_name", "identity", "name", "properties", "services", "tags", "type",
)  # fmt: skip
PIPELINE_KEYS = (*COMMON_KEYS, "inputs", "outputs", "settings")
COMMAND_KEYS = (
    *COMMON_KEYS, "distribution", "environment", "environment_variables", "inputs", "limits", "outputs", "parent_job_name",
    "queue_settings", "resources",
)  # fmt: skip
SPARK_KEYS = (*COMMON_KEYS, "conf", "environment")
_COMMAND_FILE_KEYS = (*COMMAND_KEYS, "command", "code", "parameters")
_SPARK_FILE_KEYS = (
    *SPARK_KEYS, "archives", "args", "code", "entry", "files", "inputs", "jars", "outputs", "py_files", "resources",
)  # fmt: skip
_UNSUPPORTED = ("sweep", "automl", "parallel", "data_transfer", "import", "finetuning", "distillation", "base")


def read_job(document: Document, reader: Reader) -> JobResult:
    """The job that a document defines, and all its problems with their places."""
    data = document.data
    if not isinstance(data, Mapping):
        what = "the file is empty" if data is None else f"a job file holds a mapping, not {describe(data)}"
        return None, locate_all(document, [error("MLS406", what)])
    if "trigger" in data:
        text = "this is a schedule, not a job"
        return None, locate_all(document, [error("MLS406", text, "name the file of a pipeline job")], "trigger")
    kind = data.get("type", "command")
    if kind == "pipeline":
        job, found = _read_pipeline(data, document, reader)
    elif kind in ("command", "spark"):
        job, found = _read_simple(data, document)
    else:
        return None, locate_all(document, [_type_problem(kind)])
    warnings = list(document.warnings)
    return job, warnings + locate_all(document, found)


def read_job_file(document: Document, reference: str, reader: Reader) -> JobResult:
    """The job in the file that ``document`` refers to. Problems of the reference itself have no place yet."""
    path = document.base / reference
    known = reader.recall("job", path)
    if known is not None:
        return known  # type: ignore[no-any-return]
    target, found = follow(reader, document, reference)
    if target is None:
        return None, found
    job, found = read_job(target, reader)
    result = (None if job is None else job.model_copy(update={"path": path}), found)
    return reader.remember("job", path, result)  # type: ignore[no-any-return]


def _type_problem(kind: Any) -> Diagnostic:
    if kind in _UNSUPPORTED:
        text = f"a job of type {kind} cannot be scheduled: only pipeline jobs can"
        return error("MLS403", text, "make it a step of a pipeline job", ("type",))
    hint = closest(kind, ("pipeline", "command", "spark"))
    return error("MLS009", f"{describe(kind)} is not a type of a job", hint, ("type",))


def _read_pipeline(data: Mapping[str, Any], document: Document, reader: Reader) -> JobResult:
    own = {key: value for key, value in data.items() if key not in ("jobs", "component")}
    job, found = validate(PipelineJob, without_read_only(own), PIPELINE_KEYS)
    steps: FrozenDict[str, Any] = EMPTY
    component: Component | str | None = None
    if "jobs" in data:
        steps, problems = StepReader(reader, document).read_steps(data["jobs"])
        found += problems
    if "component" in data:
        component, problems = _pipeline_component(data, document, reader)
        found += problems
    if job is None or has_errors(found):
        return None, found
    return job.model_copy(update={"jobs": steps, "component": component}), found


def _pipeline_component(data: Mapping[str, Any], document: Document, reader: Reader) -> tuple[Any, list[Diagnostic]]:
    if data.get("jobs") and isinstance(data["component"], str):
        return None, [error("MLS406", "jobs and component exclude one another", "keep one of them", ("component",))]
    step = {"type": "pipeline", "component": data["component"]}
    steps, found = StepReader(reader, document).read_steps({"pipeline": step})
    moved = [
        item if item.location and item.location.path != document.name else document.locate(item.at(None))
        for item in found
    ]
    moved = [
        Diagnostic(i.code, i.severity, i.message, i.hint, None, ("component",)) if i.field[:1] == ("jobs",) else i
        for i in moved
    ]
    return (steps["pipeline"].component if "pipeline" in steps else None), moved


def check_job(job: JobDefinition, document: Document | None) -> list[Diagnostic]:
    """Bindings of a pipeline's steps against its inputs and outputs, overrides laid over (sdk.md: merge first)."""
    if not isinstance(job, PipelineJob):
        return []
    found = check_bindings(job.jobs, job.inputs, job.outputs)
    return found if document is None else locate_all(document, found)


def _read_simple(data: Mapping[str, Any], document: Document) -> JobResult:
    command = data.get("type", "command") == "command"
    found: list[Diagnostic] = []
    for key in ("command", "environment") if command else ("entry",):
        if key not in data:
            hint = "a pipeline job says type: pipeline" if "jobs" in data else ""
            found.append(
                error(
                    "MLS007",
                    f"the key {key!r} is missing: a {'command' if command else 'spark'} job needs it",
                    hint,
                    (key,),
                )
            )
    keys = _COMMAND_FILE_KEYS if command else _SPARK_FILE_KEYS
    job, problems = read_fields(CommandJob if command else SparkJob, data, keys)
    if "jobs" in data and "type" not in data:
        hint = "without it the client reads a command job"
        return None, [error("MLS405", "the key 'type' is missing: a pipeline job says type: pipeline", hint, ("type",))]
    return (None if found else job), found + problems


def read_fields(model: type[JobDefinition], data: Mapping[str, Any], keys: tuple[str, ...]) -> JobResult:
    """A job model from a mapping; keys of its type that the model does not name go to ``content``."""
    named = {key: value for key, value in data.items() if key in model.model_fields or key not in keys}
    content = {key: value for key, value in data.items() if key not in named}
    job, found = validate(model, without_read_only(named), [key for key in keys if key in model.model_fields])
    found += [
        error("MLS009", "null is not allowed here", "leave the key out", (key,))
        for key, value in content.items()
        if value is None and key != "environment"
    ]
    if job is None or found:
        return None, found
    return (job.model_copy(update={"content": freeze(content)}) if content else job), []


def without_read_only(data: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping without what the client ignores; a null there is still an error."""
    return {key: value for key, value in data.items() if key not in READ_ONLY or value is None}


def preview_warning(job: JobDefinition) -> list[Diagnostic]:
    """MLS404 for job types that only a private preview schedules (JB-8)."""
    if isinstance(job, CommandJob | SparkJob):
        text = f"scheduling a {job.type} job is a private preview of the service; only pipeline jobs are generally available"
        return [warning("MLS404", text, "make it a step of a pipeline job")]
    return []
