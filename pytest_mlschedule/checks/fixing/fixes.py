"""What mends a finding: one right answer, or none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from pytest_mlschedule.checks.fixing.comments import fix_ignore
from pytest_mlschedule.checks.fixing.cron_expressions import (
    fix_order,
    fix_prefix,
    fix_question_mark,
    fix_seven,
    fix_shape,
)
from pytest_mlschedule.checks.fixing.edits import Fix
from pytest_mlschedule.checks.fixing.job_references import fix_job_type, fix_macro, fix_reference
from pytest_mlschedule.checks.fixing.keys import fix_key, fix_look_alike
from pytest_mlschedule.checks.fixing.trigger_values import fix_frequency, fix_time, fix_week_day, fix_zone
from pytest_mlschedule.checks.fixing.written import WrittenDocument
from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.schedules.source import Document

FindFix = Callable[[Diagnostic, WrittenDocument], Fix | None]

FIXERS: Mapping[str, FindFix] = MappingProxyType(
    {
        "MLS006": fix_key,
        "MLS011": fix_look_alike,
        "MLS101": fix_shape,
        "MLS102": fix_seven,
        "MLS104": fix_order,
        "MLS105": fix_prefix,
        "MLS106": fix_question_mark,
        "MLS201": fix_frequency,
        "MLS204": fix_week_day,
        "MLS301": fix_time,
        "MLS302": fix_zone,
        "MLS303": fix_zone,
        "MLS401": fix_reference,
        "MLS405": fix_job_type,
        "MLS503": fix_macro,
        "MLS901": fix_ignore,
    }
)
"""By code. Codes that are not here have two readings, or no answer: MLS015, MLS103, MLS307, values out of range."""


def find_fixes(document: Document, diagnostics: Iterable[Diagnostic]) -> list[Fix]:
    """The fixes for diagnostics that stand in a document, in their order; for those that have none there is none."""
    written = WrittenDocument(document)
    found = ((item, FIXERS.get(item.code)) for item in diagnostics)
    return [fix for item, find in found if find is not None and (fix := find(item, written)) is not None]


def is_fixable(diagnostic: Diagnostic, document: Document | None) -> bool:
    """Whether ``--fix`` has a fix for a diagnostic of a document. JSON and files whose placeholders are filled are not edited."""
    if document is None or diagnostic.code not in FIXERS:
        return False
    return bool(find_fixes(document, [diagnostic]))


def count_fixable(diagnostics: Iterable[Diagnostic], documents: Iterable[Document]) -> int:
    """How many diagnostics have a fix. ``documents``: those that they stand in, as far as they were read."""
    by_path: dict[str, list[Diagnostic]] = {}
    for item in diagnostics:
        if item.location is not None and item.code in FIXERS:
            by_path.setdefault(os.path.normpath(item.location.path), []).append(item)
    known = {os.path.normpath(document.name): document for document in documents} if by_path else {}
    return sum(len(find_fixes(known[path], items)) for path, items in by_path.items() if path in known)
