"""Where the parts of a loaded schedule stand in its file, for what is only said later: notes of plans, findings of checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import yaml

from pytest_mlschedule.diagnostics import Diagnostic, PathPart
from pytest_mlschedule.schedules.source import Document


class Place(NamedTuple):
    """Line and column, from 1."""

    line: int = 1
    column: int = 1


# In JSON like a schedule file, and of the REST API; the last step is there to mean the key, not its value.
_PATHS: Mapping[tuple[PathPart, ...], tuple[PathPart, ...]] = {
    ("name",): ("name",),
    ("trigger",): ("trigger", "?"),
    ("create_job",): ("create_job", "job"),
    ("is_enabled",): ("is_enabled",),
}
_REST_PATHS: Mapping[tuple[PathPart, ...], tuple[PathPart, ...]] = {
    ("name",): ("name",),
    ("trigger",): ("properties", "trigger", "?"),
    ("create_job",): ("properties", "action", "?"),
    ("is_enabled",): ("properties", "isEnabled"),
}


class Places:
    """The places of one schedule of a document; ``path`` leads to it where the document holds several.

    The four places of ``_PATHS`` are known at once for YAML, and its nodes are let go; for all others the text is read again
    when somebody asks.
    """

    __slots__ = ("_document", "_found", "_path")

    def __init__(self, document: Document, path: tuple[PathPart, ...] = ()) -> None:
        self._document = document
        self._path = path
        self._found: dict[tuple[PathPart, ...], Place] = {}
        if document.filled is not None and document.filled.fills:
            self._document = replace(document, data=None, node=None)  # columns of the nodes are not those of the file
        elif document.node is not None:
            self._found = {(): Place(), **dict(_places_of_keys(document.node.value))}
            self._document = replace(document, data=None, node=None)

    @property
    def text(self) -> str | None:
        """The text of the document; None for one that was a mapping."""
        return self._document.text

    @property
    def own_text(self) -> str | None:
        """The text of a document that holds this schedule alone, as schedule files in YAML do; else None."""
        alone = self._document.format == "yaml" and not self._path
        return self._document.text if alone else None

    def find(self, diagnostic: Diagnostic) -> Place:
        """The place of what a diagnostic of this schedule is about, its field seen from the schedule's own document."""
        field = diagnostic.field
        found = self._found.get(field) if diagnostic.offset is None else None
        if found is None:
            found = self._search(replace(diagnostic, field=field, location=None))
            if diagnostic.offset is None:
                self._found[field] = found
        return found

    def _search(self, diagnostic: Diagnostic) -> Place:
        document, field = self._document, diagnostic.field
        if field in _PATHS or not field:
            rest = document.has((*self._path, "properties", "trigger"))
            inner = (_REST_PATHS if rest else _PATHS)[field] if field else ()
        else:
            inner = self._inner(field)
        location = document.locate(replace(diagnostic, field=(*self._path, *inner))).location
        return Place(location.line, location.column) if location else Place()

    def _inner(self, field: tuple[PathPart, ...]) -> tuple[PathPart, ...]:
        """The path in the document: in the REST form fields are below ``properties``, in camel case."""
        if self._document.format == "yaml" or not self._document.has((*self._path, "properties", "trigger")):
            return field
        head, *rest = field
        if head == "create_job":
            return ("properties", "action", "jobDefinition", *map(_camel, rest[:1]), *rest[1:])
        return ("properties", *map(_camel, (head, *rest)))


def _camel(part: PathPart) -> PathPart:
    if isinstance(part, int):
        return part
    first, *others = part.split("_")
    return first + "".join(map(str.title, others))


def _places_of_keys(pairs: Iterable[tuple[yaml.Node, yaml.Node]]) -> Iterator[tuple[tuple[PathPart, ...], Place]]:
    """The places of ``_PATHS`` in YAML. Spelt out: a load of many files pays for every step."""
    for key, value in pairs:
        name = key.value
        if (name,) in _PATHS:
            target = key if name in ("trigger", "create_job") else value
            if name == "create_job" and isinstance(value, yaml.MappingNode):
                target = next((inner for step, inner in value.value if step.value == "job"), key)
            yield (name,), Place(target.start_mark.line + 1, target.start_mark.column + 1)
