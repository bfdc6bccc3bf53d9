"""Fixing files until nothing is left to fix: round by round, in memory, each round checked before it counts."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pytest_mlschedule.checks.check import CheckResult
from pytest_mlschedule.checks.fixing.edits import Fix, apply_fixes
from pytest_mlschedule.checks.fixing.fixes import FIXERS, find_fixes
from pytest_mlschedule.checks.fixing.written import list_values
from pytest_mlschedule.diagnostics import Diagnostic, PathPart, Severity
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.files import DISK, Files
from pytest_mlschedule.schedules.loader import LoadedFile
from pytest_mlschedule.schedules.reader import Reader
from pytest_mlschedule.schedules.source import JSON_LIMIT, Document

MOST_ROUNDS = 100
UNREADABLE = ("MLS001", "MLS002", "MLS003", "MLS004")
_BOM = b"\xef\xbb\xbf"

Problem = tuple[str, str, tuple[PathPart, ...]]
"""What a finding is about: its file, its code, its field."""


class EditedFiles:
    """Files with other contents in the place of some: see Files. ``contents`` by absolute path."""

    def __init__(self, base: Files, contents: Mapping[str, bytes]) -> None:
        self._base = base
        self._contents = contents

    def read(self, path: str, limit: int) -> bytes:
        """See Files."""
        content = self._contents.get(os.path.abspath(path))
        return self._base.read(path, limit) if content is None else content[:limit]

    def exists(self, path: str) -> bool:
        """See Files."""
        return os.path.abspath(path) in self._contents or self._base.exists(path)

    def is_folder(self, path: str) -> bool:
        """See Files."""
        return os.path.abspath(path) not in self._contents and self._base.is_folder(path)

    def walk(self, folder: str) -> list[str]:
        """See Files."""
        return self._base.walk(folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check read and found, and the reader that knows the texts it was about."""

    result: CheckResult
    reader: Reader
    files: tuple[LoadedFile, ...] = ()


