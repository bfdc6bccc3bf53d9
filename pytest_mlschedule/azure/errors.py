"""What goes wrong beneath the real client: no errors of Azure, so that nothing retries or translates them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from pytest_mlschedule.errors import MLScheduleError

INSTALL = 'pip install "pytest-mlschedule[azure]"'
"""The line that installs what this package needs."""
_NOT_MODELLED = "NotModelled"
_LIBRARIES = ("azure", "requests", "urllib3", "werkzeug")


class RouteNotModelledError(MLScheduleError):
    """The code under test made a call that the REST face does not know; the message says which one."""


class NetworkRefusedError(MLScheduleError):
    """Something was about to leave this machine while Azure is mocked; the message says what, and how to allow it."""


class AzureMissingError(MLScheduleError):
    """azure-ai-ml, or what goes with it, is not installed; the message has the line that installs it."""


@contextmanager
def needing_azure() -> Iterator[None]:
    """Within the block a library that is missing because the extra is not installed is an AzureMissingError."""
    try:
        yield
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in _LIBRARIES:
            raise
        text = f"this needs azure-ai-ml and what goes with it, and there is no {missing.name}: {INSTALL}"
        raise AzureMissingError(text) from None


def refuse_unmodelled(status: int, content: bytes) -> None:
    """Raises RouteNotModelledError for an answer that says that the REST face does not know the call."""
    if status != 501:
        return
    try:
        error = json.loads(content)["error"]
        unknown = error["code"] == _NOT_MODELLED
    except (ValueError, TypeError, KeyError):
        return
    if unknown:
        raise RouteNotModelledError(error["message"])
