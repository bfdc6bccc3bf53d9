"""What fixing changes, as a unified diff that ``git apply`` and ``patch -p1`` take."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from pytest_mlschedule.checks.fixing.rounds import EditedFile
from pytest_mlschedule.report.check_places import shared_path

_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_NO_NEWLINE = "\n\\ No newline at end of file\n"


def write_patch(files: Iterable[EditedFile], root: str) -> Iterator[str]:
    """The lines of the diff, line ends of the files included; paths as seen from the folder ``root``."""
    for file in files:
        path = shared_path(file.path, root)
        old, new = _name(f"a/{path}"), _name(f"b/{path}")
        yield f"diff --git {old} {new}\n"
        # A byte order mark is the first character of the first line, as git sees it.
        before, after = (_split(content.decode("utf-8")) for content in (file.before, file.after))
        tab = "\t" if " " in path else ""
        for line in difflib.unified_diff(before, after, old + tab, new + tab):
            yield line if line.endswith("\n") else line + _NO_NEWLINE


def _split(text: str) -> list[str]:
    """Lines as git counts them: only a line feed ends one."""
    *lines, last = text.split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def _name(path: str) -> str:
    if not _SPECIAL.search(path):
        return path
    return '"' + _SPECIAL.sub(lambda match: _ESCAPES.get(match[0]) or f"\\{ord(match[0]):03o}", path) + '"'
