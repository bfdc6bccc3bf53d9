"""The activity log: who did what, when, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ActivityStatus = Literal["Succeeded", "Failed", "Denied"]


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    """One call that changed the workspace, failed to, or was denied.

    ``caller``: the principal. ``operation``: the verb that was called ("schedules.begin_disable"). ``action``: what
    the role must allow for it. ``resource``: on what ("schedules/nightly", "jobs" for all). ``timestamp``: simulated
    instant, aware, UTC. ``message``: why it failed or was denied, or what to know about a success; may be empty.
    """

    caller: str
    operation: str
    action: str
    resource: str
    timestamp: datetime
    status: ActivityStatus
    message: str = ""

    def __str__(self) -> str:
        tail = f": {self.message}" if self.message else ""
        when = f"{self.timestamp:%Y-%m-%dT%H:%M:%SZ}"
        return f"{when} {self.caller} {self.operation} {self.resource} {self.status}{tail}"
