"""What tells two lists of runs apart, in the terms of people: which times, which values.

A list may hold planned runs, jobs of a workspace, aware datetimes, or texts (display names, ISO times with an offset).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from enum import Enum
from itertools import zip_longest
from typing import Any

from pytest_mlschedule.planning.equality import same_value

_DISPLAY_NAME = re.compile(r"(?P<schedule>.+)-(?P<stamp>\d{8}T\d{6}Z)", re.ASCII)
_VALUES = ("job_name", "display_name", "experiment_name", "compute")
_MAPPINGS = ("inputs", "outputs", "settings", "tags")


class Absent(Enum):
    """Stands for a value that one side does not have."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "(absent)"


ABSENT = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class RunPoint:
    """A run as far as a list tells: its instant (aware, UTC); the schedule's name and its wall clock where known."""

    trigger_time: datetime
    schedule: str | None = None
    local_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value that differs: ``name`` such as ``inputs.date`` or ``compute``; ABSENT where a side lacks it."""

    name: str
    actual: Any
    expected: Any


@dataclass(frozen=True, slots=True)
class RunChange:
    """A run that both lists have, with values that differ."""

    point: RunPoint
    values: tuple[ValueChange, ...]


@dataclass(frozen=True, slots=True)
class FirstDifference:
    """The first index at which the lists differ, in order or in values; None for a side that has ended there."""

    index: int
    actual: RunPoint | None
    expected: RunPoint | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsDifference:
    """How ``actual`` differs from ``expected``. False when it does not.

    ``missing``: only expected; ``extra``: only actual; ``changed``: in both, with different values; all in time order.
    ``reordered``: the same runs in another order.
    """

    actual_count: int
    expected_count: int
    first: FirstDifference | None
    missing: tuple[RunPoint, ...]
    extra: tuple[RunPoint, ...]
    changed: tuple[RunChange, ...]
    reordered: bool

    def __bool__(self) -> bool:
        return self.first is not None


_Key = tuple[datetime, str, int]


@dataclass(frozen=True, slots=True)
class _Entry:
    point: RunPoint
    run: object  # what carries values; None for times and names


def compare_runs(actual: Iterable[object], expected: Iterable[object]) -> RunsDifference:
    """The difference of two lists of runs. Where a list has times alone, times alone are compared.

    Raises TypeError for an item that is no run, ValueError for a text that is neither a display name nor a time.
    """
    mine, theirs = [_read(item) for item in actual], [_read(item) for item in expected]
    by_time = any(entry.point.schedule is None for entry in mine + theirs)
    zones = _zones(mine + theirs)
    left, right = (_keyed(entries, zones, by_time=by_time) for entries in (mine, theirs))
    changed = {key: values for key in left if key in right and (values := tuple(_changes(left[key], right[key])))}
    missing = tuple(right[key].point for key in sorted(right) if key not in left)
    extra = tuple(left[key].point for key in sorted(left) if key not in right)
    first = _first(left, right, changed)
    return RunsDifference(
        actual_count=len(left),
        expected_count=len(right),
        first=first,
        missing=missing,
        extra=extra,
        changed=tuple(RunChange(left[key].point, changed[key]) for key in sorted(changed)),
        reordered=first is not None and not (missing or extra or changed),
    )


def _read(item: object) -> _Entry:
    if isinstance(item, datetime):
        return _Entry(RunPoint(_in_utc(item)), None)
    if isinstance(item, str):
        return _Entry(_read_text(item), None)
    instant, schedule = getattr(item, "trigger_time", None), getattr(item, "schedule", None)
    if not isinstance(instant, datetime) or not isinstance(schedule, str):
        raise TypeError(f"{item!r} is no run: give planned runs, jobs, aware datetimes or display names")
    local = getattr(item, "local_time", None)
    return _Entry(RunPoint(_in_utc(instant), schedule, local), item)


def _read_text(text: str) -> RunPoint:
    match = _DISPLAY_NAME.fullmatch(text)
    try:
        if match is not None:
            return RunPoint(datetime.strptime(match["stamp"], "%Y%m%dT%H%M%S%z"), match["schedule"])
        return RunPoint(_in_utc(datetime.fromisoformat(text)))
    except ValueError:
        raise ValueError(f"{text!r} is neither a display name (name-YYYYMMDDThhmmssZ) nor a time") from None


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise TypeError(f"{instant!r} is naive: give it a time zone, for example tzinfo=datetime.UTC")
    return instant.astimezone(UTC)


def _zones(entries: Iterable[_Entry]) -> dict[str | None, tzinfo]:
    """The zone of every schedule whose runs know it; under None the zone that all of them share, if they do."""
    zones: dict[str | None, tzinfo] = {}
    for point in (entry.point for entry in entries):
        if point.local_time is not None and point.local_time.tzinfo is not None:
            zones.setdefault(point.schedule, point.local_time.tzinfo)
    if len({str(where) for where in zones.values()}) == 1:
        zones[None] = next(iter(zones.values()))
    return zones


def _keyed(entries: Iterable[_Entry], zones: Mapping[str | None, tzinfo], *, by_time: bool) -> dict[_Key, _Entry]:
    """The entries in their order, by instant, schedule (unless ``by_time``) and a number where those are equal."""
    keyed: dict[_Key, _Entry] = {}
    seen: Counter[tuple[datetime, str]] = Counter()
    for entry in entries:
        point = entry.point
        if point.local_time is None and point.schedule in zones:
            entry = replace(
                entry, point=replace(point, local_time=point.trigger_time.astimezone(zones[point.schedule]))
            )
        same = (point.trigger_time, "" if by_time else point.schedule or "")
        keyed[(*same, seen[same])] = entry
        seen[same] += 1
    return keyed


def _changes(left: _Entry, right: _Entry) -> Iterator[ValueChange]:
    if left.run is None or right.run is None or left.run == right.run:
        return
    for name in _VALUES:
        mine, theirs = getattr(left.run, name, ABSENT), getattr(right.run, name, ABSENT)
        if ABSENT not in (mine, theirs) and not same_value(mine, theirs):
            yield ValueChange(name, mine, theirs)
    for group in _MAPPINGS:
        ours, others = getattr(left.run, group, None) or {}, getattr(right.run, group, None) or {}
        for name in dict.fromkeys((*ours, *others)):
            mine, theirs = ours.get(name, ABSENT), others.get(name, ABSENT)
            if not same_value(mine, theirs):
                yield ValueChange(f"{group}.{name}", mine, theirs)


def _first(
    left: Mapping[_Key, _Entry], right: Mapping[_Key, _Entry], changed: Container[_Key]
) -> FirstDifference | None:
    for index, (mine, theirs) in enumerate(zip_longest(left, right)):
        if mine != theirs or mine in changed:
            return FirstDifference(
                index,
                None if mine is None else left[mine].point,
                None if theirs is None else right[theirs].point,
            )
    return None
