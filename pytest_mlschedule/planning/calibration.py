"""``calibrate_profile``: which of our decisions about the service a history supports, and which it contradicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pytest_mlschedule.history.history import History
from pytest_mlschedule.planning.calibration_cases import Case, find_cases
from pytest_mlschedule.planning.calibration_delay import find_starts, judge_delay
from pytest_mlschedule.planning.calibration_formats import find_samples, judge_format
from pytest_mlschedule.planning.calibration_losses import find_losses
from pytest_mlschedule.planning.calibration_result import (
    AGREEMENT,
    Calibration,
    Evidence,
    KnobVerdict,
    Verdict,
    pick_evidence,
)
from pytest_mlschedule.planning.calibration_times import TIME_KNOBS, judge_times, try_knobs, values_of
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.planner import Jobs, plan_runs
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.triggers.window import Window

KNOBS = (*TIME_KNOBS, "provisioning_delay", "trigger_time_format", "default_experiment")
"""The knobs that a history can tell something about."""


def calibrate_profile(
    schedules: JobSchedule | Iterable[JobSchedule],
    history: History,
    *,
    created_at: datetime | None = None,
    jobs: Jobs | None = None,
    profile: ServiceProfile = DEFAULT_PROFILE,
) -> Calibration:
    """Hold every knob of a profile that a history can tell about against what really ran.

    For each knob the instants and values are looked for where its values predict something else, and the history says which of them
    was there. A run that was not there counts only where its schedule ran shortly before and after.

    The creation of a schedule is what an export of it says, else ``created_at``, else its first job. ``jobs`` are what references
    mean, as for ``plan_runs``. Raises what ``plan_runs`` raises.
    """
    window = history.window
    if window is None:
        return Calibration(profile, None, tuple(_nothing(knob, profile) for knob in KNOBS))
    given = [schedules] if isinstance(schedules, JobSchedule) else list(schedules)
    plan = plan_runs(given, window.start, window.end, created_at=created_at, jobs=jobs, profile=profile)
    cases = list(find_cases(plan, history, created_at, profile))
    verdicts = [
        *_judge_when(cases, profile),
        judge_format(find_samples(cases, profile), profile),
        _judge_experiment(cases, _name_experiments(given, window, jobs, profile), profile),
    ]
    return Calibration(profile, window, tuple(verdicts))


def _nothing(knob: str, profile: ServiceProfile) -> KnobVerdict:
    return KnobVerdict(knob=knob, assumed=getattr(profile, knob), remark="the history has no jobs")


def _judge_when(cases: list[Case], profile: ServiceProfile) -> Iterator[KnobVerdict]:
    """The knobs of time. What was lost to provisioning tells nothing about the others, nor does what is missing in an outage."""
    trials = try_knobs(cases, profile)
    losses = find_losses(cases, {trial.case.name: trial.differing for trial in trials})
    starts = find_starts(cases)
    delay = judge_delay(cases, starts, losses, profile)
    lost = 0 if delay.verdict == "undecided" else max(start.last_lost for start in starts) + 1
    yield from judge_times(
        [replace(trial, losses=losses, first=trial.case.created + lost) for trial in trials], profile
    )
    yield delay


def _name_experiments(
    schedules: list[JobSchedule], window: Window, jobs: Jobs | None, profile: ServiceProfile
) -> Mapping[str, Mapping[str, str]]:
    """The experiment of each schedule by each value of ``default_experiment``, where these differ and the job is known."""
    plans: dict[str, Plan] = {}
    for value in values_of("default_experiment"):
        changes: dict[str, Any] = {"default_experiment": value}
        plans[value] = plan_runs(schedules, window.start, window.end, jobs=jobs, profile=replace(profile, **changes))
    named: dict[str, dict[str, str]] = {}
    for value, plan in plans.items():
        for part in plan.parts:
            if _is_known(getattr(part.source, "job", None)):
                named.setdefault(part.source.schedule, {})[value] = part.source.experiment_name
    return {name: found for name, found in named.items() if len(set(found.values())) > 1}


def _is_known(job: JobDefinition | None) -> bool:
    """Whether it is known what a schedule runs; not for a job of the workspace whose overrides are all that is known."""
    return job is not None and (job.id is None or job.base is not None)


def _judge_experiment(
    cases: Iterable[Case], named: Mapping[str, Mapping[str, str]], profile: ServiceProfile
) -> KnobVerdict:
    knob, assumed = "default_experiment", profile.default_experiment
    every = values_of(knob)
    evidence = []
    for case in cases:
        seen = Counter(job.experiment for job in case.jobs if job.experiment is not None)
        if case.name in named and seen:
            evidence.append(Evidence(case.name, case.times[0], named[case.name], seen.most_common(1)[0][0]))
    undecided = KnobVerdict(knob=knob, assumed=assumed, values=every, seen=len(evidence))
    if not evidence:
        return replace(undecided, remark="no schedule here runs a job that is known and names no experiment")
    fits = {value: sum(item.predicted[value] == item.found for item in evidence) for value in every}
    most = max(fits.values())
    fitting = tuple(value for value in sorted(every, key=assumed.__ne__) if fits[value] == most)
    shown = pick_evidence(evidence)
    if most < AGREEMENT * len(evidence):
        text = f"the history is at odds with itself: {fitting[0]} fits {most} of {len(evidence)} schedules"
        return replace(undecided, evidence=shown, remark=text)
    verdict: Verdict = "supported" if assumed in fitting else "contradicted"
    return replace(undecided, verdict=verdict, values=fitting, evidence=shown)
