"""Long-running operations: headers that point to a status, and the status."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pytest_mlschedule.arm.errors import ArmError, error_body
from pytest_mlschedule.arm.faults_hook import Call
from pytest_mlschedule.workspace.pollers import Poller
from pytest_mlschedule.workspace.roles import READ_SCHEDULES
from pytest_mlschedule.workspace.state import Caller
from pytest_mlschedule.workspace.state import Operation as Action
from pytest_mlschedule.workspace.workspace import FakeWorkspace, state_of

_NAMESPACE = uuid.UUID("b0a8c1de-5c60-5c53-8d2a-6b1f6b7b9f0e")
API_VERSION = "2023-06-01-preview"


@dataclass(slots=True)
class Operation:
    """One operation. ``busy``: its status while it is under way ("Creating"). ``workspace``: as the one who began it sees
    it."""

    name: str
    busy: str
    poller: Poller[Any]
    started: datetime
    workspace: FakeWorkspace
    polls: int = 0

    def authorize(self, call: Call) -> None:
        """Whoever began an operation may ask about it, and whoever may read schedules. Raises AuthorizationError."""
        if call.principal != self.workspace.principal:
            reading = Action(call.route, READ_SCHEDULES, "schedules")
            state_of(self.workspace).authorize(Caller(call.principal or ""), reading)

    def url(self, origin: str, collection: str) -> str:
        """Where to ask: ``mfeOperationsStatus`` or ``mfeOperationResults``."""
        return f"{origin}{self._path(collection)}?api-version={API_VERSION}"

    def _path(self, collection: str) -> str:
        provider = f"/subscriptions/{self.workspace.subscription_id}/providers/Microsoft.MachineLearningServices"
        return f"{provider}/locations/{self.workspace.location}/{collection}/{self.name}"

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
        operation = Operation(name, busy, poller, workspace.clock.now(), workspace)
        self.operations[name] = operation
        return operation

    def find(self, name: str) -> Operation:
        """The operation of a name. Raises ArmError (404)."""
        if name not in self.operations:
            raise ArmError(404, "NotFound", f"The operation {name} was not found.")
        return self.operations[name]
