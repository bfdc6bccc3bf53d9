"""Templated schedules: placeholders in the text of a file, filled before it is read.

The forms that deploy pipelines use: ``{{ name }}``, ``${name}``, ``$(name)``, ``#{name}#``. ``${{...}}`` is Azure ML's own and is
left alone, and so is every name that no value was given for: shells and pipelines have theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NAME = r"[A-Za-z_][\w.-]*"
_PLACEHOLDER = re.compile(
    rf"(?<![$\{{])\{{\{{\s*({_NAME})\s*\}}\}}|\$\{{({_NAME})\}}|\$\(({_NAME})\)|#\{{\s*({_NAME})\s*\}}#", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Placeholders:
    """Values of placeholders by name."""

    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def fill(self, text: str) -> str:
        """The text with every placeholder filled that there is a value for. Lines stay where they are."""
        if not self.values:
            return text
        return _PLACEHOLDER.sub(lambda match: self.values.get(_name(match), match[0]), text)


NO_VALUES = Placeholders()


def find_placeholders(text: str) -> Iterator[tuple[str, str, int]]:
    """The placeholders of a text: as written, their name, and where they start (characters from the start)."""
    for match in _PLACEHOLDER.finditer(text):
        yield match[0], _name(match), match.start()


def _name(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group is not None)
