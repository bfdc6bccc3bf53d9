"""Faults: what goes wrong, with which calls, how often."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Self

from werkzeug.wrappers import Response

from pytest_mlschedule.arm.errors import error_body
from pytest_mlschedule.arm.faults_hook import Call
from pytest_mlschedule.arm.responses import json_response
from pytest_mlschedule.workspace.roles import RoleDefinition


class Fault:
    """Something that goes wrong with the operations ``routes``, ``times`` times (None: every time).

    ``happened``: how often it did. ``str``: how it was asked for.
    """

    def __init__(self, words: str, routes: frozenset[str], times: int | None = None) -> None:
        self.words = words
        self.times = None if times is None else check_count("times", times)
        self.happened = 0
        self._routes = routes
        self._patterns: dict[str, str] = {}
        self._first = 1
        self._seen = 0

    def __str__(self) -> str:
        given = [f"{field}={pattern!r}" for field, pattern in self._patterns.items()]
        given += [f"nth={self._first}"] if self._first > 1 else []
        return self.words + (f".only({', '.join(given)})" if given else "")

    def __repr__(self) -> str:
        return f"<Fault {self}, happened {self.happened} times>"

    def only(
        self,
        *,
        name: str | None = None,
        principal: str | None = None,
        workspace: str | None = None,
        nth: int | None = None,
    ) -> Self:
        """Let it happen to some calls alone: those on resources of a name, by a principal, to a workspace.

        Names are patterns (``nightly-*``), in which case matters. ``nth``: from the n-th of these calls on, 1 is the first;
        the client's own retries count. Gives the fault itself.
        """
        given = {"name": name, "principal": principal, "workspace": workspace}
        for field, pattern in given.items():
            if not isinstance(pattern, str | None):
                raise TypeError(f"{field} is a text, not {type(pattern).__name__}")
            if pattern is not None:
                self._patterns[field] = pattern
        if nth is not None:
            self._first = check_count("nth", nth)
        return self

    def fits(self, call: Call) -> bool:
        """Whether a call is one of those that it is for."""
        return call.route in self._routes and all(
            fnmatchcase(getattr(call, field) or "", pattern) for field, pattern in self._patterns.items()
        )

    def notice(self, call: Call) -> None:
        """Count a call that it is for."""
        self._seen += self.fits(call)

    def is_due(self, call: Call) -> bool:
        """Whether it happens to the call that was noticed last."""
        left = self.times is None or self.happened < self.times
        return left and self._seen >= self._first and self.fits(call)

    @property
    def is_used(self) -> bool:
        """Whether it happened as often as was asked for; at least once where that is every time."""
        return self.happened >= (self.times or 1)

    @property
    def count(self) -> str:
        """How often it happened: ``never``, ``1 of 2 times``."""
        return f"{self.happened} of {self.times} times" if self.happened else "never"

    def before(self, call: Call) -> Response | None:
        """The answer in place of the call, which is due; None: it is carried out."""
        return None

    def after(self, call: Call, response: Response) -> Response | None:
        """The answer to a call that was carried out, which is due; None: as it is."""
        return None


class Refusal(Fault):
    """An answer in place of the call, or after it was carried out all the same."""

    def __init__(
        self,
        words: str,
        routes: frozenset[str],
        times: int | None,
        answer: tuple[int, str, str],
        *,
        after_commit: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(words, routes, times)
        self._answer = answer
        self._after_commit = after_commit
        self._headers = headers

    def before(self, call: Call) -> Response | None:
        return None if self._after_commit else refuse(*self._answer, self._headers)

    def after(self, call: Call, response: Response) -> Response | None:
        return refuse(*self._answer, self._headers) if self._after_commit else None


class Denial(Fault):
    """Whoever calls may not do what needs one of some actions, whatever their roles are."""

    def __init__(self, words: str, routes: frozenset[str], actions: RoleDefinition) -> None:
        super().__init__(words, routes)
        self._actions = actions

    def fits(self, call: Call) -> bool:
        return super().fits(call) and bool(call.action) and self._actions.allows(call.action)

    def before(self, call: Call) -> Response:
        start, end = call.path.find("/subscriptions/"), call.path.find(f"/{call.resource}")
        scope = call.path[start : end + 1 + len(call.resource)]
        text = (
            f"The client '{call.principal}' does not have authorization to perform action '{call.action}' over scope "
            f"'{scope}' (a fault of the test)"
        )
        return refuse(403, "AuthorizationFailed", text)


class StaleTokens(Fault):
    """Tokens that were shown before are no longer accepted; of a principal that showed none, the first one is not."""

    def __init__(self, words: str, routes: frozenset[str], shown: Mapping[str, set[str]], challenge: str) -> None:
        super().__init__(words, routes)
        self._stale = {principal: set(tokens) for principal, tokens in shown.items()}
        self._challenge = challenge

    def before(self, call: Call) -> Response | None:
        principal = call.principal or ""
        if call.token not in self._stale.setdefault(principal, {call.token}):
            return None
        return refuse(
            401,
            "ExpiredAuthenticationToken",
            "The access token has expired (a fault of the test): fetch a new one.",
            {"WWW-Authenticate": self._challenge},
        )

    def fits(self, call: Call) -> bool:
        return super().fits(call) and bool(call.token)


def refuse(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with an error in the form of Azure Resource Manager."""
    return json_response({"error": error_body(code, message)}, status, headers)


def check_count(field: str, value: object) -> int:
    """A number from 1 on. Raises TypeError or ValueError."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{field} is a number, not {type(value).__name__}")
    if value < 1:
        raise ValueError(f"{field} cannot be {value}: it is 1 or more")
    return value
