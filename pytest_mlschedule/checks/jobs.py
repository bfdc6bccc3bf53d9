"""MLS4xx: what a schedule gives to its job, against what the job takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pytest_mlschedule.checks.job_inputs import Feed, bound_input, describe_declared, find_feeds, find_mismatch
from pytest_mlschedule.checks.rule import Rule, Situation
from pytest_mlschedule.diagnostics import Diagnostic, Severity, error, note
from pytest_mlschedule.schedules.fields import DATA_TYPES
from pytest_mlschedule.schedules.models import Component, JobDefinition, JobSchedule, PipelineJob
from pytest_mlschedule.schedules.overrides import is_required, missing_compute, missing_inputs
from pytest_mlschedule.schedules.problems import closest
from pytest_mlschedule.triggers.wording import list_names, quote

_SHOWN_NAMES = 12
_KINDS = (("inputs", "input"), ("outputs", "output"))


def _check_overrides(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS409: the client takes an override of a name that the job does not have, and nothing reads it (JB-6)."""
    job = situation.job(schedule)
    base = None if job is None else job.base
    if base is None:
        return
    for kind, word in _KINDS:
        known = _declared(base, kind)
        if known is not None:
            for name in _overridden(schedule, kind):
                if name not in known:
                    yield error("MLS409", *_undeclared(word, name, known), ("create_job", kind, name))


def _undeclared(word: str, name: str, known: Collection[str]) -> tuple[str, str]:
    names = sorted(known)
    text = f"the job has no {word} {quote(name)}: nothing reads it"
    hint = closest(name, names)
    if not hint.startswith("did you mean"):
        hint = "remove it, or declare it in the job"
    if not names:
        return f"{text}; it has no {word}s", hint
    more = f" and {len(names) - _SHOWN_NAMES} more" if len(names) > _SHOWN_NAMES else ""
    return f"{text}; its {word}s: {', '.join(names[:_SHOWN_NAMES])}{more}", hint


def _declared(base: JobDefinition, kind: str) -> Collection[str] | None:
    """The inputs or outputs that a job has; None where its component, which has more, is not known."""
    known: Mapping[str, Any] = getattr(base, kind)
    component = base.component if isinstance(base, PipelineJob) else None
    if component is None:
        return known
    return {**known, **getattr(component, kind)} if isinstance(component, Component) else None


def _overridden(schedule: JobSchedule, kind: str) -> Mapping[str, Any]:
    """The inputs or outputs that a schedule itself gives."""
    job = schedule.create_job
    if not isinstance(job, JobDefinition):
        return {}
    given: Mapping[str, Any] = getattr(job, kind) if job.id is not None else job.overrides.get(kind) or {}
    return given


