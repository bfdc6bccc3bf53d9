"""Faults: what a test lets go wrong in the REST face, and what was asked for."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from werkzeug.wrappers import Response

from pytest_mlschedule.arm.faults_hook import Call, FaultHook
from pytest_mlschedule.arm.faults_names import LONG, OPERATIONS, find_actions, find_operations
from pytest_mlschedule.arm.faults_operations import FailedOperation, OperationFaults, Slowness, begun_operation
from pytest_mlschedule.arm.faults_rules import Denial, Fault, Refusal, StaleTokens, check_count

__all__ = ["AnsweredCall", "Call", "Fault", "FaultHook", "Faults"]

_CODES = {
    408: "RequestTimeout",
    409: "Conflict",
    412: "PreconditionFailed",
    429: "TooManyRequests",
    500: "InternalServerError",
    502: "BadGateway",
    503: "ServiceUnavailable",
    504: "GatewayTimeout",
}
_AUTHORITY = 'Bearer authorization_uri="https://login.microsoftonline.com/"'
_EXPIRED = f'{_AUTHORITY}, error="invalid_token", error_description="The access token has expired."'
_CLAIMS = base64.b64encode(b'{"access_token":{"nbf":{"essential":true}}}').decode()
_REVOKED = f'{_AUTHORITY}, error="insufficient_claims", claims="{_CLAIMS}"'
_ALL = frozenset(OPERATIONS)
_CHANGES = tuple(name for name, route in OPERATIONS.items() if route.method != "GET")
_SHOWN_CALLS = 20


@dataclass(frozen=True, slots=True)
class AnsweredCall:
    """A call that was answered. ``operation``: "schedules.put"; ``name``: of the resource, "" for lists; ``status``: of
    HTTP; ``fault``: what happened to it, "" where nothing did."""

    operation: str
    method: str
    path: str
    name: str
    principal: str | None
    status: int
    fault: str = ""

    def __str__(self) -> str:
        name = f" {self.name}" if self.name else ""
        who = f" by {self.principal}" if self.principal else ""
        return f"{self.operation}{name}{who}: {self.status}" + (f" from {self.fault}" if self.fault else "")


class Faults:
    """What goes wrong in a REST face: give it to a Cloud, ``Cloud(workspace, faults=faults)``.

    Operations have the names of ``operations``; a pattern such as ``schedules.*`` stands for several. What is asked for first
    happens first, one thing to a call. Everything is decided by the calls alone: the same calls give the same answers.
    """

    operations: tuple[str, ...] = tuple(OPERATIONS)
    """The operations that faults can happen to."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._ended: list[Fault] = []
        self._calls: list[AnsweredCall] = []
        self._shown: dict[str, set[str]] = {}
        self._pending = OperationFaults()
        self._may_be_unused = False

    def __repr__(self) -> str:
        return f"<Faults: {len(self._faults)} to come, {len(self._calls)} calls>"

    @property
    def calls(self) -> tuple[AnsweredCall, ...]:
        """Every call whose token could be read, in order, polls and the client's own retries included."""
        return tuple(self._calls)

    def fail(
        self,
        operation: str,
        *,
        status: int = 500,
        after_commit: bool = False,
        times: int | None = 1,
        message: str = "",
    ) -> Fault:
        """Answer with an error, and do nothing, or do it all the same (``after_commit``).

        ``times``: how many calls it happens to; None: all. Raises ValueError for an unknown operation, a status that is no
        error, and a read to be committed.
        """
        if not isinstance(status, int) or not 400 <= status <= 599:
            raise ValueError(f"status cannot be {status!r}: an error is 400 to 599")
        among = _CHANGES if after_commit else self.operations
        words = f"fail({operation!r}, status={status}{', after_commit=True' if after_commit else ''})"
        done = "was carried out all the same" if after_commit else "was not carried out"
        text = message or f"The call {done} (a fault of the test)."
        answer = (status, _CODES.get(status, "UserError"), text)
        routes = find_operations(operation, among)
        return self._add(Refusal(words, routes, times, answer, after_commit=after_commit))

    def throttle(self, operation: str, *, retry_after: int = 1, times: int | None = 1) -> Fault:
        """Answer 429 with Retry-After, in seconds, and do nothing."""
        check_count("retry_after", retry_after)
        words = f"throttle({operation!r}, retry_after={retry_after})"
        text = f"Too many requests (a fault of the test). Please try again after {retry_after} seconds."
        headers = {"Retry-After": str(retry_after)}
        routes = find_operations(operation)
        return self._add(Refusal(words, routes, times, (429, _CODES[429], text), headers=headers))

    def slow(self, operation: str, *, polls: int = 2, times: int | None = 1) -> Fault:
        """Let a long-running operation take so many polls: all but the last find it under way."""
        check_count("polls", polls)
        return self._add(
            Slowness(f"slow({operation!r}, polls={polls})", find_operations(operation, LONG), times, polls)
        )

    def fail_operation(
        self,
        operation: str,
        *,
        code: str = "UserError",
        message: str = "The operation failed (a fault of the test).",
        after_commit: bool = False,
        times: int | None = 1,
    ) -> Fault:
        """Let a long-running operation begin well and end as ``Failed``, with nothing changed, or all (``after_commit``)."""
        words = f"fail_operation({operation!r}, code={code!r}{', after_commit=True' if after_commit else ''})"
        routes = find_operations(operation, LONG)
        return self._add(FailedOperation(words, routes, times, (code, message), after_commit=after_commit))

    def deny(self, action: str, *, principal: str | None = None) -> Fault:
        """Answer 403 to whatever needs an action (``schedules/write``, ``*/delete``), whatever the roles of the caller are."""
        actions = find_actions(action)
        return self._add(Denial(f"deny({action!r})", _ALL, actions).only(principal=principal))

    def expire_tokens(self, *, principal: str | None = None) -> Fault:
        """Answer 401 to every token that was shown before, and to the first one of who showed none.

        azure-core raises ClientAuthenticationError, and the next call of that part of the client fetches a new token.
        """
        return self._add(StaleTokens("expire_tokens()", _ALL, self._shown, _EXPIRED).only(principal=principal))

    def revoke_tokens(self, *, principal: str | None = None) -> Fault:
        """The same with the challenge of continuous access evaluation: azure-core fetches a new token and goes on."""
        return self._add(StaleTokens("revoke_tokens()", _ALL, self._shown, _REVOKED).only(principal=principal))

    def _add(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Nothing goes wrong from here on: the outage is over. What did not happen until now stays unused."""
        self._ended += self._faults
        self._faults = []

    def allow_unused(self) -> None:
        """``check_used`` raises nothing."""
        self._may_be_unused = True

    @property
    def unused(self) -> tuple[Fault, ...]:
        """What did not happen as often as was asked for; at least once where that is every time."""
        return tuple(fault for fault in (*self._ended, *self._faults) if not fault.is_used)

    def check_used(self) -> None:
        """Raises AssertionError where there are unused faults: the test does not show what it means to."""
        __tracebackhide__ = True
        if self.unused and not self._may_be_unused:
            raise AssertionError(self._describe_unused())

    def before(self, call: Call) -> Response | None:
        """The REST face asks before it carries out a call."""
        for fault in self._faults:
            fault.notice(call)
        for fault in self._faults:
            answer = fault.before(call) if fault.is_due(call) else None
            if answer is not None:
                return self._keep(call, answer, self._happen(call, answer, fault))
        polled = self._pending.poll(call)
        return None if polled is None else self._keep(call, *polled)

    def after(self, call: Call, response: Response) -> Response:
        """The REST face asks after it carried out a call, or refused it."""
        if response.status_code >= 400:
            return self._keep(call, response, "")
        for fault in self._faults:
            answer = fault.after(call, response) if fault.is_due(call) else None
            if answer is not None:
                return self._keep(call, answer, self._happen(call, answer, fault))
        return self._keep(call, response, self._happen(call, response, None))

    def _happen(self, call: Call, answer: Response, fault: Fault | None) -> str:
        """Count what happened to a call, and to the operation that it began. Gives it in words."""
        operation, slow = begun_operation(answer), None
        failed = fault if isinstance(fault, FailedOperation) else None
        if operation is not None:
            due = (one for one in self._faults if isinstance(one, Slowness) and one.is_due(call))
            slow = next(due, None)
            if failed or slow:
                self._pending.begin(call, operation, failed, slow)
        happened = [one for one in (fault, slow) if one is not None]
        for one in happened:
            one.happened += 1
        return " and ".join(map(str, happened))

    def _keep(self, call: Call, answer: Response, fault: str) -> Response:
        if call.token:
            self._shown.setdefault(call.principal or "", set()).add(call.token)
        told = (call.route, call.method, call.path, call.name, call.principal, answer.status_code, fault)
        self._calls.append(AnsweredCall(*told))
        return answer

    def _describe_unused(self) -> str:
        number = len(self.unused)
        what = "1 fault" if number == 1 else f"{number} faults"
        lines = [f"{what} did not happen as often as the test asked for:"]
        lines += [f"  {fault}: {fault.count}" for fault in self.unused]
        if not self._calls:
            lines += [
                "Nothing was called: do the client and these faults belong to the same cloud?",
                "Faults happen to calls over REST: never to ml_az, and never to calls in Python (ml_workspace).",
            ]
        else:
            lines.append("What was called, in this order:")
            lines += [f"  {call}" for call in self._calls[:_SHOWN_CALLS]]
            more = len(self._calls) - _SHOWN_CALLS
            lines += [f"  ... and {more} more"] if more > 0 else []
        lines.append(
            "Take out what is not needed, or correct its operation, names or times. On purpose: allow_unused()."
        )
        return "\n".join(lines)
