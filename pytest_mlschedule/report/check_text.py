"""Findings as text: where, what, the line of the source, the way out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pytest_mlschedule.checks.check import CheckResult
from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.report.check_context import CheckContext
from pytest_mlschedule.report.excerpt import LONGEST, cut_excerpt
from pytest_mlschedule.report.wrapping import wrap_line

LEAST_WIDTH = 40


def write_text(result: CheckResult, context: CheckContext) -> str:
    """Every finding with its excerpt and hint, and one line that sums up."""
    blocks = ["".join(f"{line}\n" for line in _write_finding(item, context)) for item in result.findings]
    return "\n".join([*blocks, f"{summarize(result, context)}\n"])


def summarize(result: CheckResult, context: CheckContext) -> str:
    """The last line: how many findings of which severity, in how many files."""
    if not result.findings:
        checked = f"{_count(result.schedules, 'schedule')} in {_count(result.files, 'file')}"
        return context.paint(f"All checks passed: {checked}.", "good") + _left_out(result)
    total = Counter(item.severity for item in result.findings)
    worst = max(total, key=lambda severity: severity.rank)
    found = ", ".join(_count(total[severity], severity.value) for severity in Severity if total[severity])
    text = context.paint(f"Found {found}", worst.value)
    return f"{text} in {_say_where(result, context)}.{_say_fixable(context)}{_left_out(result)}"


def _say_where(result: CheckResult, context: CheckContext) -> str:
    """How many of the files that were checked, and how many others: jobs, the configuration, the baseline."""
    paths = {item.location.path for item in result.findings if item.location}
    others = len(paths.difference(context.files))
    text = f"{len(paths) - others} of {_count(result.files, 'file')}"
    return f"{text} and {others} beside {'them' if result.files > 1 else 'it'}" if others else text


def _say_fixable(context: CheckContext) -> str:
    return f" {context.fixable} fixable with --fix." if context.fixable else ""


def _left_out(result: CheckResult) -> str:
    by_comments, by_baseline = len(result.suppressed), len(result.known)
    parts = [
        f"{_count(by_comments, 'finding')} ignored by comments" if by_comments else "",
        f"{_count(by_baseline, 'finding')} in the baseline" if by_baseline else "",
    ]
    text = ", ".join(filter(None, parts))
    return f" {text}." if text else ""


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"


def _write_finding(item: Diagnostic, context: CheckContext) -> Iterator[str]:
    head, _, hint = str(item).partition("\n  hint: ")
    first, *others = wrap_line(head, context.width)
    yield _paint_head(first, item, context)
    yield from others
    yield from _write_excerpt(item, context)
    if hint:
        yield from wrap_line(f"  hint: {hint}", context.width)


def _paint_head(line: str, item: Diagnostic, context: CheckContext) -> str:
    place = f"{item.location}: " if item.location else ""
    if not line.startswith(place + item.code):
        return line  # wrapped inside the path
    rest = line[len(place + item.code) :]
    return f"{context.paint(place, 'path') if place else ''}{context.paint(item.code, item.severity.value)}{rest}"


def _write_excerpt(item: Diagnostic, context: CheckContext) -> Iterator[str]:
    text = context.read_text(item.location.path) if item.location else None
    margin = len(f"{item.location.line if item.location else ''} |  {item.severity}")
    width = LONGEST if context.width is None else max(LEAST_WIDTH, context.width - margin)
    part = None if text is None else cut_excerpt(text, item, width)
    if part is None:
        return
    gutter = " " * len(str(part.line))
    yield context.paint(f"{part.line} |", "dim") + f" {part.text}"
    carets = context.paint("^" * part.length + f" {item.severity}", item.severity.value)
    yield context.paint(f"{gutter} |", "dim") + f" {' ' * part.start}{carets}"
