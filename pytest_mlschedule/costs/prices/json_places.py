"""Where values stand in a JSON text. json reads JSON, and does not say."""

from __future__ import annotations

import json
import re

from pytest_mlschedule.diagnostics import Location, PathPart

_BLANK = re.compile(r"[ \t\r\n]*+")


class JsonPlaces:
    """The places of a text that json reads. What was searched once is remembered: a list of thousands is walked one time."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._decoder = json.JSONDecoder(parse_float=str, parse_int=str)
        self._found: dict[int, dict[PathPart, int]] = {}  # per list and object: where its values begin

    def locate(self, path: tuple[PathPart, ...]) -> Location:
        """The place of a value; of the nearest value around it where the text has none at this path."""
        at = self._skip_blank(0)
        for part in path:
            if self._text[at] not in "[{":
                break
            if at not in self._found:
                self._found[at] = self._walk(at)
            if part not in self._found[at]:
                break
            at = self._found[at][part]
        line = self._text.count("\n", 0, at) + 1
        return Location(self._name, line, at - (self._text.rfind("\n", 0, at) + 1) + 1)

    def _walk(self, at: int) -> dict[PathPart, int]:
        """Where the values of a list or an object begin, by index or key; of a key given twice the last, as json reads it."""
        starts: dict[PathPart, int] = {}
        is_list = self._text[at] == "["
        at = self._skip_blank(at + 1)
        while self._text[at] not in "]}":
            key: PathPart = len(starts)
            if not is_list:
                key, at = self._decoder.raw_decode(self._text, at)
                at = self._skip_blank(self._skip_blank(at) + 1)
            starts[key] = at
            at = self._skip_blank(self._decoder.raw_decode(self._text, at)[1])
            if self._text[at] == ",":
                at = self._skip_blank(at + 1)
        return starts

    def _skip_blank(self, at: int) -> int:
        match = _BLANK.match(self._text, at)
        assert match is not None
        return match.end()
