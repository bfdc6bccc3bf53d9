"""Findings as JSON, for programs."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from pytest_mlschedule.checks.check import CheckResult
from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.report.check_context import CheckContext
from pytest_mlschedule.report.check_places import page_address, rule_name, shared_path, whole_characters
from pytest_mlschedule.triggers.instant_words import show_utc

VERSION = 1
"""Of the document; another number says that something was removed or means something else."""


def write_json(result: CheckResult, context: CheckContext) -> str:
    """One document with a summary and every finding. ``now`` is UTC; what is not known is null; lines and columns count from 1."""
    document = {
        "version": VERSION,
        "now": show_utc(context.now),
        "summary": _summarize(result, context),
        "findings": [_describe(item) for item in result.findings],
    }
    return whole_characters(json.dumps(document, indent=2, ensure_ascii=False)) + "\n"


def _summarize(result: CheckResult, context: CheckContext) -> dict[str, int]:
    total = Counter(item.severity for item in result.findings)
    return {
        **{f"{severity.value}s": total[severity] for severity in Severity},
        "files": result.files,
        "schedules": result.schedules,
        "suppressed": len(result.suppressed),
        "known": len(result.known),
        "fixable": context.fixable,
    }


def _describe(item: Diagnostic) -> dict[str, Any]:
    place = item.location
    return {
        "code": item.code,
        "name": rule_name(item.code),
        "severity": item.severity.value,
        "message": item.message,
        "hint": item.hint,
        "path": shared_path(place.path) if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "field": item.field_name,
        "url": page_address(item.code),
    }
