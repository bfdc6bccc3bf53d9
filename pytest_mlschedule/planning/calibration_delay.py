"""``provisioning_delay``, told from the occurrences right after a schedule was created: how many of them never ran."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from pytest_mlschedule.planning.calibration_cases import Case
from pytest_mlschedule.planning.calibration_losses import Losses
from pytest_mlschedule.planning.calibration_result import (
    AGREEMENT,
    NO_RUN,
    RUN,
    Evidence,
    KnobVerdict,
    pick_evidence,
    value_text,
)
from pytest_mlschedule.planning.calibration_times import is_shifting
from pytest_mlschedule.profile import ServiceProfile

KNOB = "provisioning_delay"
LONGEST = 3_600
"""Occurrences later than this after the creation are not put down to provisioning (seconds)."""


@dataclass(frozen=True, slots=True)
class Start:
    """The beginning of one schedule, in seconds after its creation: ``lost``, the occurrences that did not run, ascending, and
    ``ran``, the first that did."""

    case: Case
    lost: tuple[int, ...]
    ran: int

    @property
    def last_lost(self) -> int:
        """The last occurrence that did not run; -1 for none."""
        return self.lost[-1] if self.lost else -1

    def fits(self, delay: float) -> bool:
        """Whether a delay explains it: it is longer than what was lost, and not longer than what ran."""
        return self.last_lost < delay <= self.ran


def find_starts(cases: Iterable[Case]) -> list[Start]:
    """The beginnings that tell something: of schedules whose creation is known, and whose times no other knob moves.

    A run at creation (ST-7) is none of the occurrences.
    """
    found = []
    for case in cases:
        first = case.first_regular
        if first is None or not _is_due_early(case) or is_shifting(case) or first - case.created > LONGEST:
            continue
        lost = (epoch - case.created for epoch in case.table.regular.epochs(case.created, first))
        found.append(Start(case, tuple(lost), first - case.created))
    return found


def _is_due_early(case: Case) -> bool:
    """Whether it is known to be created in the window, and something was due soon after."""
    known = case.creation.origin != "first job" and case.created >= case.start
    return known and case.table.regular.count(case.created, min(case.created + LONGEST + 1, case.settled)) > 0


def judge_delay(cases: Sequence[Case], starts: Sequence[Start], losses: Losses, profile: ServiceProfile) -> KnobVerdict:
    """The verdict: what explains nearly every beginning that is in no outage."""
    assumed = profile.provisioning_delay
    told = [start for start in starts if not (start.lost and losses.is_outage(start.case.created + start.last_lost))]
    undecided = KnobVerdict(knob=KNOB, assumed=assumed, values=(assumed,), seen=len(told))
    if not told:
        return replace(undecided, values=(), remark=_explain(cases, starts))
    if _explains(assumed.total_seconds(), told, losses):
        limits = _limits(_fit(told, assumed.total_seconds()))
        return replace(undecided, verdict="supported", evidence=_show(told, assumed, assumed), remark=limits)
    best = max(sorted({start.ran for start in told}), key=lambda delay: len(_fit(told, delay)))
    if not _explains(best, told, losses):
        lost, ran = max(start.last_lost for start in told), min(start.ran for start in told)
        text = f"the history is at odds with itself: a run was lost {lost} s after a creation, and one was there after {ran} s"
        return replace(undecided, remark=text)
    fitting = _fit(told, best)
    value = _choose(max(start.last_lost for start in fitting), min(start.ran for start in fitting))
    shown = _show(told, assumed, value)
    count = sum(len(start.lost) for start in told)
    if value > assumed and losses.may_be_accidents(count, count):
        return replace(undecided, evidence=shown, remark=losses.warning)
    return replace(undecided, verdict="contradicted", values=(value,), evidence=shown, remark=_limits(fitting))


def _fit(starts: Iterable[Start], delay: float) -> list[Start]:
    return [start for start in starts if start.fits(delay)]


def _explains(delay: float, starts: Sequence[Start], losses: Losses) -> bool:
    """Whether a delay fits nearly all, or the others only lost more than it tells, as may be by accident."""
    fitting = _fit(starts, delay)
    if len(fitting) >= AGREEMENT * len(starts):
        return True
    lost = sum(after >= delay for start in starts for after in start.lost)
    return (
        bool(fitting)
        and all(delay <= start.ran for start in starts)
        and losses.may_be_accidents(lost, lost + len(starts))
    )


def _explain(cases: Iterable[Case], starts: Sequence[Start]) -> str:
    """Why there is nothing to tell from."""
    if starts:
        return "what is missing after a creation is missing in an outage: other runs due around then are missing too"
    early = [case for case in cases if _is_due_early(case)]
    if not early:
        return "no schedule that is known to be created in this window was to run within an hour of it"
    if all(map(is_shifting, early)):
        return "another knob may move what was due within an hour of a creation"
    return "of what was due within an hour of a creation nothing ran, which no provisioning explains"


def _limits(starts: Sequence[Start]) -> str:
    """What is known of the delay. A run at creation is said too: plans with a delay leave that out (WS-1)."""
    lost, ran = max(start.last_lost for start in starts), min(start.ran for start in starts)
    text = f"at most {ran} s" if lost < 0 else f"over {lost} s, at most {ran} s"
    instant = lost >= 0 and any(start.case.has_run(start.case.created) for start in starts if start.ran > 0)
    return (
        f"{text}; the run at creation was there all the same, which plans with a delay leave out" if instant else text
    )


def _choose(lost: int, ran: int) -> timedelta:
    """The shortest whole number of minutes between the limits, which the configuration can say; else the upper limit."""
    minutes = (lost // 60 + 1) * 60 if lost >= 0 else 0
    return timedelta(seconds=minutes if minutes <= ran else ran)


def _show(starts: Iterable[Start], assumed: timedelta, value: timedelta) -> tuple[Evidence, ...]:
    found = []
    for start in starts:
        for after, there in ((start.last_lost, NO_RUN), (start.ran, RUN)):
            if after >= 0:
                said = {
                    value_text(delay): RUN if after >= delay.total_seconds() else NO_RUN for delay in (assumed, value)
                }
                found.append(Evidence(start.case.name, start.case.created + after, said, there))
    return pick_evidence(found, 2)
