"""Which duration is meant for a run: of its schedule, its pipeline, a tag, one of its steps; configured or measured."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from pytest_mlschedule.costs.durations import LONGEST, Duration
from pytest_mlschedule.triggers.window import parse_duration
from pytest_mlschedule.triggers.wording import nearest

TAG = "tag:"
STEP = "/"
_SECOND = timedelta(seconds=1)
_LONGEST = timedelta(seconds=LONGEST)
_LIKE = 0.85
_MOST_COMPARED = 100_000  # names with names


class KnownDuration(NamedTuple):
    """A duration, and where it comes from in words ("durations.nightly", "measured, 35 runs of nightly")."""

    duration: Duration
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDurations:
    """Durations by what they are for.

    ``configured``: by the name of a schedule or a pipeline, a pattern of such names (``nightly-*``), a tag (``team=ml``,
    ``tag:team``), or a step (``nightly/train``). ``measured``: by the name of a schedule. What is configured counts more than what
    was measured, a name more than a pattern, a schedule more than its pipeline, all of them more than a tag. ``has_history``:
    whether there was something to measure.
    """

    configured: Mapping[str, Duration] = field(default_factory=dict)
    measured: Mapping[str, Duration] = field(default_factory=dict)
    has_history: bool = False

    def find(self, names: Iterable[str], tags: Mapping[str, Any]) -> KnownDuration | None:
        """The duration of runs; ``names``: the schedule's, then those of its pipeline. None where none is known."""
        given = list(names)
        for key in self._keys(given, tags):
            return KnownDuration(self.configured[key], f"durations.{key}")
        for name in given[:1]:
            if name in self.measured:
                found = self.measured[name]
                return KnownDuration(
                    found, f"measured, {len(found.samples)} run{'s'[: len(found.samples) != 1]} of {name}"
                )
        return None

    @property
    def whole_runs(self) -> list[str]:
        """The names of schedules and pipelines that durations are configured for."""
        return [key for key in self.configured if STEP not in key and not _is_tag(key)]

    def find_misspelt(self, names: Collection[str], likely: Iterable[str]) -> dict[str, str]:
        """Names that durations are configured for and nothing at hand has, each with the one of ``likely`` that is meant by it.

        ``names``: those of all schedules and pipelines at hand. One with a duration of its own is not meant by another key. Both
        are what is most like the other.
        """
        free = [name for name in likely if name not in self.configured]
        strange = [key for key in self.whole_runs if key not in names and not _is_pattern(key)]
        strange = strange[: _MOST_COMPARED // max(1, len(free))]
        found = {key: nearest(key, free, cutoff=_LIKE) for key in strange}
        return {
            key: near[0] for key, near in found.items() if near and nearest(near[0], strange, cutoff=_LIKE) == [key]
        }

    def find_step(self, names: Iterable[str], step: str) -> KnownDuration | None:
        """The duration of one step of a pipeline."""
        return self.find([f"{name}{STEP}{step}" for name in names], {})

    def _keys(self, names: list[str], tags: Mapping[str, Any]) -> Iterator[str]:
        """The keys that fit, the best first."""
        yield from (name for name in names if name in self.configured)
        patterns = [key for key in self.configured if not _is_tag(key) and _is_pattern(key)]
        yield from (key for name in names for key in patterns if _fits(name, key))
        for exact in (True, False):
            for key in self.configured:
                name, equals, value = key.removeprefix(TAG).partition("=")
                fits = _is_tag(key) and name in tags and (not equals or str(tags[name]) == value)
                if fits and bool(equals) is exact:
                    yield key


def _fits(name: str, pattern: str) -> bool:
    """Whether a pattern means a name; the steps of a pipeline are not meant by a pattern of pipelines."""
    return fnmatchcase(name, pattern) and name.count(STEP) == pattern.count(STEP)


def _is_pattern(key: str) -> bool:
    return any(char in key for char in "*?[")


def _is_tag(key: str) -> bool:
    return key.startswith(TAG) or "=" in key


def read_duration(value: object) -> Duration:
    """A duration as people give it: ``"45m"``, a timedelta, ``{"p50": "30m", "p95": "1h"}``, or a Duration.

    Raises ValueError that says what is allowed, TypeError for a bare number, which has no unit.
    """
    if isinstance(value, Duration):
        return value
    if isinstance(value, Mapping):
        return _read_percentiles(value)
    return Duration(_read_seconds(value))


def _read_percentiles(value: Mapping[Any, Any]) -> Duration:
    unknown = sorted(map(str, value.keys() - {"p50", "p95"}))
    if unknown or "p50" not in value:
        raise ValueError(f"a spread of durations has p50 and p95, such as p50 = '30m', p95 = '1h'; not {dict(value)!r}")
    p50 = _read_seconds(value["p50"])
    p95 = _read_seconds(value["p95"]) if "p95" in value else None
    if p95 is not None and p95 < p50:
        raise ValueError(f"p95 ({value['p95']}) is below p50 ({value['p50']})")
    return Duration(p50, p95)


def _read_seconds(value: object) -> int:
    if isinstance(value, str):
        value = parse_duration(value)
    if not isinstance(value, timedelta):
        raise TypeError(f"a duration is a text such as '45m' or a timedelta, not {type(value).__name__}: it has a unit")
    if value < _SECOND:
        raise ValueError("a run takes at least a second; leave out what is not known")
    if value > _LONGEST:
        raise ValueError(f"a run takes at most {_LONGEST.days} days, not {value.days:,}")
    return value // _SECOND
