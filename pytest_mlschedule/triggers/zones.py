"""Time zones: Windows names to IANA keys, and the wall clock of a zone as integers.

*Wall seconds* are the seconds from 1970-01-01T00:00:00 to a wall-clock reading, as if the reading were UTC.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from functools import cache, cached_property
from importlib import import_module
from io import BytesIO
from pkgutil import get_data
from typing import TYPE_CHECKING, Literal, NamedTuple

from pytest_mlschedule.diagnostics import Diagnostic, error, warning
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.triggers.tzif import read_transitions
from pytest_mlschedule.triggers.window import FIRST_EPOCH, LAST_YEAR, NAIVE_EPOCH, check_epoch
from pytest_mlschedule.triggers.wording import quote
from pytest_mlschedule.triggers.zone_advice import advise_iana, advise_unknown
from pytest_mlschedule.triggers.zone_names import OTHER_ZONES, SDK_ZONES

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

IanaPolicy = Literal["reject", "accept"]
_FAR = 1 << 60


class Transition(NamedTuple):
    """A change of UTC offset: at ``instant`` (epoch seconds) the offset goes from ``before`` to ``after`` (seconds)."""

    instant: int
    before: int
    after: int

    @property
    def kind(self) -> Literal["gap", "fold"]:
        """``gap``: wall times are left out; ``fold``: wall times come twice."""
        return "gap" if self.after > self.before else "fold"


class Gap(NamedTuple):
    """Wall times that do not exist, from ``wall`` on; the clock jumps at ``instant``; their shifted times end at ``end``.

    ``day``: the date of ``wall`` in days from 1970-01-01; ``shape``: its second of day and how long the gap is.
    """

    instant: int
    end: int
    wall: int
    day: int
    shape: tuple[int, int]

    @classmethod
    def between(cls, instant: int, before: int, after: int) -> Gap:
        """The gap of a transition from one offset to a larger one."""
        day, second = divmod(instant + before, 86_400)
        return cls(instant, instant + after - before, instant + before, day, (second, after - before))


class Zone:
    """The wall clock of one IANA zone from 1970 to 2200; instants in epoch seconds, offsets in seconds east of UTC.

    Made by ``zone(key)``. Its data come from the tzdata package alone (semantics TZ-3). ``instants[i]`` is where
    ``offsets[i]`` gives way to ``offsets[i + 1]``.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        every = read_transitions(_tzdata_file(f"zoneinfo/{key}"), LAST_YEAR + 1)
        # What lies before 1970 by more than two days cannot touch a supported instant or its wall clock.
        skip = bisect_left(every.instants, FIRST_EPOCH - 2 * 86_400)
        self.instants = every.instants[skip:]
        self.offsets = every.offsets[skip:]
        pairs = list(zip(self.instants, self.offsets, self.offsets[1:], strict=False))
        self.breaks = [instant + max(before, after) for instant, before, after in pairs]
        """Wall seconds from which ``offsets[i + 1]`` counts: gap times still belong to the old offset, and so shift
        forward; fold times belong to the old one too, and so come first (semantics DST-2, DST-3)."""
        self.image_ends = [instant + max(0, after - before) for instant, before, after in pairs]
        """Where (epoch) the shifted times of a gap end; for a fold its own instant."""
        self.gaps = [Gap.between(at, before, after) for at, before, after in pairs if after > before]
        self.gap_instants = [gap.instant for gap in self.gaps]
        self.gap_shapes = frozenset(gap.shape for gap in self.gaps)
        self.quiet_from = [-_FAR] + [
            max(image_end, edge - after)
            for image_end, edge, after in zip(self.image_ends, self.breaks, self.offsets[1:], strict=True)
        ]
        """From here (epoch) to ``quiet_until`` a segment is plain: no shifted times, no second pass of a fold."""
        self.quiet_until = [*self.instants, _FAR]

    def __repr__(self) -> str:
        return f"zone({self.key!r})"

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return zone, (self.key,)

    @cached_property
    def tzinfo(self) -> ZoneInfo:
        """The zone as ``zoneinfo`` sees it, from the same data."""
        from zoneinfo import ZoneInfo

        return ZoneInfo.from_file(BytesIO(_tzdata_file(f"zoneinfo/{self.key}")), key=self.key)

    def offset(self, epoch: int) -> int:
        """Seconds east of UTC at an instant. Raises InstantRangeError outside 1970 to 2200."""
        return self.offsets[bisect_right(self.instants, check_epoch(epoch))]

    def wall(self, epoch: int) -> datetime:
        """What the zone's clocks show at an instant, naive. Raises InstantRangeError outside 1970 to 2200."""
        return NAIVE_EPOCH + timedelta(0, epoch + self.offset(epoch))

    def to_epoch(self, wall_seconds: int) -> int:
        """The instant of a wall time: shifted by a gap it falls into, the first of two in a fold (DST-2, DST-3)."""
        return wall_seconds - self.offsets[bisect_right(self.breaks, wall_seconds)]

    def to_epochs(self, wall_seconds: int) -> tuple[int, ...]:
        """Every instant at which the zone's clocks show a wall time: none in a gap, two in a fold, else one."""
        near = bisect_right(self.breaks, wall_seconds)
        candidates = (wall_seconds - offset for offset in self.offsets[max(near - 1, 0) : near + 2])
        return tuple(
            sorted({at for at in candidates if at + self.offsets[bisect_right(self.instants, at)] == wall_seconds})
        )

    def transitions(self, start: int, end: int) -> list[Transition]:
        """The changes of offset in the half-open window of epochs, ascending."""
        first, stop = bisect_left(self.instants, start), bisect_left(self.instants, end)
        return [Transition(self.instants[i], self.offsets[i], self.offsets[i + 1]) for i in range(first, stop)]


