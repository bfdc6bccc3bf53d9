"""What a team allows its schedules, as values; and what is asked of schedules to hold them against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pytest_mlschedule.diagnostics import Location

if TYPE_CHECKING:
    from pytest_mlschedule.costs.footprints import CostedSchedule

UTC_KEY = "Etc/UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Wall-clock hours in which nothing may start: ``start`` (included) to ``end`` (excluded), in seconds of the day.

    They go over midnight where ``end`` is before ``start``; ``end`` is 86400 for the midnight that ends a day. ``zone_key`` is
    the IANA key of their zone, ``zone_name`` how people call it.
    """

    start: int
    end: int
    zone_key: str = UTC_KEY
    zone_name: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What some schedules may do. None and empty: no limit.

    ``scope``: whom it is for: ``schedule`` (each schedule whose name matches the pattern ``name``), ``tag`` (all schedules with the
    tag ``name``, "team=ml", or a tag of that key, together), ``total`` (all schedules together). Limits of computes, tags and hours
    hold for each schedule in any scope. Days and months are those of the zone ``zone_key``, but for costs: bills are made by months
    of UTC. ``places`` says where the configuration sets a limit, by its name; ``location`` where the budget begins.
    """

    scope: Literal["schedule", "tag", "total"]
    name: str = ""
    max_runs_per_day: int | None = None
    max_runs_per_month: int | None = None
    max_starts_per_minute: int | None = None
    max_cost_per_month: Decimal | None = None
    max_concurrent_nodes: int | None = None
    quiet_hours: tuple[QuietHours, ...] = ()
    allowed_computes: tuple[str, ...] | None = None
    required_tags: tuple[str, ...] = ()
    zone_key: str = UTC_KEY
    zone_name: str = "UTC"
    location: Location | None = None
    places: Mapping[str, Location] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The budget as the configuration heads it."""
        return "budgets" if self.scope == "total" else f'budgets.{self.scope}s."{self.name}"'

    @property
    def needs_rates(self) -> bool:
        """Whether it counts money or nodes: what runs take has to be known."""
        return self.max_cost_per_month is not None or self.max_concurrent_nodes is not None


def need_rates(budgets: Iterable[Budget]) -> bool:
    """Whether one of some budgets counts money or nodes."""
    return any(budget.needs_rates for budget in budgets)


class Starts(Protocol):
    """What a budget looks at: the runs of one schedule. Times are epoch seconds, windows half-open."""

    @property
    def schedule(self) -> str:
        """The name of the schedule."""
        ...

    @property
    def computes(self) -> Sequence[str]:
        """Every compute that a run uses, of the job and of its steps, as written; empty where none is known."""
        ...

    @property
    def tags(self) -> Mapping[str, Any]:
        """The tags of the schedule and of its job."""
        ...

    @property
    def costed(self) -> CostedSchedule:
        """The schedule as a bill sees it, with the same runs."""
        ...

    def epochs_between(self, start: int, end: int, /) -> Sequence[int]:
        """The runs of a window, ascending."""
        ...

    def count_between(self, start: int, end: int, /) -> int:
        """How many runs a window has."""
        ...
