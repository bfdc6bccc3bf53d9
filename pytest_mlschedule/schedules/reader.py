"""Files that one load reads: each once, with the chain of who refers to whom."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from pytest_mlschedule.diagnostics import Diagnostic, Location, PathPart, Severity, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.files import DISK, Files
from pytest_mlschedule.schedules.placeholders import NO_VALUES, Placeholders, find_placeholders
from pytest_mlschedule.schedules.source import Document, read_document


class Reader:
    """Reads the files of one load and remembers them, so that 50 schedules of one pipeline parse it once."""

    def __init__(self, files: Files = DISK, placeholders: Placeholders = NO_VALUES) -> None:
        self.files = files
        self.placeholders = placeholders
        self._documents: dict[str, Document] = {}
        self._results: dict[tuple[str, str], Any] = {}
        self._chain: list[str] = []
        self._referred: dict[str, Document] = {}

    def document(self, path: Path, name: str) -> Document:
        """The document of a file; ``name`` is how messages call it. Raises DefinitionError."""
        key = os.path.abspath(path)
        if key not in self._documents:
            source = name if name == os.fspath(path) else path
            self._documents[key] = read_document(source, files=self.files, placeholders=self.placeholders)
        return self._documents[key]

    def stream(self, stream: IO[bytes]) -> Document:
        """The document of an open file, remembered under the name that it has. Raises DefinitionError."""
        document = read_document(stream, files=self.files, placeholders=self.placeholders)
        self._documents[os.path.abspath(document.name)] = document
        return document

    def text(self, path: str) -> str | None:
        """The text of a file that was read, as the file holds it; None for one that was not, or not successfully."""
        document = self._documents.get(os.path.abspath(path))
        return None if document is None else document.written

    @property
    def referred(self) -> Iterable[Document]:
        """The documents that others refer to, in the order in which they were read."""
        return self._referred.values()

    def refer(self, path: Path, name: str) -> Document:
        """The document of a file that another one refers to. Raises DefinitionError."""
        document = self.document(path, name)
        self._referred[os.path.abspath(path)] = document
        return document

    @property
    def placeholder_names(self) -> set[str]:
        """The names of all placeholders in the files that were read."""
        texts = (document.written for document in self._documents.values())
        return {item.name for text in texts if text is not None for item in find_placeholders(text)}

    @contextmanager
    def entering(self, path: Path) -> Iterator[bool]:
        """Whether the file may be entered: False where it refers to itself, directly or through others."""
        key = os.path.realpath(path)
        if key in self._chain:
            yield False
            return
        self._chain.append(key)
        try:
            yield True
        finally:
            self._chain.pop()

    def remember(self, kind: str, path: Path, result: Any) -> Any:
        """Keep what was made of a file."""
        self._results[kind, os.path.abspath(path)] = result
        return result

    def recall(self, kind: str, path: Path) -> Any:
        """What was made of a file, or None."""
        return self._results.get((kind, os.path.abspath(path)))


def follow(reader: Reader, document: Document, reference: str) -> tuple[Document | None, list[Diagnostic]]:
    """The document of a file that ``document`` refers to by a relative (or absolute) path.

    A file that cannot be used is a problem of the reference (MLS401): it is reported where the reference stands, except for
    syntax errors, which are reported in the file itself.
    """
    path = document.base / reference
    try:
        return reader.refer(path, os.fspath(path)), []
    except DefinitionError as failure:
        found = failure.diagnostics[0]
        if found.code == "MLS001":
            hint = "paths are relative to the file that names them"
            if re.fullmatch(r"[\w-]+", reference):
                hint += f"; a job or component of the workspace is azureml:{reference}"
            return None, [error("MLS401", f"{reference!r} {found.message}", hint)]
        return None, list(failure.diagnostics)


def locate_all(document: Document, found: Iterable[Diagnostic], *prefix: PathPart) -> list[Diagnostic]:
    """Diagnostics relative to ``prefix`` in ``document``, with their places."""
    return [item if item.location else document.locate(item.under(*prefix)) for item in found]


def has_errors(found: Iterable[Diagnostic]) -> bool:
    """Whether one of them is an error."""
    return any(item.severity is Severity.ERROR for item in found)


def in_file_order(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sorted by file (in order of appearance), line and column; without duplicates."""
    unique = list(dict.fromkeys(found))
    files: dict[str, int] = {}
    for item in unique:
        files.setdefault(item.location.path if item.location else "", len(files))
    start = Location("", 0, 0)

    def key(item: Diagnostic) -> tuple[int, int, int]:
        place = item.location or start
        return files[place.path], place.line, place.column

    return sorted(unique, key=key)
