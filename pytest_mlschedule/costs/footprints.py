"""What one run occupies: how many nodes of which compute, from when on, for how long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.durations import Duration
from pytest_mlschedule.costs.run_durations import KnownDuration, RunDurations
from pytest_mlschedule.costs.steps import Steps, Use, find_steps
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.schedules.overrides import workspace_reference
from pytest_mlschedule.triggers.wording import list_names, nearest


class Occurrences(Protocol):
    """When a schedule runs: half-open windows of epoch seconds."""

    def epochs_between(self, start: int, end: int, /) -> Sequence[int]: ...
    def count_between(self, start: int, end: int, /) -> int: ...


class Clock(NamedTuple):
    """A zone in which somebody reads times: its name as people know it, its IANA key."""

    name: str
    key: str


UTC_CLOCK = Clock("UTC", "UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class CostedSchedule:
    """A schedule as a bill sees it. ``compute`` as its runs say; ``tags``: its own and its job's; ``job``: None for one not known.

    ``pipeline_names``: how its pipeline is called: in the workspace, in its file, the file itself. ``kind``: what it starts ("job",
    "monitor" ...). ``clock``: where its times are read.
    """

    name: str
    occurrences: Occurrences
    compute: str | None = None
    tags: Mapping[str, Any] = field(default_factory=dict)
    job: JobDefinition | None = None
    pipeline_names: tuple[str, ...] = ()
    kind: str = "job"
    clock: Clock = UTC_CLOCK

    @property
    def names(self) -> tuple[str, ...]:
        """What durations may call its runs."""
        return tuple(dict.fromkeys((self.name, *self.pipeline_names)))


def describe_schedule(schedule: JobSchedule, job: JobDefinition | None, occurrences: Occurrences) -> CostedSchedule:
    """A schedule with the job that its runs start (None: not known) and when they do."""
    compute = (job.compute or job.settings.get("default_compute")) if job else None
    return CostedSchedule(
        name=schedule.name,
        occurrences=occurrences,
        compute=compute if isinstance(compute, str) else None,
        tags={**(job.tags if job else {}), **schedule.tags},
        job=job,
        pipeline_names=tuple(dict.fromkeys(_pipeline_names(schedule, job))),
        kind=_kind(schedule),
        clock=Clock(schedule.trigger.time_zone, schedule.trigger.zone.key),
    )


def _pipeline_names(schedule: JobSchedule, job: JobDefinition | None) -> Iterator[str]:
    reference = workspace_reference(schedule)
    if reference:
        yield reference
    for definition in (job, job.base if job else None):
        if definition is not None and definition.name:
            yield definition.name
        if definition is not None and definition.path is not None:
            yield definition.path.stem


def _kind(schedule: JobSchedule) -> str:
    if schedule.create_monitor is not None:
        return "monitor"
    if schedule.import_data is not None:
        return "data import"
    return "job" if schedule.action is None else "action"


class RunPart(NamedTuple):
    """What a run occupies of one compute: ``nodes``, from ``offset`` seconds after its trigger time on, for a duration."""

    compute: str
    nodes: int
    offset: int
    duration: Duration
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """What each run of a schedule occupies. Without ``parts`` it is not known: ``reason`` says why, ``hint`` what to do.

    ``computes``: the computes that it uses, known without durations too. ``origin``: where the durations come from. ``whole``: how
    long a run takes as a whole, where the parts are not known.
    ``nodes_assumed``: one node was taken because nothing says how many; ``is_widest``: of several steps the most that one asks for.
    """

    parts: tuple[RunPart, ...] = ()
    computes: tuple[str, ...] = ()
    origin: str = ""
    whole: KnownDuration | None = None
    nodes_assumed: bool = False
    is_widest: bool = False
    reason: str = ""
    hint: str = ""

    @property
    def length(self) -> int | None:
        """Seconds from the start of a typical run to its end; None where nobody knows."""
        if self.whole is not None:
            return self.whole.duration.typical
        return max((part.offset + part.duration.typical for part in self.parts), default=None)

    @property
    def seconds(self) -> int:
        """Node-seconds of a typical run."""
        return sum(part.nodes * part.duration.typical for part in self.parts)


def find_footprint(schedule: CostedSchedule, durations: RunDurations, computes: Mapping[str, Compute]) -> Footprint:
    """What a run of the schedule occupies. One compute: for the duration of the run; several: step by step."""
    steps = find_steps(schedule.job, schedule.compute, computes)
    uses, lost = steps.uses, steps.lost
    names = tuple(dict.fromkeys(use.compute for use in uses))
    whole = durations.find(schedule.names, schedule.tags)
    if steps.hidden:
        reason = f"the file that {_name_steps(steps.hidden)} {'run' if len(steps.hidden) > 1 else 'runs'} is not read"
        hint = "its component was not read from a file: give the job as a file, or as one of the workspace"
        return Footprint(computes=names, whole=whole, reason=reason, hint=hint)
    if not names:
        return Footprint(whole=whole, reason=_no_compute(schedule), hint=_no_compute_hint(schedule))
    if lost:
        hint = "name the compute in the step; expressions are not followed, but for ${{parent.inputs.NAME}}"
        reason = f"the compute of {_name_steps(lost)} is not known"
        return Footprint(computes=names, whole=whole, reason=reason, hint=hint)
    if len(names) == 1 and whole is not None:
        return _of_run(uses, whole, computes)
    known = {use.step: durations.find_step(schedule.names, use.step) for use in uses if use.step}
    missing = [use.step for use in uses if known.get(use.step) is None]
    if not missing:
        return _of_steps(steps, {step: found for step, found in known.items() if found}, computes)
    if len(names) == 1:
        near = [key for name in schedule.names for key in nearest(name, durations.whole_runs, cutoff=0.8)]
        meant = f"[durations] has {near[0]!r}; " if near else ""
        more = (
            "the history has none that completed, with times" if durations.has_history else "or give a history of jobs"
        )
        hint = (
            f'{meant}add it to [durations], as "{schedule.name}" = "45m"{";" if durations.has_history else ","} {more}'
        )
        return Footprint(computes=names, reason="no duration of its runs is known", hint=hint)
    step = f'"{schedule.name}/{missing[0]}" = "45m"'
    reason = f"its steps run on {list_names(names)}, and no duration is known for {_name_steps(missing)}"
    hint = f"add the duration of each step to [durations], as {step}"
    return Footprint(computes=names, whole=whole, reason=reason, hint=hint)


def _name_steps(steps: Sequence[str]) -> str:
    return f"step{'s' if len(steps) > 1 else ''} {list_names(steps)}"


def _no_compute(schedule: CostedSchedule) -> str:
    if schedule.kind != "job":
        return f"what a {schedule.kind} occupies is not known"
    if schedule.job is None and not schedule.pipeline_names:
        return "the job that it runs is not known"
    if schedule.job is None:
        return f"the job {schedule.pipeline_names[0]!r} of the workspace is not known here"
    return "its job names no compute"


def _no_compute_hint(schedule: CostedSchedule) -> str:
    if schedule.kind != "job" or schedule.job is not None:
        return ""
    if not schedule.pipeline_names:  # only a plan that was read back says neither the job nor its name
        return "a saved plan does not say what its jobs occupy: estimate the schedules themselves"
    return "say what it is (--jobs on the command line)"


def _of_run(uses: Sequence[Use], whole: KnownDuration, computes: Mapping[str, Compute]) -> Footprint:
    """The whole run on one compute: the most nodes that a step asks for, unless the configuration says how many."""
    name = uses[0].compute
    said = [use.nodes for use in uses if use.nodes is not None]
    nodes = _configured(name, computes) or max(said, default=None)
    part = RunPart(name, nodes or 1, 0, whole.duration)
    return Footprint(
        parts=(part,),
        computes=(name,),
        origin=whole.origin,
        nodes_assumed=nodes is None,
        is_widest=len(uses) > 1 and _configured(name, computes) is None,
    )


def _of_steps(steps: Steps, known: Mapping[str, KnownDuration], computes: Mapping[str, Compute]) -> Footprint:
    """Each step on its compute, as soon as the steps are done whose outputs it takes (typical lengths)."""
    offsets = steps.find_offsets({step: found.duration.typical for step, found in known.items()})
    parts, assumed = [], False
    for use in steps.uses:
        nodes = _configured(use.compute, computes) or use.nodes
        assumed |= nodes is None
        parts.append(RunPart(use.compute, nodes or 1, offsets[use.step], known[use.step].duration, use.step))
    return Footprint(
        parts=tuple(parts),
        computes=tuple(dict.fromkeys(use.compute for use in steps.uses)),
        origin=list_names(dict.fromkeys(found.origin for found in known.values())),
        nodes_assumed=assumed,
    )


def _configured(name: str, computes: Mapping[str, Compute]) -> int | None:
    return computes[name].nodes_per_run if name in computes else None
