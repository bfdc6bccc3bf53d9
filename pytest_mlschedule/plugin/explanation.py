"""Why two lists of runs are not equal, for ``assert runs == ...``: what a person needs, not two lists of everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import takewhile
from typing import Any

from pytest_mlschedule.planning.compare import FirstDifference, RunPoint, RunsDifference, compare_runs
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.run import PlannedRun
from pytest_mlschedule.planning.sequence import PlannedRuns
from pytest_mlschedule.plugin.assertion_frame import find_our_names, find_zone
from pytest_mlschedule.workspace.job import Job

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_TIMES, _VALUES, _VALUE_LENGTH = 4, 3, 48
"""What is shown below ``-vv``. pytest cuts an explanation after ten lines or 710 characters."""
_KINDS = {PlannedRun: "planned runs", Job: "jobs", str: "texts", datetime: "times"}
_COMPARE = {str: "[run.display_name for run in ...]", datetime: "[run.trigger_time for run in ...]"}


def explain_equality(left: object, right: object, *, verbosity: int) -> list[str] | None:
    """The lines that pytest shows for ``assert left == right``; None when neither side is ours or nothing can be said.

    The first line follows the word ``assert``. From verbosity 2 on (``-vv``) nothing is left out.
    """
    at_hand: list[object] = []
    if not (_is_ours(left) or _is_ours(right)):
        at_hand = find_our_names() if _are_plain(left, right) else []
        if not at_hand:
            return None
    swapped = not _is_ours(left) and _is_ours(right)
    actual, expected = (right, left) if swapped else (left, right)
    try:
        got, wanted = _runs_of(actual), _runs_of(expected)
        difference = _localize(compare_runs(got, wanted), find_zone(at_hand))
    except (TypeError, ValueError):  # compared with something that is no list of runs: pytest's own words are better
        return None
    noun = "run" if _is_ours(actual) or any(isinstance(item, str) for item in (*got, *wanted)) else "time"
    counts = [_many(difference.actual_count, noun), _many(difference.expected_count, noun)]
    headline = " == ".join(reversed(counts) if swapped else counts)
    remarks = [*_window_remarks(actual, expected), *_kind_remarks(actual, expected, got, wanted)]
    if not difference and not remarks:
        return None
    return [f"{headline}: {_summary(difference, noun)}", *_details(difference, everything=verbosity >= 2), *remarks]


def _is_ours(value: object) -> bool:
    if isinstance(value, Plan | PlannedRuns | PlannedRun | Job):
        return True
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], PlannedRun | Job)


def _are_plain(left: object, right: object) -> bool:
    """Whether both are lists of times or display names, and not both empty."""
    if not (isinstance(left, list | tuple) and isinstance(right, list | tuple)):
        return False
    items = [*left, *right]
    return bool(items) and all(isinstance(item, datetime | str) for item in items)


def _localize(difference: RunsDifference, where: tzinfo | None) -> RunsDifference:
    """The difference with the wall clock of a zone at the times that do not know theirs."""
    if where is None:
        return difference
    add = [
        tuple(replace(point, local_time=point.local_time or point.trigger_time.astimezone(where)) for point in points)
        for points in (difference.missing, difference.extra)
    ]
    return replace(difference, missing=add[0], extra=add[1])


def _runs_of(side: object) -> Sequence[object]:
    if isinstance(side, Plan):
        return side.runs
    if isinstance(side, PlannedRun | Job):
        return [side]
    if isinstance(side, Sequence) and not isinstance(side, str):
        return side
    raise TypeError(f"{type(side).__name__} is no list of runs")


def _summary(difference: RunsDifference, noun: str) -> str:
    parts = [
        (len(difference.missing), "missing (-)"),
        (len(difference.extra), "extra (+)"),
        (len(difference.changed), "with other values (expected -> got)"),
    ]
    said = ", ".join(f"{number:,} {what}" for number, what in parts if number)
    return said or (f"the same {noun}s in another order" if difference.reordered else "the same times and values")


def _details(difference: RunsDifference, *, everything: bool) -> Iterator[str]:
    first = difference.first
    if first is None:
        return
    got, wanted = _name_points(first)
    if got == wanted and not difference.reordered:
        yield f"  first at index {first.index}: other values at {got}"
    else:
        yield f"  first at index {first.index}: got {got or 'nothing more'}, expected {wanted or 'nothing more'}"
    marked = [*((point, "-") for point in difference.missing), *((point, "+") for point in difference.extra)]
    marked.sort(key=lambda entry: (entry[0].trigger_time, entry[0].schedule or ""))
    yield from _cut([f"  {mark} {_moment(point)}" for point, mark in marked], None if everything else _TIMES)
    yield from _cut([f"    {text}" for text in _changes(difference)], None if everything else _VALUES)


def _name_points(first: FirstDifference) -> tuple[str | None, str | None]:
    """Both sides as their times; where those are the same, as the schedules that differ too."""
    mine, theirs = first.actual, first.expected
    one, other = (None if point is None else f"{point.trigger_time:%Y-%m-%dT%H:%M:%SZ}" for point in (mine, theirs))
    if mine and theirs and one == other and mine.schedule != theirs.schedule:
        return f"{one} {mine.schedule}", f"{other} {theirs.schedule}"
    return one, other


def _cut(lines: list[str], shown: int | None) -> list[str]:
    if shown is None or len(lines) <= shown:
        return lines
    return [*lines[:shown], f"    and {len(lines) - shown:,} more (-vv shows all)"]


def _moment(point: RunPoint) -> str:
    """``2026-03-08T10:30:00Z = Sun 2026-03-08 03:30 PDT  nightly``; the wall clock where it is known and not UTC."""
    text = f"{point.trigger_time:%Y-%m-%dT%H:%M:%SZ}"
    local = point.local_time
    if local is not None and local.tzname() != "UTC":
        seconds = ":%S" if local.second else ""
        text += f" = {_WEEKDAYS[local.weekday()]} {local:%Y-%m-%d %H:%M{seconds}} {local.tzname()}"
    return f"{text}  {point.schedule}" if point.schedule else text


@dataclass(slots=True)
class _Change:
    """A value that differs in ``runs`` runs: its name and, of the first of them, both texts."""

    name: str
    expected: str
    actual: str
    first: RunPoint
    runs: int = 0


def _changes(difference: RunsDifference) -> Iterator[str]:
    """One line for every name whose value differs, however many runs it differs in."""
    found: dict[str, _Change] = {}
    for run in difference.changed:
        for value in run.values:
            if value.name not in found:
                found[value.name] = _Change(value.name, *_shorten(value.expected, value.actual), run.point)
            found[value.name].runs += 1
    for change in found.values():
        since = f" at {change.first.trigger_time:%Y-%m-%dT%H:%M:%SZ}"
        more = f" and in {_many(change.runs - 1, 'later run')}" if change.runs > 1 else ""
        yield f"{change.name}: {change.expected} -> {change.actual}{since}{more}"


def _shorten(*values: Any) -> tuple[str, str]:
    """Two values as text, cut around the place where they part."""
    one, other = map(repr, values)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    start = max(0, same - 16) if max(len(one), len(other)) > _VALUE_LENGTH else 0
    parts = [("..." if start else "") + text[start : start + _VALUE_LENGTH] for text in (one, other)]
    ends = ["..." if start + _VALUE_LENGTH < len(text) else "" for text in (one, other)]
    return parts[0] + ends[0], parts[1] + ends[1]


def _window_remarks(actual: object, expected: object) -> Iterator[str]:
    """What else two plans differ in: their windows, and schedules that have no run."""
    if isinstance(actual, Plan) and isinstance(expected, Plan):
        windows = [f"{plan.start:%Y-%m-%dT%H:%M:%SZ} to {plan.end:%Y-%m-%dT%H:%M:%SZ}" for plan in (actual, expected)]
        if actual.window.epochs != expected.window.epochs:
            yield f"  the plans have other windows: got {windows[0]}, expected {windows[1]}"
        got, wanted = set(actual.schedules), set(expected.schedules)
        for names, what in ((wanted - got, "no schedule"), (got - wanted, "not expected: schedule")):
            if names:
                yield f"  {what} {', '.join(sorted(names))}"
    elif isinstance(actual, Plan) or isinstance(expected, Plan):
        yield "  a plan never equals a list: compare plan.runs"


def _kind_remarks(actual: object, expected: object, got: Sequence[object], wanted: Sequence[object]) -> Iterator[str]:
    """Why lists of different kinds are not equal whatever they hold, and what to compare instead."""
    kinds = [_kind(items) for items in (got, wanted)]
    if None in kinds or kinds[0] is kinds[1]:
        return
    plain = next((kind for kind in kinds if kind in _COMPARE), str)
    names = [_KINDS[kind] for kind in kinds if kind is not None]
    yield f"  {names[0]} never equal {names[1]}: compare {_COMPARE[plain]}"


def _kind(items: Sequence[object]) -> type | None:
    return next((kind for kind in _KINDS if len(items) and isinstance(items[0], kind)), None)


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
