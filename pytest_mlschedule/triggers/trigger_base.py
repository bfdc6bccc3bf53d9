"""What cron and recurrence triggers share: their limits in time and the way to a timetable."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, Self

from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.triggers.field_values import read_text, wrong_type
from pytest_mlschedule.triggers.occurrences import Occurrences
from pytest_mlschedule.triggers.timestamps import Timestamp, check_limits, read_timestamp
from pytest_mlschedule.triggers.timetable import Timetable
from pytest_mlschedule.triggers.window import END_EPOCH, to_epoch, to_epoch_floor
from pytest_mlschedule.triggers.zones import Zone, ZoneMatch, resolve_zone, zone


class Anchor(NamedTuple):
    """Where a recurrence counts from: ``instant`` (epoch) and ``wall`` (wall seconds)."""

    instant: int
    wall: int

    @property
    def day(self) -> int:
        """Days from 1970-01-01 to its wall-clock date."""
        return self.wall // 86_400

    @property
    def second(self) -> int:
        """Second of its wall-clock day."""
        return self.wall % 86_400


class Limits(NamedTuple):
    """start_time, end_time and time_zone, read."""

    start: Timestamp | None
    end: Timestamp | None
    match: ZoneMatch


def settle_limits(given: Mapping[str, object], profile: ServiceProfile) -> tuple[Limits, list[Diagnostic]]:
    """The three fields that every trigger has, from a mapping of those that are given, and every problem with them."""
    problems: list[Diagnostic] = []
    times: dict[str, Timestamp | None] = {"start_time": None, "end_time": None}
    for key in times:
        if key in given:
            times[key], found = read_timestamp(given[key], key)
            problems += found
    match, found = _settle_zone(given.get("time_zone", "UTC"), profile)
    problems += found
    start, end = times["start_time"], times["end_time"]
    problems += check_limits(start, end, zone(match.key), profile.start_time_offset)
    return Limits(start, end, match), problems


def _settle_zone(value: object, profile: ServiceProfile) -> tuple[ZoneMatch, list[Diagnostic]]:
    """The zone, or UTC to go on with and the error."""
    name = read_text(value)
    if name is None:
        return ZoneMatch("UTC", "Etc/UTC"), [wrong_type(value, "a time zone name", ("time_zone",))]
    try:
        match = resolve_zone(name, iana=profile.iana_zones)
    except DefinitionError as refused:
        return ZoneMatch("UTC", "Etc/UTC"), list(refused.diagnostics)
    return match, list(match.diagnostics)


def refuse_errors(problems: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The problems, when none is an error. Raises DefinitionError with all of them else."""
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise DefinitionError(problems)
    return tuple(problems)


class Trigger(ABC):
    """A time-based trigger. Frozen; equal when it means the same."""

    start: Timestamp | None
    end: Timestamp | None
    zone_key: str

    @classmethod
    def from_mapping(cls, given: Mapping[str, object], profile: ServiceProfile = DEFAULT_PROFILE) -> Self:
        """The trigger of a mapping of its fields; other keys are not looked at. Raises DefinitionError."""
        made = cls.__new__(cls)
        made._settle(given, profile)
        return made

    @abstractmethod
    def _settle(self, given: Mapping[str, object], profile: ServiceProfile) -> None:
        """Read every field and set it. Raises DefinitionError with every problem."""

    @property
    def zone(self) -> Zone:
        """The zone whose wall clock the trigger follows."""
        return zone(self.zone_key)

    def timetable(self, *, created_at: datetime, profile: ServiceProfile = DEFAULT_PROFILE) -> Timetable:
        """When a schedule with this trigger fires that is created at an instant (aware; TypeError for a naive one).

        Nothing fires before ``created_at``, whatever ``start_time`` says (semantics ST-4). Without ``start_time`` it is
        the anchor, cut to the second; a trigger without a pattern then fires at that second (ST-3).
        """
        created = to_epoch_floor(created_at)
        anchor = self._anchor(created, profile)
        first = max(anchor.instant, to_epoch(created_at))
        if self.start is None and not self.has_pattern:
            first = created
        stop = END_EPOCH
        if self.end is not None:
            stop = min(stop, self.end.instant(self.zone, profile.start_time_offset) + (profile.end_time == "inclusive"))
        occurrences = self._occurrences(anchor, first, stop, profile)
        extra = self._extra(anchor, created, profile)
        earliest = created if self.start is None else first
        if extra is not None and (not earliest <= extra < stop or occurrences.count(extra, extra + 1)):
            extra = None
        return Timetable(occurrences, self.zone, extra)

    @property
    @abstractmethod
    def has_pattern(self) -> bool:
        """Whether the trigger names times of day or days, instead of counting from its start alone."""

    @abstractmethod
    def _occurrences(self, anchor: Anchor, first: int, stop: int, profile: ServiceProfile) -> Occurrences:
        """The occurrences from the epoch ``first`` on and before ``stop``."""

    def _anchor(self, created: int, profile: ServiceProfile) -> Anchor:
        policy = profile.start_time_offset
        if self.start is None:
            return Anchor(created, created + self.zone.offset(created))
        return Anchor(self.start.instant(self.zone, policy), self.start.wall_seconds(self.zone, policy))

    def _extra(self, anchor: Anchor, created: int, profile: ServiceProfile) -> int | None:
        """An occurrence besides the regular ones: the instant first run (ST-7), or a start in a pass without any."""
        if self.has_pattern:
            return created if self.start is None and profile.first_run == "instant" else None
        return anchor.instant if self._in_silent_pass(anchor, profile) else None

    def _in_silent_pass(self, anchor: Anchor, profile: ServiceProfile) -> bool:
        """Whether the start is an instant in that pass of a fold in which wall times do not fire (DST-3, DST-5).

        Without a pattern such a start is the first occurrence all the same (ST-3, ST-5). A start that is a wall clock
        is no instant: it means the pass that fires.
        """
        if self.start is not None and (self.start.offset is None or profile.start_time_offset == "dropped"):
            return False
        passes = self.zone.to_epochs(anchor.wall)
        firing = {"first": passes[:1], "second": passes[-1:], "both": passes}[profile.fold]
        return anchor.instant not in firing
