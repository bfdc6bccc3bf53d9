"""A baseline: what was found when somebody began to check, and is left out from then on until it is gone.

An entry is known by path, code, field and the text of its line, not by its message, which may hold dates that come nearer, nor by
the line's number. So an entry lasts until somebody touches the line. The file is YAML, sorted, an entry a line: two branches that
change other files merge, and a reviewer can read what is left out.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

import yaml

from pytest_mlschedule.checks.selection import UNREADABLE_FILES
from pytest_mlschedule.checks.suppressions import STALE
from pytest_mlschedule.diagnostics import Diagnostic, Location, PathPart, error, note
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.files import DISK, Files
from pytest_mlschedule.schedules.problems import describe, unknown_key
from pytest_mlschedule.schedules.source import Document, read_document

VERSION = 1
LONGEST = 100
HEAD = """\
# What was found when the baseline was taken: `mlschedule check --baseline FILE` leaves it out.
# An entry holds until its line changes. `mlschedule check --baseline FILE --update-baseline PATHS` writes the file anew.
"""
_KEYS = ("code", "field", "line", "count")
_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")  # what ends a line in YAML 1.1
ReadText = Callable[[str], str | None]


class Entry(NamedTuple):
    """What is left out: findings of a code at a field, on a line of this text, in a file (relative to the baseline's folder)."""

    path: str
    code: str
    field: str
    line: str


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """Entries, how often each counts, and where in ``path`` (the baseline's file) they stand."""

    path: str
    counts: Mapping[Entry, int] = field(default_factory=dict)
    places: Mapping[Entry, Location] = field(default_factory=dict)

    def path_of(self, entry: Entry) -> str:
        """The file of an entry, as locations name it."""
        return os.path.normpath(os.path.join(os.path.dirname(self.path), entry.path))

    def entry_of(self, item: Diagnostic, read_text: ReadText) -> Entry | None:
        """What a finding would be in the baseline; None for what cannot be left out."""
        place = item.location
        text = None if place is None or item.code in (*UNREADABLE_FILES, STALE) else read_text(place.path)
        if place is None or text is None or place.path.startswith("<"):
            return None
        path = os.path.relpath(place.path, os.path.dirname(self.path) or os.curdir).replace(os.sep, "/")
        return Entry(path, item.code, item.field_name, _line_of(text, place.line))


def take_known(
    found: Iterable[Diagnostic], baseline: Baseline, read_text: ReadText
) -> tuple[list[Diagnostic], list[Diagnostic], Counter[Entry]]:
    """The findings that are new, those that the baseline knows, and what it knows beyond them (entries, how often)."""
    left = Counter(baseline.counts)
    new: list[Diagnostic] = []
    known: list[Diagnostic] = []
    for item in found:
        entry = baseline.entry_of(item, read_text)
        if entry is not None and left[entry] > 0:
            left[entry] -= 1
            known.append(item)
        else:
            new.append(item)
    return new, known, +left


def find_stale(
    baseline: Baseline, left: Mapping[Entry, int], is_decided: Callable[[str, str], bool]
) -> list[Diagnostic]:
    """A note (MLS903) for each entry that is no longer found, where this check could have found it (``is_decided``)."""
    found = []
    for entry, number in left.items():
        if is_decided(entry.code, baseline.path_of(entry)):
            times = "" if number == 1 else f" ({number} times)"
            text = f"{entry.code} in {entry.path} is not found any more{times}: {entry.line}"
            hint = f"mlschedule check --baseline {baseline.path} --update-baseline removes it"
            found.append(note(STALE, text, hint).at(baseline.places.get(entry)))
    return found


def update_baseline(
    baseline: Baseline, found: Iterable[Diagnostic], read_text: ReadText, is_decided: Callable[[str, str], bool]
) -> Baseline:
    """The baseline that knows exactly these findings, and keeps what this check could not have found."""
    entries = [entry for item in found if (entry := baseline.entry_of(item, read_text)) is not None]
    counts = Counter(entries)
    for entry, number in baseline.counts.items():
        if entry not in counts and not is_decided(entry.code, baseline.path_of(entry)):
            counts[entry] = number
    return Baseline(path=baseline.path, counts=counts)


def write_baseline(baseline: Baseline) -> str:
    """The text of a baseline: sorted, an entry a line; JSON where its name says so, for it is read by its name."""
    if baseline.path.lower().endswith(".json"):
        return _write_json(baseline)
    lines = [HEAD, f"version: {VERSION}\n", "findings:\n" if baseline.counts else "findings: {}\n"]
    path = None
    for entry, number in sorted(baseline.counts.items()):
        if entry.path != path:
            path = entry.path
            lines.append(f"  {_flow(path)}:\n")
        lines.append(f"    - {_flow(_fields_of(entry, number))}\n")
    return "".join(lines)


def _write_json(baseline: Baseline) -> str:
    findings: dict[str, list[dict[str, Any]]] = {}
    for entry, number in sorted(baseline.counts.items()):
        findings.setdefault(entry.path, []).append(_fields_of(entry, number))
    return json.dumps({"version": VERSION, "findings": findings}, indent=2, ensure_ascii=False) + "\n"


def _fields_of(entry: Entry, number: int) -> dict[str, Any]:
    fields: dict[str, Any] = {"code": entry.code, "field": entry.field, "line": entry.line, "count": number}
    return {key: value for key, value in fields.items() if value != "" and (key, value) != ("count", 1)}


def read_baseline(path: str, files: Files = DISK) -> Baseline:
    """Read a baseline. Raises DefinitionError with every problem and its place."""
    document = read_document(path, files=files)
    found = [*document.warnings, *map(document.locate, _find_problems(document.data))]
    if found:
        raise DefinitionError(found)
    counts: Counter[Entry] = Counter()
    places: dict[Entry, Location] = {}
    for file, entries in (document.data.get("findings") or {}).items():
        for index, values in enumerate(entries):
            entry = Entry(file, values["code"], values.get("field", ""), values.get("line", ""))
            counts[entry] += values.get("count", 1)
            places.setdefault(entry, _place(document, ("findings", file, index)))
    return Baseline(path=path, counts=counts, places=places)


@lru_cache(maxsize=4)
def _split(text: str) -> list[str]:
    """The lines of a text; a file with many findings is split once."""
    return _BREAK.split(text)


def _line_of(text: str, number: int) -> str:
    """The text of a line, its spaces as one; long ones are cut and told apart by a digest."""
    lines = _split(text)
    line = " ".join(lines[number - 1].split()) if number <= len(lines) else ""
    if len(line) <= LONGEST:
        return line
    return f"{line[:LONGEST]}~{sha256(line.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _flow(value: object) -> str:
    text: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=1 << 20)
    return text.removesuffix("...\n").removesuffix("\n")


