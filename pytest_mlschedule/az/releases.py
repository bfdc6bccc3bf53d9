"""What differs between the documentation of ``az ml`` and its releases, and from release to release (docs/how-to/az.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pytest_mlschedule.triggers.wording import list_names, quote

CORE_VERSION = "2.91.0"
"""The version of azure-cli that was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """How one release of the ``ml`` extension behaves.

    ``version``: what ``az version`` says. ``prints_progress``: waiting writes a dot to standard output, in front of what a script
    reads. ``updates_jobs``: whether ``az ml schedule update`` works for schedules of jobs. ``qualifies_words``: states are printed
    as ``ScheduleProvisioningStatus.SUCCEEDED``. ``drops_offsets``: start and end lose their UTC offset.
    """

    version: str
    prints_progress: bool = True
    updates_jobs: bool = False
    qualifies_words: bool = False
    drops_offsets: bool = False


DOCUMENTED = Release(version="2.45.0", prints_progress=False, updates_jobs=True)
RELEASES: Mapping[str, Release] = MappingProxyType(
    {
        "documented": DOCUMENTED,
        "2.44": Release(version="2.44.1"),
        "2.45": Release(version="2.45.0", qualifies_words=True, drops_offsets=True),
    }
)


def find_release(name: str) -> Release:
    """The release of a name. Raises ValueError with the names there are."""
    if name not in RELEASES:
        raise ValueError(f"release cannot be {quote(name)}: it is {list_names(map(quote, RELEASES), 'or')}")
    return RELEASES[name]
