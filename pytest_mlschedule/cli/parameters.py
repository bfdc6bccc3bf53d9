"""Options of the command line and what their texts mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import click

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.report.time_words import show_utc
from pytest_mlschedule.schedules.placeholders import LINE_BREAK, NAME
from pytest_mlschedule.triggers.window import LAST_YEAR, parse_duration, parse_instant
from pytest_mlschedule.triggers.zones import resolve_zone, zone

END_OF_TIME = datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ShownZone:
    """A zone to read and show times in: its name as people know it, its IANA key."""

    name: str
    key: str

    @property
    def tzinfo(self) -> tzinfo:
        """The zone as datetimes take it."""
        return zone(self.key).tzinfo


class ZoneType(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A Windows or IANA time zone name."""

    name = "zone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ShownZone:
        """The zone; a usage error that names the nearest ones where there is none."""
        try:
            match = resolve_zone(value, iana="accept")
        except DefinitionError as failure:
            found = failure.diagnostics[0]
            self.fail(
                f"{value!r} is not a time zone ({found.hint}; IANA names such as Europe/Paris work here too)",
                param,
                ctx,
            )
        return ShownZone(match.name, match.key)


class DurationType(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A length of time such as 30d."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The length; a usage error that shows the form where it is none."""
        try:
            return parse_duration(value)
        except ValueError as failure:
            self.fail(str(failure), param, ctx)
        except OverflowError:
            self.fail(f"{value!r} is longer than any time there is", param, ctx)


class SettingType(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """``name=value``: the value of a placeholder."""

    name = "setting"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The name and the value; a usage error that shows the form where it has none."""
        name, equals, text = str(value).partition("=")
        if not equals:
            self.fail(f"{value!r} has no '=': write name=value", param, ctx)
        if not re.fullmatch(NAME, name, re.ASCII):
            self.fail(f"{name!r} is no name: letters, digits, _, . and -, a letter or _ first", param, ctx)
        if LINE_BREAK.search(text):
            self.fail(f"the value of {name} has several lines: a value is one line of text", param, ctx)
        return name, text


def window_options(default: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--from``, ``--to`` and ``--for``; ``default`` says how long the window is without them."""
    options = (
        click.option("--from", "start", metavar="TIME", help="Start of the window (included); default: now."),
        click.option("--to", "end", metavar="TIME", help="End of the window (excluded)."),
        click.option(
            "--for",
            "length",
            type=DurationType(),
            metavar="DURATION",
            help=f"Length of the window; default: {default}.",
        ),
    )

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def find_zone(name: str | None) -> ShownZone | None:
    """The zone of a name that is known to be one."""
    if name is None:
        return None
    match = resolve_zone(name, iana="accept")
    return ShownZone(match.name, match.key)


def read_instant(option: str, text: str | None, shown: ShownZone | None) -> datetime | None:
    """The instant of an option: without offset in the zone that is shown, else UTC. A usage error for anything else."""
    if text is None:
        return None
    try:
        return parse_instant(text, shown.key if shown else "UTC")
    except ValueError as failure:
        raise click.BadParameter(str(failure), param_hint=f"'{option}'") from None


def read_end(end: datetime | None, start: datetime, length: timedelta | None, default: timedelta) -> datetime:
    """The end of a window. Usage errors for two ends, an end before the start, one outside the supported years."""
    if end is not None and length is not None:
        raise click.UsageError("--to and --for both say where the window ends; give one of them")
    if end is None:
        try:
            end = start + (default if length is None else length)
        except OverflowError:
            end = None
        if end is None or end > END_OF_TIME:
            raise click.UsageError(f"the window ends after {LAST_YEAR}, the last year that is supported")
    if end < start:
        raise click.UsageError(f"the window ends at {show_utc(end)}, before it starts at {show_utc(start)}")
    return end
