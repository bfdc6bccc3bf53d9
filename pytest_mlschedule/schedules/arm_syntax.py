"""The expression language of ARM templates: text in brackets to a tree of literals, calls and member accesses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

LONGEST = 24_576
"""The most characters that Resource Manager takes in an expression."""
DEEPEST = 60

_TOKEN = re.compile(r"\s*(?:'((?:[^']|'')*)'|(-?\d+)|([A-Za-z_][\w.]*)|([()\[\],.]))")


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; the name as written, without the namespace of built-in functions."""

    name: str
    arguments: tuple[Any, ...]

    @property
    def key(self) -> str:
        """The name for comparison."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Access:
    """``of.key`` or ``of[key]``; the key is a tree too."""

    of: Any
    key: Any


class ArmSyntaxError(ValueError):
    """Text that is no expression."""


def is_expression(text: str) -> bool:
    """Whether Resource Manager evaluates the text: it stands in brackets, and the first is not doubled."""
    return text.startswith("[") and text.endswith("]") and not text.startswith("[[")


def parse_expression(text: str) -> Any:
    """The tree of an expression: str, int, Call or Access. Raises ArmSyntaxError."""
    if len(text) > LONGEST:
        raise ArmSyntaxError(f"is longer than {LONGEST} characters")
    parser = _Parser(_tokens(text[1:-1]))
    tree = parser.value(0)
    if parser.peek() is not None:
        raise ArmSyntaxError(f"has {parser.peek()!r} where it should end")
    return tree


Token = str | int | tuple[str]
"""A name or a sign as str, a number as int, a text as a tuple of one."""


def _tokens(text: str) -> list[Token]:
    tokens: list[Token] = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ArmSyntaxError(f"cannot be read at {text[position : position + 20]!r}")
        quoted, number, name, sign = match.groups()
        if quoted is not None:
            tokens.append((quoted.replace("''", "'"),))
        elif number is not None:
            tokens.append(int(number))
        elif name is not None:
            tokens += _split_name(name)
        else:
            tokens.append(sign)
        position = match.end()
    return tokens


def _split_name(name: str) -> list[Token]:
    """A name with dots: ``a.b`` behind a call is an access to a, then b."""
    parts = name.split(".")
    tokens: list[Token] = [parts[0]]
    for part in parts[1:]:
        tokens += [".", part]
    return tokens


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self) -> Token:
        token = self.peek()
        if token is None:
            raise ArmSyntaxError("ends too early")
        self._at += 1
        return token

    def _expect(self, sign: str) -> None:
        token = self._next()
        if token != sign:
            raise ArmSyntaxError(f"has {token!r} where {sign!r} should stand")

    def value(self, depth: int) -> Any:
        if depth > DEEPEST:
            raise ArmSyntaxError(f"is nested deeper than {DEEPEST} levels")
        token = self._next()
        tree: Any
        if isinstance(token, tuple):
            tree = token[0]
        elif isinstance(token, int):
            tree = token
        elif token[:1].isalpha() or token[:1] == "_":
            tree = self._call(token, depth)
        else:
            raise ArmSyntaxError(f"has {token!r} where a value should stand")
        return self._accesses(tree, depth)

    def _call(self, name: str, depth: int) -> Call:
        while self.peek() == ".":
            self._next()
            name = str(self._next())  # sys.concat: the namespace says nothing
        self._expect("(")
        arguments: list[Any] = []
        while self.peek() != ")":
            if arguments:
                self._expect(",")
            arguments.append(self.value(depth + 1))
        self._next()
        return Call(name, tuple(arguments))

    def _accesses(self, tree: Any, depth: int) -> Any:
        while self.peek() in (".", "["):
            if self._next() == ".":
                key: Any = self._next()
                if not isinstance(key, str):
                    raise ArmSyntaxError(f"has {key!r} where a name should stand")
            else:
                key = self.value(depth + 1)
                self._expect("]")
            tree = Access(tree, key)
        return tree
