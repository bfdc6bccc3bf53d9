"""Findings as workflow commands of GitHub Actions, which shows them as annotations of a pull request."""

from __future__ import annotations

from pytest_mlschedule.checks.check import CheckResult
from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.report.check_context import CheckContext
from pytest_mlschedule.report.check_places import full_text, rule_name, shared_path, whole_characters
from pytest_mlschedule.report.check_text import summarize
from pytest_mlschedule.report.excerpt import find_extent

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
# What a command of the runner is made of; percent signs first, for they begin what the others become.
_IN_MESSAGES = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_IN_PROPERTIES = (*_IN_MESSAGES, (":", "%3A"), (",", "%2C"))


def write_github(result: CheckResult, context: CheckContext) -> str:
    """One command a finding, and one line that sums up.

    The message begins with the place too: GitHub shows 10 annotations of a kind and a step, and the log all of them.
    """
    lines = [*(_write_command(item, context) for item in result.findings), summarize(result, context)]
    return "".join(f"{line}\n" for line in lines)


def _write_command(item: Diagnostic, context: CheckContext) -> str:
    place = item.location
    properties = {"title": f"{item.code} {rule_name(item.code)}".rstrip()}
    where = ""
    if place is not None:
        path = shared_path(place.path, context.root)
        where = f"{path}:{place.line}:{place.column}"
        properties = (
            {"file": path, "line": str(place.line), "col": str(place.column)} | _find_end(item, context) | properties
        )
    listed = ",".join(f"{name}={_escape(value, _IN_PROPERTIES)}" for name, value in properties.items())
    return f"::{_COMMANDS[item.severity]} {listed}::{_escape(full_text(item, place=where), _IN_MESSAGES)}"


def _find_end(item: Diagnostic, context: CheckContext) -> dict[str, str]:
    """The column after what is meant, where the text is known."""
    text = context.read_text(item.location.path) if item.location else None
    extent = find_extent(text, item) if text is not None else None
    return {"endColumn": str(extent[2] + 1)} if extent else {}


def _escape(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for character, escaped in table:
        text = text.replace(character, escaped)
    return whole_characters(text)
