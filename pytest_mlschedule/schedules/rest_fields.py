"""Reading one object of REST JSON: keys in any case, null as absent, unknown keys ignored, wrong values reported."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, PathPart, error
from pytest_mlschedule.schedules.frozen import EMPTY, FrozenDict, freeze
from pytest_mlschedule.schedules.problems import closest, describe

# Deeper than any definition that the service has answered; deeper ones would exhaust Python's stack.
DEPTH_LIMIT = 64

Field = tuple[PathPart, ...]


def fold(text: str) -> str:
    """A key or an enum value for comparison: without case and underscores (``week_days``, ``WeekDays``, ``weekDays``)."""
    return text.replace("_", "").lower()


def check_depth(data: object) -> list[Diagnostic]:
    """MLS004 for data nested deeper than 64 levels."""
    level: list[object] = [data]
    for _ in range(DEPTH_LIMIT):
        level = [item for value in level for item in _children(value)]
        if not level:
            return []
    return [error("MLS004", f"is nested deeper than {DEPTH_LIMIT} levels", "a schedule is about ten levels deep")]


def _children(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple) else ()


class RestObject:
    """One object of a REST body. What is wrong is added to ``found``; its place is ``place`` and the key."""

    def __init__(self, data: Mapping[Any, Any], found: list[Diagnostic], place: Field = ()) -> None:
        self.data = data
        self.found = found
        self.place = place
        self._keys = {fold(key): key for key in data if isinstance(key, str)}

    def key(self, name: str) -> str:
        """How this object spells a key; the name itself where it lacks it."""
        return name if name in self.data else self._keys.get(fold(name), name)

    def value(self, name: str) -> Any:
        """The value of a key; None where it is absent or null."""
        return self.data.get(self.key(name))

    def report(self, problem: Diagnostic, name: str | None = None) -> None:
        """Add a problem of this object, or of the value of a key."""
        self.found.append(problem.under(*self.place, *(() if name is None else (self.key(name),))))

    def text(self, name: str) -> str | None:
        """Text, or None."""
        value = self.value(name)
        if value is None or isinstance(value, str):
            return value
        self.report(error("MLS008", f"must be text, not {describe(value)}", "quote it"), name)
        return None

    def flag(self, name: str) -> bool | None:
        """true, false, or None."""
        value = self.value(name)
        if value is None or isinstance(value, bool):
            return value
        self.report(error("MLS008", f"must be true or false, not {describe(value)}"), name)
        return None

    def mapping(self, name: str) -> Mapping[str, Any]:
        """An object; empty where it is absent."""
        value = self.value(name)
        if value is None:
            return EMPTY
        if not isinstance(value, Mapping):
            self.report(error("MLS008", f"must be a mapping, not {describe(value)}"), name)
            return EMPTY
        if any(not isinstance(key, str) for key in value):
            self.report(error("MLS008", "has keys that are not text", "quote them"), name)
            return EMPTY
        return value

    def inner(self, name: str) -> RestObject:
        """The object under a key, to be read in turn; empty where it is absent."""
        return RestObject(self.mapping(name), self.found, (*self.place, self.key(name)))

    def data_map(self, name: str) -> FrozenDict[str, Any]:
        """An object of any content, frozen."""
        frozen: FrozenDict[str, Any] = freeze(self.mapping(name))
        return frozen

    def text_map(self, name: str) -> FrozenDict[str, Any]:
        """An object whose values are text or null, frozen."""
        data = self.mapping(name)
        for key, value in data.items():
            if not isinstance(value, str | None):
                problem = error("MLS008", f"must be text, not {describe(value)}", "quote it", (key,))
                self.report(problem, name)
        return FrozenDict({key: value for key, value in data.items() if isinstance(value, str | None)})

    def choice(self, name: str, allowed: Mapping[str, str]) -> str | None:
        """One of the service's words in any case, as ours; ``allowed`` maps its spelling to ours."""
        text = self.text(name)
        if text is None:
            return None
        ours = {fold(word): meaning for word, meaning in allowed.items()}
        if fold(text) not in ours:
            self.report(error("MLS009", f"{describe(text)} is not allowed here", closest(text, allowed)), name)
            return None
        return ours[fold(text)]

    def items(self, name: str, read: Callable[[RestObject], Any]) -> FrozenDict[str, Any]:
        """An object of named objects, each read by ``read``; null entries and those that ``read`` gives None for are left out."""
        outer = self.inner(name)
        result = {}
        for key, value in outer.data.items():
            if isinstance(value, Mapping):
                item = read(RestObject(value, self.found, (*outer.place, key)))
                if item is not None:
                    result[key] = item
            elif value is not None:
                outer.report(error("MLS008", f"must be a mapping, not {describe(value)}", "", (key,)))
        return FrozenDict(result)

    def literal(self, name: str) -> str | int | float | bool | None:
        """Text as the service writes it; a hand-written number or boolean as it is; None."""
        value = self.value(name)
        if value is None or isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value)):
            return value
        self.report(
            error("MLS008", f"must be text, not {describe(value)}", "a literal input is text on the wire"), name
        )
        return None

    def instant(self, name: str) -> datetime | None:
        """An instant (aware, UTC); without an offset it is UTC. What cannot be read is None: nothing hangs on it."""
        text = self.text(name)
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(text)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            return None


def last_part(text: str) -> str:
    """The name at the end of an ARM id or of ``workspace/name``; other text as it is, without ``azureml:``."""
    return text.removeprefix("azureml:").rstrip("/").rsplit("/", 1)[-1]
