"""``create_job`` of a schedule file: a file, a job in the workspace, or one of both with overrides (JB-5, JB-8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.schedules.fields import read_identity, read_input, read_output, read_plain_input
from pytest_mlschedule.schedules.frozen import freeze
from pytest_mlschedule.schedules.jobs import (
    COMMAND_KEYS,
    PIPELINE_KEYS,
    SPARK_KEYS,
    JobResult,
    check_job,
    preview_warning,
    read_fields,
    read_job_file,
)
from pytest_mlschedule.schedules.models import CommandJob, JobDefinition, PipelineJob, SparkJob
from pytest_mlschedule.schedules.overrides import lay_over, merge
from pytest_mlschedule.schedules.problems import closest, describe, found_by
from pytest_mlschedule.schedules.reader import Reader, has_errors
from pytest_mlschedule.schedules.source import Document

_TYPES: dict[str, tuple[type[JobDefinition], tuple[str, ...]]] = {
    "pipeline": (PipelineJob, PIPELINE_KEYS),
    "command": (CommandJob, COMMAND_KEYS),
    "spark": (SparkJob, SPARK_KEYS),
}
_FORMS = "a job file (./pipeline.yml), azureml:<job name>, or a mapping with type and job"


def read_create_job(
    value: Any, document: Document, reader: Reader
) -> tuple[JobDefinition | str | None, list[Diagnostic]]:
    """The job with overrides applied, or the reference as text; problems have fields relative to ``create_job``."""
    if isinstance(value, str):
        return _read_reference(value, document, reader)
    if not isinstance(value, Mapping) or not value:
        return None, [error("MLS008", f"must be {_FORMS}, not {describe(value) if value is not None else 'null'}")]
    return _read_mapping(value, document, reader)


def _read_reference(
    text: str, document: Document, reader: Reader
) -> tuple[JobDefinition | str | None, list[Diagnostic]]:
    if text.startswith("azureml:") and text != "azureml:":
        return text.removeprefix("azureml:"), []
    problem = _reference_problem(text)
    if problem:
        return None, [problem]
    job, found = read_job_file(document, text, reader)
    if job is None:
        return None, found
    found = [*found, *check_job(job, _document_of(job, reader)), *preview_warning(job)]
    return (None if has_errors(found) else job), found


def _reference_problem(text: str) -> Diagnostic | None:
    """References that the client looks up as files, and that people mean otherwise."""
    if text.startswith("file:"):
        path = text.removeprefix("file:")
        return error("MLS401", f"{text!r}: the prefix file: is in the docs, the client rejects it", f"write {path}")
    if text.strip() in ("", "azureml:"):
        return error("MLS401", f"the reference is empty; it is {_FORMS}")
    if text.lower().startswith("azureml:"):
        return error("MLS401", f"{text!r}: the prefix is azureml: in lowercase", f"write azureml:{text[8:]}")
    if text.startswith("/subscriptions/"):
        return error("MLS401", "an ARM id needs the prefix azureml:", f"write azureml:{text}")
    return None


def _document_of(job: JobDefinition, reader: Reader) -> Document | None:
    return None if job.path is None else reader.document(job.path, str(job.path))


def _read_mapping(value: Mapping[Any, Any], document: Document, reader: Reader) -> JobResult:
    found: list[Diagnostic] = []
    reference = value.get("job")
    if "job" not in value:
        hint = (
            "a pipeline written out under create_job is rejected: put it into a file"
            if "jobs" in value
            else f"job: is {_FORMS}"
        )
        found.append(error("MLS405", "the key 'job' is missing", hint, ("job",)))
    elif not isinstance(reference, str):
        found.append(
            error("MLS008", f"must be a job file or azureml:<job name>, not {describe(reference)}", "", ("job",))
        )
    remote = isinstance(reference, str) and reference.startswith("azureml:") and reference != "azureml:"
    base: JobDefinition | None = None
    if isinstance(reference, str) and not remote:
        base, problems = _base_job(reference, document, reader)
        found += problems
    kind, problems = _kind(value, base, remote)
    found += problems
    overrides, problems = _read_overrides(value, kind)
    found += problems
    if overrides is None or has_errors(found):
        return None, found
    if base is None:  # a job in the workspace: a file that did not load is among the errors
        return overrides.model_copy(update={"id": str(reference).removeprefix("azureml:")}), found
    job, problems = _merge(base, overrides, value, reader)
    found += problems
    return (None if has_errors(found) else job), found


def _base_job(reference: str, document: Document, reader: Reader) -> JobResult:
    problem = _reference_problem(reference)
    if problem:
        return None, [problem.under("job")]
    job, found = read_job_file(document, reference, reader)
    if job is not None:  # the client loads the file by itself first: an override cannot mend it
        found = [*found, *check_job(job, _document_of(job, reader))]
    return job, [item if item.location else item.under("job") for item in found]


def _kind(value: Mapping[Any, Any], base: JobDefinition | None, remote: bool) -> tuple[str, list[Diagnostic]]:  # noqa: FBT001
    if "type" not in value:
        if remote:
            text = "the key 'type' is missing: overrides of a job in the workspace need it"
            return "pipeline", [error("MLS405", text, "write type: pipeline", ("type",))]
        return (base.type if base else "pipeline"), []
    kind = value["type"]
    if not isinstance(kind, str) or kind not in _TYPES:
        hint = f"write {kind.lower()}" if isinstance(kind, str) and kind.lower() in _TYPES else closest(kind, _TYPES)
        return "pipeline", [
            error(
                "MLS405", f"{describe(kind)} is not a type of a job; pipeline, command and spark are", hint, ("type",)
            )
        ]
    if remote and kind != "pipeline":
        return kind, [
            error(
                "MLS405", f"overrides of a job in the workspace work for pipelines, not for type {kind}", "", ("type",)
            )
        ]
    if base is not None and base.type != kind:
        return kind, [
            error("MLS405", f"the job is of type {base.type}, not {kind}", f"write type: {base.type}", ("type",))
        ]
    return kind, []


def _read_overrides(value: Mapping[Any, Any], kind: str) -> JobResult:
    model, keys = _TYPES[kind]
    given = {key: item for key, item in value.items() if key not in ("job", "type")}
    found: list[Diagnostic] = []
    if "jobs" in given:
        del given["jobs"]
        if "job" in value:
            found.append(
                error(
                    "MLS006",
                    "steps cannot be overridden by a schedule",
                    "change the job file, or bind an input",
                    ("jobs",),
                )
            )
    job, problems = read_fields(model, given, tuple(key for key in keys if key != "type"))
    found += problems
    for name, item in job.inputs.items() if job is not None else ():
        found += [problem.under("inputs", name) for problem in found_by(read_plain_input, item)[1]]
    if job is None or found:
        return None, found
    return job.model_copy(update={"overrides": freeze(given)}), found


def _merge(base: JobDefinition, overrides: JobDefinition, value: Mapping[Any, Any], reader: Reader) -> JobResult:
    found: list[Diagnostic] = []
    document = _document_of(base, reader)
    raw = document.data if document is not None else {}
    for key, read in (("inputs", read_input), ("outputs", read_output)):
        for name, item in (value.get(key) or {}).items():
            below = (raw.get(key) or {}).get(name)
            if isinstance(below, Mapping) and isinstance(item, Mapping):
                found += [problem.under(key, name) for problem in found_by(read, merge(below, item))[1]]
    identity = merge(raw.get("identity"), value["identity"]) if "identity" in value else None
    if identity is not None:
        found += [problem.under("identity") for problem in found_by(read_identity, identity)[1]]
    job = lay_over(base, overrides)
    found += preview_warning(job)
    return job, found + check_job(job, document)
