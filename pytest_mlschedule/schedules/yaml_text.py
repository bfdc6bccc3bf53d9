"""YAML 1.1 text to data as PyYAML's SafeLoader reads it (JB-13), with the node tree kept for places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from pytest_mlschedule.diagnostics import Diagnostic, PathPart, error, warning

# libyaml composes recursively in C: nesting must be known to be shallow before it starts, or the process dies.
DEPTH_LIMIT = 100
_TOO_DEEP = f"nests deeper than {DEPTH_LIMIT} levels"
NODE_LIMIT = 100_000
SMALL_TEXT = 1 << 16

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPENINGS = re.compile(r"[\[{]|(?:^|[ \t])[-?:](?=[ \t])", re.MULTILINE)
_LOOKALIKE_INT = re.compile(r"[-+]?0[0-7_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?0b[01_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+")
# What is said about a key, not about its value: given twice, not known, nothing that the job has.
_ABOUT_KEYS = frozenset({"MLS005", "MLS006", "MLS409"})
_LOOKALIKE_BOOL = re.compile(r"(?i)yes|no|on|off")


class TextError(Exception):
    """A text that is no document, with the place (line and column from 1)."""

    def __init__(self, diagnostic: Diagnostic, line: int = 1, column: int = 1) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class YamlText:
    """What was read: the data, the node it came from (None for an empty text), warnings with their field."""

    data: Any
    node: yaml.Node | None
    warnings: tuple[Diagnostic, ...]


def parse(text: str) -> YamlText:
    """Read exactly one document. Raises TextError for syntax, several documents, and hostile size (MLS003, MLS004)."""
    try:
        _refuse_deep(text)
        loader = _LOADER(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return YamlText(None, None, ())
            _refuse_wide(node)
            warnings = tuple(_walk(node, (), set()))
            return YamlText(loader.construct_document(node), node, warnings)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as reason:
        raise _syntax_error(reason) from None
    except yaml.reader.ReaderError as reason:
        raise _unreadable(reason, text) from None
    except (ValueError, OverflowError, RecursionError) as reason:
        # SafeLoader itself stumbles over values such as 2026-02-30 or an integer of a million digits.
        raise TextError(
            error("MLS003", f"a value cannot be read: {reason}", "quote it if it is meant as text")
        ) from None


def compose_json(text: str) -> yaml.Node | None:
    """The nodes of a JSON text for its places; None where YAML cannot read it (then places are the file's start)."""
    try:
        _refuse_deep(text)
        return yaml.compose(text, Loader=_LOADER)
    except (yaml.YAMLError, TextError):
        return None


def find(node: yaml.Node | None, path: tuple[PathPart, ...]) -> tuple[list[yaml.Node], int]:
    """Follow ``path``: the nodes on the way (key and value of each step), and how many steps were found."""
    trail: list[yaml.Node] = [] if node is None else [node]
    for depth, part in enumerate(path):
        step = _child(trail[-1] if trail else None, part)
        if step is None:
            return trail, depth
        trail += step
    return trail, len(path)


def position(node: yaml.Node | None, diagnostic: Diagnostic) -> tuple[int, int]:
    """Line and column (from 1) of what a diagnostic is about: the key for keys, the value for values."""
    trail, depth = find(node, diagnostic.field)
    if not trail:
        return 1, 1
    whole = depth == len(diagnostic.field)
    # The key, where a key is wrong, and where the value that is missing would stand under it.
    if whole:
        about_key = diagnostic.code in _ABOUT_KEYS or _stands_below(trail)
    else:
        about_key = not isinstance(trail[-2:][0], yaml.CollectionNode)
    target = trail[-2] if about_key and len(trail) > 1 else trail[-1]
    mark = target.start_mark
    column = mark.column + 1
    if diagnostic.offset is not None and isinstance(target, yaml.ScalarNode) and _shows_value(target):
        column += diagnostic.offset + (1 if target.style in ("'", '"') else 0)
    return mark.line + 1, column


def _stands_below(trail: list[yaml.Node]) -> bool:
    """Whether the last of some nodes is a mapping in the lines under its key: it begins with a key that is not meant."""
    value, key = trail[-1], trail[-2:][0]
    return isinstance(value, yaml.MappingNode) and isinstance(key, yaml.ScalarNode) and not value.flow_style


def _shows_value(node: yaml.ScalarNode) -> bool:
    """Whether the characters of a value stand one by one in the text: on one line, and no expression of an ARM template."""
    return node.start_mark.line == node.end_mark.line and not node.value.startswith("[")


def _child(node: yaml.Node | None, part: PathPart) -> list[yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        hits = [
            (key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode) and key.value == str(part)
        ]
        return list(hits[-1]) if hits else None
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return [node.value[part], node.value[part]]
    return None


def _refuse_deep(text: str) -> None:
    """Nesting and number of nodes, by events (no recursion) where a quick look at the text cannot rule them out."""
    if len(text) <= SMALL_TEXT and not _may_be_deep(text):
        return
    depth = events = 0
    loader = _LOADER(text)
    try:
        while loader.check_event():
            event = loader.get_event()
            events += 1
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > DEPTH_LIMIT or events > NODE_LIMIT:
                what = _TOO_DEEP if depth > DEPTH_LIMIT else f"has over {NODE_LIMIT} values"
                raise _refuse_size(what, event.start_mark.line, event.start_mark.column)
    finally:
        loader.dispose()


def _refuse_size(what: str, line: int, column: int) -> TextError:
    """The problem of a document that is too large in some way; places count from 0."""
    problem = error("MLS004", f"the document {what}", "no schedule or pipeline needs that")
    return TextError(problem, line + 1, column + 1)


def _may_be_deep(text: str) -> bool:
    openings = len(_OPENINGS.findall(text))
    if openings <= DEPTH_LIMIT:
        return (
            openings + max((len(line) - len(line.lstrip(" ")) for line in text.splitlines()), default=0) > DEPTH_LIMIT
        )
    return True


def _refuse_wide(root: yaml.Node) -> None:
    """What the document would hold with every alias written out; aliases share nodes until somebody walks them."""
    sizes: dict[int, int] = {}

    def size(node: yaml.Node) -> int:
        key = id(node)
        if key in sizes:
            if sizes[key] == 0:
                raise _hostile("an alias refers to the value that contains it", node)
            return sizes[key]
        sizes[key] = 0
        total = 1 + sum(map(size, child_nodes(node)))
        if total > NODE_LIMIT:
            raise _hostile(f"its aliases expand to more than {NODE_LIMIT} values", node)
        sizes[key] = total
        return total

    size(root)


def child_nodes(node: yaml.Node) -> Iterator[yaml.Node]:
    """The keys and values of a mapping, the items of a sequence."""
    if isinstance(node, yaml.MappingNode):
        for pair in node.value:
            yield from pair
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value


def _hostile(what: str, node: yaml.Node) -> TextError:
    mark = node.start_mark
    return TextError(
        error("MLS004", f"the document is refused: {what}", "write the values out"), mark.line + 1, mark.column + 1
    )


def _walk(node: yaml.Node, path: tuple[PathPart, ...], seen: set[int]) -> Iterator[Diagnostic]:
    """Warnings that only the text shows: duplicate keys (JB-10) and YAML 1.1 look-alikes (JB-13)."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if name in keys and name != "<<":
                text = f"the key {name!r} is given twice; the last one counts (JB-10)"
                yield warning("MLS005", text, "remove the one that is not meant", (*path, name))
            keys.add(name)
            yield from _walk(value, (*path, name), seen)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _walk(item, (*path, index), seen)
    elif isinstance(node, yaml.ScalarNode) and not node.style:
        yield from _look_alike(node, path)


def _look_alike(node: yaml.ScalarNode, path: tuple[PathPart, ...]) -> Iterator[Diagnostic]:
    text = node.value
    if node.tag.endswith(":int") and _LOOKALIKE_INT.fullmatch(text):
        meaning = repr(yaml.safe_load(text))
    elif node.tag.endswith(":bool") and _LOOKALIKE_BOOL.fullmatch(text):
        meaning = str(yaml.safe_load(text)).lower()
    else:
        return
    hint = f"quote it ('{text}') if it is meant as text, or write {meaning}"
    yield warning("MLS011", f"YAML 1.1 reads {text} as {meaning} (JB-13)", hint, path)


def _syntax_error(reason: yaml.MarkedYAMLError) -> TextError:
    mark = reason.problem_mark or reason.context_mark
    problem = reason.problem or reason.context or "syntax error"
    hint = ""
    if "nesting depth" in problem and mark:  # libyaml's own limit, which it may meet before ours is counted
        return _refuse_size(_TOO_DEEP, mark.line, mark.column)
    if "single document" in f"{reason.context} {problem}" or "another document" in problem:
        problem, hint = "holds several documents", "keep one document a file"
    elif "could not determine a constructor" in problem:
        hint = "tags such as !!python/object are never executed; write plain values"
    elif "cannot start any token" in problem:
        hint = "indent with spaces, not tabs; quote text that starts with % @ or a backquote"
    elif "alphabetic or numeric" in problem or "undefined alias" in problem:
        hint = '* and & have a meaning in YAML: quote the text, for example "* 9 * * *"'
    elif "did not find expected ',' or" in problem:
        hint = "close the bracket, and quote ${{...}} and text with a comma or brace inside { } and [ ]"
    elif "did not find expected" in problem or "not allowed" in problem:
        hint = "check the indentation here and in the line before, and quote text that holds a colon"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return TextError(error("MLS003", f"is not valid YAML: {problem}", hint), line, column)


def _unreadable(reason: yaml.reader.ReaderError, text: str) -> TextError:
    before = text[: reason.position] if isinstance(reason.position, int) else ""
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return TextError(error("MLS003", "holds a control character that YAML does not allow", "remove it"), line, column)
