"""Reading a document: text to data, every value with its place, hostile input refused in bounded time and memory."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Literal

import yaml

from pytest_mlschedule.diagnostics import Diagnostic, Location, PathPart, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules import json_text, yaml_text
from pytest_mlschedule.schedules.files import DISK, Files
from pytest_mlschedule.schedules.placeholders import NO_VALUES, FilledText, Placeholders, find_placeholders
from pytest_mlschedule.schedules.unfilled import find_unfilled

YAML_LIMIT = 1 << 20
JSON_LIMIT = 8 << 20

Source = str | os.PathLike[str] | Mapping[str, Any] | IO[str] | IO[bytes]


@dataclass(frozen=True)
class Document:
    """One document: ``data`` as SafeLoader reads it, ``name`` as people call the file, ``base`` for relative paths."""

    name: str
    base: Path
    data: Any
    text: str | None = None
    node: yaml.Node | None = None
    warnings: tuple[Diagnostic, ...] = field(default=())
    format: Literal["yaml", "json", "mapping"] = "yaml"
    files: Files = DISK
    """Where the files are that it refers to."""
    filled: FilledText | None = None
    """The text with its placeholders filled and the way back to the file; None where the file has none that count."""

    @property
    def written(self) -> str | None:
        """The text as the file holds it, placeholders not filled; None for what was a mapping."""
        return self.text if self.filled is None else self.filled.written

    @cached_property
    def root(self) -> yaml.Node | None:
        """The node of the whole document. JSON is placed by reading it again as YAML, and only once somebody asks for a place."""
        if self.node is None and self.text is not None:
            return yaml_text.compose_json(self.text)
        return self.node

    def has(self, path: tuple[PathPart, ...]) -> bool:
        """Whether the document holds a value at this path."""
        return yaml_text.find(self.root, path)[1] == len(path)

    def locate(self, diagnostic: Diagnostic) -> Diagnostic:
        """The diagnostic with its place: the value's own, else that of the nearest value around it."""
        if diagnostic.location is not None:
            return diagnostic
        if self.text is None:
            return diagnostic
        line, column = yaml_text.position(self.root, diagnostic)
        located = diagnostic.at(Location(self.name, line, column))
        return located if self.filled is None else self.filled.locate(located)


def read_document(
    source: Source, *, base: Path | None = None, files: Files = DISK, placeholders: Placeholders = NO_VALUES
) -> Document:
    """Read YAML or JSON from a path, an open text or binary stream, or take a mapping as it is.

    ``placeholders`` are filled before the text is read; of one that is left where there are no values, the document warns (MLS017).
    Raises DefinitionError (MLS001 to MLS004) for what cannot be read: missing files, directories, devices, other encodings than
    UTF-8, syntax errors, and documents too large, too deep or too wide when aliases are expanded; and for placeholders that no
    value is given for among values (MLS016): whatever else were said of such a text would be about the placeholder.
    """
    if isinstance(source, Mapping):
        return Document("<mapping>", base or Path(), source, format="mapping")
    if isinstance(source, str | os.PathLike):
        name = os.fspath(source)
        raw = _read_file(name, files)
        base = base or Path(source).parent
    elif hasattr(source, "read"):
        name = str(getattr(source, "name", "<text>"))
        content = source.read(JSON_LIMIT + 1)
        raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        base = base or Path()
    else:
        raise TypeError(
            f"a source is a path, an open file, io.StringIO with the text, or a mapping, not {type(source).__name__}"
        )
    _refuse_large(raw, name)
    document = _parse_filled(placeholders, decode_text(raw, name), name, base)
    return document if files is DISK else replace(document, files=files)


def _parse_filled(placeholders: Placeholders, written: str, name: str, base: Path) -> Document:
    """The document with its placeholders filled; what is said about it has the places of the file."""
    filled = placeholders.fill(written)
    values = frozenset(placeholders.values)
    try:
        document = _parse(filled.text, name, base)
    except DefinitionError as failure:
        unfilled = find_unfilled(filled, values, None, name)
        raise DefinitionError(
            unfilled if values and unfilled else [*unfilled, *map(filled.locate, failure.diagnostics)]
        ) from None
    left = any(item.name not in values for item in find_placeholders(written))
    unfilled = find_unfilled(filled, values, document.root, name) if left else []
    if values and unfilled:
        raise DefinitionError(unfilled)
    if not filled.fills and not unfilled:
        return document
    return replace(document, filled=filled, warnings=(*unfilled, *map(filled.locate, document.warnings)))


