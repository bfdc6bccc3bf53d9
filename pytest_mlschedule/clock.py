"""Time that passes only when told to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that knows the current instant."""

    def now(self) -> datetime:
        """The current instant, aware, UTC."""
        ...


class SimulatedClock:
    """A clock that stands still until it is moved, and only ever moves forward.

    ``now`` is an aware datetime. A naive one is a TypeError: which instant it means would depend on the machine.
    """

    def __init__(self, now: datetime) -> None:
        self._now = _in_utc(now)
        self._listeners: list[Callable[[datetime], object]] = []

    def __repr__(self) -> str:
        return f"SimulatedClock({self._now.isoformat()})"

    def now(self) -> datetime:
        """The current simulated instant, aware, UTC."""
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Set the clock to a later (or the same) instant. Raises ValueError when that would go back in time."""
        target = _in_utc(instant)
        if target < self._now:
            raise ValueError(
                f"the clock stands at {self._now.isoformat()} and only moves forward; {target.isoformat()} is earlier"
            )
        self._now = target
        for listener in tuple(self._listeners):
            listener(target)

    def tick(self, delta: timedelta) -> None:
        """Move forward by ``delta``. Raises ValueError when it is negative, TypeError when it is no timedelta."""
        if not isinstance(delta, timedelta):
            raise TypeError(
                f"a step of the clock is a timedelta, such as timedelta(hours=1), not {type(delta).__name__}"
            )
        self.move_to(self._now + delta)

    def subscribe(self, listener: Callable[[datetime], object]) -> Callable[[], None]:
        """Call ``listener(now)`` after every move, in order of subscription. Returns the call that ends it."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe


def _in_utc(instant: datetime) -> datetime:
    if not isinstance(instant, datetime):
        raise TypeError(f"an instant is an aware datetime, not {type(instant).__name__}")
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise TypeError(f"{instant!r} is naive: give it a time zone, for example tzinfo=datetime.UTC")
    return instant.astimezone(UTC)
