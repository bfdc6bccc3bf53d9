"""Assets of a workspace by kind, name and version, as the REST face keeps them for clients: schedules only refer to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Asset:
    """One version of an asset. ``kind``: "components", "environments"; ``properties``: as they were put, plain JSON data.

    ``created_at``: simulated instant, aware, UTC. ``created_by``: a principal.
    """

    kind: str
    name: str
    version: str
    properties: Mapping[str, Any]
    created_at: datetime
    created_by: str


class AssetStore:
    """Assets in the order they came. Names and versions are found in any case, as in ARM."""

    def __init__(self) -> None:
        self._assets: dict[tuple[str, str], dict[str, Asset]] = {}

    def put(self, asset: Asset) -> None:
        """Add a version, or put it in the place of the one there, whose order it keeps."""
        self._assets.setdefault((asset.kind, asset.name.lower()), {})[asset.version.lower()] = asset

    def find(self, kind: str, name: str, version: str) -> Asset | None:
        """The version, or None."""
        return self._assets.get((kind, name.lower()), {}).get(version.lower())

    def versions(self, kind: str, name: str) -> list[Asset]:
        """All versions of a name, the one that came last first."""
        return list(reversed(self._assets.get((kind, name.lower()), {}).values()))

    def of_kind(self, kind: str) -> list[Asset]:
        """All versions of all names of a kind."""
        return [asset for (one, _), versions in self._assets.items() if one == kind for asset in versions.values()]
