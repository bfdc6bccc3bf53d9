"""Audits and calibrations as GitHub-flavoured Markdown, for issues and pull requests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from pytest_mlschedule.planning.audit_result import Audit
from pytest_mlschedule.planning.calibration_result import Calibration
from pytest_mlschedule.report.audit_calibration_words import (
    NOT_TOLD,
    describe_evidence,
    describe_verdict,
    sort_verdicts,
    write_profile,
)
from pytest_mlschedule.report.audit_words import (
    HEADINGS,
    describe_remarks,
    describe_schedules,
    describe_window,
    make_rows,
    summarize,
)
from pytest_mlschedule.report.plan_markdown import escape_text, show_code
from pytest_mlschedule.triggers.wording import list_names


def write_audit(audit: Audit, zone_shown: tzinfo | None = None) -> Iterator[str]:
    """The lines of the table, what deviated, and what to know. ``zone_shown``: see audit_text."""
    yield f"**Audit** of {describe_window(audit)}: {escape_text(summarize(audit))}\n\n"
    yield _line(HEADINGS)
    yield _line(("---", *["---:"] * (len(HEADINGS) - 1)))
    for name, *cells in make_rows(audit):
        yield _line((show_code(name), *cells))
    yield "\n"
    for name, lines in describe_schedules(audit, zone_shown):
        yield from (f"- {show_code(name)} {escape_text(line)}\n" for line in lines)
    for remark in describe_remarks(audit):
        yield f"- {escape_text(remark)}\n"


def write_calibration(calibration: Calibration) -> Iterator[str]:
    """A table of the knobs, the evidence below it, and what to write into the configuration."""
    yield _line(("verdict", "knob", "what the history says", "evidence"))
    yield _line(("---", "---", "---", "---"))
    for verdict in sort_verdicts(calibration):
        evidence = "<br>".join(map(escape_text, describe_evidence(verdict)))
        yield _line((verdict.verdict, show_code(verdict.knob), escape_text(describe_verdict(verdict)), evidence))
    lines = list(write_profile(calibration))
    if lines:
        yield "\n```toml\n"
        yield from (f"{line}\n" for line in lines)
        yield "```\n"
    yield f"\nA history cannot tell {list_names(map(show_code, NOT_TOLD))}.\n"


def _line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |\n"
