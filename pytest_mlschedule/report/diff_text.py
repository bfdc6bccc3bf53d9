"""What changes between two plans, as text in the manner of ``terraform plan``: a legend, each schedule, the sum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

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
from pytest_mlschedule.report.time_words import show_utc
from pytest_mlschedule.report.value_words import show_value
from pytest_mlschedule.report.wrapping import wrap_line

if TYPE_CHECKING:
    from pytest_mlschedule.report.diff_cost_words import CostWords

SHOWN_OTHERS = 10
SHOWN_FIELDS = 40
SHOWN_MONTHS = 24
INDENT = "    "


def write_text(diff: PlanDiff, width: int | None = None, costs: CostWords | None = None) -> Iterator[str]:
    """The lines, with their ends, wrapped to a width (None: not at all). ``costs``: None where nothing is said of them."""
    for line in _lines(diff, costs):
        for part in wrap_line(line, width):
            yield f"{part}\n"


def _lines(diff: PlanDiff, costs: CostWords | None) -> Iterator[str]:
    changed = [schedule for schedule in diff.schedules if schedule.change in BEHAVIOUR]
    yield f"From {show_utc(diff.window.start)} to {show_utc(diff.window.end)}:"
    if changed:
        yield "  " + "   ".join(f"{SIGNS[change]} {change}" for change in BEHAVIOUR)
    yield ""
    for schedule in changed:
        yield from _schedule(schedule, costs)
        yield ""
    if not changed:
        yield "No schedule changes what it does."
    if costs is not None:
        yield from _others(costs, {schedule.name for schedule in changed})
    yield from describe_rest(diff)
    yield f"Plan: {summarize(diff)}" + ("" if costs is None else f"; {costs.summary}")


def _others(costs: CostWords, changed: set[str]) -> Iterator[str]:
    """What costs more or less though nothing changes about it."""
    found = costs.others(changed)
    if not found:
        return
    yield f"Other {costs.heading} that changes:"
    for other in found[:SHOWN_OTHERS]:
        name = show_value(other.name) + (" always on" if other.always_on else "")
        yield f"{INDENT}{name}: {other.figures}, {other.why}"
    if len(found) > SHOWN_OTHERS:
        yield f"{INDENT}and {len(found) - SHOWN_OTHERS:,} more"
    yield ""


def _schedule(schedule: ScheduleDiff, costs: CostWords | None) -> Iterator[str]:
    yield f"{SIGNS[schedule.change]} {show_value(schedule.name)}: runs {show_counts(schedule.runs)}"
    if costs is not None:
        reason = costs.reason_of(schedule.name)
        yield f"{INDENT}{costs.sentence_of(schedule.name)}" + (f": {reason}" if reason else "")
    for label, sentence in describe_triggers(schedule):
        yield f"{INDENT}{label}: {sentence}"
    for sentence in describe_runs(schedule):
        yield f"{INDENT}{sentence}"
    shown = schedule.fields[:SHOWN_FIELDS]
    names = [show_value(field.name) for field in shown]
    width = max(map(len, names), default=0)
    for name, field in zip(names, shown, strict=True):
        yield f"{INDENT}{name.ljust(width)}  {show_field(field.old)} → {show_field(field.new)}"
    if len(schedule.fields) > len(shown):
        yield f"{INDENT}and {count_things(len(schedule.fields) - len(shown), 'field')} more"
    yield from _months(schedule)
    yield from _first(schedule)


def _months(schedule: ScheduleDiff) -> Iterator[str]:
    """A table of the months that differ; of a window in one month the first line tells."""
    months = schedule.months
    rows = [(month, counts) for month, counts in months.items() if counts.old != counts.new]
    if len(months) < 2 or not rows:
        return
    table = [("month", "old", "new", "")]
    table += [(month, f"{old:,}", f"{new:,}", f"{new - old:+,}") for month, (old, new) in rows[:SHOWN_MONTHS]]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for month, *numbers in table:
        cells = [month.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(numbers, widths[1:], strict=True))]
        yield f"{INDENT}{'  '.join(cells)}".rstrip()
    if len(rows) > SHOWN_MONTHS:
        yield f"{INDENT}and {count_things(len(rows) - SHOWN_MONTHS, 'month')} more"


def _first(schedule: ScheduleDiff) -> Iterator[str]:
    if schedule.first:
        yield f"{INDENT}first {'runs' if schedule.change in ('added', 'removed') else 'changes'}:"
        for change in schedule.first:
            yield f"{INDENT}  {show_change(change, schedule)}"
    if schedule.first_by_dst:
        yield f"{INDENT}first change by daylight saving time:"
        yield f"{INDENT}  {show_change(schedule.first_by_dst, schedule)}"
