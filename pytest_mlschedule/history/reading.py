"""``read_history``: from files to a history."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import IO, Any, NoReturn, cast

from pytest_mlschedule.diagnostics import Diagnostic, Location, Severity, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.history.history import History, keep_last
from pytest_mlschedule.history.job import HistoricJob
from pytest_mlschedule.history.listing import COMMAND, read_listing
from pytest_mlschedule.history.places import find_places
from pytest_mlschedule.schedules.files import DISK
from pytest_mlschedule.schedules.json_text import find_syntax_error
from pytest_mlschedule.schedules.reader import has_errors

LIMIT = 512 << 20

Source = str | os.PathLike[str] | IO[str] | IO[bytes]


def read_history(sources: Source | Iterable[Source]) -> History:
    """The jobs of files that ``az ml job list -o json`` or ``az ml job show -o json`` wrote, or the REST API answered.

    ``sources``: paths or open files, one or several; of a folder all ``*.json`` files. A job that several have counts once, as the
    last one shows it. Text is UTF-8, or UTF-16 as PowerShell writes it. Raises DefinitionError with every problem of every file:
    what cannot be read, is not JSON, or is no list of jobs. A job whose times cannot be read stays, with a note in
    ``History.notes``.
    """
    one = isinstance(sources, str | os.PathLike) or hasattr(sources, "read")
    jobs: list[HistoricJob] = []
    found: list[Diagnostic] = []
    for given in [cast("Source", sources)] if one else cast("Iterable[Source]", sources):
        for source in _find_files(given):
            try:
                read, problems = _read_source(source)
            except DefinitionError as failure:
                found += failure.diagnostics
            else:
                jobs += read
                found += problems
    if has_errors(found):
        raise DefinitionError(item for item in found if item.severity is Severity.ERROR)
    return History(keep_last(jobs), tuple(found))


def _find_files(source: Source) -> list[Source]:
    """The files of a folder in alphabetical order; anything else as it is, a folder without any too."""
    if not isinstance(source, str | os.PathLike) or not os.path.isdir(source):
        return [source]
    names = sorted(name for name in os.listdir(source) if name.lower().endswith(".json"))
    return [os.path.join(source, name) for name in names] or [source]


def _read_source(source: Source) -> tuple[list[HistoricJob], list[Diagnostic]]:
    name, raw = _read_bytes(source)
    if len(raw) > LIMIT:
        hint = "export less at a time: az ml job list --max-results, or several files"
        _fail(name, error("MLS004", f"is larger than {LIMIT >> 20} MiB", hint))
    text = _decode(raw, name)
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        problem, line, column = find_syntax_error(text)
        _fail(name, error("MLS003", f"is not valid JSON: {problem}", f"make it with: {COMMAND}"), line, column)
    jobs, found = read_listing(data, name)
    return jobs, _locate(found, text, name) if found else []


def _read_bytes(source: Source) -> tuple[str, bytes]:
    if not isinstance(source, str | os.PathLike):
        content = source.read(LIMIT + 1)
        name = str(getattr(source, "name", "<text>"))
        return name, content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    name = os.fspath(source)
    try:
        return name, DISK.read(name, LIMIT + 1)
    except (OSError, ValueError) as reason:
        text = reason.strerror if isinstance(reason, OSError) and reason.strerror else str(reason)
        _fail(name, error("MLS001", f"cannot be read: {text}", f"make it with: {COMMAND}"))


def _decode(raw: bytes, name: str) -> str:
    encoding = json.detect_encoding(raw)
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as reason:
        line = raw.count(b"\n", 0, reason.start) + 1
        column = reason.start - raw.rfind(b"\n", 0, reason.start)
        _fail(name, error("MLS002", f"is not {encoding.upper()} text", "save the file as UTF-8"), line, column)


def _locate(found: list[Diagnostic], text: str, name: str) -> list[Diagnostic]:
    """The problems with the places of the jobs they are about; of the whole file its beginning."""
    positions = [item.field[0] if item.field else None for item in found]
    places = find_places(text, {position for position in positions if isinstance(position, int)})
    start = (1, 1)
    return [
        item.at(Location(name, *(places.get(position, start) if isinstance(position, int) else start)))
        for item, position in zip(found, positions, strict=True)
    ]


def _fail(name: str, problem: Diagnostic, line: int = 1, column: int = 1) -> NoReturn:
    raise DefinitionError([problem.at(Location(name.replace("\n", "\\n")[:200], line, column))])


def _refuse_constant(text: str) -> Any:
    raise ValueError(text)
