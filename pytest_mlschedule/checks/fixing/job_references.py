"""Fixes of what a schedule says of its job: the reference, its type, macros (MLS401, MLS405, MLS503)."""

from __future__ import annotations

import difflib
import os
import re

from pytest_mlschedule.checks.fixing.edits import Edit, Fix
from pytest_mlschedule.checks.fixing.written import Path, WrittenDocument, WrittenText
from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.schedules.macros import MACROS
from pytest_mlschedule.schedules.placeholders import find_placeholders

_REFERENCES: tuple[Path, ...] = (("create_job",), ("create_job", "job"))
_TYPES = ("pipeline", "command", "spark")
_PREFIX = "azureml:"
_FILE = "file:"
_NAME = re.compile(r"\$?\{{1,2}\s*([^{}]*?)\s*\}{1,2}")
_NEAR = 0.85


def fix_reference(item: Diagnostic, document: WrittenDocument) -> Fix | None:
    """MLS401: ``file:./job.yml``, ``AZUREML:name`` and an ARM id without its prefix."""
    written = document.scalar(item.field) if item.field in _REFERENCES else None
    if written is None:
        return None
    text = written.value
    cut, prefix = _other_prefix(text)
    if (not cut and not prefix) or (not prefix and not _is_file(document, text[cut:])):
        return None
    return Fix(item.code, item.field, (written.replace(0, cut, prefix),), f"{text} is now {prefix}{text[cut:]}")


def _other_prefix(reference: str) -> tuple[int, str]:
    """How many characters go from the start of a reference, and what stands in their place."""
    if reference.startswith(_FILE):
        return len(_FILE), ""
    if reference.lower().startswith(_PREFIX) and not reference.startswith(_PREFIX):
        return len(_PREFIX), _PREFIX
    return 0, _PREFIX if reference.startswith("/subscriptions/") else ""


def _is_file(document: WrittenDocument, reference: str) -> bool:
    path = os.fspath(document.document.base / reference)
    files = document.document.files
    return not reference.startswith("//") and files.exists(path) and not files.is_folder(path)


def fix_job_type(item: Diagnostic, document: WrittenDocument) -> Fix | None:
    """MLS405: ``type: pipeline`` for overrides of a job in the workspace; the type in lowercase."""
    if item.field != ("create_job", "type"):
        return None
    written = document.scalar(item.field)
    if written is not None:
        kind = written.value.lower()
        misspelt = kind in _TYPES and kind != written.value
        return (
            Fix(item.code, item.field, (written.rewrite(kind),), f"{written.value} is now {kind}") if misspelt else None
        )
    key, job = document.key(("create_job", "job")), document.data(("create_job", "job"))
    edit = _insert_type(document, key) if key and job and job.startswith(_PREFIX) else None
    return edit and Fix(item.code, item.field, (edit,), "type: pipeline is written out")


def _insert_type(document: WrittenDocument, key: WrittenText) -> Edit | None:
    """The type in front of another key, in the same layout."""
    if key.in_flow:
        return Edit(key.start, key.start, "type: pipeline, ")
    indent = re.split(r"[\r\n]", document.text[: key.start])[-1]
    if indent.strip(" "):
        return None
    return Edit(key.start, key.start, f"type: pipeline{document.line_break()}{indent}")


def fix_macro(item: Diagnostic, document: WrittenDocument) -> Fix | None:
    """MLS503: a macro that has a brace or its dollar too few, or whose name is misspelt; in values where macros are resolved."""
    misspelt = item.message.partition(" is not a macro")[0]
    match = _NAME.fullmatch(misspelt)
    macro = _nearest_macro(match[1]) if match else None
    if macro == "name" and any(find_placeholders(misspelt)):
        return None  # as likely a placeholder of a template
    written, offset = _resolved_value(item.field, document), item.offset
    if macro is None or written is None or offset is None or not written.value.startswith(misspelt, offset):
        return None
    new = f"${{{{{macro}}}}}"
    return Fix(item.code, item.field, (written.replace(offset, len(misspelt), new),), f"{misspelt} is now {new}")


def _nearest_macro(name: str) -> str | None:
    plain = re.sub(r"[-_.\s]", "", name).lower()
    found = [macro for macro in MACROS if re.sub(r"[_.]", "", macro) == plain]
    near = found or difflib.get_close_matches(name.lower(), [macro for macro in MACROS if macro != "name"], 1, _NEAR)
    return near[0] if near else None


def _resolved_value(field: Path, document: WrittenDocument) -> WrittenText | None:
    """Literal inputs and output paths of the job (JB-4)."""
    inner = field[1:] if field[:1] == ("create_job",) else field
    if inner[:1] == ("inputs",) and len(inner) == 2:
        return document.scalar(field) or document.scalar((*field, "value"))
    return document.scalar(field) if inner[:1] == ("outputs",) and inner[2:] == ("path",) else None
