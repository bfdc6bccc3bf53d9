"""Every exception of the package. All derive from MLScheduleError."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_mlschedule.diagnostics import Diagnostic


class MLScheduleError(Exception):
    """Base of all errors that this package raises on purpose."""


class DefinitionError(MLScheduleError):
    """A definition (schedule, job, trigger) cannot be used; ``diagnostics`` holds every problem found, in file order."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n".join(map(str, self.diagnostics))


class InstantRangeError(MLScheduleError, ValueError):
    """An instant outside 1970 to 2200, the years the engine answers for (semantics TZ-3)."""


class MacroError(MLScheduleError):
    """A macro cannot be resolved."""


class WorkspaceError(MLScheduleError):
    """The fake workspace refused a call, in the words of the service where they are known."""


class ResourceNotFoundError(WorkspaceError):
    """The workspace has no schedule or job of that name."""


class ResourceExistsError(WorkspaceError):
    """The workspace already has a resource of that name and the call does not replace it."""


class AuthorizationError(WorkspaceError):
    """The role does not allow the action (semantics WS-6). Nothing was changed."""


class RouteNotModelledError(MLScheduleError):
    """A client made a call that the REST face does not know. The message names method and path, and how to ask for it."""
