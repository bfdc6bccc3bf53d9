"""``--set``, ``--add`` and ``--remove`` of ``az ml schedule update``: az's generic update, on plain data."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from pytest_mlschedule.az.errors import AzError

_PARTS = re.compile(r"(\[.*?\])|([^.]+)")
_INDEX = re.compile(r"\[(.*)\]")
_USAGE = {
    "--set": "`--set property1.property2=<value>`",
    "--add": "`--add property.listProperty <key=value, string or JSON string>`",
    "--remove": "`--remove property.list <indexToRemove>` OR `--remove propertyToRemove`",
}


def apply_changes(data: dict[str, Any], changes: Sequence[tuple[str, Sequence[str]]], *, as_text: bool) -> None:
    """Change data in place, in the order of the command line. ``as_text``: no value is read as JSON. Raises AzError."""
    for option, values in changes:
        try:
            if option == "--set":
                for expression in values:
                    _set_property(data, expression, as_text=as_text)
            elif option == "--add":
                _add_items(data, values, as_text=as_text)
            else:
                _remove_property(data, values)
        except (ValueError, IndexError):
            raise AzError(f"invalid syntax: {_USAGE[option]}") from None


def split_path(path: str) -> list[str]:
    """``a.b[0].c`` as ``a``, ``b``, ``[0]``, ``c``."""
    spread = path.replace(".[", "[").replace("[", ".[")
    return [bracketed or plain for bracketed, plain in _PARTS.findall(spread)]


def _set_property(data: dict[str, Any], expression: str, *, as_text: bool) -> None:
    key, value = _split_pair(expression)
    if not key.strip():
        raise AzError("usage error: Empty key in --set. Correct syntax: --set KEY=VALUE [KEY=VALUE ...]")
    *path, name = split_path(key)
    parent = _find(data, path)
    if parent is None:
        parent = _assign(_find(data, path[:-1]), path[-1], {}, path)
    _assign(parent, name, value if as_text else _parse(value), key.split("."))


def _split_pair(expression: str) -> tuple[str, str]:
    """At the first equals sign outside of brackets: ``list[name=x].value=5``."""
    depth = 0
    for position, character in enumerate(expression):
        if character == "=" and (depth == 0 or expression.count("=") == 1):
            return expression[:position], expression[position + 1 :]
        depth = {"[": 1, "]": 0}.get(character, depth)
    return expression, ""


def _parse(text: str) -> Any:
    """The value of JSON or of a Python literal; any other text is itself."""
    for read in (json.loads, ast.literal_eval):
        try:
            return read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
    return text


def _assign(parent: Any, name: str, value: Any, path: Sequence[str]) -> Any:
    index = _INDEX.match(name)
    if isinstance(parent, list) and index:
        try:
            parent[int(index[1])] = value
        except IndexError:
            raise AzError(f"index {index[1]} doesn't exist on {name}") from None
    elif isinstance(parent, dict) and not index:
        parent[name] = value
    else:
        _refuse(parent, name, path)
    return value


def _find(data: Any, path: Sequence[str]) -> Any:
    for part in path:
        data = _descend(data, part, path)
    return data


def _descend(data: Any, part: str, path: Sequence[str]) -> Any:
    index = _INDEX.match(part)
    if index and isinstance(data, list):
        return _select(data, index[1], path[-2] if len(path) > 1 else "")
    if index or not isinstance(data, dict) or part not in data:
        _refuse(data, part, path)
    return data[part]


def _select(items: list[Any], inside: str, owner: str) -> Any:
    """The item of an index, or the one whose key has a value: ``[name=x]``."""
    if "=" not in inside:
        try:
            return items[int(inside)]
        except IndexError:
            raise AzError(f"index {inside} doesn't exist on {owner}") from None
    key, _, text = inside.partition("=")
    value = _parse(text)
    matches = [item for item in items if isinstance(item, dict) and item.get(key) == value]
    if len(matches) > 1:
        raise AzError(f"non-unique key '{key}' found multiple matches on {owner}. Key must be unique.")
    if not matches:
        raise AzError(f"item with value '{value}' doesn't exist for key '{key}' on {owner}")
    return matches[0]


def _add_items(data: dict[str, Any], values: Sequence[str], *, as_text: bool) -> None:
    """Append to a list: texts and JSON one by one, ``key=value`` that follow one another as one mapping."""
    path, *items = values
    parts = split_path(path)
    target = _find(data, parts)
    if target is None:
        target = _assign(_find(data, parts[:-1]), parts[-1], [], parts)
    if not isinstance(target, list):
        raise ValueError
    pairs: dict[str, str] = {}
    for item in items:
        key, separator, value = item.partition("=")
        if separator:
            pairs[key] = value
            continue
        if pairs:
            target.append(pairs)
            pairs = {}
        target.append(item if as_text else _parse(item))
    if pairs:
        target.append(pairs)


def _remove_property(data: dict[str, Any], values: Sequence[str]) -> None:
    path, *rest = values
    parts = split_path(path)
    target = _find(data, parts)
    if not rest:
        parent = _find(data, parts[:-1])
        if not isinstance(parent, dict):
            raise ValueError
        del parent[parts[-1]]
        return
    if not isinstance(target, list):
        raise AzError(f"{parts[-1]} doesn't exist")
    try:
        target.pop(int(rest[0]))
    except IndexError:
        raise AzError(f"index {rest[0]} doesn't exist on {parts[-1]}") from None


def _refuse(data: Any, part: str, path: Sequence[str]) -> NoReturn:
    """What az says of a path that leads nowhere: what there would be, in camel case."""
    parent = ".".join(path[:-1]).replace(".[", "[")
    text = f"Couldn't find '{part}' in '{parent}'."
    if isinstance(data, dict):
        text += f" Available options: {sorted(map(_camel, data))}"
    elif isinstance(data, list):
        text += f" Available options: index into the collection '{parent}' with [<index>] or [<key=value>]"
    else:
        text += f" '{parent}' does not support further indexing."
    raise AzError(text)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return name if not rest else first.lower() + "".join(map(str.capitalize, rest))
