"""Which compute each step of a run uses, how many nodes it takes there, and which steps it waits for; steps of steps too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

from pytest_mlschedule.costs.computes import compute_name
from pytest_mlschedule.schedules.models import Component, JobDefinition, PipelineJob, Step

_INPUT = re.compile(r"\$\{\{\s*parent\.inputs\.([\w-]+)\s*\}\}")
_AFTER = re.compile(r"\$\{\{\s*parent\.jobs\.([\w-]+)\.outputs")
_RUNS_NOTHING = ("if_else", "do_while", "parallel_for")
_INSIDE = "/"


class Use(NamedTuple):
    """A step, or a job as a whole: the compute that it runs on, and its nodes where it says.

    A step inside of a step is called by both: ``features/join``.
    """

    step: str
    compute: str
    nodes: int | None


@dataclass(slots=True)
class Steps:
    """What a run uses, step by step. ``lost``: steps that run nobody knows where, ``hidden`` those whose
    own steps are in a file that was not read. ``before``: what each waits for, by name."""

    uses: list[Use] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    before: dict[str, set[str]] = field(default_factory=dict)

    def find_offsets(self, lengths: Mapping[str, int]) -> dict[str, int]:
        """When each step starts, in seconds after the run: the longest way of steps before it (``lengths`` in seconds).

        All at 0 where they go in a circle.
        """
        try:
            order = list(TopologicalSorter(self.before).static_order())
        except CycleError:
            return dict.fromkeys(lengths, 0)
        offsets: dict[str, int] = {}
        for name in order:
            offsets[name] = max((offsets[other] + lengths.get(other, 0) for other in self.before[name]), default=0)
        return offsets


class _Surroundings(NamedTuple):
    """Where steps stand: the name of the step that holds them, the compute by default, the inputs of what holds them."""

    prefix: str
    default: str | None
    inputs: Mapping[str, Any]
    first: frozenset[str] = frozenset()


def find_steps(job: JobDefinition | None, compute: str | None, computes: Iterable[str]) -> Steps:
    """The steps of a job's run. ``compute``: by default; ``computes``: those that are described, in whose spelling names come:
    the case of a name does not matter."""
    names = list(computes)
    spelt = {name.lower(): name for name in names} | {name: name for name in names}
    inputs = job.inputs if job is not None else {}
    found = Steps()
    if isinstance(job, PipelineJob):
        _walk(found, job.jobs, _Surroundings("", compute, inputs), spelt)
    if not (found.uses or found.lost or found.hidden):
        name = _read_name(compute, inputs, spelt)
        if name is not None:
            found.uses.append(Use("", name, _read_count(getattr(job, "content", {}))))
    return found


def _walk(found: Steps, jobs: Mapping[str, Step], around: _Surroundings, spelt: Mapping[str, str]) -> None:
    for name, step in jobs.items():
        path = around.prefix + name
        earlier = {around.prefix + other for other in _find_earlier(step) if other in jobs} | around.first
        inner = dict(_read_inner(step))
        if inner:
            begin = path + _INSIDE
            found.before[begin] = earlier
            found.before[path] = {begin, *(begin + other for other in inner)}
            _walk(found, inner, _go_inside(step, around, begin), spelt)
            continue
        found.before[path] = earlier
        compute = _read_name(around.default if step.compute is None else step.compute, around.inputs, spelt)
        if _is_hidden(step):
            found.hidden.append(path)
        elif compute is not None:
            found.uses.append(Use(path, compute, _count_nodes(step)))
        elif step.type not in _RUNS_NOTHING:
            found.lost.append(path)


def _go_inside(step: Step, around: _Surroundings, begin: str) -> _Surroundings:
    """The surroundings of the steps of a pipeline component: its inputs as the step gives them, else their defaults."""
    declared = step.component.inputs if isinstance(step.component, Component) else {}
    defaults = {name: value.get("default") for name, value in declared.items() if isinstance(value, Mapping)}
    given = {name: _follow(value, around.inputs) for name, value in step.inputs.items()}
    settings = step.content.get("settings")
    own = settings.get("default_compute") if isinstance(settings, Mapping) else None
    default = _follow(around.default, around.inputs) if own is None else _follow(own, around.inputs)
    return _Surroundings(
        begin, default if isinstance(default, str) else None, {**defaults, **given}, frozenset({begin})
    )


def _follow(value: Any, inputs: Mapping[str, Any]) -> Any:
    """The value that ``${{parent.inputs.NAME}}`` means; every other as it is."""
    match = _INPUT.fullmatch(value.strip()) if isinstance(value, str) else None
    return inputs.get(match[1]) if match else value


def _read_inner(step: Step) -> Iterator[tuple[str, Step]]:
    """The steps of the pipeline component that a step runs: as they were read from its file, else as it holds them."""
    component = step.component
    if isinstance(component, Component) and component.steps:
        yield from component.steps.items()
        return
    jobs = component.content.get("jobs") if isinstance(component, Component) else None
    for name, content in jobs.items() if isinstance(jobs, Mapping) else ():
        if isinstance(content, Mapping):
            yield str(name), _read_step(content)


def _read_step(content: Mapping[str, Any]) -> Step:
    inputs, compute, component = content.get("inputs"), content.get("compute"), content.get("component")
    if isinstance(component, Mapping):
        component = Component(type=str(component.get("type", "command")), content=component)
    return Step(
        type=str(content.get("type", "command")),
        component=component if isinstance(component, Component | str) else None,
        inputs=inputs if isinstance(inputs, Mapping) else {},
        compute=compute if isinstance(compute, str) else None,
        content=content,
    )


def _is_hidden(step: Step) -> bool:
    """Whether a step runs steps of a file that was not read: a component that is no file's own names it."""
    return step.type == "pipeline" and isinstance(step.component, str) and step.component.startswith(".")


def _read_name(compute: str | None, inputs: Mapping[str, Any], spelt: Mapping[str, str]) -> str | None:
    """The name of a compute; None for none, and for an expression other than an input of the pipeline that is text."""
    value = _follow(compute, inputs)
    if not isinstance(value, str) or "${{" in value:
        return None
    name = compute_name(value)
    return spelt.get(name) or spelt.get(name.lower(), name)


def _count_nodes(step: Step) -> int | None:
    """The nodes of a step where it says: of a sweep those of all trials that run at a time."""
    nodes = _read_count(step.content)
    if nodes is None and isinstance(step.component, Component):
        nodes = _read_count(step.component.content)
    if step.type != "sweep":
        return nodes
    limits = step.content.get("limits")
    limits = limits if isinstance(limits, Mapping) else {}
    given = (_read_number(limits.get(key)) for key in ("max_concurrent_trials", "max_total_trials"))
    trials = min((number for number in given if number is not None), default=None)
    return None if trials is None else trials * (nodes or 1)


def _read_count(content: Mapping[str, Any]) -> int | None:
    """``resources.instance_count``, where it is a number."""
    resources = content.get("resources")
    return _read_number(resources.get("instance_count")) if isinstance(resources, Mapping) else None


def _read_number(value: Any) -> int | None:
    is_number = isinstance(value, int | str) and not isinstance(value, bool) and str(value).isdecimal()
    return int(value) if is_number and int(value) > 0 else None


def _find_earlier(step: Step) -> set[str]:
    """The steps whose outputs a step takes."""
    return {name for value in step.inputs.values() for name in _AFTER.findall(str(value))}
