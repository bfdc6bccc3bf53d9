"""Placeholders that nobody gave a value for: MLS016 where values were given, MLS017 where a file is a template as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from pytest_mlschedule.diagnostics import Diagnostic, Location, error, warning
from pytest_mlschedule.schedules.placeholders import LINE_BREAK, FilledText, Placeholder, find_placeholders
from pytest_mlschedule.triggers.wording import list_names, nearest

_MOST_NAMED = 5
# Below these keys ${name} and $(name) are a shell's, and filled when the job runs.
_SHELL_KEYS = ("args", "command", "environment_variables")
_QUOTED = re.compile(r"""(?:(?<=^)|(?<=[\s\[{,:(-]))(?:'(?:[^']|'')*'|"(?:[^"\\]|\\.)*")""")
_COMMENT = re.compile(r"(?:^|(?<=\s))#(?!\{)")


def find_unfilled(filled: FilledText, values: frozenset[str], node: yaml.Node | None, path: str) -> list[Diagnostic]:
    """What there is to say about placeholders that are left in a file: each at its place, or of a template at the file's start.

    ``values``: the names that a value was given for; ``node``: the file's document, None where it is none. Placeholders in
    comments are left alone, and those of a shell in commands.
    """
    left = list(_without_comments(filled.written, find_placeholders(filled.written)))
    left = [item for item in left if item.name not in values]
    if node is not None and any(item.written.startswith("$") for item in left):
        shell = set(_shell_lines(node))
        left = [item for item in left if not (item.written.startswith("$") and item.line in shell)]
    if not left:
        return []
    if values:
        return [_no_value(item, values).at(Location(path, item.line, item.column)) for item in left]
    return [_template(left).at(Location(path))]


def _no_value(item: Placeholder, values: frozenset[str]) -> Diagnostic:
    near = nearest(item.name, values)
    known = sorted(values)
    shown = [*known[:_MOST_NAMED], f"{len(known) - _MOST_NAMED} more"] if len(known) > _MOST_NAMED else known
    text = f"{item.written} has no value; there are values for {list_names(shown)}"
    meant = f"did you mean {near[0]}? Else " if near else ""
    return error("MLS016", text, f"{meant}give it one: --set {item.name}=..., or a line of a --values file")


def _template(left: list[Placeholder]) -> Diagnostic:
    names = list(dict.fromkeys(item.name for item in left))
    written = list(dict.fromkeys(item.written for item in left))
    more = [f"{len(written) - _MOST_NAMED} more"] if len(written) > _MOST_NAMED else []
    verb = "has" if len(written) == 1 else "have"
    text = f"this file is a template: {list_names([*written[:_MOST_NAMED], *more])} {verb} no value"
    options = " ".join(f"--set {name}=..." for name in names[:_MOST_NAMED])
    return warning("MLS017", text, f"give values: {options}{' ...' if more else ''}, or --values FILE")


def _without_comments(text: str, found: Iterator[Placeholder]) -> Iterator[Placeholder]:
    lines: list[str] = []
    for item in found:
        lines = lines or LINE_BREAK.split(text)
        comment = _COMMENT.search(_QUOTED.sub(lambda match: "x" * len(match[0]), lines[item.line - 1]))
        if comment is None or item.column - 1 < comment.start():
            yield item


def _shell_lines(node: yaml.Node) -> Iterator[int]:
    """The lines (from 1) of values that a shell reads."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value in _SHELL_KEYS:
                yield from range(value.start_mark.line + 1, value.end_mark.line + 2)
            else:
                yield from _shell_lines(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _shell_lines(item)
