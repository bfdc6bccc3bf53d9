"""Files of values for placeholders: YAML mappings and JSON objects; nested ones give dotted names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import yaml

from pytest_mlschedule.diagnostics import Diagnostic, PathPart, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.placeholders import LINE_BREAK, NAME
from pytest_mlschedule.schedules.problems import describe
from pytest_mlschedule.schedules.source import read_document
from pytest_mlschedule.triggers.wording import quote

_NAME = re.compile(NAME, re.ASCII)
_HINT = "values are texts, numbers and booleans; nested mappings give dotted names (a.b)"


def read_values(path: str | os.PathLike[str]) -> dict[str, str]:
    """The values of a file by name, each as the file writes it (``1.10`` stays ``1.10``, ``yes`` stays ``yes``), without quotes.

    Raises DefinitionError with the place of every value that is none: lists, texts of several lines, names that no placeholder
    can have.
    """
    document = read_document(os.fspath(path))
    if not isinstance(document.root, yaml.MappingNode):
        what = "the file is empty" if document.data is None else f"must be a mapping, not {describe(document.data)}"
        raise DefinitionError(
            [document.locate(error("MLS008", what, "a file of values has lines such as name: value"))]
        )
    values: dict[str, str] = {}
    found: list[Diagnostic] = []
    for field, node in _leaves(document.root, ()):
        problem = _problem(field, node)
        if problem is None:
            values[".".join(field)] = node.value
        else:
            found.append(document.locate(problem))
    if found:
        raise DefinitionError(found)
    return values


def _leaves(node: yaml.MappingNode, field: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], yaml.Node]]:
    """Every value that is no mapping, later ones of a name counting more.

    SafeLoader has read the document: keys are texts, and what is merged in (``<<``) stands before a mapping's own values.
    """
    for key, value in node.value:
        if isinstance(value, yaml.MappingNode):
            yield from _leaves(value, (*field, key.value))
        else:
            yield (*field, key.value), value


def _problem(field: tuple[str, ...], node: yaml.Node) -> Diagnostic | None:
    path: tuple[PathPart, ...] = field
    name = ".".join(field)
    if not _NAME.fullmatch(name):
        text = f"{quote(name)} is not a name that a placeholder can have"
        return error("MLS006", text, "letters, digits, _, . and -, a letter or _ first", path)
    if not isinstance(node, yaml.ScalarNode):
        return error("MLS008", "a list is no value of a placeholder", _HINT, path)
    if LINE_BREAK.search(node.value):
        return error("MLS009", "a value is one line of text", _HINT, path)
    return None
