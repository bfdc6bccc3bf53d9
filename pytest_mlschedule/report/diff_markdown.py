"""What changes between two plans, as Markdown for a comment on a pull request.

The first line is a marker, so that the next comment can replace this one. The same plans give the same text. Whatever comes from
files stands in code, where Markdown, HTML and mentions mean nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from pytest_mlschedule.report.diff_cost_words import CostWords, Other

MARKER = "<!-- mlschedule-diff -->"
LIMIT = 65_536
"""The most characters that GitHub takes; an emoji counts as two."""
SHOWN_FIELDS = 40
SHOWN_MONTHS = 24
LONGEST_NAME = 80
SHOWN_FINDINGS = 10
SHOWN_OTHERS = 10
SHOWN_UNKNOWN = 5
LONGEST_FINDING = 400
_ROOM = 1_000  # for what stands around the parts that may be cut
_TABLE_SHARE = 0.5
_COST_SHARE = 0.15


def write_markdown(
    diff: PlanDiff, findings: Sequence[Diagnostic] = (), limit: int = LIMIT, costs: CostWords | None = None
) -> str:
    """The comment, of at most ``limit`` characters (10,000 or more); what is left out is counted below the schedules.

    ``findings``: what rules and budgets say about the change, to be shown above the schedules. ``costs``: what both sides cost;
    None where nothing is said of it.
    """
    changed = [schedule for schedule in diff.schedules if schedule.change in BEHAVIOUR]
    title = summarize(diff) + ("" if costs is None else f"; {escape_text(costs.summary)}")
    head = [MARKER, f"### Schedules: {title}", "", _window(diff, costs), "", *_findings(findings)]
    rest = [f"{sentence}.  " for sentence in describe_rest(diff)]
    below = [] if costs is None else _rows_below(diff, costs)
    foot = [] if costs is None else list(_foot(costs, int(limit * _COST_SHARE)))
    room = limit - _ROOM - _length([*head, *rest, *below, *foot])
    rows = _fill((_row(schedule, costs) for schedule in changed), int(room * _TABLE_SHARE))
    details = _fill((_details(schedule, costs) for schedule in changed), room - _length(rows))
    lines = [*head, *([] if changed else ["No schedule changes what it does.", ""])]
    lines += _table([*rows, *below], costs) if changed or len(below) > 1 else []
    lines += [*details, *rest, *_left_out(len(changed) - len(rows), len(changed) - len(details))]
    lines += foot[1:] if lines[-1] == "" or lines[-1].endswith("\n") else foot
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


def _window(diff: PlanDiff, costs: CostWords | None) -> str:
    text = f"Runs from {show_utc(diff.window.start)} to {show_utc(diff.window.end)}."
    if costs is None:
        return text
    return f"{text} {escape_text(costs.legend)}"


def _findings(findings: Sequence[Diagnostic]) -> Iterator[str]:
    for finding in findings[:SHOWN_FINDINGS]:
        yield f"- {finding.severity.value}: {_code_line(str(finding))}"
    if len(findings) > SHOWN_FINDINGS:
        yield f"- and {count_things(len(findings) - SHOWN_FINDINGS, 'finding')} more"
    if findings:
        yield ""


def _table(rows: Sequence[str], costs: CostWords | None) -> list[str]:
    headings = ["", "schedule", "change", "runs", *([] if costs is None else [escape_text(costs.heading)]), ""]
    return [_line(headings), _line(["---"] * len(headings)), *rows, ""]


def _line(cells: Sequence[str]) -> str:
    return "|" + "".join(f" {cell} |" if cell else " |" for cell in cells)


def _row(schedule: ScheduleDiff, costs: CostWords | None) -> str:
    what = "; ".join(describe_runs(schedule)) or _what(schedule)
    cells = [f"`{SIGNS[schedule.change]}`", _code(_name(schedule.name)), schedule.change, show_counts(schedule.runs)]
    cells += [] if costs is None else [escape_text(costs.figures_of(schedule.name))]
    return _line([*cells, escape_text(what)])


def _rows_below(diff: PlanDiff, costs: CostWords) -> list[str]:
    """What costs more or less besides, the first of it, and everything together."""
    schedules = {schedule.name: schedule for schedule in diff.schedules}
    others = costs.others({name for name, schedule in schedules.items() if schedule.change in BEHAVIOUR})
    rows = [_other_row(other, schedules) for other in others[:SHOWN_OTHERS]]
    if len(others) > SHOWN_OTHERS:
        rows.append(_line(["", f"and {len(others) - SHOWN_OTHERS:,} more", "", "", "", ""]))
    return [*rows, _line(["", "**total**", "", show_counts(diff.total["runs"]), escape_text(costs.total), ""])]


def _other_row(other: Other, schedules: Mapping[str, ScheduleDiff]) -> str:
    name = _code(_name(other.name))
    if other.always_on:
        cells = ["", f"{name} always on", "", ""]
    else:
        schedule = schedules[other.name]
        cells = [f"`{SIGNS[schedule.change]}`", name, schedule.change, show_counts(schedule.runs)]
    return _line([*cells, escape_text(other.figures), other.why])


def _foot(costs: CostWords, room: int) -> Iterator[str]:
    """What is not known, and, folded, what is taken for granted."""
    unknown = list(costs.unknown())
    if unknown:
        yield from ["", "Not known:", "", *(f"- {_code_line(text)}" for text in unknown[:SHOWN_UNKNOWN])]
    if len(unknown) > SHOWN_UNKNOWN:
        yield f"- and {count_things(len(unknown) - SHOWN_UNKNOWN, 'reason')} more"
    yield from ["", "<details>", f"<summary>What the {costs.what} take for granted</summary>", ""]
    shown = _fill((f"- {_code_line(text)}" for text in costs.assumptions), room)
    yield from shown
    if len(costs.assumptions) > len(shown):
        yield f"- and {len(costs.assumptions) - len(shown):,} more: `mlschedule estimate` lists them"
    yield from ["", "</details>", ""]


def _code_line(text: str) -> str:
    """A sentence in which names from files may stand."""
    plain = show_json(text)[1:-1]
    return f"{_code(plain[:LONGEST_FINDING])}{'…' * (len(plain) > LONGEST_FINDING)}"


def _what(schedule: ScheduleDiff) -> str:
    """What else there is to say in a row: the sentence of a new schedule, or which fields differ."""
    told = [sentence for _, sentence in describe_triggers(schedule)]
    if told and schedule.change in ("added", "removed"):
        return told[0]
    return f"{count_things(len(schedule.fields), 'field')} changed" if schedule.fields else ""


def _name(name: str) -> str:
    text = show_json(name)[1:-1]
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…"


def _code(text: str) -> str:
    """A code span. Renderers do not agree on a bar after a backslash in a table: as entities, where nothing has a meaning."""
    if "\\|" not in text:
        return show_code(text)
    return f"<code>{''.join(char if char.isalnum() else f'&#{ord(char)};' for char in text)}</code>"


def _details(schedule: ScheduleDiff, costs: CostWords | None) -> str:
    # A code element, not back quotes: the summary is HTML.
    title = f"<code>{escape(_name(schedule.name))}</code> {schedule.change}: runs {show_counts(schedule.runs)}"
    lines = ["<details>", f"<summary>{title}</summary>", ""]
    if costs is not None:
        reason = costs.reason_of(schedule.name)
        sentence = escape_text(costs.sentence_of(schedule.name))
        lines.append(f"- {sentence}" + (f": {_code_line(reason)}" if reason else ""))
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
