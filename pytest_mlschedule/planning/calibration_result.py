"""What a calibration found: for each knob of the service profile what a history says about it, with the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.triggers.instant_words import show_utc
from pytest_mlschedule.triggers.window import Window, from_epoch

Verdict = Literal["supported", "contradicted", "undecided"]
Value = str | timedelta
RUN, NO_RUN = "a run", "no run"
AGREEMENT = 0.9
"""A value explains a history that shows it in so large a part of the places that tell: something is always amiss in a workspace."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place where a history tells the values of a knob apart: what each value predicts, and what there was.

    ``epoch``: the instant in seconds since 1970 UTC.
    """

    schedule: str
    epoch: int
    predicted: Mapping[str, str]
    found: str

    @property
    def instant(self) -> datetime:
        """The instant (aware, UTC)."""
        return from_epoch(self.epoch)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        return {
            "schedule": self.schedule,
            "instant": show_utc(self.instant),
            "predicted": dict(self.predicted),
            "found": self.found,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class KnobVerdict:
    """One knob. ``assumed``: its value in the profile; ``values``: those that the history agrees with, of undecided ones all.

    A contradicted knob has none where no better value is known. ``seen``: in how many places the history tells the values apart, of
    which ``evidence`` holds some; ``remark``: why it is undecided, or what else to know; may be empty.
    """

    knob: str
    assumed: Value
    verdict: Verdict = "undecided"
    values: tuple[Value, ...] = ()
    seen: int = 0
    evidence: tuple[Evidence, ...] = ()
    remark: str = ""

    @property
    def points_to(self) -> Value | None:
        """The one value that the history agrees with; None where there are several, or nothing is decided."""
        return self.values[0] if self.verdict != "undecided" and len(self.values) == 1 else None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        found = self.points_to
        return {
            "knob": self.knob,
            "assumed": value_text(self.assumed),
            "verdict": self.verdict,
            "points_to": None if found is None else value_text(found),
            "values": [value_text(value) for value in self.values],
            "seen": self.seen,
            "evidence": [item.to_dict() for item in self.evidence],
            "remark": self.remark,
        }


@dataclass(frozen=True, slots=True)
class Calibration:
    """What ``calibrate_profile`` found. True when the history contradicts nothing of the profile."""

    profile: ServiceProfile
    window: Window | None
    knobs: tuple[KnobVerdict, ...]

    def __bool__(self) -> bool:
        return not self.contradicted

    def __iter__(self) -> Iterator[KnobVerdict]:
        return iter(self.knobs)

    def __getitem__(self, knob: str) -> KnobVerdict:
        """The verdict on a knob. Raises KeyError for one that a history cannot tell anything about."""
        for verdict in self.knobs:
            if verdict.knob == knob:
                return verdict
        raise KeyError(knob)

    @property
    def contradicted(self) -> tuple[str, ...]:
        """The names of the knobs whose assumed value the history contradicts."""
        return tuple(verdict.knob for verdict in self.knobs if verdict.verdict == "contradicted")

    @property
    def changes(self) -> Mapping[str, Value]:
        """What the profile should say instead, by knob, as far as that is known; the first of several possible values."""
        return {
            verdict.knob: verdict.values[0]
            for verdict in self.knobs
            if verdict.verdict == "contradicted" and verdict.values
        }

    @property
    def suggested(self) -> ServiceProfile:
        """The profile with the contradicted knobs set to what the history shows, as far as that is known."""
        changes: dict[str, Any] = dict(self.changes)
        return replace(self.profile, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        window = self.window
        return {
            "window": window and {"start": show_utc(window.start), "end": show_utc(window.end)},
            "contradicted": list(self.contradicted),
            "profile": {knob: value_text(value) for knob, value in self.changes.items()},
            "knobs": [verdict.to_dict() for verdict in self.knobs],
        }


def value_text(value: Value) -> str:
    """A value as the configuration writes it: whole minutes as ``10m``, other lengths in seconds."""
    if isinstance(value, str):
        return value
    seconds = int(value.total_seconds())
    return f"{seconds // 60}m" if seconds % 60 == 0 else f"{seconds}s"


def pick_evidence(found: Iterable[Evidence], each: int = 3) -> tuple[Evidence, ...]:
    """The first few of every schedule, runs that were there before runs that were not: those need no faith."""
    kept: dict[str, list[Evidence]] = {}
    for item in sorted(found, key=lambda item: (item.schedule, item.found == NO_RUN, item.epoch)):
        mine = kept.setdefault(item.schedule, [])
        if len(mine) < each:
            mine.append(item)
    return tuple(item for mine in kept.values() for item in mine)
