"""MLS7xx: what a team allows itself, as its configuration says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pytest_mlschedule.checks.rule import Rule
from pytest_mlschedule.diagnostics import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Wall-clock hours in which nothing may start: ``start`` to ``end`` in seconds of the day, over midnight where end < start."""

    start: int
    end: int
    zone_key: str = "Etc/UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What some schedules may do. None and empty: no limit.

    ``scope``: whom it is for: ``schedule`` (each schedule whose name matches the pattern ``name``), ``tag`` (all schedules with the
    tag ``name``, "team=ml", or a tag of that key, together), ``total`` (all schedules together). Limits of computes, tags and hours
    hold for each schedule in any scope. ``location`` is where the configuration says so.
    """

    scope: Literal["schedule", "tag", "total"]
    name: str = ""
    max_runs_per_day: int | None = None
    max_runs_per_month: int | None = None
    max_starts_per_minute: int | None = None
    quiet_hours: QuietHours | None = None
    allowed_computes: tuple[str, ...] | None = None
    required_tags: tuple[str, ...] = ()
    location: Location | None = None


class Starts(Protocol):
    """What a budget looks at: the runs of one schedule. Times are epoch seconds, windows half-open."""

    @property
    def schedule(self) -> str: ...
    @property
    def compute(self) -> str | None: ...
    @property
    def tags(self) -> Mapping[str, Any]: ...
    def epochs_between(self, start: int, end: int, /) -> Sequence[int]: ...
    def count_between(self, start: int, end: int, /) -> int: ...


RULES: tuple[Rule, ...] = ()
