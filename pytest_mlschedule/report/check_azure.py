"""Findings as logging commands of Azure Pipelines, which lists them as issues of a run."""

from __future__ import annotations

from pytest_mlschedule.checks.check import CheckResult
from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.report.check_context import CheckContext
from pytest_mlschedule.report.check_places import full_text, shared_path, whole_characters
from pytest_mlschedule.report.check_text import summarize

# What a command of the agent is made of; percent signs first, for they begin what the others become.
_ESCAPES = (("%", "%AZP25"), (";", "%3B"), ("\r", "%0D"), ("\n", "%0A"), ("]", "%5D"))


def write_azure(result: CheckResult, context: CheckContext) -> str:
    """One command an error or warning, one plain line a note (there are no issues of that kind), and one line that sums up.

    The result of the step is what the exit status says; no command sets it.
    """
    lines = [*(_write_line(item, context) for item in result.findings), summarize(result, context)]
    return "".join(f"{line}\n" for line in lines)


def _write_line(item: Diagnostic, context: CheckContext) -> str:
    place = item.location
    path = shared_path(place.path, context.root) if place else ""
    text = full_text(item, place=f"{path}:{place.line}:{place.column}" if place else "")
    if item.severity is Severity.NOTE:
        return _plain_line(text)
    properties = {"type": item.severity.value}
    if place is not None:
        properties |= {"sourcepath": path, "linenumber": str(place.line), "columnnumber": str(place.column)}
    properties["code"] = item.code
    listed = "".join(f"{name}={_escape(value)};" for name, value in properties.items())
    return f"##vso[task.logissue {listed}]{_escape(text)}"


def _plain_line(text: str) -> str:
    """The text in one line that is no command, whatever values it quotes: the agent obeys commands anywhere in a line."""
    return whole_characters(" ".join(text.splitlines()).replace("##", "# #"))


def _escape(text: str) -> str:
    for character, escaped in _ESCAPES:
        text = text.replace(character, escaped)
    return whole_characters(text)
