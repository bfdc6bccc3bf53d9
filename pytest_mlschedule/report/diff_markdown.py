"""What changes between two plans, as Markdown for a comment on a pull request.

The first line is a marker, so that the next comment can replace this one. The same plans give the same text. Whatever comes from
files stands in code, where Markdown, HTML and mentions mean nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.planning.diff import BEHAVIOUR, PlanDiff, ScheduleDiff
from pytest_mlschedule.report.diff_words import (
    SIGNS,
    count_things,
    describe_rest,
    describe_runs,
    describe_triggers,
    show_change,
    show_counts,
    show_field,
    summarize,
)
from pytest_mlschedule.report.plan_markdown import escape_text, show_code
from pytest_mlschedule.report.time_words import show_utc
from pytest_mlschedule.report.value_words import show_json

MARKER = "<!-- mlschedule-diff -->"
LIMIT = 65_536
"""The most characters that GitHub takes; an emoji counts as two."""
SHOWN_FIELDS = 40
SHOWN_MONTHS = 24
LONGEST_NAME = 80
SHOWN_FINDINGS = 10
LONGEST_FINDING = 400
_ROOM = 1_000  # for what stands around the parts that may be cut
_TABLE_SHARE = 0.5


def write_markdown(diff: PlanDiff, findings: Sequence[Diagnostic] = (), limit: int = LIMIT) -> str:
    """The comment, of at most ``limit`` characters (10,000 or more); what is left out is counted in its last sentence.

    ``findings``: what rules and budgets say about the change, to be shown above the schedules.
    """
    changed = [schedule for schedule in diff.schedules if schedule.change in BEHAVIOUR]
    head = [MARKER, f"### Schedules: {summarize(diff)}", "", _window(diff), "", *_findings(findings)]
    rest = [f"{sentence}.  " for sentence in describe_rest(diff)]
    room = limit - _ROOM - _length([*head, *rest])
    rows = _fill(map(_row, changed), int(room * _TABLE_SHARE))
    details = _fill(map(_details, changed), room - _length(rows))
    lines = [*head, *(_table(rows) if changed else ["No schedule changes what it does.", ""]), *details, *rest]
    lines += _left_out(len(changed) - len(rows), len(changed) - len(details))
    return "\n".join(lines).rstrip() + "\n"


def _length(lines: Iterable[str]) -> int:
    """Characters as GitHub counts them, line breaks included."""
    return sum(len(line.encode("utf-16-le", "surrogatepass")) // 2 + 1 for line in lines)


def _fill(parts: Iterable[str], room: int) -> list[str]:
    """As many of the first parts as there is room for."""
    taken = []
    for part in parts:
        room -= _length([part])
        if room < 0:
            break
        taken.append(part)
    return taken


def _window(diff: PlanDiff) -> str:
    return f"Runs from {show_utc(diff.window.start)} to {show_utc(diff.window.end)}."


def _findings(findings: Sequence[Diagnostic]) -> Iterator[str]:
    for finding in findings[:SHOWN_FINDINGS]:
        text = show_json(str(finding))[1:-1]
        yield f"- {finding.severity.value}: {_code(text[:LONGEST_FINDING])}{'…' * (len(text) > LONGEST_FINDING)}"
    if len(findings) > SHOWN_FINDINGS:
        yield f"- and {count_things(len(findings) - SHOWN_FINDINGS, 'finding')} more"
    if findings:
        yield ""


def _table(rows: Sequence[str]) -> list[str]:
    return ["| | schedule | change | runs | |", "| --- | --- | --- | --- | --- |", *rows, ""]


def _row(schedule: ScheduleDiff) -> str:
    what = "; ".join(describe_runs(schedule)) or _what(schedule)
    cells = [f"`{SIGNS[schedule.change]}`", _code(_name(schedule)), schedule.change, show_counts(schedule.runs)]
    return f"| {' | '.join([*cells, escape_text(what)])} |"


def _what(schedule: ScheduleDiff) -> str:
    """What else there is to say in a row: the sentence of a new schedule, or which fields differ."""
    told = [sentence for _, sentence in describe_triggers(schedule)]
    if told and schedule.change in ("added", "removed"):
        return told[0]
    return f"{count_things(len(schedule.fields), 'field')} changed" if schedule.fields else ""


def _name(schedule: ScheduleDiff) -> str:
    text = show_json(schedule.name)[1:-1]
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…"


def _code(text: str) -> str:
    """A code span. Renderers do not agree on a bar after a backslash in a table: as entities, where nothing has a meaning."""
    if "\\|" not in text:
        return show_code(text)
    return f"<code>{''.join(char if char.isalnum() else f'&#{ord(char)};' for char in text)}</code>"


def _details(schedule: ScheduleDiff) -> str:
    # A code element, not back quotes: the summary is HTML.
    title = f"<code>{escape(_name(schedule))}</code> {schedule.change}: runs {show_counts(schedule.runs)}"
    lines = ["<details>", f"<summary>{title}</summary>", ""]
    sentences = [f"{label}: {sentence}" for label, sentence in describe_triggers(schedule)]
    lines += [f"- {escape_text(sentence)}" for sentence in (*sentences, *describe_runs(schedule))]
    lines += ["", *_fields(schedule), *_months(schedule), *_first(schedule), "</details>", ""]
    return "\n".join(lines)


def _fields(schedule: ScheduleDiff) -> Iterator[str]:
    if not schedule.fields:
        return
    yield "| field | old | new |"
    yield "| --- | --- | --- |"
    for field in schedule.fields[:SHOWN_FIELDS]:
        yield f"| {' | '.join(map(_code, (show_field(field.name), show_field(field.old), show_field(field.new))))} |"
    yield ""
    if len(schedule.fields) > SHOWN_FIELDS:
        yield f"And {count_things(len(schedule.fields) - SHOWN_FIELDS, 'field')} more."
        yield ""


def _months(schedule: ScheduleDiff) -> Iterator[str]:
    months = schedule.months
    rows = [(month, counts) for month, counts in months.items() if counts.old != counts.new]
    if len(months) < 2 or not rows:
        return
    yield "| month (UTC) | old | new | |"
    yield "| --- | ---: | ---: | ---: |"
    for month, (old, new) in rows[:SHOWN_MONTHS]:
        yield f"| {month} | {old:,} | {new:,} | {new - old:+,} |"
    yield ""
    if len(rows) > SHOWN_MONTHS:
        yield f"And {count_things(len(rows) - SHOWN_MONTHS, 'month')} more."
        yield ""


def _first(schedule: ScheduleDiff) -> Iterator[str]:
    title = f"First {'runs' if schedule.change in ('added', 'removed') else 'changes'}:"
    changes = [(title, schedule.first)]
    if schedule.first_by_dst:
        changes.append(("First change by daylight saving time:", (schedule.first_by_dst,)))
    for heading, times in changes:
        if times:
            yield heading
            yield ""
            yield from (f"- {show_change(change, schedule)}" for change in times)
            yield ""


def _left_out(rows: int, details: int) -> Iterator[str]:
    """What was cut, and where to see it."""
    if rows:
        yield f"Too much for one comment: {count_things(rows, 'schedule')} left out of the table, the details of {details:,}."
    elif details:
        yield f"Too much for one comment: the details of {count_things(details, 'schedule')} are left out."
    if rows or details:
        yield "`mlschedule diff` without `-o markdown` prints all of it, in the log of this job too where it does so."
