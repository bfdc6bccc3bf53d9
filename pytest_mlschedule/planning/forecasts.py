"""How many runs an estate has in a window: by schedule, by hour of the week, by day. No run is listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.planning.document import write_instant
from pytest_mlschedule.planning.forecast_chunks import count_parts
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.planner import plan_runs
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.schedules.frozen import FrozenDict
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.triggers.window import Window
from pytest_mlschedule.triggers.zones import ZoneMatch, resolve_zone

if TYPE_CHECKING:
    from concurrent.futures import Executor

_FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How many runs there are in a half-open ``window``.

    ``count_by_schedule``: by name, 0 included. ``by_hour_of_week``: 168 numbers on the wall clock of ``zone``, that of Monday from
    00:00 on first; ``by_day``: every day of that zone that the window touches, 0 included. An hour that clocks repeat is one hour.
    ``tzdata_version``: of the time zone data behind the runs.
    """

    window: Window
    zone: str
    count_by_schedule: Mapping[str, int]
    by_hour_of_week: tuple[int, ...]
    by_day: Mapping[date, int]
    tzdata_version: str

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return sum(self.count_by_schedule.values())

    def to_dict(self) -> dict[str, Any]:
        """The forecast as plain JSON data, days as ``YYYY-MM-DD``."""
        return {
            "window": {"start": write_instant(self.window.start), "end": write_instant(self.window.end)},
            "zone": self.zone,
            "runs": self.runs,
            "count_by_schedule": dict(self.count_by_schedule),
            "by_hour_of_week": list(self.by_hour_of_week),
            "by_day": {day.isoformat(): number for day, number in self.by_day.items()},
            "tzdata_version": self.tzdata_version,
        }


def forecast(
    schedules: Plan | JobSchedule | Iterable[JobSchedule],
    start: datetime | None = None,
    end: datetime | None = None,
    *,
    created_at: datetime | None = None,
    profile: ServiceProfile = DEFAULT_PROFILE,
    zone: str = "UTC",
    executor: Executor | None = None,
) -> Forecast:
    """How many runs the schedules start in the half-open window ``[start, end)``, as ``plan_runs`` would list them.

    A plan instead of schedules has its window, and was made with its ``created_at`` and ``profile``. ``zone``: whose wall clock
    says what hour and day it is, a Windows or IANA name. ``executor``: who counts, any of concurrent.futures or one like them; None
    for this process. The answer is the same, the executor stays open, and what a worker raises is raised here.

    Raises ValueError for an unknown zone, TypeError for a plan with what it has already, for schedules without a window and for
    what is no executor, and what ``plan_runs`` raises.
    """
    if executor is not None and not hasattr(executor, "map"):
        raise TypeError(f"an executor has map, as those of concurrent.futures; {type(executor).__name__} has not")
    match = _find_zone(zone)
    if isinstance(schedules, Plan):
        if any(value is not None for value in (start, end, created_at)) or profile != DEFAULT_PROFILE:
            raise TypeError("a plan has its window, created_at and profile: plan.between(start, end) is a part of it")
        plan = schedules
    elif start is None or end is None:
        raise TypeError("forecast needs start and end, aware datetimes, unless it is given a plan")
    else:
        plan = plan_runs(schedules, start, end, created_at=created_at, profile=profile)
    each, counts = count_parts(plan.parts, match.key, plan.window.epochs, executor)
    return Forecast(
        window=plan.window,
        zone=match.name,
        count_by_schedule=FrozenDict((name, each[name]) for name in plan.schedules),
        by_hour_of_week=counts.by_hour,
        by_day=FrozenDict((_FIRST_DAY + timedelta(day), number) for day, number in counts.by_day.items()),
        tzdata_version=plan.tzdata_version,
    )


def _find_zone(name: str) -> ZoneMatch:
    try:
        return resolve_zone(name, iana="accept")
    except DefinitionError as failure:
        hint = failure.diagnostics[0].hint
        raise ValueError(f"{name!r} is not a time zone: {hint} (IANA names such as Europe/Paris work too)") from None
