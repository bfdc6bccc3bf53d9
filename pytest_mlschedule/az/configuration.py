"""The configuration of one az: never the user's own ``~/.azure``."""

from __future__ import annotations

from collections.abc import Mapping

FOLDER = "/home/user/.azure"
"""Where az says that its files are. Nothing is read or written there."""
DEFAULTS = "defaults"
_EMPTY = ("", "''", '""')
_TRUE = ("1", "yes", "true", "on")


class AzConfiguration:
    """Values by section and name; variables ``AZURE_SECTION_NAME`` of the caller go first."""

    def __init__(self, defaults: Mapping[str, str]) -> None:
        self.sections: dict[str, dict[str, str]] = {DEFAULTS: dict(defaults)}
        self.subscription: str | None = None
        """The subscription that ``az account set`` chose; None: that of the first workspace."""
        self.is_logged_in = True
        self.user: dict[str, str] | None = None
        """Who logged in, as ``az account show`` tells it; None: whoever the workspace is seen by."""

    def get(self, section: str, name: str, environment: Mapping[str, str]) -> str | None:
        """The value, or None."""
        variable = f"AZURE_{section}_{name}".upper().replace("-", "_")
        given = environment.get(variable) or self.sections.get(section, {}).get(name)
        return given or None

    def flag(self, section: str, name: str, environment: Mapping[str, str]) -> bool:
        """Whether the value is one that means yes."""
        return (self.get(section, name, environment) or "").lower() in _TRUE

    def put(self, section: str, name: str, value: str) -> None:
        """Set a value; an empty one, or quotes with nothing between, takes it away."""
        if value not in _EMPTY:
            self.sections.setdefault(section, {})[name] = value
        else:
            self.remove(section, name)

    def remove(self, section: str, name: str) -> bool:
        """Take a value away; whether it was there."""
        return self.sections.get(section, {}).pop(name, None) is not None

    def entries(self, section: str) -> list[dict[str, str]]:
        """The values of a section as ``az config get`` lists them."""
        source = f"{FOLDER}/config"
        values = sorted(self.sections.get(section, {}).items())
        return [{"name": name, "source": source, "value": value} for name, value in values]
