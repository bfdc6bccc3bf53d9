"""Why a server cannot start."""

from __future__ import annotations

from pytest_mlschedule.errors import MLScheduleError


class ServeError(MLScheduleError):
    """There is nowhere to listen, or it would be dangerous; the message says the way out."""
