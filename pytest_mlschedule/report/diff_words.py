"""What changes between two plans, in words: times, distances, values, sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pytest_mlschedule.planning.compare import ABSENT
from pytest_mlschedule.planning.diff import CHANGES, Move, PlanDiff, RunCounts, ScheduleDiff, TimeChange
from pytest_mlschedule.planning.run import ScheduleRuns
from pytest_mlschedule.report.time_words import SHORT_DAYS, show_utc, show_wall
from pytest_mlschedule.report.trigger_words import describe_trigger
from pytest_mlschedule.report.value_words import show_value
from pytest_mlschedule.triggers.zones import zone

LONGEST_VALUE = 160
SIGNS = {"added": "+", "removed": "-", "changed": "~", "disabled": "o", "cosmetic": "=", "unchanged": "="}
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def show_counts(counts: RunCounts) -> str:
    """``30 → 22 (-8)``; ``30`` where both sides have as many."""
    old, new = counts
    return f"{old:,}" if old == new else f"{old:,} → {new:,} ({new - old:+,})"


def show_field(value: Any) -> str:
    """A value on one line, cut where it is long; ``(not set)`` for what a side does not have."""
    if value is ABSENT:
        return "(not set)"
    text = show_value(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}… ({len(text):,} characters)"


def show_length(seconds: int) -> str:
    """``1 h``, ``1 h 30 min``, ``2 d``; without a sign."""
    rest, parts = abs(seconds), []
    for unit, name in _UNITS:
        number, rest = divmod(rest, unit)
        if number:
            parts.append(f"{number} {name}")
    return " ".join(parts)


def show_change(change: TimeChange, schedule: ScheduleDiff) -> str:
    """``Mon 2026-03-02 01:00 PST → Mon 2026-03-02 02:00 PST (2026-03-02T09:00:00Z → 2026-03-02T10:00:00Z)``."""
    times = [(instant, side) for instant, side in ((change.old, schedule.old), (change.new, schedule.new))]
    local = [show_time(instant, side) if instant and side else "no run" for instant, side in times]
    if schedule.change in ("added", "removed"):
        local.remove("no run")
    utc = [show_utc(instant) for instant, _ in times if instant]
    return f"{' → '.join(local)} ({' → '.join(utc)})"


def show_time(instant: datetime, side: ScheduleRuns) -> str:
    """An instant on the wall clock of a schedule: weekday, date, time and the name of its offset ("PST", "+04")."""
    local = instant.astimezone(zone(side.source.zone_key).tzinfo)
    return f"{SHORT_DAYS[local.weekday()]} {show_wall(local)} {local.tzname()}"


def count_things(number: int, thing: str) -> str:
    """``1 run``, ``2,000 runs``."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def describe_runs(schedule: ScheduleDiff) -> Iterator[str]:
    """Sentences on what becomes of the runs; what daylight saving time moves has one of its own."""
    if schedule.change not in ("added", "removed"):
        parts = [*_describe_moves(schedule)]
        parts += [f"{count_things(schedule.lost, 'run')} lost"] if schedule.lost else []
        parts += [f"{count_things(schedule.gained, 'run')} gained"] if schedule.gained else []
        if parts:
            yield ", ".join(parts)
    yield from _describe_daylight(schedule)
    if schedule.outside is not None:
        later = schedule.outside >= schedule.window.end
        when = f"{'after' if later else 'before'} it some {'do' if later else 'did'}, first at {show_utc(schedule.outside)}"
        yield f"no run changes in this window; {when}"
    elif schedule.change == "changed" and not _moves_runs(schedule) and schedule.new and not schedule.runs.new:
        yield "no run in this window: what changes shows later"


def _moves_runs(schedule: ScheduleDiff) -> bool:
    return bool(schedule.lost or schedule.gained or schedule.moved or schedule.moved_by_dst)


def _describe_moves(schedule: ScheduleDiff) -> Iterator[str]:
    """``22 runs moved by 1 h (later)``, or all of them and then how many by how much."""
    shown = [move for move in schedule.moves if not move.by_dst]
    if schedule.moved:
        yield f"{count_things(schedule.moved, 'run')} moved" + (_by(shown[0]) if len(shown) == 1 else "")
    if len(shown) > 1:
        yield from (f"{move.runs:,}{_by(move)}" for move in shown)
    others = schedule.moved - sum(move.runs for move in shown)
    if others:
        yield f"{others:,} by other lengths"


def _by(move: Move) -> str:
    return f" by {show_length(move.seconds)} ({_direction(move)})"


def _direction(move: Move) -> str:
    return "later" if move.seconds > 0 else "earlier"


def _describe_daylight(schedule: ScheduleDiff) -> Iterator[str]:
    for move in schedule.moves:
        if move.by_dst:
            verb = "moves" if move.runs == 1 else "move"
            yield f"{count_things(move.runs, 'run')} {verb}{_by(move)} while daylight saving time is on"


def describe_triggers(schedule: ScheduleDiff) -> Iterator[tuple[str, str]]:
    """When the schedule runs, in a sentence, with its label; both sides where they say different things."""
    sides = (("before", schedule.old), ("after", schedule.new))
    told = [(label, describe_trigger(side.definition.trigger)) for label, side in sides if side and side.definition]
    if len(told) == 1 and schedule.change in ("added", "removed"):
        yield "when", told[0][1]
    elif len(told) == 2 and told[0][1] != told[1][1]:
        yield from told


def summarize(diff: PlanDiff) -> str:
    """``2 added, 1 changed, 3 cosmetic; runs 30 → 90 (+60)``."""
    total = diff.total
    changes = [f"{total[change]:,} {change}" for change in CHANGES if total[change]]
    return f"{', '.join(changes) or 'no schedules'}; runs {show_counts(total['runs'])}"


def describe_rest(diff: PlanDiff) -> Iterator[str]:
    """Sentences on the schedules that do what they did."""
    cosmetic = [schedule for schedule in diff.schedules if schedule.change == "cosmetic"]
    if cosmetic:
        yield f"{count_things(len(cosmetic), 'schedule')} written otherwise, same behaviour: {_proofs(cosmetic)}"
    unchanged = sum(schedule.change == "unchanged" for schedule in diff.schedules)
    if unchanged:
        yield f"{count_things(unchanged, 'schedule')} unchanged"


def _proofs(schedules: list[ScheduleDiff]) -> str:
    proved = sum(schedule.proof == "all time" for schedule in schedules)
    if proved in (0, len(schedules)):
        return "proved for all time" if proved else "looked for in this window only"
    return f"{proved:,} proved for all time, {len(schedules) - proved:,} looked for in this window only"
