"""What findings are to other programs: paths from the root of a repository, whole texts, pages to read more."""

from __future__ import annotations

import os
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from pytest_mlschedule.checks.catalogue import CATALOGUE
from pytest_mlschedule.diagnostics import Diagnostic

DISTRIBUTION = "pytest-mlschedule"
_HALF = re.compile("[\ud800-\udfff]")


def shared_path(path: str, root: str = "") -> str:
    """A path with ``/`` as seen from the folder ``root``; unchanged but for needless parts where it is outside, or root is empty.

    Names that are no paths (``<stdin>``) stay as they are.
    """
    if path.startswith("<"):
        return path
    normal = os.path.normpath(path)
    if root:
        inside = os.path.relpath(os.path.abspath(path), root)
        normal = normal if inside.split(os.sep)[0] == os.pardir else inside
    return Path(normal).as_posix()


def find_root(folder: str) -> str:
    """The root of the git repository that a folder belongs to, or the folder itself."""
    start = Path(folder)
    return str(next((one for one in (start, *start.parents) if (one / ".git").exists()), start))


def rule_name(code: str) -> str:
    """The name of a rule; empty for a code without a rule."""
    rule = CATALOGUE.get(code)
    return rule.name if rule else ""


def full_text(item: Diagnostic, *, place: str = "") -> str:
    """The whole text of a finding as people read it, its hint in a line of its own."""
    head, _, hint = str(item.at(None)).partition("\n  hint: ")
    return (f"{place}: " if place else "") + head + (f"\nhint: {hint}" if hint else "")


def whole_characters(text: str) -> str:
    """The text with a replacement for halves of characters, which no encoding can write."""
    return _HALF.sub("\ufffd", text)


@cache
def project_address(*labels: str) -> str | None:
    """The first of these addresses that the installed distribution says it has ("Documentation")."""
    try:
        lines = metadata(DISTRIBUTION).get_all("Project-URL") or []
    except PackageNotFoundError:
        return None
    found = {label.strip().lower(): address.strip() for label, _, address in (line.partition(",") for line in lines)}
    return next((found[label.lower()] for label in labels if label.lower() in found), None)


def page_address(code: str) -> str | None:
    """Where the page of a rule is on the web; None while the documentation has no address."""
    base = project_address("Documentation")
    return f"{base.rstrip('/')}/rules/{code}/" if base and code in CATALOGUE else None
