"""From two plans to what changes between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from pytest_mlschedule.planning.diff import (
    Change,
    Move,
    PlanDiff,
    RunCounts,
    ScheduleDiff,
    TimeChange,
    time_change,
)
from pytest_mlschedule.planning.diff_fields import (
    FieldChange,
    action_values,
    changes_of,
    says_the_same,
    trigger_values,
    word_values,
)
from pytest_mlschedule.planning.diff_times import TimesDiff, compare_times
from pytest_mlschedule.planning.diff_values import VALUE_GROUPS, run_changes
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.run import ScheduleRuns
from pytest_mlschedule.triggers.equivalence import Verdict, compare_timetables, same_rule
from pytest_mlschedule.triggers.timetable import Timetable
from pytest_mlschedule.triggers.window import Window, from_epoch

SHOWN_TIMES = 5
SHOWN_MOVES = 5


def diff_plans(old: Plan, new: Plan) -> PlanDiff:
    """What changes from one plan to another of the same window: schedules, runs, values.

    Plans that ``plan_runs`` made are compared by their definitions too, and beyond the window; those that were read back
    by their runs. Raises ValueError when the windows differ.
    """
    if old.window.epochs != new.window.epochs:
        spans = [f"{plan.start.isoformat()} to {plan.end.isoformat()}" for plan in (old, new)]
        raise ValueError(
            f"plans of one window can be compared: the old one is of {spans[0]}, the new one of {spans[1]}"
        )
    before, after = ({part.source.schedule: part for part in plan.parts} for plan in (old, new))
    names = sorted({*before, *after})
    return PlanDiff(
        new.window, tuple(_diff_schedule(name, before.get(name), after.get(name), new.window) for name in names)
    )


def _diff_schedule(name: str, old: ScheduleRuns | None, new: ScheduleRuns | None, window: Window) -> ScheduleDiff:
    if old is not None and new is not None:
        return _diff_sides(name, old, new, window)
    counts = RunCounts(*(0 if side is None else side.occurrences.count_between(*window.epochs) for side in (old, new)))
    return ScheduleDiff(
        name=name,
        change="added" if old is None else "removed",
        runs=counts,
        gained=counts.new,
        lost=counts.old,
        first=_first_times(TimesDiff(lost=_first_epochs(old, window), gained=_first_epochs(new, window))),
        window=window,
        old=old,
        new=new,
    )


def _first_epochs(part: ScheduleRuns | None, window: Window) -> Sequence[int]:
    return () if part is None else part.occurrences.epochs_between(*window.epochs)[:SHOWN_TIMES]


def _diff_sides(name: str, old: ScheduleRuns, new: ScheduleRuns, window: Window) -> ScheduleDiff:
    times = _compare_times(old, new, window)
    fields = _compare_fields(old, new, window)
    change: Change = "changed"
    if is_enabled(old) and not is_enabled(new):
        change = "disabled"
    elif not fields.values and not times.differ:
        change = "cosmetic" if any(fields) or not _same_text(old, new) else "unchanged"
    found = times.found
    return ScheduleDiff(
        name=name,
        change=change,
        runs=times.runs,
        gained=len(found.gained),
        lost=len(found.lost),
        moved=len(found.moved),
        moved_by_dst=len(found.moved_by_dst),
        fields=(*fields.trigger, *fields.values, *fields.words),
        first=_first_times(found),
        first_by_dst=next((time_change(*pair) for pair in found.moved_by_dst), None),
        moves=tuple(_count_moves(found)),
        proof=times.proof if change in ("cosmetic", "unchanged") else None,
        outside=times.outside,
        window=window,
        old=old,
        new=new,
    )


class _Times(NamedTuple):
    """When both sides run: numbers, what differs in the window, whether anything differs at any time, how that is known, and the
    first difference outside the window."""

    runs: RunCounts
    found: TimesDiff
    differ: bool
    proof: Literal["all time", "window"] | None = None
    outside: datetime | None = None


def _compare_times(old: ScheduleRuns, new: ScheduleRuns, window: Window) -> _Times:
    span = window.epochs
    one, other = _rule_of(old, window), _rule_of(new, window)
    runs = RunCounts(*(side.occurrences.count_between(*span) for side in (old, new)))
    if is_enabled(old) == is_enabled(new) and one is not None and other is not None and same_rule(one, other):
        return _Times(runs, TimesDiff(), differ=False, proof="all time")
    epochs = old.occurrences.epochs_between(*span), new.occurrences.epochs_between(*span)
    if list(epochs[0]) != list(epochs[1]):
        found = compare_times(*epochs, (_clock_of(old), _clock_of(new)), span[1] - span[0])
        return _Times(runs, found, differ=True)
    if is_enabled(old) != is_enabled(new):
        return _Times(runs, TimesDiff(), differ=True)
    verdict = Verdict(None) if one is None or other is None else compare_timetables(one, other)
    return _Times(
        runs,
        TimesDiff(),
        differ=verdict.same is False,
        proof="all time" if verdict.same else "window",
        outside=None if verdict.first is None else from_epoch(verdict.first),
    )


def _clock_of(part: ScheduleRuns) -> str:
    """The zone whose clock changes move the runs: none moves those that count elapsed time (semantics DST-4)."""
    trigger = None if part.definition is None else part.definition.trigger
    return "Etc/UTC" if getattr(trigger, "frequency", None) in ("minute", "hour") else part.source.zone_key


def _rule_of(part: ScheduleRuns, window: Window) -> Timetable | None:
    """What decides all times of a schedule; None where nobody knows. Of a disabled one: were it enabled at the window's start."""
    if isinstance(part.occurrences, Timetable):
        return part.occurrences
    if part.definition is not None and not part.definition.is_enabled:
        return part.definition.trigger.timetable(created_at=window.start)
    return None


