"""``provisioning_delay``, told from the occurrences right after a schedule was created: how many of them never ran."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from pytest_mlschedule.planning.calibration_cases import Case
from pytest_mlschedule.planning.calibration_result import NO_RUN, RUN, Evidence, KnobVerdict, pick_evidence, value_text
from pytest_mlschedule.planning.calibration_times import is_shifting
from pytest_mlschedule.profile import ServiceProfile

KNOB = "provisioning_delay"
LONGEST = 3_600
"""Occurrences later than this after the creation are not put down to provisioning (seconds)."""


@dataclass(frozen=True, slots=True)
class Start:
    """The beginning of one schedule, in seconds after its creation: ``lost``, the last occurrence that did not run (None for
    none), and ``ran``, the first that did."""

    case: Case
    lost: int | None
    ran: int


def find_starts(cases: Iterable[Case]) -> list[Start]:
    """The beginnings that tell something: of schedules whose creation is known, and whose times no other knob moves."""
    found = []
    for case in cases:
        ran = case.times[0] - case.created
        if (
            case.creation.origin == "first job"
            or case.created < case.start
            or not 0 <= ran <= LONGEST
            or is_shifting(case)
        ):
            continue
        regular = case.table.regular
        if regular.count(case.times[0], case.times[0] + 1):
            before = regular.previous(case.times[0])
            lost = None if before is None or before < case.created else before - case.created
            found.append(Start(case, lost, ran))
    return found


def judge_delay(starts: list[Start], profile: ServiceProfile) -> KnobVerdict:
    """The verdict: a delay is longer than what was lost, and not longer than what ran."""
    assumed = profile.provisioning_delay
    undecided = KnobVerdict(knob=KNOB, assumed=assumed, values=(assumed,), seen=len(starts))
    if not starts:
        text = "no schedule that is known to be created in this window was to run within an hour of it"
        return replace(undecided, values=(), remark=text)
    lost = max((start.lost for start in starts if start.lost is not None), default=-1)
    ran = min(start.ran for start in starts)
    if lost >= ran:
        text = f"the history is at odds with itself: a run was lost {lost} s after a creation, and one was there after {ran} s"
        return replace(undecided, remark=text)
    limits = f"at most {ran} s" if lost < 0 else f"over {lost} s, at most {ran} s"
    if lost < assumed.total_seconds() <= ran:
        return replace(undecided, verdict="supported", evidence=_show(starts, assumed, assumed), remark=limits)
    value = _choose(lost, ran)
    return replace(
        undecided, verdict="contradicted", values=(value,), evidence=_show(starts, assumed, value), remark=limits
    )


def _choose(lost: int, ran: int) -> timedelta:
    """The shortest whole number of minutes between the limits, which the configuration can say; else the upper limit."""
    minutes = (lost // 60 + 1) * 60 if lost >= 0 else 0
    return timedelta(seconds=minutes if minutes <= ran else ran)


def _show(starts: Iterable[Start], assumed: timedelta, value: timedelta) -> tuple[Evidence, ...]:
    found = []
    for start in starts:
        for after, there in ((start.lost, NO_RUN), (start.ran, RUN)):
            if after is not None:
                said = {
                    value_text(delay): RUN if after >= delay.total_seconds() else NO_RUN for delay in (assumed, value)
                }
                found.append(Evidence(start.case.name, start.case.created + after, said, there))
    return pick_evidence(found, 2)