def _check_required(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS410: nothing feeds an input that a component needs, or what feeds it is no data (JB-6)."""
    job = situation.job(schedule)
    if job is None:
        return
    for step, name in missing_inputs(job):
        text = f"the component of step {quote(step)} needs the input {quote(name)}, and nothing feeds it"
        yield _in_job(schedule, situation, error("MLS410", text, _feed_hint(name), ("jobs", step, "inputs", name)))
    if isinstance(job, PipelineJob) and isinstance(job.component, Component):
        for name, declared in job.component.inputs.items():
            if name not in job.inputs and is_required(declared):
                text = f"the component of the job needs the input {quote(name)}, and nothing feeds it"
                yield _in_job(
                    schedule, situation, error("MLS410", text, f"write {name}: under inputs", ("inputs", name))
                )
    for feed in find_feeds(job):
        if feed.is_without_data and feed.declared.get("type") in DATA_TYPES and is_required(feed.declared):
            text = f"it names no data, and {feed.target} needs some"
            yield _at_value(schedule, situation, feed, error("MLS410", text, "give it a path", feed.field))


def _feed_hint(name: str) -> str:
    return f"write {name}: under inputs of the step, or give the component a default or optional: true"


def _check_types(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS411: a value that the component's declared type cannot take (JB-4, JB-6)."""
    job = situation.job(schedule)
    for feed in () if job is None else find_feeds(job):
        problem = find_mismatch(feed)
        if problem is not None:
            text = f"{problem}; {feed.target} takes {describe_declared(feed.declared)}"
            yield _at_value(schedule, situation, feed, error("MLS411", text, _type_hint(feed, problem), feed.field))


def _type_hint(feed: Feed, problem: str) -> str:
    if problem.endswith("(JB-4)"):
        return "declare the input as string in the component, and convert it there"
    kind = str(feed.declared["type"])
    if kind in DATA_TYPES:
        return f"write {{type: {kind}, path: azureml:<data>:<version>}}"
    return "change the value, or what the component declares"


def _check_bindings(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS408: loading looks, as the client does, at steps that are written in place alone; here are the others."""
    job = schedule.create_job
    if not isinstance(job, PipelineJob) or job.path is None or job.component is not None:
        return
    for name, step in job.jobs.items():
        for key, value in step.inputs.items() if step.component is not None else ():
            source = bound_input(value)
            if source is not None and source not in job.inputs and "." not in source:
                text, hint = f"the pipeline has no input {quote(source)}", closest(source, job.inputs)
                yield _in_job(schedule, situation, error("MLS408", text, hint, ("jobs", name, "inputs", key)))


def _check_compute(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS412: steps that nobody sets a compute for (JB-12); serverless counts."""
    job = situation.job(schedule)
    steps = missing_compute(job) if isinstance(job, PipelineJob) else []
    if steps:
        what = f"step{'' if len(steps) == 1 else 's'} {list_names(map(quote, steps))}"
        text = f'no compute is set for {what}: creating the schedule fails ("Compute not set", JB-12)'
        hint = (
            "write settings: {default_compute: azureml:<compute>} in the job (serverless counts), or under create_job"
        )
        yield _in_job(schedule, situation, error("MLS412", text, hint, ("jobs", steps[0], "compute")))


def _check_experiment(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS413: runs of a job given as file fall to the experiment Default (JB-7)."""
    job = schedule.create_job
    if not isinstance(job, JobDefinition) or job.path is None or job.experiment_name:
        return
    if situation.profile.default_experiment != "schedule_name":
        text = "neither the job nor the schedule names an experiment: its runs go to 'Default' (JB-7)"
        yield note("MLS413", text, "write experiment_name: in the job file, or under create_job", ("create_job",))


def _in_job(schedule: JobSchedule, situation: Situation, problem: Diagnostic) -> Diagnostic:
    return situation.locate_in_job(schedule, problem)


def _at_value(schedule: JobSchedule, situation: Situation, feed: Feed, problem: Diagnostic) -> Diagnostic:
    """At the value that has to change: in the schedule where it overrides the input, else in the job."""
    if feed.source is not None and feed.source in _overridden(schedule, "inputs"):
        return schedule.locate(problem.under("create_job"))
    return situation.locate_in_job(schedule, problem)


_ERROR, _NOTE = Severity.ERROR, Severity.NOTE
RULES: tuple[Rule, ...] = (
    Rule(
        code="MLS408",
        name="dangling-binding",
        severity=_ERROR,
        summary="a binding leads nowhere",
        check=_check_bindings,
    ),
    Rule(
        code="MLS409",
        name="undeclared-override",
        severity=_ERROR,
        summary="the job does not have what is overridden",
        check=_check_overrides,
    ),
    Rule(
        code="MLS410",
        name="missing-required-input",
        severity=_ERROR,
        summary="nothing feeds a required input",
        check=_check_required,
    ),
    Rule(
        code="MLS411",
        name="input-type-mismatch",
        severity=_ERROR,
        summary="the input cannot take the value",
        check=_check_types,
    ),
    Rule(code="MLS412", name="no-compute", severity=_ERROR, summary="no compute is set", check=_check_compute),
    Rule(
        code="MLS413",
        name="default-experiment",
        severity=_NOTE,
        summary="the runs go to the experiment Default",
        check=_check_experiment,
    ),
)
