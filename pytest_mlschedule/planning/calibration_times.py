"""The knobs that decide when a schedule runs, told from the instants at which their values differ.

Knobs hang together: with another ``start_time_offset`` other days meet a clock change. So every combination of values is held
against the history, and a knob counts as decided only when each combination with another value explains the history worse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any, get_args

from pytest_mlschedule.planning.calibration_cases import Case
from pytest_mlschedule.planning.calibration_losses import NO_LOSSES, Losses
from pytest_mlschedule.planning.calibration_result import (
    AGREEMENT,
    NO_RUN,
    RUN,
    Evidence,
    KnobVerdict,
    Verdict,
    pick_evidence,
)
from pytest_mlschedule.profile import ServiceProfile, field_types
from pytest_mlschedule.triggers.instant_words import show_utc
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger
from pytest_mlschedule.triggers.zones import Transition

TIME_KNOBS = ("first_run", "start_time_offset", "end_time", "gap", "fold", "week_start")
_WHOLE = ("start_time_offset", "week_start")
_DAY = 86_400
_UNKNOWN = 2

Values = tuple[str, ...]
"""One value for each of some knobs, in their order."""


def values_of(knob: str) -> Values:
    """The values that a knob can have."""
    return get_args(field_types()[knob])


@dataclass(frozen=True)
class Trial:
    """One schedule under every combination of the knobs that matter for it.

    ``runs``: its occurrences by combination, where they may differ; ``losses``: those of all schedules; ``first``: what is missing
    before that epoch tells nothing, it was lost to provisioning.
    """

    case: Case
    knobs: tuple[str, ...]
    runs: Mapping[Values, frozenset[int]]
    losses: Losses = NO_LOSSES
    first: int = 0

    @cached_property
    def differing(self) -> frozenset[int]:
        """The instants of the window at which combinations differ."""
        differing = frozenset.union(*self.runs.values()) - frozenset.intersection(*self.runs.values())
        return frozenset(epoch for epoch in differing if self.case.start <= epoch < self.case.end)

    @cached_property
    def told(self) -> tuple[int, ...]:
        """Those at which the history can be trusted, ascending: there was a run, or none with no other reason."""
        found = {epoch for epoch in self.differing if self.case.has_run(epoch)} | self._missing - self.in_outage
        return tuple(sorted(found))

    @cached_property
    def in_outage(self) -> frozenset[int]:
        """Those at which other runs are missing as well."""
        return frozenset(filter(self.losses.is_outage, self._missing))

    @cached_property
    def _missing(self) -> frozenset[int]:
        case = self.case
        absent = (epoch for epoch in self.differing if epoch >= self.first and not case.has_run(epoch))
        return frozenset(filter(case.is_watched, absent))

    @cached_property
    def misses(self) -> Mapping[Values, int]:
        """How wrong each combination is at the told instants: a run that it does not know of weighs more than a missing one."""
        told = frozenset(self.told)
        found = frozenset(filter(self.case.has_run, told))
        return {values: _UNKNOWN * len(found - runs) + len((runs & told) - found) for values, runs in self.runs.items()}

    def project(self, values: Mapping[str, str]) -> Values:
        """The combination of this schedule's own knobs."""
        return tuple(values[knob] for knob in self.knobs)


def try_knobs(cases: Iterable[Case], profile: ServiceProfile) -> list[Trial]:
    """A trial for every schedule that some knob matters for."""
    chosen = ((case, find_knobs(case)) for case in cases)
    return [_try(case, knobs, profile) for case, knobs in chosen if knobs]


def find_knobs(case: Case) -> tuple[str, ...]:
    """The knobs that can matter for a schedule in the window."""
    return tuple(knob for knob in TIME_KNOBS if _MATTERS[knob](case))


def is_shifting(case: Case) -> bool:
    """Whether a knob that matters for a schedule may move all its occurrences."""
    return any(knob in _WHOLE for knob in find_knobs(case))


