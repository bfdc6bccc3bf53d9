"""What ``begin_*`` gives back: an operation that takes simulated time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

from pytest_mlschedule.clock import Clock
from pytest_mlschedule.errors import WorkspaceError

T_co = TypeVar("T_co", covariant=True)


class Poller(Generic[T_co]):
    """A long-running operation, with the methods of azure.core's LROPoller.

    It is done when the *simulated* clock passes its end (``ServiceProfile.provisioning_delay``). Nothing here waits
    or moves that clock: ``result()`` and ``wait()`` of an operation that is under way come back at once,
    ``result()`` with the resource as it is by then (``provisioning_state`` Creating or Updating), as an LROPoller
    does whose timeout has passed. An operation that failed raises there, not where it was begun (semantics WS-3).
    ``timeout`` (seconds) is taken and not needed.
    """

    def __init__(
        self, resource: Callable[[], T_co], clock: Clock, *, ends_at: datetime, busy: str = "", failure: str = ""
    ) -> None:
        self._resource = resource
        self._clock = clock
        self.ends_at = ends_at
        """The simulated instant at which it is done (aware, UTC)."""
        self.failure = failure
        """Why it fails; empty where it succeeds."""
        self._busy = busy

    def __repr__(self) -> str:
        return f"<Poller {self.status()}>"

    def done(self) -> bool:
        """Whether the operation has ended, well or not."""
        return self._clock.now() >= self.ends_at

    def status(self) -> str:
        """Creating, Updating, Succeeded or Failed."""
        if not self.done():
            return self._busy
        return "Failed" if self.failure else "Succeeded"

    def wait(self, timeout: float | None = None) -> None:
        """Raises WorkspaceError when the operation failed; never waits."""
        if self.failure:
            raise WorkspaceError(self.failure)

    def result(self, timeout: float | None = None) -> T_co:
        """The resource as it is now. Raises WorkspaceError when the operation failed."""
        self.wait(timeout)
        return self._resource()
