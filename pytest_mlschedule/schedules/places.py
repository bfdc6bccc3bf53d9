"""Where the parts of a loaded schedule stand in its file, for what is only said later: notes of plans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import yaml

from pytest_mlschedule.diagnostics import PathPart, note
from pytest_mlschedule.schedules.source import Document


class Place(NamedTuple):
    """Line and column, from 1."""

    line: int = 1
    column: int = 1


# In JSON like a schedule file, and of the REST API; the last step is there to mean the key, not its value.
_PATHS: Mapping[str, tuple[PathPart, ...]] = {
    "name": ("name",),
    "trigger": ("trigger", "?"),
    "create_job": ("create_job", "job"),
    "is_enabled": ("is_enabled",),
}
_REST_PATHS: Mapping[str, tuple[PathPart, ...]] = {
    "name": ("name",),
    "trigger": ("properties", "trigger", "?"),
    "create_job": ("properties", "action", "?"),
    "is_enabled": ("properties", "isEnabled"),
}


class Places:
    """The places of one schedule of a document; ``path`` leads to it where the document holds several.

    Places in YAML are known at once, and its nodes are let go. JSON is read again for them when somebody asks.
    """

    __slots__ = ("_document", "_found", "_path")

    def __init__(self, document: Document, path: tuple[PathPart, ...] = ()) -> None:
        self._document: Document | None = document
        self._path = path
        self._found: dict[str, Place] = {}
        if document.node is not None:
            self._found = {"": Place(), **dict(_places_of_keys(document.node.value))}
            self._document = None

    def find(self, part: object) -> Place:
        """The place of ``name``, ``trigger``, ``create_job`` or ``is_enabled``, else that of the schedule."""
        if self._document is not None:
            self._search(self._document)
        return self._found.get(str(part)) or self._found[""]

    def _search(self, document: Document) -> None:
        paths = _REST_PATHS if document.has((*self._path, "properties", "trigger")) else _PATHS
        for part, path in ("", ()), *paths.items():
            location = document.locate(note("", "", "", (*self._path, *path))).location
            self._found[part] = Place(location.line, location.column) if location else Place()
        self._document = None


def _places_of_keys(pairs: Iterable[tuple[yaml.Node, yaml.Node]]) -> Iterator[tuple[str, Place]]:
    """The places of ``_PATHS`` in YAML. Spelt out: a load of many files pays for every step."""
    for key, value in pairs:
        name = key.value
        if name in _PATHS:
            target = key if name in ("trigger", "create_job") else value
            if name == "create_job" and isinstance(value, yaml.MappingNode):
                target = next((inner for step, inner in value.value if step.value == "job"), key)
            yield name, Place(target.start_mark.line + 1, target.start_mark.column + 1)
