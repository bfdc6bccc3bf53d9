"""ServiceProfile: every decision about Azure ML that nobody documents, as one frozen value with a default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

_LONGEST_DELAY = timedelta(days=365)
SCHEDULES = "Microsoft.MachineLearningServices/workspaces/schedules"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceProfile:
    """How the emulated service behaves where the documentation leaves it open (the ``chosen`` rows of docs/semantics.md).

    The defaults are the documented behaviour, or our best reading of it. A value that a field cannot have is a ValueError
    that says what is allowed.
    """

    gap: Literal["shift", "skip"] = "shift"
    """DST-5: a wall time that does not exist moves forward by the gap, or does not fire."""
    fold: Literal["first", "second", "both"] = "first"
    """DST-5: a wall time that exists twice fires at its first occurrence, its second, or both."""
    week_start: Literal["monday", "sunday"] = "monday"
    """RC-7: the first day of the week; matters for weekly recurrences with an interval above 1."""
    start_time_offset: Literal["documented", "dropped"] = "documented"
    """ST-1: a start or end with a UTC offset is that instant, or loses its offset as the SDK and CLI send it."""
    end_time: Literal["inclusive", "exclusive"] = "inclusive"
    """ST-5: whether an occurrence exactly at ``end_time`` fires."""
    first_run: Literal["scheduled", "instant"] = "scheduled"
    """ST-7: without ``start_time``, ``instant`` adds one run at creation."""
    iana_zones: Literal["reject", "accept"] = "reject"
    """TZ-2: whether IANA names ("Europe/Paris") are accepted next to Windows names. Read when a trigger is built."""
    trigger_time_format: str = "%Y-%m-%dT%H:%M:%SZ"
    """JB-3: strftime format of ``${{creation_context.trigger_time}}`` (the time is UTC)."""
    default_experiment: Literal["by_source", "default", "schedule_name"] = "by_source"
    """JB-7: experiment of a run whose schedule and job name none. ``by_source``: "Default" for a job given as file, the
    schedule's name for a job by reference; the other two: always "Default", always the schedule's name."""
    provisioning_delay: timedelta = timedelta(0)
    """WS-1: how long a schedule stays in Creating/Updating, 0 to 365 days; nothing fires meanwhile."""
    put_without_is_enabled: Literal["enable", "keep"] = "enable"
    """WS-1: what replacing a disabled schedule without saying ``is_enabled`` does."""
    trigger_when_disabled: Literal["reject", "run"] = "reject"
    """WS-5: whether ``trigger()`` works on a disabled schedule."""
    trigger_action: str = f"{SCHEDULES}/write"
    """WS-6: the role action that ``trigger()`` needs."""

    def __post_init__(self) -> None:
        for name, kind in field_types().items():
            _check_value(name, kind, getattr(self, name))
        if not timedelta(0) <= self.provisioning_delay <= _LONGEST_DELAY:
            raise ValueError(
                f"provisioning_delay cannot be {self.provisioning_delay!r}: it is 0 to {_LONGEST_DELAY.days} days"
            )


@lru_cache(maxsize=1)
def field_types() -> dict[str, Any]:
    """The fields of a profile by name, each with its type: a Literal of what is allowed, ``str`` or ``timedelta``."""
    return get_type_hints(ServiceProfile)


def _check_value(name: str, kind: Any, value: object) -> None:
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise ValueError(f"{name} cannot be {value!r}: it is {' or '.join(get_args(kind))}")
    elif not isinstance(value, kind):
        raise ValueError(f"{name} cannot be {value!r}: it is a {kind.__name__}")


DEFAULT_PROFILE = ServiceProfile()
