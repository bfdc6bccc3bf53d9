"""Findings as SARIF 2.1.0, which code scanning and editors read."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

from pytest_mlschedule.checks.catalogue import CATALOGUE
from pytest_mlschedule.checks.check import CheckResult
from pytest_mlschedule.diagnostics import Diagnostic, Location
from pytest_mlschedule.report.check_context import CheckContext
from pytest_mlschedule.report.check_places import (
    DISTRIBUTION,
    full_text,
    page_address,
    project_address,
    shared_path,
    whole_characters,
)
from pytest_mlschedule.report.excerpt import find_extent
from pytest_mlschedule.report.rule_pages import read_page

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
FINGERPRINT = "mlscheduleField/v1"
# What GitHub sorts alerts by.
_PROBLEMS = {"error": "error", "warning": "warning", "note": "recommendation"}


def write_sarif(result: CheckResult, context: CheckContext) -> str:
    """One run: the rules that found something, every finding, and as suppressed ones what comments and the baseline leave out."""
    listed = [
        *((item, None) for item in result.findings),
        *((item, {"kind": "inSource"}) for item in result.suppressed),
        *((item, {"kind": "external", "justification": "in the baseline"}) for item in result.known),
    ]
    codes = sorted({item.code for item, _ in listed})
    known = {code: index for index, code in enumerate(codes)}
    seen: Counter[str] = Counter()
    results = []
    for item, suppression in listed:
        described = _describe(item, known[item.code], context)
        described["partialFingerprints"] = {FINGERPRINT: _fingerprint(item, context.root, seen)}
        if suppression is not None:
            described["suppressions"] = [suppression]
        results.append(described)
    driver = {
        "name": "mlschedule",
        "version": version(DISTRIBUTION),
        **_known("informationUri", project_address("Homepage", "Documentation")),
        "rules": [_describe_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True}],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "utf16CodeUnits",
        "results": results,
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return whole_characters(json.dumps(document, indent=2, ensure_ascii=False)) + "\n"


def _describe_rule(code: str) -> dict[str, Any]:
    rule = CATALOGUE.get(code)
    if rule is None:
        texts = {key: {"text": code} for key in ("shortDescription", "fullDescription", "help")}
        return {"id": code, **texts}
    page = read_page(code) or f"{rule.summary[:1].upper()}{rule.summary[1:]}."
    return {
        "id": code,
        "name": "".join(map(str.title, rule.name.split("-"))),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": _first_paragraph(page)},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": rule.severity.value},
        **_known("helpUri", page_address(code)),
        "properties": {"problem.severity": _PROBLEMS[rule.severity]},
    }


def _first_paragraph(page: str) -> str:
    """What a page says first, below its title and the line of its severity; all of a page without them."""
    parts = [part for part in page.strip().split("\n\n") if not part.startswith(("# ", "Severity: "))]
    return parts[0].replace("\n", " ")


def _describe(item: Diagnostic, index: int, context: CheckContext) -> dict[str, Any]:
    # GitHub refuses a whole log for one result without a place.
    place = item.location or Location(context.files[0] if context.files else os.curdir)
    physical = {
        "artifactLocation": _locate_file(place, context.root),
        "region": _region(item.at(place), place, context),
    }
    return {
        "ruleId": item.code,
        "ruleIndex": index,
        "level": item.severity.value,
        "message": {"text": full_text(item).removeprefix(f"{item.code} ")},
        "locations": [{"physicalLocation": physical}],
    }


def _locate_file(place: Location, root: str) -> dict[str, str]:
    """The address of a file: below the root of the repository, absolute where it is outside."""
    path = shared_path(place.path, root)
    if os.path.isabs(path) or path.split("/")[0] == os.pardir:
        return {"uri": Path(os.path.abspath(place.path)).as_uri()}
    return {"uri": quote_from_bytes(os.fsencode(path), safe="/"), "uriBaseId": ROOT}


def _region(item: Diagnostic, place: Location, context: CheckContext) -> dict[str, int]:
    """The place in UTF-16 code units; where the text is not known, the columns of the finding, its end left out."""
    text = context.read_text(place.path)
    extent = find_extent(text, item) if text is not None else None
    if extent is None:
        return {"startLine": place.line, "startColumn": place.column}
    line, start, end = extent
    return {
        "startLine": place.line,
        "startColumn": _count_units(line[:start]) + 1,
        "endColumn": _count_units(line[:end]) + 1,
    }


def _count_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fingerprint(item: Diagnostic, root: str, seen: Counter[str]) -> str:
    """What stays the same when lines move and dates in messages change: file, rule, field, and which of several like it."""
    path = shared_path(item.location.path, root) if item.location else ""
    identity = "\0".join((path, item.code, item.field_name))
    seen[identity] += 1
    return hashlib.sha256(f"{identity}\0{seen[identity]}".encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _known(key: str, value: str | None) -> dict[str, str]:
    return {} if value is None else {key: value}