def _place(document: Document, path: tuple[PathPart, ...]) -> Location:
    place = document.locate(error("", "", field=path)).location
    assert place is not None
    return place


def _find_problems(data: Any) -> Iterator[Diagnostic]:
    if not isinstance(data, Mapping):
        yield error(
            "MLS008", f"a baseline is a mapping, not {describe(data)}", "mlschedule check --update-baseline writes it"
        )
        return
    for key in data:
        if key not in ("version", "findings"):
            yield unknown_key((str(key),), ("version", "findings"))
    if data.get("version") != VERSION:
        hint = "it was written by another version of mlschedule" if "version" in data else ""
        yield error(
            "MLS009", f"the version of a baseline is {VERSION}, not {describe(data.get('version'))}", hint, ("version",)
        )
    files = data.get("findings")
    if files is not None and not isinstance(files, Mapping):
        yield error("MLS008", f"must be a mapping of paths to entries, not {describe(files)}", "", ("findings",))
        return
    for path, entries in (files or {}).items():
        yield from _find_entry_problems(path, entries)


def _find_entry_problems(path: Any, entries: Any) -> Iterator[Diagnostic]:
    where = ("findings", str(path))
    if not isinstance(path, str):
        yield error("MLS008", f"a path must be text, not {describe(path)}", "quote it", where)
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        yield error("MLS008", f"must be a list of entries, not {describe(entries)}", "", where)
        return
    for index, entry in enumerate(entries):
        if not isinstance(entry, Mapping):
            yield error("MLS008", f"an entry is a mapping, not {describe(entry)}", "", (*where, index))
            continue
        if "code" not in entry:
            yield error("MLS007", "code is missing", "", (*where, index, "code"))
        yield from (item.under(*where, index) for item in _find_value_problems(entry))


def _find_value_problems(entry: Mapping[Any, Any]) -> Iterator[Diagnostic]:
    for key, value in entry.items():
        if key not in _KEYS:
            yield unknown_key((str(key),), _KEYS)
        elif key == "count" and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
            yield error("MLS008", f"must be a whole number of 1 or more, not {describe(value)}", "", (key,))
        elif key != "count" and not isinstance(value, str):
            yield error("MLS008", f"must be text, not {describe(value)}", "quote it", (key,))
