"""Where the items of a list stand in a JSON text. Looked for only where there is something to say about one."""

from __future__ import annotations

import json
import re
from collections.abc import Collection

_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\n\r]*")


def find_places(text: str, wanted: Collection[int]) -> dict[int, tuple[int, int]]:
    """Line and column (from 1) of some items of the list that a JSON text is, or has under ``value``.

    The text is JSON; of a text that is one object, item 0 is the object. Items that it does not have are left out.
    """
    offsets = _find_offsets(text, wanted)
    return {index: (text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)) for index, at in offsets.items()}


def _find_offsets(text: str, wanted: Collection[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    first = _skip(text, 0)
    at = _list_start(text, first)
    if at is None:
        return {0: first} if 0 in wanted else {}
    index, last = 0, max(wanted, default=-1)
    while index <= last and text[at] != "]":
        if index in wanted:
            found[index] = at
        at = _next(text, _DECODER.raw_decode(text, at)[1])
        index += 1
    return found


def _list_start(text: str, at: int) -> int | None:
    """Where the first item of the list stands (or its end); None where the text has none."""
    if text[at] == "[":
        return _skip(text, at + 1)
    if text[at] != "{":
        return None
    at = _skip(text, at + 1)
    while text[at] != "}":
        key, at = _DECODER.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)  # the colon
        if key == "value" and text[at] == "[":
            return _skip(text, at + 1)
        at = _next(text, _DECODER.raw_decode(text, at)[1])
    return None


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    assert match is not None, "matches nothing too"
    return match.end()


def _next(text: str, at: int) -> int:
    """From the end of an item to the next one, or to the bracket that ends them."""
    at = _skip(text, at)
    return _skip(text, at + 1) if text[at] == "," else at
