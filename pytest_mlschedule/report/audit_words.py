"""An audit in words: the rows of its table, what deviated, and what to know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from itertools import groupby

from pytest_mlschedule.planning.audit_result import KINDS, Audit, AuditEntry, ScheduleAudit, measure_lateness
from pytest_mlschedule.report.diff_words import count_things, show_length
from pytest_mlschedule.report.time_words import show_local, show_utc
from pytest_mlschedule.report.value_words import show_value
from pytest_mlschedule.triggers.wording import list_names
from pytest_mlschedule.triggers.zones import zone

HEADINGS = ("schedule", "due", "on time", "late", "missing", "extra", "manual", "delay p50", "p95", "max")
LATENESS = HEADINGS[-3:]
FEW = 5
"""So many schedules that ran as planned have rows of their own; more share one."""
SHOWN_SCHEDULES = 40
SHOWN_ENTRIES = 20
SHOWN_NAMES = 8
ROW = 3
"""So many of one kind in a row are told as one."""
_ALL = "-o json holds all"
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))


def short_length(seconds: int) -> str:
    """``6s``, ``42m10s``, ``3h``, ``2d4h``: the two largest units."""
    parts: list[str] = []
    rest = seconds
    for unit, name in _UNITS:
        number, rest = divmod(rest, unit)
        if number or parts:
            parts.append(f"{number}{name}" if number else "")
    return "".join(parts[:2]) or "0s"


def make_rows(audit: Audit) -> list[tuple[str, ...]]:
    """A row for each schedule that is worth a look, one for those that ran as planned, and one for all, under ``HEADINGS``."""
    told = [schedule for schedule in audit if not schedule.is_quiet]
    quiet = [schedule for schedule in audit if schedule.is_quiet]
    if len(quiet) <= FEW:
        told, quiet = list(audit), []
    rows = [_row(schedule.name, [schedule]) for schedule in told]
    if quiet:
        rows.append(_row(f"{len(quiet):,} {'others ' if told else ''}as planned", quiet))
    if len(rows) > 1:
        rows.append(_row("all", list(audit)))
    return rows


def _row(name: str, schedules: Sequence[ScheduleAudit]) -> tuple[str, ...]:
    counts = (sum(schedule.counts[kind] for schedule in schedules) for kind in KINDS)
    due = sum(schedule.due for schedule in schedules)
    return (name, f"{due:,}", *(f"{number:,}" for number in counts), *_lengths(schedules))


def _lengths(schedules: Sequence[ScheduleAudit]) -> Sequence[str]:
    found = measure_lateness(length for schedule in schedules for length in schedule.lengths)
    return ("", "", "") if found is None else tuple(map(short_length, found))


def describe_window(audit: Audit) -> str:
    """``2026-03-01T10:00:00Z to 2026-03-15T03:00:05Z``."""
    return f"{show_utc(audit.window.start)} to {show_utc(audit.window.end)}"


def describe_schedules(audit: Audit, zone_shown: tzinfo | None = None) -> Iterator[tuple[str, list[str]]]:
    """Each schedule with what was not on time, in time order; of very many the first.

    ``zone_shown``: whose clock is shown beside UTC, None for that of each schedule.
    """
    told = [schedule for schedule in audit if len(schedule.entries) > schedule.counts["on_time"]]
    for schedule in told[:SHOWN_SCHEDULES]:
        lines = list(_describe(schedule, zone_shown or zone(schedule.zone_key).tzinfo))
        more = len(lines) - SHOWN_ENTRIES
        yield schedule.name, lines if more <= 0 else [*lines[:SHOWN_ENTRIES], f"and {more:,} more: {_ALL}"]
    if len(told) > SHOWN_SCHEDULES:
        yield f"{len(told) - SHOWN_SCHEDULES:,} more schedules", [_ALL]


def _describe(schedule: ScheduleAudit, clock: tzinfo) -> Iterator[str]:
    for kind, group in groupby(schedule.entries, key=lambda entry: entry.kind):
        entries = list(group)
        if kind == "on_time":
            continue
        if kind != "late" and len(entries) >= ROW:
            first, last = (show_utc(entry.instant) for entry in (entries[0], entries[-1]))
            yield f"{first} to {last}: {len(entries):,} {kind} in a row"
        else:
            yield from (f"{_when(entry, clock)}: {_what(entry)}" for entry in entries)


def _when(entry: AuditEntry, clock: tzinfo) -> str:
    local = entry.instant.astimezone(clock)
    return f"{show_utc(entry.instant)} ({show_local(local)})" if local.utcoffset() else show_utc(entry.instant)


def _what(entry: AuditEntry) -> str:
    name = f", job {show_value(entry.job.name)}" if entry.job is not None and entry.job.name else ""
    if entry.kind == "late":
        return f"late by {show_length(entry.late_by or 0)}{name}"
    return f"extra, nothing was due{name}" if entry.kind == "extra" else f"{entry.kind}{name}"


def describe_remarks(audit: Audit) -> Iterator[str]:
    """What to know before believing the counts."""
    never = [schedule.name for schedule in audit if schedule.never_ran]
    if never:
        yield f"no job at all: {_list(never)}"
    early = [f"{schedule.name} {schedule.missing_first:,}" for schedule in audit if schedule.missing_first]
    if early:
        yield (
            f"missing before the first job of a schedule: {_list(early)}; if it was created later, say so: --created-at, or audit "
            "an export of the workspace (az ml schedule list -o json), which knows"
        )
    unplaced = [f"{schedule.name} {schedule.unplaced:,}" for schedule in audit if schedule.unplaced]
    if unplaced:
        yield f"jobs without a trigger time in their display name: {_list(unplaced)}; what seems missing may be these"
    if audit.unplaced:
        yield (
            f"jobs of schedules that edited display names no longer tell: {audit.unplaced:,}; what seems missing may be these"
        )
    pending = sum(schedule.pending for schedule in audit)
    if pending:
        yield f"{count_things(pending, 'run')} due at the very end may still come"
    if audit.unknown:
        yield f"jobs of schedules that no file has: {_list([f'{name} {count:,}' for name, count in audit.unknown.items()])}"
    if audit.others:
        yield f"{count_things(audit.others, 'job')} that no schedule made"


def _list(names: Sequence[str]) -> str:
    """The names; of many the first few."""
    more = len(names) - SHOWN_NAMES
    return list_names(names) if more <= 0 else f"{', '.join(names[:SHOWN_NAMES])} and {more:,} more"


def summarize(audit: Audit) -> str:
    """``14 due: 11 on time, 1 late, 2 missing; 1 extra, 3 manual``."""
    counts = audit.counts
    due = sum(schedule.due for schedule in audit)
    parts = [f"{counts[kind]:,} {kind.replace('_', ' ')}" for kind in ("on_time", "late", "missing") if counts[kind]]
    besides = [f"{counts[kind]:,} {kind.replace('_', ' ')}" for kind in ("extra", "manual") if counts[kind]]
    text = f"{due:,} due" + (f": {', '.join(parts)}" if parts else "")
    return f"{text}; {', '.join(besides)}" if besides else text


def describe_deviations(audit: Audit) -> str:
    """``1 late, 2 missing``; empty where everything is as it should be."""
    counts = audit.counts
    return ", ".join(
        f"{counts[kind]:,} {kind.replace('_', ' ')}" for kind in ("late", "missing", "extra") if counts[kind]
    )
