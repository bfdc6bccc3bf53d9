"""CronTrigger: a schedule by an NCrontab expression (semantics CR-1 to CR-5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.triggers.day_times import day_times
from pytest_mlschedule.triggers.field_values import read_text, wrong_type
from pytest_mlschedule.triggers.ncrontab import CronFields, parse_ncrontab
from pytest_mlschedule.triggers.occurrences import Occurrences
from pytest_mlschedule.triggers.timestamps import Timestamp
from pytest_mlschedule.triggers.trigger_base import (
    Anchor,
    Limits,
    Trigger,
    refuse_errors,
    settle_limits,
)
from pytest_mlschedule.triggers.wall_occurrences import wall_occurrences
from pytest_mlschedule.triggers.wall_patterns import weekday_pattern


class CronParts(NamedTuple):
    """The fields of a cron trigger, read; meaningful when there was no error."""

    expression: str
    fields: CronFields | None
    limits: Limits


def settle_cron(given: Mapping[str, object], profile: ServiceProfile) -> tuple[CronParts, list[Diagnostic]]:
    """Every field of a cron trigger from a mapping of those that are given, and every problem with them."""
    problems: list[Diagnostic] = []
    fields: CronFields | None = None
    expression = read_text(given.get("expression"))
    if "expression" not in given:
        hint = 'add it, for example expression: "0 9 * * 1-5"'
        problems.append(error("MLS007", "a cron trigger needs expression", hint, ("expression",)))
    elif expression is None:
        problems.append(wrong_type(given["expression"], "a text with five fields", ("expression",)))
    else:
        fields, found = parse_ncrontab(expression)
        problems += found
    limits, found_limits = settle_limits(given, profile)
    return CronParts(expression or "", fields, limits), problems + found_limits


@dataclass(frozen=True, init=False)
class CronTrigger(Trigger):
    """Fires at every minute that an NCrontab expression matches, on the wall clock of a time zone.

    ``expression``: MINUTES HOURS DAYS MONTHS DAYS-OF-WEEK; DAYS and MONTHS are ignored, as Azure ML does (CR-4).
    ``start_time``, ``end_time``: texts as in YAML, or datetimes; None when left out. ``time_zone``: a Windows time zone
    name or a member of the SDK's TimeZone enum. Raises DefinitionError with every problem at once.

    ``diagnostics`` holds warnings and notes, ``fields`` the values of the expression, ``start`` and ``end`` the times
    read.
    """

    expression: str
    start_time: str | None = field(compare=False)
    end_time: str | None = field(compare=False)
    time_zone: str
    start: Timestamp | None = field(init=False, repr=False)
    end: Timestamp | None = field(init=False, repr=False)
    fields: CronFields = field(init=False, repr=False, compare=False)
    zone_key: str = field(init=False, repr=False, compare=False)
    diagnostics: tuple[Diagnostic, ...] = field(init=False, repr=False, compare=False)

    def __init__(
        self,
        expression: str,
        start_time: str | datetime | None = None,
        end_time: str | datetime | None = None,
        time_zone: str = "UTC",
        profile: ServiceProfile = DEFAULT_PROFILE,
    ) -> None:
        values = {"expression": expression, "start_time": start_time, "end_time": end_time, "time_zone": time_zone}
        given = {key: value for key, value in values.items() if value is not None or key == "expression"}
        self._settle(given, profile)

    def _settle(self, given: Mapping[str, object], profile: ServiceProfile) -> None:
        parts, problems = settle_cron(given, profile)
        diagnostics = refuse_errors(problems)
        start, end, match = parts.limits
        self.__dict__.update(
            expression=parts.expression,
            start_time=start and start.text,
            end_time=end and end.text,
            time_zone=match.name,
            start=start,
            end=end,
            fields=parts.fields,
            zone_key=match.key,
            diagnostics=diagnostics,
        )

    @property
    def type(self) -> Literal["cron"]:
        """The kind of trigger, as YAML writes it."""
        return "cron"

    @property
    def has_pattern(self) -> bool:
        """True: a cron expression names times of day."""
        return True

    def _occurrences(self, anchor: Anchor, first: int, stop: int, profile: ServiceProfile) -> Occurrences:
        fields = self.fields
        pattern = weekday_pattern(day_times(fields.hours, fields.minutes), fields.weekdays)
        return wall_occurrences(pattern, self.zone_key, (first, stop), profile)
