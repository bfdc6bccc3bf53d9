"""What every command is given: files, the time, a zone, the configuration of the repository, values of templates."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pytest_mlschedule.cli.loading import USAGE, fail, show
from pytest_mlschedule.cli.parameters import SettingType, ShownZone, ZoneType, find_zone, read_instant
from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.schedules.placeholders import Placeholders
from pytest_mlschedule.schedules.reader import Reader
from pytest_mlschedule.triggers.wording import nearest

if TYPE_CHECKING:
    from pytest_mlschedule.config.config import Config

Command = Callable[..., Any]
_NOT_READ = ("MLS001", "MLS002", "MLS003", "MLS004", "MLS016")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every command is given; options count before the configuration.

    ``given``: the paths of the command line; ``reader`` reads the files of this machine, with ``placeholders`` filled;
    ``set_names``: the names that --set gives values for.
    """

    given: tuple[str, ...]
    jobs: tuple[str, ...]
    zone: ShownZone | None
    now: datetime
    created_at: datetime | None
    config: Config
    placeholders: Placeholders = field(default_factory=Placeholders)
    set_names: tuple[str, ...] = ()
    reader: Reader = field(default_factory=Reader)

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the command line, else those of the configuration. A usage error where neither has any."""
        if not self.given and not self.config.paths:
            hint = "Name schedule files or folders, or set paths in mlschedule.toml or [tool.mlschedule]"
            raise click.UsageError(f"Missing argument 'PATHS...'. {hint}.")
        return self.given or self.config.paths

    @property
    def profile(self) -> ServiceProfile:
        """How the service behaves where nobody documents it, as the configuration says."""
        return self.config.profile

    def window(self, default: timedelta) -> timedelta:
        """How far ahead to look."""
        return self.config.window or default

    def read(self, option: str, text: str | None) -> datetime | None:
        """The instant of another option; a usage error where it is none."""
        return read_instant(option, text, self.zone)

    def remark_unused(self, *readers: Reader, found: Iterable[Diagnostic] = ()) -> None:
        """Say which names of --set no file that was read has a placeholder for.

        Nothing is said where one of ``found`` is that a file could not be read: who knows what it has.
        """
        if any(item.code in _NOT_READ for item in found):
            return
        known = {name for reader in (self.reader, *readers) for name in reader.placeholder_names}
        for name in self.set_names:
            if name not in known:
                near = nearest(name, known)
                meant = f"; did you mean {near[0]}?" if near else ""
                click.echo(f"mlschedule: --set {name}: no file has this placeholder{meant}", err=True)


def desk_command(command: Command) -> Command:
    """Give a command its paths and the options that all commands share, read into a Desk, its first argument."""

    @wraps(command)
    def run(
        *,
        paths: tuple[str, ...],
        jobs: tuple[str, ...],
        zone: ShownZone | None,
        now: str | None,
        settings: Sequence[tuple[str, str]],
        value_files: Sequence[str],
        config: str | None,
        isolated: bool,
        created_at: str | None = None,
        **own: Any,
    ) -> None:
        configuration = _read_config(config, isolated=isolated)
        zone = zone or find_zone(configuration.zone)
        values = {**configuration.values, **_read_values(value_files), **dict(settings)}
        placeholders = Placeholders(values)
        desk = Desk(
            given=paths,
            jobs=jobs or configuration.jobs,
            zone=zone,
            now=read_instant("--now", now, zone) or datetime.now(UTC).replace(microsecond=0),
            created_at=read_instant("--created-at", created_at, zone),
            config=configuration,
            placeholders=placeholders,
            set_names=tuple(dict(settings)),
            reader=Reader(placeholders=placeholders),
        )
        command(desk, **own)

    for decorate in reversed(_SHARED):
        run = decorate(run)
    return run


def _read_config(path: str | None, *, isolated: bool) -> Config:
    """The configuration to work with. Ends the command with 2 where it is wrong."""
    from pytest_mlschedule.config.config import Config

    if isolated:
        if path is not None:
            raise click.UsageError("--config and --no-config contradict each other; give one of them")
        return Config()
    if path is None and not _has_candidate(Path.cwd()):
        return Config()
    from pytest_mlschedule.config.reading import find_config, read_config  # costs time that few need

    try:
        return find_config(Path()) if path is None else read_config(Path(path))
    except DefinitionError as failure:
        show(failure.diagnostics)
        sys.exit(USAGE)


def _has_candidate(folder: Path) -> bool:
    """Whether a folder or one above it has a file that may hold a configuration."""
    return any(
        os.path.exists(above / name)
        for above in (folder, *folder.parents)
        for name in ("mlschedule.toml", "pyproject.toml")
    )


def _read_values(paths: Iterable[str]) -> Mapping[str, str]:
    """The values of files, of which later ones count more. Ends the command with 2 where one is wrong."""
    values: dict[str, str] = {}
    for path in paths:
        from pytest_mlschedule.schedules.value_files import read_values  # costs time that few need

        try:
            values.update(read_values(path))
        except DefinitionError as failure:
            if any(item.code == "MLS001" for item in failure.diagnostics) and not os.path.exists(path):
                fail(f"{path}: no such file or directory")
            show(failure.diagnostics)
            sys.exit(USAGE)
    return values


created_at_option = click.option(
    "--created-at", metavar="TIME", help="When the schedules are created; default: the start."
)
"""For commands whose answer hangs on it: stands above ``desk_command``."""

_SHARED = (
    click.argument("paths", nargs=-1, metavar="[PATHS]..."),
    click.option(
        "--zone",
        type=ZoneType(),
        metavar="ZONE",
        help="Read times without an offset in this zone, and show it too (Windows or IANA name).",
    ),
    click.option(
        "--jobs",
        multiple=True,
        metavar="PATH",
        help="Pipeline jobs that azureml: references mean, by name or file name: a file or directory; repeatable.",
    ),
    click.option("--now", metavar="TIME", help="Take this for the present; default: the machine's clock."),
    click.option(
        "--set",
        "settings",
        type=SettingType(),
        multiple=True,
        metavar="NAME=VALUE",
        help="The value of a placeholder in templated files; repeatable.",
    ),
    click.option(
        "--values",
        "value_files",
        multiple=True,
        metavar="FILE",
        help="A YAML or JSON file with values of placeholders; repeatable, later ones count more, --set most.",
    ),
    click.option(
        "--config",
        metavar="FILE",
        help="The configuration; default: the nearest mlschedule.toml or pyproject.toml with [tool.mlschedule].",
    ),
    click.option("--no-config", "isolated", is_flag=True, help="Take no configuration into account."),
)