def read_text(name: str, files: Files = DISK) -> str:
    """The text of a file that is neither YAML nor JSON. Raises DefinitionError (MLS001, MLS002, MLS004)."""
    raw = _read_file(name, files)
    if len(raw) > YAML_LIMIT:
        raise _fail(name, error("MLS004", f"is larger than {YAML_LIMIT >> 20} MiB", "is this the right file?"))
    return decode_text(raw, name)


def _fail(name: str, diagnostic: Diagnostic, line: int = 1, column: int = 1) -> DefinitionError:
    return DefinitionError([diagnostic.at(Location(name.replace("\n", "\\n")[:200], line, column))])


def _read_file(name: str, files: Files) -> bytes:
    if "\n" in name:
        hint = "a str is a path; wrap the text in io.StringIO(...)"
        raise _fail(name, error("MLS001", "this looks like the text of a document, not like a path", hint))
    try:
        return files.read(name, JSON_LIMIT + 1)
    except (OSError, ValueError) as reason:
        text = reason.strerror if isinstance(reason, OSError) and reason.strerror else str(reason)
        hint = (
            "name a YAML or JSON file"
            if text.startswith("it is")
            else "check the path; it is relative to where you run"
        )
        raise _fail(name, error("MLS001", f"cannot be read: {text}", hint)) from None


def _refuse_large(raw: bytes, name: str) -> None:
    is_json = name.lower().endswith(".json") or raw[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    limit = JSON_LIMIT if is_json else YAML_LIMIT
    if len(raw) > limit:
        message = f"is larger than {limit >> 20} MiB, the most this reads as {'JSON' if is_json else 'YAML'}"
        raise _fail(name, error("MLS004", message, "a schedule or pipeline file is a few KiB; is this the right file?"))


def decode_text(raw: bytes, name: str, hint: str = "save the file as UTF-8") -> str:
    """The text of a file, without a byte order mark. Raises DefinitionError (MLS002) with the place of what is no UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        line = raw.count(b"\n", 0, reason.start) + 1
        column = reason.start - (raw.rfind(b"\n", 0, reason.start) + 1) + 1
        message = f"is not UTF-8 text (byte 0x{raw[reason.start]:02x})"
        raise _fail(name, error("MLS002", message, hint), line, column) from None


def _parse(text: str, name: str, base: Path) -> Document:
    if _is_json(name, text):
        parsed = json_text.parse(text)
        if parsed is not None:
            found = tuple(item.at(Location(name)) for item in parsed.warnings)
            return Document(name, base, parsed.data, text, None, found, "json")
        if name.lower().endswith(".json"):
            problem, line, column = json_text.find_syntax_error(text)
            hint = "JSON has no comments and no comma after the last item"
            raise _fail(name, error("MLS003", f"is not valid JSON: {problem}", hint), line, column)
    return _parse_yaml(text, name, base)


def _is_json(name: str, text: str) -> bool:
    return name.lower().endswith(".json") or text[:64].lstrip()[:1] in ("{", "[")


def _parse_yaml(text: str, name: str, base: Path) -> Document:
    if len(text) > YAML_LIMIT:
        message = f"is larger than {YAML_LIMIT >> 20} MiB, the most this reads as YAML"
        raise _fail(name, error("MLS004", message, "a schedule or pipeline file is a few KiB; is this the right file?"))
    try:
        parsed = yaml_text.parse(text)
    except yaml_text.TextError as reason:
        raise _fail(name, reason.diagnostic, reason.line, reason.column) from None
    document = Document(name, base, parsed.data, text, parsed.node)
    return Document(name, base, parsed.data, text, parsed.node, tuple(map(document.locate, parsed.warnings)))