def _try(case: Case, knobs: tuple[str, ...], profile: ServiceProfile) -> Trial:
    regions = _find_regions(case, knobs)
    runs: dict[Values, frozenset[int]] = {}
    for values in product(*map(values_of, knobs)):
        changes: dict[str, Any] = dict(zip(knobs, values, strict=True))
        table = case.trigger.timetable(created_at=case.creation.instant, profile=replace(profile, **changes))
        runs[values] = frozenset(epoch for start, end in regions for epoch in table.epochs_between(start, end))
    return Trial(case, knobs, runs)


def _find_regions(case: Case, knobs: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where in the window the values of some knobs can differ: everywhere, or around a few instants."""
    if any(knob in _WHOLE for knob in knobs):
        return [(case.start, case.end)]
    regions = []
    if "first_run" in knobs:
        regions.append((case.created, case.created + 1))
    if "end_time" in knobs:
        regions += [(end, end + 1) for end in _ends(case)]
    if "gap" in knobs or "fold" in knobs:
        regions += [(change.instant - _DAY, change.instant + 2 * _DAY) for change in _changes(case)]
    return [(max(start, case.start), min(end, case.end)) for start, end in regions]


def _ends(case: Case) -> list[int]:
    """The instants that ``end_time`` may mean, within the window."""
    end = case.trigger.end
    if end is None:
        return []
    found = {end.instant(case.trigger.zone, "documented"), end.instant(case.trigger.zone, "dropped")}
    return [epoch for epoch in sorted(found) if case.start <= epoch < case.end]


def _changes(case: Case) -> list[Transition]:
    """The clock changes of the window, for triggers that follow a clock."""
    trigger = case.trigger
    if isinstance(trigger, RecurrenceTrigger) and trigger.frequency in ("minute", "hour"):
        return []
    return trigger.zone.transitions(case.start - _DAY, case.end + _DAY)


def _has_offset(case: Case) -> bool:
    limits = (case.trigger.start, case.trigger.end)
    return any(limit is not None and limit.offset is not None for limit in limits)


def _counts_weeks(case: Case) -> bool:
    trigger = case.trigger
    return isinstance(trigger, RecurrenceTrigger) and trigger.frequency == "week" and trigger.interval > 1


def _starts_at_creation(case: Case) -> bool:
    trigger = case.trigger
    return trigger.start is None and trigger.has_pattern and case.start <= case.created < case.end


_MATTERS: Mapping[str, Callable[[Case], bool]] = {
    "first_run": _starts_at_creation,
    "start_time_offset": _has_offset,
    "end_time": lambda case: bool(_ends(case)),
    "gap": lambda case: any(change.kind == "gap" for change in _changes(case)),
    "fold": lambda case: any(change.kind == "fold" for change in _changes(case)),
    "week_start": lambda case: _counts_weeks(case) and case.trigger.has_pattern,
}


_IDLE: Mapping[str, str] = {
    "first_run": "no schedule without start_time is known to be created in this window",
    "start_time_offset": "no start_time or end_time here has a UTC offset",
    "end_time": "no end_time lies in this window",
    "gap": "no clock of these schedules goes forward in this window",
    "fold": "no clock of these schedules goes back in this window",
    "week_start": "no schedule here runs every second week or less often",
}
"""Why a knob that matters for no schedule stays undecided."""


def judge_times(trials: Sequence[Trial], profile: ServiceProfile) -> list[KnobVerdict]:
    """The verdict on every knob of time."""
    misses = _add_misses(trials)
    best = _find_best(misses, profile)
    return [_judge(knob, trials, misses, best, profile) for knob in TIME_KNOBS]


def _add_misses(trials: Sequence[Trial]) -> dict[Values, int]:
    """How often each combination of all knobs is wrong, over all schedules. Knobs that matter for none keep no choice."""
    mattering = {knob for trial in trials for knob in trial.knobs}
    total: dict[Values, int] = {}
    for values in product(*(values_of(knob) if knob in mattering else ("",) for knob in TIME_KNOBS)):
        chosen = dict(zip(TIME_KNOBS, values, strict=True))
        total[values] = sum(trial.misses[trial.project(chosen)] for trial in trials)
    return total


def _find_best(misses: Mapping[Values, int], profile: ServiceProfile) -> dict[str, str]:
    """The combination that explains most, of several the one with the fewest changes to the profile."""
    assumed = [getattr(profile, knob) for knob in TIME_KNOBS]

    def cost(values: Values) -> tuple[int, int]:
        return misses[values], sum(one not in ("", other) for one, other in zip(values, assumed, strict=True))

    chosen: Values = min(misses, key=cost)
    return dict(zip(TIME_KNOBS, chosen, strict=True))


def _judge(
    knob: str, trials: Sequence[Trial], misses: Mapping[Values, int], best: Mapping[str, str], profile: ServiceProfile
) -> KnobVerdict:
    assumed: str = getattr(profile, knob)
    every = values_of(knob)
    mine = [trial for trial in trials if knob in trial.knobs]
    evidence = [item for trial in mine for item in _find_evidence(knob, trial, best, trial.told)]
    undecided = KnobVerdict(knob=knob, assumed=assumed, values=every, seen=len(evidence))
    if not mine:
        return replace(undecided, remark=_IDLE[knob])
    if not evidence:
        return replace(undecided, remark=_explain_silence(knob, mine, best))
    shown = pick_evidence(evidence)
    doubt = _find_doubt(best[knob], evidence, mine[0].losses)
    if doubt:
        return replace(undecided, evidence=shown, remark=doubt)
    place = TIME_KNOBS.index(knob)
    least = {value: min(count for values, count in misses.items() if values[place] == value) for value in every}
    fitting = tuple(value for value in sorted(every, key=assumed.__ne__) if least[value] == min(least.values()))
    if len(fitting) == len(every):
        return replace(undecided, evidence=shown, remark="another knob explains what there was as well")
    verdict: Verdict = "supported" if assumed in fitting else "contradicted"
    return replace(undecided, verdict=verdict, values=fitting, evidence=shown, remark=_caution(knob, mine, best))


def _find_doubt(value: str, evidence: Sequence[Evidence], losses: Losses) -> str:
    """Why the evidence is not enough for the value that fits best; empty where it is. Missing runs may be accidents."""
    agreeing = [item.found for item in evidence if item.predicted[value] == item.found]
    odd = [item.found for item in evidence if item.predicted[value] != item.found]
    if len(agreeing) < AGREEMENT * len(evidence):
        lost, there = odd.count(NO_RUN), agreeing.count(RUN)
        if lost < len(odd) or not losses.may_be_accidents(lost, lost + there):
            return f"the history is at odds with itself: {value} fits {len(agreeing)} of {len(evidence)} places"
    missing = agreeing.count(NO_RUN)
    return losses.warning if missing == len(agreeing) > 0 and losses.may_be_accidents(missing, missing) else ""


def _explain_silence(knob: str, trials: Iterable[Trial], best: Mapping[str, str]) -> str:
    """Why a knob that matters has no evidence."""
    dark = [item for trial in trials for item in _find_evidence(knob, trial, best, sorted(trial.in_outage))]
    if not dark:
        return "its values differ nowhere that this history tells of"
    where = show_utc(min(item.instant for item in dark))
    return f"its values differ in an outage ({where}): other runs due around then are missing too"


def _find_evidence(knob: str, trial: Trial, best: Mapping[str, str], epochs: Iterable[int]) -> list[Evidence]:
    """Those of some instants at which the values of a knob differ, the others being the best."""
    runs = {value: trial.runs[trial.project({**best, knob: value})] for value in values_of(knob)}
    found = []
    for epoch in epochs:
        predicted = {value: RUN if epoch in mine else NO_RUN for value, mine in runs.items()}
        if len(set(predicted.values())) > 1:
            found.append(Evidence(trial.case.name, epoch, predicted, RUN if trial.case.has_run(epoch) else NO_RUN))
    return found


def _caution(knob: str, trials: Iterable[Trial], best: Mapping[str, str]) -> str:
    """What weakens the evidence."""
    if knob == "first_run" and all(
        trial.case.creation.origin == "first job" for trial in trials if _find_evidence(knob, trial, best, trial.told)
    ):
        return (
            "when the schedules were created is not known: their first jobs, at which nothing was due, are taken for it"
        )
    return ""