Check = Callable[[Files], Checked]
"""Loads and checks the same paths again, their contents from these files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFix:
    """A fix that was made: the code and what it did, the file, and the line where its first edit started."""

    path: str
    line: int
    code: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedFile:
    """A file before and after its fixes; ``path`` as locations name it."""

    path: str
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedFiles:
    """The outcome of fixing: what is left to find, the files that are to be written, the fixes that were made, in file order.

    ``not_edited``: files with findings that may have a fix, and why they are left alone.
    """

    checked: Checked
    files: tuple[EditedFile, ...] = ()
    fixes: tuple[MadeFix, ...] = ()
    not_edited: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Text:
    """A file being fixed."""

    path: str
    before: bytes
    content: bytes
    made: list[MadeFix] = field(default_factory=list)
    careful: bool = False
    """Whether its fixes are made one at a time, because several at once did not do."""


@dataclass(frozen=True, slots=True)
class _Step:
    """What one round does to a file."""

    document: Document
    content: bytes
    fixes: tuple[Fix, ...]


def fix_files(check: Check, files: Files = DISK) -> FixedFiles:
    """Everything that ``check`` finds and that has one right answer, mended in memory; nothing is written.

    Errors are mended first. Each round is loaded and checked again, and counts only where it mends what it is for and nothing
    else in the file has another value; once there are only warnings and notes to mend, nothing may become an error.
    """
    return _Fixing(check, files).run()


class _Fixing:
    def __init__(self, check: Check, files: Files) -> None:
        self._check = check
        self._files = files
        self._texts: dict[str, _Text] = {}
        self._refused: set[tuple[Problem, str]] = set()

    def run(self) -> FixedFiles:
        state = self._check(self._files)
        for _ in range(MOST_ROUNDS):
            steps = self._plan(state)
            if not steps:
                break
            state = self._try(state, steps)
        texts = sorted((text for text in self._texts.values() if text.made), key=lambda text: text.path)
        return FixedFiles(
            checked=state,
            files=tuple(EditedFile(path=text.path, before=text.before, after=text.content) for text in texts),
            fixes=tuple(fix for text in texts for fix in sorted(text.made, key=lambda fix: fix.line)),
            not_edited=dict(_find_not_edited(state)),
        )

    def _try(self, state: Checked, steps: Mapping[str, _Step]) -> Checked:
        """The state after a round; the one before it where something did not do, which is then tried more carefully."""
        trial = {key: step.content for key, step in steps.items()}
        contents = {key: text.content for key, text in self._texts.items()}
        after = self._check(EditedFiles(self._files, contents | trial))
        bad = set(_find_bad(state, after, steps))
        for key in bad:
            step, text = steps[key], self._texts[key]
            if len(step.fixes) == 1:
                self._refused.add(_identity(text.path, step.fixes[0]))
            text.careful = True
        if bad:
            return state
        for key, step in steps.items():
            text = self._texts[key]
            text.content = step.content
            source = step.document.text or ""
            text.made += [
                MadeFix(path=text.path, line=source.count("\n", 0, fix.start) + 1, code=fix.code, what=fix.what)
                for fix in step.fixes
            ]
        return after

    def _plan(self, state: Checked) -> dict[str, _Step]:
        """What to do in this round: the fixes of errors, and those of other findings when there are none of errors."""
        for errors in (True, False):
            by_path: dict[str, list[Diagnostic]] = {}
            for item in state.result.findings:
                if item.location is not None and (item.severity is Severity.ERROR) == errors and item.code in FIXERS:
                    by_path.setdefault(item.location.path, []).append(item)
            planned = ((path, self._plan_file(path, found, state.reader)) for path, found in by_path.items())
            steps = {os.path.abspath(path): step for path, step in planned if step is not None}
            if steps:
                return steps
        return {}

    def _plan_file(self, path: str, found: Sequence[Diagnostic], reader: Reader) -> _Step | None:
        document = _document(path, reader)
        fixes = [] if document is None else find_fixes(document, found)
        fixes = [fix for fix in fixes if _identity(path, fix) not in self._refused]
        if document is None or document.text is None or not fixes:
            return None
        key = os.path.abspath(path)
        text = self._texts.get(key)
        if text is None:
            raw = self._files.read(path, JSON_LIMIT)
            text = self._texts[key] = _Text(path, raw, raw)
        mark = _BOM if text.content.startswith(_BOM) else b""
        if text.content != mark + document.text.encode("utf-8"):
            return None  # the text that was checked is not the file's own
        content, made = apply_fixes(document.text, fixes[:1] if text.careful else fixes)
        return _Step(document, mark + content.encode("utf-8"), tuple(made))


def _find_bad(before: Checked, after: Checked, steps: Mapping[str, _Step]) -> Iterator[str]:
    """The files (absolute paths) whose fixes of this round did not do."""
    old, new = (Counter(map(_problem, checked.result.findings)) for checked in (before, after))
    broken = {os.path.abspath(path) for path, code, _ in new - old if code in UNREADABLE} | _new_errors(before, after)
    blamed = broken & steps.keys() or (steps.keys() if broken else set())
    for key, step in steps.items():
        document = _document(step.document.name, after.reader)
        cured = all(new[problem] < old[problem] for problem in _problems_of(step))
        if key in blamed or not cured or document is None or not _same_elsewhere(step, document):
            yield key


def _new_errors(before: Checked, after: Checked) -> set[str]:
    """The files (absolute paths) with errors that they did not have, where no error went that could have hidden them."""
    old, new = (
        Counter(_problem(item) for item in checked.result.findings if item.severity is Severity.ERROR)
        for checked in (before, after)
    )
    return set() if old - new else {os.path.abspath(path) for path, _, _ in new - old}


def _problems_of(step: _Step) -> set[Problem]:
    path = os.path.normpath(step.document.name)
    return {(path, fix.code, fix.field) for fix in step.fixes if fix.field}


def _same_elsewhere(step: _Step, document: Document) -> bool:
    """Whether a document has the values that it had, but for those that the fixes are about."""
    touched = {tuple(map(str, path)) for fix in step.fixes for path in (fix.field, fix.becomes) if path}

    def rest(node: Document) -> list[tuple[tuple[PathPart, ...], str, str]]:
        values = list_values(node.root)
        return [
            value for value in values if not any(tuple(map(str, value[0]))[: len(path)] == path for path in touched)
        ]

    return rest(step.document) == rest(document)


def _document(path: str, reader: Reader) -> Document | None:
    try:
        return reader.document(Path(path), path)
    except DefinitionError:
        return None


def _problem(item: Diagnostic) -> Problem:
    return (os.path.normpath(item.location.path) if item.location else "", item.code, item.field)


def _identity(path: str, fix: Fix) -> tuple[Problem, str]:
    return ((os.path.normpath(path), fix.code, fix.field), fix.what)


def _find_not_edited(checked: Checked) -> Iterator[tuple[str, str]]:
    found = (item.location.path for item in checked.result.findings if item.location and item.code in FIXERS)
    for path in dict.fromkeys(found):
        document = _document(path, checked.reader)
        if document is not None and document.format == "json":
            yield path, "JSON is not edited"
        elif document is not None and document.text != document.written:
            yield path, "a template whose placeholders are filled is not edited"