def is_enabled(part: ScheduleRuns) -> bool:
    """Whether a schedule is enabled; of a plan that was read back its notes tell."""
    if part.definition is not None:
        return part.definition.is_enabled
    return all(note.code != "MLS508" for note in part.notes)


class _Fields(NamedTuple):
    """Fields that differ: of the trigger as written, of what runs, and what people read alone."""

    trigger: tuple[FieldChange, ...]
    values: tuple[FieldChange, ...]
    words: tuple[FieldChange, ...] = ()


def _compare_fields(old: ScheduleRuns, new: ScheduleRuns, window: Window) -> _Fields:
    runs = sorted(run_changes(old, new, window), key=_group)
    words: list[FieldChange] = []
    one, other = old.definition, new.definition
    if one is None or other is None:
        triggers = changes_of(*({"trigger.time_zone": side.time_zone} for side in (old, new)))
    else:
        triggers = changes_of(trigger_values(one.trigger), trigger_values(other.trigger))
        jobs = [getattr(side.source, "job", None) for side in (old, new)]
        runs += changes_of(action_values(one, jobs[0]), action_values(other, jobs[1]))
        words += changes_of(word_values(one), word_values(other))
    behaviour = tuple(change for change in runs if not says_the_same(change))
    return _Fields((*triggers, *_enabling(old, new)), behaviour, (*filter(says_the_same, runs), *words))


def _group(change: FieldChange) -> int:
    """Inputs first, then outputs and so on; inside a group the order stays."""
    return VALUE_GROUPS.index(change.name.partition(".")[0])


def _enabling(old: ScheduleRuns, new: ScheduleRuns) -> Iterator[FieldChange]:
    states = is_enabled(old), is_enabled(new)
    if states[0] != states[1]:
        yield FieldChange("is_enabled", *states)


def _same_text(old: ScheduleRuns, new: ScheduleRuns) -> bool:
    """Whether the files of two schedules say the same, letter by letter; files that hold others too are not looked at."""
    texts = [side.definition and side.definition.places and side.definition.places.own_text for side in (old, new)]
    return None in texts or texts[0] == texts[1]


def _first_times(found: TimesDiff) -> tuple[TimeChange, ...]:
    """The first times that change, daylight saving time alone excepted, in the order of time."""
    changes: list[tuple[int | None, int | None]] = [(epoch, None) for epoch in found.lost[:SHOWN_TIMES]]
    changes += [(None, epoch) for epoch in found.gained[:SHOWN_TIMES]]
    changes += found.moved[:SHOWN_TIMES]
    changes.sort(key=lambda change: min(epoch for epoch in change if epoch is not None))
    return tuple(time_change(*change) for change in changes[:SHOWN_TIMES])


def _count_moves(found: TimesDiff) -> Iterator[Move]:
    """How far runs move, the most frequent first, at most SHOWN_MOVES of each kind."""
    for pairs, by_dst in ((found.moved, False), (found.moved_by_dst, True)):
        counts = Counter(new - old for old, new in pairs)
        for seconds, runs in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_MOVES]:
            yield Move(seconds, runs, by_dst)
