"""Findings as JUnit XML: one test case a file, for the test tabs of CI servers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC
from importlib.metadata import version
from xml.etree import ElementTree

from pytest_mlschedule.checks.check import CheckResult
from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.report.check_context import CheckContext
from pytest_mlschedule.report.check_places import DISTRIBUTION, full_text, shared_path
from pytest_mlschedule.triggers.instant_words import show_utc
from pytest_mlschedule.triggers.zones import tzdata_version

SUITE = "mlschedule"
CLASS = "mlschedule.check"
_UNREADABLE = frozenset({"MLS001", "MLS002", "MLS003", "MLS004"})
# What no XML 1.0 document can hold, escaped or not.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Parsers read a plain carriage return as a line break, and ElementTree writes it plain. This cannot be in a text after _NOT_XML.
_RETURN = "\ufffe"


def write_junit(result: CheckResult, context: CheckContext) -> str:
    """One suite. The case of a file fails with all its findings at or above ``context.fail_on``; the others are system-out.

    A file that cannot be read or parsed is an error instead of a failure. What has no place is of the case "(no file)".
    """
    cases: dict[str, list[Diagnostic]] = {shared_path(path): [] for path in context.files}
    passing: list[Diagnostic] = []
    for item in result.findings:
        case = cases.setdefault(_case_of(item), [])
        (case if item.severity.rank >= context.fail_on.rank else passing).append(item)
    root = ElementTree.Element("testsuites")
    elements = [_make_case(name, found) for name, found in cases.items()]
    suite = _add(root, "testsuite", _describe_suite(elements, context))
    properties = _add(suite, "properties", {})
    for name, value in _properties(context).items():
        _add(properties, "property", {"name": name, "value": value})
    suite.extend(elements)
    _add(suite, "system-out", {}, _list(passing))
    _add(suite, "system-err", {})
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode").replace(_RETURN, "&#13;")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _case_of(item: Diagnostic) -> str:
    return shared_path(item.location.path) if item.location else "(no file)"


def _make_case(name: str, found: list[Diagnostic]) -> ElementTree.Element:
    case = ElementTree.Element("testcase", {"name": _clean(name), "classname": CLASS, "time": "0"})
    if found:
        kind = "error" if any(item.code in _UNREADABLE for item in found) else "failure"
        total = Counter(item.severity for item in found)
        summary = ", ".join(f"{total[one]} {one}{'s' * (total[one] > 1)}" for one in Severity if total[one])
        codes = " ".join(dict.fromkeys(item.code for item in found))
        _add(case, kind, {"type": codes, "message": summary}, _list(found))
    return case


def _describe_suite(cases: list[ElementTree.Element], context: CheckContext) -> dict[str, str]:
    return {
        "name": SUITE,
        "package": SUITE,
        "id": "0",
        "timestamp": f"{context.now.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
        "hostname": "localhost",
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": str(sum(case.find("error") is not None for case in cases)),
        "time": "0",
    }


def _properties(context: CheckContext) -> dict[str, str]:
    return {
        "mlschedule": version(DISTRIBUTION),
        "tzdata": tzdata_version(),
        "now": show_utc(context.now),
        "fail-on": context.fail_on.value,
    }


def _list(found: Iterable[Diagnostic]) -> str:
    return "\n".join(_write(item) for item in found)


def _write(item: Diagnostic) -> str:
    place = item.location
    where = f"{shared_path(place.path)}:{place.line}:{place.column}" if place else ""
    return full_text(item, place=where)


def _add(parent: ElementTree.Element, tag: str, attributes: dict[str, str], text: str = "") -> ElementTree.Element:
    element = ElementTree.SubElement(parent, tag, {name: _clean(value) for name, value in attributes.items()})
    if text:
        element.text = _clean(text).replace("\r", _RETURN)
    return element


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
