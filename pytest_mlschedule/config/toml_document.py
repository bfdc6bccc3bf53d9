"""A TOML file: its data, and the place of every problem in it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pytest_mlschedule.config.toml_places import TomlPath, TomlPlace, find_places
from pytest_mlschedule.diagnostics import Diagnostic, Location, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.source import read_text

_TWICE = re.compile("overwrite a value|twice")
_KEY = re.compile(r"""(?:"[^"]*"|'[^']*'|[^=])*""")
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True)
class TomlDocument:
    """A file called ``name``: what tomllib makes of its text."""

    name: str
    text: str
    data: Mapping[str, Any]

    @cached_property
    def _places(self) -> dict[TomlPath, TomlPlace]:
        return find_places(self.text)

    def locate(self, diagnostic: Diagnostic) -> Diagnostic:
        """The diagnostic at its place: the key's where the key is wrong (MLS005, MLS006), else the value's.

        What is missing stands at the table that lacks it. A key of a configuration is found with dashes too.
        """
        path = self._find(diagnostic.field)
        place = self._places.get(path, TomlPlace(0, 0))
        offset = place.key if diagnostic.code in ("MLS005", "MLS006") else place.value
        return diagnostic.at(self._location(offset))

    def place_of(self, field: TomlPath) -> Location:
        """Where a key stands; of the nearest table around it where it does not."""
        return self._location(self._places.get(self._find(field), TomlPlace(0, 0)).key)

    def written(self, field: TomlPath) -> TomlPath:
        """A path as it is written in the file: ``fail-on`` where it says so instead of ``fail_on``."""
        found = self._find(field)
        return (*found, *field[len(found) :])

    def _find(self, field: TomlPath) -> TomlPath:
        """The part of a path that the text has, as written."""
        path: TomlPath = ()
        for part in field:
            spellings = (part, part.replace("_", "-")) if isinstance(part, str) else (part,)
            longer = next(((*path, one) for one in spellings if (*path, one) in self._places), None)
            if longer is None:
                break
            path = longer
        return path

    def _location(self, offset: int) -> Location:
        line = self.text.count("\n", 0, offset) + 1
        return Location(self.name, line, offset - (self.text.rfind("\n", 0, offset) + 1) + 1)


def read_toml(path: str | os.PathLike[str]) -> TomlDocument:
    """Read a TOML file. Raises DefinitionError (MLS001 to MLS004) with the place of what cannot be read."""
    name = os.fspath(path)
    try:
        text = read_text(name)
    except DefinitionError as failure:
        found = failure.diagnostics[0]
        raise DefinitionError([replace(found, hint="") if found.code == "MLS001" else found]) from None
    try:
        document = TomlDocument(name, text, tomllib.loads(text))
        assert document._places is not None
    except tomllib.TOMLDecodeError as failure:
        raise DefinitionError([_syntax_error(str(failure), name, text)]) from None
    except RecursionError:
        raise DefinitionError([error("MLS004", "nests too deep").at(Location(name))]) from None
    return document


def _syntax_error(message: str, name: str, text: str) -> Diagnostic:
    """tomllib says the place in its message: ``Expected '=' after a key (at line 3, column 5)``."""
    match = _PLACE.search(message)
    problem = message[: match.start()] if match else message
    line, column = text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1
    if match and match[1]:
        line, column = int(match[1]), int(match[2])
    hint = 'text stands in quotes, a table begins with [name], a key is followed by "="'
    if _TWICE.search(problem):
        written = text.splitlines()[line - 1]
        key = _KEY.match(written)[0].strip()  # type: ignore[index]  # it matches nothing, too
        column = len(written) - len(written.lstrip()) + 1
        problem, hint = f"{key} is given twice", "keep one of the two"
    said = error("MLS003", f"is not valid TOML: {problem[:1].lower()}{problem[1:]}", hint)
    return said.at(Location(name, line, column))


def mentions(path: Path, word: str) -> bool:
    """Whether a file holds a word; False where there is no file that can be read."""
    try:
        return word in path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
