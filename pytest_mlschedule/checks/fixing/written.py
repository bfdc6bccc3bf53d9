"""Values as they are written in a YAML text, and how to write others in their place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import yaml

from pytest_mlschedule.checks.fixing.edits import Edit
from pytest_mlschedule.diagnostics import PathPart
from pytest_mlschedule.schedules import yaml_text
from pytest_mlschedule.schedules.source import Document

Path = tuple[PathPart, ...]
_QUOTES = ("'", '"')
LINE_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")  # what ends a line in YAML 1.1


@dataclass(frozen=True, slots=True)
class WrittenText:
    """A scalar: its ``value`` as text, ``raw`` as it is written at ``start``, ``style`` its quote (empty: plain).

    ``in_flow``: whether it stands in ``{ }`` or ``[ ]``.
    """

    value: str
    raw: str
    start: int
    style: str
    in_flow: bool

    def rewrite(self, value: str) -> Edit:
        """Another value in its place, in the same quotes; a plain one gets quotes where it needs them."""
        return Edit(self.start, self.start + len(self.raw), _write(value, self.style, in_flow=self.in_flow))

    def replace(self, offset: int, length: int, new: str) -> Edit:
        """Other characters in the place of some of its value; the rest stays as written."""
        value = self.value[:offset] + new + self.value[offset + length :]
        margin = len(self.style)
        whole = self.rewrite(value)
        if self.raw != f"{self.style}{self.value}{self.style}" or whole.text != f"{self.style}{value}{self.style}":
            return whole
        start = self.start + margin + offset
        return Edit(start, start + length, new)

    def quoted(self, value: str) -> Edit:
        """A value in its place that must not be read as anything but text."""
        return Edit(self.start, self.start + len(self.raw), _write(value, self.style or '"', in_flow=self.in_flow))


class WrittenDocument:
    """The nodes of a YAML document with the text they came from."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text or ""
        # Marks count from behind a byte order mark; a second one would shift them.
        shifted = document.text != document.written or self.text.startswith("\ufeff")
        self.is_editable = document.format == "yaml" and document.node is not None and not shifted
        """Not JSON, not an empty file, not one whose placeholders were filled."""
        self._root = document.node if self.is_editable else None

    def mapping(self, path: Path) -> yaml.MappingNode | None:
        """The mapping at a path."""
        trail = self._trail(path)
        return trail[-1] if trail and isinstance(trail[-1], yaml.MappingNode) else None

    def data(self, path: Path) -> str | None:
        """The text of a scalar at a path, however it is written; None where there is none."""
        trail, found = yaml_text.find(self._root, path)
        complete = found == len(path) and trail and isinstance(trail[-1], yaml.ScalarNode)
        return str(trail[-1].value) if complete else None

    def scalar(self, path: Path) -> WrittenText | None:
        """The scalar that is the value at a path. None where it is none, or none that can be written anew."""
        trail = self._trail(path)
        return self._written(trail[-1], trail) if trail else None

    def key(self, path: Path) -> WrittenText | None:
        """The key that a path ends in."""
        trail = self._trail(path)
        return self._written(trail[-2], trail) if len(trail) > 1 and trail[-1] is not trail[-2] else None

    def offset_of(self, line: int, column: int) -> int:
        """Where a line and column (from 1) are in the text."""
        starts = [0, *(match.end() for match in LINE_BREAK.finditer(self.text))]
        return starts[line - 1] + column - 1

    def line_break(self) -> str:
        """What ends the lines of the text."""
        found = LINE_BREAK.search(self.text)
        return found[0] if found else "\n"

    def _trail(self, path: Path) -> list[yaml.Node]:
        """The nodes on the way to a path; empty where one is missing, or stands elsewhere too through an alias."""
        trail, found = yaml_text.find(self._root, path)
        complete = found == len(path) and not any(id(node) in self._shared for node in trail)
        return trail if complete else []

    @cached_property
    def _shared(self) -> set[int]:
        """Nodes that stand in several places: an edit would change them all."""
        seen: set[int] = set()
        shared: set[int] = set()
        waiting = [] if self._root is None or "&" not in self.text else [self._root]
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                shared.add(id(node))
            else:
                seen.add(id(node))
                waiting += yaml_text.child_nodes(node)
        return shared

    def _written(self, node: yaml.Node, trail: list[yaml.Node]) -> WrittenText | None:
        if not isinstance(node, yaml.ScalarNode):
            return None
        style = node.style or ""
        raw = self.text[node.start_mark.index : node.end_mark.index]
        # Block texts, texts of several lines and ones with an anchor or a tag are left to their authors.
        as_read = raw[:1] == raw[-1:] == style and len(raw) > 1 if style in _QUOTES else raw == node.value != ""
        if not as_read or LINE_BREAK.search(raw):
            return None
        in_flow = any(isinstance(other, yaml.CollectionNode) and other.flow_style for other in trail)
        return WrittenText(node.value, raw, node.start_mark.index, style, in_flow)


def list_values(node: yaml.Node | None, path: Path = ()) -> Iterator[tuple[Path, str, str]]:
    """Every scalar of a tree without aliases to itself: its path, its tag, its text."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from list_values(value, (*path, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from list_values(item, (*path, index))
    elif node is not None:
        yield path, node.tag, node.value


def _write(value: str, style: str, *, in_flow: bool) -> str:
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    if not style and _is_plain(value, in_flow=in_flow):
        return value
    return json.dumps(value, ensure_ascii=False)


def _is_plain(value: str, *, in_flow: bool) -> bool:
    """Whether a text without quotes is read as that text."""
    try:
        return bool(yaml.safe_load(f"[{value}]" if in_flow else f"- {value}") == [value])
    except yaml.YAMLError:
        return False
