"""Long-running operations: headers that point to a status, and the status."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pytest_mlschedule.arm.errors import ArmError, error_body
from pytest_mlschedule.workspace.pollers import Poller
from pytest_mlschedule.workspace.workspace import FakeWorkspace

_NAMESPACE = uuid.UUID("b0a8c1de-5c60-5c53-8d2a-6b1f6b7b9f0e")
API_VERSION = "2023-06-01-preview"


@dataclass(slots=True)
class Operation:
    """One operation. ``busy``: its status while it is under way ("Creating"). ``subscription``, ``location``: of its URL."""

    name: str
    busy: str
    poller: Poller[Any]
    started: datetime
    subscription: str
    location: str
    polls: int = 0

    def url(self, origin: str, collection: str) -> str:
        """Where to ask: ``mfeOperationsStatus`` or ``mfeOperationResults``."""
        return f"{origin}{self._path(collection)}?api-version={API_VERSION}"

    def _path(self, collection: str) -> str:
        provider = f"/subscriptions/{self.subscription}/providers/Microsoft.MachineLearningServices"
        return f"{provider}/locations/{self.location}/{collection}/{self.name}"

    def poll(self) -> dict[str, Any]:
        """The status as the service answers it.

        While the simulated clock has not passed the end of the operation, the first poll says so; a later one ends it all
        the same, as nobody but the test moves that clock: a client that waits would wait for ever.
        """
        self.polls += 1
        answer: dict[str, Any] = {"id": self._path("mfeOperationResults"), "name": self.name}
        if not self.poller.done() and self.polls == 1:
            return {**answer, "status": self.busy}
        if self.poller.failure:
            return {**answer, "status": "Failed", "error": error_body("UserError", self.poller.failure)}
        times = {"startTime": self.started.isoformat(), "endTime": self.poller.ends_at.isoformat()}
        return {**answer, "status": "Succeeded", **times}


@dataclass(slots=True)
class OperationLog:
    """The operations of a cloud by name."""

    operations: dict[str, Operation] = field(default_factory=dict)

    def begin(self, busy: str, poller: Poller[Any], workspace: FakeWorkspace) -> Operation:
        """Keep an operation that begins now, under a new name."""
        name = str(uuid.uuid5(_NAMESPACE, f"{workspace.id}/{len(self.operations)}"))
        now = workspace.clock.now()
        operation = Operation(name, busy, poller, now, workspace.subscription_id, workspace.location)
        self.operations[name] = operation
        return operation

    def find(self, name: str) -> Operation:
        """The operation of a name. Raises ArmError (404)."""
        if name not in self.operations:
            raise ArmError(404, "NotFound", f"The operation {name} was not found.")
        return self.operations[name]
