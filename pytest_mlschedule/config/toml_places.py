"""Where the keys and values of a TOML text stand. tomllib reads TOML, and does not say."""

from __future__ import annotations

import re
import tomllib
from typing import NamedTuple

TomlPath = tuple[str | int, ...]


class TomlPlace(NamedTuple):
    """Where a value stands, in characters from the start of the text: its key (in an array: itself), and itself.

    Both are the name in the header for a table that has one.
    """

    key: int
    value: int


_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_KEY = re.compile(r"""[ \t]*+("(?:[^"\\]|\\.)*+"|'[^']*+'|[\w-]++)[ \t]*+""", re.ASCII)
_SCALAR = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\]++|\\.)*+"'
    r"|'[^']*+'"
    r"|[^,\]}\n#]++",
    re.DOTALL,
)


def find_places(text: str) -> dict[TomlPath, TomlPlace]:
    """The place of every table, key and item of a text that tomllib accepts, by path. A path is keys, and indices of arrays.

    Nothing is promised for other texts. Raises RecursionError for arrays nested hundreds deep.
    """
    return _Walk(text).places


class _Walk:
    """One pass over a text that is known to be right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._last_items: dict[TomlPath, int] = {}  # the index of the last [[table]] of each array of tables
        self.places: dict[TomlPath, TomlPlace] = {}
        table: TomlPath = ()
        while self._skip_blank():
            if self._next() == "[":
                table = self._read_header()
            else:
                self._read_pair(table)

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _skip_blank(self) -> bool:
        """Go to what comes next that is neither space nor comment; False at the end of the text."""
        match = _BLANK.match(self._text, self._at)
        assert match is not None
        self._at = match.end()
        return self._at < len(self._text)

    def _read_header(self) -> TomlPath:
        """``[a.b]`` or ``[[a.b]]``: the path of the table that follows."""
        is_item = self._text.startswith("[[", self._at)
        self._at += 2 if is_item else 1
        parts = self._read_key()
        self._at += 2 if is_item else 1
        path: TomlPath = ()
        for number, (name, start) in enumerate(parts, 1):
            path = (*path, name)
            self._remember(path, start, start)
            if is_item and number == len(parts):
                self._last_items[path] = self._last_items.get(path, -1) + 1
            if path in self._last_items:
                path = (*path, self._last_items[path])
                self._remember(path, start, start)
        return path

    def _read_pair(self, table: TomlPath) -> None:
        """``a.b = value``."""
        path = table
        start = self._at
        for name, start in self._read_key():
            path = (*path, name)
            self._remember(path, start, start)
        self._at += 1
        self._skip_blank()
        self.places[path] = TomlPlace(start, self._at)
        self._read_value(path)

    def _read_key(self) -> list[tuple[str, int]]:
        """The parts of a key that may have dots, each with where it starts."""
        parts: list[tuple[str, int]] = []
        while True:
            match = _KEY.match(self._text, self._at)
            assert match is not None
            written = match[1]
            name = tomllib.loads(f"name = {written}")["name"] if written[0] in "\"'" else written
            parts.append((name, match.start(1)))
            self._at = match.end()
            if self._next() != ".":
                return parts
            self._at += 1

    def _read_value(self, path: TomlPath) -> None:
        if self._next() == "[":
            self._read_items(path, "]")
        elif self._next() == "{":
            self._read_items(path, "}")
        else:
            match = _SCALAR.match(self._text, self._at)
            assert match is not None
            self._at = match.end()

    def _read_items(self, path: TomlPath, closing: str) -> None:
        """The items of an array, the pairs of an inline table."""
        self._at += 1
        index = 0
        while self._skip_blank() and self._next() != closing:
            if closing == "}":
                self._read_pair(path)
            else:
                self._remember((*path, index), self._at, self._at)
                self._read_value((*path, index))
                index += 1
            self._skip_blank()
            if self._next() == ",":
                self._at += 1
        self._at += 1

    def _remember(self, path: TomlPath, key: int, value: int) -> None:
        """The first place counts: a table may be headed, or named in dotted keys, again and again."""
        self.places.setdefault(path, TomlPlace(key, value))
