"""Where faults come in: before a call is carried out, and after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from werkzeug.wrappers import Response


@dataclass(frozen=True, slots=True)
class Call:
    """One call to the REST face, as rules for faults see it.

    ``route``: which call it is, "schedules.trigger"; ``ArmApplication.routes`` lists them. ``name``: of the resource, ""
    for lists. ``resource``: what it is about within the workspace, "schedules/nightly", "schedules" for a list; the path
    where there is no workspace. ``principal``: who calls; None where no token is asked for (uploads). ``action``: what a
    role must allow for it, "" where nothing is asked for. ``workspace``: the name of the workspace, "" for calls to none.
    ``origin``: scheme and host as absolute links have them. ``token``: the bearer token as it was shown, "" without one.
    """

    method: str
    path: str
    route: str
    name: str
    resource: str
    principal: str | None
    action: str
    workspace: str
    origin: str = ""
    token: str = field(default="", repr=False)


class FaultHook(Protocol):
    """What may change an answer. Both see each call whose token could be read, also those that are refused later."""

    def before(self, call: Call) -> Response | None:
        """An answer in place of the call, which is then not carried out and never shown to ``after``; None: go on."""
        ...

    def after(self, call: Call, response: Response) -> Response:
        """The answer to give for the call that was carried out, or refused: ``response`` itself, or another."""
        ...
