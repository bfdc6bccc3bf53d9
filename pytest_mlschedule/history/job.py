"""A job that really ran."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pytest_mlschedule.schedules.frozen import EMPTY

Source = Literal["schedule", "user"]
Outcome = Literal["completed", "failed", "canceled", "running"]
_OUTCOMES: dict[str, Outcome | None] = {
    "completed": "completed",
    "finished": "completed",
    "failed": "failed",
    "canceled": "canceled",
    "cancelled": "canceled",
    "unknown": None,
}
_DAY = 86_400


class Place(NamedTuple):
    """Where a job was read: the file as the user gave it, and its place among the jobs there, from 0."""

    path: str
    position: int


NOWHERE = Place("<data>", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoricJob:
    """One job of a workspace, as far as it is known: what nobody said is None.

    Instants are seconds since 1970 UTC, fractions cut. ``schedule`` and ``trigger_time`` come from the display name
    (semantics JB-1); where somebody edited that, the schedule from what the service notes down of it, else from the job's name
    (JB-2). ``source`` says who submitted it. ``compute``: the name alone; ``inputs``: texts of literal inputs by name, macros
    resolved.
    """

    name: str | None = None
    display_name: str | None = None
    schedule: str | None = None
    trigger_time: int | None = None
    created: int | None = None
    started: int | None = None
    ended: int | None = None
    status: str | None = None
    compute: str | None = None
    experiment: str | None = None
    inputs: Mapping[str, str] = EMPTY
    source: Source | None = None
    place: Place = NOWHERE

    @property
    def duration(self) -> int | None:
        """The seconds from start to end; None where one of them is not known, or the end lies before the start."""
        if self.started is None or self.ended is None or self.ended < self.started:
            return None
        return self.ended - self.started

    @property
    def outcome(self) -> Outcome | None:
        """How the job ended, "running" for one that has not; None where its status is not known."""
        return None if self.status is None else _OUTCOMES.get(self.status.lower(), "running")

    @property
    def instant(self) -> int | None:
        """When it came to be: the trigger time where it was created for it, else its creation, else its start."""
        made = self.started if self.created is None else self.created
        due = self.trigger_time
        if made is None or (due is not None and 0 <= made - due <= _DAY):
            return due
        return made
