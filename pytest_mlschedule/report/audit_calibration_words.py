"""A calibration in words: what a history says of each knob, the evidence, and what to write into the configuration."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pytest_mlschedule.planning.calibration import KNOBS
from pytest_mlschedule.planning.calibration_result import (
    NO_RUN,
    RUN,
    Calibration,
    Evidence,
    KnobVerdict,
    Value,
    Verdict,
    value_text,
)
from pytest_mlschedule.profile import field_types
from pytest_mlschedule.report.diff_words import count_things
from pytest_mlschedule.report.time_words import show_utc
from pytest_mlschedule.report.value_words import show_value
from pytest_mlschedule.triggers.wording import list_names

ORDER: tuple[Verdict, ...] = ("contradicted", "supported", "undecided")
NOT_TOLD = tuple(name for name in field_types() if name not in KNOBS)
SHOWN_EVIDENCE = 6


def sort_verdicts(calibration: Calibration) -> list[KnobVerdict]:
    """What is contradicted first, then what is supported."""
    return sorted(calibration, key=lambda verdict: ORDER.index(verdict.verdict))


def describe_verdict(verdict: KnobVerdict) -> str:
    """``first is assumed, the history shows second (2 places)``."""
    assumed = _show(verdict.assumed)
    remark = f"; {verdict.remark}" if verdict.remark else ""
    if verdict.verdict == "undecided":
        return f"{assumed} is assumed{remark}"
    seen = f" ({count_things(verdict.seen, 'place')})"
    if verdict.verdict == "contradicted":
        shown = list_names(map(_show, verdict.values), "or") if verdict.values else "something else"
        return f"{assumed} is assumed, the history shows {shown}{seen}{remark}"
    others = [_show(value) for value in verdict.values if value != verdict.assumed]
    also = f", which {list_names(others, 'or')} explains as well" if others else ""
    return f"{assumed}, as assumed{seen}{also}{remark}"


def _show(value: Value) -> str:
    return show_value(value_text(value))


def describe_evidence(verdict: KnobVerdict) -> Iterator[str]:
    """Where the history tells the values apart; of a supported knob one place is enough."""
    limit = 1 if verdict.verdict == "supported" else SHOWN_EVIDENCE
    yield from map(_describe, verdict.evidence[:limit])


def _describe(item: Evidence) -> str:
    said = "; ".join(f"{value}: {_plain(text)}" for value, text in item.predicted.items())
    return f"{item.schedule} at {show_utc(item.instant)}: found {_plain(item.found)} ({said})"


def _plain(text: str) -> str:
    return text if text in (RUN, NO_RUN) else show_value(text)


def write_profile(calibration: Calibration) -> Iterator[str]:
    """The lines of the configuration that follow the history; nothing where it asks for no other value."""
    if calibration.changes:
        yield "[profile]"
        for knob, value in calibration.changes.items():
            yield f"{knob} = {json.dumps(value_text(value), ensure_ascii=False)}"
