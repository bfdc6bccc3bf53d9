"""Options of the command line and what their texts mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import wraps
from typing import Any

import click

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.triggers.window import parse_duration, parse_instant
from pytest_mlschedule.triggers.zones import resolve_zone, zone


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every command is given: which files, what time it is, which zone to think in."""

    paths: tuple[str, ...]
    jobs: tuple[str, ...]
    zone: ShownZone | None
    now: datetime
    created_at: datetime | None

    def read(self, option: str, text: str | None) -> datetime | None:
        """The instant of another option; a usage error where it is none."""
        return read_instant(option, text, self.zone)


def read_instant(option: str, text: str | None, shown: ShownZone | None) -> datetime | None:
    """The instant of an option: without offset in the zone that is shown, else UTC. A usage error for anything else."""
    if text is None:
        return None
    try:
        return parse_instant(text, shown.key if shown else "UTC")
    except ValueError as failure:
        raise click.BadParameter(str(failure), param_hint=f"'{option}'") from None


def desk_command(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command its paths and the options that all commands share, read into a Desk, its first argument."""

    @wraps(command)
    def run(
        paths: tuple[str, ...],
        jobs: tuple[str, ...],
        zone: ShownZone | None,
        now: str | None,
        created_at: str | None,
        **own: Any,
    ) -> None:
        present = read_instant("--now", now, zone) or datetime.now(UTC).replace(microsecond=0)
        created = read_instant("--created-at", created_at, zone)
        command(Desk(paths=paths, jobs=jobs, zone=zone, now=present, created_at=created), **own)

    for decorate in reversed(_SHARED):
        run = decorate(run)
    return run


_SHARED = (
    click.argument("paths", nargs=-1, required=True, metavar="PATHS..."),
    click.option(
        "--zone",
        type=ZoneType(),
        metavar="ZONE",
        help="Read times without an offset in this zone, and show it too (Windows or IANA name).",
    ),
    click.option("--created-at", metavar="TIME", help="When the schedules are created; default: the start."),
    click.option(
        "--jobs",
        multiple=True,
        metavar="PATH",
        help="Pipeline jobs that azureml: references mean, by name or file name: a file or directory; repeatable.",
    ),
    click.option("--now", metavar="TIME", help="Take this for the present; default: the machine's clock."),
)