@cache
def zone(key: str) -> Zone:
    """The zone of an IANA key that tzdata knows. Raises KeyError for any other text."""
    if key not in iana_keys():
        raise KeyError(key)
    return Zone(key)


def _tzdata_file(name: str) -> bytes:
    """A file of the tzdata package, never of the machine (semantics TZ-3)."""
    data = get_data("tzdata", name)
    if data is None:  # a loader that cannot read files
        raise ModuleNotFoundError("the tzdata package has no files: install tzdata", name="tzdata")
    return data


@cache
def iana_keys() -> frozenset[str]:
    """Every key in the tzdata package."""
    return frozenset(_tzdata_file("zones").decode("utf-8").split())


def tzdata_version() -> str:
    """The version of the zone data in use, as IANA writes it ("2026a")."""
    return str(import_module("tzdata").IANA_VERSION)


class ZoneMatch(NamedTuple):
    """What a ``time_zone`` text means: its proper name, its IANA key, and what to say about it."""

    name: str
    key: str
    diagnostics: tuple[Diagnostic, ...] = ()


def resolve_zone(name: str, *, iana: IanaPolicy = "reject") -> ZoneMatch:
    """The zone of a Windows zone name, in any case (semantics TZ-1, TZ-2).

    Raises DefinitionError: MLS302 for an unknown name, MLS303 for an IANA name unless ``iana`` is "accept". A Windows
    zone that the SDK's enum lacks resolves with warning MLS304.
    """
    proper = _windows_names().get(name.lower())
    if proper in SDK_ZONES:
        return ZoneMatch(proper, SDK_ZONES[proper])
    if proper is not None:
        return ZoneMatch(proper, OTHER_ZONES[proper], (_not_in_sdk(proper),))
    key = _iana_names().get(name.lower())
    if key is not None and iana == "accept":
        return ZoneMatch(key, key)
    raise DefinitionError([_unknown_zone(name) if key is None else _iana_zone(key)])


@cache
def _windows_names() -> dict[str, str]:
    return {name.lower(): name for name in (*SDK_ZONES, *OTHER_ZONES)}


@cache
def _iana_names() -> dict[str, str]:
    return {key.lower(): key for key in iana_keys()}


def windows_equivalent(key: str) -> str | None:
    """The Windows zone that has the clock of an IANA zone, or None."""
    from pytest_mlschedule.triggers.zone_aliases import IANA_NAMES

    return next((windows for windows, names in IANA_NAMES.items() if key in names.split()), None)


def _not_in_sdk(name: str) -> Diagnostic:
    return warning(
        "MLS304",
        f"{name!r} is a Windows time zone that azure-ai-ml's TimeZone enum does not list",
        "the service may not take it; choose a listed zone with the same clock if there is one",
        ("time_zone",),
    )


def _iana_zone(key: str) -> Diagnostic:
    text = f"{key!r} is an IANA time zone; Azure ML takes Windows time zone names"
    return error("MLS303", text, advise_iana(key, windows_equivalent(key)), ("time_zone",))


def _unknown_zone(name: str) -> Diagnostic:
    text = f"{quote(name)} is not a Windows time zone name"
    return error("MLS302", text, advise_unknown(name, _windows_names()), ("time_zone",))
